"""SQL of the local copy: which bytes stand in which WARC file already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkwatch.times import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Payload:
    """Where the bytes of one digest were written first."""

    digest: str
    url: str
    recorded_at: datetime
    file: str


def find(db: Database, digest: str) -> Payload | None:
    """The record that holds these bytes; None where none is known to."""
    row = db.execute(
        "select digest, url, recorded_at, file from payloads where digest = ?", [digest]
    ).fetchone()
    return Payload(row[0], row[1], from_text(row[2]), row[3]) if row else None


def remember(db: Database, payloads: Iterable[Payload]) -> None:
    """Keeps where these bytes stand, in place of where they stood before."""
    with db.atomic():
        for each in payloads:
            db.execute(
                "insert or replace into payloads (digest, url, recorded_at, file) values (?, ?, ?, ?)",
                [each.digest, each.url, to_text(each.recorded_at), each.file],
            )
