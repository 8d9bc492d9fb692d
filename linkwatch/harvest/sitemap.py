"""Sitemaps as lists of articles: each entry an address and a time, without links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch.harvest import xmltree
from linkwatch.harvest.dates import moment
from linkwatch.harvest.document import Document, Metadata
from linkwatch.harvest.source import Spot, located, one_line
from linkwatch.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.harvest.document import Context
    from linkwatch.harvest.xmltree import Node

NAME = "sitemap"

# Sitemaps in plain text look like any list of addresses, so only these names make one.
_TEXT_NAME = re.compile(r"(?:.*[_-])?(?:sitemap|urllist)(?:[_-].*)?\.txt", re.IGNORECASE)
_ROOTS = frozenset({"urlset", "sitemapindex"})


def looks_like(text: str, path: str) -> bool:
    """Whether the root is that of a sitemap, or the name that of one in plain text."""
    name, _ = xmltree.root_tag(text)
    if name:
        return name.rpartition(":")[2].lower() in _ROOTS
    return _TEXT_NAME.fullmatch(path.rpartition("/")[2]) is not None


def read(text: str, context: Context) -> list[Document]:
    """The articles that a sitemap lists, each once. An index lists none: its sitemaps are its links."""
    root = xmltree.parse(text)
    if root is None:
        entries = _from_lines(text)
    elif root.name == "sitemapindex":
        return [Document(links=located(_sitemaps(root), text))]
    else:
        entries = (found for node in root.all("url") if (found := _entry(node, context)))
    return list({document.part: document for document in entries}.values())


def _sitemaps(root: Node) -> Iterator[Spot]:
    for sitemap in root.all("sitemap"):
        place = sitemap.first("loc")
        if place is not None and place.text:
            yield Spot(place.text_offset, place.text, "sitemap", "loc", Kind.METADATA)


def _entry(node: Node, context: Context) -> Document | None:
    """One ``<url>``. Published is what the news extension says, else the last change."""
    url = node.said("loc")
    if not url:
        return None
    news = node.first("news:news")
    title = news.said("news:title") if news else None
    publication = news.first("news:publication") if news else None
    published = moment(news.said("news:publication_date"), context.timezone) if news else None
    metadata = Metadata(
        url=url,
        title=one_line(title) if title else None,
        published_at=published or moment(node.said("lastmod"), context.timezone),
        language=publication.said("news:language") if publication else None,
    )
    return Document(metadata=metadata, part=url)


def _from_lines(text: str) -> Iterator[Document]:
    """One article for each line that is an address."""
    for line in text.splitlines():
        url = line.strip("\ufeff \t")
        if url.lower().startswith(("http://", "https://")):
            yield Document(metadata=Metadata(url=url), part=url)
