"""Markdown with HTML in it: every link, where it stands, and what the article says of itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from turbohtml import parse

from linkwatch.harvest import commonmark, markdown
from linkwatch.harvest.document import Context
from linkwatch.model import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from linkwatch.harvest.document import Document
    from linkwatch.model import RawLink

HEADER = "<!--1693890422000-->\n[Title](https://news.example.org/a/)\n------\n\n"


def read(text: str, path: str = "a.md") -> Document:
    (document,) = markdown.read(text, Context(path))
    return document


def raws(text: str) -> list[str]:
    return [link.raw for link in read(text).links]


def there(text: str, link: RawLink) -> str:
    return text.split("\n")[link.line - 1][link.column - 1 :]


FOUND = [
    ("[a](http://x.example/)", ["http://x.example/"]),
    ("[a](<http://x.example/a b> 'title')", ["http://x.example/a b"]),
    ("<http://x.example/>", ["http://x.example/"]),
    ("<me@x.example>", ["mailto:me@x.example"]),
    ("![alt](a.png)", ["a.png"]),
    ("[![alt](a.png)](b)", ["a.png", "b"]),
    ("[a][r]\n\n[r]: http://x.example/", ["http://x.example/"]),
    ("[a](http://x.example/3.2%/a?b=c&region=d)", ["http://x.example/3.2%/a?b=c&region=d"]),
    ("| a |\n|---|\n| [b](c) |", ["c"]),
    ("a[^1]\n\n[^1]: [b](c)", ["c"]),
    ("- [ ] [a](b)\n", ["b"]),
    ("text http://x.example/a_b_(c). And more", ["http://x.example/a_b_(c)"]),
    ("http://x.example/?a=1&region=b&copy=2&amp;c=3", ["http://x.example/?a=1&region=b&copy=2&c=3"]),
    ("http://x.example/?a&notit;b=\\&amp;c", ["http://x.example/?a&notit;b=&amp;c"]),
    ("text (www.x.example)", ["http://www.x.example"]),
    ("见http://x.example/路。后文", ["http://x.example/路"]),
    ("见**http://x.example/**是 *http://y.example/b*, c", ["http://x.example/", "http://y.example/b"]),
    ("http://x.example/?_gl=1*a*_ga*b. ~~http://y.example/~c~~",
     ["http://x.example/?_gl=1*a*_ga*b", "http://y.example/~c"]),
    ("http://x.example/web/*/http://y.example/", ["http://x.example/web/*/http://y.example/"]),
    ("[http://x.example/](http://y.example/ b)", ["http://x.example/", "http://y.example/"]),
    ("http://u:p@x.example/ ftp://y.example http://localhost:8000",
     ["http://u:p@x.example/", "ftp://y.example", "http://localhost:8000"]),
    ("git+https://x.example/a.git", ["https://x.example/a.git"]),
    ("http://{x}/ http://$x/ http://<x>/ http://… xhttp://x.example", []),
    ("<http://x.example/?a=1&amp;b=2&region=c>", ["http://x.example/?a=1&b=2&region=c"]),
    ("<a name=x> http://x.example/\n\n# http://y.example/", ["http://x.example/", "http://y.example/"]),
    ("<a href=a>http://x.example/ *http://y.example/*</a> http://z.example/", ["a", "http://z.example/"]),
    ("<a href=a>open\n\nhttp://x.example/", ["a", "http://x.example/"]),
    ("![<a href=b>c</a> <img src=d>](e)", ["e"]),
    ("> [a](\n> b) [c](\n> <d e>)", ["b", "d e"]),
    ("> > [r]:\n> > http://x.example/\n\n[r]", ["http://x.example/"]),
    ("<div><base href=x>\n[a](b)", []),
    ("**http://x.example/**", ["http://x.example/"]),
    ("a `[b](c)` <http://d.example>", ["http://d.example"]),
    ("```\n[a](b) <a href=c>\n```\n[d](e)", ["e"]),
    ("    [a](b)\n", []),
    (r"\[a](b) \<a href='c'> [d](e)", ["e"]),
    ("&lt;a href='c'&gt; [d](e)", ["e"]),
    ("<a href='a?b=c&region=d&amp;e'>x</a>", ["a?b=c&region=d&e"]),
    ("text <a\n  href = a >b</a> <A HREF=c/d>", ["a", "c/d"]),
    ("<div>\n[a](b) <a href=c>\n</div>\n\n[d](e)", ["c", "e"]),
    ("> <a\n> href='x'>b</a>", ["x"]),
    ("- text <a\n  href='x'>b</a>", ["x"]),
    ("<iframe src=a><a href=b></iframe> <!-- <a href=c> --> <script><a href=d></script>", ["a"]),
    ("<textarea><a href=b></textarea>\n\n<a href=c>", ["c"]),
    ("<noscript><img src=a></noscript>", ["a"]),
    ("<a href=a><a href=b>", ["a", "b"]),
    ("<p><a href=a>one<p>two</a>", ["a"]),
    ("[[Note|shown]] ![[picture.png]]", ["Note", "picture.png"]),
    ("[[ -f a ]] [[b]]", ["b"]),
    ("| a |\n|---|\n| [[b\\|c]] ![[d.png\\|9]] |\n", ["b", "d.png"]),
    ("[[1]](http://x.example/)", ["http://x.example/"]),
    ("---\ntitle: '[a](b)'\n---\n[c](d)", ["d"]),
    ("+++\ntitle = '[a](b)'\n+++\n[c](d)", ["d"]),
    ("<div>\rtext\r\r<a href=a>\r</div>\n[b](c)", ["a"]),
    ("one [a](b)\rtwo <a href=c>\r", ["b", "c"]),
    ("[a](b)\r\n\r\n<a href=c>\r\n", ["b", "c"]),
    ("<a href='https://x.example/a\r\nb'>", ["https://x.example/a\t\nb"]),
    ("text\u00a0<a href=\"a\u200b\u00a0\">", ["a\u200b\u00a0"]),
    ("<video src=a poster=b><source srcset='c 1x, d 2x'></video>", ["a", "b", "c", "d"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_links_are_found_in_order(text: str, expected: list[str]) -> None:
    """What a reader of the rendered page could follow or see, and nothing else, in source order."""
    assert raws(text) == expected


@pytest.mark.parametrize("text", [text for text, _ in FOUND if "\r" not in text])
@pytest.mark.parametrize("before", ["", "前言。\n\n", "---\ntitle: x\n---\n\n"])
def test_places_lead_to_the_raw_text(text: str, before: str) -> None:
    """Line and column are those of the raw text in the file, in characters, whatever stands before."""
    whole = before + text
    for link in read(whole).links:
        raw = link.raw.removeprefix("mailto:")
        found = unescape(there(whole, link)).replace("&amp;", "&")
        assert found.startswith((raw, raw.removeprefix("http://"), raw.split("®")[0])) or "&" in there(
            whole, link
        )


def test_base_in_the_html_of_a_text() -> None:
    """A text whose HTML says what its relative addresses start from is read so, as its rendering would be."""
    assert read("<p><base href=/b/>\n\n[c](d)").base == "/b/"
    assert read("`<base href=/b/>` [c](d)").base is None


@pytest.mark.parametrize(
    "title",
    [
        "Title",
        "金正恩[图]",
        "a] b",
        "a [b",
        "a](b",
        "[x",
        "two\nlines",
        "two\n\nparagraphs",
        "*a_ `b <c>",
        "a\\",
    ],
)
def test_header_link_is_found_whatever_the_title_holds(title: str) -> None:
    """The writer of these files escapes nothing, and the link of the header is the article's address."""
    text = (
        f"<!--1693890422000-->\n[{title}](https://news.example.org/a_(b)/)\n------\n\n<p><a href=c>d</a></p>"
    )
    document = read(text)
    assert document.metadata.url == "https://news.example.org/a_(b)/"
    assert document.metadata.title == " ".join(title.split())
    assert document.metadata.captured_at == datetime(2023, 9, 5, 5, 7, 2, tzinfo=UTC)
    assert [(link.element, link.kind) for link in document.links] == [
        ("title", Kind.TITLE),
        ("a", Kind.ANCHORS),
    ]
    assert there(text, document.links[0]).startswith("https://news.example.org/")


