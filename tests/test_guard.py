"""Canaries decide whether the fault is ours."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from rawweb import Request, answer, fetcher, raw_web

from linkwatch.check import guard
from linkwatch.check.guard import MANY_ALIKE, MANY_HOSTS, Doubt, Likeness, are_few, assure
from linkwatch.errors import OfflineError
from linkwatch.model import Answer, Failure, Hop, Observation
from linkwatch.policy import Policy

if TYPE_CHECKING:
    from asyncio import StreamWriter

CANARIES = [f"http://c{number}.example/" for number in range(3)]


async def asked(*answers: bytes) -> None:
    """Asks as many canaries as there are answers."""
    by_host = {f"c{number}.example": sent for number, sent in enumerate(answers)}

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(by_host[request.host])

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        await assure(fetch, CANARIES[: len(answers)])


async def test_canaries_that_our_machine_cannot_ask_are_no_outage() -> None:
    """Who has to raise a limit is not told to look for the network."""
    full = Failure("local_limit", "OSError: Too many open files")

    class Asks:
        policy = Policy()

        async def glance(self, url: str) -> Observation:
            return Observation(url, NIGHT, (Hop(url, None),), full, 1)

    with pytest.raises(OfflineError, match=r"could not be asked\. Our own machine ran out of files"):
        await assure(Asks(), CANARIES)  # type: ignore[arg-type]


ALIVE, SILENT = answer(body=""), b""


@pytest.mark.parametrize(
    "answers",
    [
        (),
        (ALIVE,),
        (ALIVE, SILENT),
        (ALIVE, ALIVE, SILENT),
        (answer("403 Forbidden"),),
        (answer("429 Slowly", Retry_After="3600"),),
        (answer("404 Not Found"),),
    ],
    ids=["none asked", "all", "half", "most", "refused", "rate-limited", "not found"],
)
async def test_online(answers: tuple[bytes, ...]) -> None:
    """At least half of the canaries answer, whatever they say; without canaries there is no guard."""
    await asked(*answers)


@pytest.mark.parametrize(
    "answers",
    [
        (SILENT,),
        (ALIVE, SILENT, SILENT),
        (answer("503 Down"), answer("502 Proxy"), ALIVE),
        (b"garbage\r\n\r\n",),
        (answer("302 Found", "", Location="/"),),
    ],
    ids=["none", "most silent", "faults of a gateway", "garbage", "a portal that goes round"],
)
async def test_offline(answers: tuple[bytes, ...]) -> None:
    """When most of them fail, the fault is ours, and the message says what to do next."""
    with pytest.raises(OfflineError, match=r"no network.*nothing was recorded.*\[network\] canaries"):
        await asked(*answers)


async def test_the_message_names_a_canary_and_its_cause() -> None:
    """One line says how many were asked and what came back."""
    with pytest.raises(OfflineError) as caught:
        await asked(SILENT, SILENT, ALIVE)
    assert "2 of 3" in str(caught.value)
    assert "http://c0.example/: connection_reset" in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_canaries_are_asked_together() -> None:
    """Silent canaries cost one time-out, not one each."""
    together, arrived = asyncio.Event(), 0

    async def serve(request: Request, writer: StreamWriter) -> None:
        nonlocal arrived
        arrived += 1
        if arrived == len(CANARIES):
            together.set()
        await together.wait()
        writer.write(answer(body=request.host))

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        await assure(fetch, CANARIES)
    assert arrived == len(CANARIES)


async def landing(sends: dict[str, bytes]) -> None:
    """Asks two canaries of a web in which some hosts send what they send, and all others a page."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(sends.get(request.host, answer(body=f"<title>{request.host}</title>")))

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        await assure(fetch, ["http://one.test/", "http://two.test/"])


LOGIN = answer("302 Found", "", Location="http://portal.test/login")
TERMS = "<title>{0}</title><h1>Welcome</h1><p>Accept our terms, then go on to http://{0}/.</p>"
HOME = answer("302 Found", "", Location="http://www.one.test/")


@pytest.mark.parametrize(
    "sends",
    [
        {"one.test": answer(body="Accept our terms"), "two.test": answer(body="Accept our terms")},
        {host: answer(body=TERMS.format(host)) for host in ("one.test", "two.test")},
        {"one.test": LOGIN, "two.test": LOGIN},
        {
            host: answer("302 Found", "", Location=f"http://{host}.portal.test/")
            for host in ("one.test", "two.test")
        },
    ],
    ids=["one page for all", "a page for each", "a redirect to its login", "a redirect for each"],
)
async def test_a_captive_portal_is_an_outage(sends: dict[str, bytes]) -> None:
    """It answers 200 for everybody, but not as the canaries would."""
    with pytest.raises(OfflineError, match="2 of 2 canary hosts do not answer as themselves"):
        await landing(sends)


@pytest.mark.parametrize("sends", [{}, {"one.test": HOME}, {"one.test": LOGIN}])
async def test_canaries_may_send_us_on_within_their_domain(sends: dict[str, bytes]) -> None:
    """And one of two may have moved: half of them are enough."""
    await landing(sends)


