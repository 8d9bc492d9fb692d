"""HTML pages and fragments, read as a browser reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch.harvest import metadata
from linkwatch.harvest.document import Document, Metadata
from linkwatch.harvest.header import stamp
from linkwatch.harvest.markup import base, spots, tree
from linkwatch.harvest.source import encodable, located, plain_newlines

if TYPE_CHECKING:
    from linkwatch.harvest.document import Context
    from linkwatch.model import RawLink

NAME = "html"

# What a program that saved the page wrote above it: when, in milliseconds (linkwatch crawl), and from
# where, behind the length of the address (browsers, since Internet Explorer 4).
_WHEN = re.compile(r"\s*<!--\s*(\d{10,16})\s*-->")
_WHENCE = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S+)\s*-->", re.IGNORECASE)
_TOP = 2000  # characters that stand above a page: a document type, comments


def read(text: str, context: Context) -> list[Document]:
    """The one article that a page is."""
    markup = plain_newlines(text)
    page = tree(markup)
    links = located(spots(page, markup), markup)
    said = metadata.joined(metadata.of_page(page, context), _saved(markup[:_TOP]))
    return [Document(metadata=said, links=links, base=base(page))]


def _saved(top: str) -> Metadata:
    """When a page was fetched, and from where: the page itself knows its address better."""
    when, whence = _WHEN.match(top), _WHENCE.search(top)
    return Metadata(captured_at=stamp(when and when[1]), url=whence and whence[1])


def fragment_links(markup: str, *, line: int = 1) -> tuple[RawLink, ...]:
    """The links of a piece of HTML in document order; ``line`` is where it starts in its file."""
    plain = plain_newlines(encodable(markup))
    return located(spots(tree(plain), plain), plain, line=line)
