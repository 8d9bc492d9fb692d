"""The program as it runs at night, and what befalls it: nothing recorded is lost, no link is blamed."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from rawweb import RawWeb, Request, answer, raw_web

from linkwatch.store import checks, runs
from linkwatch.store.database import open_for_reading, open_for_writing

if TYPE_CHECKING:
    from asyncio import StreamWriter
    from asyncio.subprocess import Process
    from collections.abc import Callable
    from pathlib import Path

HOSTS = 40
EACH = 5  # URLs of a host
URLS = HOSTS * EACH
IN_FLIGHT = 16
UNWRITTEN = 54  # checks that wait for more before they are written together, at the most
PATIENCE = 60.0  # seconds until a process that does not end is a failure
CANARY = "canary.example"
SETTINGS = f"""
[check]
concurrency = {IN_FLIGHT}
per_host_interval = 0.0
timeout = 5.0
retries = 0
[policy]
retry_wait = 0
[network]
canaries = ["http://{CANARY}/"]
"""
ENDED_WHILE_MERGING = """
import os, sys
from linkwatch.store import merging
merging._looks = lambda db: os.kill(os.getpid(), int(sys.argv[1]))
from linkwatch.cli import cli
cli(["merge", *sys.argv[2:]])
"""
ENDED_WHILE_REPORTING = """
import os, sys
from linkwatch import cli
cli.print_report = lambda *_, **__: os.kill(os.getpid(), int(sys.argv[1]))
cli.cli(["run", *sys.argv[2:]])
"""
ORDERLY = ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129))
STOPS = pytest.mark.parametrize(
    ("stop", "code"),
    [(signal.SIGKILL, -9), *ORDERLY],
    ids=["kill", "interrupt", "terminate", "hang up"],
)


@dataclass(frozen=True)
class Done:
    """How a process ended, and what it said."""

    code: int
    out: str
    errors: str


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A database of two hundred URLs, all of them due."""
    (tmp_path / "linkwatch.toml").write_text(SETTINGS, encoding="utf-8")
    path = tmp_path / "linkwatch.db"
    fill(path, [f"h{host}.example" for host in range(HOSTS)])
    return path


def fill(path: Path, hosts: list[str]) -> None:
    """URLs of these hosts, all of them due."""
    urls = [(f"http://{host}/{number}", host) for host in hosts for number in range(EACH)]
    with open_for_writing(path, NIGHT) as db:
        checks.named(db, urls, NIGHT)
        db.execute("update urls set next_check_at = first_seen_at")


async def begun(path: Path, *args: str, before: Callable[[], None] | None = None) -> Process:
    """The program at work on a database, its settings beside it."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "linkwatch", *args, "--db", str(path),
        "--config", str(path.parent / "linkwatch.toml"),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, preexec_fn=before,
    )  # fmt: skip


async def ended(process: Process) -> Done:
    """Its end."""
    async with asyncio.timeout(PATIENCE):
        out, errors = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, out.decode(), errors.decode())


async def ran(path: Path, *args: str, before: Callable[[], None] | None = None) -> Done:
    """The program from start to end."""
    return await ended(await begun(path, *args, before=before))


def to(web: RawWeb) -> tuple[str, str]:
    """The option that leads every host to this web."""
    return "--connect-to", f"::127.0.0.1:{web.port}"


async def own_page(request: Request, writer: StreamWriter) -> None:
    """A page of three kilobytes; the canary's is another one."""
    writer.write(
        answer(body=f"<title>{request.host}</title>" + ("c" if request.host == CANARY else "x") * 3_000)
    )


def asked(path: Path, query: str) -> list[tuple[object, ...]]:
    """What a database answers, after it was found whole."""
    with open_for_reading(path) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        return db.execute(query).fetchall()


def states(path: Path) -> dict[str, int]:
    """How many URLs are in each state."""
    return dict(asked(path, "select state, count(*) from urls group by state"))  # type: ignore[arg-type]


async def settled(path: Path) -> None:
    """The states are what the checks come to, before old checks are thinned and after."""
    for command in ("refold", "prune", "refold"):
        done = await ran(path, command, "--json")
        assert done.code == 0, done.errors