@pytest.mark.parametrize(
    ("body", "authors", "published"),
    [
        (
            "<address>甲, A. B. SEA</address><time pudate='2023-09-05 12:45:39'>x</time>",
            ("甲", "A. B. SEA"),
            "04:45:39",
        ),
        ("<div><i>ANA S,ANA S<br>2023-09-05 12:45:39</i></div>", ("ANA S",), "04:45:39"),
        ("<div><i><br>2023-09-05T04:45:39.151Z</i></div>", (), "04:45:39"),
        ("日期：Tue, 05 Sep 2023 04:45:39 +0000\n\n<p>text</p>", (), "04:45:39"),
        ("<div><i>emphasis</i></div>", (), None),
        ("<p>text</p>", (), None),
    ],
)
def test_byline_and_date_at_the_head_of_the_body(
    body: str, authors: tuple[str, ...], published: str | None
) -> None:
    """The forms of byline and date that such mirrors have; times without a zone are the publication's."""
    text = HEADER.replace("news.example.org", "cn.nytimes.com") + body
    said = read(text).metadata
    assert said.authors == authors
    assert (said.published_at and said.published_at.strftime("%H:%M:%S")) == published


def test_configured_zone_comes_before_what_is_known_of_a_publication() -> None:
    """The corpus's own time zone decides where it is set."""
    text = HEADER.replace("news.example.org", "cn.nytimes.com") + "<time pudate='2023-09-05 12:45:39'>"
    (document,) = markdown.read(text, Context("a.md", ZoneInfo("Europe/Berlin"), timezone_is_set=True))
    assert document.metadata.published_at == datetime(2023, 9, 5, 10, 45, 39, tzinfo=UTC)


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("---\ntitle: A\nauthor: B, C\ndate: 2020-01-02T03:04:05Z\nfrom: https://x.example/\nlang: de\n---\n",
         ("A", ("B", "C"), "2020-01-02T03:04:05", "https://x.example/", "de")),
        ("+++\ntitle = 'A'\nauthors = ['B', 'C']\ndate = 2020-01-02T03:04:05Z\n+++\n",
         ("A", ("B", "C"), "2020-01-02T03:04:05", None, None)),
        ('{\n"title": "A", "author": {"name": "B, C"}, "date": "2020-01-02"\n}\n',
         ("A", ("B, C",), "2020-01-02T00:00:00", None, None)),
        ("---\ntitle: A: broken [yaml\n---\n", ("A: broken [yaml", (), None, None, None)),
        ("---\n---\n", (None, (), None, None, None)),
        ("---\n- a list\n---\n", (None, (), None, None, None)),
        ("", (None, (), None, None, None)),
        ("# The *heading*\n", ("The heading", (), None, None, None)),
    ],
)  # fmt: skip
def test_front_matter(front: str, said: tuple[object, ...]) -> None:
    """What YAML, TOML and JSON front matter say; what is not said is not known."""
    found = read(f"{front}\ntext [a](b)").metadata
    published = found.published_at and found.published_at.strftime("%Y-%m-%dT%H:%M:%S")
    assert (found.title, found.authors, published, found.url, found.language) == said


