"""The check stage on a real database and real sockets: recorded as it goes, and never wrongly."""

from __future__ import annotations

import asyncio
import itertools
import ssl
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
import trustme
from conftest import NIGHT
from history import History
from rawweb import QUICK, RawWeb, Request, answer, fetcher, raw_web

from linkwatch.check import stage
from linkwatch.check.lanes import Lanes
from linkwatch.check.progress import Progress
from linkwatch.check.stage import check
from linkwatch.config import Config, Network
from linkwatch.errors import OfflineError
from linkwatch.model import Verdict
from linkwatch.policy import Policy
from linkwatch.store import checks, runs
from linkwatch.times import from_text

if TYPE_CHECKING:
    from asyncio import StreamWriter
    from collections import Counter
    from collections.abc import Callable
    from pathlib import Path

    from sqlite_utils import Database

    from linkwatch.store.checks import Due

CANARY = "http://canary.example/"


def config(web: RawWeb, *canaries: str, **settings: object) -> Config:
    """Settings that lead to this web, without patience."""
    network = replace(web.network, canaries=canaries)
    check_settings = replace(QUICK, **settings)  # type: ignore[arg-type]
    return Config(network=network, check=check_settings, policy=replace(Policy(), retry_wait=0.0))


async def run(
    db: Database, settings: Config, *urls: str, progress: Progress | None = None
) -> Counter[Verdict]:
    """Checks these URLs as one run."""
    hosts = [(url, url.split("/")[2]) for url in urls]
    due = checks.named(db, hosts, NIGHT)
    run_id = runs.begin(db, "check", NIGHT)
    return await check(
        db, settings, run_id=run_id, clock=lambda: NIGHT, targets=due, progress=progress or Progress()
    )


def states(db: Database) -> dict[str, str]:
    """What is held of each URL."""
    return {row["url"].split("/")[2]: row["state"] for row in db.table("urls").rows}


def count(db: Database, table: str) -> int:
    """How many rows a table has."""
    return int(db.table(table).count)


async def test_what_is_seen_is_recorded_with_its_evidence(db: Database) -> None:
    """A check keeps status, title, hops and reason; the URL its state; the change its date."""
    ways = {
        "old.example": answer("301 Moved", "", Location="http://new.example/"),
        "gone.example": answer("410 Gone", "<title>Gone</title>"),
    }

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(ways.get(request.host, answer()))

    async with raw_web(serve) as web:
        verdicts = await run(
            db, config(web), "http://old.example/", "http://gone.example/", "http://a.example/"
        )
    assert verdicts == {Verdict.MOVED: 1, Verdict.GONE: 1, Verdict.ALIVE: 1}
    assert states(db) == {"old.example": "moved", "gone.example": "suspect", "a.example": "alive"}
    (moved,) = db.query("select * from urls where host = 'old.example'")
    assert moved["final_url"] == "http://new.example/"
    (gone,) = db.query("select * from checks where verdict = 'gone'")
    assert (gone["reason"], gone["http_status"], gone["title"]) == ("http_410", 410, "Gone")
    assert [row["http_status"] for row in db.query("select * from hops order by check_id, position")].count(
        301
    ) == 1
    assert count(db, "transitions") == 3


async def test_results_are_written_while_the_run_goes_on(db: Database) -> None:
    """What is done is in the database before the slowest URL has ended."""
    reached, seen = asyncio.Event(), []

    async def serve(request: Request, writer: StreamWriter) -> None:
        if request.host == "slow.example":
            await reached.wait()
        writer.write(answer())

    def watch(progress: Progress) -> None:
        if progress.done == 54:
            reached.set()
        if progress.done == 55:
            seen.append(count(db, "checks"))

    urls = [f"http://h{number}.example/" for number in range(54)]
    async with raw_web(serve) as web:
        await run(db, config(web), "http://slow.example/", *urls, progress=Progress(tell=watch))
    assert seen == [50]
    assert count(db, "checks") == 55


