"""SQL of checking: URLs with their histories, and what came of their checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkwatch.model import Check, History, State, Verdict
from linkwatch.times import from_text, optional_text, optional_time, to_text
from linkwatch.urls import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
    has_parts: bool = True  # whether links cite parts of it, as far as that was asked

    @property
    def hung(self) -> bool:
        """Whether it kept us waiting the last time (as ``schema.HUNG`` has it)."""
        return self.history.reason in ("connect_timeout", "read_timeout")


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


def due_row(row: Sequence[Any], *, has_parts: bool = True) -> Due:
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
    return Due(url_id, url, host, history, has_parts)


def record(db: Database, run_id: int, batch: Sequence[Recorded]) -> None:
    """Writes checks, their hops, the URLs' states and their changes, in the caller's transaction.

    A transaction of its own within that would cost a third more: SQLite copies each page that it changes.
    """
    (last,) = db.execute("select coalesce(max(id), 0) from checks").fetchone()
    numbered = list(enumerate(batch, last + 1))
    db.conn.executemany(_INSERT_CHECK, (_check(number, run_id, each) for number, each in numbered))
    db.conn.executemany(_INSERT_HOP, (hop for number, each in numbered for hop in _hops(number, each.check)))
    db.conn.executemany(_UPDATE_URL, map(_state, batch))
    changed = (each for each in batch if each.history.state is not each.due.history.state)
    db.conn.executemany(_INSERT_TRANSITION, (_transition(run_id, each) for each in changed))


def history_of(db: Database, url_id: int) -> list[Check]:
    """All checks of a URL in the order of their times, as the fold wants them."""
    rows = db.execute(
        """select urls.url, checked_at, checks.verdict, checks.reason from checks
           join urls on urls.id = checks.url_id where url_id = ? order by checked_at, checks.id""",
        [url_id],
    )
    return [Check(url, from_text(at), Verdict(verdict), reason) for url, at, verdict, reason in rows]


_INSERT_CHECK = """
insert into checks (id, run_id, url_id, checked_at, verdict, reason, http_status, final_url, content_type,
    elapsed_ms, bytes, title, error, similarity)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_HOP = "insert into hops (check_id, position, url, http_status) values (?, ?, ?, ?)"
_UPDATE_URL = """
update urls set state = ?, state_since = ?, verdict = ?, reason = ?, http_status = ?, final_url = ?,
    failures = ?, failing_since = ?, gone = ?, gone_since = ?, changed_since = ?, similarity = ?,
    last_checked_at = ?, last_alive_at = ?,
    next_check_at = case when next_check_at is null then null else ? end
where id = ?
"""
_INSERT_TRANSITION = """
insert into transitions (url_id, run_id, changed_at, from_state, to_state) values (?, ?, ?, ?, ?)
"""
_Row = tuple[str | float | None, ...]


def _check(number: int, run_id: int, each: Recorded) -> _Row:
    check = each.check
    return (
        number,
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
    )


def _hops(number: int, check: Check) -> Iterator[_Row]:
    return ((number, position, hop.url, hop.http_status) for position, hop in enumerate(check.hops))


def _state(each: Recorded) -> _Row:
    after = each.history
    return (
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
    )


def _transition(run_id: int, each: Recorded) -> _Row:
    before, after = each.due.history.state, each.history.state
    return each.due.id, run_id, to_text(each.check.checked_at), before, after
