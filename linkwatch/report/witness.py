"""The second witness: what the Wayback Machine saw of a page that is blocked to us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkwatch.model import LookupAnswer
from linkwatch.times import ago

if TYPE_CHECKING:
    from datetime import datetime

    from linkwatch.report.rows import WitnessRow


@dataclass(frozen=True, slots=True)
class Witness:
    """What another network saw, in a sentence, and the capture that shows it."""

    said: str
    memento_url: str | None = None
    captured_at: datetime | None = None
    http_status: int | None = None


def witness(row: WitnessRow | None, now: datetime) -> Witness | None:
    """What the archive testifies; None where it was not asked, or did not answer."""
    if row is None:
        return None
    said = " ".join(filter(None, (_capture(row, now), _submission(row, now))))
    return Witness(said, row.memento_url, row.captured_at, row.http_status) if said else None


def _capture(row: WitnessRow, now: datetime) -> str | None:
    """What the newest capture shows."""
    if row.captured_at is not None:
        seen = f"the archive was led to {row.led_to}" if row.led_to else _seen(row.http_status)
        return f"Blocked to us; {seen} {ago(row.captured_at, now)}."
    if row.answer is LookupAnswer.NOT_ARCHIVED and row.asked_at is not None:
        return f"Blocked to us, and not in the Wayback Machine, which was asked {ago(row.asked_at, now)}."
    return None


def _seen(status: int | None) -> str:
    match status:
        case None:
            return "archived, unchanged since an earlier capture,"
        case 404 | 410:
            return f"the archive found no page there either ({status})"
        case 401 | 402 | 403 | 407 | 429 | 451 | 999:
            return f"the archive was turned away too ({status})"
        case _ if status >= 400:
            return f"the archive met an error ({status})"
        case _ if status >= 300:
            return f"archived as a redirect ({status})"
        case _:
            return f"archived with status {status}"


def _submission(row: WitnessRow, now: datetime) -> str | None:
    """What Save Page Now said of the page when it was last asked to capture it."""
    if row.refusal is None or row.tried_at is None:
        return None
    return f"{row.refusal[:-1]}, {ago(row.tried_at, now)}."
