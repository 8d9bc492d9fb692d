"""The client keeps the archive's pace, believes no silence, and shows its keys to nobody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from archiveworld import RIGHT_KEYS, Archived, Night, served
from conftest import NIGHT

from linkwatch.archive import limits, spn
from linkwatch.archive.breaker import Breaker
from linkwatch.archive.cdx import EXCLUDED, Question
from linkwatch.archive.client import Wayback
from linkwatch.archive.keys import Keys
from linkwatch.archive.pace import Pace, Timer
from linkwatch.demo.savepagenow import Quirk
from linkwatch.model import LookupAnswer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PAGE = "https://example.com/page?b=2&a=1"
WITHIN = 30 * 86400.0


class Ticks:
    """Seconds that pass only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """What time it is."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Lets time pass without waiting for it."""
        self.now += seconds


@pytest.fixture
async def world() -> AsyncIterator[Archived]:
    """An archive on a socket."""
    async with served() as it:
        yield it


def client(world: Archived, keys: Keys | None = RIGHT_KEYS, ticks: Ticks | None = None) -> Wayback:
    """A client of the archive whose time is made up."""
    ticks = ticks or Ticks()
    timer = Timer(ticks, ticks.sleep)
    lookups, captures = Pace(24, timer), Pace(7, timer)
    return Wayback(world.session, world.base, lookups, captures, ticks.sleep, keys)


async def test_a_look_up_brings_the_captures_of_the_page(world: Archived) -> None:
    """Found under another scheme and order of the query, as the index folds them."""
    world.archive.hold("http://www.example.com:80/page?a=1&b=2", "20250101000000", "20260101000000")
    world.archive.hold(PAGE, "20260201000000", status="404")
    lookup = await client(world).look_up(Question(PAGE, NIGHT))
    assert lookup.answer is LookupAnswer.ARCHIVED
    assert [each.captured_at.year for each in lookup.mementos] == [2026, 2025]
    assert world.archive.asked("cdx") == [PAGE]


async def test_the_address_of_a_memento_is_replayed(world: Archived) -> None:
    """What we hand to people leads to the page, marked as a memento."""
    world.archive.hold(PAGE, "20260101000000", body="<p>as it was</p>")
    (memento,) = (await client(world).look_up(Question(PAGE, NIGHT))).mementos
    async with world.session.get(memento.memento_url) as response:
        assert response.headers["Memento-Datetime"] == "Thu, 01 Jan 2026 00:00:00 GMT"
        assert await response.text() == "<p>as it was</p>"


@pytest.mark.parametrize("quirk", ["429", "503", "empty", "short", "html", "blocked", "reset"])
async def test_an_archive_in_trouble_has_not_said_no(world: Archived, quirk: str) -> None:
    """It holds the page, and each of these would look like "never archived" to a careless client."""
    world.archive.hold(PAGE, "20260101000000")
    world.archive.lookup_quirks["*"] = [quirk]
    lookup = await client(world).look_up(Question(PAGE, NIGHT))
    assert lookup.answer is LookupAnswer.UNKNOWN
    assert lookup.error
    assert (lookup.error == EXCLUDED) is (quirk == "blocked")


async def test_an_archive_that_never_answers_is_given_up(world: Archived) -> None:
    """A look-up has an end, and says that it was time."""
    world.archive.lookup_quirks["*"] = ["hang"]
    hasty = replace(client(world), lookup_timeout=0.05)
    lookup = await hasty.look_up(Question(PAGE, NIGHT))
    assert lookup.answer is LookupAnswer.UNKNOWN
    assert lookup.error == "no answer within 0.05 seconds"


async def test_a_passing_fault_is_asked_about_once_more(world: Archived) -> None:
    """And not about the same thing for ever."""
    world.archive.hold(PAGE, "20260101000000")
    world.archive.lookup_quirks[PAGE] = ["503", "ok"]
    assert (await client(world).look_up(Question(PAGE, NIGHT))).answer is LookupAnswer.ARCHIVED
    assert len(world.archive.asked("cdx")) == 2


async def test_a_429_is_not_asked_again_at_once(world: Archived) -> None:
    """It begins a pause of a minute for every look-up that follows."""
    world.archive.lookup_quirks["*"] = ["429", "ok"]
    ticks = Ticks()
    asker = client(world, ticks=ticks)
    await asker.look_up(Question(PAGE, NIGHT))
    assert len(world.archive.asked("cdx")) == 1
    await asker.look_up(Question(PAGE, NIGHT))
    assert ticks.now >= limits.PAUSE_AFTER_429


async def test_look_ups_keep_to_their_rate(world: Archived) -> None:
    """Twenty-four a minute, however many ask at once."""
    ticks = Ticks()
    asker = client(world, ticks=ticks)
    await asyncio.gather(*(asker.look_up(Question(f"{PAGE}{each}", NIGHT)) for each in range(25)))
    assert ticks.now == pytest.approx(60.0)


async def test_captures_keep_to_their_rate_and_can_be_slowed(world: Archived) -> None:
    """Seven a minute, and half of that once told so."""
    ticks = Ticks()
    asker = client(world, ticks=ticks)
    for each in range(8):
        await asker.submit(f"https://example.com/{each}", WITHIN)
    assert ticks.now == pytest.approx(60.0)
    asker.captures.slow_down(2)
    await asker.submit(f"https://example.com/{8}", WITHIN)
    before = ticks.now
    await asker.submit(f"https://example.com/{9}", WITHIN)
    assert ticks.now - before == pytest.approx(120 / 7)


