"""Where things stand in a source text: offsets as the parsers need them, lines as people read them."""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from linkwatch.model import Kind, RawLink

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXT_LIMIT = 300  # characters of an anchor's text that are kept: enough to recognise it
_TEXT_LOOKED_AT = 4 * TEXT_LIMIT  # with the white space in it


class Spot(NamedTuple):
    """A link and the offset, in characters, of its raw text in the source."""

    offset: int
    raw: str
    element: str
    attribute: str
    kind: Kind
    text: str = ""


_OFFSET = itemgetter(0)


def one_line(text: str) -> str:
    """Text with its white space collapsed, cut to what is worth keeping."""
    return " ".join(text[:_TEXT_LOOKED_AT].split())[:TEXT_LIMIT]


def plain_newlines(text: str) -> str:
    """The text with every line ending as LF, each character where it was.

    The tab in place of a CR is what URL parsing drops (WHATWG URL, 4.4) and what anchor text
    collapses. A bare CR ends a line only in files that have no other line endings: elsewhere it
    is a stray character, and taking it for a line ending would end a block of HTML too early.
    """
    if "\r" not in text:
        return text
    if "\n" not in text:
        return text.replace("\r", "\n")
    return text.replace("\r", "\t")


def encodable(text: str) -> str:
    """The text with lone surrogates replaced, each by one character, so that it has UTF-8."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def located(spots: Iterable[Spot], text: str, *, line: int = 1) -> tuple[RawLink, ...]:
    """The spots as links in source order, with line and column; ``line`` is that of the first character."""
    ordered = sorted(spots, key=_OFFSET)
    if not ordered:
        return ()
    starts = line_starts(text)
    links = []
    for offset, raw, element, attribute, kind, words in ordered:
        row = bisect_right(starts, offset)
        column = offset - starts[row - 1] + 1
        # As RawLink(…) and .value, without the calls of Python functions that both are: half the time.
        said = (encodable(raw), element, attribute, kind._value_, encodable(words), row + line - 1, column)
        links.append(tuple.__new__(RawLink, said))
    return tuple(links)


def line_starts(text: str) -> list[int]:
    """The offset of each line's first character."""
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts
