"""WordPress exports."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.harvest import wxr
from linkwatch.harvest.document import Context
from linkwatch.model import Kind

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><language>en-US</language>
<wp:author><wp:author_login><![CDATA[ana]]></wp:author_login>
  <wp:author_display_name><![CDATA[Ana Ríos]]></wp:author_display_name></wp:author>
"""
POST = """<item><title><![CDATA[Dams & fish]]></title><link>https://r.example/dams/</link>
<pubDate>{pub}</pubDate><dc:creator><![CDATA[ana]]></dc:creator>
<content:encoded><![CDATA[<!-- wp:paragraph -->
<p>鱼 <a href="https://a.example/?x=1&amp;y=2">one</a> <img src='/up/f.jpg' alt="f"></p>

https://video.example/watch?v=1
[embed width="3"]https://video.example/2[/embed]
<p class="x">https://video.example/3</p>
[video mp4="https://a.example/v.mp4" webm=https://a.example/v.webm poster='https://a.example/v.jpg'][/video]
[audio https://a.example/s.mp3] [[audio src="https://no.example/"]]
and https://plain.example/ in a sentence
]]></content:encoded>
<wp:post_id>7</wp:post_id><wp:post_date>2024-01-01 12:00:00</wp:post_date>
<wp:post_date_gmt>{gmt}</wp:post_date_gmt><wp:status>publish</wp:status><wp:post_type>{kind}</wp:post_type></item>
"""
TAIL = "</channel></rss>"


def post(pub: str = "", gmt: str = "2024-01-01 04:00:00", kind: str = "post") -> str:
    return HEAD + POST.format(pub=pub, gmt=gmt, kind=kind) + TAIL


def test_what_a_post_says_of_itself() -> None:
    """Address, title, the author's name for the login, the time in UTC, the id as part."""
    (document,) = wxr.read(post(), Context())
    said = document.metadata
    assert (said.url, said.title, said.authors) == ("https://r.example/dams/", "Dams & fish", ("Ana Ríos",))
    assert said.published_at == datetime(2024, 1, 1, 4, tzinfo=UTC)
    assert said.language == "en-US"
    assert document.part == "7"


def test_links_of_the_content_with_their_places() -> None:
    """Anchors and images as HTML, addresses alone on a line as embeds, each at its place."""
    text = post()
    (document,) = wxr.read(text, Context())
    assert [(link.raw, link.element, link.kind) for link in document.links] == [
        ("https://a.example/?x=1&y=2", "a", Kind.ANCHORS),
        ("/up/f.jpg", "img", Kind.IMAGES),
        ("https://video.example/watch?v=1", "embed", Kind.EMBEDS),
        ("https://video.example/2", "embed", Kind.EMBEDS),
        ("https://video.example/3", "embed", Kind.EMBEDS),
        ("https://a.example/v.mp4", "video", Kind.EMBEDS),
        ("https://a.example/v.webm", "video", Kind.EMBEDS),
        ("https://a.example/v.jpg", "video", Kind.IMAGES),
        ("https://a.example/s.mp3", "audio", Kind.EMBEDS),
    ]
    lines = text.split("\n")
    seen = [lines[link.line - 1][link.column - 1 :] for link in document.links]
    assert seen[0].startswith("https://a.example/?x=1&amp;y=2")
    assert all(text.startswith(link.raw) for text, link in zip(seen[1:], document.links[1:], strict=True))


@pytest.mark.parametrize(
    ("pub", "gmt", "expected"),
    [
        ("Mon, 30 Nov -0001 00:00:00 +0000", "0000-00-00 00:00:00", datetime(2024, 1, 1, 12, tzinfo=UTC)),
        ("Mon, 01 Jan 2024 05:00:00 +0000", "0000-00-00 00:00:00", datetime(2024, 1, 1, 5, tzinfo=UTC)),
        ("", "-0001-11-30 00:00:00", datetime(2024, 1, 1, 12, tzinfo=UTC)),
    ],
)
def test_years_that_are_none(pub: str, gmt: str, expected: datetime) -> None:
    """The years 0 and -1 of drafts name no time; the next field that names one counts."""
    (document,) = wxr.read(post(pub, gmt), Context())
    assert document.metadata.published_at == expected


@pytest.mark.parametrize(
    ("kind", "count"),
    [("post", 1), ("page", 1), ("recipe", 1), ("attachment", 0), ("nav_menu_item", 0), ("wp_template", 0)],
)
def test_what_is_an_article(kind: str, count: int) -> None:
    """Posts, pages and types of the site's own are articles; what WordPress keeps for itself is not."""
    assert len(wxr.read(post(kind=kind), Context())) == count


def test_what_was_thrown_away_is_none() -> None:
    """A post in the trash is no article."""
    assert wxr.read(post().replace(">publish<", ">trash<"), Context()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [(post(), True), ("<rss version='2.0'>", False), ("http://wordpress.org/export/", False)],
)
def test_what_is_an_export(text: str, expected: bool) -> None:
    """RSS with the namespaces of an export is one."""
    assert wxr.looks_like(text, "x.xml") is expected


@given(st.text(alphabet=st.sampled_from("<>/&;=itemwp:[]!CDATA \x00\ud800é"), max_size=200))
def test_no_input_crashes(text: str) -> None:
    """Any text is read, with and without an export around it."""
    for whole in (text, HEAD + text + TAIL, HEAD + "<item>" + text):
        assert isinstance(wxr.read(whole, Context()), list)


def test_true_links_of_a_real_export(shared: Path) -> None:
    """All true links of a public export and no others, each where its raw text stands."""
    name = "other/wordpress-wxr/theme-preview.xml"
    rows = [json.loads(line) for line in (shared / "corpus/truth.jsonl").read_text().splitlines()]
    mine = [row for row in rows if row["file"] == name]
    expected = {row["url"] for row in mine if row["t"] == "link" and row["counted"]}
    allowed = expected | {row["url"] for row in mine if row["t"] == "also"}
    text = (shared / "corpus" / name).read_text()
    links = [link for document in wxr.read(text, Context(path=name)) for link in document.links]
    found = {ada_url.URL(link.raw).href for link in links if not link.raw.startswith("#")}
    assert expected <= found <= allowed
    lines = text.split("\n")
    assert all(lines[link.line - 1][link.column - 1 :].startswith(link.raw) for link in links)