@STOPS
async def test_a_run_that_is_ended_goes_on_where_it_was(base: Path, stop: signal.Signals, code: int) -> None:
    """The database is whole; what was written is not asked again, the rest is the next run's."""
    process: list[Process] = []
    answered: list[str] = []

    async def serve(request: Request, writer: StreamWriter) -> None:
        if len(answered) == URLS // 2 and process[0].returncode is None:
            process[0].send_signal(stop)
        answered.append(request.host + request.path)
        writer.write(answer(body=f"<title>{request.host}{request.path}</title>"))

    async with raw_web(serve) as web:
        process.append(await begun(base, "check", *to(web)))
        done = await ended(process[0])
        assert done.code == code, done.errors
        written = {str(url)[7:] for (url,) in asked(base, "select url from urls where state = 'alive'")}
        assert written <= set(answered)
        kept = len(written)
        assert kept >= URLS // 2 - 2 * IN_FLIGHT - (UNWRITTEN if stop is signal.SIGKILL else 0)
        before = set(answered)
        answered.clear()
        again = await ran(base, "check", "--json", *to(web))
    assert json.loads(again.out)["checked"] == URLS - kept
    assert not written & (set(answered) - {CANARY + "/"})
    assert states(base) == {"alive": URLS}
    assert len(before & set(answered)) <= IN_FLIGHT + UNWRITTEN + 1
    outcomes = asked(
        base, "select outcome, counts ->> 'alive', counts ->> 'not_checked' from runs order by id"
    )
    told = (
        ("killed", None, None)
        if stop is signal.SIGKILL
        else (f"interrupted by {stop.name}", kept, URLS - kept)
    )
    assert outcomes == [told, ("done", URLS - kept, None)]
    await settled(base)


@pytest.mark.parametrize("asked_again", ["Itself", "Log in", None], ids=["answers", "portal", "silence"])
async def test_what_is_in_doubt_when_a_run_is_ended(base: Path, asked_again: str | None) -> None:
    """All hosts answer alike, and the run is ended before the canaries have said whether they do too. They
    are asked again; where it is not them who answer, what was fetched is no evidence, stays due, and no row
    counts it as done."""
    asked_canaries = 0
    over = asyncio.Event()

    async def serve(request: Request, writer: StreamWriter) -> None:
        nonlocal asked_canaries
        body = "Log in"
        if request.host == CANARY:
            asked_canaries += 1
            body = "Itself"
            if asked_canaries == 2:
                process.terminate()
            if not over.is_set() and (asked_canaries == 2 or (asked_canaries == 3 and asked_again is None)):
                await over.wait()
            elif asked_canaries == 3:
                body = asked_again or body
        writer.write(answer(body=body))

    async with raw_web(serve) as web:
        process = await begun(base, "check", *to(web))
        done = await ended(process)
        over.set()
        assert done.code == 143, done.errors
        alive = states(base).get("alive", 0)
        assert alive == 0 if asked_again != "Itself" else 0 < alive < URLS
        assert asked(base, "select outcome, counts ->> 'alive', counts ->> 'not_checked' from runs") == [
            ("interrupted by SIGTERM", alive or None, URLS - alive)
        ]
        assert (await ran(base, "check", *to(web))).code == 0  # the canaries answer as themselves
    assert states(base) == {"alive": URLS}


