"""Sitemaps as lists of articles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.harvest import feed, sitemap
from linkwatch.harvest.document import Context
from linkwatch.model import Kind

if TYPE_CHECKING:
    from pathlib import Path

SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc> https://a.example/?a=1&amp;b=2 </loc><lastmod>2024-03-01T10:00:00+02:00</lastmod>
    <image:image><image:loc>https://a.example/i.png</image:loc></image:image></url>
  <url><loc>https://a.example/news</loc><lastmod>2024-03-02</lastmod>
    <n:news><n:publication><n:name>A</n:name><n:language>en</n:language></n:publication>
      <n:publication_date>2024-02-01</n:publication_date><n:title>Rain</n:title></n:news></url>
  <url><loc>https://a.example/news</loc></url>
  <url><lastmod>2024-03-02</lastmod></url>
</urlset>"""


def test_entries_are_articles_without_links() -> None:
    """Address and time of each entry, once each; pictures are no entries, and an entry needs an address."""
    one, two = sitemap.read(SITEMAP, Context())
    assert one.metadata.url == one.part == "https://a.example/?a=1&b=2"
    assert one.metadata.published_at == datetime(2024, 3, 1, 8, tzinfo=UTC)
    assert one.links == two.links == ()
    assert two.metadata.url == "https://a.example/news"


def test_news_say_more() -> None:
    """The news extension tells title, language and when an article was published."""
    text = SITEMAP.replace("<url><loc>https://a.example/news</loc></url>", "")
    said = sitemap.read(text, Context())[1].metadata
    assert (said.title, said.language, said.published_at) == ("Rain", "en", datetime(2024, 2, 1, tzinfo=UTC))


def test_an_index_lists_sitemaps_not_articles() -> None:
    """The sitemaps of an index are its links, with their places."""
    text = "<sitemapindex>\n <sitemap><loc>\n  https://a.example/1.xml</loc></sitemap></sitemapindex>"
    (document,) = sitemap.read(text, Context())
    assert document.metadata.url is None
    (link,) = document.links
    assert (link.raw, link.kind, link.line, link.column) == ("https://a.example/1.xml", Kind.METADATA, 3, 3)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("sitemap.txt", True),
        ("a/Sitemap-2.txt", True),
        ("news_sitemap.txt", True),
        ("urllist.txt", True),
        ("about-sitemaps.txt", False),
        ("notes.txt", False),
    ],
)
def test_plain_text_only_by_name(path: str, expected: bool) -> None:
    """A list of addresses is a sitemap only where its name says so."""
    assert sitemap.looks_like("https://a.example/\n", path) is expected


def test_plain_text() -> None:
    """Each line that is an address is an entry; what else stands there is not."""
    text = "\ufeffhttps://a.example/1\nhello https://a.example/no\n\n HTTPS://A.example/2\r\nhttps://a.example/1\n"
    found = [document.metadata.url for document in sitemap.read(text, Context())]
    assert found == ["https://a.example/1", "HTTPS://A.example/2"]


@given(st.text(alphabet=st.sampled_from("<>/&;=urlsetloc \x00\ud800é"), max_size=200))
def test_no_input_crashes(text: str) -> None:
    """Any text is read, with and without a sitemap around it."""
    for whole in (text, f"<urlset>{text}</urlset>", f"<sitemapindex>{text}"):
        assert isinstance(sitemap.read(whole, Context()), list)


def test_public_samples(shared: Path) -> None:
    """Each public sample is told for what it is, and gives its entries."""
    counts = {}
    for path in sorted((shared / "conformance/sitemaps").glob("*.xml")):
        text = path.read_text()
        module = next(m for m in (feed, sitemap) if m.looks_like(text, path.name))
        counts[path.name] = (module.NAME, len(module.read(text, Context())))
    assert counts == {
        "atom0.3.xml": ("feed", 2),
        "atom1.0.xml": ("feed", 2),
        "google-image.xml": ("sitemap", 2),
        "google-news.xml": ("sitemap", 2),
        "hreflang.xml": ("sitemap", 2),
        "rss2.0.xml": ("feed", 2),
        "simple-index.xml": ("sitemap", 1),
        "simple-urlset.xml": ("sitemap", 2),
    }
