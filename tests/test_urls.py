"""Raw text to URL: the WHATWG standard, what nothing can be fetched of, and what identifies a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from ada_url import normalize_url
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwatch.model import Scope, SkipReason
from linkwatch.tracking import TRACKERS, trackers
from linkwatch.urls import PLAIN, domain_of, host_of, resolve, scope_of, whatwg, without_userinfo

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://news.example.org/world/article/"

SKIPPED = [
    ("", SkipReason.EMPTY),
    (" \n\t", SkipReason.EMPTY),
    ("#top", SkipReason.FRAGMENT_ONLY),
    ("#jump-linkhttps://video.example/", SkipReason.FRAGMENT_ONLY),
    ("{{ site.baseurl }}/about", SkipReason.TEMPLATE),
    ("https://example.org/{% post_url x %}", SkipReason.TEMPLATE),
    ("{link}", SkipReason.TEMPLATE),
    ("javascript:void(0)", SkipReason.UNSUPPORTED_SCHEME),
    ("mailto:editor@example.org", SkipReason.UNSUPPORTED_SCHEME),
    ("data:image/gif;base64,R0lGOD", SkipReason.UNSUPPORTED_SCHEME),
    ("ttps://example.org/", SkipReason.UNSUPPORTED_SCHEME),
    ("file:///C:/x.doc", SkipReason.UNSUPPORTED_SCHEME),
    ("channel: https://video.example/", SkipReason.UNSUPPORTED_SCHEME),
    ("http://www.example.org%20/a", SkipReason.INVALID_URL),
    ("http:// www.example.org/", SkipReason.INVALID_URL),
    ("http://https：//example.org", SkipReason.INVALID_URL),
    ("//?utm_source=nav", SkipReason.INVALID_URL),
    ("http://x.example/\ud800", SkipReason.INVALID_URL),
    ("https://www.example.comhttps://other.example/x", SkipReason.FUSED_URL),
    ("https://www.example.comhttps//other.example/x", SkipReason.FUSED_URL),
    ("https://www.example.commailto:a@example.org", SkipReason.FUSED_URL),
    ("http://https//www.example.org/", SkipReason.FUSED_URL),
    ("http://https://www.example.org/", SkipReason.FUSED_URL),
    ("http:/https://www.example.org/", SkipReason.FUSED_URL),
    ("http:https://www.example.org/", SkipReason.FUSED_URL),
    ("http://intranet/page", SkipReason.SINGLE_LABEL_HOST),
    ("http://台湾与非洲国家开展关系", SkipReason.NOT_A_URL),
]

RESOLVED = [
    ("../x", "https://news.example.org/world/x", None),
    ("//cdn.example.net/a", "https://cdn.example.net/a", None),
    (r"https:\\example.net\a\b", "https://example.net/a/b", None),
    (" https://example.net/a\tb\nc ", "https://example.net/abc", None),
    ("https://例子.测试/路", "https://xn--fsqu00a.xn--0zwm56d/%E8%B7%AF", None),
    ("https://example.net/3.2%/a", "https://example.net/3.2%/a", None),
    ("https://example.net/a.html\xa0", "https://example.net/a.html%C2%A0", None),
    ("HTTPS://EXAMPLE.NET:443/A/../b", "https://example.net/b", None),
    ("https://example.net/a#:~:text=one,two", "https://example.net/a", ":~:text=one,two"),
    ("https://example.net/a?utm_id=1#b/c?d", "https://example.net/a", "b/c?d"),
    ("https://example.net/a#", "https://example.net/a", None),
    ("https://example.net/?q=https://other.example/", "https://example.net/?q=https://other.example/", None),
    ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/", None),
    ("http://localhost/", "http://localhost/", None),
    ("http://[::1]/", "http://[::1]/", None),
]


@pytest.mark.parametrize(("raw", "reason"), SKIPPED)
def test_what_cannot_be_fetched_says_why(raw: str, reason: SkipReason) -> None:
    """Nothing is dropped: each raw text that is no address of the web has its reason."""
    found = resolve(raw, BASE)
    assert (found.url, found.skip_reason) == (None, reason)


def test_every_reason_has_a_row() -> None:
    """The table above is whole; the two that need more than an address are tested below and elsewhere."""
    assert set(SkipReason) - {reason for _, reason in SKIPPED} == {SkipReason.NO_BASE, SkipReason.WIKILINK}


def test_relative_address_without_base() -> None:
    """Where the article's own address is not known, a relative one leads nowhere."""
    assert resolve("about.html").skip_reason == SkipReason.NO_BASE


@pytest.mark.parametrize(("raw", "url", "fragment"), RESOLVED)
def test_resolved_as_a_browser_does(raw: str, url: str, fragment: str | None) -> None:
    """The normal form is that of the standard, the fragment apart."""
    assert resolve(raw, BASE) == (url, fragment, None, host_of(url))


