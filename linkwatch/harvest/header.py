"""The header of mirrored articles: time of capture, title, canonical address, and then the body.

::

    <!--1693890422000-->
    [title](https://example.org/address)
    ------

The writer of these files escapes nothing, so a title may hold brackets and line breaks that make
it no link to CommonMark; here it still is one. Byline and date stand at the head of the body.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from linkwatch.harvest.dates import moment
from linkwatch.harvest.document import Metadata
from linkwatch.harvest.names import byline
from linkwatch.harvest.source import Spot, one_line
from linkwatch.harvest.zones import zone
from linkwatch.model import Kind

if TYPE_CHECKING:
    from datetime import tzinfo

    from turbohtml import Document as Tree
    from turbohtml import Element

    from linkwatch.harvest.document import Context

_BEGIN = re.compile(r"\s*(?:<!--\s*(\d{10,16})\s*-->\s*)?\[")
_UNDERLINE = re.compile(r"\)[ \t]*\n-{3,}[ \t]*(?:\n|\Z)")
_ADDRESS = re.compile(r"\s*<?((?:https?:)?//[^\s<>]+)")
_DATE_LINE = re.compile(r"\s*(?:日期|Date|发表时间|發表時間)\s*[：:]\s*(.+)")
_LIMIT = 4000  # characters a header may take
_MILLISECONDS = 10**12  # a number of seconds this large would lie beyond the year 33000


class Header(NamedTuple):
    """What the header says, and where it ends."""

    title: str
    url: Spot
    captured_at: datetime | None
    published_at: str | None
    end: int


def find(text: str, start: int = 0) -> Header | None:
    """The header at ``start`` of a text with LF line endings, or None."""
    begin = _BEGIN.match(text, start)
    line = begin and _UNDERLINE.search(text, begin.end(), begin.end() + _LIMIT)
    if not begin or not line:
        return None
    middle = text.rfind("](", begin.end(), line.start())
    address = _ADDRESS.match(text, middle + 2, line.start() + 1)
    if middle < 0 or not address:
        return None
    title = one_line(text[begin.end() : middle])
    raw = address[1][: line.start() - address.start(1)]
    dated = _DATE_LINE.match(text, line.end(), line.end() + 200)
    url = Spot(address.start(1), raw, "title", "href", Kind.TITLE, title)
    return Header(title, url, stamp(begin[1]), dated and dated[1], line.end())


def metadata(header: Header, body: Tree | None, context: Context) -> Metadata:
    """What the header and the head of the body say of the article."""
    local = zone(context, header.url.raw)
    authors: tuple[str, ...] = ()
    published = moment(header.published_at, local)
    if body is not None:
        address, dated = body.find("address"), body.find("time")
        if address is not None:
            authors = byline(address.text)
        if dated is not None:
            published = published or moment(_time(dated), local)
        if not authors and published is None:
            authors, published = _italics(body, local)
    return Metadata(
        url=header.url.raw,
        title=header.title or None,
        authors=authors,
        published_at=published,
        captured_at=header.captured_at,
    )


def _time(element: Element) -> str | None:
    for name in ("pudate", "pubdate", "datetime"):  # the first is how these files spell it
        if value := element.attr(name):
            return value
    return element.text


def _italics(body: Tree, local: tzinfo) -> tuple[tuple[str, ...], datetime | None]:
    """Byline and date as in ``<div><i>ANA SWANSON<br>2020-07-08 14:41:12</i></div>``."""
    element = body.find("i")
    if element is None or getattr(element.parent, "tag", None) != "div":
        return (), None
    lines = [line for line in (one_line(text) for text in element.strings) if line]
    published = moment(lines[-1], local) if lines else None
    if published is None:
        return (), None
    return byline(" , ".join(lines[:-1])), published


def stamp(digits: str | None) -> datetime | None:
    """The time in a comment of seconds or milliseconds since 1970; None where it is no time."""
    if digits is None:
        return None
    seconds = int(digits)
    if seconds >= _MILLISECONDS // 10:
        seconds //= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
