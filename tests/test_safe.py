"""Hostile text is inert in every output."""

from __future__ import annotations

import json
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from linkwatch.report import safe

# All of Unicode, half surrogates included, with what is dangerous more often.
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"]),
        st.sampled_from("`*_[]<>()#!|~&$@:/=+-\\%,\n\r\t\x1b\u202e"),
    ),
    max_size=300,
)
LIMITS = st.integers(min_value=1, max_value=400)


@given(HOSTILE, LIMITS)
def test_plain_is_one_visible_line_of_bounded_length(text: str, limit: int) -> None:
    """No control or bidi character, no half surrogate, no line break, nothing over the limit."""
    line = safe.plain(text, limit)
    assert len(line) <= limit
    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cs", "Cn", "Zl", "Zp"}
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
    line.encode()


@given(HOSTILE)
def test_plain_is_settled_after_once(text: str) -> None:
    """What was made safe stays as it is."""
    once = safe.plain(text, 500)
    assert safe.plain(once, 500) == once


def test_plain_leaves_honest_text_alone() -> None:
    """Chinese, Persian joiners, emoji of several parts and accents pass unchanged."""
    for text in ("普京与金正恩会晤:武器", "می‌خواهم", "👩‍🔬 finds", "naïve café", "עברית"):
        assert safe.plain(text) == text
    assert safe.plain("soft\u00adhyphen") == "softhyphen"
    assert safe.plain("a\n\n\tb") == "a b"


def test_a_title_of_seventy_thousand_characters_is_cut() -> None:
    """An over-long title costs no more than a long one."""
    assert len(safe.plain("A" * 70_000)) == safe.TITLE_LIMIT
    assert len(safe.markdown("[" * 70_000)) <= 2 * safe.TITLE_LIMIT


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org/",
        "https://",
        "https:///path",
        " javascript:alert(1)",
        "https://user:secret@example.org/",
        "https://[broken/",
        "https://example.org/" + "a" * 3_000,
        "",
        None,
    ],
)
def test_only_web_addresses_are_links(url: str | None) -> None:
    """Anything but http and https with a host is text."""
    assert safe.href(url) is None


@given(HOSTILE)
def test_href_is_plain_ascii_without_markup(tail: str) -> None:
    """A link's target holds no character that could end an attribute or start markup."""
    target = safe.href(f"https://example.org/{tail}")
    assert target is None or re.fullmatch(r"https://[!#$%&'()*+,\-./:;=?@\[\]_~\w]*", target, re.ASCII)


@given(HOSTILE)
def test_markdown_text_reads_back_as_text(text: str) -> None:
    """Parsed again, escaped text holds no markup and no link, and reads as it was."""
    parser = MarkdownIt("gfm-like")
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False})  # GitHub does not take "0.AL" for an address
    inline = parser.parseInline("x " + safe.markdown(text, 400) + " x")[0]
    assert {token.type for token in inline.children or []} <= {"text", "text_special"}
    shown = "".join(token.content for token in inline.children or []).replace(safe.BREAK, "")
    assert shown == f"x {safe.plain(text, 400)} x".replace(safe.BREAK, "")


@pytest.mark.parametrize(
    "text", ["@octocat", "a@b", "#12", "org/repo#12", "GH-12", "https://x.example/", "www.x.example"]
)
def test_github_finds_nothing_to_link(text: str) -> None:
    """Mentions, issue references and bare addresses are parted by an invisible character."""
    assert safe.BREAK in safe.markdown(text)


@given(HOSTILE)
def test_markdown_code_cannot_be_left(text: str) -> None:
    """The whole text stays inside one code span."""
    inline = MarkdownIt().parseInline(safe.markdown_code(text))[0]
    assert [token.type for token in inline.children or []] == ["code_inline"]


def test_markdown_links_do_not_write_into_other_projects() -> None:
    """An issue of another project is named, not linked: GitHub would tell that project."""
    assert safe.markdown_link("https://github.com/o/r/issues/1") == "`https://github.com/o/r/issues/1`"
    assert safe.markdown_link("javascript:x") == "`javascript:x`"
    assert (
        safe.markdown_link("https://github.com/o/r") == "[https://github.com/o/r](<https://github.com/o/r>)"
    )


@given(HOSTILE)
def test_markdown_links_hold_together(tail: str) -> None:
    """A link is one link to the URL, or one piece of code."""
    inline = MarkdownIt("gfm-like").parseInline(safe.markdown_link(f"https://example.org/{tail}"))[0]
    kinds = [token.type for token in inline.children or []]
    assert kinds == ["code_inline"] or (kinds[0], kinds[-1]) == ("link_open", "link_close")
    assert kinds.count("link_open") <= 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\r=1", "＝1", "\u200b=1"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    """What a spreadsheet would compute begins with an apostrophe instead."""
    assert safe.csv(text).startswith("'")


@given(HOSTILE)
def test_workflow_commands_stay_one_command(text: str) -> None:
    """No line break, no "::" in a property, percent signs encoded."""
    assert "\n" not in safe.workflow(text)
    assert not set(safe.workflow_property(text)) & set(":,\n\r")
    assert all(found in ("25", "3A", "2C") for found in re.findall("%(..)", safe.workflow_property(text)))


@given(HOSTILE)
def test_json_is_inert_on_a_terminal_and_reads_the_same(text: str) -> None:
    """What moves, hides or turns is written as an escape; the value stays what it was."""
    written = safe.json(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", written)


@given(HOSTILE)
def test_xml_takes_what_is_plain(text: str) -> None:
    """XML has no way to write control characters; plain text has none."""
    element = ElementTree.Element("a")
    element.text = safe.plain(text, 400)
    assert (ElementTree.fromstring(ElementTree.tostring(element)).text or "") == element.text
