"""XML as a tree with places, read by expat: exports, feeds and sitemaps as they are in the wild.

Safe: a document that declares entities is not read (no billion laughs), and nothing outside it is
ever fetched. Forgiving where the wild needs it: bare ampersands, undeclared prefixes and HTML
entities, control characters, text before the declaration; behind a fault that cannot be mended the
rest of the file is lost, what came before is kept.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from html.entities import html5
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.parsers import expat

from linkwatch.harvest.embedded import Embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

# The usual prefix of a namespace, so that names can be compared whatever prefix a file chose.
# The address is compared without scheme and version, which vary.
PREFIXES = (
    (re.compile(r"purl\.org/rss/1\.0/modules/content/"), "content"),
    (re.compile(r"purl\.org/dc/(elements/1\.[01]|terms)/"), "dc"),
    (re.compile(r"wordpress\.org/export/[\d.]+/excerpt/"), "excerpt"),
    (re.compile(r"wordpress\.org/export/[\d.]+/"), "wp"),
    (re.compile(r"www\.w3\.org/2005/Atom"), ""),
    (re.compile(r"purl\.org/atom/ns#"), ""),
    (re.compile(r"purl\.org/rss/1\.0/"), ""),
    (re.compile(r"(my|channel)\.netscape\.com/(rdf/simple|publish/formats)/.*"), ""),
    (re.compile(r"backend\.userland\.com/.*"), ""),
    (re.compile(r"www\.sitemaps\.org/schemas/sitemap/.*"), ""),
    (re.compile(r"www\.google\.com/schemas/sitemap/.*"), ""),
    (re.compile(r"www\.google\.com/schemas/sitemap-news/.*"), "news"),
    (re.compile(r"www\.google\.com/schemas/sitemap-image/.*"), "image"),
    (re.compile(r"www\.w3\.org/1999/02/22-rdf-syntax-ns#"), "rdf"),
    (re.compile(r"www\.w3\.org/1999/xhtml/?"), "xhtml"),
    (re.compile(r"search\.yahoo\.com/mrss/?"), "media"),
    (re.compile(r"rssnamespace\.org/feedburner/ext/.*"), "feedburner"),
)
_SCHEME = re.compile(r"\s*(?:https?:)?//")

SAMPLE = 8192  # characters that tell what a file is

# atomic, so that no text makes it try again and again
_BEFORE_ROOT = r"\ufeff?(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*)?>)*+"
_ROOT = re.compile(_BEFORE_ROOT + r"<((?:[\w.-]+:)?[A-Za-z][\w.-]*)([^>]*)", re.DOTALL)
_DECLARATION = re.compile(r"<\?xml\s[^>]*\?>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff\ufffe\uffff]")
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|(&)(?!(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);)", re.DOTALL
)


class _EntityError(Exception):
    """The document declares entities."""


@dataclass(slots=True, eq=False)
class Node:
    """One element: its name with the usual prefix, and where it stands in the file."""

    name: str
    attributes: dict[str, str]
    offset: int  # of its start tag
    begin: int = -1  # where its content begins
    end: int = -1  # where its content ends
    children: list[Node] = field(default_factory=list)
    pieces: list[tuple[str, int]] = field(default_factory=list)  # its own character data

    @property
    def text(self) -> str:
        """Its own character data, trimmed."""
        return "".join(piece for piece, _ in self.pieces).strip()

    @property
    def embedded(self) -> Embedded:
        """Its own character data, with the places of it."""
        return Embedded.of(self.pieces)

    @property
    def text_offset(self) -> int:
        """Where the first of its own characters that is no white space stands."""
        return next(
            (at + len(piece) - len(piece.lstrip()) for piece, at in self.pieces if piece.strip()), self.offset
        )

    def all_pieces(self) -> Iterator[tuple[str, int]]:
        """The character data of it and of everything in it, in no order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield from node.pieces
            waiting += node.children

    def all(self, *names: str) -> Iterator[Node]:
        """The children of these names, in order."""
        return (child for child in self.children if child.name in names)

    def first(self, *names: str) -> Node | None:
        """The first child of the first of these names that has one."""
        return next((child for name in names for child in self.all(name)), None)

    def said(self, *names: str) -> str | None:
        """The text of the first child that has one, names in order of preference."""
        return next((child.text for name in names for child in self.all(name) if child.text), None)


