"""Bare addresses in plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.harvest import plaintext
from linkwatch.harvest.document import Context
from linkwatch.harvest.source import encodable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.example/b.", ["https://a.example/b"]),
        ("(see https://a.example/b)", ["https://a.example/b"]),
        ("https://a.example/X_(y)", ["https://a.example/X_(y)"]),
        ("(https://a.example/X_(y)), or", ["https://a.example/X_(y)"]),
        ("[https://a.example/b]", ["https://a.example/b"]),
        ("<https://a.example/?a=1&b=2#c>", ["https://a.example/?a=1&b=2#c"]),
        ('"https://a.example/b", he said', ["https://a.example/b"]),
        ("见https://a.example/b。后来", ["https://a.example/b"]),
        ("（https://a.example/b）", ["https://a.example/b"]),
        ("“https://a.example/b”，https://a.example/c、", ["https://a.example/b", "https://a.example/c"]),
        ("https://zh.example/wiki/中国，好", ["https://zh.example/wiki/中国"]),
        ("https://a.example/b\u200bx", ["https://a.example/b"]),
        ("HTTP://A.example:8080/", ["HTTP://A.example:8080/"]),
        ("http://[::1]:80/x http://user@a.example/", ["http://[::1]:80/x", "http://user@a.example/"]),
        ("https:// http://... xhttps://a.example ftp://a.example mailto:a@b.example", []),
        ("**https://a.example/b**", ["https://a.example/b"]),
        ("https://a.example/b…", ["https://a.example/b"]),
    ],
)
def test_where_an_address_ends(text: str, expected: list[str]) -> None:
    """Punctuation of the sentence is no part of an address, in any script; balanced brackets are."""
    assert [url for _, url in plaintext.addresses(text)] == expected


def test_places() -> None:
    """Line and column of each address."""
    (document,) = plaintext.read("\n鱼 https://a.example/\r\nhttps://b.example/", Context())
    assert [(link.raw, link.line, link.column) for link in document.links] == [
        ("https://a.example/", 2, 3),
        ("https://b.example/", 3, 1),
    ]


def test_many_closing_brackets_cost_little() -> None:
    """A run of brackets is cut in one pass."""
    url = "https://a.example/"
    assert plaintext.trimmed(url + ")" * 1_000_000) == url


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("words", "a.txt", True),
        ("words", "README", True),
        ("PK\0\1", "a.zip", False),
        ("a\0b", "a.txt", True),
    ],
)
def test_what_is_text(text: str, path: str, expected: bool) -> None:
    """Text is what holds no NUL, or is named so."""
    assert plaintext.looks_like(text, path) is expected


@given(st.text(alphabet=st.sampled_from("htps:/.()[]<>。，\ud800é\n\0 "), max_size=100))
def test_each_address_stands_where_it_is_said_to(text: str) -> None:
    """Any text is read, and each link is a piece of it."""
    whole = encodable(f"{text}https://a.example/{text}")
    lines = whole.split("\n")
    (document,) = plaintext.read(whole, Context())
    for link in document.links:
        assert lines[link.line - 1][link.column - 1 :].startswith(link.raw)
