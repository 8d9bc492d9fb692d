"""What archives hold of our URLs, what they were asked, and what they were asked to keep."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkwatch.archive.asking import Known
from linkwatch.archive.queue import Target
from linkwatch.model import CaptureState, LookupAnswer, Memento, State
from linkwatch.store.views import SHARED_BY, SHOWS_A_PAGE
from linkwatch.times import from_text, optional_time, to_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.archive.cdx import Lookup

WAYBACK = "wayback"

CITED = """
cited as (
    select links.url_id,
        min(coalesce(articles.published_at, articles.captured_at, articles.first_seen_at)) as first_cited,
        max(links.first_seen_at) as linked_at,
        json_group_array(distinct
            coalesce(articles.published_at, articles.captured_at, articles.first_seen_at)
        ) as cited
    from links
    join articles on articles.id = links.article_id
    where links.removed_at is null and articles.removed_at is null and links.url_id is not null
    group by links.url_id
)
"""

# A memento that shows a page: whole, or the repetition of one.
HELD = f"""
held as (
    select url_id, count(*) as mementos, max(captured_at) as newest
    from mementos
    where {SHOWS_A_PAGE}
    group by url_id
)
"""  # noqa: S608 - our own text

KNOWN = f"""
with {CITED}, {HELD}
select urls.id, urls.url, urls.state, urls.state_since, cited.cited, cited.linked_at,
    coalesce(held.mementos, 0) as mementos, lookups.answer, lookups.asked_at, lookups.error
from cited
join urls on urls.id = cited.url_id
left join held on held.url_id = urls.id
left join lookups on lookups.url_id = urls.id and lookups.source = :source
where urls.state not in ('unchecked', 'skipped')
"""  # noqa: S608 - pieced together from constants

TARGETS = f"""
with {CITED}, {HELD},
flapping as (select url_id, count(*) as flaps from transitions group by url_id),
graves as (select host, count(*) as dead from urls where state = 'dead' group by host),
last as (select url_id, max(id) as id from captures group by url_id)
select urls.id, urls.url, urls.host, urls.state, cited.first_cited, held.newest,
    coalesce(flapping.flaps, 0) as flaps, coalesce(graves.dead, 0) as dead,
    captures.state as capture, captures.status_ext, captures.finished_at
from cited
join urls on urls.id = cited.url_id
left join held on held.url_id = urls.id
left join flapping on flapping.url_id = urls.id
left join graves on graves.host = urls.host
left join last on last.url_id = urls.id
left join captures on captures.id = last.id
where urls.state in ('alive', 'moved', 'drifted', 'blocked')
"""  # noqa: S608

OPEN = """
select captures.id, captures.url_id, urls.url, urls.host, captures.job_id, captures.submitted_at,
    captures.attempts
from captures join urls on urls.id = captures.url_id
"""


@dataclass(frozen=True, slots=True)
class Capture:
    """An open row of ``captures``: waiting to be submitted, or with a job under way."""

    id: int
    url_id: int
    url: str
    host: str
    job_id: str | None
    submitted_at: datetime | None
    attempts: int


def known(db: Database, source: str = WAYBACK) -> list[Known]:
    """Every URL that is cited and has been checked, with what an archive said of it."""
    return [
        Known(
            url_id=row["id"],
            url=row["url"],
            state=State(row["state"]),
            state_since=optional_time(row["state_since"]),
            cited=tuple(from_text(each) for each in json.loads(row["cited"])),
            linked_at=from_text(row["linked_at"]),
            mementos=row["mementos"],
            answer=None if row["answer"] is None else LookupAnswer(row["answer"]),
            asked_at=optional_time(row["asked_at"]),
            error=row["error"],
        )
        for row in db.query(KNOWN, {"source": source})
    ]


def targets(db: Database) -> list[Target]:
    """Every URL that is cited and lives, with what bears on its capture."""
    return [
        Target(
            url_id=row["id"],
            url=row["url"],
            host=row["host"],
            state=State(row["state"]),
            first_cited=from_text(row["first_cited"]),
            newest_memento=optional_time(row["newest"]),
            flaps=row["flaps"],
            dead_on_host=row["dead"],
            capture=None if row["capture"] is None else CaptureState(row["capture"]),
            status_ext=row["status_ext"],
            finished_at=optional_time(row["finished_at"]),
        )
        for row in db.query(TARGETS)
    ]


def record_lookup(db: Database, url_id: int, lookup: Lookup, at: datetime, source: str = WAYBACK) -> None:
    """Keeps what an archive answered, and the mementos it named."""
    row = {
        "url_id": url_id,
        "source": source,
        "asked_at": to_text(at),
        "answer": str(lookup.answer),
        "error": lookup.error,
    }
    with db.atomic():
        db.table("lookups").upsert(row, pk=("url_id", "source"))
        for memento in lookup.mementos:
            keep(db, url_id, memento, at)


def keep(db: Database, url_id: int, memento: Memento, at: datetime) -> int:
    """The id of a memento's row, made where it is new."""
    row = (
        url_id,
        memento.memento_url,
        to_text(memento.captured_at),
        memento.http_status,
        memento.source,
        memento.digest,
        memento.length,
        to_text(at),
    )
    db.execute(
        "insert into mementos"
        " (url_id, memento_url, captured_at, http_status, source, digest, length, found_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (url_id, memento_url) do update set"
        " http_status = coalesce(excluded.http_status, http_status),"
        " digest = coalesce(excluded.digest, digest), length = coalesce(excluded.length, length)",
        row,
    )
    found = db.execute(
        "select id from mementos where url_id = ? and memento_url = ?", (url_id, memento.memento_url)
    )
    return int(found.fetchone()[0])


