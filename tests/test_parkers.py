"""Every row of the table of parkers: it knows its own, and not what a story could link to."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from conftest import NIGHT

from linkwatch.check.judging import places
from linkwatch.check.judging.judge import judge
from linkwatch.check.judging.parkers import PARKERS, Parker, served_by
from linkwatch.model import Answer, Beside, Hop, Observation
from linkwatch.policy import Policy

URL = "https://site.example/2012/story.html"
MARKUP = {
    "Sedo": ('<script src="//img.sedoparking.com/js/x.js">', '<a href="https://sedo.com/search/">Sedo</a>'),
    "Bodis": ('<script src="https://bodiscdn.com/x.js">', '<a href="https://www.bodis.com/">Bodis</a>'),
    "ParkingCrew": ('<script src="//c.parkingcrew.net/x.js">', "<p>ParkingCrew, they said</p>"),
    "Dan": ('<link href="https://cdn.dan.com/x.css">', '<a href="https://dan.com/buy-domain/a.example">Dan</a>'),
    "GoDaddy": ('<script src="https://img1.wsimg.com/parking-lander/x.js">', '<img src="https://img1.wsimg.com/a.png">'),
    "GoDaddy, as it was": ("<iframe src='http://mcc.godaddy.com/park/pz'></iframe>", "<a href='http://godaddy.com/park'>G</a>"),
    "ParkLogic": ('<script src="//js.parklogic.com/x.js">', "<p>ParkLogic</p>"),
    "AdSense for Domains": ('<script src="//www.google.com/adsense/domains/caf.js">',
                            '<script src="//pagead2.googlesyndication.com/pagead/js/adsbygoogle.js">'),
    "a parker's key for Adblock Plus": ('<html data-adblockkey="MFwwDQYJKoZI">', '<div data-adblockkey="200">'),
}  # fmt: skip
ADDRESSES = {
    "a parker's numbered host":
        ("http://ww25.site.example/?usid=25&utid=7", "http://www2.site.example/2012/story.html?id=25"),
}  # fmt: skip


def seen(body: str, *, final: str = URL, beside: Beside | None = None) -> Observation:
    """What is seen of a page that says little."""
    hops = (Hop(URL, 200),) if final == URL else (Hop(URL, 302), Hop(final, 200))
    answer = Answer(200, (), body.encode(), len(body), "text/html; charset=utf-8")
    return Observation(URL, NIGHT, hops, answer, 10, beside)


def test_every_sign_is_tried() -> None:
    """A sign that is added is added here too."""
    assert {parker.name for parker in PARKERS if parker.markup} == set(MARKUP)
    assert {parker.name for parker in PARKERS if parker.address} == set(ADDRESSES)


@pytest.mark.parametrize("parker", [each for each in PARKERS if each.markup], ids=lambda each: each.name)
def test_markup(parker: Parker) -> None:
    """A parker's page is known by what it loads, where it says little, and not by a link."""
    sample, trap = MARKUP[parker.name]
    found = judge(seen(sample), Policy())
    assert found.reason == "parked_domain"
    assert parker.name in found.evidence
    assert judge(seen(trap), Policy()).reason == "ok"
    long = f"{sample}</script></head><body><p>{'A long story of domains. ' * 40}"
    assert judge(seen(long), Policy()).reason == "ok"


@pytest.mark.parametrize("parker", [each for each in PARKERS if each.address], ids=lambda each: each.name)
def test_addresses(parker: Parker) -> None:
    """Where visitors are sent, with a number for each."""
    sample, trap = ADDRESSES[parker.name]
    assert judge(seen("<p>Loans", final=sample), Policy()).reason == "parked_domain"
    assert judge(seen("<p>Loans", final=trap), Policy()).reason == "ok"


@pytest.mark.parametrize("parker", [each for each in PARKERS if each.hosts], ids=lambda each: each.name)
def test_hosts(parker: Parker) -> None:
    """Whoever is sent to a dealer finds a domain for sale; who cites the dealer finds the dealer."""
    for host in parker.hosts:
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host)
        there = f"https://www.{host}/domain?d=site.example"
        assert judge(seen("<p>Buy it", final=there), Policy()).reason == "parked_domain"
        cited = replace(seen("<p>Buy it"), url=there, hops=(Hop(there, 200),))
        assert judge(cited, Policy()).reason == "ok"


@pytest.mark.parametrize("parker", [each for each in PARKERS if each.servers], ids=lambda each: each.name)
def test_name_servers(parker: Parker) -> None:
    """A page that says little, on a domain that only a parker names, is parked; a long page is a page."""
    for domain in parker.servers:
        named = Beside(name_servers=(f"ns1.{domain}", f"ns2.{domain}"))
        found = judge(seen("<p>Loans, travel, insurance", beside=named), Policy())
        assert (found.reason, f"ns1.{domain}" in found.evidence) == ("parked_domain", True)
        assert judge(seen(f"<p>{'A long story. ' * 60}", beside=named), Policy()).reason == "ok"


@pytest.mark.parametrize("servers", [
    (), ("ns1.host.example",), ("ns1.sedoparking.com", "ns1.host.example"), ("ns1.notsedoparking.com",),
])  # fmt: skip
def test_other_name_servers(servers: tuple[str, ...]) -> None:
    """All of them must be one parker's."""
    assert served_by(servers) is None


def test_every_parker_has_a_sign() -> None:
    """A row without one would be a name only."""
    assert all(each.hosts or each.markup or each.address or each.servers for each in PARKERS)


def test_what_addresses_are_called() -> None:
    """Whole words in lower case and without a suffix, as they are compared."""
    words = (
        places.LOGIN_SEGMENTS | places.LOGIN_LABELS | places.PAYWALL_SEGMENTS | places.LOST_SEGMENTS
        | places.SEARCH_KEYS | places.SEARCH_SEGMENTS
    )  # fmt: skip
    assert all(each == each.lower() and "/" not in each and "." not in each for each in words)
