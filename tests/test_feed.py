"""Feeds as lists of articles."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.harvest import feed
from linkwatch.harvest.document import Context
from linkwatch.model import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from linkwatch.harvest.document import Document

RSS = """<?xml version="1.0" encoding="gb2312"?>
<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>River</title><link>https://river.example/</link><language>zh-CN</language>
<item>
  <title>Dams &amp;amp; fish</title>
  <link>/2024/dams</link>
  <guid isPermaLink="false">post-7</guid>
  <pubDate>Mon, 01 Jan 2024 12:00:00 +0800</pubDate>
  <dc:creator>Ana</dc:creator><dc:creator>Ana</dc:creator><dc:creator>x@river.example</dc:creator>
  <description>&lt;a href="https://not.example/"&gt;short&lt;/a&gt;</description>
  <c:encoded>鱼 &lt;a href="https://a.example/?x=1&amp;amp;y=2"&gt;one&lt;/a&gt;
    <![CDATA[<img src="/fish.jpg" alt="two">]]></c:encoded>
  <enclosure url="https://a.example/e.mp3" length="1" type="audio/mpeg"/>
</item>
</channel></rss>
"""
ORIGINAL = (
    '<fb:origLink xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0">https://a.example/6</fb:origLink>'
)


def read(text: str, context: Context | None = None) -> list[Document]:
    return feed.read(text, context or Context())


def at(text: str, line: int, column: int) -> str:
    return text.split("\n")[line - 1][column - 1 :]


def test_what_an_item_says_of_itself() -> None:
    """Address against the channel's, title without markup, each author once and by name, the time in UTC."""
    (document,) = read(RSS)
    said = document.metadata
    assert said.url == "https://river.example/2024/dams"
    assert said.title == "Dams & fish"
    assert said.authors == ("Ana",)
    assert said.published_at == datetime(2024, 1, 1, 4, tzinfo=UTC)
    assert said.language == "zh-CN"
    assert document.part == "post-7"


def test_links_of_the_fullest_content() -> None:
    """The full content counts, not its excerpt; what an entry plays counts too."""
    (document,) = read(RSS)
    assert [(link.raw, link.element, link.attribute, link.kind, link.text) for link in document.links] == [
        ("https://a.example/?x=1&y=2", "a", "href", Kind.ANCHORS, "one"),
        ("/fish.jpg", "img", "src", Kind.IMAGES, "two"),
        ("https://a.example/e.mp3", "enclosure", "url", Kind.EMBEDS, ""),
    ]


def test_places_are_those_of_the_file() -> None:
    """Line and column lead to the raw text through escapes and CDATA, behind characters of any size."""
    (document,) = read(RSS)
    seen = [at(RSS, link.line, link.column) for link in document.links]
    assert [text.split('"')[0] for text in seen] == [
        "https://a.example/?x=1&amp;amp;y=2",
        "/fish.jpg",
        "https://a.example/e.mp3",
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("<link>https://a.example/1</link>", "https://a.example/1"),
        ("<guid>https://a.example/2</guid>", "https://a.example/2"),
        ('<guid isPermaLink="false">https://a.example/3</guid>', None),
        ("<link>/4</link>", None),
        ("<link>https://a.example/5?a=1&b=2&copy=3</link>", "https://a.example/5?a=1&b=2&copy=3"),
        (f"<link>https://counter.example/6</link>{ORIGINAL}", "https://a.example/6"),
        ('<link rel="edit" href="/e"/><link href="https://a.example/7"/>', "https://a.example/7"),
    ],
)
def test_the_address_of_an_entry(entry: str, expected: str | None) -> None:
    """The page an entry stands for, as written; what has no base stays unknown."""
    (document,) = read(f"<rss><channel><item>{entry}</item></channel></rss>")
    assert document.metadata.url == expected