def test_date_of_the_file_name() -> None:
    """A file named as Jekyll names posts is dated by its name, where nothing better is known."""
    assert read("text", "_posts/2020-01-02-a.md").metadata.published_at == datetime(2020, 1, 2, tzinfo=UTC)
    assert read("text", "notes/2020-13-02-a.md").metadata.published_at is None


# Examples in which our extensions find more than the standard does.
EXTENDED = {
    550: "[[foo]] is a wiki link",
    592: "[[foo]] is a wiki link",
    604: "a bare address (GFM)",
    610: "a bare address (GFM)",
    613: "a bare address (GFM)",
}


def test_commonmark_examples(shared: Path) -> None:
    """The links of each of the standard's examples are those of its rendering."""
    examples = json.loads((shared / "conformance/commonmark/spec.json").read_text(encoding="utf-8"))
    wrong = set()
    for example in examples:
        shown = [
            element.attr("href") if element.tag == "a" else element.attr("src")
            for element in parse(example["html"], source_locations=True).iter_elements(["a", "img"])
            if element.source_location is not None  # what an unclosed <a> repeats in the tree is one link
        ]
        ours = [link.raw for link in markdown.fragment_links(example["markdown"])]
        if sorted(_encoded(url) for url in shown if url is not None) != sorted(map(_encoded, ours)):
            wrong.add(example["example"])
    assert wrong == set(EXTENDED)


