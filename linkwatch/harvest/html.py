"""HTML pages and fragments, read as a browser reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkwatch.harvest import metadata
from linkwatch.harvest.document import Document
from linkwatch.harvest.markup import spots, tree
from linkwatch.harvest.source import encodable, located, plain_newlines

if TYPE_CHECKING:
    from linkwatch.harvest.document import Context
    from linkwatch.model import RawLink

NAME = "html"


def read(text: str, context: Context) -> list[Document]:
    """The one article that a page is."""
    markup = plain_newlines(encodable(text))
    page = tree(markup)
    links = located(spots(page, markup), markup)
    base = page.find("base", attrs={"href": True})
    return [
        Document(
            metadata=metadata.of_page(page, context),
            links=links,
            base=None if base is None else base.attr("href"),
        )
    ]


def fragment_links(markup: str, *, line: int = 1) -> tuple[RawLink, ...]:
    """The links of a piece of HTML in document order; ``line`` is where it starts in its file."""
    plain = plain_newlines(encodable(markup))
    return located(spots(tree(plain), plain), plain, line=line)
