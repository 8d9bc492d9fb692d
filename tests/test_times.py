"""Times as text and durations in settings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.times import ago, from_text, optional_text, optional_time, seconds, span, to_text

MOMENT = datetime(2023, 9, 5, 4, 45, 39, tzinfo=UTC)


def test_text_is_utc_with_z() -> None:
    """A time of any zone is written in UTC with Z, to the second."""
    shanghai = MOMENT.astimezone(timezone(timedelta(hours=8))).replace(microsecond=999)
    assert to_text(shanghai) == "2023-09-05T04:45:39Z"


def test_the_first_year_has_four_digits_too() -> None:
    """Site generators write the first day of year 1 for "no date"; it reads back like any other."""
    assert to_text(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"


@given(st.datetimes(timezones=st.just(UTC)))
def test_text_reads_back(moment: datetime) -> None:
    """What was written reads back as the same second, aware."""
    assert from_text(to_text(moment)) == moment.replace(microsecond=0)


@given(st.datetimes(), st.datetimes())
def test_text_sorts_as_time(one: datetime, other: datetime) -> None:
    """Texts sort as their times do: SQL compares them."""
    first, second = sorted((one.replace(tzinfo=UTC), other.replace(tzinfo=UTC)))
    assert to_text(first) <= to_text(second)


@pytest.mark.parametrize("text", ["", "2023-09-05", "2023-09-05T04:45:39", "2023-09-05T04:45:39+00:00", "x"])
def test_no_other_form_is_read(text: str) -> None:
    """Anything but our own form is an error, not a guess."""
    with pytest.raises(ValueError, match="no time of ours"):
        from_text(text)


def test_nothing_stays_nothing() -> None:
    """What is not known stays unknown on the way in and out."""
    assert (optional_text(None), optional_time(None)) == (None, None)
    assert optional_time(optional_text(MOMENT)) == MOMENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0s", 0),
        ("45s", 45),
        ("90m", 5400),
        ("1.5h", 5400),
        ("7d", 604_800),
        ("2w", 1_209_600),
        ("1d 12h", 129_600),
        ("1d12h", 129_600),
        (" 20 h ", 72_000),
    ],
)
def test_durations(text: str, expected: float) -> None:
    """A duration is a sum of numbers with units."""
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "7", "d", "7 days", "7x", "-3d", "1d and 2h", "1,5h", "PT1H"])
def test_no_duration(text: str) -> None:
    """What is no duration is an error that shows how one is written."""
    with pytest.raises(ValueError, match="'90m' or '7d'"):
        seconds(text)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=119), "1 minute"),
        (timedelta(hours=3, minutes=59), "3 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=364), "364 days"),
        (timedelta(days=800), "2 years"),
        (timedelta(seconds=-5), "0 seconds"),
    ],
)
def test_span(length: timedelta, words: str) -> None:
    """A length is told in its largest whole unit, in the right number."""
    assert span(length) == words


def test_ago() -> None:
    """Less than a minute ago is just now; a clock that ran ahead does no harm."""
    assert ago(MOMENT, MOMENT + timedelta(seconds=59)) == "just now"
    assert ago(MOMENT, MOMENT - timedelta(days=1)) == "just now"
    assert ago(MOMENT, MOMENT + timedelta(days=4, hours=5)) == "4 days ago"