def test_atom_with_markup_of_its_own() -> None:
    """XHTML content is read in place, prefixes and all, under the xml:base nearest to it."""
    text = """<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://a.example/x/" xml:lang="de">
<a:author><a:name>Ben</a:name></a:author>
<a:entry xml:lang="fr"><a:id>tag:1</a:id><a:title type="html">&lt;b&gt;Big&lt;/b&gt;</a:title>
<a:link href="p"/>
<a:link rel="related" href="https://b.example/" title="More"/><a:updated>2024-05-05T05:05:05Z</a:updated>
<a:content type="xhtml" xml:base="y/"><h:div xmlns:h="http://www.w3.org/1999/xhtml">
<h:p>See <h:a href="z">there</h:a></h:p></h:div></a:content></a:entry></a:feed>"""
    (document,) = read(text)
    assert document.base == "https://a.example/x/y/"
    assert document.metadata.url == "https://a.example/x/p"
    assert document.metadata.title == "Big"
    assert document.metadata.authors == ("Ben",)
    assert document.metadata.language == "fr"
    assert [(link.raw, link.kind, link.text) for link in document.links] == [
        ("https://b.example/", Kind.ANCHORS, "More"),
        ("z", Kind.ANCHORS, "there"),
    ]
    assert at(text, document.links[1].line, document.links[1].column).startswith('z">')


def test_times_without_a_zone_are_of_the_corpus() -> None:
    """A time written without a zone is that of the configured zone."""
    text = "<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'><item><dc:date>2024-01-01 08:00</dc:date></item></rdf:RDF>"  # noqa: E501
    (document,) = read(text, Context(timezone=ZoneInfo("Asia/Shanghai")))
    assert document.metadata.published_at == datetime(2024, 1, 1, tzinfo=UTC)


def test_entries_of_one_file_have_parts_of_their_own() -> None:
    """A guid given twice, or not at all, still tells entries apart."""
    items = "<item><guid>g</guid></item><item><guid>g</guid></item><item/>"
    documents = read(f"<rss><channel>{items}</channel></rss>")
    assert [document.part for document in documents] == ["g", "g (2)", "3"]


def test_behind_a_fault_the_rest_is_lost_and_no_more() -> None:
    """Entries before a fault are kept."""
    documents = read("<rss><channel><item><link>https://a.example/</link></item><item></wrong>")
    assert documents[0].metadata.url == "https://a.example/"


def test_declared_entities_are_refused() -> None:
    """A document that declares entities is not read: no billion laughs, no local files."""
    text = (
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>'
    )
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RSS, True),
        ("\ufeff<!-- c --><?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'/>", True),
        ("<rdf:RDF xmlns:rdf='r' xmlns='http://purl.org/rss/1.0/'>", True),
        ("<rdf:RDF xmlns:rdf='r' xmlns:foaf='f'>", False),
        ("<rss xmlns:wp='http://wordpress.org/export/1.2/'>", False),
        ("<html><body>rss</body></html>", False),
        ("rss", False),
    ],
)
def test_what_is_a_feed(text: str, expected: bool) -> None:
    """The root element tells."""
    assert feed.looks_like(text, "x.txt") is expected


@given(st.text(alphabet=st.sampled_from('<>/&;="![]-ab:rssitemlinkCDATA \x00\ud800é'), max_size=200))
def test_no_input_crashes(text: str) -> None:
    """Any text is read, with and without a feed around it."""
    for whole in (text, f"<rss><channel><item>{text}</item></channel></rss>", f"<feed><entry>{text}"):
        for document in read(whole):
            assert document.part


@pytest.mark.parametrize("piece", ["<?a?> ", "<!-- ", "<!DOCTYPE [", "<!--x-->", "<a "])
def test_no_text_costs_much_to_tell(piece: str) -> None:
    """What repeats what may stand before a root is told apart in one pass."""
    assert not feed.looks_like(piece * 5000, "x")


EXPECTED = re.compile(r"entries\[0\](?:\['content'\]\[0\]|\['(\w+)_detail'\])\['base'\] == '([^']*)'")
LINKED = re.compile(r"entries\[0\]\.?\[?'?link'?\]? == '([^']*)'")


def test_public_suite_of_bases_and_links(shared: Path) -> None:
    """The bases of contents and the links of entries that a public suite expects of a reader."""
    compared = 0
    for path in sorted((shared / "conformance/feeds").rglob("*.xml")):
        text = path.read_text()
        if not feed.looks_like(text, path.name):
            continue
        documents = read(text)
        if (found := EXPECTED.search(text)) and found[1] in {None, "summary"}:
            compared += 1
            assert documents[0].base == found[2], path.name
        if found := LINKED.search(text):
            compared += 1
            assert documents[0].metadata.url == found[1], path.name
    assert compared == 5
