"""What the way of redirects says."""

from __future__ import annotations

import pytest
from conftest import NIGHT
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.check.judging.redirects import (
    PERMANENT,
    STATUSES,
    leads_to,
    new_address,
    permanent,
    to_home,
    to_login,
    to_lost,
    to_suspended,
)
from linkwatch.model import Answer, Hop, Observation


def chain(*steps: str | int) -> tuple[Hop, ...]:
    """Hops from addresses and statuses in turn; the last address answers 200."""
    urls, statuses = [str(each) for each in steps[::2]], [*steps[1::2], 200]
    return tuple(Hop(url, int(status)) for url, status in zip(urls, statuses, strict=True))


def seen(*steps: str | int) -> Observation:
    """What is seen after these hops."""
    hops = chain(*steps)
    return Observation(hops[0].url, NIGHT, hops, Answer(200), 10)


A, B, C, D = (f"https://{each}.example/p" for each in "abcd")


@pytest.mark.parametrize(
    ("steps", "address"),
    [
        ((A,), None),
        ((A, 301, B), B),
        ((A, 308, B), B),
        ((A, 302, B), None),
        ((A, 303, B), None),
        ((A, 307, B), None),
        ((A, 301, B, 301, C), C),
        ((A, 301, B, 308, C), C),
        ((A, 301, B, 302, C), B),
        ((A, 302, B, 301, C), None),
        ((A, 301, B, 302, C, 301, D), B),
        ((A, 308, B, 307, C, 308, D), B),
        ((A, 301, A), None),  # a cookie test
        ((A, 301, B, 301, A), None),
        ((A, 301, B, 302, A), B),
        ((A, 301, B, 301, A, 301, C), C),
    ],
)
def test_new_address(steps: tuple[str | int, ...], address: str | None) -> None:
    """The end of the permanent redirects that come first; a temporary one ends the way."""
    assert new_address(chain(*steps)) == address
    assert (permanent(seen(*steps)) is not None) is (address is not None)


def test_no_hops() -> None:
    """Where nothing was passed there is no new address."""
    assert new_address(()) is None


@given(st.lists(st.sampled_from(sorted(STATUSES)), max_size=9))
def test_nothing_behind_a_temporary_redirect_counts(statuses: list[int]) -> None:
    """The new address is as many hops on as there are permanent redirects at the start."""
    hops = tuple(
        Hop(f"https://example.org/{number}", status) for number, status in enumerate([*statuses, 200])
    )
    lasting = next(number for number, hop in enumerate(hops) if hop.http_status not in PERMANENT)
    assert new_address(hops) == (hops[lasting].url if lasting else None)


def test_permanent_names_its_evidence() -> None:
    """The status and the address to use stand in the evidence."""
    assert permanent(seen(A, 308, B)) == ("permanent_redirect", f"HTTP 308 to {B}")


@pytest.mark.parametrize(
    ("start", "end", "gone"),
    [
        # From deep in a site to its front door.
        ("https://a.example/2012/story", "https://a.example/", True),
        ("https://a.example/2012/story", "https://www.a.example/", True),
        ("https://a.example/story", "https://a.example/", True),
        ("https://a.example/2012/story", "https://a.example/index.html", True),
        ("https://a.example/2012/story", "https://a.example/Index.PHP", True),
        ("https://a.example/2012/story", "https://a.example/home", True),
        ("https://a.example/2012/story", "https://a.example/en/", True),
        ("https://a.example/2012/story", "https://a.example/en-US/", True),
        ("https://a.example/2012/story", "https://a.example/zh-hans/", True),
        ("https://a.example/2012/story", "https://a.example/zh-Hant-TW/", True),
        ("https://a.example/2012/story", "https://a.example/es-419/", True),
        ("https://a.example/2012/story", "https://a.example/zh_cn/index.html", True),
        ("https://a.example/2012/story", "https://b.example/", True),
        ("https://a.example/story.html?id=1", "https://a.example/", True),
        # Front doors to front doors.
        ("http://a.example/", "https://www.a.example/", False),
        ("https://a.example/index.html", "https://a.example/", False),
        ("https://a.example/en/", "https://a.example/", False),
        ("https://a.example/zh-hans/", "https://a.example/", False),
        ("https://a.example/zh-hant-hk/", "https://a.example/", False),
        ("https://a.example/", "https://a.example/en/", False),
        # Short links are made to lead to home pages.
        ("https://bit.example/3xYz", "https://b.example/", False),
        ("https://t.example/abc", "https://b.example/en/", False),
        # Where the way ends is a page.
        ("https://a.example/2012/story", "https://a.example/story", False),
        ("https://a.example/2012/story", "https://a.example/?p=12", False),
        ("https://a.example/2012/story", "https://a.example/en/story", False),
        ("https://a.example/2012/story", "https://a.example/faq", False),
        ("https://a.example/2012/story", "https://a.example/story/index.html", False),
        ("https://a.example/2012/story", "https://a.example/homeland", False),
    ],
)
def test_to_home(start: str, end: str, gone: bool) -> None:
    """A deep page that leads to a front door is gone; front doors and short links are as meant."""
    found = to_home(seen(start, 302, end))
    assert found == (("redirect_to_home", f"redirected to {end}") if gone else None)


