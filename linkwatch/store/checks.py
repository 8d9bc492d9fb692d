"""SQL of checking: URLs with their histories, and what came of their checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkwatch.model import Check, History, Hop, State, Verdict
from linkwatch.times import from_text, optional_text, optional_time, to_text
from linkwatch.urls import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

FIELDS = """id, url, host, state, state_since, verdict, reason, failures, failing_since, gone, gone_since,
    changed_since, last_checked_at, last_alive_at"""


@dataclass(frozen=True, slots=True)
class Due:
    """A URL whose time has come, with what its checks so far come to."""

    id: int
    url: str
    host: str
    history: History


@dataclass(frozen=True, slots=True)
class Recorded:
    """One check to be written, with what the URL's history becomes by it."""

    due: Due
    check: Check
    history: History
    next_check_at: datetime
    new_url: str | None = None  # the address to use instead, where the URL has moved


def page(db: Database, after: int, size: int) -> list[Due]:
    """The URLs with the next higher ids, whether due or not."""
    rows = db.execute(f"select {FIELDS} from urls where id > ? order by id limit ?", [after, size])  # noqa: S608
    return [due_row(row) for row in rows]


def named(db: Database, urls: Sequence[tuple[str, str]], now: datetime) -> list[Due]:
    """Just these URLs (each with its host), whether due or not, known or new."""
    found = []
    with db.atomic():
        for url, host in urls:
            db.execute(
                """insert or ignore into urls (url, scheme, host, domain, first_seen_at)
                   values (?, ?, ?, ?, ?)""",
                [url, url.partition(":")[0], host, domain_of(host), to_text(now)],
            )
            row = db.execute(f"select {FIELDS} from urls where url = ?", [url]).fetchone()  # noqa: S608
            found.append(due_row(row))
    return found


def due_row(row: Sequence[Any]) -> Due:
    """A row of ``FIELDS`` as a value."""
    url_id, url, host, state, since, verdict, reason, failures, failing, gone, gone_since, *last = row
    changed, checked, alive = last
    history = History(
        state=State(state),
        state_since=optional_time(since),
        verdict=Verdict(verdict) if verdict else None,
        reason=reason,
        failures=failures,
        failing_since=optional_time(failing),
        gone=gone,
        gone_since=optional_time(gone_since),
        changed_since=optional_time(changed),
        last_checked_at=optional_time(checked),
        last_alive_at=optional_time(alive),
    )
    return Due(url_id, url, host, history)


def record(db: Database, run_id: int, batch: Iterable[Recorded]) -> None:
    """Writes checks, their hops, the URLs' states and their changes, all or nothing."""
    with db.atomic():
        for each in batch:
            _insert_check(db, run_id, each)
            _update_url(db, each)
            if each.history.state is not each.due.history.state:
                _insert_transition(db, run_id, each)


def history_of(db: Database, url_id: int) -> list[Check]:
    """All checks of a URL in the order of their times, as the fold wants them."""
    rows = db.execute(
        """select urls.url, checked_at, checks.verdict, checks.reason from checks
           join urls on urls.id = checks.url_id where url_id = ? order by checked_at, checks.id""",
        [url_id],
    )
    return [Check(url, from_text(at), Verdict(verdict), reason) for url, at, verdict, reason in rows]


def hops_of(db: Database, check_id: int) -> list[Hop]:
    """The hops of a check in order."""
    rows = db.execute("select url, http_status from hops where check_id = ? order by position", [check_id])
    return [Hop(*row) for row in rows]


def _insert_check(db: Database, run_id: int, each: Recorded) -> None:
    check = each.check
    cursor = db.execute(
        """insert into checks (run_id, url_id, checked_at, verdict, reason, http_status, final_url,
               content_type, elapsed_ms, bytes, title, error, similarity)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            run_id,
            each.due.id,
            to_text(check.checked_at),
            check.verdict,
            check.reason,
            check.http_status,
            check.final_url,
            check.content_type,
            check.elapsed_ms,
            check.bytes,
            check.title,
            check.error,
            check.similarity,
        ],
    )
    for position, hop in enumerate(check.hops):
        db.execute(
            "insert into hops (check_id, position, url, http_status) values (?, ?, ?, ?)",
            [cursor.lastrowid, position, hop.url, hop.http_status],
        )


def _update_url(db: Database, each: Recorded) -> None:
    after = each.history
    db.execute(
        """update urls set state = ?, state_since = ?, verdict = ?, reason = ?, http_status = ?,
               final_url = ?, failures = ?, failing_since = ?, gone = ?, gone_since = ?,
               changed_since = ?, similarity = ?, last_checked_at = ?, last_alive_at = ?,
               next_check_at = case when next_check_at is null then null else ? end
           where id = ?""",
        [
            after.state,
            optional_text(after.state_since),
            after.verdict,
            after.reason,
            each.check.http_status,
            each.new_url or each.check.final_url,
            after.failures,
            optional_text(after.failing_since),
            after.gone,
            optional_text(after.gone_since),
            optional_text(after.changed_since),
            each.check.similarity,
            optional_text(after.last_checked_at),
            optional_text(after.last_alive_at),
            to_text(each.next_check_at),
            each.due.id,
        ],
    )


def _insert_transition(db: Database, run_id: int, each: Recorded) -> None:
    db.execute(
        """insert into transitions (url_id, run_id, changed_at, from_state, to_state)
           values (?, ?, ?, ?, ?)""",
        [
            each.due.id,
            run_id,
            to_text(each.check.checked_at),
            each.due.history.state,
            each.history.state,
        ],
    )
