"""Markdown with the HTML in it: each part by its own parser, on one line of offsets.

CommonMark events give the Markdown links. For the HTML, everything that is not raw HTML or
literal text is blanked out, character by character, and the rest is parsed as a browser would
parse the rendered page; so its offsets are those of the source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch.harvest import autolinks, markup
from linkwatch.harvest.commonmark import LESS, definitions, walk
from linkwatch.harvest.document import Document
from linkwatch.harvest.source import encodable, located, plain_newlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkwatch.harvest.commonmark import Walk
    from linkwatch.harvest.document import Context
    from linkwatch.harvest.source import Spot
    from linkwatch.model import RawLink

NAME = "markdown"

_BARE = re.compile(rb"://|ww\.|\[\[", re.IGNORECASE)


def read(text: str, context: Context) -> list[Document]:  # noqa: ARG001
    """The one article that a Markdown file is."""
    return [Document(links=fragment_links(text))]


def fragment_links(text: str, *, line: int = 1) -> tuple[RawLink, ...]:
    """The links of a piece of Markdown in document order; ``line`` is where it starts in its file."""
    plain = plain_newlines(encodable(text))
    return located(spots(plain), plain, line=line)


def spots(text: str) -> list[Spot]:
    """Every link of a Markdown text with LF line endings: Markdown's own and those of its HTML."""
    seen = walk(text)
    found = _markdown_links(text, seen)
    if seen.has_html:
        masked = _masked(seen)
        for spot in markup.spots(markup.tree(masked), masked):
            found.append(spot._replace(text=spot.text.replace(LESS, "<")) if LESS in spot.text else spot)
    return found


def _markdown_links(text: str, seen: Walk) -> list[Spot]:
    links = seen.links
    if seen.references:
        links = [*links, *_at_definitions(text, seen)]
    runs = [run for run in seen.runs if _BARE.search(seen.source, *run)]
    wanted = [spot.offset for spot in links] + [start for start, _ in runs]
    characters = _characters(seen.source, wanted)
    found = [spot._replace(offset=characters[spot.offset]) for spot in links]
    for start, end in runs:
        found += autolinks.spots(seen.source[start:end].decode(), characters[start])
    return found


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
