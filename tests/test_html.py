"""HTML as a browser reads it: which attributes hold links, and what pages say of themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.harvest import html
from linkwatch.harvest.document import Context
from linkwatch.harvest.markup import PLACES, css, refresh, srcset
from linkwatch.model import Kind

if TYPE_CHECKING:
    from pathlib import Path

ANCHORS, IMAGES, EMBEDS, METADATA, CITATIONS, STYLES = (
    Kind.ANCHORS, Kind.IMAGES, Kind.EMBEDS, Kind.METADATA, Kind.CITATIONS, Kind.STYLES,
)  # fmt: skip

ELEMENTS = [
    ("<a href=x>", "a", "href", ANCHORS),
    ("<svg><a xlink:href=x></svg>", "a", "xlink:href", ANCHORS),
    ("<map><area href=x></map>", "area", "href", ANCHORS),
    ("<img src=x>", "img", "src", IMAGES),
    ("<img srcset='x 2x'>", "img", "srcset", IMAGES),
    ("<img data-src=x>", "img", "data-src", IMAGES),
    ("<img data-srcset='x 1w'>", "img", "data-srcset", IMAGES),
    ("<amp-img src=x></amp-img>", "amp-img", "src", IMAGES),
    ("<picture><source srcset=x></picture>", "source", "srcset", IMAGES),
    ("<video><source src=x></video>", "source", "src", EMBEDS),
    ("<video src=x>", "video", "src", EMBEDS),
    ("<video poster=x>", "video", "poster", IMAGES),
    ("<amp-video src=x>", "amp-video", "src", EMBEDS),
    ("<audio src=x>", "audio", "src", EMBEDS),
    ("<video><track src=x></video>", "track", "src", EMBEDS),
    ("<iframe src=x></iframe>", "iframe", "src", EMBEDS),
    ("<iframe data-src=x></iframe>", "iframe", "data-src", EMBEDS),
    ("<amp-iframe src=x>", "amp-iframe", "src", EMBEDS),
    ("<frameset><frame src=x>", "frame", "src", EMBEDS),
    ("<embed src=x>", "embed", "src", EMBEDS),
    ("<object data=x>", "object", "data", EMBEDS),
    ("<script src=x></script>", "script", "src", EMBEDS),
    ("<svg><image href=x></svg>", "image", "href", IMAGES),
    ("<input type=image src=x>", "input", "src", IMAGES),
    ("<link rel=canonical href=x>", "link", "href", METADATA),
    ("<link rel=alternate href=x>", "link", "href", METADATA),
    ("<meta http-equiv=Refresh content='0; url=x'>", "meta", "content", METADATA),
    ("<form action=x>", "form", "action", METADATA),
    ("<blockquote cite=x>", "blockquote", "cite", CITATIONS),
    ("<q cite=x>", "q", "cite", CITATIONS),
    ("<del cite=x>", "del", "cite", CITATIONS),
    ("<ins cite=x>", "ins", "cite", CITATIONS),
    ("<p style='background: url(x)'>", "p", "style", STYLES),
    ("<style>p { background: url('x') }</style>", "style", "", STYLES),
]


@pytest.mark.parametrize(("markup", "element", "attribute", "kind"), ELEMENTS)
def test_each_place_of_a_link(markup: str, element: str, attribute: str, kind: Kind) -> None:
    """Each element keeps its own name, attribute and part, and its place is that of the raw text."""
    (link,) = html.fragment_links(markup)
    assert (link.raw, link.element, link.attribute, link.kind) == ("x", element, attribute, kind)
    assert markup[link.column - 1] == "x"


def test_every_element_has_a_row() -> None:
    """No element is in the table without a test."""
    assert set(PLACES) <= {element for _, element, *_ in ELEMENTS}


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        ("a 1x, b 2x", ["a", "b"]),
        ("a, b", ["a", "b"]),
        ("a,b 1x", ["a,b"]),
        (",, a 100w,b 200w ,", ["a", "b"]),
        ("data:image/gif;base64,R0 1x, b", ["data:image/gif;base64,R0", "b"]),
        ("a (x, y) 1x, b", ["a", "b"]),
        ("a (x, b 1x, c", ["a"]),
        ("a\u00a0b 1x,\u2003c", ["a\u00a0b", "\u2003c"]),
        (" ", []),
    ],
)
def test_srcset(value: str, urls: list[str]) -> None:
    """The candidates are split as the standard splits them: commas inside addresses stay."""
    assert [url for _, url in srcset(value)] == urls
    assert all(value.startswith(url, at) for at, url in srcset(value))


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        ("0;url=x", ["x"]),
        ("5; URL='x y' z", ["x y"]),
        ("0, x", ["x"]),
        (".5 x", ["x"]),
        ("0 ; ;x", [";x"]),
        ("0;urlx", ["urlx"]),
        ("5", []),
        ("", []),
        ("0;", []),
        ("url=x", []),
        (";url=x", []),
        ("0url=x", []),
    ],
)
def test_refresh(value: str, urls: list[str]) -> None:
    """Where a page sends its reader, in the forms browsers understand."""
    assert [url for _, url in refresh(value)] == urls


def test_css() -> None:
    """``url()`` with and without quotes; an empty one names nothing."""
    assert [url for _, url in css("url(a) URL( 'b' ) url(\"c)d\") url() url('')")] == ["a", "b", "c)d"]


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        (r"url(a\)b) url('c\'d') url(\65 f)", ["a)b", "c'd", "ef"]),
        ("url('a\\\nb')", ["ab"]),
        ("/* url(a) */ url(b) /* url(c)", ["b"]),
        ("content: 'url(a)' \"url(b)\" 'it''s'; x: url(c)", ["c"]),
        ("content: 'open\n; x: url(c)", ["c"]),
        ("my-url(a) curl(b)", []),
        ("url(a", ["a"]),
        ("url(a b) url(c'd)", []),
    ],
)
def test_css_as_browsers_read_it(value: str, urls: list[str]) -> None:
    """Escapes mean what they stand for; what a comment or another text holds names nothing."""
    assert [url for _, url in css(value)] == urls


@pytest.mark.parametrize(
    ("markup", "raws"),
    [
        ("<template><a href=x><base href=y><p style='background: url(z)'></template><a href=b>", ["b"]),
        ("<template><template><a href=x></template><a href=y></template><a href=b>", ["b"]),
        ("<div><template shadowrootmode=open><a href=b></template></div>", ["b"]),
        ("<svg><template><a href=b></template></svg>", ["b"]),
        ("<a xlink:href=x><input src=y><meta name=z content='0;url=z'><a href=b>", ["b"]),
        ("<svg><a href=b xlink:href=x>", ["b"]),
        ("<textarea><a href=x></textarea><xmp><a href=x></xmp><title><a href=x></title><a href=b>", ["b"]),
        ("<noembed><a href=x></noembed><noframes><a href=x></noframes><a href=b>", ["b"]),
        ("<!--><a href=b><!-- --!><a href=c><!-- <a href=x>", ["b", "c"]),
        ("<svg><![CDATA[<a href=x>]]></svg><![CDATA[<a href=x>]]><a href=b>", ["b"]),
        ("<plaintext><a href=x>", []),
    ],
)
def test_what_no_browser_shows_is_no_link(markup: str, raws: list[str]) -> None:
    """Elements in templates, text that only looks like a tag, and attributes without effect hold no links."""
    assert [link.raw for link in html.fragment_links(markup)] == raws


@pytest.mark.parametrize(
    "markup",
    [
        "<img srcset='A?b&amp;c 1x, D?e&#038;f&copy=g 2x, H 3x'>",
        "<p style='x: url(&quot;A&quot;) url(&apos;B&NotEqualTilde;&apos;) url(C)'>",
        "<img srcset='A&lt;&region=1&not 1x, B&ampx 2x, C&notit; 3x, D&#x80&#0; 4x, E 5x'>",
    ],
)
def test_places_count_what_is_written(markup: str) -> None:
    """A URL inside a value is placed where it is written, whatever character references stand before it."""
    links = html.fragment_links(markup)
    assert len(links) > 2
    assert [markup[link.column - 1] for link in links] == [link.raw[0] for link in links]


@pytest.mark.parametrize(
    "markup",
    [
        "<iframe srcdoc='<p>&amp;lt;<a href=A>t</a><img src=&quot;B&quot;>'></iframe>",
        '<iframe src=A srcdoc="&lt;a href=&quot;B&amp;amp;&quot;&gt;<style>p {x: url(C)}</style>"></iframe>',
        "<iframe srcdoc='&#13;&#13;&#10;<a href=A>&NewLine;&#0;<a href=B>'></iframe>",
        "<iframe srcdoc='<a href=A><iframe srcdoc=&quot;<a href=x>&quot;></iframe><a href=B>'></iframe>",
        "<template><iframe srcdoc='<a href=x>'></iframe></template><a href=A><a href=B>",
    ],
)
def test_a_page_inside_an_attribute_is_shown(markup: str) -> None:
    """The links of a frame that holds its page itself are seen, at the place they have in the file."""
    links = html.fragment_links(markup)
    assert [link.raw[0] for link in links] == ["A", "B", "C"][: len(links)]
    assert len(links) >= 2
    assert [markup[link.column - 1] for link in links] == [link.raw[0] for link in links]


@pytest.mark.parametrize(
    ("markup", "base"),
    [
        ("<p><base href=a><base href=b>", "a"),
        ("<base target=x><base href=a>", "a"),
        ("<base href=''><base href=a>", ""),
        ("<template><base href=x></template><svg><base href=y></svg><base href=a>", "a"),
        ("<base href=' data:,x'><base href=a>", None),
        ("<base href=javascript:x>", None),
        ("<!-- <base href=x> -->", None),
    ],
)
def test_base_of_a_page(markup: str, base: str | None) -> None:
    """The first base element with an address counts, wherever it stands, but for what browsers refuse."""
    (document,) = html.read(markup, Context("a.html"))
    assert document.base == base


def test_attribute_entities_as_browsers_read_them(shared: Path) -> None:
    """Character references in attributes come out as in the tokenizer tests of html5lib."""
    wrong = []
    for name in ("entities", "namedEntities", "numericEntities", "test1", "test2"):
        for case in json.loads((shared / f"conformance/html5lib/{name}.test").read_text("utf-8"))["tests"]:
            for token in case["output"]:
                if token[0] != "StartTag" or case.get("doubleEscaped") or not token[2]:
                    continue
                attribute, value = next(iter(token[2].items()))
                source = case["input"].replace(f"<{token[1]} {attribute}=", "<a href=", 1)
                if source == case["input"] or "initialStates" in case:
                    continue
                found = [link.raw for link in html.fragment_links(source + "</a>")]
                if found and found[0] != value:
                    wrong.append((source, value, found))
    assert wrong == []


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        ("a?b&region=c", "a?b&region=c"),
        ("a?b&reg;c", "a?b®c"),
        ("a?b&copy=c", "a?b&copy=c"),
        ("a?b&copy", "a?b©"),
        ("a&quot;", 'a"'),
        ("a&amp;amp;b", "a&amp;b"),
        ("a&#x26;b", "a&b"),
    ],
)
def test_entities_in_attributes(value: str, raw: str) -> None:
    """An entity without semicolon before a letter, digit or "=" is text, as it is to a browser."""
    assert [link.raw for link in html.fragment_links(f'<a href="{value}">')] == [raw]


PAGE = """<!doctype html><html lang="en-GB"><head>
<title>Site: Title</title><base href="/base/">
<link rel="canonical" href="https://news.example.org/a">
<meta property="og:title" content="Title"><meta name="author" content="By A One and B Two">
<meta property="article:published_time" content="2020-01-02T03:04:05+01:00">
</head><body><h1>Heading</h1><a href="c">d</a></body></html>"""
RECORD = """<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "headline": "no"}, {"@type":
["NewsArticle"], "headline": "Headline", "author": [{"name": "C Three"}, {"name": "D Four"}],
"datePublished": "2021-01-02T03:04:05Z", "inLanguage": "fr"}]}</script>"""


def test_what_a_page_says_of_itself() -> None:
    """Address, title, authors, time and language out of the elements of its head."""
    (document,) = html.read(PAGE, Context("a.html"))
    said = document.metadata
    assert (said.url, said.title, said.authors) == ("https://news.example.org/a", "Title", ("A One", "B Two"))
    assert (said.published_at, said.language) == (datetime(2020, 1, 2, 2, 4, 5, tzinfo=UTC), "en-GB")
    assert document.base == "/base/"


def test_record_comes_before_meta_elements() -> None:
    """JSON-LD of an article is the most exact that a page says."""
    (document,) = html.read(PAGE.replace("</head>", f"{RECORD}</head>"), Context("a.html"))
    said = document.metadata
    assert (said.title, said.authors) == ("Headline", ("C Three", "D Four"))
    assert said.published_at == datetime(2021, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("top", "url", "captured"),
    [
        (
            "<!--1577934245000--><!-- saved from url=(0022)https://a.example/b/c -->\n",
            "https://a.example/b/c",
            datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        ),
        (
            "<!DOCTYPE html>\n<!-- saved from url=(0022)https://a.example/b/c -->",
            "https://a.example/b/c",
            None,
        ),
        ("<!-- saved from url=(0014)about:internet -->", None, None),
        ("<!--99-->", None, None),
    ],
)
def test_a_saved_page_says_when_and_whence(top: str, url: str | None, captured: datetime | None) -> None:
    """What the saving program wrote above a page is its address where the page says none, and its time."""
    (document,) = html.read(f"{top}<p><a href=d>e</a>", Context("a.html"))
    assert (document.metadata.url, document.metadata.captured_at) == (url, captured)
    (document,) = html.read(top + PAGE, Context("a.html"))
    assert document.metadata.url == "https://news.example.org/a"
    assert document.metadata.captured_at == captured


def test_page_that_says_nothing() -> None:
    """What is not said is not known."""
    (document,) = html.read("<p>text <a href=b>c</a>", Context("a.html"))
    assert document.metadata.title is None
    assert document.metadata.url is None
    assert document.metadata.published_at is None


@given(
    st.text(
        alphabet=st.sampled_from("<>/=\"'& \n\r\tahrefimgscriptld+json{}[]:;#x26;!-\ud800中\0"), max_size=80
    )
)
def test_no_markup_is_too_odd(markup: str) -> None:
    """Whatever the markup, reading it ends with a document."""
    assert len(html.read(markup, Context("a.html"))) == 1
