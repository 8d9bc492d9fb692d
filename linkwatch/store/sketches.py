"""SQL of sketches: what is kept of the text that the first check of a URL saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkwatch.check.judging.drift import First
from linkwatch.check.judging.sketch import packed, unpacked
from linkwatch.times import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database


def first(db: Database, url_id: int) -> First | None:
    """What is kept of a URL."""
    row = db.execute(
        """select sketch, title, language, kept_at, alike_at, changing, digest from sketches
           where url_id = ?""",
        [url_id],
    ).fetchone()
    if row is None:
        return None
    made, title, language, kept_at, alike_at, changing, digest = row
    times = from_text(kept_at), from_text(alike_at)
    return First(unpacked(made), title, language, *times, bool(changing), digest)


def record(db: Database, kept: Iterable[tuple[int, First]]) -> None:
    """Keeps these, each with the id of its URL, in the caller's transaction; an older sketch stays."""
    db.conn.executemany(_KEEP, (_row(url_id, each) for url_id, each in kept))


_KEEP = """
insert into sketches (url_id, kept_at, alike_at, changing, title, language, sketch, digest)
values (?, ?, ?, ?, ?, ?, ?, ?)
on conflict (url_id) do update set
    kept_at = excluded.kept_at, alike_at = excluded.alike_at, changing = excluded.changing,
    digest = excluded.digest
"""


def _row(url_id: int, each: First) -> tuple[object, ...]:
    return (
        url_id,
        to_text(each.kept_at),
        to_text(each.alike_at),
        int(each.changing),
        each.title,
        each.language,
        packed(each.sketch),
        each.digest,
    )
