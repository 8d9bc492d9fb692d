"""What a row of checks comes to: never dead too soon, never alive by mistake."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from conftest import NIGHT
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.check.fold import fold, refold
from linkwatch.model import Check, History, State, Verdict
from linkwatch.policy import Policy

POLICY = Policy()
URL = "https://example.org/a"
REASONS = {
    Verdict.ALIVE: "ok",
    Verdict.MOVED: "permanent_redirect",
    Verdict.DRIFTED: "content_changed",
    Verdict.GONE: "http_404",
    Verdict.BLOCKED: "http_403",
    Verdict.UNREACHABLE: "connect_timeout",
    Verdict.SKIPPED: "excluded",
}
LETTERS = {"a": Verdict.ALIVE, "m": Verdict.MOVED, "d": Verdict.DRIFTED, "g": Verdict.GONE,
           "b": Verdict.BLOCKED, "u": Verdict.UNREACHABLE, "s": Verdict.SKIPPED}  # fmt: skip
GOOD = {Verdict.ALIVE, Verdict.MOVED, Verdict.DRIFTED}
FAILING = {Verdict.GONE, Verdict.UNREACHABLE}


def checks(story: str) -> list[Check]:
    """Checks from "g0 u3.5": a verdict's first letter and the day it was seen on."""
    return [_check(LETTERS[word[0]], float(word[1:])) for word in story.split()]


def _check(verdict: Verdict, day: float) -> Check:
    return Check(URL, NIGHT + timedelta(days=day), verdict, REASONS[verdict])


def _day(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - NIGHT) / timedelta(days=1)


HISTORIES = st.lists(
    st.tuples(st.sampled_from(Verdict), st.floats(min_value=0, max_value=9)), max_size=14
).map(
    lambda steps: [
        _check(verdict, day)
        for (verdict, _), day in zip(steps, itertools.accumulate(gap for _, gap in steps), strict=True)
    ]
)


@pytest.mark.parametrize(
    ("story", "state"),
    [
        ("", "unchecked"),
        ("a0", "alive"),
        ("m0", "moved"),
        # Another page in its place: two checks on two days, and nothing good between them.
        ("d0", "alive"),
        ("m0 d1", "moved"),
        ("d0 d0.5", "alive"),
        ("a0 d7 d8", "drifted"),
        ("d7 a8 d9", "alive"),
        ("d7 b8 d9", "drifted"),
        ("d0 d1 a2", "alive"),
        ("d0 d1 a2 d3", "alive"),
        ("d0 d1 b2", "blocked"),
        ("d0 d1 b2 d3", "drifted"),
        ("d0 d1 g2", "suspect"),
        ("g0 g1 g3 d4", "alive"),
        ("b0", "blocked"),
        ("s0", "skipped"),
        ("g0", "suspect"),
        ("u0", "suspect"),
        # Positive evidence: three checks over three days, both at once.
        ("g0 g1 g2", "suspect"),
        ("g0 g1 g2.99", "suspect"),
        ("g0 g1 g3", "dead"),
        ("g0 g30", "suspect"),
        ("g0 g30 g30", "dead"),
        ("g0 g0 g0 g0 g0 g0 g0 g0", "suspect"),
        # Silence: five checks over fourteen days.
        ("u0 u3 u6 u9", "suspect"),
        ("u0 u20 u40 u60", "suspect"),
        ("u0 u3 u6 u9 u13.99", "suspect"),
        ("u0 u3 u6 u9 u14", "dead"),
        ("u0 u1 u2 u3 u4 u5 u6 u7", "suspect"),
        # One good check resets; so does one that is neither good nor bad.
        ("g0 g1 a2 g3", "suspect"),
        ("g0 g1 a2 g3 g4 g5", "suspect"),
        ("g0 g1 a2 g3 g4 g6", "dead"),
        ("g0 g1 b2 g3", "suspect"),
        ("g0 g1 s2 g3", "suspect"),
        ("u0 u3 u6 b9 u14", "suspect"),
        ("g0 g1 m2 g3", "suspect"),
        ("g0 g1 d2 g3", "suspect"),
        # Mixed rows: silence counts every failure, evidence counts its own.
        ("g0 u1 g2", "suspect"),
        ("g0 u1 g2 g3", "dead"),
        ("u0 g10 g11 g12", "suspect"),
        ("u0 g10 g11 g12 u13.9", "suspect"),
        ("u0 g10 g11 g12 u14", "dead"),
        ("u0 u1 g2 u3 g14", "dead"),
        ("u0 u1 g2 g14", "suspect"),
        ("g0 g0.1 g0.2 u3", "suspect"),  # the evidence is of one night only
        ("g0 g0.1 g0.2 u3 g4", "dead"),
        # Dead stays dead until something else is seen.
        ("g0 g1 g3 g4", "dead"),
        ("g0 g1 g3 u4", "dead"),
        ("g0 g1 g3 a4", "alive"),
        ("g0 g1 g3 b4", "blocked"),
        ("g0 g1 g3 a4 g5", "suspect"),
        ("g0 g1 g3 b4 g5", "suspect"),
    ],
)
def test_stories(story: str, state: str) -> None:
    """The state that each story ends in."""
    assert refold(checks(story), POLICY).state == state


