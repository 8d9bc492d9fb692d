"""A fetched article page, and the file it is kept as.

The file is the page itself in UTF-8, after one line of comments that says what the page does
not: when it was fetched (milliseconds, as in linkwatch's Markdown layout) and from where (the
"saved from url" mark that browsers leave in pages they save).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_HEAD = re.compile(r"\N{ZERO WIDTH NO-BREAK SPACE}?<!--\d+--><!-- saved from url=\(\d+\)(\S+) -->\n")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as the site served it."""

    url: str  # where the redirects ended
    text: str
    fetched_at: datetime  # aware
    encoding: str = "utf-8"  # as served


def rendered(page: Page) -> str:
    """The text of the page's file.

    A byte order mark outweighs whatever other encoding the page says it has (HTML 13.2.3.2).
    """
    url = page.url.replace(">", "%3E")
    milliseconds = int(page.fetched_at.timestamp() * 1000)
    mark = "" if page.encoding == "utf-8" else BOM
    return (
        f"{mark}<!--{milliseconds}--><!-- saved from url=({len(url):04d}){url} -->\n{page.text.lstrip(BOM)}"
    )


def origin(text: str) -> str | None:
    """The address a file's text says it was saved from; None where it is not one of ours."""
    match = _HEAD.match(text)
    return match.group(1) if match else None


def same_page(one: str, other: str) -> bool:
    """Whether two files' texts hold the same page, whenever it was fetched."""
    return _HEAD.sub("", one, count=1) == _HEAD.sub("", other, count=1)
