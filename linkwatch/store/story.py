"""What is known of one URL: who cites it, every check, every change, every memento."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from linkwatch.model import CaptureState, Hop, LookupAnswer, State, Verdict
from linkwatch.report.rows import (
    CaptureRow,
    CheckRow,
    LookupRow,
    StoryRows,
    TransitionRow,
)
from linkwatch.store.mementos import memento_row
from linkwatch.store.reading import citation_row, url_row
from linkwatch.store.views import SHARED_BY
from linkwatch.store.witnesses import WITNESS, witness_row
from linkwatch.times import from_text, optional_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

NEAR_POOL = 2_000  # URLs among which the nearest spelling is looked for

URL = """
select urls.*, false as recovered, false as torn,
    (select count(*) from checks where checks.url_id = urls.id and checks.checked_at >= urls.failing_since
        and checks.reason = urls.reason) as alike,
    (select count(*) from links where links.url_id = urls.id and links.removed_at is null) as links,
    (select count(distinct article_id) from links
        where links.url_id = urls.id and links.removed_at is null) as articles
from urls
where urls.url = ?
"""

CITATIONS = """
select links.*, articles.path, articles.title, articles.url as article_url,
    coalesce(articles.published_at, articles.captured_at, links.first_seen_at) as cited_at,
    coalesce(articles.published_at, articles.captured_at) is not null as dated
from links
join articles on articles.id = links.article_id
where links.url_id = ? and links.removed_at is null and articles.removed_at is null
order by cited_at, articles.path, links.line, links.column
"""

CHECKS = """
select checks.*, hops.position, hops.url as hop_url, hops.http_status as hop_status
from checks
left join hops on hops.check_id = checks.id
where checks.url_id = ?
order by checks.checked_at, checks.id, hops.position
"""

TRANSITIONS = "select * from transitions where url_id = ? order by changed_at, id"

MEMENTOS = f"""
select mementos.*, {SHARED_BY}, urls.url
from mementos
join urls on urls.id = mementos.url_id
where mementos.url_id = ?
order by mementos.captured_at, mementos.id
"""  # noqa: S608 - our own text

CAPTURES = """
select captures.*, mementos.memento_url
from captures
left join mementos on mementos.id = captures.memento_id
where captures.url_id = ?
order by captures.id
"""

LOOKUPS = "select * from lookups where url_id = ? order by source"

AT_PLACE = """
select distinct urls.url
from links
join articles on articles.id = links.article_id
join urls on urls.id = links.url_id
where articles.path = ? and links.line = ? and links.removed_at is null
order by links.column
"""

NEAR = """
select url from urls
where host = :host or instr(lower(url), lower(:text)) > 0
order by instr(lower(url), lower(:text)) > 0 desc, url
limit :limit
"""


def find(db: Database, spellings: Sequence[str]) -> StoryRows | None:
    """The story of the first of these URLs that the database knows."""
    for spelling in spellings:
        row = next(db.query(URL, [spelling]), None)
        if row is not None:
            return _rows(db, row)
    return None


def at_place(db: Database, path: str, line: int) -> list[str]:
    """The URLs that an article cites on a line."""
    return [row["url"] for row in db.query(AT_PLACE, [path, line])]


def near(db: Database, text: str, host: str) -> list[str]:
    """URLs on the same host, or with the text in them, among which a misspelt one may be."""
    return [row["url"] for row in db.query(NEAR, {"text": text, "host": host, "limit": NEAR_POOL})]


def _rows(db: Database, row: dict[str, Any]) -> StoryRows:
    key = [row["id"]]
    return StoryRows(
        url=url_row(row),
        first_seen_at=from_text(row["first_seen_at"]),
        citations=tuple(citation_row(each) for each in db.query(CITATIONS, key)),
        checks=_checks(list(db.query(CHECKS, key))),
        transitions=tuple(_transition(each) for each in db.query(TRANSITIONS, key)),
        mementos=tuple(memento_row(each) for each in db.query(MEMENTOS, key)),
        captures=tuple(_capture(each) for each in db.query(CAPTURES, key)),
        lookups=tuple(_lookup(each) for each in db.query(LOOKUPS, key)),
        witness=next((witness_row(each) for each in db.query(f"{WITNESS} and urls.id = ?", key)), None),
    )


def _checks(joined: list[dict[str, Any]]) -> tuple[CheckRow, ...]:
    """One check for each run of rows, which are its hops."""
    return tuple(_check(list(rows)) for _, rows in groupby(joined, lambda row: row["id"]))


def _check(rows: list[dict[str, Any]]) -> CheckRow:
    first = rows[0]
    return CheckRow(
        checked_at=from_text(first["checked_at"]),
        verdict=Verdict(first["verdict"]),
        reason=first["reason"],
        http_status=first["http_status"],
        final_url=first["final_url"],
        content_type=first["content_type"],
        elapsed_ms=first["elapsed_ms"],
        bytes=first["bytes"],
        title=first["title"],
        error=first["error"],
        similarity=first["similarity"],
        hops=tuple(Hop(row["hop_url"], row["hop_status"]) for row in rows if row["hop_url"] is not None),
    )


def _transition(row: dict[str, Any]) -> TransitionRow:
    return TransitionRow(from_text(row["changed_at"]), State(row["from_state"]), State(row["to_state"]))


def _capture(row: dict[str, Any]) -> CaptureRow:
    return CaptureRow(
        state=CaptureState(row["state"]),
        submitted_at=optional_time(row["submitted_at"]),
        finished_at=optional_time(row["finished_at"]),
        error=row["error"],
        attempts=row["attempts"],
        memento_url=row["memento_url"],
    )


def _lookup(row: dict[str, Any]) -> LookupRow:
    return LookupRow(row["source"], from_text(row["asked_at"]), LookupAnswer(row["answer"]), row["error"])
