"""Sitemaps and feeds as lists of pages. Which of them a document is, it says itself.

The harvest reads both, so its readers say here what they name; ``robots.txt`` is understood for
the sitemaps it declares.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ada_url import join_url

from linkwatch.harvest import feed, sitemap
from linkwatch.harvest.document import Context

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkwatch.harvest.document import Document

# Search engines take "Sitemap", "sitemap" and "site-map" alike.
_DECLARED = re.compile(r"^[ \t\ufeff]*site-?map[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Listing:
    """The pages a document lists, and the further lists it points to, each once and in order."""

    pages: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


def read(text: str, base: str) -> Listing | None:
    """What a document fetched from ``base`` lists; None where it is no list."""
    if feed.looks_like(text, base):
        return _listing(feed.read(text, Context()), (), base)
    if sitemap.looks_like(text, base):
        return _listing(sitemap.read(text, Context()), (), base)
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return None
    found = _listing(sitemap.read(text, Context()), _DECLARED.findall(text), base)
    return found if found.pages or found.lists else None


def _listing(documents: Iterable[Document], declared: Iterable[str], base: str) -> Listing:
    documents = list(documents)
    further = [link.raw for document in documents for link in document.links if link.element == "sitemap"]
    pages = (document.metadata.url for document in documents if document.metadata.url)
    return Listing(_resolved(pages, base), _resolved([*further, *declared], base))


def _resolved(references: Iterable[str], base: str) -> tuple[str, ...]:
    """Absolute web addresses, each once; what is none is left out."""
    urls = dict.fromkeys(_joined(base, each) for each in references)
    return tuple(url for url in urls if url.startswith(("http://", "https://")))


def _joined(base: str, reference: str) -> str:
    try:
        return join_url(base, reference)
    except ValueError:
        return ""