def test_web_platform_cases(shared: Path) -> None:
    """All 891 URL cases of the web platform tests come out as the standard has them."""
    cases = json.loads((shared / "conformance/url/urltestdata.json").read_text(encoding="utf-8"))
    cases = [case for case in cases if isinstance(case, dict)]
    wrong = [case for case in cases if whatwg(case["input"], case.get("base")) != case.get("href")]
    assert (len(cases), wrong) == (891, [])


@pytest.mark.parametrize("row", TRACKERS, ids=lambda row: f"{row.name}@{row.host}")
def test_tracking_parameter_is_not_identity(row: object) -> None:
    """A parameter of the table goes, on its host and below it; what stands beside it stays as it is."""
    name = row.name.replace("*", "x")  # type: ignore[attr-defined]
    host = f"www.{row.host or 'example.org'}"  # type: ignore[attr-defined]
    assert resolve(f"https://{host}/a?{name}=1").url == f"https://{host}/a"
    assert resolve(f"https://{host}/a?b=%zz&{name}&c=+").url == f"https://{host}/a?b=%zz&c=+"


def test_tracking_parameter_of_one_host_stays_elsewhere() -> None:
    """What tracks on YouTube may mean something anywhere else, also on a host that ends alike."""
    assert resolve("https://example.org/?si=1").url == "https://example.org/?si=1"
    assert resolve("https://notyoutube.com/?si=1").url == "https://notyoutube.com/?si=1"


def test_tracking_parameters_are_configurable() -> None:
    """A publication adds names to the table and keeps others."""
    table = trackers(("ref_*", "from"), ("utm_id",))
    assert (
        resolve("https://a.example/?ref_x=1&from=2&utm_id=3", None, table).url
        == "https://a.example/?utm_id=3"
    )


def test_scopes() -> None:
    """Internal is a host of the publication, sibling the same registrable domain, the rest outbound."""
    hosts = frozenset({"cn.example.co.uk"})
    assert scope_of("cn.example.co.uk", hosts) == Scope.INTERNAL
    assert scope_of("www.example.co.uk", hosts) == Scope.SIBLING
    assert scope_of("other.co.uk", hosts) == Scope.OUTBOUND
    assert scope_of("a.github.io", frozenset({"b.github.io"})) == Scope.OUTBOUND
    assert scope_of("127.0.0.2", frozenset({"127.0.0.1"})) == Scope.OUTBOUND
    assert scope_of("example.org", frozenset()) == Scope.OUTBOUND


def test_hosts_and_domains() -> None:
    """User names and ports are no part of a host; an address or a public suffix is its own domain."""
    assert host_of("https://user:p@www.example.org:8080/a") == "www.example.org"
    assert host_of("http://[2001:db8::1]:80/") == "2001:db8::1"
    assert [domain_of(host) for host in ("127.0.0.1", "::1", "github.io", "a.b.example.org.")] == [
        "127.0.0.1",
        "::1",
        "github.io",
        "example.org",
    ]


@settings(max_examples=300)
@given(st.text() | st.from_regex(r"(https?:)?[/\\]{0,3}[a-z.:@%\[\]]{0,20}[/?#&=a-z_%]{0,30}"))
def test_normalising_is_idempotent_and_never_fails(raw: str) -> None:
    """A URL in normal form is its own normal form, whatever it came from."""
    found = resolve(raw, BASE)
    assert (found.url is None) == (found.skip_reason is not None)
    if found.url is not None:
        assert resolve(found.url) == (found.url, None, None, found.host)


@settings(max_examples=500)
@given(st.from_regex(PLAIN, fullmatch=True))
def test_what_looks_plain_is_in_normal_form(raw: str) -> None:
    """An address that is taken as it stands is one that the standard leaves as it stands."""
    assert normalize_url(raw) == raw
    assert whatwg(raw) == raw


@pytest.mark.parametrize(
    "raw",
    ["https://a.example", "https://A.example/", "https://xn--a.example/", "https://a.example/b/../c",
     "https://a.example/%2e%2E/c", "https://a.example:443/", "https://1.2.3.4/", "https://a.example//b",
     "https://a.example/b?", "https://a.example/b c", "https://a.example/b#", "https://u@a.example/",
     "https://www.a.examplehttps//b/", "https://a.example./", "https://a.example/\\b", "ftp://a.example/"],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_standard(raw: str) -> None:
    """Whatever may need a change, or a closer look, is not taken as it stands."""
    assert PLAIN.fullmatch(raw) is None


@pytest.mark.parametrize(("url", "shown"), [
    ("http://user:secret@site.example/a", "http://site.example/a"),
    ("http://user%40home:s%2Fecret@site.example:8080/", "http://site.example:8080/"),
    ("https://site.example/@user/a", "https://site.example/@user/a"),
    ("https://site.example?to=me@home.example", "https://site.example?to=me@home.example"),
    ("https://site.example/a?to=http://me:secret@home.example/", "https://site.example/a?to=http://me:secret@home.example/"),
])  # fmt: skip
def test_a_login_is_not_shown(url: str, shown: str) -> None:
    """What stands before the host is left out; an "@" that stands elsewhere is part of the address."""
    assert without_userinfo(url) == shown