@pytest.mark.parametrize("first", list(Verdict))
def test_every_history_of_four_checks(first: Verdict) -> None:
    """Three days apart: dead exactly after three "gone" with no good or blocked check between."""
    for rest in itertools.product(Verdict, repeat=3):
        history, row, dead = History(), [], False
        for number, verdict in enumerate([first, *rest]):
            history = fold(history, _check(verdict, 3.0 * number), POLICY)
            row = [*row, verdict] if verdict in FAILING else []
            dead = bool(row) and (dead or (verdict is Verdict.GONE and row.count(Verdict.GONE) >= 3))
            failing = State.DEAD if dead else State.SUSPECT
            state = failing if row else _standing([first, *rest][: number + 1])
            assert history.state == state, (first, *rest)
            assert (history.failures, history.gone) == (len(row), row.count(Verdict.GONE)), (first, *rest)


def _standing(seen: list[Verdict]) -> State:
    """The state of a page that does not fail; one that looks like another is so from the second day on."""
    if seen[-1] is not Verdict.DRIFTED:
        return State(seen[-1])
    good = [number for number, each in enumerate(seen) if each in (Verdict.ALIVE, Verdict.MOVED)]
    if seen[good[-1] + 1 if good else 0 :].count(Verdict.DRIFTED) > 1:
        return State.DRIFTED
    return State(seen[good[-1]]) if good and len(seen) - good[-1] == 2 else State.ALIVE


@given(HISTORIES)
def test_drifted_only_with_proof(row: list[Check]) -> None:
    """Drifted by two checks on two days that saw another page, with none between that saw the old one."""
    for number, check in enumerate(row):
        if refold(row[: number + 1], POLICY).state is State.DRIFTED:
            since = itertools.takewhile(
                lambda each: each.verdict not in (Verdict.ALIVE, Verdict.MOVED), row[number::-1]
            )
            changed = [each for each in since if each.verdict is Verdict.DRIFTED]
            assert check is changed[0]
            assert check.checked_at - changed[-1].checked_at >= timedelta(hours=20)


@given(HISTORIES, st.integers(0, 14))
def test_refolding_is_folding_on(row: list[Check], cut: int) -> None:
    """The whole history refolded equals what was stored after any night and folded on."""
    stored = refold(row[:cut], POLICY)
    for check in row[cut:]:
        stored = fold(stored, check, POLICY)
    assert stored == refold(row, POLICY)


