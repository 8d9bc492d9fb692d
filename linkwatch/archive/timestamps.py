"""Times as web archives write them: fourteen digits, UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

FORMAT = "%Y%m%d%H%M%S"
_STAMP = re.compile(r"[0-9]{14}")


def to_stamp(moment: datetime) -> str:
    """An aware time in fourteen digits: ``20230905044539``."""
    return moment.astimezone(UTC).strftime(FORMAT).rjust(14, "0")


def from_stamp(text: str) -> datetime | None:
    """The time fourteen digits stand for; None where there is no such time.

    The index of the Wayback Machine has rows of month 00 and day 00.
    """
    if not _STAMP.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
