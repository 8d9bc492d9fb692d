"""The archive stage does right by the archive and by the links, whatever the archive does."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from archiveworld import RIGHT_KEYS, Archived, captures, cite, lookups, served
from history import History, at
from sqlite_utils import Database

from linkwatch.archive import limits
from linkwatch.archive.choose import best
from linkwatch.archive.stage import Keys
from linkwatch.archive.statuses import MEANINGS, Course
from linkwatch.demo.holdings import Held
from linkwatch.demo.savepagenow import Quirk, Visit
from linkwatch.demo.wayback import KEYS
from linkwatch.model import CaptureState
from linkwatch.store import mementos as store
from linkwatch.store.schema import migrations

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PAGE = "https://example.com/page"


@pytest.fixture
async def world() -> AsyncIterator[Archived]:
    """An archive on a socket."""
    async with served() as it:
        yield it


def page(number: int) -> str:
    """One of many pages, each on a host of its own."""
    return f"https://site{number}.example.com/"


def row(db: Database) -> dict[str, Any]:
    """The only capture there is."""
    (only,) = captures(db)
    return only


def saves(world: Archived) -> list[str]:
    return world.archive.asked("save")


async def test_a_live_link_without_a_memento_gets_one(db: Database, world: Archived) -> None:
    """Looked up, submitted, polled, and kept with the time and address the archive gave."""
    cite(db, PAGE)
    summary = await world.run(db)
    assert (summary.looked_up, summary.not_archived, summary.submitted, summary.archived) == (1, 1, 1, 1)
    assert summary.notes == ()
    assert row(db)["state"] == "archived"
    assert row(db)["captured_at"] == "2026-03-01T03:17:00Z"
    assert row(db)["memento_url"] == f"{world.base}/web/20260301031700/{PAGE}"
    assert world.archive.holdings.of(PAGE)


async def test_the_next_night_has_nothing_to_do(db: Database, world: Archived) -> None:
    """What is safe is not asked about and not submitted again."""
    for number in range(3):
        cite(db, page(number))
    await world.run(db)
    world.archive.log.clear()
    world.night.later(days=1)
    summary = await world.run(db)
    assert (summary.looked_up, summary.submitted, summary.queued) == (0, 0, 0)
    assert world.archive.log == []


async def test_an_old_memento_is_renewed_and_the_archive_decides(db: Database, world: Archived) -> None:
    """After thirty days a page is captured anew, unless somebody else has done so."""
    cite(db, PAGE)
    await world.run(db)
    world.night.later(days=31)
    world.archive.hold(PAGE, "20260325000000")
    summary = await world.run(db)
    assert (summary.submitted, summary.archived) == (0, 1)
    assert captures(db)[1]["memento_url"] == f"{world.base}/web/20260325000000/{PAGE}"


@pytest.mark.parametrize("at_submission", [True, False])
@pytest.mark.parametrize("code", [*MEANINGS, "quantum-flux"])
async def test_every_error_code_has_its_consequence(
    db: Database, world: Archived, code: str, at_submission: bool
) -> None:
    """In a refusal with HTTP 200 as at the end of a job; the code and the sentence are kept."""
    cite(db, PAGE)
    world.archive.jobs.quirks[PAGE] = Quirk(refusal=code) if at_submission else Quirk(failure=code)
    summary = await world.run(db)
    course = MEANINGS[code].course if code in MEANINGS else Course.UNKNOWN
    ended = "refused" if at_submission else "failed"
    states = {Course.PERMANENT: ended, Course.TOMORROW: "archived"}
    assert row(db)["state"] == states.get(course, "queued")
    assert row(db)["status_ext"] == code
    assert f"The simulated archive says {code}." in row(db)["error"]
    assert saves(world) == [PAGE]
    assert row(db)["attempts"] == 1
    assert summary.queued == (row(db)["state"] == "queued")
    assert any("Captures stopped" in note for note in summary.notes) is (
        course is Course.STOP and at_submission
    )


@pytest.mark.parametrize(("code", "nights"), [("celery", 3), ("no-captures", 2), ("quantum-flux", 2)])
async def test_trouble_of_the_archive_is_waited_out_for_some_nights(
    db: Database, world: Archived, code: str, nights: int
) -> None:
    """A transient fault three times, an unheard one twice; then it has failed, for a month."""
    cite(db, PAGE)
    world.archive.jobs.quirks[PAGE] = Quirk(failure=code)
    for _ in range(nights + 2):
        await world.run(db)
        world.night.later(days=1)
    assert saves(world) == [PAGE] * nights
    assert (row(db)["state"], row(db)["attempts"]) == ("failed", nights)
    world.night.later(days=31)
    await world.run(db)
    assert saves(world) == [PAGE] * (nights + 1)


async def test_a_stop_ends_the_captures_of_the_run(db: Database, world: Archived) -> None:
    """Nothing more is submitted; all that waits is there the next night."""
    for number in range(5):
        cite(db, page(number))
    world.archive.jobs.quirks[page(1)] = Quirk(refusal="max-daily-bandwidth", times=1)
    summary = await world.run(db)
    assert saves(world) == [page(0), page(1)]
    assert summary.queued == 4
    assert "Captures stopped: Our account has used up" in summary.notes[0]
    world.night.later(days=1)
    summary = await world.run(db)
    assert (summary.archived, summary.queued) == (4, 0)


async def test_a_full_host_is_left_alone_and_others_go_on(db: Database, world: Archived) -> None:
    """The limit is the host's, not ours."""
    for path in "abc":
        cite(db, f"https://full.example.com/{path}")
    cite(db, PAGE)
    world.archive.jobs.quirks["https://full.example.com/a"] = Quirk(refusal="max-daily-bandwidth-host")
    summary = await world.run(db)
    assert saves(world) == ["https://full.example.com/a", PAGE]
    assert (summary.archived, summary.queued) == (1, 3)