def of_url(db: Database, url_id: int) -> list[Memento]:
    """All mementos of a URL, oldest first."""
    sql = f"""
        select mementos.*, {SHARED_BY}, urls.url
        from mementos join urls on urls.id = mementos.url_id
        where url_id = ? order by captured_at, memento_url
    """  # noqa: S608 - our own text
    return [memento_row(row) for row in db.query(sql, (url_id,))]


def memento_row(row: dict[str, Any]) -> Memento:
    """A row of ``mementos`` joined with its URL."""
    return Memento(
        url=row["url"],
        memento_url=row["memento_url"],
        captured_at=from_text(row["captured_at"]),
        http_status=row["http_status"],
        source=row["source"],
        digest=row["digest"],
        length=row["length"],
        shared_by=row["shared_by"],
    )


def enqueue(db: Database, url_ids: Iterable[int]) -> None:
    """Queues URLs that have no open capture, in this order."""
    with db.atomic():
        taken = {row["url_id"] for row in db.query(f"{OPEN} where captures.state in ('queued', 'submitted')")}
        new = [each for each in url_ids if each not in taken]
        db.table("captures").insert_all({"url_id": each, "state": str(CaptureState.QUEUED)} for each in new)


def withdraw(db: Database, wanted: Collection[int], at: datetime) -> None:
    """Takes URLs out of the queue that need no capture any more."""
    gone = [each for each in queued(db) if each.url_id not in wanted]
    with db.atomic():
        for each in gone:
            finish(db, each.id, CaptureState.SKIPPED, at, error="needs no capture any more")


def queued(db: Database) -> list[Capture]:
    """Captures that wait to be submitted."""
    return [_capture(row) for row in db.query(f"{OPEN} where captures.state = 'queued' order by captures.id")]


def under_way(db: Database) -> list[Capture]:
    """Captures whose job was begun and whose outcome is not known, oldest first."""
    sql = f"{OPEN} where captures.state = 'submitted' order by captures.submitted_at, captures.id"
    return [_capture(row) for row in db.query(sql)]


def begin(db: Database, capture_id: int, run_id: int, at: datetime) -> None:
    """Notes that a capture is about to be submitted, before it is."""
    with db.atomic():
        db.execute(
            "update captures set attempts = attempts + 1, run_id = ?, submitted_at = ? where id = ?",
            (run_id, to_text(at), capture_id),
        )


def submitted(db: Database, capture_id: int, job_id: str) -> None:
    """Notes the job that a submission was given."""
    with db.atomic():
        db.table("captures").update(capture_id, {"state": str(CaptureState.SUBMITTED), "job_id": job_id})


def postpone(db: Database, capture_id: int, error: str, status_ext: str | None = None) -> None:
    """Puts a capture back into the queue for another night, with what stood in its way."""
    state = str(CaptureState.QUEUED)
    row = {"state": state, "job_id": None, "error": error, "status_ext": status_ext}
    with db.atomic():
        db.table("captures").update(capture_id, row)


def finish(
    db: Database,
    capture_id: int,
    state: CaptureState,
    at: datetime,
    *,
    error: str | None = None,
    status_ext: str | None = None,
    memento: Memento | None = None,
) -> None:
    """Ends a capture, with its memento or with why there is none."""
    with db.atomic():
        row: dict[str, Any] = {"state": str(state), "finished_at": to_text(at)}
        row |= {"error": error, "status_ext": status_ext}
        if memento is not None:
            (url_id,) = db.execute("select url_id from captures where id = ?", (capture_id,)).fetchone()
            row["memento_id"] = keep(db, url_id, memento, at)
        db.table("captures").update(capture_id, row)


def _capture(row: dict[str, Any]) -> Capture:
    return Capture(**{**row, "submitted_at": optional_time(row["submitted_at"])})
