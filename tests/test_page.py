"""What a page says, whatever bytes it is made of."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.check.judging.page import Page
from linkwatch.model import Answer

LONG = 100_000


def page(body: bytes | str, content_type: str | None = "text/html") -> Page:
    """A page of this body."""
    raw = body.encode() if isinstance(body, str) else body
    return Page(Answer(200, (), raw, len(raw), content_type))


def _titled(title: str, charset: str) -> bytes:
    return f"<title>{title}</title><p>x".encode(charset)


@pytest.mark.parametrize(
    ("content_type", "body", "title"),
    [
        ("text/html; charset=gb2312", _titled("中文", "gb2312"), "中文"),
        ("text/html; charset=GBK", _titled("繁體", "gbk"), "繁體"),
        ("text/html; charset=big5", _titled("繁體", "big5"), "繁體"),
        ("text/html; charset=shift_jis", _titled("日本語", "shift_jis"), "日本語"),
        ("text/html; charset=euc-kr", _titled("한국어", "euc-kr"), "한국어"),
        ("text/html; charset=windows-1251", _titled("Страница", "cp1251"), "Страница"),
        ("text/html; charset=iso-8859-1", _titled("déjà", "latin-1"), "déjà"),
        ('TEXT/HTML ; Charset = "UTF-8"', _titled("中文", "utf-8"), "中文"),
        ("text/html;charset='utf-8'", _titled("中文", "utf-8"), "中文"),
        ("text/html", b"<meta charset=gbk>" + _titled("中文", "gbk"), "中文"),
        (
            "text/html",
            b'<meta http-equiv=Content-Type content="text/html; charset=gbk">' + _titled("中文", "gbk"),
            "中文",
        ),
        ("text/html; charset=gbk", b"<meta charset=utf-8>" + _titled("中文", "gbk"), "中文"),
        ("text/html; charset=big5", b"\xef\xbb\xbf" + _titled("中文", "utf-8"), "中文"),
        ("text/html; charset=utf-16", _titled("中文", "utf-16"), "中文"),
        ("text/html", _titled("中文", "utf-8"), "中文"),
        # Charsets nobody knows, and names that are no charsets of text.
        ("text/html; charset=klingon", _titled("中文", "utf-8"), "中文"),
        ("text/html; charset=", _titled("中文", "utf-8"), "中文"),
        ("text/html; charset=hex", _titled("中文", "utf-8"), "中文"),
        ("text/html; charset=unicode_escape", _titled("中文", "utf-8"), "中文"),
        ("text/html; charset=\x00", _titled("中文", "utf-8"), "中文"),
        ("text/html; charset=\udce9\udcff", _titled("中文", "utf-8"), "中文"),
        ("text/html; charset=" + "x" * LONG, _titled("中文", "utf-8"), "中文"),
    ],
)
def test_charsets(content_type: str, body: bytes, title: str) -> None:
    """The header's charset counts, then the page's own; one that nobody knows is no reason to fail."""
    assert page(body, content_type).title == title


@pytest.mark.parametrize(
    ("content_type", "body", "is_html"),
    [
        ("text/html", "", True),
        ("Text/HTML; charset=x", "", True),
        ("application/xhtml+xml", "", True),
        (None, "<p>x", True),
        ("", "<p>x", True),
        (None, "x", False),
        (None, "x" * 600 + "<p>", False),
        ("text/plain", "<title>x</title>", False),
        ("application/json", '{"a": "<p>"}', False),
        ("application/pdf", "<title>x</title>", False),
        ("text/html2", "<p>", False),
    ],
)
def test_what_is_html(content_type: str | None, body: str, is_html: bool) -> None:
    """The server's word counts; only where it says nothing is the body looked at."""
    found = page(body, content_type)
    assert found.is_html is is_html
    assert is_html or (found.title, found.text, found.headings) == (None, "", ())


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<title>a</title>", "a"),
        ("<title> a\n\t b </title>", "a b"),
        ("<title>a</title><title>b</title>", "a"),
        ("<title></title>", None),
        ("<title> \n </title>", None),
        ("<title>&lt;b&gt; &amp;amp; &#20013;</title>", "<b> &amp; 中"),
        ("<title>never closed", "never closed"),
        ("<TITLE>a</TITLE>", "a"),
        ("<p>x<title>late</title>", "late"),
        ("<body><svg><title>icon</title></svg>", None),
        ("<body><svg><title>icon</title></svg><title>b</title>", "b"),
        ("<h1>a</h1>", None),
        ("<script>'<title>a</title>'</script><title>b</title>", "b"),
        ("<!-- <title>a</title> --><title>b</title>", "b"),
    ],
)
def test_titles(body: str, title: str | None) -> None:
    """The page's title in one line, not that of a drawing, a script or a comment."""
    assert page(body).title == title


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<head><title>t</title></head><body>a<p>b</p> c", "a b c"),
        ("a\n\n  b<br>c&nbsp;d", "a b c d"),
        ("a<script>b</script>c", "a c"),
        ("a<style>b</style>c", "a c"),
        ("a<noscript>b</noscript>c", "a c"),
        ("a<template>b</template>c", "a c"),
        ("a<svg><text>b</text></svg>c", "a c"),
        ("a<noscript><p><b>b</b></p></noscript>c", "a c"),
        ("a<!-- b -->c", "a c"),
        ("a<textarea>b</textarea>", "a b"),
        ("<frameset><frame src=a></frameset>", ""),
        ("", ""),
    ],
)
def test_text(body: str, text: str) -> None:
    """What a reader sees, in its order, without what is never shown."""
    assert page(body).text == text