def _encoded(url: str) -> str:
    """An address as the standard's renderer writes it."""
    return quote(url, safe="%/:?#@!$&'()*+,;=~[]-._").replace("[", "%5B").replace("]", "%5D")


@given(
    st.text(
        alphabet=st.sampled_from(" \n\r\t<>[]()!`*_&;#-+='\"\\/:.ahrefsimg中\ufffd\U0001f600"), max_size=80
    )
)
def test_no_text_is_too_odd(text: str) -> None:
    """Whatever the text, its links come out, and their places lie in it."""
    for link in read(text).links:
        assert link.line <= text.count("\n") + text.count("\r") + 1


@given(st.text(max_size=60), st.text(max_size=20))
def test_header_never_fails(title: str, tail: str) -> None:
    """Whatever stands in the header, reading it ends."""
    read(f"<!--1693890422000-->\n[{title}](https://news.example.org/{tail})\n------\n{tail}")


PIECES = st.lists(
    st.sampled_from(
        [
            "<div>",
            "</div>",
            "<p class=x>",
            '<a href="https://a.example/b">',
            "</a>",
            "<img src=/c.png>",
            "<!-- ",
            " -->",
            "<script>",
            "</script>",
            "[d](https://d.example/)",
            "`",
            "    ",
            "# ",
            "> ",
            "words",
            "\n",
            "\n",
            " ",
            "<td",
            "https://e.example/",
            "&amp;",
            "\\",
            "<pre>",
            "</pre>",
            "<ADDRESS>",
            "\t",
        ]
    ),
    max_size=12,
)


@settings(max_examples=500)
@given(
    st.sampled_from(["", "  \n", "\n\n", "   "]), st.sampled_from(["<div", "<P>", "</ul ", "<table>"]), PIECES
)
def test_a_block_of_html_needs_no_markdown(before: str, opening: str, pieces: list[str]) -> None:
    """What is taken for one block of HTML has the very links that it has when read as Markdown."""
    text = before + opening + "".join(pieces)
    if commonmark.is_html(text):
        found, whole = markdown.scan(text), markdown.mixed(text)
        assert (sorted(found.spots), found.heading) == (sorted(whole.spots), whole.heading)


@pytest.mark.parametrize(
    ("text", "is_html"),
    [
        ("<div>a</div>\n", True),
        ("\n  \n   <address>a\nb</address>", True),
        ("<div>a\n\nb", False),
        ("    <div>", False),
        ("<a href=x>y</a>", False),
        ("<divan>", False),
        ("words <div>", False),
        ("", False),
        ("<pre>\n", False),
    ],
)
def test_what_is_one_block_of_html(text: str, *, is_html: bool) -> None:
    """A block goes on to the first blank line; only what begins one by itself does (CommonMark, 4.6)."""
    assert commonmark.is_html(text) is is_html
