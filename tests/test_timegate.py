"""Other archives are asked by RFC 7089, at their own pace, and no silence of theirs is a no."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web
from archiveworld import Archived, Night, cite, lookups, served
from conftest import NIGHT

from linkwatch.archive import limits
from linkwatch.archive.cdx import Question
from linkwatch.archive.negotiation import per_minute, source_name
from linkwatch.archive.pace import Pace, Timer
from linkwatch.archive.timegate import TimeGate
from linkwatch.model import LookupAnswer
from linkwatch.store import mementos as store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlite_utils import Database

    from linkwatch.archive.cdx import Lookup

PAGE = "https://example.com/page?b=2&a=1"
WHEN = "Fri, 21 Nov 2025 10:00:00 GMT"
MEMENTO = {"Memento-Datetime": WHEN, "Link": f'<{PAGE}>; rel="original timegate", <x>; rel="last memento"'}


@pytest.fixture
async def worlds() -> AsyncIterator[tuple[Archived, Archived]]:
    """The Wayback Machine, and another archive that it is configured beside."""
    night = Night()
    async with served(night) as wayback, served(night) as other:
        wayback.set(sources=(f"{other.base}/web/",))
        yield wayback, other


async def test_a_dead_link_is_asked_of_other_archives(
    db: Database, worlds: tuple[Archived, Archived]
) -> None:
    """What the Wayback Machine lacks is found elsewhere, near the citation, and kept under its source."""
    wayback, other = worlds
    url_id = cite(db, PAGE, "dead", cited="2025-11-20")
    other.archive.hold(PAGE, "20100101000000", "20251121100000", "20260201000000")
    summary = await wayback.run(db, None)
    assert (summary.not_archived, summary.asked_elsewhere, summary.found_elsewhere) == (1, 1, 1)
    # Its TimeGate names the nearest, and its TimeMap the others.
    assert [f"{each.captured_at:%Y}" for each in store.of_url(db, url_id)] == ["2010", "2025", "2026"]
    assert other.archive.asked("timemap") == [PAGE]
    (held,) = (each for each in store.of_url(db, url_id) if each.http_status == 200)
    assert held.source == f"{other.base.removeprefix('http://')}/web"
    assert held.memento_url == f"{other.base}/web/20251121100000/{PAGE}"
    assert (held.http_status, held.captured_at.isoformat()) == (200, "2025-11-21T10:00:00+00:00")


@pytest.mark.parametrize(
    "timemap", ["http://elsewhere.example/timemap", "/missing", "javascript:alert(1)", "http://[", ""]
)
async def test_a_list_that_cannot_be_had_takes_nothing_away(timemap: str) -> None:
    """One on another host is not asked for, one that is missing says nothing: the memento stands."""
    link = {"Link": f'<{PAGE}>; rel="original", <{timemap}>; rel="timemap"'}
    async with answering((200, {**MEMENTO, **link}), (404, {})) as (gate, asked):
        lookup = await gate.look_up(Question(PAGE, NIGHT))
    assert (lookup.answer, len(lookup.mementos)) == (YES, 1)
    assert len(asked) == (2 if timemap in ("/missing", "") else 1)


async def test_where_the_nearest_is_an_error_the_others_are_looked_at(
    db: Database, worlds: tuple[Archived, Archived]
) -> None:
    """A list does not tell what a capture shows, and a replacement must be known to show the page."""
    wayback, other = worlds
    url_id = cite(db, PAGE, "dead", cited="2025-11-20")
    other.archive.hold(PAGE, "20251121100000", status="404")
    other.archive.hold(PAGE, "20240101000000")
    await wayback.run(db, None)
    held = {f"{each.captured_at:%Y}": each.http_status for each in store.of_url(db, url_id)}
    assert held == {"2025": 404, "2024": 200}


async def test_only_dead_links_without_a_memento_are_asked_elsewhere(
    db: Database, worlds: tuple[Archived, Archived]
) -> None:
    """What lives, what is held already, and what was answered lately is not asked about."""
    wayback, other = worlds
    cite(db, "https://alive.example.com/")
    cite(db, "https://held.example.com/", "dead")
    cite(db, "https://nowhere.example.com/", "dead")
    wayback.archive.hold("https://held.example.com/", "20251121100000")
    await wayback.run(db, None)
    assert other.archive.asked("web") == ["https://nowhere.example.com/"]
    wayback.night.later(days=3)
    await wayback.run(db, None)
    assert len(other.archive.asked("web")) == 1


@pytest.mark.parametrize("quirk", ["429", "503", "reset", "html"])
async def test_trouble_elsewhere_is_unknown(
    db: Database, worlds: tuple[Archived, Archived], quirk: str
) -> None:
    """What is not said is asked again the next night, and then believed."""
    wayback, other = worlds
    cite(db, PAGE, "dead")
    other.archive.lookup_quirks[PAGE] = (
        [quirk, quirk, "ok"] if quirk == "reset" else [quirk, "ok"]
    )  # aiohttp asks twice
    await wayback.run(db, None)
    name = source_name(f"{other.base}/web/")
    said = list(db.query("select answer from lookups where source = ?", (name,)))
    assert said == [{"answer": "unknown"}]
    wayback.night.later(days=1)
    await wayback.run(db, None)
    said = list(db.query("select answer from lookups where source = ?", (name,)))
    assert said == [{"answer": "not_archived"}]
    assert lookups(db)[PAGE]


async def test_another_archive_that_refuses_is_left_alone(
    db: Database, worlds: tuple[Archived, Archived]
) -> None:
    """After refusals in a row the rest waits for another night, and the Wayback Machine is not to blame."""
    wayback, other = worlds
    for number in range(20):
        cite(db, f"https://site{number}.example.com/", "dead")
    other.archive.lookup_quirks["*"] = ["429"]
    summary = await wayback.run(db, None)
    assert (summary.looked_up, summary.not_archived) == (20, 20)
    assert len(other.archive.asked("web")) < 20
    assert f"at {source_name(other.base + '/web/')}, it answered 3 times in a row" in summary.notes[0]


@asynccontextmanager
async def answering(*answers: tuple[int, dict[str, str]]) -> AsyncIterator[tuple[TimeGate, list[Any]]]:
    """A TimeGate that gives these answers one after the other, and what it was asked."""
    left, asked = list(answers), []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.raw_path, request.headers.get("Accept-Datetime")))
        status, headers = left.pop(0) if len(left) > 1 else left[0]
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    night = Night()
    pace = Pace(24, Timer(lambda: night().timestamp(), night.sleep))
    try:
        async with aiohttp.ClientSession() as session:
            yield TimeGate(session, f"http://127.0.0.1:{runner.addresses[0][1]}/timegate/", pace), asked
    finally:
        await runner.cleanup()


async def _said(*answers: tuple[int, dict[str, str]]) -> Lookup:
    async with answering(*answers) as (gate, _):
        return await gate.look_up(Question(PAGE, NIGHT))


async def test_an_archive_that_refuses_its_lists_is_asked_for_no_more_of_them() -> None:
    """After a minute's pause it is asked for mementos all the same."""
    listed = {**MEMENTO, "Link": f'<{PAGE}>; rel="original", </timemap>; rel="timemap"'}
    async with answering((200, listed), (429, {}), (200, listed)) as (gate, asked):
        first = await gate.look_up(Question(PAGE, NIGHT))
        began = gate.pace.timer.clock()
        second = await gate.look_up(Question(PAGE, NIGHT))
        waited = gate.pace.timer.clock() - began
    assert [path for path, _ in asked] == [f"/timegate/{PAGE}", "/timemap", f"/timegate/{PAGE}"]
    assert (first.answer, second.answer) == (YES, YES)
    assert waited >= limits.PAUSE_AFTER_429