@pytest.mark.parametrize(
    ("body", "headings"),
    [
        ("<h1>a</h1><h2>b</h2><h3>c</h3>", ("a", "b")),
        ("<h2>b</h2><h1>a</h1>", ("b", "a")),
        ("<h1> </h1><h1>a <i>b</i></h1>", ("a b",)),
        ("<p>a", ()),
    ],
)
def test_headings(body: str, headings: tuple[str, ...]) -> None:
    """The main headings that say something, in their order."""
    assert page(body).headings == headings


def test_of_many_headings_the_first_are_read() -> None:
    """A hostile page has a hundred thousand of them, each as deep as it likes and with all others in it."""
    found = page("<h1>a<div>" * 100_000).headings
    assert 1 < len(found) <= 16
    assert found[0].startswith("aaa")


def test_texts_of_a_selector() -> None:
    """What stands in two elements that fit is read once; of endless many the first are enough."""
    assert page("<p class=x>a<b class=x>b</b></p>c<i class=x>d</i>").texts(".x") == "a b d"
    assert page("<div>a" * 100_000).texts("div").startswith("a a a")
    assert len(page("<i>a</i>" * 10_000).texts("i").split()) < 1_000
    assert page("a").texts("[[[") == ""


def test_selectors() -> None:
    """Whether an element is there."""
    found = page("<form><input type=password></form>")
    assert found.has("input[type=password]")
    assert not found.has("article")


PIECES = st.lists(
    st.sampled_from([b"<", b">", b"</", b"<title>", b"<svg>", b"<table>", b"<template>", b"<!--",
                     b"<![CDATA[", b"&#", b"\x00", b"\xff", b"\xed\xa0\x80", b"<meta charset=", b"utf-16",
                     b"x", b"\"", b"<p a='"])
    | st.binary(max_size=9)
).map(b"".join)  # fmt: skip
TYPES = st.none() | st.sampled_from(
    ["text/html", "text/html; charset=gbk", "text/html; charset=utf-16le", "text/html; charset=iso-2022-jp"]
) | st.text(st.characters(), max_size=20).map("text/html; charset={}".format)  # fmt: skip


@given(PIECES, TYPES)
def test_no_bytes_can_break_it(body: bytes, content_type: str | None) -> None:
    """Any bytes under any content type are a page, with texts in single lines that can be written."""
    found = page(body, content_type)
    for text in (found.title or "", found.text, *found.headings):
        assert text == " ".join(text.encode().decode().split())
    found.has("a[href]")


@pytest.mark.parametrize(
    "piece", ["<div>", "<b>a", "<div>a", "<table><tr><td>x", "<svg>", "<a><p>x", "<font a=b><p>", "<i></p>"]
)  # fmt: skip
def test_nests_are_no_trap(piece: str) -> None:
    """A hundred thousand nested elements are read in time that grows with their number only."""
    found = page(piece * LONG)
    started = time.process_time()
    assert found.title is None
    assert len(found.text) < 2 * len(piece) * LONG
    assert found.headings == ()
    assert time.process_time() - started < 5


@pytest.mark.parametrize("charset", ["utf-8", "utf-16le", "utf-16be"])
@pytest.mark.parametrize("tag", ["html", "BODY"])
def test_a_document_opened_again_and_again_is_no_trap(tag: str, charset: str) -> None:
    """Each opening tag adds attributes to the first: of too many the rest is left, and the page is cut."""
    trap = "".join(f"<{tag} a{each}=1>" for each in range(LONG))
    started = time.process_time()
    found = page(f"<title>Trap</title>{trap}".encode(charset), f"text/html; charset={charset}")
    assert found.title == "Trap"
    assert found.is_cut
    assert time.process_time() - started < 5


def test_a_page_of_other_pages_is_read_whole() -> None:
    """Pages put together from whole ones, and long ones, are no traps."""
    parts = "".join(f"<html lang=en><body class=a><p>{each} {'x' * 2_000}</p>" for each in range(40))
    found = page(f"{parts}<p id=end>The end")
    assert not found.is_cut
    assert found.text.endswith("The end")


def test_a_long_page_is_not_read_to_its_end_to_know_that_it_is_long() -> None:
    """What a page says is measured as far as needed, and agrees with its whole text."""
    long = page("<p>Some words.</p>" * 50_000)
    short = page("<p>Gone.</p><script>" + "x" * 10_000 + "</script>")
    assert not long.says_less_than(512)
    assert short.says_less_than(512)
    assert short.says_less_than(len(short.text) + 2)
    assert not short.says_less_than(len(short.text))


@pytest.mark.parametrize(
    "unseen", ["<script>{}</script>", "<template><main>{}</main></template>", "<svg>{}</svg>"]
)
@pytest.mark.parametrize("depth", [1, 400])
def test_what_is_not_shown_says_nothing(unseen: str, depth: int) -> None:
    """However deep it stands, and though it calls itself the main part."""
    found = page("<div>" * depth + unseen.format("var word; " * 200) + "x")
    assert found.says_less_than(512)
    assert found.text == "x"
    assert not page("<div>" * depth + "<p>" + "A word. " * 200).says_less_than(512)
