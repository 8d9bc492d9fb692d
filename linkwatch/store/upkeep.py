"""SQL of upkeep: all checks in order, states put right, checks removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkwatch.model import Check, Verdict
from linkwatch.times import from_text, optional_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.model import History


@dataclass(frozen=True, slots=True)
class Kept:
    """A check as it is kept, with what the fold and the thinning look at."""

    id: int
    url_id: int
    check: Check


@dataclass(frozen=True, slots=True)
class Restored:
    """What a URL's checks come to, and when it is to be looked at again."""

    url_id: int
    history: History
    next_check_at: datetime | None


def kept(db: Database, first: int, last: int) -> Iterator[Kept]:
    """The checks of these URLs, URL by URL, in the order in which they were written and folded."""
    rows = db.execute(
        """select id, url_id, checked_at, verdict, reason, http_status, final_url from checks
           where url_id between ? and ? order by url_id, id""",
        [first, last],
    )
    for check_id, url_id, at, verdict, reason, status, final_url in rows:
        check = Check("", from_text(at), Verdict(verdict), reason, http_status=status, final_url=final_url)
        yield Kept(check_id, url_id, check)


def restore(db: Database, restored: Iterable[Restored]) -> None:
    """Gives URLs the state that their checks come to; what is never due stays so."""
    with db.atomic():
        for each in restored:
            after = each.history
            db.execute(
                """update urls set state = ?, state_since = ?, verdict = ?, reason = ?, failures = ?,
                       failing_since = ?, gone = ?, gone_since = ?, changed_since = ?,
                       last_checked_at = ?, last_alive_at = ?,
                       next_check_at = case when next_check_at is null then null
                                            else coalesce(?, next_check_at) end
                   where id = ?""",
                [
                    after.state,
                    optional_text(after.state_since),
                    after.verdict,
                    after.reason,
                    after.failures,
                    optional_text(after.failing_since),
                    after.gone,
                    optional_text(after.gone_since),
                    optional_text(after.changed_since),
                    optional_text(after.last_checked_at),
                    optional_text(after.last_alive_at),
                    optional_text(each.next_check_at),
                    each.url_id,
                ],
            )


def remove(db: Database, check_ids: Iterable[int]) -> None:
    """Removes checks, and their hops with them, all or nothing."""
    with db.atomic():
        for check_id in check_ids:
            db.execute("delete from hops where check_id = ?", [check_id])
            db.execute("delete from checks where id = ?", [check_id])
