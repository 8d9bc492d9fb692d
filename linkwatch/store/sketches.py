"""SQL of sketches: what is kept of the text that the first check of a URL saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkwatch.check.drift import First
from linkwatch.check.sketch import packed, unpacked
from linkwatch.times import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database


def first(db: Database, url_id: int) -> First | None:
    """What is kept of a URL."""
    row = db.execute(
        "select sketch, title, language, kept_at, alike_at, changing from sketches where url_id = ?", [url_id]
    ).fetchone()
    if row is None:
        return None
    made, title, language, kept_at, alike_at, changing = row
    return First(unpacked(made), title, language, from_text(kept_at), from_text(alike_at), bool(changing))


def record(db: Database, kept: Iterable[tuple[int, First]]) -> None:
    """Keeps these, each with the id of its URL; the sketch that is there already stays."""
    with db.atomic():
        db.conn.executemany(_KEEP, (_row(url_id, each) for url_id, each in kept))


_KEEP = """
insert into sketches (url_id, kept_at, alike_at, changing, title, language, sketch)
values (?, ?, ?, ?, ?, ?, ?)
on conflict (url_id) do update set
    kept_at = excluded.kept_at, alike_at = excluded.alike_at, changing = excluded.changing
"""


def _row(url_id: int, each: First) -> tuple[object, ...]:
    made = packed(each.sketch)
    changing = int(each.changing)
    return url_id, to_text(each.kept_at), to_text(each.alike_at), changing, each.title, each.language, made