def root_tag(text: str) -> tuple[str, str]:
    """Name and attributes of the first tag, as written; empty where the text is no XML. Cheap."""
    found = _ROOT.match(text[:SAMPLE])
    return (found[1], found[2]) if found else ("", "")


def parse(text: str) -> Node | None:
    """The root of an XML document, as far as it can be read; None where there is none."""
    clean = _FORBIDDEN.sub(" ", _DECLARATION.sub(lambda found: " " * len(found[0]), text, count=1))
    tree = _Tree(clean)
    if tree.whole:
        return tree.root
    stray = [found.start(1) for found in _AMPERSAND.finditer(clean) if found[1]]
    if not stray:
        return tree.root
    return _Tree(_escape(clean, stray), stray).root


def _escape(text: str, ampersands: list[int]) -> str:
    """The text with the ampersands at these places written as XML wants them."""
    cuts = [0, *(place + 1 for place in ampersands), len(text)]
    return "amp;".join(text[start:end] for start, end in pairwise(cuts))


class _Tree:
    """One pass of expat over a text."""

    def __init__(self, text: str, escaped: list[int] | None = None) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._scopes: list[dict[str, str]] = [{}]
        self._data = text.encode("utf-8", "replace")
        self._ascii = len(self._data) == len(text)
        self._byte = self._char = 0
        # where each "amp;" that was put in ends, counted in the text as it is parsed
        self._mends = [place + 1 + 4 * index for index, place in enumerate(escaped or ())]
        self._parser = expat.ParserCreate()
        self._parser.UseForeignDTD(True)  # undeclared entities are reported, not fatal
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = self._text
        self._parser.SkippedEntityHandler = self._entity
        self._parser.EntityDeclHandler = self._refuse
        self.whole = self._run()

    def _run(self) -> bool:
        try:
            self._parser.Parse(self._data, True)
        except _EntityError:
            self.root = None
            return True
        except expat.ExpatError:
            for node in self._open:
                node.end = self._here()
            return False
        return True

    def _here(self) -> int:
        """The offset, in characters of the text as given, of what the parser stands at."""
        byte = self._parser.CurrentByteIndex
        if self._ascii:
            char = byte
        else:  # what is asked for only grows, so each byte is counted once
            self._char += len(self._data[self._byte : byte].decode("utf-8", "replace"))
            self._byte, char = byte, self._char
        return char - 4 * bisect_left(self._mends, char)

    def _begun(self, offset: int) -> None:
        """Note where the content of the innermost element begins, which its first event tells."""
        if self._open and self._open[-1].begin < 0:
            self._open[-1].begin = offset

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        offset = self._here()
        self._begun(offset)
        scope = self._scopes[-1]
        declared = {key[6:]: value for key, value in attributes.items() if key[:6] in {"xmlns", "xmlns:"}}
        if declared:
            scope = scope | declared
        self._scopes.append(scope)
        node = Node(_usual(name, scope), attributes, offset)
        if self._open:
            self._open[-1].children.append(node)
        elif self.root is None:
            self.root = node
        self._open.append(node)

    def _finish(self, _name: str) -> None:
        offset = self._here()
        self._begun(offset)
        self._open.pop().end = offset
        self._scopes.pop()

    def _text(self, data: str) -> None:
        offset = self._here()
        self._begun(offset)
        self._open[-1].pieces.append((data, offset))

    def _entity(self, name: str, parameter: bool) -> None:
        if self._open and not parameter:
            self._text(html5.get(f"{name};", f"&{name};"))

    def _refuse(self, *_declaration: object) -> None:
        raise _EntityError


def _usual(name: str, scope: dict[str, str]) -> str:
    """A name as written, with the usual prefix of its namespace where we know it."""
    prefix, _, local = name.rpartition(":")
    namespace = _SCHEME.sub("", scope.get(prefix, ""), count=1).strip()
    if namespace:
        prefix = next((usual for known, usual in PREFIXES if known.fullmatch(namespace)), prefix)
    return f"{prefix}:{local}" if prefix else local