async def test_a_filter_that_refuses_everything_is_an_outage() -> None:
    """One page for all is nobody's own, whatever its status: links would be called blocked, or gone."""
    for status in ("403 Forbidden", "404 Not Found", "451 Not here"):
        page = answer(status, "Blocked by your organisation")
        with pytest.raises(OfflineError, match="2 of 2 canary hosts do not answer as themselves"):
            await landing({"one.test": page, "two.test": page})


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "404 Not Found"])
async def test_a_canary_that_answers_as_many_hosts_do_does_not_answer_as_itself(status: str) -> None:
    """So a single canary shows a portal too."""
    alike = answer(status, "Log in")
    for canary, refused in ((alike, True), (answer(body="A page of its own"), False)):

        async def serve(request: Request, writer: StreamWriter, canary: bytes = canary) -> None:
            writer.write(canary if request.host == "canary.test" else alike)

        async with raw_web(serve) as web, fetcher(web.network) as fetch:
            seen = await fetch.glance("http://one.test/")
            with pytest.raises(OfflineError) if refused else nullcontext():
                await assure(fetch, ["http://canary.test/"], seen)


async def test_what_was_seen_of_canaries_that_share_a_page_is_said() -> None:
    """Two that are gone from one host's service look as behind a filter: the run stops, and the line names
    the page and what to do; a canary that shows one of its own is not among them."""
    gone = answer("404 Not Found", "<title>404</title>There is no site here")
    with pytest.raises(OfflineError) as caught:
        await asked(gone, gone, answer(body="A page of its own"))
    assert str(caught.value) == (
        "no network: 2 of 3 canary hosts do not answer as themselves (http://c0.example/: HTTP 404, and"
        " c1.example shows the same page); nothing was recorded against any URL. Try again when the network"
        " is back; if it is up, set other [network] canaries"
    )


async def test_canaries_behind_a_gate_that_many_hosts_have_are_online() -> None:
    """Its maker's page is not a portal's: whoever is asked whether they are human has reached the host."""
    await asked(
        *[answer("403 Forbidden", "<title>Just a moment...</title>Checking", cf_mitigated="challenge")] * 3
    )


def test_doubt_comes_with_many_hosts_in_a_row() -> None:
    """Only hosts count, not URLs, and one that answers settles it."""
    doubt = Doubt()
    assert not any(doubt.grows("one.example", failed=True) for _ in range(10 * MANY_HOSTS))
    hosts = [f"h{number}.example" for number in range(MANY_HOSTS)]
    assert not any(doubt.grows(host, failed=True) for host in hosts[2:])
    assert not doubt.grows("alive.example", failed=False)
    assert [doubt.grows(host, failed=True) for host in hosts] == [False] * (MANY_HOSTS - 1) + [True]


def test_doubt_starts_again_once_the_canaries_were_asked() -> None:
    """They are asked again only when as many more have failed."""
    doubt = Doubt()
    answers = [doubt.grows(f"h{number}.example", failed=True) for number in range(3 * MANY_HOSTS)]
    assert sum(answers) == 3


def shows(number: int, body: str) -> Observation:
    """What the front page of one of many hosts shows."""
    url = f"http://h{number}.example{number}/"
    return Observation(url, NIGHT, (Hop(url, 200),), Answer(200, body=body.encode()), 1)


def test_likeness_is_asked_about_once() -> None:
    """Where so many hosts answer alike, whatever else answers in between; never again about the same."""
    alike = Likeness()
    found = [
        (alike.grows(shows(number, "portal")), alike.grows(shows(number, str(number)))) for number in range(9)
    ]
    assert found == [(number == MANY_ALIKE - 1, False) for number in range(9)]


def test_likeness_of_few_domains_is_of_urls() -> None:
    """Where all that is due is of fewer domains than it takes, a portal shows by as many URLs."""
    for few, asked in ((True, True), (False, False)):
        alike = Likeness(few)
        one = [replace(shows(1, "portal"), url=f"http://h1.example1/{number}") for number in range(9)]
        assert any(map(alike.grows, one)) is asked


@pytest.mark.parametrize("domains", range(1, 2 * MANY_ALIKE))
def test_hosts_are_few_by_their_domains(domains: int) -> None:
    """However many names a domain has for its hosts."""
    hosts = [f"{name}.d{number}.example" for name in ("a", "b", "c", "d") for number in range(domains)]
    assert are_few(hosts) is (domains < MANY_ALIKE)


def test_likeness_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run sees a million pages: of answers long ago that nobody shared nothing is kept."""
    monkeypatch.setattr(guard, "MOST_REMEMBERED", 10)
    alike = Likeness()
    for number in range(100):
        alike.grows(shows(number, str(number)))
    assert len(alike._alike) <= 10
    assert [alike.grows(shows(number, "portal")) for number in range(MANY_ALIKE)][-1]