async def test_a_run_that_waits_says_so(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """How far it is is told also while no check comes to an end."""
    monkeypatch.setattr(stage, "PULSE", 0.01)
    told, enough = [], asyncio.Event()

    async def serve(request: Request, writer: StreamWriter) -> None:
        await enough.wait()
        writer.write(answer())

    def tell(progress: Progress) -> None:
        told.append(progress.done)
        if len(told) == 3:
            enough.set()

    async with raw_web(serve) as web:
        await run(db, config(web), "http://a.example/", progress=Progress(tell=tell))
    assert told[:3] == [0, 0, 0]
    assert told[-1] == 1


async def test_offline_nothing_is_recorded(db: Database) -> None:
    """When no canary answers, no URL is even asked."""
    async with raw_web(b"") as web:
        with pytest.raises(OfflineError, match="no network"):
            await run(db, config(web, CANARY), "http://a.example/")
        assert {each.host for each in web.requests} == {"canary.example"}
    assert count(db, "checks") == 0
    assert states(db) == {"a.example": "unchecked"}


async def test_one_silent_canary_of_three_is_not_an_outage(db: Database) -> None:
    """Half of the canaries are enough: a canary may have a bad night of its own."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(b"" if request.host == "c1.example" else answer(body=request.host))

    canaries = [f"http://c{number}.example/" for number in (1, 2, 3)]
    async with raw_web(serve) as web:
        await run(db, config(web, *canaries), "http://a.example/")
    assert states(db) == {"a.example": "alive"}


async def test_a_network_that_dies_half_way_marks_no_link(db: Database) -> None:
    """Failures that the network may have caused count only if the canaries answer afterwards."""
    canary_asked = 0

    async def serve(request: Request, writer: StreamWriter) -> None:
        nonlocal canary_asked
        if request.host == "canary.example":
            canary_asked += 1
            writer.write(answer() if canary_asked == 1 else b"")
        elif request.host == "cut.example":
            writer.write(b"")
        else:
            writer.write(answer("404 Not Found", "") if request.host == "gone.example" else answer())

    async with raw_web(serve) as web:
        with pytest.raises(OfflineError):
            await run(
                db, config(web, CANARY), "http://a.example/", "http://cut.example/", "http://gone.example/"
            )
    assert states(db) == {"a.example": "alive", "cut.example": "unchecked", "gone.example": "suspect"}


def sent(location: str) -> Callable[[Request], bytes]:
    """Sends everybody somewhere, perhaps with the name of the host that was asked in it."""
    return lambda asked: answer("302 Found", "", Location=location.format(asked.host))


def welcomed(asked: Request) -> bytes:
    """A page for each host, with a token and the time in it."""
    token = sha256(asked.host.encode()).hexdigest()
    form = f"<form action=/accept?for={asked.host}><input type=hidden name=magic value={token}></form>"
    said = f"<p>Before you go on to {asked.host}, accept our terms.</p><p>It is {ord(token[0])}:00.</p>"
    return answer(body=f"<!doctype html><title>Log in: {asked.host}</title>{form}{said}")


PORTALS: dict[str, Callable[[Request], bytes]] = {
    "one page for all": lambda _: answer(body="Accept our terms"),
    "a page for each host": welcomed,
    "a redirect to its login": sent("http://portal.test/login"),
    "a redirect that goes round": sent("http://portal.test/"),
    "a redirect to a place for each host": sent("http://portal.test/login/{}"),
    "a redirect to a host for each host": sent("http://for-{}.portal.test/login"),
    "a redirect to a page under each host's name": sent("/login"),
    "a circle under each host's name": sent("/circle?{}"),
    "a private address": sent("http://10.0.0.1/login"),
    "a gateway that fails": lambda asked: answer("502 Bad Gateway", f"No way to {asked.host}"),
    "a gateway that says nothing": lambda _: answer("504 Gateway Timeout", ""),
    "a network that asks for a login": lambda _: answer("511 Network Authentication Required", ""),
    "no HTTP": lambda _: b"SSH-2.0-portal\r\n",
}


@pytest.mark.parametrize("portal", PORTALS.values(), ids=PORTALS)
@pytest.mark.parametrize("after", [49, 50, 51, 52, 53, 54, 60])
async def test_a_portal_that_comes_up_half_way_marks_no_link(
    db: Database, portal: Callable[[Request], bytes], after: int
) -> None:
    """What answers alike for many hosts is evidence only while the canaries answer as themselves."""
    asked = 0

    async def serve(request: Request, writer: StreamWriter) -> None:
        nonlocal asked
        asked += 1
        up = asked > 2 + after  # two canaries before
        shown = welcomed if request.path.startswith("/login") else portal
        writer.write(shown(request) if up else answer(body=f"<title>{request.host}</title>"))

    urls = [f"http://h{number}.test/" for number in range(100)]
    async with raw_web(serve) as web:
        settings = config(web, "http://c1.test/", "http://c2.test/", concurrency=1)
        with pytest.raises(OfflineError, match="as themselves"):
            await run(db, settings, *urls)
    held = states(db)
    assert set(held.values()) <= {"alive", "unchecked"}
    assert sum(state == "alive" for state in held.values()) == count(db, "checks") <= after
    titles = {row["title"] for row in db.query("select title from checks")}
    assert titles <= {f"h{number}.test" for number in range(100)}  # all from before


async def test_a_portal_marks_no_link_of_a_corpus_of_one_domain(db: Database) -> None:
    """There its answers cannot be alike for many hosts; they are for many URLs."""
    asked = 0

    async def serve(request: Request, writer: StreamWriter) -> None:
        nonlocal asked
        asked += 1
        own = answer(body=f"<title>{chr(ord('a') + asked % 26) * (1 + asked // 26)}</title>")
        writer.write(own if asked <= 80 else welcomed(request))

    urls = [f"http://docs.test/{number}" for number in range(120)]
    async with raw_web(serve) as web:
        with pytest.raises(OfflineError, match="as themselves"):
            await run(db, config(web, "http://c1.test/", "http://c2.test/", concurrency=1), *urls)
    assert 0 < count(db, "checks") <= 80 - 2
    assert not list(db.query("select * from checks where title like 'Log in%'"))


CA, STRANGER = trustme.CA(), trustme.CA()


def certified(by: trustme.CA, **dates: datetime) -> ssl.SSLContext:
    """The certificate of a canary and five hosts."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    names = ["canary.test", *(f"h{number}.test" for number in range(5))]
    by.issue_cert(*names, **dates).configure_cert(context)  # type: ignore[arg-type]
    return context


@pytest.mark.parametrize("everywhere", [True, False])
@pytest.mark.parametrize(
    ("by", "dates", "reason"),
    [
        (STRANGER, {}, "tls_untrusted"),
        (CA, {"not_after": datetime(2020, 1, 1)}, "tls_expired"),  # noqa: DTZ001 - trustme asks for none
        (CA, {"not_before": datetime(2100, 1, 1)}, "tls_not_yet_valid"),  # noqa: DTZ001
    ],
    ids=["a stranger's", "a clock that is ahead", "a clock that is behind"],
)
async def test_certificates_that_fail_everywhere_mark_no_link(
    db: Database, by: trustme.CA, dates: dict[str, datetime], reason: str, everywhere: bool,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """What opens each line between us and all hosts shows no certificate that is theirs, and to a clock that
    is wrong none is valid: a failure of ours. Of one host it is evidence, since the canaries' are good."""
    CA.cert_pem.write_to_path(f"{tmp_path}/ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", f"{tmp_path}/ca.pem")
    good, bad = certified(CA), certified(by, **dates)
    named: list[str | None] = []

    def choose(line: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        named.append(name)
        line.context = bad if len(named) > 1 and (everywhere or name == "h0.test") else good

    good.sni_callback = choose
    urls = [f"https://h{number}.test/" for number in range(5)]
    async with raw_web(answer(body=""), tls=good) as web:
        with pytest.raises(OfflineError, match=reason) if everywhere else nullcontext():
            await run(db, config(web, "https://canary.test/"), *urls)
    found = {row["url"]: row["reason"] for row in db.query("select url, reason from urls where reason > ''")}
    assert found == ({} if everywhere else dict.fromkeys(urls, "ok") | {urls[0]: reason})


async def test_hosts_that_share_a_page_are_believed_while_the_canaries_answer(db: Database) -> None:
    """Many hosts of one operator show the same page: the canaries are asked once, and it counts."""
    asked = 0

    async def serve(request: Request, writer: StreamWriter) -> None:
        nonlocal asked
        asked += request.host == "canary.example"
        writer.write(answer(body=request.host if request.host == "canary.example" else "Hello"))

    urls = [f"http://h{number}.test/" for number in range(20)]
    async with raw_web(serve) as web:
        await run(db, config(web, CANARY), *urls)
    assert set(states(db).values()) == {"alive"}
    assert asked == 2


async def test_a_resolver_that_knows_no_name_marks_no_link(db: Database) -> None:
    """NXDOMAIN for every name is an outage of ours, not the end of the web."""
    from linkwatch.demo.dns import Rcode, name_server

    async with name_server(lambda _: Rcode.NO_SUCH_NAME) as nameserver:
        settings = Config(network=Network(nameservers=(nameserver,), canaries=(CANARY,)), check=QUICK)
        with pytest.raises(OfflineError, match="dns_nxdomain"):
            await run(db, settings, "http://a.example/")
    assert count(db, "checks") == 0


@pytest.mark.parametrize("everywhere", [True, False])
async def test_rules_that_shut_every_site_mark_no_link(db: Database, everywhere: bool) -> None:
    """A portal has a robots.txt of its own, which is then everybody's; that of one site is its own."""
    asked = 0

    async def serve(request: Request, writer: StreamWriter) -> None:
        nonlocal asked
        asked += request.host == "canary.example"
        writer.write(b"" if asked > 1 and everywhere else answer(body="User-agent: *\nDisallow: /"))

    async with raw_web(serve) as web:
        with pytest.raises(OfflineError) if everywhere else nullcontext():
            await run(db, config(web, CANARY, robots="obey"), "http://a.example/1", "http://a.example/2")
    assert states(db) == {"a.example": "unchecked" if everywhere else "blocked"}


@pytest.mark.parametrize("inside", ["one host", "everybody"])
async def test_a_resolver_that_leads_everybody_inside_marks_no_link(db: Database, inside: str) -> None:
    """The name server of a portal gives its own address for all names; that of one host may be private."""
    from linkwatch.demo.dns import Rcode, name_server

    asked = 0

    async def serve(request: Request, writer: StreamWriter) -> None:
        nonlocal asked
        asked += 1
        writer.write(b"" if asked > 1 and inside == "everybody" else answer(body=request.host))

    async with raw_web(serve) as web, name_server(lambda _: Rcode.FOUND) as nameserver:
        ways = (f"canary.example:80:127.0.0.1:{web.port}",)
        network = Network(nameservers=(nameserver,), connect_to=ways, canaries=(CANARY,))
        with pytest.raises(OfflineError) if inside == "everybody" else nullcontext():
            await run(db, Config(network=network, check=QUICK), "http://a.example/")
    assert states(db) == {"a.example": "unchecked" if inside == "everybody" else "skipped"}


async def test_a_name_that_is_gone_while_others_answer_is_evidence(db: Database) -> None:
    """NXDOMAIN counts when the canaries answer after it."""
    from linkwatch.demo.dns import Rcode, name_server

    async with (
        raw_web(answer()) as web,
        name_server(lambda name: Rcode.NO_SUCH_NAME if name == "lost.example" else Rcode.FOUND) as nameserver,
    ):
        network = Network(nameservers=(nameserver,), connect_to=(f":80::{web.port}",), canaries=(CANARY,))
        settings = Config(network=network, check=QUICK)
        await run(db, settings, "http://a.example/", "http://lost.example/")
    assert states(db) == {"a.example": "alive", "lost.example": "suspect"}
    assert [row["reason"] for row in db.query("select reason from checks where verdict = 'gone'")] == [
        "dns_nxdomain"
    ]


async def test_what_passes_by_itself_is_tried_once_more_at_the_end(db: Database) -> None:
    """A server that stumbles early in the run and answers late in it is alive."""
    asked: dict[str, int] = {}

    async def serve(request: Request, writer: StreamWriter) -> None:
        asked[request.host] = asked.get(request.host, 0) + 1
        stumbles = request.host == "stumbling.example" and asked[request.host] == 1
        writer.write(answer("503 Busy", "") if stumbles else answer())

    async with raw_web(serve) as web:
        await run(db, config(web), "http://stumbling.example/", "http://a.example/")
    assert states(db) == {"stumbling.example": "alive", "a.example": "alive"}
    assert count(db, "checks") == 2


async def test_what_was_silent_waits_no_longer_than_the_run_takes(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking at it again takes its time, and begins early; what failed at once has time to recover."""
    waits: dict[str, float] = {}
    put_back = Lanes.put_back

    def spy(lanes: Lanes[Due], due: Due, at: float) -> None:
        waits[due.host] = round(at - asyncio.get_running_loop().time())
        put_back(lanes, due, at)

    async def serve(request: Request, writer: StreamWriter) -> None:
        if request.host == "silent.example":
            await asyncio.sleep(60)
        writer.write(answer("503 Busy", ""))

    monkeypatch.setattr(Lanes, "put_back", spy)
    monkeypatch.setattr(Lanes, "spare", lambda _: 7.0)
    async with raw_web(serve) as web:
        await run(db, config(web, timeout=0.1), "http://silent.example/", "http://busy.example/")
    assert waits == {"silent.example": 7, "busy.example": 20}


async def test_when_the_time_is_over_the_rest_stays_due(db: Database) -> None:
    """What is under way when the time ends is recorded; what was not reached is as it was."""

    async def serve(_: Request, writer: StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(answer())

    urls = [(f"http://h{number}.example/", f"h{number}.example") for number in range(5)]
    progress = Progress()
    async with raw_web(serve) as web:
        due = checks.named(db, urls, NIGHT)
        run_id = runs.begin(db, "check", NIGHT)
        settings = config(web, concurrency=2)
        await check(db, settings, run_id=run_id, clock=lambda: NIGHT, targets=due,
                    progress=progress, max_time=0.1)  # fmt: skip
    assert sorted(states(db).values()) == ["alive", "alive", "unchecked", "unchecked", "unchecked"]
    assert (progress.done, progress.total) == (2, 5)


async def test_a_limited_time_keeps_some_for_the_late(db: Database) -> None:
    """A failure that may pass is recorded in a run whose time does not suffice for all."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        if request.host == "busy.example":
            writer.write(answer("503 Busy", ""))
        else:
            await asyncio.sleep(0.05)
            writer.write(answer())

    urls = ["http://busy.example/"] + [f"http://one.example/{number}" for number in range(100)]
    targets = [(url, url.split("/")[2]) for url in urls]
    async with raw_web(serve) as web:
        due = checks.named(db, targets, NIGHT)
        run_id = runs.begin(db, "check", NIGHT)
        await check(db, config(web), run_id=run_id, clock=lambda: NIGHT, targets=due, max_time=0.6)
    assert [row["verdict"] for row in db.query("select verdict from checks where reason = 'http_503'")]
    assert count(db, "checks") < len(urls)


async def test_our_own_faults_are_not_recorded(db: Database) -> None:
    """A proxy that is down says nothing of a URL."""
    settings = Config(network=Network(proxy="http://127.0.0.1:9", canaries=()), check=QUICK)
    verdicts = await run(db, settings, "http://a.example/")
    assert verdicts == {}
    assert count(db, "checks") == 0


async def test_a_network_that_asks_for_a_login_marks_no_link(db: Database) -> None:
    """511 is said by what stands between us and every server: nothing is recorded."""
    async with raw_web(answer("511 Network Authentication Required", "<title>Hotel")) as web:
        await run(db, config(web), "http://a.example/")
    assert db.execute("select count(*) from checks").fetchone() == (0,)


async def test_the_pace_of_a_host_is_kept(db: Database) -> None:
    """Requests to one host start at least the interval apart, redirects included."""
    moments: list[float] = []

    async def serve(_: Request, writer: StreamWriter) -> None:
        moments.append(asyncio.get_running_loop().time())
        writer.write(answer())

    urls = [f"http://one.example/{number}" for number in range(4)]
    async with raw_web(serve) as web:
        await run(db, config(web, per_host_interval=0.1), *urls)
    gaps = [after - before for before, after in itertools.pairwise(moments)]
    assert min(gaps) >= 0.08


@pytest.mark.parametrize(
    ("sent", "asked", "wait"),
    [
        (answer("429 Slow Down", Retry_After="7200"), 1, 7200.0),
        (answer("503 Busy", Retry_After="604800"), 1, 604_800.0),
        (answer("503 Busy", Retry_After="0"), 3, 72_000.0),
        (answer("503 Busy", cf_mitigated="challenge", Retry_After="7200"), 1, None),
    ],
)
async def test_the_server_says_when_to_come_back(
    db: Database, sent: bytes, asked: int, wait: float | None
) -> None:
    """A long Retry-After is the time of the next check: not asked again in this run, not later than told."""
    requests: list[str] = []

    async def serve(request: Request, writer: StreamWriter) -> None:
        requests.append(request.path)
        writer.write(sent)

    History(db).url("http://a.example/", next_check_at="2026-02-01")
    async with raw_web(serve) as web:
        await run(db, config(web, retries=1), "http://a.example/")
    assert len(requests) == asked
    (row,) = db.query("select next_check_at, last_checked_at from urls")
    seconds = (from_text(row["next_check_at"]) - from_text(row["last_checked_at"])).total_seconds()
    assert seconds == wait if wait else seconds > 10 * 86_400


async def test_refolding_the_checks_gives_the_stored_state(db: Database) -> None:
    """The state in the database is what its checks come to, no more and no less."""
    from datetime import timedelta

    from linkwatch.check.fold import refold

    night = [NIGHT]

    async def serve(_: Request, writer: StreamWriter) -> None:
        writer.write(answer("404 Not Found", ""))

    async with raw_web(serve) as web:
        settings = config(web)
        for day in (0, 1, 4):
            night[0] = NIGHT + timedelta(days=day)
            due = checks.named(db, [("http://a.example/", "a.example")], NIGHT)
            run_id = runs.begin(db, "check", night[0])
            await check(db, settings, run_id=run_id, clock=lambda: night[0], targets=due)
    (due,) = checks.named(db, [("http://a.example/", "a.example")], NIGHT)
    assert due.history == refold(checks.history_of(db, due.id), settings.policy)
    assert due.history.state == "dead"


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (answer(Content_Type="text/html; charset=\udce9\udcff"), "ok"),
        (answer("403 Forbidden", cf_mitigated="challenge \udce9"), "bot_challenge"),
        (answer("429 Slow Down", Retry_After="\udce9"), "rate_limited"),
        (answer("302 Found", Location="http://\udce9\udcff/"), "malformed_response"),
        (b"HTTP/1.1 200 OK\r\nSet-Cookie: \xe9=\xff; path=\xe9\r\nContent-Length: 0\r\n\r\n", "ok"),
    ],
)
async def test_no_header_can_end_the_run(db: Database, sent: bytes, reason: str) -> None:
    """Headers in bytes that are no text are recorded as what can be read of them."""
    async with raw_web(sent) as web:
        await run(db, config(web), "http://a.example/")
    assert [row["reason"] for row in db.table("checks").rows] == [reason]


@pytest.mark.parametrize("status", ["429 Slow", "503 Busy"])
async def test_a_host_that_refuses_three_times_is_set_aside(db: Database, status: str) -> None:
    """Its other URLs are not checked and stay due; hosts that answer are not held up."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(answer(status, "") if request.host == "busy.example" else answer())

    async with raw_web(serve) as web:
        urls = [f"http://busy.example/{n}" for n in range(9)] + [f"http://calm.example/{n}" for n in range(9)]
        settings = config(web, per_host_concurrency=1)
        verdicts = await run(db, replace(settings, policy=replace(settings.policy, slowest_pace=0.0)), *urls)
    assert verdicts[Verdict.ALIVE] == 9
    assert verdicts.total() == 9 + 3
    (left,) = db.execute(
        "select count(*) from urls where host = 'busy.example' and verdict is null"
    ).fetchone()
    assert left == 6


async def test_a_refusal_now_and_then_sets_no_host_aside(db: Database) -> None:
    """Only refusals in a row count."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(answer("503 Busy", "") if int(request.path[1:]) % 3 else answer())

    async with raw_web(serve) as web:
        settings = config(web, per_host_concurrency=1)
        calm = replace(settings, policy=replace(settings.policy, slowest_pace=0.0))
        verdicts = await run(db, calm, *(f"http://site.example/{n}" for n in range(9)))
    assert verdicts.total() == 9


async def test_a_host_that_is_asked_too_much_is_asked_more_slowly(db: Database) -> None:
    """Each 429 or 503 doubles its interval, up to the slowest pace."""
    async with raw_web(answer("503 Busy", "")) as web, fetcher(web.network, slowest_pace=1.5) as fetch:
        fetch.pace.slow_down("site.example", 0.5)
        steps = []
        for _ in range(3):
            await fetch.glance("http://site.example/")
            steps.append(fetch.pace.interval("site.example"))
    assert steps == [1.0, 1.5, 1.5]
