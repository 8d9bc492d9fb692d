"""Markdown with the HTML in it: each part by its own parser, on one line of offsets.

CommonMark events give the Markdown links. For the HTML, everything that is not raw HTML or
literal text is blanked out, character by character, and the rest is parsed as a browser would
parse the rendered page; so its offsets are those of the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linkwatch.harvest import autolinks, frontmatter, header, markup
from linkwatch.harvest.commonmark import LESS, definitions, is_html, walk
from linkwatch.harvest.dates import moment
from linkwatch.harvest.document import Document, Metadata
from linkwatch.harvest.formats import suffix_of
from linkwatch.harvest.metadata import file_date, joined
from linkwatch.harvest.source import encodable, located, plain_newlines
from linkwatch.harvest.templates import without_code, without_script
from linkwatch.harvest.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from turbohtml import Document as Tree

    from linkwatch.harvest.commonmark import Walk
    from linkwatch.harvest.document import Context
    from linkwatch.harvest.source import Spot
    from linkwatch.model import RawLink

NAME = "markdown"


def read(text: str, context: Context) -> list[Document]:
    """The one article that a Markdown file is."""
    plain = plain_newlines(text)
    front = frontmatter.split(plain)
    head = header.find(plain, front.end)
    text = without_code(_blanked(plain, head.end if head else front.end))
    page = scan(without_script(text) if suffix_of(context.path) == ".mdx" else text)
    said = frontmatter.metadata(front.values, context) if front.values else Metadata()
    if head is not None:
        top = header.metadata(head, page.tree, context)
        said = joined(top, said) if front.values else top
        page.spots.append(head.url)
    named = file_date(context.path)
    dated = None if named is None else moment(named, zone(context, said.url))
    base = None if page.tree is None else markup.base(page.tree)
    metadata = joined(said, Metadata(title=page.heading, published_at=dated))
    return [Document(metadata, located(page.spots, plain), base)]


def fragment_links(text: str, *, line: int = 1) -> tuple[RawLink, ...]:
    """The links of a piece of Markdown in document order; ``line`` is where it starts in its file."""
    plain = plain_newlines(encodable(text))
    return located(spots(plain), plain, line=line)


def spots(text: str) -> list[Spot]:
    """Every link of a Markdown text with LF line endings: Markdown's own and those of its HTML."""
    return scan(text).spots


class Page(NamedTuple):
    """What is in a Markdown text: its links, the tree of its HTML, its first heading of level one."""

    spots: list[Spot]
    tree: Tree | None
    heading: str | None


def scan(text: str) -> Page:
    """A Markdown text with LF line endings, read once."""
    if is_html(text):
        tree = markup.tree(text)
        return Page(markup.spots(tree, text), tree, None)
    return mixed(text)


def mixed(text: str) -> Page:
    """A text in which Markdown and HTML may take turns."""
    seen = walk(text)
    found = _markdown_links(text, seen)
    if not seen.has_html:
        return Page(found, None, seen.heading)
    masked = _masked(seen)
    tree = markup.tree(masked)
    for spot in markup.spots(tree, masked):
        found.append(spot._replace(text=spot.text.replace(LESS, "<")) if LESS in spot.text else spot)
    return Page(found, tree, seen.heading)


def _blanked(text: str, end: int) -> str:
    """The text with its first ``end`` characters as blank lines."""
    return " " * (end - 1) + "\n" + text[end:] if end else text


def _markdown_links(text: str, seen: Walk) -> list[Spot]:
    links = seen.links
    if seen.references:
        links = [*links, *_at_definitions(text, seen)]
    runs = [run for run in seen.runs if _may_be_bare(seen.source[slice(*run)])]
    wanted = [spot.offset for spot in links] + [start for start, _ in runs]
    characters = _characters(seen.source, wanted)
    found = [spot._replace(offset=characters[spot.offset]) for spot in links]
    for start, end in runs:
        found += autolinks.spots(seen.source[start:end].decode(), characters[start])
    return found


def _may_be_bare(text: bytes) -> bool:
    """Whether an address or a wiki link may stand in a text, seen before it is read."""
    return b"://" in text or b"[[" in text or b"ww." in text.lower()


def _at_definitions(text: str, seen: Walk) -> Iterator[Spot]:
    """The links by reference, placed where their address is written: at the definition."""
    places = definitions(text, seen.source)
    for label, spot in seen.references:
        yield spot._replace(offset=places.get(" ".join(label.casefold().split()), spot.offset))


def _characters(source: bytes, offsets: Iterable[int]) -> dict[int, int]:
    """Byte offsets as character offsets."""
    if source.isascii():
        return {offset: offset for offset in offsets}
    result, at, count = {}, 0, 0
    for offset in sorted(offsets):
        count += len(source[at:offset].decode())
        at = offset
        result[offset] = count
    return result


def _masked(seen: Walk) -> str:
    """The source with all but HTML and literal text blanked out, as many characters as before."""
    source, at, parts = seen.source, 0, []
    for start, end, html in seen.pieces:
        if start > at:
            parts.append(" " * len(source[at:start].decode()))
        piece = source[start:end].decode()
        parts.append(piece.replace("<", LESS) if html is None else _aligned(html, piece))
        at = end
    return "".join(parts)


def _aligned(html: str, piece: str) -> str:
    """A tag over several lines of a quotation or list, without the marks that begin those lines."""
    if len(html) == len(piece) or "\n" not in html:
        return piece
    lines = zip(html.split("\n"), piece.split("\n"), strict=False)
    aligned = "\n".join(inner.rjust(len(outer))[-len(outer) :] if outer else "" for inner, outer in lines)
    return aligned.ljust(len(piece))[: len(piece)]
