"""One run: what is recorded at once, what is left for the end, and what is never asked twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from history import History
from rawweb import QUICK, RawWeb, Request, answer, raw_web

from linkwatch.check import quarantine, records
from linkwatch.check import run as run_module
from linkwatch.check.guard import MANY_HOSTS
from linkwatch.check.stage import check
from linkwatch.config import Config, Network
from linkwatch.demo.dns import Rcode, name_server
from linkwatch.errors import OfflineError
from linkwatch.policy import Policy
from linkwatch.store import checks, runs

if TYPE_CHECKING:
    from asyncio import StreamWriter

    from sqlite_utils import Database

CANARY = "http://canary.example/"


async def run(db: Database, network: Network, *urls: str, **settings: object) -> None:
    """Checks these URLs as one run, without patience."""
    due = checks.named(db, [(url, url.split("/")[2].partition(":")[0]) for url in urls], NIGHT)
    config = Config(
        network=network,
        check=replace(QUICK, **settings),  # type: ignore[arg-type]
        policy=replace(Policy(), retry_wait=0.0),
    )
    await check(db, config, run_id=runs.begin(db, "check", NIGHT), clock=lambda: NIGHT, targets=due)


def recorded(db: Database) -> dict[str, str]:
    """The reason that stands with each URL that was checked."""
    rows = db.query("select url, checks.reason from checks join urls on urls.id = url_id")
    return {row["url"]: row["reason"] for row in rows}


def with_closed_host(web: RawWeb, *canaries: str) -> Network:
    """``closed.example`` takes no connection; all others lead to this web."""
    return replace(
        web.network, connect_to=("closed.example::127.0.0.1:9", *web.network.connect_to), canaries=canaries
    )


async def test_a_server_that_takes_no_connection_is_not_asked_by_each_of_its_urls(db: Database) -> None:
    """Its URLs share what two of them met, and each says of whom it was seen."""
    asked: list[str] = []

    def lookup(name: str) -> Rcode:
        asked.append(name)
        return Rcode.NO_SUCH_NAME if name == "lost.example" else Rcode.FOUND

    urls = [f"http://lost.example/{number}" for number in range(40)]
    async with raw_web(answer()) as web, name_server(lookup) as nameserver:
        network = Network(nameservers=(nameserver,), connect_to=(f":80::{web.port}",), canaries=(CANARY,))
        await run(db, network, *urls, per_host_concurrency=1)
    assert recorded(db) == dict.fromkeys(urls, "dns_nxdomain")
    assert asked.count("lost.example") <= 4 * 2  # two tries, each for two kinds of address, perhaps twice
    shared = db.query("select error from checks where error like '%met at http://lost.example%'")
    assert len(list(shared)) == 39


async def test_ports_of_one_host_are_servers_of_their_own(db: Database) -> None:
    """What one port does not take says nothing of another."""
    async with raw_web(answer()) as web:
        network = replace(
            web.network, connect_to=("site.example:81:127.0.0.1:9", *web.network.connect_to), canaries=()
        )
        await run(db, network, "http://site.example:81/", "http://site.example:82/", "http://site.example/")
    assert recorded(db) == {
        "http://site.example:81/": "connection_refused",
        "http://site.example:82/": "ok",
        "http://site.example/": "ok",
    }


async def test_a_redirect_to_a_dead_server_says_nothing_of_the_first(db: Database) -> None:
    """Only a server's own silence is shared."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        away = answer("302 Found", "", Location="http://closed.example/")
        writer.write(away if request.path == "/away" else answer())

    async with raw_web(serve) as web:
        urls = ["http://site.example/away", "http://site.example/here"]
        await run(db, with_closed_host(web), *urls, per_host_concurrency=1)
    assert recorded(db) == dict(zip(urls, ["connection_refused", "ok"], strict=True))


async def test_a_server_that_comes_back_late_in_the_run_is_asked_by_each(db: Database) -> None:
    """Early silence is not held against URLs that answer late."""
    silent = [True]

    def lookup(name: str) -> Rcode:
        return Rcode.SERVER_FAILURE if name == "site.example" and silent[0] else Rcode.FOUND

    async def serve(request: Request, writer: StreamWriter) -> None:
        silent[0] = False  # another host's answer marks the time
        writer.write(answer())

    urls = [f"http://site.example/{number}" for number in range(5)]
    async with raw_web(serve) as web, name_server(lookup) as nameserver:
        network = Network(nameservers=(nameserver,), connect_to=(f":80::{web.port}",), canaries=())
        await run(db, network, *urls, "http://other.example/", concurrency=1)
    assert recorded(db) == dict.fromkeys([*urls, "http://other.example/"], "ok")


async def test_a_network_that_dies_ends_the_run_soon(db: Database) -> None:
    """Many hosts failing in a row ask the canaries at once; what was seen before is kept."""
    up = [True]

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(answer() if up[0] or request.host == "alive.example" else b"")
        up[0] = up[0] and request.host != "alive.example"

    hosts = [f"http://h{number}.example/" for number in range(20 * MANY_HOSTS)]
    async with raw_web(serve) as web:
        network = replace(web.network, canaries=(CANARY,))
        with pytest.raises(OfflineError):
            await run(db, network, "http://alive.example/", *hosts, concurrency=1)
    assert recorded(db) == {"http://alive.example/": "ok"}
    assert len({each.host for each in web.requests}) < 2 * MANY_HOSTS


