"""reStructuredText by docutils: a tree, its links, and where they stand.

Directives and roles that docutils does not know (Sphinx has hundreds) are read as what they
almost always hold: more of the same markup. Nothing is included from other files or fetched.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import core, nodes
from docutils.parsers.rst import Directive, Parser, directives, roles
from docutils.parsers.rst.languages import en
from docutils.utils import unescape

from linkwatch.harvest import markup, plaintext
from linkwatch.harvest.source import Spot, one_line
from linkwatch.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = {
    "_disable_config": True,  # no docutils.conf of this machine
    "file_insertion_enabled": False,
    "raw_enabled": True,  # raw HTML is kept as text and read by our own parser
    "report_level": 5,
    "halt_level": 6,  # faults are no exceptions
    "warning_stream": False,
    "line_length_limit": 1_000_000,  # the caller keeps long lines out
    "docinfo_xform": False,
    "smart_quotes": False,
}
# Directives whose content is no markup, and roles whose text is not.
LITERAL_DIRECTIVES = frozenset(
    {
        *("ascii-diagram", "digraph", "graph", "graphviz", "mermaid", "plantuml", "plot", "uml", "yaml"),
        *("code-cell", "highlight", "ipython", "literalinclude", "program-output", "prompt", "sourcecode"),
        *("doctest", "testcleanup", "testcode", "testoutput", "testsetup", "productionlist"),
    }
)
LITERAL_ROLES = frozenset({"code", "command", "file", "kbd", "math", "option", "program", "regexp", "samp"})
# Roles that docutils names but does not do.
UNDONE_ROLES = frozenset(
    {
        *("anonymous-reference", "citation-reference", "footnote-reference", "index", "named-reference"),
        *("substitution-reference", "target", "uri-reference"),
    }
)

_NAME = r"(?:(?!_)\w)+(?:[-._+:](?:(?!_)\w)+)*"
_DIRECTIVE = re.compile(rf"\.\.[ ]+(?:\|[^|\n]+\|[ ]+)?({_NAME})[ ]?::(?=\s|$)", re.MULTILINE)
_ROLE = re.compile(rf":({_NAME}):(?=`)|(?<=`):({_NAME}):")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_TITLE_AND_URL = re.compile(r"(.*?)\s*<(https?://[^<>\s]+)>", re.DOTALL | re.IGNORECASE)
_COMMENT_FIELD = re.compile(r"(\w[\w-]*):\s+(\S.*)")


class Unknown(Directive):
    """A directive that docutils does not know: its argument, links in its options, and its content."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    class _AnyOption(dict[str, Any]):
        def __bool__(self) -> bool:
            return True

        def __getitem__(self, key: str) -> Any:
            return lambda value: value or ""

    option_spec: ClassVar[Any] = _AnyOption()

    def run(self) -> list[nodes.Node]:
        """The nodes it stands for."""
        if self.name.lower() in LITERAL_DIRECTIVES:
            return []
        container = nodes.container()
        container.line = self.lineno
        for value in (*self.arguments, *filter(_URL.match, map(str, self.options.values()))):
            words, messages = self.state.inline_text(value, self.lineno)
            paragraph = nodes.paragraph("", "", *words)
            paragraph.line = self.lineno
            container += [paragraph, *messages]
        self.state.nested_parse(self.content, self.content_offset, container)
        return [container]


def _unknown_role(name: str, rawtext: str, text: str, *_context: Any) -> Any:
    """A role that docutils does not know: a link where its text is one, else text."""
    words = unescape(text)
    found = _TITLE_AND_URL.fullmatch(words)
    if found:
        return [nodes.reference(rawtext, found[1], refuri=found[2])], []
    if _URL.fullmatch(words) and name.lower() not in LITERAL_ROLES:
        return [nodes.reference(rawtext, words, refuri=words)], []
    return [nodes.inline(rawtext, words)], []


def parse(text: str) -> nodes.document | None:
    """The tree of a text; None where docutils itself fails on it."""
    _learn(text)
    try:
        return core.publish_doctree(
            text, parser=Parser(rfc2822=text.startswith("PEP:")), settings_overrides=dict(SETTINGS)
        )
    except Exception:  # noqa: BLE001 -- what docutils raises on broken markup is no closed set
        return None


