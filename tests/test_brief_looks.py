"""Looks that are only brief: where a host has been quick, and never the last word on a URL."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from history import History
from rawweb import QUICK, RawWeb, Request, answer, fetcher, raw_web

from linkwatch.check import stage
from linkwatch.check.guard import MANY_HOSTS
from linkwatch.check.progress import Progress
from linkwatch.check.quarantine import Quarantine
from linkwatch.check.records import Records
from linkwatch.check.run import Run
from linkwatch.check.stage import check
from linkwatch.config import Config
from linkwatch.model import Answer, Failure
from linkwatch.policy import Policy
from linkwatch.store import checks, runs

if TYPE_CHECKING:
    from asyncio import StreamWriter
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from sqlite_utils import Database

    from linkwatch.check.fetch import Fetcher
    from linkwatch.model import Observation
    from linkwatch.store.checks import Due

HOST = "site.example"
URL = f"http://{HOST}/page"
BRIEF = 0.1
# So long that a test fails by the time it is given, should a look that is to be brief be none.
PATIENT = replace(QUICK, timeout=60.0, connect_timeout=60.0)
GIVEN = 30.0

PAGE = answer(body="<title>A page</title><p>Words of a page, and some more of them.</p>")
# What a server does with a request where it sends nothing: never answers, or after a while.
HANGS, SLOW = b"hangs", b"slow"


async def forever() -> None:
    """Longer than any test. The loop knows of it: what waits for nothing is garbage, and hangs up."""
    await asyncio.sleep(2 * GIVEN)


async def send(what: bytes, writer: StreamWriter) -> None:
    """Answers, in one of these ways."""
    if what == HANGS:
        await forever()
    if what == SLOW:
        await asyncio.sleep(3 * BRIEF)
    writer.write(PAGE if what == SLOW else what)
    if what.endswith(b"..."):
        await writer.drain()
        await forever()


def serving(ways: dict[str, Sequence[bytes]]) -> Callable[[Request, StreamWriter], Awaitable[None]]:
    """A web where each request for an address or for a host meets the next of its ways, then the last."""
    asked: Counter[str] = Counter()

    async def serve(request: Request, writer: StreamWriter) -> None:
        mine = next((each for each in (request.host + request.path, request.host) if each in ways), "")
        asked[mine] += 1
        await send(ways.get(mine, [PAGE])[: asked[mine]][-1], writer)

    return serve


def config(web: RawWeb, **settings: object) -> Config:
    """Settings that lead to this web, with much patience and brief looks."""
    return Config(
        network=web.network,
        check=replace(PATIENT, **settings),  # type: ignore[arg-type]
        policy=replace(Policy(), retry_wait=0.0, first_look=BRIEF),
    )


def named(db: Database, *urls: str) -> list[Due]:
    """URLs that are due."""
    return checks.named(db, [(url, url.split("/")[2]) for url in urls], NIGHT)


async def run(db: Database, settings: Config, *urls: str) -> None:
    """Checks these URLs as one run, in the time that is given to it."""
    run_id = runs.begin(db, "check", NIGHT)
    async with asyncio.timeout(GIVEN):
        await check(db, settings, run_id=run_id, clock=lambda: NIGHT, targets=named(db, *urls))


async def night(db: Database, ways: dict[str, Sequence[bytes]], *urls: str, **settings: object) -> RawWeb:
    """A run over the page, of whose host something was seen before, and over these URLs before it."""
    async with raw_web(serving(ways)) as web:
        one_by_one = {"per_host_concurrency": 1, "concurrency": 1, **settings}
        await run(db, config(web, **one_by_one), f"http://{HOST}/quick", *urls, URL)
    return web


def recorded(db: Database) -> dict[str, str]:
    """The reason that stands with each URL that was checked."""
    rows = db.query("select url, checks.reason from checks join urls on urls.id = url_id")
    return {row["url"]: row["reason"] for row in rows}


@pytest.fixture
async def web() -> AsyncIterator[RawWeb]:
    """One whose host never answers at the first look, and slowly then."""
    async with raw_web(serving({HOST: [HANGS, SLOW]})) as found:
        yield found


def quick(fetch: Fetcher, host: str = HOST) -> None:
    """A host that has answered at once."""
    fetch.quickness.answered(host, 0.001)


def reason(seen: Observation) -> str:
    """Why nothing was seen."""
    assert isinstance(seen.outcome, Failure), seen
    return seen.outcome.reason


async def test_a_host_that_was_quick_is_looked_at_briefly(web: RawWeb) -> None:
    """Once, whatever tries the settings allow: the next one at once would tell no more."""
    async with fetcher(web.network, replace(PATIENT, retries=2), first_look=BRIEF) as fetch:
        quick(fetch)
        assert reason(await fetch.fetch(URL)) == "brief_look"
    assert len(web.requests) == 1


@pytest.mark.parametrize("url", ["http://[/", "http://", "no address", "http:///page"])
async def test_what_is_no_url_has_no_host_to_know(url: str) -> None:
    """It is said to be none, as by any look."""
    async with raw_web(PAGE) as web, fetcher(web.network) as fetch:
        assert reason(await fetch.fetch(url)) == "invalid_url"


async def test_a_host_that_nobody_knows_is_waited_for() -> None:
    """Another's quickness says nothing of it."""
    async with (
        raw_web(serving({HOST: [SLOW]})) as web,
        fetcher(web.network, PATIENT, first_look=BRIEF) as fetch,
    ):
        quick(fetch, "other.example")
        assert isinstance((await fetch.fetch(URL)).outcome, Answer)


