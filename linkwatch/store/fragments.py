"""SQL of fragments: which parts of a page are cited, and whether they are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkwatch.times import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlite_utils import Database

_LIVE = """removed_at is null
    and exists (select 1 from articles where articles.id = article_id and articles.removed_at is null)"""
# Of a row of urls: asked with it, it costs a tenth of a question of its own.
HAS_PARTS = f"exists (select 1 from links where url_id = urls.id and fragment <> '' and {_LIVE})"  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a page, and whether it is missing; None where that cannot be judged."""

    url_id: int
    fragment: str
    missing: bool | None
    checked_at: datetime


def cited(db: Database, url_id: int) -> list[str]:
    """The fragments of a URL that live links cite, each once."""
    rows = db.execute(
        f"""select distinct fragment from links
            where url_id = ? and fragment <> '' and {_LIVE} order by fragment""",  # noqa: S608 - our own text
        [url_id],
    )
    return [fragment for (fragment,) in rows]


def record(db: Database, parts: Iterable[Part]) -> None:
    """Writes to each live link whether its part is there; what was not judged is told as such.

    In the caller's transaction.
    """
    for part in parts:
        judged = part.missing is not None
        db.execute(
            f"""update links set fragment_state = ?, fragment_checked_at = ?
                where url_id = ? and fragment = ? and {_LIVE}""",  # noqa: S608 - our own text
            [
                ("missing" if part.missing else "present") if judged else None,
                to_text(part.checked_at) if judged else None,
                part.url_id,
                part.fragment,
            ],
        )