async def test_a_target_that_asks_for_patience_slows_all_captures(db: Database, world: Archived) -> None:
    """Twice the distance after each, and no more than eightfold."""
    world.set(captures_per_minute=6_000)
    for number in range(6):
        cite(db, page(number))
        world.archive.jobs.quirks[page(number)] = Quirk(refusal="too-many-requests")
    await world.run(db)
    gaps = [each for each in world.night.slept if each > 0]
    assert max(gaps) <= limits.SLOWEST * 60 / 6_000
    assert max(gaps) > 2 * 60 / 6_000


async def test_a_null_job_means_archived_already(db: Database, world: Archived) -> None:
    """The submission says so without saying where; the index knows."""
    cite(db, PAGE)
    world.archive.jobs.quirks[PAGE] = Quirk(null_job=True)
    world.archive.lookup_quirks[PAGE] = ["503", "503", "ok"]
    world.archive.hold(PAGE, "20260221000000", "20200101000000")
    summary = await world.run(db)
    assert (summary.unknown, summary.archived, summary.submitted) == (1, 1, 0)
    assert row(db)["memento_url"] == f"{world.base}/web/20260221000000/{PAGE}"
    assert "177 hours ago" in row(db)["error"]


async def test_a_null_job_stands_though_the_index_is_down(db: Database, world: Archived) -> None:
    """Archived, where is not known, and not submitted again the next night."""
    cite(db, PAGE)
    world.archive.jobs.quirks[PAGE] = Quirk(null_job=True)
    world.archive.lookup_quirks[PAGE] = ["503"]
    await world.run(db)
    assert (row(db)["state"], row(db)["memento_id"]) == ("archived", None)
    world.night.later(days=1)
    await world.run(db)
    assert saves(world) == [PAGE]


async def test_the_memento_is_found_where_the_redirects_ended(db: Database) -> None:
    """Its address is made of the final URL, and leads to the page."""
    final = "https://example.com/new"
    async with served(visit=lambda _url: Visit(final_url=final, body="new page")) as world:
        cite(db, PAGE, "moved")
        await world.run(db)
        assert row(db)["memento_url"] == f"{world.base}/web/20260301031700/{final}"
        async with world.session.get(row(db)["memento_url"]) as response:
            assert await response.text() == "new page"


