"""What an HTML page says of itself: JSON-LD, OpenGraph, meta elements, and its own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from linkwatch.harvest.dates import moment
from linkwatch.harvest.document import Metadata
from linkwatch.harvest.names import byline, names, unique
from linkwatch.harvest.source import one_line
from linkwatch.harvest.templates import known, known_language
from linkwatch.harvest.zones import zone
from linkwatch.urls import whatwg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from turbohtml import Document as Page

    from linkwatch.harvest.document import Context

_ARTICLES = frozenset(
    {"Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "OpinionNewsArticle", "TechArticle"}
    | {"AnalysisNewsArticle", "BackgroundNewsArticle", "ReviewNewsArticle", "ScholarlyArticle", "Report"}
    | {"LiveBlogPosting", "SocialMediaPosting", "Posting", "WebPage"}
)
_PUBLISHED = (
    "article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "citation_publication_date",
    "parsely-pub-date",
    "date",
)
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "byl")
_FILE_DATE = re.compile(r"(?:^|/)(\d{4})-(\d\d)-(\d\d)(?:\D[^/]*)?$")


def of_page(page: Page, context: Context) -> Metadata:
    """The metadata of a page."""
    metas, record = _metas(page), _record(page)
    url = _address(page, metas, record)
    return Metadata(
        url=url,
        title=_title(page, metas, record),
        authors=names(record.get("author")) or _authors(metas),
        published_at=moment(_published(page, metas, record) or file_date(context.path), zone(context, url)),
        language=_language(page, metas, record),
    )


def joined(first: Metadata, second: Metadata) -> Metadata:
    """What the first says, and where it says nothing, what the second does."""
    return Metadata(
        url=first.url or second.url,
        title=known(first.title) or known(second.title),
        authors=_known_names(first) or _known_names(second),
        published_at=first.published_at or second.published_at,
        captured_at=first.captured_at or second.captured_at,
        language=known_language(first.language) or known_language(second.language),
    )


def _known_names(said: Metadata) -> tuple[str, ...]:
    return tuple(filter(None, map(known, said.authors)))


def file_date(path: str) -> str | None:
    """The date a file name begins with, as Jekyll has it: ``2021-07-06-title.md``."""
    match = _FILE_DATE.search(path)
    return "-".join(match.groups()) if match else None


def _metas(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in page.iter_elements("meta"):
        name = element.attr("property") or element.attr("name") or element.attr("itemprop")
        content = (element.attr("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), []).append(content)
    return found


def _record(page: Page) -> dict[str, Any]:
    """The JSON-LD record of the article."""
    records = sorted(_records(page.json_ld()), key=lambda record: "WebPage" in _types(record))
    return next((record for record in records if _types(record) & _ARTICLES), {})


def _records(value: Any) -> Iterator[dict[str, Any]]:
    stack = [value]
    while stack:
        each = stack.pop(0)
        if isinstance(each, list):
            stack.extend(each)
        elif isinstance(each, dict):
            yield each
            stack.append(each.get("@graph"))


def _types(record: dict[str, Any]) -> set[str]:
    kind = record.get("@type")
    return {each for each in (kind if isinstance(kind, list) else [kind]) if isinstance(each, str)}


def _address(page: Page, metas: dict[str, list[str]], record: dict[str, Any]) -> str | None:
    canonical = next(
        (link.attr("href") for link in page.iter_elements("link") if _is_canonical(link.attr("rel"))), None
    )
    for found in (canonical, *metas.get("og:url", ()), record.get("url"), record.get("mainEntityOfPage")):
        address = found.get("@id") if isinstance(found, dict) else found
        if isinstance(address, str) and re.match(r"https?://", address.strip()) and whatwg(address):
            return address.strip()
    return None


def _is_canonical(rel: str | None) -> bool:
    return rel is not None and "canonical" in rel.lower().split()


def _title(page: Page, metas: dict[str, list[str]], record: dict[str, Any]) -> str | None:
    heading, title = page.find("h1"), page.find("title")
    found = (
        record.get("headline"),
        *metas.get("og:title", ()),
        None if title is None else title.text,
        None if heading is None else heading.text,
    )
    return next((one_line(text) for text in found if isinstance(text, str) and text.strip()), None)


def _authors(metas: dict[str, list[str]]) -> tuple[str, ...]:
    for name in _AUTHORS:
        written = [text for text in metas.get(name, ()) if not text.startswith(("http:", "https:"))]
        if written:
            return unique(author for text in written for author in byline(text))
    return ()


def _published(page: Page, metas: dict[str, list[str]], record: dict[str, Any]) -> str | None:
    said = record.get("datePublished")
    if isinstance(said, str) and said.strip():
        return said
    for name in _PUBLISHED:
        if name in metas:
            return metas[name][0]
    marked = page.find("time", attrs={"pubdate": True}) or page.find(attrs={"itemprop": "datePublished"})
    return None if marked is None else marked.attr("datetime") or marked.attr("content")


def _language(page: Page, metas: dict[str, list[str]], record: dict[str, Any]) -> str | None:
    said = record.get("inLanguage")
    root = None if page.root is None else page.root.attr("lang")
    found = (root, said if isinstance(said, str) else None, *metas.get("og:locale", ()))
    return next((text.strip().replace("_", "-") for text in found if text and text.strip()), None)