def _learn(text: str) -> None:
    """Tell docutils what to make of the names in a text that it does not know."""
    for found in _DIRECTIVE.finditer(text):
        if (name := found[1].lower()) not in en.directives:
            directives.register_directive(name, Unknown)
    for found in _ROLE.finditer(text):
        name = (found[1] or found[2]).lower()
        if en.roles.get(name, "target") in UNDONE_ROLES:
            roles.register_local_role(name, _unknown_role)


def title(tree: nodes.document) -> str | None:
    """The first heading."""
    return next((node.astext() for node in tree.findall(nodes.title)), None)


def fields(tree: nodes.document) -> dict[str, str]:
    """The fields at the top of a document by name in lower case, from a list or from comments."""
    said: dict[str, str] = {}
    for node in tree.children:
        if isinstance(node, nodes.comment) and (found := _COMMENT_FIELD.fullmatch(node.astext())):
            said.setdefault(found[1].lower(), found[2])
        elif isinstance(node, nodes.field_list):
            for item in node.findall(nodes.field):
                said.setdefault(item[0].astext().lower(), item[1].astext())
    return said


def spots(tree: nodes.document, text: str) -> Iterator[Spot]:
    """Every link of a tree, placed in the text it was read from."""
    places = _Places(text)
    targets = {
        node["refuri"]: node.line for node in tree.findall(nodes.target) if "refuri" in node and node.line
    }
    for node in _shown(tree):
        line = _line(node)
        if isinstance(node, nodes.reference) and "refuri" in node:
            if not node.rawsource.lower().startswith((":rfc:", ":pep:")):  # addresses that docutils makes up
                yield _link(node, places, targets, line)
        elif isinstance(node, nodes.image):
            uri = node["uri"]
            yield Spot(places.take(uri, line), uri, "img", "src", Kind.IMAGES, one_line(node.get("alt", "")))
        elif isinstance(node, nodes.raw) and "html" in node.get("format", "").split():
            for spot in markup.spots(markup.tree(node.astext()), node.astext()):
                yield spot._replace(offset=places.take(spot.raw, line))
        elif isinstance(node, nodes.literal_block) and isinstance(node.parent, nodes.system_message):
            for spot in plaintext.spots(node.astext()):  # what docutils could not read
                yield spot._replace(offset=places.take(spot.raw, line))


def _shown(tree: nodes.document) -> Iterator[nodes.Node]:
    """The nodes a reader sees: what a substitution stands for only where it is used."""
    definitions = tree.findall(nodes.substitution_definition)
    hidden = {id(part) for definition in definitions for part in definition.findall()}
    return (node for node in tree.findall() if id(node) not in hidden)


def _link(node: nodes.reference, places: _Places, targets: dict[str, int], line: int) -> Spot:
    """A link, placed where its address is written: on the spot, or at the target it names."""
    uri = node["refuri"]
    if uri in targets and uri not in "".join(node.rawsource.split()):
        line = targets[uri]
    return Spot(places.take(uri, line), uri, "a", "href", Kind.ANCHORS, one_line(node.astext()))


def _line(node: nodes.Node) -> int:
    """The line of a node or of the nearest one around it that has one."""
    at: nodes.Node | None = node
    while at is not None:
        if at.line:
            return at.line
        at = at.parent
    return 1


class _Places:
    """Where addresses are written. docutils keeps lines of blocks only, so they are looked up in the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._left: defaultdict[str, list[int]] = defaultdict(list)

    def take(self, uri: str, line: int) -> int:
        """The place of an address nearest to a line, each place once as long as there are others."""
        if uri not in self._left:
            self._left[uri] = self._places(uri)
        left = self._left[uri]
        if not left:
            return self._starts[min(line, len(self._starts)) - 1]
        after = bisect_left(left, self._starts[min(line, len(self._starts)) - 1])
        best = min(
            range(max(after - 1, 0), min(after + 1, len(left))),
            key=lambda index: self._far(left[index], line),
        )
        return left.pop(best) if len(left) > 1 else left[0]

    def _far(self, offset: int, line: int) -> int:
        return abs(bisect_right(self._starts, offset) - line)

    def _places(self, uri: str) -> list[int]:
        written = uri.removeprefix("mailto:")
        exact = re.escape(written)
        whole = [found.start() for found in re.finditer(rf"(?<![\w/:]){exact}(?![\w/#?=&%~+-])", self._text)]
        if whole or not written:
            return whole
        # broken over lines, or with escapes
        spread = r"(?:\\|\s*\n\s*)?".join(re.escape(character) for character in written)
        return [found.start() for found in re.finditer(spread, self._text)]
