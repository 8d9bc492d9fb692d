"""What the database holds of files: by which a harvest sees what is new, changed, moved or gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite_utils import Database


class Known(NamedTuple):
    """What the database holds of one file."""

    size: int
    modified_ns: int
    sha256: str
    removed: bool
    articles: dict[str | None, int]  # part -> id


def knows_any(db: Database) -> bool:
    """Whether any file has ever held an article."""
    return db.execute("select 1 from articles limit 1").fetchone() is not None


def known(db: Database) -> dict[str, Known]:
    """Every file that has ever held an article, by its name."""
    found: dict[str, Known] = {}
    for id_, path, part, size, modified_ns, sha256, removed_at in db.execute(
        "select id, path, part, size, modified_ns, sha256, removed_at from articles"
    ):
        file = path if part is None else path[: -len(part) - 1]
        entry = found.get(file)
        if entry is None or (entry.removed and removed_at is None):
            kept = {} if entry is None else entry.articles
            found[file] = entry = Known(size, modified_ns, sha256, removed_at is not None, kept)
        entry.articles[part] = id_
    return found


def there(db: Database) -> set[tuple[str, int, int]]:
    """Name, size and time of every file that holds an article: most nights find exactly these."""
    return set(db.execute(_THERE))


_THERE = """
select case when part is null then path else substr(path, 1, length(path) - length(part) - 1) end,
    size, modified_ns
from articles where removed_at is null
"""
