"""Where a page has moved to: somewhere else, or only to another spelling of where it was."""

from __future__ import annotations

import pytest
from ada_url import normalize_url
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.moves import Noise, noise

ROWS = [
    ("http://a.example/b", "https://a.example/b", {Noise.SCHEME}),
    ("http://a.example/b", "https://www.a.example/b", {Noise.SCHEME, Noise.WWW}),
    ("https://www.a.example/b", "https://a.example/b/", {Noise.WWW, Noise.SLASH}),
    ("https://a.example/b/index.html", "https://a.example/b/", {Noise.DOCUMENT}),
    ("https://a.example/b/", "https://a.example/b/default.aspx", {Noise.DOCUMENT}),
    ("https://a.example/b/index.php", "https://a.example/b", {Noise.DOCUMENT, Noise.SLASH}),
    ("https://a.example/b", "https://a.example/b;jsessionid=F00", {Noise.SESSION}),
    ("https://a.example/b?c=d", "https://a.example/b?PHPSESSID=1&c=d", {Noise.SESSION}),
    ("https://a.example/b?c=d", "https://a.example/b?c=d&sid=1", {Noise.SESSION}),
    # Another page, whatever else is noise.
    ("http://a.example/b", "https://a.example/c", set()),
    ("http://a.example/b", "https://a.example/", set()),
    ("http://a.example/b", "https://m.a.example/b", set()),
    ("http://a.example/b", "https://a.example:8443/b", set()),
    ("http://a.example/b?c=1", "https://a.example/b?c=2", set()),
    ("http://a.example/b?c=1", "https://a.example/b", set()),
    ("http://a.example/b", "https://a.example/b?inside=1", set()),
    ("http://a.example/B", "https://a.example/b", set()),
    ("http://a.example/", "https://b.example/", set()),
    ("http://wwwa.example/", "https://a.example/", set()),
    ("http://a.example/", "https://user@a.example/", set()),
    ("http://[", "https://a.example/", set()),
    ("http://a.example/index.html.bak", "https://a.example/", set()),
]


@pytest.mark.parametrize(("old", "new", "kinds"), ROWS)
def test_what_differs(old: str, new: str, kinds: set[Noise]) -> None:
    """All differences are named where all are noise, and none where one of them is not."""
    assert set(noise(old, new)) == kinds


def test_every_kind_has_a_row() -> None:
    """No kind is in the list without a test."""
    assert {kind for *_, kinds in ROWS for kind in kinds} == set(Noise)


@given(st.text("abw.:/?&=;1[@%#", max_size=30), st.text("abw.:/?&=;1[@%#", max_size=30))
def test_both_ways_alike_and_never_an_error(one: str, other: str) -> None:
    """What is noise there is noise back; what is no address differs in nothing."""
    first, second = f"http://{one}", f"https://{other}"
    assert set(noise(first, second)) == set(noise(second, first))


@pytest.mark.parametrize("url", ["https://a.example/b?c=d", "http://www.a.example/"])
def test_nothing_differs_from_itself(url: str) -> None:
    """The same address has no noise."""
    assert normalize_url(url) == url
    assert noise(url, url) == ()