async def test_what_the_archive_sees_of_a_page_is_kept_as_evidence(db: Database) -> None:
    """Where we are blocked and the archive too, both are on record."""
    async with served(visit=lambda _url: Visit(status=403)) as world:
        cite(db, PAGE, "blocked")
        await world.run(db)
        assert (row(db)["state"], row(db)["status_ext"]) == ("failed", "no-access")
        assert MEANINGS[row(db)["status_ext"]].evidence


async def test_a_job_that_takes_long_is_taken_up_the_next_night(db: Database, world: Archived) -> None:
    """Waiting ends after some minutes; the row keeps the job, and nothing is submitted again."""
    cite(db, PAGE)
    world.archive.jobs.polls = limits.POLL_WAITS + 1
    summary = await world.run(db)
    assert (summary.submitted, summary.archived) == (1, 0)
    assert "under way" in summary.notes[0]
    assert row(db)["state"] == "submitted"
    world.night.later(minutes=30)
    summary = await world.run(db)
    assert (summary.submitted, summary.archived) == (0, 1)
    assert saves(world) == [PAGE]


async def test_waiting_for_jobs_is_bounded_at_the_real_pace(db: Database, world: Archived) -> None:
    """At six captures a minute a run waits five minutes for what never ends."""
    world.set(captures_per_minute=6.0)
    cite(db, PAGE)
    world.archive.jobs.quirks[PAGE] = Quirk(endless=True)
    await world.run(db)
    assert 240 < sum(world.night.slept) < 360


@pytest.mark.parametrize(
    ("quirk", "hours", "index", "state"),
    [
        (Quirk(lost=True), 2, "ok", "archived"),  # the job id had expired, the capture was made
        (Quirk(endless=True), 2, "ok", "submitted"),  # the index may be behind
        (Quirk(endless=True), 24, "ok", "queued"),  # nothing came of it: once more
        (Quirk(endless=True), 24, "429", "submitted"),  # unknown is not "no"
        (Quirk(endless=True), 0.5, "ok", "submitted"),  # within its hour a job may still end
    ],
)
async def test_a_job_pending_for_ever_is_settled_by_the_index(
    db: Database, world: Archived, quirk: Quirk, hours: float, index: str, state: str
) -> None:
    """An expired id is pending for ever, so the index has the last word, when it speaks."""
    cite(db, PAGE)
    world.archive.jobs.quirks[PAGE] = quirk
    await world.run(db)
    world.night.later(hours=hours)
    world.archive.lookup_quirks[PAGE] = [index]
    world.set(max_captures=0)
    await world.run(db)
    assert row(db)["state"] == state
    assert saves(world) == [PAGE]
    assert (row(db)["memento_url"] is not None) is (state == "archived")


async def test_without_keys_nothing_is_submitted_and_the_rest_goes_on(db: Database, world: Archived) -> None:
    """Mementos are looked up all the same, and the summary says what would have been done."""
    world.archive.hold(page(0), "20200101000000")
    for number in range(3):
        cite(db, page(number), "dead" if number == 0 else "alive")
    summary = await world.run(db, keys=None)
    assert (summary.found, summary.not_archived, summary.would_submit, summary.submitted) == (1, 2, 2, 0)
    (note,) = summary.notes
    assert note.startswith("No Internet Archive keys: 2 live links would have been submitted.")
    assert note.endswith("Set IA_ACCESS_KEY_ID and IA_SECRET_ACCESS_KEY.")
    assert {each.endpoint for each in world.archive.log} == {"cdx"}
    assert captures(db) == []


async def test_wrong_keys_stop_the_captures_with_a_word(db: Database, world: Archived) -> None:
    """Once, before anything is submitted; the queue is kept."""
    cite(db, PAGE)
    summary = await world.run(db, keys=Keys("wrong", "pair"))
    assert saves(world) == []
    assert "does not accept the keys" in summary.notes[0]
    assert summary.refusal in summary.notes[0]
    assert (summary.queued, row(db)["state"]) == (1, "queued")
    world.night.later(days=1)
    assert (await world.run(db)).archived == 1