async def test_a_429_of_the_past_is_no_refusal() -> None:
    """The archive shows what the page once answered to somebody else."""
    async with answering((429, MEMENTO)) as (gate, _):
        for _night in range(limits.STRIKES_429 + 1):
            lookup = await gate.look_up(Question(PAGE, NIGHT))
            assert [each.http_status for each in lookup.mementos] == [429]
    assert gate.index.reason is None


YES, NO, UNKNOWN = LookupAnswer.ARCHIVED, LookupAnswer.NOT_ARCHIVED, LookupAnswer.UNKNOWN
ANSWERS: dict[str, tuple[list[tuple[int, dict[str, str]]], LookupAnswer, str | None]] = {
    "302 and then the memento": ([(302, {"Location": "/m/1"}), (200, MEMENTO)], YES, "/m/1"),
    "307, as pywb": ([(307, {"Location": "/m/1"}), (200, MEMENTO)], YES, "/m/1"),
    "200 in place": ([(200, MEMENTO)], YES, f"/timegate/{PAGE}"),
    "200 with Content-Location": ([(200, {**MEMENTO, "Content-Location": "/m/2"})], YES, "/m/2"),
    "a redirect of the past": ([(302, {"Location": "/m/1"}), (301, {**MEMENTO, "Location": "/m/9"})],
                               YES, "/m/1"),
    "never archived": ([(404, {})], NO, None),
    "an archived 404": ([(302, {"Location": "/m/1"}), (404, MEMENTO)], YES, "/m/1"),
    "a page of the archive's own": ([(200, {})], UNKNOWN, None),
    "a time that is none": ([(200, {"Memento-Datetime": "yesterday"})], UNKNOWN, None),
    "a 404 with a time that is none": ([(404, {"Memento-Datetime": "yesterday"})], UNKNOWN, None),
    "another page": ([(200, {**MEMENTO, "Link": '<https://example.com/>; rel=original'})], UNKNOWN, None),
    "a Link header of nonsense": ([(200, {**MEMENTO, "Link": '<<>;;rel=,"o",;<http://[>; rel="original"'})],
                                  UNKNOWN, None),
    "an address that is a script": ([(200, {**MEMENTO, "Content-Location": "javascript:alert(1)"})],
                                    UNKNOWN, None),
    "no Link header": ([(200, {"Memento-Datetime": WHEN})], YES, f"/timegate/{PAGE}"),
    "redirects for ever": ([(302, {"Location": "/again"})], UNKNOWN, None),
    "a redirect to nowhere": ([(302, {"Location": "ftp://example.com/"})], UNKNOWN, None),
    "a redirect without an address": ([(302, {})], UNKNOWN, None),
    "refused": ([(403, {})], UNKNOWN, None),
    "too often": ([(429, {})], UNKNOWN, None),
    "a server fault": ([(502, {})], UNKNOWN, None),
}  # fmt: skip