@given(HISTORIES)
def test_dead_only_with_proof(row: list[Check]) -> None:
    """Whatever the order: the night a URL dies, the policy's counts and spans are all there."""
    before = History()
    for number, check in enumerate(row):
        after = fold(before, check, POLICY)
        if after.state is State.DEAD and before.state is not State.DEAD:
            failed = list(itertools.takewhile(lambda each: each.verdict in FAILING, row[number::-1]))
            gone = [each for each in failed if each.verdict is Verdict.GONE]
            assert _proven(gone, 3, 3) or _proven(failed, 5, 14)
        before = after


def _proven(row: list[Check], count: int, days: int) -> bool:
    """Whether checks, the newest first, are enough over enough days."""
    return len(row) >= count and row[0].checked_at - row[-1].checked_at >= timedelta(days=days)


@given(HISTORIES, st.sampled_from([Verdict.ALIVE, Verdict.MOVED]))
def test_one_good_check_resets(row: list[Check], verdict: Verdict) -> None:
    """After a good check nothing is left of the failures before it."""
    now = _check(verdict, 999)
    history = fold(refold(row, POLICY), now, POLICY)
    assert history.state == State(verdict)
    assert (history.failures, history.gone, history.failing_since, history.gone_since) == (0, 0, None, None)
    assert history.last_alive_at == history.last_checked_at == now.checked_at


@given(HISTORIES)
def test_since_is_when_the_state_began(row: list[Check]) -> None:
    """state_since is the first check of the unbroken stretch with the state that holds."""
    states = list(
        itertools.accumulate(row, lambda history, check: fold(history, check, POLICY), initial=History())
    )
    stretch = list(itertools.takewhile(lambda each: each.state is states[-1].state, reversed(states)))
    assert states[-1].state_since == (stretch[-1].last_checked_at if row else None)


@given(HISTORIES)
def test_the_last_check_is_told(row: list[Check]) -> None:
    """Verdict and reason are those of the last check; the last good one is remembered."""
    history = refold(row, POLICY)
    good = [each.checked_at for each in row if each.verdict in GOOD]
    assert history.last_alive_at == (good[-1] if good else None)
    if row:
        assert (history.verdict, history.reason) == (row[-1].verdict, row[-1].reason)
        assert history.last_checked_at == row[-1].checked_at


@pytest.mark.parametrize(
    ("story", "state", "since"),
    [
        ("g400 g1 g2", "suspect", 1),
        ("g400 g1 g4", "dead", 4),
        ("u400 u1 u5 u9 u14", "suspect", 1),
        ("u400 u1 u5 u9 u15", "dead", 15),
        ("a400 a1", "alive", 1),
        ("a0 d400 d1 d1.5", "alive", 0),
        ("a0 d400 d1 d2", "drifted", 2),
        ("b400 b1", "blocked", 1),
    ],
)
def test_a_clock_that_was_ahead_holds_nothing_up(story: str, state: str, since: float) -> None:
    """What it dated counts from the next check on: not earlier, for then nothing is shown by it, and not from
    the day it showed, which may be years away."""
    history = refold(checks(story), POLICY)
    assert (history.state, _day(history.state_since)) == (state, since)


def test_the_row_is_dated() -> None:
    """Since when it fails, and since when by evidence, count from the first of each."""
    history = refold(checks("a0 u1 u2 g4 u5 g6"), POLICY)
    assert (_day(history.failing_since), _day(history.gone_since)) == (1, 4)
    assert (history.failures, history.gone, _day(history.last_alive_at)) == (5, 2, 0)


@pytest.mark.parametrize(
    ("policy", "story", "state"),
    [
        (Policy(gone_checks=1, gone_span=0), "g0", "dead"),
        (Policy(gone_checks=2), "g0 g3", "dead"),
        (Policy(gone_span=0), "g0 g0 g0", "dead"),
        (Policy(unreachable_checks=2, unreachable_span=86_400), "u0 u1", "dead"),
        (Policy(gone_checks=9), "g0 g3 g6 g9 g14", "dead"),  # five failures in a row, whatever their kind
    ],
)
def test_thresholds_are_the_policys(policy: Policy, story: str, state: str) -> None:
    """Counts and spans come from the policy."""
    assert refold(checks(story), policy).state == state
