"""Plain text: the addresses that stand bare in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch.harvest.document import Document
from linkwatch.harvest.source import Spot, located
from linkwatch.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.harvest.document import Context

NAME = "plaintext"

SUFFIXES = (".txt", ".text", ".log", "")
SAMPLE = 8192  # characters that tell what a file is

# Not in an address: white space and controls, what RFC 3986 (appendix C) names as delimiters around one,
# and Chinese punctuation, which no writer means as part of it.
_STOP = '\\s\x00-\x1f\x7f-\x9f<>"\\\\^`{|}\u200b\u2028\u2029\ufeff　-〟〰-〿！-／：-＠［-｀｛-･“”‘’…—'
_ADDRESS = re.compile(rf"(?<![A-Za-z0-9+.-])https?://[^{_STOP}]+", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?:\[[0-9a-f:.]+\]|[^/?#:@\[\]()]*[^\W_])", re.IGNORECASE)
_CLOSERS = {")": "(", "]": "["}


def looks_like(text: str, path: str) -> bool:
    """Whether a file is text at all: nothing else claims it, and it holds no NUL."""
    name = path.rpartition("/")[2].lower()
    return name.endswith(SUFFIXES[:-1]) or "\0" not in text[:SAMPLE]


def read(text: str, context: Context) -> list[Document]:  # noqa: ARG001 -- text says nothing of itself
    """The one article that a text is."""
    return [Document(links=located(spots(text), text))]


def spots(text: str) -> Iterator[Spot]:
    """The bare addresses of a text as links."""
    return (Spot(offset, url, "a", "href", Kind.ANCHORS, url) for offset, url in addresses(text))


def addresses(text: str) -> Iterator[tuple[int, str]]:
    """Each bare http(s) address of a text, and its offset."""
    if "://" not in text:
        return
    for found in _ADDRESS.finditer(text):
        url = trimmed(found[0])
        if _HOST.match(url):
            yield found.start(), url


def trimmed(url: str) -> str:
    """An address without the punctuation of the sentence around it; balanced brackets stay.

    The rule of GitHub Flavored Markdown 0.29, 6.9 for what follows an address.
    """
    end = len(url)
    surplus = {closer: url.count(closer) - url.count(opener) for closer, opener in _CLOSERS.items()}
    while end and (url[end - 1] in ".,:;!?'*_~" or surplus.get(url[end - 1], 0) > 0):
        if url[end - 1] in surplus:
            surplus[url[end - 1]] -= 1
        end -= 1
    return url[:end]
