"""When a URL is looked at again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import NIGHT
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.check.fold import fold
from linkwatch.check.schedule import in_shard, next_check
from linkwatch.model import Check, History, State, Verdict
from linkwatch.policy import DAY, HOUR, Policy

POLICY = Policy()
PLAIN = Policy(recheck_jitter=0)
URL = "https://example.org/a"
URLS = st.text(min_size=1, max_size=30)
STEADY = [State.ALIVE, State.MOVED, State.DRIFTED]


def _interval(state: State, held: float = 0, policy: Policy = PLAIN, url: str = URL) -> float:
    """Seconds to the next check of a URL that has been in a state for so many days."""
    history = History(state=state, state_since=NIGHT - timedelta(days=held))
    return (next_check(url, history, NIGHT, policy) - NIGHT).total_seconds()


@pytest.mark.parametrize("state", STEADY)
@pytest.mark.parametrize(
    ("held", "days"), [(0, 7), (1, 8), (7, 14), (21, 28), (23, 30), (49, 30), (9999, 30)]
)
def test_what_holds_is_looked_at_less(state: State, held: int, days: int) -> None:
    """The interval grows with the time for which nothing has changed, up to a month."""
    assert _interval(state, held) == days * DAY


@pytest.mark.parametrize(
    ("state", "seconds"),
    [
        (State.BLOCKED, 14 * DAY),
        (State.DEAD, 30 * DAY),
        (State.SKIPPED, 30 * DAY),
        (State.SUSPECT, 20 * HOUR),
        (State.UNCHECKED, 20 * HOUR),
    ],
)
@pytest.mark.parametrize("held", [0, 400])
def test_other_states_have_one_interval(state: State, seconds: float, held: int) -> None:
    """What failed is confirmed the next night; a gate or a grave is looked at now and then."""
    assert _interval(state, held) == seconds


def test_what_looks_like_another_page_is_looked_at_the_next_night() -> None:
    """To the hour and without jitter, until it is confirmed; then as any page that holds."""
    history, gaps = History(), []
    for verdict in (Verdict.ALIVE, Verdict.DRIFTED, Verdict.DRIFTED):
        now = history.last_checked_at + timedelta(days=1) if history.last_checked_at else NIGHT
        history = fold(history, Check(URL, now, verdict, "ok"), POLICY)
        gaps.append((next_check(URL, history, now, POLICY) - now) / timedelta(hours=1))
    assert gaps[1] == 20
    assert min(gaps[0], gaps[2]) > 24 * 5


def test_a_link_that_stays_alive() -> None:
    """A link that always answers is checked after 7, 14, 28 and then every 30 days."""
    history, now, gaps = History(), NIGHT, []
    for _ in range(6):
        history = fold(history, Check(URL, now, Verdict.ALIVE, "ok"), PLAIN)
        after = next_check(URL, history, now, PLAIN)
        gaps.append((after - now) / timedelta(days=1))
        now = after
    assert gaps == [7, 14, 28, 30, 30, 30]


@given(
    URLS,
    st.sampled_from(State),
    st.integers(0, 3000),
    st.integers(0, 20_000),
)
def test_chance_only_brings_forward(url: str, state: State, held: int, day: int) -> None:
    """A check is never later than its interval says, and earlier by the policy's share at the most."""
    now = NIGHT + timedelta(days=day)
    history = History(state=state, state_since=now - timedelta(days=held))
    exact, due = next_check(url, history, now, PLAIN), next_check(url, history, now, POLICY)
    assert (exact - now) * (1 - POLICY.recheck_jitter) <= due - now + timedelta(microseconds=1)
    assert due <= exact


@given(URLS, st.integers(0, 23))
def test_chance_can_be_repeated(url: str, hour: int) -> None:
    """The same URL on the same day has the same share, whenever it is asked: no dice are thrown."""
    history = History(state=State.DEAD)
    midnight = NIGHT.replace(hour=0, minute=0)
    now = midnight + timedelta(hours=hour)
    share = next_check(url, history, now, POLICY) - now
    assert share == next_check(url, history, midnight, POLICY) - midnight


def test_a_corpus_of_one_night_spreads() -> None:
    """URLs first seen in one night come due on different nights, about as many on each."""
    due = [_interval(State.DEAD, policy=POLICY, url=f"https://example.org/{each}") for each in range(2000)]
    nights = [sum(night * DAY <= each < (night + 1) * DAY for each in due) for night in range(26, 30)]
    assert min(nights) > 350
    assert max(nights) < 550


@pytest.mark.parametrize("early", [0, 1, 3.5])
def test_a_failure_is_due_the_next_night(early: float) -> None:
    """What failed is due in the next run, even when that starts some hours early."""
    history = fold(History(), Check(URL, NIGHT, Verdict.GONE, "http_404"), POLICY)
    following = NIGHT + timedelta(days=1) - timedelta(hours=early)
    assert NIGHT < next_check(URL, history, NIGHT, POLICY) <= following


def test_death_takes_days_not_weeks() -> None:
    """Checked every night it is due, a page that is gone is dead after the fourth."""
    history, due, nights = History(), NIGHT, 0
    for night in range(30):
        now = NIGHT + timedelta(days=night)
        if now >= due and history.state is not State.DEAD:
            history = fold(history, Check(URL, now, Verdict.GONE, "http_404"), POLICY)
            due, nights = next_check(URL, history, now, POLICY), nights + 1
    assert (history.state, nights) == (State.DEAD, 4)


@pytest.mark.parametrize("state", STEADY)
def test_a_clock_that_was_ahead(state: State) -> None:
    """A state dated in the future does no more than start at the first interval."""
    assert _interval(state, held=-50) == 7 * DAY


def test_a_history_without_a_date() -> None:
    """Where it is not known since when, the first interval holds."""
    assert next_check(URL, History(state=State.ALIVE), NIGHT, PLAIN) - NIGHT == timedelta(days=7)


@pytest.mark.parametrize("of", [1, 3, 8])
def test_every_host_is_in_one_shard(of: int) -> None:
    """Machines that share a corpus check each host exactly once, and share about evenly."""
    hosts = [f"h{number}.example" for number in range(800)]
    shards = [[host for host in hosts if in_shard(host, shard, of)] for shard in range(1, of + 1)]
    assert sorted(host for shard in shards for host in shard) == sorted(hosts)
    assert min(len(shard) for shard in shards) > 0.7 * len(hosts) / of


def test_a_host_stays_in_its_shard() -> None:
    """The shard depends on the name alone, not on the process or the version of Python."""
    assert [host for host in "abcdefgh" if in_shard(host, 1, 2)] == list(FIRST_OF_TWO)


FIRST_OF_TWO = "gh"
