"""AsciiDoc: its links and its header. No library in Python reads the language as it is today.

Two steps: ``asciidoc_blocks`` tells text from code, comments and passthroughs; here links are
found in the text by the rules of the AsciiDoc language (docs.asciidoctor.org, "macros/links").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch.harvest import frontmatter, plaintext
from linkwatch.harvest.asciidoc_blocks import blocks
from linkwatch.harvest.dates import moment
from linkwatch.harvest.document import Document, Metadata
from linkwatch.harvest.embedded import Embedded
from linkwatch.harvest.metadata import joined
from linkwatch.harvest.names import names
from linkwatch.harvest.source import Spot, located, one_line, plain_newlines
from linkwatch.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linkwatch.harvest.document import Context

NAME = "asciidoc"

SUFFIXES = (".adoc", ".asciidoc", ".asc")
_SAMPLE = 8192

_OTHER_MARKUP = re.compile(r"\ufeff?\s*(?:<!doctype|<html|<\?xml|\{)", re.IGNORECASE)
_HEADING = re.compile(r"^={1,6}[ ]\S", re.MULTILINE)
_SIGNS = re.compile(
    r"""^:!?[\w][\w-]*!?:(?:[ ]|$)             # attribute
    | ^\[(?:source|listing|NOTE|TIP|quote|verse)\b[^\]\n]*\]$ | ^\|===$
    | \b(?:link|image|xref|include)::?[^\s\[]+\[
    | https?://[^\s\[\]]+\[[^\]\n]*\](?!\()    # link
    """,
    re.MULTILINE | re.VERBOSE,
)

# what stands in the brackets of a macro: no paragraph ends in it; bounded, so that no text costs much
_BODY = r"(?:\\\]|[^\]\n]|\n(?!\n)){0,1000}"
_MACRO = re.compile(
    rf"""(?<![\w\\/.+-])(?:
      (?P<media>image|video|audio)::?(?P<shown>[^\s:\[][^\n\[]{{0,2000}}?)\[(?P<shows>{_BODY})\]
    | (?:link:(?:\+\+(?P<quoted>[^\n]{{1,2000}}?)\+\+|(?P<target>[^\s\[\]+][^\s\[\]]{{0,2000}}))
       |(?P<address>(?:https?|ftp|irc)://[^\s\[\]<>]{{1,2000}}|mailto:[^\s\[\]]{{1,200}}))\[(?P<words>{_BODY})\]
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_LINK = re.compile(
    r"""\\(?:https?|ftp)://\S+                 # escaped
    | (?<![\w+])\+(?!\s)[^+\n]{1,2000}(?<!\s)\+(?![\w+]) | \$\$.{1,2000}?\$\$   # literal text
    | (?<!\w)(?:xref|include|stem|latexmath|asciimath):[^\s\[]{0,2000}\[(?:\\\]|[^\]\n]){0,1000}\]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PASSED = re.compile(r"\+\+\+(.{1,2000}?)\+\+\+|\bpass:[a-z,]*\[((?:\\\]|[^\]]){0,1000})\]", re.DOTALL)
_ESCAPE = re.compile(r"\\(?=\.\.\.|--|[*_#~^`{+])")  # what keeps the next signs from meaning anything
_POSITIONAL = re.compile(r'\s*"((?:\\"|[^"])*)"|(.*?)(?:,\s*[\w-]+\s*=.*)?\s*$', re.DOTALL)
_LINK_OF_IMAGE = re.compile(r'(?:^|,)\s*link\s*=\s*(?:"([^"]*)"|([^,"]+))')
_HOSTED = re.compile(r"(?:^|,)\s*(?:youtube|vimeo|vimeo-playlist|youtube-playlist)\b")
_REVISION = re.compile(r"(?:v\S+?,\s*)?(\d{4}-\d\d-\d\d|[^:\n]*\d{4})(?::.*)?$")
_AUTHORS = re.compile(r"[^\W\d_][\w.'-]*(?:[ ][\w.'-]+){0,3}(?:\s*<[^>]*>)?(?:;\s*[^;:]+)*")
_AUTHOR_MAIL = re.compile(r"\s*<[^>]*>")


def looks_like(text: str, path: str) -> bool:
    """Whether the text has headings and marks of AsciiDoc, or the name says so and nothing speaks against."""
    head = text[:_SAMPLE]
    if _OTHER_MARKUP.match(head):
        return False
    if path.lower().endswith(SUFFIXES):
        return not head.startswith("-----BEGIN PGP")
    return _HEADING.search(head) is not None and _SIGNS.search(head) is not None


def read(text: str, context: Context) -> list[Document]:
    """The one article that a text is."""
    clean = plain_newlines(text)
    front = frontmatter.split(clean)
    found = blocks(clean, front.end)
    own = _metadata(clean[front.end :].lstrip("\ufeff"), found.attributes, context)
    passed = Embedded.of((clean[start:end] + "\n", start) for start, end in found.raw)
    links = [*found.prose.placed(spots(found.prose.text)), *passed.html_spots()]
    return [
        Document(
            metadata=joined(frontmatter.metadata(front.values, context), own),
            links=located(links, clean),
        )
    ]


def spots(prose: str) -> Iterator[Spot]:
    """The links of text whose attributes are filled in: macros first, then what stands bare between them."""
    left = _PASSED.sub(_blank, _NO_LINK.sub(_blank, prose))
    for passed in _PASSED.finditer(prose):
        yield from Embedded.of([(passed[1] or passed[2], passed.start(passed.lastindex or 0))]).html_spots()
    for macro in _MACRO.finditer(left):
        yield from _media(macro) if macro["media"] else _link(macro)
    yield from plaintext.spots(_MACRO.sub(_blank, left))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _link(macro: re.Match[str]) -> Iterator[Spot]:
    group = next(name for name in ("quoted", "target", "address") if macro[name])
    target = _ESCAPE.sub("", macro[group])
    yield Spot(
        macro.start(group), target, "a", "href", Kind.ANCHORS, one_line(_words(macro["words"])) or target
    )


def _words(body: str) -> str:
    """The text among the attributes of a link."""
    found = _POSITIONAL.match(body.replace("\\]", "]"))
    return ((found[1] or found[2] or "") if found else "").strip().removesuffix("^")


def _media(macro: re.Match[str]) -> Iterator[Spot]:
    """A picture, film or sound, and the link that a picture may be."""
    body, media = macro["shows"], macro["media"].lower()
    words = one_line(_words(body).split(",", 1)[0])
    if media == "image":
        yield Spot(macro.start("shown"), macro["shown"], "img", "src", Kind.IMAGES, words)
    elif not _HOSTED.search(body):  # then what stands there is a number, not an address
        yield Spot(macro.start("shown"), macro["shown"], media, "src", Kind.EMBEDS)
    if found := _LINK_OF_IMAGE.search(body):
        group = 1 if found[1] else 2
        yield Spot(
            macro.start("shows") + found.start(group), found[group] or "", "a", "href", Kind.ANCHORS, words
        )


def _metadata(text: str, attributes: Mapping[str, str], context: Context) -> Metadata:
    """What the header says: title, line of authors, line of revision, attributes."""
    lines = iter([line for line in text.split("\n", 60)[:60] if not line.startswith("//")])
    heading = next((line for line in lines if line.strip()), "")
    title = heading[2:] if heading.startswith(("= ", "# ")) else ""
    authors = next(lines, "") if title else ""
    revision = next(lines, "") if authors and _AUTHORS.fullmatch(authors) else ""
    dated = _REVISION.fullmatch(revision)
    return Metadata(
        url=_own_address(text, attributes),
        title=one_line(attributes.get("doctitle") or attributes.get("title") or title) or None,
        authors=names(attributes.get("authors") or attributes.get("author"))
        or (_by_line(authors) if _AUTHORS.fullmatch(authors) else ()),
        published_at=moment(
            attributes.get("revdate") or attributes.get("date") or (dated[1] if dated else None),
            context.timezone,
        ),
        language=attributes.get("lang") or None,
    )


def _own_address(text: str, attributes: Mapping[str, str]) -> str | None:
    """The article's address. ``url`` is it only where the text does not use it to spell other addresses."""
    for name in ("page-canonical-url", "canonical-url", "url"):
        value = attributes.get(name, "")
        if value.startswith(("http://", "https://")) and f"{{{name}}}" not in text:
            return value
    return None


def _by_line(line: str) -> tuple[str, ...]:
    found = (one_line(part.replace("_", " ")) for part in _AUTHOR_MAIL.sub("", line).split(";"))
    return tuple(name for name in found if name)