@pytest.fixture
def failing(base: Path) -> Path:
    """The same, but half of the hosts have failed before as they will now."""
    with open_for_writing(base, NIGHT) as db:
        db.execute(
            """insert into checks (run_id, url_id, checked_at, verdict, reason)
               select ?, id, first_seen_at, 'unreachable', 'connection_reset' from urls where id <= ?""",
            [runs.begin(db, "check", NIGHT), URLS // 2],
        )
    assert asyncio.run(ran(base, "refold", "--write")).code == 0
    return base


@pytest.mark.parametrize(
    ("canary", "stop", "code"),
    [
        *(("answers", *each) for each in ORDERLY),
        *((canary, signal.SIGTERM, 143) for canary in ("breaks off", "is silent", "is silent: told again")),
    ],
)
async def test_failures_that_wait_for_the_canaries_when_a_run_is_ended(
    failing: Path, canary: str, stop: signal.Signals, code: int
) -> None:
    """They are asked once more in the time there is: a night that always ends so confirms failures too, and
    one without a network still marks no link."""
    met: set[str] = set()
    over = asyncio.Event()
    answering = {f"h{host}.example" for host in range(HOSTS // 2, HOSTS)}

    async def serve(request: Request, writer: StreamWriter) -> None:
        if request.host == CANARY and met and canary.startswith("is silent"):
            if canary.endswith("again"):
                process.send_signal(stop)
            await over.wait()
        elif request.host == CANARY and (not met or canary == "answers"):
            writer.write(answer(body="Itself"))
        elif request.host in answering:
            writer.write(answer(body=f"<title>{request.host}{request.path}</title>"))
        if len(met) == URLS and request.host + request.path not in met:  # the last of all but the canary
            process.send_signal(stop)
        met.add(request.host + request.path)

    async with raw_web(serve) as web:
        process = await begun(failing, "check", *to(web))
        done = await ended(process)
        over.set()
    assert (done.code, done.out) == (code, ""), done.errors
    written = dict(asked(failing, "select state, count(*) from urls where failures < 2 group by state"))
    ((twice,),) = asked(failing, "select count(*) from urls where failures = 2")
    assert twice == 0 if canary != "answers" else URLS // 2 - IN_FLIGHT <= twice <= URLS // 2
    assert written["alive"] >= URLS // 2 - IN_FLIGHT
    await settled(failing)


def no_more_than(path: Path, room: int) -> Callable[[], None]:
    """Lets a process write no file that is larger than this one and so many bytes."""
    most = path.stat().st_size + room
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


DEATHS = {
    "silence": b"",
    "a captive portal": answer("302 Found", "", Location="http://portal.test/login"),
    "a page for each host": answer(
        body="<title>Log in for HOST</title>Then go on to HOST", Content_Length=""
    ),
    "a gateway": answer("502 Bad Gateway", ""),
}


@pytest.mark.parametrize("shows", DEATHS.values(), ids=DEATHS)
async def test_a_network_that_dies_half_way_marks_no_link(base: Path, shows: bytes) -> None:
    """The run ends with one line and exit code 3; the next one, on a network that is up, checks the rest."""
    lasts = [URLS // 2]  # requests until the network dies

    async def serve(request: Request, writer: StreamWriter) -> None:
        lasts[0] -= 1
        if lasts[0] >= 0:
            writer.write(answer(body=f"<title>{request.host}{request.path}</title>"))
        else:
            writer.write(shows.replace(b"HOST", request.host.encode()))

    async with raw_web(serve) as web:
        done = await ran(base, "check", *to(web))
        assert done.code == 3
        assert done.errors.splitlines()[-1].startswith("linkwatch: no network")
        assert set(states(base)) == {"alive", "unchecked"}
        lasts[0] = 2 * URLS
        assert (await ran(base, "check", *to(web))).code == 0
    assert states(base) == {"alive": URLS}


def no_more_files(most: int, at_all: int) -> Callable[[], None]:
    """Lets a process have so many files and connections open at once, and allow itself so many."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, at_all))


async def page_of_its_own(request: Request, writer: StreamWriter) -> None:
    """A page that no other host has, so that nobody asks who answers."""
    name = request.host.partition(".")[0].translate(dict(zip(b"0123456789", "abcdefghij", strict=True)))
    writer.write(answer(body=f"A page of {name}"))


async def test_a_machine_out_of_files_blames_no_link(base: Path) -> None:
    """What could not be asked stays due, and it is said how many URLs that is and what can be done."""
    async with raw_web(page_of_its_own) as web:
        done = await ran(base, "check", *to(web), before=no_more_files(25, 25))
        assert done.code == 0, done.errors
        kept = states(base).get("alive", 0)
        assert 0 < kept < URLS
        said = f"Not checked, and still due: {URLS - kept}. Our own machine ran out of files or memory"
        assert said in done.errors
        assert (await ran(base, "check", *to(web))).code == 0
    assert states(base) == {"alive": URLS}


async def test_what_the_system_would_give_is_taken(base: Path) -> None:
    """A low limit that may be raised is none."""
    async with raw_web(page_of_its_own) as web:
        done = await ran(base, "check", *to(web), before=no_more_files(25, 500))
    assert (done.code, states(base)) == (0, {"alive": URLS})
    assert "Not checked" not in done.errors


async def test_it_is_said_how_many_urls_a_busy_host_was_spared(base: Path) -> None:
    """A host that sends us away is left alone after a few requests: no more than were under way then."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        if request.host == CANARY:
            await own_page(request, writer)
        else:
            writer.write(answer("503 Busy", "", Retry_After="3600"))

    async with raw_web(serve) as web:
        done = await ran(base, "check", *(f"http://busy.example/{number}" for number in range(60)), *to(web))
    assert done.code == 0, done.errors
    ((asked_for,),) = asked(base, "select count(*) from checks")
    assert 3 <= asked_for <= 5
    assert f"Not checked, and still due: {60 - asked_for}. Their hosts kept us waiting" in done.errors


@pytest.mark.parametrize("room", [0, 20_000, 55_000], ids=["none", "little", "some"])
async def test_a_disk_that_is_full_harms_nothing(base: Path, room: int) -> None:
    """One line and exit code 3; the database is whole, and the next run, with room, goes on."""
    with open_for_writing(base, NIGHT) as db:  # so that the log is what grows
        db.execute("update urls set first_seen_at = first_seen_at || '' where id = 1")
    async with raw_web(own_page) as web:
        done = await ran(base, "check", *to(web), before=no_more_than(base, room))
        assert done.code == 3, done.errors
        (line,) = [line for line in done.errors.splitlines() if line.startswith("linkwatch:")]
        assert str(base) in line
        assert "make room beside it" in line
        assert "Traceback" not in done.errors
        kept = states(base).get("alive", 0)
        again = await ran(base, "check", "--json", *to(web))
    assert json.loads(again.out)["checked"] == URLS - kept
    assert states(base) == {"alive": URLS}


def test_a_database_that_cannot_be_written_is_read_all_the_same(base: Path) -> None:
    """What changes it says so in one line and exits with 3; what only reads does its work."""
    base.chmod(0o444)
    base.parent.chmod(0o555)
    try:
        if os.access(base, os.W_OK):
            pytest.skip("this user may write to everything")
        done = asyncio.run(ran(base, "check"))
        assert done.code == 3
        (line,) = done.errors.splitlines()
        assert str(base) in line
        assert asyncio.run(ran(base, "status")).code == 0
    finally:
        base.parent.chmod(0o755)


async def test_shards_on_machines_of_their_own(base: Path) -> None:
    """Three copies, each checked by a process of its own, merged: every URL once, as on one machine."""
    places = []
    for number in (1, 2, 3):
        folder = base.parent / f"machine{number}"
        folder.mkdir()
        shutil.copy(base.parent / "linkwatch.toml", folder)
        places.append(shutil.copy(base, folder / "linkwatch.db"))

    async def serve(request: Request, writer: StreamWriter) -> None:
        gone = request.path == "/3"
        writer.write(answer("404 Not Found", "") if gone else answer(body=request.host + request.path))

    async with raw_web(serve) as web:
        machines = [
            ran(path, "check", "--shard", f"{number}/3", *to(web)) for number, path in enumerate(places, 1)
        ]
        assert [done.code for done in await asyncio.gather(*machines)] == [0, 0, 0]
    merged = await ran(base, "merge", *map(str, places), "--json")
    assert json.loads(merged.out)["checks"] == URLS
    assert states(base) == {"alive": HOSTS * (EACH - 1), "suspect": HOSTS}
    assert asked(base, "select count(*) from checks group by url_id having count(*) > 1") == []
    await settled(base)


QUOTA = 7


@pytest.mark.parametrize("stop", [None, signal.SIGTERM, signal.SIGKILL], ids=["done", "terminate", "kill"])
async def test_a_second_run_in_the_same_night_keeps_to_the_quota(
    tmp_path: Path, stop: signal.Signals | None
) -> None:
    """However the first one ended, a domain is asked no more often in all than it may be in one, but for what
    was not written; nor do machines with a shard each double it."""
    base = tmp_path / "linkwatch.db"
    settings = SETTINGS.replace("[check]", f"[check]\nper_domain_per_night = {QUOTA}")
    (tmp_path / "linkwatch.toml").write_text(settings, encoding="utf-8")
    fill(base, [f"h{host}.d{host % 4}.example" for host in range(HOSTS)])
    process: list[Process] = []
    met: list[str] = []

    async def serve(request: Request, writer: StreamWriter) -> None:
        met.append(request.host)
        if stop and len(met) == 1 + 2 * QUOTA and process[0].returncode is None:
            process[0].send_signal(stop)
        await own_page(request, writer)

    def of_each_domain() -> set[int]:
        return {int(str(count)) for (count,) in asked(
            base, "select count(*) from checks join urls on urls.id = url_id group by domain")}  # fmt: skip

    async with raw_web(serve) as web:
        process.append(await begun(base, "check", *to(web)))
        await ended(process[0])
        for shard in ("1/2", "2/2", "1/2"):
            assert (await ran(base, "check", "--shard", shard, *to(web))).code == 0
    assert of_each_domain() == {QUOTA}
    fetched = len(met) - met.count(CANARY)
    assert fetched <= 4 * QUOTA + (IN_FLIGHT + UNWRITTEN if stop else 0)


@STOPS
async def test_a_merge_that_is_ended_has_not_begun(base: Path, stop: signal.Signals, code: int) -> None:
    """All of a database or nothing: ours is as it was, and the next merge takes it all."""
    other = base.with_name("other.db")
    shutil.copy(base, other)
    async with raw_web(own_page) as web:
        assert (await ran(other, "check", "--limit", "20", *to(web))).code == 0
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ENDED_WHILE_MERGING, str(int(stop)), str(other), "--db", str(base)
    )
    async with asyncio.timeout(PATIENCE):
        assert await process.wait() == code
    assert asked(base, "select count(*) from checks") == [(0,)]
    assert states(base) == {"unchecked": URLS}
    done = await ran(base, "merge", str(other), "--json")
    assert json.loads(done.out)["checks"] == 20
    await settled(base)


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
async def test_a_signal_is_heard_after_the_checks_too(base: Path, stop: signal.Signals, code: int) -> None:
    """While the report is made there is no event loop any more; the end is as orderly."""
    (base.parent / "a.md").write_text("<http://h1.example/1>", encoding="utf-8")
    (base.parent / "offline.toml").write_text("[network]\ncanaries = []\n[archive]\nmax_lookups = 0\n")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ENDED_WHILE_REPORTING, str(int(stop)), str(base.parent / "a.md"),
        "--max-time", "0", "--db", str(base), "--config", str(base.parent / "offline.toml"),
        stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    done = await ended(process)
    assert (done.code, done.errors.splitlines()[-1]) == (
        code,
        f"linkwatch: interrupted by {stop.name}; what was done is kept",
    )


def test_a_damaged_database_is_named(base: Path) -> None:
    """A page in the middle that is none: one line, exit code 3, and not a byte of it changes."""
    with sqlite3.connect(base) as db:
        db.execute("pragma journal_mode = delete")
    db.close()
    data = bytearray(base.read_bytes())
    data[4096 : len(data) : 3] = b"\xff" * len(range(4096, len(data), 3))
    base.write_bytes(data)
    for command in ("check", "status", "report", "prune"):
        done = asyncio.run(ran(base, command))
        assert done.code == 3, done.errors
        assert "damaged" in done.errors.splitlines()[-1]
        assert "Traceback" not in done.errors
    assert base.read_bytes() == bytes(data)