async def test_keys_are_seen_nowhere(
    db: Database, world: Archived, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in the database, a log, the output or the summary, however the run goes."""
    caplog.set_level(logging.DEBUG)
    quirks = (Quirk(), Quirk(http=520), Quirk(mute=True), Quirk(refusal="celery"), Quirk(failure="not-found"))
    for number, quirk in enumerate(quirks):
        cite(db, page(number))
        world.archive.jobs.quirks[page(number)] = quirk
    summary = await world.run(db)
    world.set(wayback_url="http://127.0.0.1:9")
    later = await world.run(db)
    said = capfd.readouterr()
    everything = [
        *db.iterdump(),
        caplog.text,
        repr(summary),
        repr(later),
        said.out,
        said.err,
        repr(world.archive.log),
    ]
    for key in KEYS:
        assert not any(key in text for text in everything)
    assert any(each.keys == "right" for each in world.archive.log)


async def test_a_429_three_times_in_a_row_ends_the_look_ups(db: Database, world: Archived) -> None:
    """With a minute's pause after each; the URLs asked are unknown, the others not asked."""
    for number in range(20):
        cite(db, page(number), "dead")
    world.archive.lookup_quirks["*"] = ["429"]
    summary = await world.run(db)
    asked = world.archive.asked("cdx")
    assert len(asked) == limits.LOOKUPS_AT_ONCE + limits.STRIKES_429 - 1
    assert sum(world.night.slept) >= 2 * limits.PAUSE_AFTER_429 - 1
    assert set(lookups(db).values()) == {("unknown", "HTTP 429")}
    assert set(lookups(db)) == set(asked)
    assert summary.unknown == summary.looked_up == len(asked)
    assert "Look-ups stopped" in summary.notes[0]
    assert str(20 - len(asked)) in summary.notes[0]


async def test_an_archive_that_is_down_is_left_alone(db: Database, world: Archived) -> None:
    """After some silences in a row; nothing is held against any URL."""
    for number in range(20):
        cite(db, page(number), "dead")
    world.archive.lookup_quirks["*"] = ["503"]
    summary = await world.run(db, keys=None)
    assert summary.looked_up < 20
    assert summary.not_archived == 0
    assert "no usable answer" in summary.notes[0]
    world.night.later(days=1)
    world.archive.lookup_quirks.clear()
    summary = await world.run(db, keys=None)
    assert (summary.looked_up, summary.not_archived) == (20, 20)


async def test_urls_that_the_index_does_not_take_stop_nothing(db: Database, world: Archived) -> None:
    """An article may cite many that are too long for it; they are unknown, and the others are asked about."""
    for number in range(20):
        cite(db, page(number), "dead")
        if number < 15:
            world.archive.lookup_quirks[page(number)] = ["400"]
    summary = await world.run(db, keys=None)
    assert (summary.looked_up, summary.unknown, summary.not_archived) == (20, 15, 5)
    assert not any("stopped" in note for note in summary.notes)


async def test_too_fast_at_saving_is_a_pause_and_then_the_end(db: Database, world: Archived) -> None:
    """Three 429s in a row end the captures; nothing is lost from the queue."""
    for number in range(6):
        cite(db, page(number))
    world.archive.jobs.quirks["*"] = Quirk(http=429)
    summary = await world.run(db)
    assert len(saves(world)) == limits.STRIKES_429
    assert summary.queued == 6
    assert "429" in summary.notes[0]
    assert sum(world.night.slept) >= 2 * limits.PAUSE_AFTER_429 - 1


@pytest.mark.parametrize("endpoint", ["system", "user", "status"])
async def test_no_429_of_save_page_now_is_passed_over(db: Database, world: Archived, endpoint: str) -> None:
    """Whatever it was asked, it is left alone for a minute; nothing is lost, and the next run goes on."""
    for number in range(9):
        cite(db, page(number))
    world.archive.busy.add(endpoint)
    await world.run(db)
    log = world.archive.log
    gaps = [after.at - asked.at for asked, after in pairwise(log) if asked.endpoint == endpoint]
    assert gaps
    assert min(gaps).total_seconds() >= limits.PAUSE_AFTER_429
    world.archive.busy.clear()
    world.night.later(minutes=5)
    await world.run(db)
    assert {each["state"] for each in captures(db)} == {"archived"}
    assert sorted(saves(world)) == [page(number) for number in range(9)]


async def test_an_archive_that_hides_its_jobs_is_soon_left_alone(db: Database, world: Archived) -> None:
    """Three 429s in a row end the questions about jobs too, and what runs is asked about the next night."""
    for number in range(9):
        cite(db, page(number))
    world.archive.busy.add("status")
    summary = await world.run(db)
    assert len(world.archive.asked("status")) == limits.STRIKES_429
    assert (summary.submitted, summary.archived, summary.queued) == (3, 0, 6)
    assert any("429" in note for note in summary.notes)


async def test_an_account_that_others_use_up_is_no_fault_of_any_page(db: Database, world: Archived) -> None:
    """Places are said to be free and are not: a few tries a night, for as many nights as it takes."""
    for number in range(9):
        cite(db, page(number))
    world.archive.jobs.quirks["*"] = Quirk(refusal="user-session-limit")
    for night in range(1, 6):
        await world.run(db)
        assert len(saves(world)) == night * limits.STRIKES_FULL
        world.night.later(days=1)
    assert {each["state"] for each in captures(db)} == {"queued"}
    world.archive.jobs.quirks.clear()
    assert (await world.run(db)).archived == 9


async def test_an_archive_that_was_down_for_days_is_tried_again_within_the_week(
    db: Database, world: Archived
) -> None:
    """Those most at risk are submitted first, and must not be the ones that an outage sets aside for long."""
    cite(db, PAGE)
    world.archive.jobs.quirks[PAGE] = Quirk(http=503)
    for _ in range(limits.TRANSIENT_NIGHTS):
        await world.run(db)
        world.night.later(days=1)
    assert (row(db)["state"], row(db)["status_ext"]) == ("failed", None)
    world.archive.jobs.quirks.clear()
    await world.run(db)
    assert len(captures(db)) == 1
    world.night.later(seconds=limits.SILENCE_RECHECK)
    assert (await world.run(db)).archived == 1


async def test_a_job_of_a_page_that_the_index_excludes_comes_to_an_end(db: Database, world: Archived) -> None:
    """The index never speaks of it, so waiting for its word would be waiting for ever."""
    cite(db, PAGE)
    world.archive.jobs.quirks[PAGE] = Quirk(endless=True)
    await world.run(db)
    world.archive.lookup_quirks[PAGE] = ["blocked"]
    world.night.later(days=1)
    world.set(max_captures=0)
    await world.run(db)
    assert (row(db)["state"], row(db)["job_id"]) == ("queued", None)


async def test_a_lost_answer_leads_back_to_the_same_job(db: Database, world: Archived) -> None:
    """The archive took the submission and we never heard: the next night finds the one capture."""
    cite(db, PAGE)
    world.archive.jobs.quirks[PAGE] = Quirk(mute=True, times=1)
    await world.run(db)
    assert (row(db)["state"], row(db)["job_id"]) == ("queued", None)
    world.night.later(minutes=5)
    await world.run(db)
    assert row(db)["state"] == "archived"
    assert len(world.archive.jobs.jobs) == 1
    assert len(world.archive.holdings.of(PAGE)) == 1


async def test_places_at_the_archive_are_respected(db: Database, world: Archived) -> None:
    """Never more jobs than places, and all get their turn."""
    world.archive.jobs.slots = 2
    for number in range(9):
        cite(db, page(number))
    summary = await world.run(db)
    assert (summary.archived, summary.queued) == (9, 0)
    assert len(saves(world)) == 9  # a refusal for want of places would have cost one more
    assert not [each for each in captures(db) if each["status_ext"]]


async def test_no_place_becomes_free(db: Database, world: Archived) -> None:
    """Others use the account: we wait a while, then leave it for another night."""
    cite(db, PAGE)
    world.archive.jobs.slots = 0
    summary = await world.run(db)
    assert saves(world) == []
    assert "no place" in summary.notes[0]
    assert summary.queued == 1


async def test_todays_captures_are_used_up(db: Database, world: Archived) -> None:
    """The archive says how many were made and how many may be."""
    cite(db, PAGE)
    world.archive.jobs.daily_limit = world.archive.jobs.captured_today = 200
    summary = await world.run(db)
    assert saves(world) == []
    assert "used up" in summary.notes[0]


@pytest.mark.parametrize(("system", "made"), [("critical", 0), ("Servers are temporarily overloaded.", 1)])
async def test_the_state_of_the_service_is_heard(
    db: Database, world: Archived, system: str, made: int
) -> None:
    """Down is down; overloaded is told and goes on."""
    cite(db, PAGE)
    world.archive.jobs.system = system
    summary = await world.run(db)
    assert summary.archived == made
    assert len(summary.notes) == 1


async def test_the_dead_and_the_private_are_never_submitted(db: Database, world: Archived) -> None:
    """Nor what is in an archive already, nor what is left out by the configuration."""
    for number, state in enumerate(["dead", "suspect", "unchecked", "skipped"]):
        cite(db, page(number), state)
    for url in ("http://intranet/", "https://user:pass@example.com/", "https://archive.ph/AbCdE"):
        cite(db, url)
    await world.run(db)
    assert saves(world) == []
    assert captures(db) == []
    assert set(world.archive.asked("cdx")) == {page(0), page(1)}


async def test_limits_of_a_run_are_kept_and_the_queue_goes_on(db: Database, world: Archived) -> None:
    """So many look-ups and captures a night; the rest waits in the database."""
    world.set(max_captures=2, max_lookups=3)
    for number in range(5):
        cite(db, page(number))
    summary = await world.run(db)
    assert (summary.looked_up, summary.submitted, summary.queued) == (3, 2, 3)
    world.night.later(days=1)
    summary = await world.run(db)
    assert (summary.submitted, summary.queued) == (2, 1)
    world.night.later(days=1)
    summary = await world.run(db)
    assert (summary.submitted, summary.queued) == (1, 0)
    assert sorted(saves(world)) == [page(each) for each in range(5)]


async def test_what_died_while_waiting_leaves_the_queue(db: Database, world: Archived) -> None:
    """A capture of its ruin would help nobody."""
    world.set(max_captures=0)
    url_id = cite(db, PAGE)
    await world.run(db)
    assert row(db)["state"] == "queued"
    db.table("urls").update(url_id, {"state": "dead"})
    world.set(max_captures=10)
    await world.run(db)
    assert row(db)["state"] == "skipped"
    assert saves(world) == []


async def test_a_dead_link_gets_candidates_near_its_citations(db: Database, world: Archived) -> None:
    """Good captures around each article's time, so that each link has its best one."""
    cite(db, PAGE, "dead", cited="2015-06-01")
    url_id = cite(db, PAGE, "dead", cited="2023-09-05")
    early = [f"2015{month:02}01000000" for month in range(1, 13)]
    late = [f"2023{month:02}02000000" for month in range(1, 13)]
    world.archive.hold(PAGE, *early, *late)
    world.archive.hold(PAGE, "20230905000000", status="301")
    world.archive.hold(PAGE, "20150602000000", status="503")
    summary = await world.run(db)
    assert (summary.looked_up, summary.found) == (1, 1)
    assert len(world.archive.asked("cdx")) == 2
    held = store.of_url(db, url_id)
    assert len(held) == 20
    for cited, expected in (("2015-06-01", "2015-06-01"), ("2023-09-05", "2023-09-02")):
        choice = best(held, at(cited))
        assert choice is not None
        assert choice.best.captured_at == at(expected)
        assert choice.runners_up


async def test_broken_rows_of_the_index_do_not_stop_the_night(db: Database, world: Archived) -> None:
    """Month 00, foreign and revisited rows among sound ones."""
    url_id = cite(db, PAGE, "dead")
    world.archive.hold(PAGE, "20200012170449", "20200101000000")
    world.archive.hold(PAGE, "20200301000000", status="-", mimetype="warc/revisit")
    for original in ("http://mailto:a@example.com/", "data:image/jpeg;base64,AA", "some/thing", PAGE.upper()):
        world.archive.holdings.add(PAGE, Held("20200201000000", original))
    await world.run(db)
    assert lookups(db) == {PAGE: ("archived", None)}
    assert [each.captured_at for each in store.of_url(db, url_id)] == [at("2020-01-01")]


async def test_the_log_of_the_archive_and_the_database_agree(db: Database, world: Archived) -> None:
    """Every look-up has its row, every submission is an attempt, every capture a memento."""
    outcomes = [Quirk(), Quirk(refusal="blocked-url"), Quirk(failure="not-found"), Quirk(failure="celery")]
    outcomes += [Quirk(null_job=True), Quirk(endless=True), Quirk(refusal="too-many-daily-captures"), Quirk()]
    for number, quirk in enumerate(outcomes):
        cite(db, page(number))
        world.archive.jobs.quirks[page(number)] = quirk
    summary = await world.run(db)
    rows = captures(db)
    assert sorted(saves(world)) == sorted(each["url"] for each in rows for _ in range(each["attempts"]))
    assert set(lookups(db)) == {page(number) for number in range(len(outcomes))}
    by_state = {state: sum(each["state"] == state for each in rows) for state in CaptureState}
    assert by_state == {
        "queued": 1,
        "submitted": 1,
        "archived": 4,
        "failed": 1,
        "refused": 1,
        "skipped": 0,
    }
    assert summary.archived == by_state["archived"]
    assert (summary.failed, summary.refused, summary.queued) == (1, 1, 1)
    held = {url for each in rows if (url := each["memento_url"])}
    made = {
        f"{world.base}/web/{one.timestamp}/{one.original}"
        for each in rows
        for one in world.archive.holdings.of(each["url"])
    }
    assert held == made
    assert {each["run_id"] for each in rows} == {1}


CHILD = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
import aiohttp
from linkwatch.archive.stage import Keys, archive
from linkwatch.config import Archive, Config
from linkwatch.store.database import open_for_writing

def clock():
    return datetime(2026, 3, 1, 3, 17, tzinfo=UTC)

async def main(path, base, access, secret):
    config = Config(archive=Archive(wayback_url=base, captures_per_minute=6, lookups_per_minute=1e6))
    with open_for_writing(Path(path), clock()) as db:
        async with aiohttp.ClientSession() as session:
            keys = Keys(access, secret)
            tell = lambda *said: print(*said, flush=True)
            await archive(db, config, run_id=1, clock=clock, keys=keys, session=session, progress=tell)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_killed_run_is_taken_up_by_its_job(tmp_path: Path, world: Archived) -> None:
    """Killed without warning between submission and answer: the job is asked about, not made anew."""
    path = tmp_path / "linkwatch.db"
    with closing(Database(path, strict=True)) as db:
        migrations.apply(db)
        cite(db, PAGE)
        History(db).run("2026-03-01")
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(path), world.base, *KEYS, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    while b"capturing" not in (line := await child.stdout.readline()):
        assert line, "the run ended early"
    child.send_signal(signal.SIGKILL)
    assert await child.wait() == -signal.SIGKILL
    with closing(Database(path, strict=True)) as db:
        before = row(db)
        assert before["state"] == "submitted"
        world.night.later(minutes=5)
        summary = await world.run(db, RIGHT_KEYS)
        assert (summary.submitted, summary.archived) == (0, 1)
        assert row(db)["state"] == "archived"
    assert saves(world) == [PAGE]
    assert before["job_id"] in world.archive.asked("status")
