"""The survival estimate gives the numbers published for data sets that everyone uses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.report.survival import Life, survival

# Acute myelogenous leukaemia, the maintained arm (Miller, Survival Analysis, 1981): weeks, relapse.
MAINTAINED = [
    (9, 1),
    (13, 1),
    (13, 0),
    (18, 1),
    (23, 1),
    (28, 0),
    (31, 1),
    (34, 1),
    (45, 0),
    (48, 1),
    (161, 0),
]
# Remission under 6-mercaptopurine (Freireich and others, Blood 21, 1963): weeks, relapse.
MERCAPTOPURINE = [
    *[(6, 1)] * 3, (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0), (19, 0),
    (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0),
]  # fmt: skip


def lives(rows: list[tuple[int, int]]) -> list[Life]:
    return [Life(age, bool(died)) for age, died in rows]


@pytest.mark.parametrize(
    ("age", "share", "low", "high", "at_risk"),
    [
        (9, 0.9091, 0.50808, 0.9867, 11),
        (13, 0.8182, 0.44743, 0.9512, 10),
        (18, 0.7159, 0.35019, 0.8990, 8),
        (23, 0.6136, 0.26575, 0.8353, 7),
        (31, 0.4909, 0.16733, 0.7534, 5),
        (34, 0.3682, 0.09283, 0.6570, 4),
        (48, 0.1841, 0.01174, 0.5250, 2),
    ],
)
def test_the_band_is_the_published_one(age: int, share: float, low: float, high: float, at_risk: int) -> None:
    """Shares and log-log limits as statistics packages print them for this arm."""
    step = next(step for step in survival(lives(MAINTAINED)) if step.age == age)
    assert (step.share, step.low, step.high) == pytest.approx((share, low, high), abs=6e-5)
    assert step.at_risk == at_risk


def test_ties_and_censoring_at_the_age_of_a_death() -> None:
    """Who is last seen at an age at which others die was at risk until then."""
    shares = [round(step.share, 3) for step in survival(lives(MERCAPTOPURINE))]
    assert shares == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]


def test_nobody_left() -> None:
    """Where the last one dies, the share is nothing and the data give no limits."""
    (step,) = survival([Life(1, died=True, links=3)])
    assert (step.share, step.low, step.high) == (0, 0, 1)
    assert survival([]) == ()
    assert survival([Life(1, died=False)]) == ()


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.integers(1, 5)), max_size=30))
def test_counted_links_are_single_ones_many_times(rows: list[tuple[int, bool, int]]) -> None:
    """Links counted together give what they give one by one; shares fall, within their band."""
    together = survival(Life(age, died, links) for age, died, links in rows)
    apart = survival(Life(age, died) for age, died, links in rows for _ in range(links))
    assert [step.share for step in together] == pytest.approx([step.share for step in apart])
    assert sorted((step.share for step in together), reverse=True) == [step.share for step in together]
    assert all(step.low <= step.share <= step.high for step in together)