@pytest.mark.parametrize(("start", "end", "denies", "gone"), [
    ("https://a.example/2012/story", "https://a.example/404.html", False, True),
    ("https://a.example/2012/story", "https://a.example/404", False, True),
    ("https://a.example/2012/story", "https://b.example/page-not-found/?from=a", False, True),
    ("https://a.example/2012/story", "https://a.example/errors/not_found.aspx", True, True),
    # Deeper down it may be an article's name, unless the page says so too.
    ("https://a.example/2012/story", "https://a.example/blog/404", False, False),
    ("https://a.example/blog/404", "https://a.example/404", False, False),
    ("https://a.example/wiki/Error_404", "https://a.example/wiki/HTTP_404", True, False),
    ("https://a.example/2012/story", "https://a.example/404-media", True, False),
    ("https://a.example/2012/story", "https://a.example/404/story", True, False),
])  # fmt: skip
def test_to_lost(start: str, end: str, denies: bool, gone: bool) -> None:
    """Sent to the page for what is not there, from an address that is not called so."""
    found = to_lost(seen(start, 302, end), lambda: denies)
    assert found == (("soft_404", f"redirected to {end}") if gone else None)


@pytest.mark.parametrize(("end", "off"), [
    ("http://a.example/cgi-sys/suspendedpage.cgi", True),
    ("http://a.example/cgi-sys/defaultwebpage.cgi?x", True),
    ("http://a.example/suspendedpage.cgi", False),
    ("http://a.example/?/cgi-sys/suspendedpage.cgi", False),
])  # fmt: skip
def test_to_suspended(end: str, off: bool) -> None:
    """By which cPanel stands in for a site; who cites that page cites it."""
    assert (to_suspended(seen("http://a.example/2012/story", 302, end)) is not None) is off
    assert to_suspended(seen(end, 302, end)) is None


def test_home_without_a_redirect() -> None:
    """A home page that was cited as such is a page."""
    assert to_home(seen("https://a.example/")) is None


@pytest.mark.parametrize(
    ("end", "asked"),
    [
        ("https://a.example/login", True),
        ("https://a.example/login.php?next=%2Fp", True),
        ("https://a.example/users/sign_in", True),
        ("https://a.example/Account/SignIn?ReturnUrl=x", True),
        ("https://login.a.example/", True),
        ("https://accounts.a.example/v3", True),
        ("https://consent.a.example/collect", True),
        ("https://login.a.co.uk/", True),
        ("https://a.example/oauth/authorize?client_id=x", True),
        ("https://a.example/how-to-login-safely", False),
        ("https://a.example/blog/login-forms-that-work", False),
        ("https://login.example/", False),  # that is its name
        ("https://a.example/?login=1", False),
        ("https://blogin.a.example/", False),
    ],
)
def test_to_login(end: str, asked: bool) -> None:
    """Whole segments of a path and labels of a host name count, not words in a headline."""
    found = to_login(seen("https://a.example/p", 302, end))
    assert found == (("redirect_to_login", f"redirected to {end}") if asked else None)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("https://a.example/login", "https://a.example/login/"),
        ("https://accounts.a.example/help", "https://accounts.a.example/login"),
        ("https://a.example/docs/oauth", "https://a.example/docs/sso"),
    ],
)
def test_from_login_to_login(start: str, end: str) -> None:
    """A page about logging in that was cited as such is a page."""
    assert to_login(seen(start, 301, end)) is None


@pytest.mark.parametrize(
    ("start", "end", "led"),
    [
        ("https://a.example/p", "https://sedo.com/search?domain=a.example", True),
        ("https://a.example/p", "https://www.sedo.com/", True),
        ("https://a.example/p", "https://notsedo.com/", False),
        ("https://a.example/p", "https://sedo.com.example/", False),
        ("https://a.example/p", "https://a.example/?from=sedo.com", False),
        ("https://sedo.com/blog", "https://www.sedo.com/blog/", False),  # cited as such
    ],
)
def test_leads_to(start: str, end: str, led: bool) -> None:
    """A redirect that left for a domain or its subdomains; staying there is none."""
    assert leads_to(seen(start, 302, end), ["sedo.com"]) is led
