"""Times as articles write them: ISO 8601, e-mail style, and the common spelled-out forms."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

_SPELLED = (
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日",
)
_YEAR = re.compile(r"\d{4}|\d\d? [A-Za-z]+ \d\d")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_EMAIL = re.compile(r"(?:[A-Za-z]+,\s*)?\d{1,2}\s+[A-Za-z]+\s+(?:\d{4}|\d\d)\s+\d")
_UTC_NAME = re.compile(r"\s*(?:UTC|GMT)$")


def moment(text: str | None, timezone: tzinfo) -> datetime | None:
    """The time that a text names, in UTC, or None. ``timezone`` is that of times written without one."""
    if not text or not _YEAR.search(text):  # most of what is asked about is no time
        return None
    try:
        found = _read(" ".join(text.split()))
        return None if found is None else _in_utc(found, timezone)
    except (ValueError, TypeError, OverflowError):
        return None


def _read(text: str) -> datetime | None:
    if _ISO.match(text):
        return datetime.fromisoformat(text if text[-1].isdigit() else _UTC_NAME.sub("+00:00", text))
    if _EMAIL.match(text):
        return parsedate_to_datetime(text)
    for form in _SPELLED:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 -- made aware by the caller
        except ValueError:
            continue
    return None


def _in_utc(found: datetime, timezone: tzinfo) -> datetime:
    aware = found if found.tzinfo else found.replace(tzinfo=timezone)
    return aware if aware.tzinfo is UTC else aware.astimezone(UTC)