async def test_a_host_that_lets_us_wait_is_no_longer_quick(web: RawWeb) -> None:
    """Until it answers again it is given all patience."""
    async with fetcher(web.network, PATIENT, first_look=BRIEF) as fetch:
        quick(fetch)
        await fetch.fetch(URL)
        assert fetch.quickness.expected(HOST) is None
        assert isinstance((await fetch.fetch(URL)).outcome, Answer)
        assert (fetch.quickness.expected(HOST) or 0.0) > 3 * BRIEF


ELSE: dict[str, Callable[[Fetcher, Config], Awaitable[Observation]]] = {
    "second looks and canaries": lambda fetch, _: fetch.glance(URL),
    "made-up addresses": lambda fetch, _: stage._in_turn(fetch, URL),
    "robots.txt": lambda fetch, settings: stage._robots(fetch, settings).read(URL),
}


@pytest.mark.parametrize("way", ELSE)
async def test_only_first_looks_are_brief(way: str) -> None:
    """Whatever else is asked of a quick host has all patience."""
    async with (
        raw_web(serving({HOST: [SLOW]})) as web,
        fetcher(web.network, PATIENT, first_look=BRIEF) as fetch,
    ):
        quick(fetch)
        assert isinstance((await ELSE[way](fetch, config(web))).outcome, Answer)


async def test_a_brief_look_is_not_longer_than_the_time_out(web: RawWeb) -> None:
    """What is as long as that is a time-out, and no brief look."""
    impatient = replace(QUICK, timeout=BRIEF, connect_timeout=BRIEF)
    async with fetcher(web.network, impatient, first_look=60.0) as fetch:
        quick(fetch)
        assert reason(await fetch.fetch(URL)) == "read_timeout"


@pytest.mark.parametrize("turn", range(16))
async def test_our_own_delays_do_not_shorten_it(turn: int) -> None:
    """An answer in time is one, though nothing of ours ran for longer than a brief look."""
    async with raw_web(answer()) as web, fetcher(web.network, PATIENT, first_look=0.05) as fetch:
        quick(fetch)
        seeing = asyncio.create_task(fetch.fetch(URL))
        for _ in range(turn):
            await asyncio.sleep(0)
        time.sleep(0.1)  # noqa: ASYNC251 - the loop is held up on purpose
        seen = await seeing
    assert isinstance(seen.outcome, Answer), seen.outcome


THERE = "there.example"
TO_THERE = answer("302 Found", "", Location=f"http://{THERE}/page")
TWICE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nWords"