async def test_a_submission_says_what_it_wants(world: Archived) -> None:
    """Keys in the header, the URL whole, no capture where a fresh one exists."""
    answer = await client(world).submit(PAGE, WITHIN)
    assert isinstance(answer, spn.Accepted)
    (asked,) = [each for each in world.archive.log if each.endpoint == "save"]
    assert (asked.subject, asked.keys) == (PAGE, "right")
    assert dict(asked.options) == {"if_not_archived_within": "2592000", "skip_first_archive": "1"}


async def test_an_unanswered_submission_is_not_repeated(world: Archived) -> None:
    """It may have been taken."""
    world.archive.jobs.quirks[PAGE] = Quirk(http=520)
    assert await client(world).submit(PAGE, WITHIN) == spn.NoAnswer("HTTP 520")
    assert world.archive.asked("save") == [PAGE]


async def test_jobs_are_asked_about_fifty_at_once(world: Archived) -> None:
    """And all of them are."""
    ids = [f"spn2-{each:040x}" for each in range(120)]
    known = await client(world).statuses(ids)
    assert set(known) == set(ids)
    assert [len(each.split(",")) for each in world.archive.asked("status")] == [50, 50, 20]


async def test_wrong_keys_are_told(world: Archived) -> None:
    """By the places as by the submission."""
    wrong = client(world, Keys("not", "these"))
    assert await wrong.slots() == spn.Unauthorized()
    assert await wrong.submit(PAGE, WITHIN) == spn.Unauthorized()
    assert await client(world).slots() == spn.Slots(3)


async def test_keys_do_not_follow_redirects_and_are_not_sent_to_the_index(world: Archived) -> None:
    """The index needs none, and a redirect may lead anywhere."""
    await client(world).look_up(Question(PAGE, NIGHT))
    assert [each.keys for each in world.archive.log] == ["none"]
    world.archive.jobs.quirks[PAGE] = Quirk(http=302)
    assert await client(world).submit(PAGE, WITHIN) == spn.NoAnswer("HTTP 302")


async def test_an_archive_that_is_not_there(world: Archived) -> None:
    """Nothing is raised, and nothing said of the URL."""
    gone = replace(client(world), base="http://127.0.0.1:9")
    assert (await gone.look_up(Question(PAGE, NIGHT))).answer is LookupAnswer.UNKNOWN
    assert isinstance(await gone.submit(PAGE, WITHIN), spn.NoAnswer)
    assert await gone.statuses(["spn2-x"]) == {}
    assert await gone.slots() == spn.Slots(limits.SLOTS)


def test_keys_come_in_pairs_from_the_environment() -> None:
    """Half a pair is none, and blanks around them are not part of them."""
    both = {"IA_ACCESS_KEY_ID": " access\n", "IA_SECRET_ACCESS_KEY": "secret"}
    assert Keys.from_env(both) == Keys("access", "secret")
    for name in both:
        assert Keys.from_env({**both, name: " "}) is None
    assert Keys.from_env({}) is None


def test_keys_hide_in_every_form_of_text() -> None:
    """A traceback or a log that shows an object shows no key."""
    keys = Keys("open-sesame", "very-secret")
    for text in (repr(keys), str(keys), f"{keys}", f"{[keys]}"):
        assert "sesame" not in text
        assert "secret" not in text


def test_one_fault_that_hits_many_questions_counts_once() -> None:
    """Four look-ups under way and refused together are one refusal, not four."""
    breaker = Breaker()
    tickets = [breaker.ticket() for _ in range(4)]
    assert [breaker.refused(each) for each in tickets] == [True, False, False, False]
    assert breaker.reason is None
    breaker.refused(breaker.ticket())
    breaker.answered(breaker.ticket())
    for _ in range(2):
        breaker.refused(breaker.ticket())
    assert breaker.reason is None
    breaker.refused(breaker.ticket())
    assert "429" in (breaker.reason or "")


def test_silence_has_an_end() -> None:
    """After so many in a row; one answer begins the count anew."""
    breaker = Breaker()
    for _ in range(limits.STRIKES_UNKNOWN - 1):
        breaker.silent("HTTP 503")
    breaker.answered(breaker.ticket())
    for _ in range(limits.STRIKES_UNKNOWN - 1):
        breaker.silent("HTTP 503")
    assert breaker.reason is None
    breaker.silent("HTTP 503")
    assert "HTTP 503" in (breaker.reason or "")


async def test_a_pause_holds_back_those_who_wait_already() -> None:
    """A turn that was not given yet waits the pause out."""
    ticks = Ticks()
    pace = Pace(60, Timer(ticks, ticks.sleep))
    await pace.turn()
    pace.pause(90)
    await pace.turn()
    assert ticks.now == 90


def test_the_night_moves_by_sleeping_only() -> None:
    """The tests' own clock."""
    night = Night()
    asyncio.run(night.sleep(60))
    assert (night() - NIGHT).total_seconds() == 60
