"""Nights of random trouble at the archive: it is never pressed, and nothing that it made for us is lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import pytest
from archiveworld import Archived, captures, cite, served

from linkwatch.archive import limits
from linkwatch.archive.statuses import MEANINGS
from linkwatch.demo.savepagenow import Quirk
from linkwatch.store import mementos as store

if TYPE_CHECKING:
    from sqlite_utils import Database

SEEDS = range(12)
NIGHTS = 6
PAGES = [f"https://site{number}.example.com/page" for number in range(12)]
LIMIT = 7  # captures a minute (Save Page Now 2 API document, copy of 2025-10-22)


def trouble(chance: Random) -> Quirk:
    """Some way in which Save Page Now treats an address, most often well."""
    code = chance.choice([*MEANINGS, "quantum-flux"])
    return chance.choice(
        [
            Quirk(), Quirk(), Quirk(times=1, mute=True), Quirk(lost=True), Quirk(endless=True),
            Quirk(refusal=code), Quirk(failure=code), Quirk(null_job=True), Quirk(http=429), Quirk(http=503),
        ]
    )  # fmt: skip


def disturb(world: Archived, chance: Random) -> None:
    """A new night's trouble."""
    archive = world.archive
    archive.jobs.quirks = {url: trouble(chance) for url in PAGES}
    archive.lookup_quirks = {
        url: [chance.choice(["ok", "ok", "429", "503", "empty", "blocked"])] for url in PAGES
    }
    archive.busy = set(chance.sample(["status", "user", "system"], chance.choice([0, 0, 1, 2])))
    archive.jobs.slots = chance.choice([0, 1, 3])
    archive.jobs.polls = chance.choice([1, 3, limits.POLL_WAITS + 1])


async def nights(db: Database, world: Archived, chance: Random) -> list[str]:
    """Nights of trouble, and what was submitted in each: never a page twice."""
    submitted: list[str] = []
    for _ in range(NIGHTS):
        disturb(world, chance)
        before = len(world.archive.asked("save"))
        await world.run(db)
        tonight = world.archive.asked("save")[before:]
        assert max(Counter(tonight).values(), default=0) <= 1
        submitted += tonight
        world.night.later(hours=20)
    return submitted


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_archive_is_never_pressed(db: Database, seed: int) -> None:
    """No more captures than it allows in any minute, and a minute's rest after each refusal to serve."""
    async with served() as world:
        world.set(captures_per_minute=6.0)
        for url in PAGES:
            cite(db, url)
        await nights(db, world, Random(seed))
        saves = [each.at for each in world.archive.log if each.endpoint == "save"]
        for first, last in zip(saves, saves[LIMIT:], strict=False):
            assert last - first >= timedelta(minutes=1)
        talk = [each for each in world.archive.answers if each.path.startswith("/save")]
        for refused, after in pairwise(talk):
            if refused.status == 429:
                assert (after.at - refused.at).total_seconds() >= limits.PAUSE_AFTER_429


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_that_was_made_for_us_is_lost(db: Database, seed: int) -> None:
    """After some calm weeks every page has a memento, every capture has ended, and no page was spammed."""
    async with served() as world:
        ids = {url: cite(db, url) for url in PAGES}
        submitted = await nights(db, world, Random(seed))
        assert max(Counter(submitted).values(), default=0) <= NIGHTS
        archive = world.archive
        archive.jobs.quirks, archive.lookup_quirks, archive.busy = {}, {}, set()
        archive.jobs.slots, archive.jobs.polls = 3, 1
        archive.jobs.jobs.clear()  # those that hang are forgotten in time
        for _ in range(8):
            world.night.later(days=limits.PERMANENT_RECHECK / 86_400 / 6)
            await world.run(db)
        assert {url for url, url_id in ids.items() if store.of_url(db, url_id)} == set(PAGES)
        assert {each["state"] for each in captures(db)} <= {"archived", "failed", "refused"}