@pytest.mark.parametrize(
    ("ways", "first", "requests"),
    [
        ({f"{HOST}/page": [HANGS, PAGE]}, "ok", 2),
        ({f"{HOST}/page": [HANGS, SLOW]}, "ok", 2),
        ({f"{HOST}/page": [HANGS, answer("404 Not Found")]}, "http_404", 2),
        ({f"{HOST}/page": [b"HTTP/1.1 404 Not Found\r\nContent-Length: 99\r\n\r\nNot...", PAGE]}, "ok", 2),
        ({f"{HOST}/page": [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n404...", PAGE]}, "ok", 2),
        ({f"{HOST}/page": [TO_THERE], f"{THERE}/page": [HANGS, SLOW]}, "ok", 4),
        ({f"{HOST}/page": [HANGS, TO_THERE], f"{THERE}/page": [SLOW]}, "ok", 3),
        ({f"{HOST}/page": [TWICE, SLOW]}, "ok", 2),
    ],
    ids=[
        "answered", "slowly", "gone", "a status whose page drips", "a page that drips",
        "behind a redirect", "in front of one", "read by the letter and then as browsers do",
    ],
)  # fmt: skip
async def test_what_was_seen_briefly_says_nothing(
    db: Database, ways: dict[str, Sequence[bytes]], first: str, requests: int
) -> None:
    """What is recorded is what is seen with all patience, as if there had been no brief look."""
    web = await night(db, ways, f"http://{THERE}/quick", f"http://{THERE}/2", f"http://{THERE}/3")
    assert recorded(db).pop(URL) == first
    assert set(recorded(db).values()) <= {"ok", first}
    assert web.paths().count("/page") == requests


async def test_what_never_answers_is_called_so_with_all_patience(db: Database) -> None:
    """A time-out that is recorded is as long as the settings have it."""
    web = await night(db, {f"{HOST}/page": [HANGS]}, timeout=5 * BRIEF, connect_timeout=5 * BRIEF)
    (row,) = db.query("select reason, elapsed_ms from checks where reason <> 'ok'")
    assert row["reason"] == "read_timeout"
    assert row["elapsed_ms"] >= 0.9 * 5 * BRIEF * 1000
    assert web.paths().count("/page") == 2


async def test_what_failed_the_last_time_has_all_patience_at_once(db: Database) -> None:
    """Its one look may be the last one."""
    History(db).url(
        URL,
        state="suspect",
        verdict="unreachable",
        reason="read_timeout",
        failures=1,
        failing_since="2026-02-28",
    )
    web = await night(db, {f"{HOST}/page": [SLOW]})
    assert recorded(db)[URL] == "ok"
    assert web.paths().count("/page") == 1


async def test_a_run_that_ends_before_the_second_look_has_seen_nothing(db: Database) -> None:
    """Interrupted, or out of time: the URL is as it was, and due."""
    second = asyncio.Event()
    ways = serving({f"{HOST}/page": [HANGS]})

    async def serve(request: Request, writer: StreamWriter) -> None:
        if [each.path for each in web.requests].count("/page") == 2:
            second.set()
        await ways(request, writer)

    async with raw_web(serve) as web:
        one_by_one = config(web, per_host_concurrency=1)
        running = asyncio.create_task(run(db, one_by_one, f"http://{HOST}/quick", URL))
        async with asyncio.timeout(GIVEN):
            await second.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert recorded(db) == {f"http://{HOST}/quick": "ok"}
    (row,) = db.query("select state, last_checked_at from urls where url = ?", [URL])
    assert (row["state"], row["last_checked_at"]) == ("unchecked", None)


def a_run(db: Database, fetch: Fetcher, assure: Callable[..., Awaitable[None]]) -> Run:
    """One whose URLs are looked at by hand."""
    records = Records(db, runs.begin(db, "check", NIGHT), fetch.policy, Progress())
    return Run(fetch.policy, fetch, records, Quarantine(assure))


async def nobody_asks() -> None:
    """No canary is to be asked."""
    raise AssertionError


async def test_brief_looks_set_no_host_aside(db: Database) -> None:
    """However many run out at once: a host that has become slow is one that answers."""
    five = named(db, *(f"http://{HOST}/{number}" for number in range(5)))
    (sixth,) = named(db, URL)
    ways = {HOST: [HANGS] * 5 + [SLOW]}
    async with (
        raw_web(serving(ways)) as web,
        fetcher(web.network, PATIENT, first_look=BRIEF) as fetch,
    ):
        quick(fetch)
        looking = a_run(db, fetch, nobody_asks)
        await asyncio.gather(*(looking.first(each) for each in five))
        await looking.first(sixth)
        looking.close()
    assert {late.due.url for late in looking.late} == {each.url for each in five}
    assert all(late.silent for late in looking.late)
    assert recorded(db) == {URL: "ok"}


async def test_a_brief_look_absolves_no_host(db: Database) -> None:
    """It is no answer: what refuses us before and after it refuses us in a row."""
    busy = answer("503 Busy", "")
    async with (
        raw_web(serving({HOST: [busy, busy, HANGS, busy]})) as web,
        fetcher(web.network, PATIENT, first_look=BRIEF) as fetch,
    ):
        looking = a_run(db, fetch, nobody_asks)
        for due in named(db, *(f"http://{HOST}/{number}" for number in range(4))):
            await looking.first(due)
    assert [late.silent for late in looking.late] == [False, False, True, False]
    assert looking.strikes[HOST] == 3


async def test_brief_looks_tell_of_a_network_that_dies(db: Database) -> None:
    """Where many hosts in a row say nothing the canaries are asked, however briefly it was looked."""
    hosts = [f"h{number}.example" for number in range(MANY_HOSTS)]
    asked = []

    async def assure() -> None:
        asked.append(len(looking.late))

    async with (
        raw_web(serving({host: [HANGS] for host in hosts})) as web,
        fetcher(web.network, PATIENT, first_look=BRIEF) as fetch,
    ):
        looking = a_run(db, fetch, assure)
        for host in hosts:
            quick(fetch, host)
        due = named(db, *(f"http://{host}/" for host in hosts))
        await asyncio.gather(*(looking.first(each) for each in due))
    assert asked == [MANY_HOSTS - 1]
    assert recorded(db) == {}
