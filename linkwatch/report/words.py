"""Sentences for people: dates, counts, and why a URL is in its state."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from linkwatch.model import State
from linkwatch.reasons import cause
from linkwatch.times import span

if TYPE_CHECKING:
    from datetime import datetime

    from linkwatch.report.rows import UrlRow

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def day(moment: datetime, now: datetime) -> str:
    """A date in words, its year only where it is not the present one: "3 November"."""
    words = f"{moment.day} {MONTHS[moment.month - 1]}"
    return words if moment.year == now.year else f"{words} {moment.year}"


def minute(moment: datetime, now: datetime) -> str:
    """A date with its time in UTC: "3 November, 03:17 UTC"."""
    return f"{day(moment, now)}, {moment:%H:%M} UTC"


def stamp(moment: datetime) -> str:
    """A date with its year and its time in UTC: "3 November 2025, 03:17 UTC"."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} UTC"


def times(count: int) -> str:
    """How often: "once", "twice", "three times"."""
    match count:
        case 1:
            return "once"
        case 2:
            return "twice"
        case _:
            return f"{NUMBERS[count] if count < len(NUMBERS) else count} times"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 link", "1,204 links"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def distance(captured: datetime, cited: datetime, what: str) -> str:
    """How far a memento lies from what it stands in for: "captured 2 days after the article"."""
    if abs(captured - cited) < timedelta(days=1):
        return f"captured on the day of {what}"
    side = "after" if captured > cited else "before"
    return f"captured {span(abs(captured - cited))} {side} {what}"


def sentence(reason: str | None) -> str:
    """What a reason means, for people; a reason of a later version by its own name."""
    if reason is None:
        return "It has not been checked yet."
    try:
        return cause(reason).sentence
    except (KeyError, ValueError):
        return f"The check says: {reason.replace('_', ' ')}."


def why(row: UrlRow, now: datetime) -> str:
    """Why a URL is in its state, how often that was seen, and since when."""
    if row.torn and row.state is State.ALIVE:
        return "The page is there, but the cited part is not."
    said = sentence(row.reason)
    if row.state in (State.DEAD, State.SUSPECT):
        return _failing(said, row, now)
    if row.state is State.BLOCKED and row.state_since:
        return f"{said[:-1]}, since {day(row.state_since, now)}."
    if row.similarity is not None and row.reason == "content_changed":
        return _changed(said, row)
    return said


def _changed(said: str, row: UrlRow) -> str:
    differs = f"text differs from the first check (similarity {row.similarity:.2f})"
    if row.state is State.DRIFTED:
        return f"{said[:-1]}: its {differs}."
    return f"The page's {differs}; a check on another day has to confirm that it is another page."


def _failing(said: str, row: UrlRow, now: datetime) -> str:
    if row.failing_since is None or row.failures < 1:
        return said
    first = day(row.failing_since, now)
    if row.failures == 1:
        return f"{said[:-1]}, once, on {first}."
    if row.alike >= row.failures:
        return f"{said[:-1]}, {times(row.failures)} since {first}."
    alike = f", {row.alike} of them in this way" if row.alike else ""
    return f"{said} {row.failures} checks in a row have failed since {first}{alike}."
