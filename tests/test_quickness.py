"""How quick a host has been, and so when its answer is to be expected."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.check import quickness as module
from linkwatch.check.quickness import Quickness

HOST = "site.example"
TIMES = st.lists(st.floats(0.001, 30.0), min_size=1, max_size=30)


def after(*seconds: float) -> float:
    """What is expected after these answers."""
    quickness = Quickness()
    for each in seconds:
        quickness.answered(HOST, each)
    expected = quickness.expected(HOST)
    assert expected is not None
    return expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([0.2], 0.2 + 4 * 0.1),
        ([0.2, 0.2], 0.2 + 4 * 0.1 * 3 / 4),
        ([0.2, 1.0], 0.3 + 4 * (0.1 * 3 / 4 + 0.8 / 4)),
    ],
)
def test_reckoned_as_by_tcp(seconds: list[float], expected: float) -> None:
    """An eighth of each answer is in the usual time, a quarter in the distance; four of these are allowed."""
    assert after(*seconds) == pytest.approx(expected)


def test_nothing_is_expected_of_a_stranger() -> None:
    """Of a host that has not answered, or not since it was forgotten, nobody knows."""
    quickness = Quickness()
    assert quickness.expected(HOST) is None
    quickness.forget(HOST)
    quickness.answered(HOST, 0.2)
    quickness.answered("other.example", 9.0)
    assert quickness.expected(HOST) == after(0.2)
    quickness.forget(HOST)
    assert quickness.expected(HOST) is None
    assert quickness.expected("other.example") == after(9.0)


@pytest.mark.parametrize(
    ("seconds", "patience"), [(0.1, 2.0), (1.0, 3.0), (9.0, 10.0), (None, 10.0)], ids=str
)
def test_patience(seconds: float | None, patience: float) -> None:
    """As long as is expected, between the least and the most; of a stranger the most."""
    quickness = Quickness()
    if seconds:
        quickness.answered(HOST, seconds)
    assert quickness.patience(HOST, 2.0, 10.0) == patience


@given(TIMES, st.floats(0.001, 30.0))
def test_what_stays_the_same_is_expected_more_and_more_exactly(before: list[float], seconds: float) -> None:
    """Whatever a host was like, after answers of one length such an answer is expected, and hardly more."""
    assert after(*before, *[seconds] * 200) == pytest.approx(seconds, rel=1e-3)


@given(TIMES)
def test_never_less_than_all_answers_took(times: list[float]) -> None:
    """What is expected lies between the shortest answer and what the longest alone would lead to."""
    assert min(times) <= after(*times) <= 5 * max(times)


@given(TIMES)
def test_a_slower_answer_makes_more_patient(times: list[float]) -> None:
    """One that comes later than expected is waited for longer the next time."""
    late = 1.01 * after(*times)
    assert after(*times, late) > after(*times)


def test_those_that_answered_longest_ago_are_forgotten() -> None:
    """Where there are too many hosts."""
    with mock.patch.object(module, "MOST_KNOWN", 2):
        quickness = Quickness()
        for host in "abac":
            quickness.answered(host, 0.2)
    assert [quickness.expected(host) is None for host in "abc"] == [False, True, False]
