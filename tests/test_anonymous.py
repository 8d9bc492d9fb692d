"""Saving without keys is tried once, within a hard limit, and only when asked for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from archiveworld import Archived, captures, cite, served

from linkwatch.archive import limits
from linkwatch.archive.anonymous import Anonymous
from linkwatch.archive.pace import Pace, Timer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlite_utils import Database

PAGE = "https://example.com/page?b=2&a=1"


@pytest.fixture
async def world() -> AsyncIterator[Archived]:
    """An archive on a socket, and settings that ask for anonymous captures."""
    async with served() as it:
        it.set(anonymous=True)
        it.archive.anonymous = "ok"
        yield it


def pages(db: Database, number: int) -> None:
    """Some live links, each on a host of its own."""
    for each in range(number):
        cite(db, f"https://site{each}.example.com/")


async def test_a_live_link_is_saved_without_keys(db: Database, world: Archived) -> None:
    """One request, and the snapshot it names is kept; the next night has nothing to do."""
    cite(db, PAGE)
    summary = await world.run(db, None)
    assert (summary.submitted, summary.archived, summary.would_submit, summary.notes) == (1, 1, 0, ())
    (row,) = captures(db)
    assert (row["state"], row["attempts"]) == ("archived", 1)
    assert row["memento_url"] == f"{world.base}/web/20260301031700/{PAGE}"
    await world.run(db, None)
    assert world.archive.asked("anybody") == [PAGE]
    assert world.archive.asked("save") == []


async def test_nothing_is_saved_unless_asked_for(db: Database, world: Archived) -> None:
    """Off by default; and with keys the documented way is taken."""
    cite(db, PAGE)
    world.set(anonymous=False)
    assert (await world.run(db, None)).would_submit == 1
    world.set(anonymous=True)
    await world.run(db)
    assert world.archive.asked("anybody") == []
    assert world.archive.asked("save") == [PAGE]


@pytest.mark.parametrize("status", ["401", "429"])
async def test_a_refusal_ends_it_for_tonight(db: Database, world: Archived, status: str) -> None:
    """One request shows that the archive does not want it; nothing is held against the page."""
    world.archive.anonymous = status
    pages(db, 4)
    for _ in range(limits.TRANSIENT_NIGHTS + 1):
        summary = await world.run(db, None)
        world.night.later(days=1)
        assert f"HTTP {status}" in summary.notes[0]
        assert (summary.submitted, summary.queued, summary.failed) == (1, 4, 0)
    assert {row["state"] for row in captures(db)} == {"queued"}


async def test_faults_are_tried_another_night_and_then_given_up(db: Database, world: Archived) -> None:
    """A server fault is not repeated at once; after several nights the page is left in peace."""
    world.archive.anonymous = "503"
    cite(db, PAGE)
    for _ in range(limits.TRANSIENT_NIGHTS + 1):
        await world.run(db, None)
        world.night.later(days=1)
    (row,) = captures(db)
    assert (row["state"], row["attempts"]) == ("failed", limits.TRANSIENT_NIGHTS)
    assert len(world.archive.asked("anybody")) == limits.TRANSIENT_NIGHTS


async def test_an_archive_that_only_fails_is_left_alone(db: Database, world: Archived) -> None:
    """After several pages in a row in vain the rest waits."""
    world.archive.anonymous = "500"
    pages(db, limits.STRIKES_UNKNOWN + 3)
    summary = await world.run(db, None)
    assert (summary.submitted, summary.queued) == (limits.STRIKES_UNKNOWN, limits.STRIKES_UNKNOWN + 3)


async def test_a_save_that_hangs_ends_at_its_limit(world: Archived) -> None:
    """Nothing of waybackpy's can hold a run: its thread is left behind."""
    world.archive.anonymous = "hang"
    pace = Pace(1e6, Timer(lambda: 0.0, asyncio.sleep))
    saved = await Anonymous(world.base, "linkwatch", pace, seconds=0.05).save(PAGE)
    assert (saved.snapshot, saved.error) == (None, "no answer within 0.05 seconds")


async def test_it_is_slower_than_with_keys(db: Database, world: Archived) -> None:
    """Three a minute, as the archive documents for those without keys."""
    pages(db, 3)
    before = world.night()
    await world.run(db, None)
    assert (world.night() - before).total_seconds() == pytest.approx(
        2 * 60 / limits.ANONYMOUS_PER_MINUTE, abs=1
    )


async def test_jobs_of_another_night_are_asked_about_without_keys(db: Database, world: Archived) -> None:
    """Keys that are gone do not leave a job hanging: its outcome is asked for, or taken from the index."""
    world.archive.jobs.polls = 10**6
    cite(db, PAGE)
    await world.run(db)
    assert captures(db)[0]["state"] == "submitted"
    world.set(anonymous=False)
    world.archive.jobs.polls = 1
    world.archive.hold(PAGE, "20260301040000")
    world.night.later(hours=7)
    await world.run(db, None)
    assert captures(db)[0]["state"] == "archived"
