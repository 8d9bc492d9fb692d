"""What the simulated archive holds, asked as a CDX index is asked.

The holdings are a table: folded address → captures in order of time. Nothing here speaks HTTP.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkwatch.archive.addresses import fold
from linkwatch.archive.timestamps import from_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass(frozen=True, slots=True)
class Held:
    """One capture as the index lists it, and the page behind it."""

    timestamp: str  # fourteen digits; a script may make them nonsense
    original: str
    status: str = "200"  # "-" for a revisit
    mimetype: str = "text/html"
    digest: str = "B2RKOLH7OEPRC5ZLUE7T3TGB7DRLGZ7J"
    length: str = "1811"
    body: str = ""
    location: str | None = None  # of an archived redirect

    def row(self) -> tuple[str, ...]:
        """The seven fields of a CDX row."""
        return (
            surt(self.original),
            self.timestamp,
            self.original,
            self.mimetype,
            self.status,
            self.digest,
            self.length,
        )


@dataclass(slots=True)
class Question:
    """The parameters of one CDX query."""

    url: str
    limit: int = 150_000  # the most the server gives
    filters: Sequence[str] = ()
    closest: str | None = None
    sort: str = "default"
    since: str = "0"
    until: str = "9"


@dataclass(slots=True)
class Holdings:
    """All captures of an archive."""

    table: dict[str, list[Held]] = field(default_factory=dict)

    def add(self, url: str, *captures: Held) -> None:
        """Files captures under the address ``url``, whatever their rows say."""
        rows = self.table.setdefault(surt(url), [])
        rows.extend(captures)
        rows.sort(key=lambda each: each.timestamp)

    def of(self, url: str) -> list[Held]:
        """Every capture filed under an address, oldest first."""
        return list(self.table.get(surt(url), ()))

    def answer(self, question: Question) -> list[Held]:
        """The rows that a CDX server returns for a question."""
        rows = [each for each in self.of(question.url) if _within(each, question)]
        rows = [each for each in rows if all(_passes(each, one) for one in question.filters)]
        if question.closest and question.sort == "closest":
            wanted = question.closest
            rows.sort(key=lambda each: _distance(each.timestamp, wanted))
        elif question.sort == "reverse":
            rows.reverse()
        return rows[question.limit :] if question.limit < 0 else rows[: question.limit]

    def nearest(self, url: str, stamp: str) -> Held | None:
        """The capture that a replay shows for a time."""
        return min(self.of(url), key=lambda each: _distance(each.timestamp, stamp), default=None)


def surt(url: str) -> str:
    """The key of an address in the index: host names reversed, all in lower case."""
    place, slash, rest = (fold(url) or url).lower().partition("/")
    return ",".join(reversed(place.split("."))) + ")" + slash + rest


def digest_of(body: str) -> str:
    """The digest of a page as the index writes it: SHA-1, base 32."""
    return base64.b32encode(hashlib.sha1(body.encode(), usedforsecurity=False).digest()).decode()


def lines(rows: Iterable[Held], names: Sequence[str]) -> list[list[str]]:
    """Rows with the chosen fields only, as ``fl`` asks for them."""
    return [[dict(zip(FIELDS, each.row(), strict=True))[name] for name in names] for each in rows]


def _within(held: Held, question: Question) -> bool:
    return question.since <= held.timestamp <= question.until.ljust(14, "9")


def _passes(held: Held, text: str) -> bool:
    """``[!]field:regex``, the regex over the whole field."""
    name, _, pattern = text.removeprefix("!").partition(":")
    hit = re.fullmatch(pattern, dict(zip(FIELDS, held.row(), strict=True))[name]) is not None
    return hit is not text.startswith("!")


def _distance(stamp: str, wanted: str) -> float:
    """Seconds between two stamps; nonsense sorts by its digits, as the real index does."""
    one, other = from_stamp(stamp), from_stamp(wanted.ljust(14, "0"))
    if one is None or other is None:
        return abs(float(stamp) - float(wanted.ljust(14, "0")))
    return abs((one - other).total_seconds())