async def test_many_dead_hosts_are_no_outage(db: Database) -> None:
    """A corpus of dead links is recorded as such while the canaries answer."""
    hosts = [f"http://h{number}.example/" for number in range(2 * MANY_HOSTS)]

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(answer() if request.host == "canary.example" else b"")

    async with raw_web(serve) as web:
        await run(db, replace(web.network, canaries=(CANARY,)), *hosts)
    assert recorded(db) == dict.fromkeys(hosts, "connection_reset")


FAILED_BEFORE = {"state": "suspect", "verdict": "unreachable", "reason": "http_500", "failures": 1}


@pytest.mark.parametrize(
    ("past", "times"),
    [
        ({}, 4),  # three tries, and one at the end
        (FAILED_BEFORE | {"failing_since": "2026-02-28"}, 1),
        (FAILED_BEFORE | {"failing_since": "2026-02-10", "failures": 9, "state": "dead"}, 1),
        (FAILED_BEFORE | {"failing_since": "2026-02-10", "failures": 4}, 2),  # it would be dead by this one
        (FAILED_BEFORE | {"failing_since": "2026-02-28", "reason": "http_502"}, 2),
    ],
    ids=["first", "again", "dead", "dying", "otherwise"],
)
async def test_what_failed_the_last_time(db: Database, past: dict[str, object], times: int) -> None:
    """Fails again in the same way: one request shows it, unless the URL would be called dead by it."""
    url = "http://broken.example/"
    History(db).url(url, **{"state": "unchecked", **past})  # type: ignore[arg-type]
    async with raw_web(answer("500 Oops")) as web:
        await run(db, replace(web.network, canaries=()), url, retries=2)
    assert recorded(db) == {url: "http_500"}
    assert web.paths() == ["/"] * times


async def test_what_failed_the_last_time_waits_for_the_canaries_all_the_same(db: Database) -> None:
    """Once is enough to see it, but not to know that the fault is not ours."""
    url = "http://broken.example/"
    History(db).url(url, **FAILED_BEFORE | {"failing_since": "2026-02-28", "reason": "connection_reset"})  # type: ignore[arg-type]
    asked: list[str] = []

    async def serve(request: Request, writer: StreamWriter) -> None:
        if request.host not in asked[-1:]:  # aiohttp asks again by itself where it is hung up on
            asked.append(request.host)
        writer.write(answer() if asked == ["canary.example"] else b"")

    async with raw_web(serve) as web:
        with pytest.raises(OfflineError):
            await run(db, replace(web.network, canaries=(CANARY,)), url)
    assert asked == ["canary.example", "broken.example", "canary.example"]
    assert recorded(db) == {}


async def test_doubt_does_not_grow_without_end(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many links are dead the canaries are asked meanwhile, and what they answer for is written."""
    monkeypatch.setattr(quarantine, "MOST_IN_DOUBT", 5)
    hosts = [f"http://h{number}.example/" for number in range(12)]
    written_at_question: list[int] = []

    async def serve(request: Request, writer: StreamWriter) -> None:
        if request.host == "canary.example":
            written_at_question.append(len(recorded(db)))
        writer.write(answer() if request.host == "canary.example" else b"")

    monkeypatch.setattr(records, "BATCH", 0)
    monkeypatch.setattr(records, "BATCH_SECONDS", 0.0)
    monkeypatch.setattr(run_module, "MANY_ALIKE", 1)
    async with raw_web(serve) as web:
        await run(db, replace(web.network, canaries=(CANARY,)), *hosts)
    assert recorded(db) == dict.fromkeys(hosts, "connection_reset")
    assert len(written_at_question) == 1 + 2 + 1  # before, twice meanwhile, at the end
    assert written_at_question[-1] >= 5


async def test_no_failure_waits_long_for_the_canaries(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """While failures come they are asked again after a while: a run that is killed loses little."""
    monkeypatch.setattr(quarantine, "LONGEST_IN_DOUBT", 0.0)
    asked: list[str] = []

    async def serve(request: Request, writer: StreamWriter) -> None:
        asked.append(request.host)
        writer.write(answer() if request.host == "canary.example" else b"")

    hosts = [f"http://h{number}.example/" for number in range(3)]
    async with raw_web(serve) as web:
        await run(db, replace(web.network, canaries=(CANARY,)), *hosts)
    assert recorded(db) == dict.fromkeys(hosts, "connection_reset")
    assert asked.count("canary.example") == 1 + len(hosts)


HOSTILE_HEADERS = {
    "Content-Type": b"text/html\xff\xfe",
    "cf-mitigated": b"challenge\xff\x1b[31m",
    "Retry-After": b"\xff" * 5_000,
    "Location": b"/\xff\xfe",
    "Set-Cookie": b"(a)=\xff",
    "Content-Encoding": b"\xff",
    "Content-Length": b"\xff",
    "Transfer-Encoding": b"\xff",
    "Connection": b"\xff",
    "Server": b"\xff",
}


@pytest.mark.parametrize("status", [200, 302, 403, 429, 503])
@pytest.mark.parametrize("name", HOSTILE_HEADERS)
async def test_no_header_ends_the_run(db: Database, name: str, status: int) -> None:
    """Bytes that are no text come to a check like any other, and the next URL is checked too."""
    head = f"HTTP/1.1 {status} x\r\nConnection: close\r\n{name}: ".encode() + HOSTILE_HEADERS[name]
    body = b"\r\n\r\n<title>\x00\xff&#xD800;\x1b]0;x\x07</title>"

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(head + body if request.path == "/" else answer())

    async with raw_web(serve) as web:
        await run(db, replace(web.network, canaries=()), "http://site.example/", "http://site.example/fine")
    assert len(recorded(db)) == 2
    assert recorded(db)["http://site.example/fine"] == "ok"