@pytest.mark.parametrize(("answers", "said", "path"), ANSWERS.values(), ids=ANSWERS)
async def test_what_an_answer_comes_to(
    answers: list[tuple[int, dict[str, str]]], said: LookupAnswer, path: str | None
) -> None:
    """Only Memento-Datetime is a yes, only a plain 404 is a no, all else is unknown."""
    lookup = await _said(*answers)
    assert (lookup.answer, lookup.error is None) == (said, said is not UNKNOWN)
    assert [each.memento_url.split("/", 3)[3] for each in lookup.mementos] == ([path[1:]] if path else [])


async def test_a_memento_keeps_the_status_it_was_archived_with() -> None:
    """So that an archived error or redirect is never taken for the page."""
    lookup = await _said((302, {"Location": "/m/1"}), (404, MEMENTO))
    assert [each.http_status for each in lookup.mementos] == [404]


async def test_a_frame_around_a_page_says_nothing_of_its_status() -> None:
    """Only an answer with the page's own headers has its status; else a whole page is not certain."""
    (framed,) = (await _said((200, MEMENTO))).mementos
    (bare,) = (await _said((200, {**MEMENTO, "X-Archive-Orig-Server": "x"}))).mementos
    assert (framed.http_status, bare.http_status) == (None, 200)


async def test_the_page_and_the_time_are_asked_for() -> None:
    """The address stands behind the TimeGate's as it is, the time in Accept-Datetime."""
    async with answering((404, {})) as (gate, asked):
        await gate.look_up(Question(PAGE, NIGHT))
    assert asked == [(f"/timegate/{PAGE}", "Sun, 01 Mar 2026 03:17:00 GMT")]


async def test_each_archive_has_its_own_pace() -> None:
    """Known limits are kept, unknown ones are taken for those of the Wayback Machine; redirects count."""
    assert per_minute("https://arquivo.pt/wayback/") == limits.SOURCE_PER_MINUTE["arquivo.pt"] == 100
    assert per_minute("http://localhost:1208/timegate/") == limits.OTHER_SOURCE_PER_MINUTE == 24
    async with answering((302, {"Location": "/m/1"}), (200, MEMENTO)) as (gate, _):
        started = gate.pace.timer.clock()
        await gate.look_up(Question(PAGE, NIGHT))
        assert gate.pace.timer.clock() - started == gate.pace.interval


def test_a_source_is_named_without_its_scheme_and_credentials() -> None:
    """The name is for people, and in the database for good."""
    assert source_name("https://arquivo.pt/wayback/") == "arquivo.pt/wayback"
    assert source_name("http://me:secret@localhost:1208/timegate/") == "localhost:1208/timegate"
