"""What the Wayback Machine knows of URLs that are blocked to us."""

# ruff: noqa: S608 - the statements are pieced together from constants of this module only

from __future__ import annotations

from typing import Any

from linkwatch.archive.choose import led_to
from linkwatch.archive.statuses import meaning
from linkwatch.model import LookupAnswer
from linkwatch.report.rows import WitnessRow
from linkwatch.store.mementos import WAYBACK
from linkwatch.times import optional_time

WITNESS = f"""
select urls.id as url_id, urls.url, newest.memento_url, newest.captured_at, newest.http_status,
    lookups.asked_at, lookups.answer, last.status_ext, last.finished_at as tried_at
from urls
left join mementos as newest on newest.id = (
    select mementos.id from mementos
    where mementos.url_id = urls.id and mementos.source = '{WAYBACK}'
    order by mementos.captured_at desc, mementos.id desc limit 1
)
left join lookups on lookups.url_id = urls.id and lookups.source = '{WAYBACK}'
left join captures as last on last.id = (
    select max(captures.id) from captures
    where captures.url_id = urls.id and captures.finished_at is not null
)
where urls.state = 'blocked'
"""


def witness_row(row: dict[str, Any]) -> WitnessRow:
    """A row of what the archive saw of a blocked URL."""
    return WitnessRow(
        memento_url=row["memento_url"],
        captured_at=optional_time(row["captured_at"]),
        http_status=row["http_status"],
        led_to=_elsewhere(row["url"], row["memento_url"]),
        asked_at=optional_time(row["asked_at"]),
        answer=None if row["answer"] is None else LookupAnswer(row["answer"]),
        refusal=_testimony(row["status_ext"]),
        tried_at=optional_time(row["tried_at"]),
    )


def _elsewhere(url: str, memento_url: str | None) -> str | None:
    """Where redirects led the archive in place of the page: host and path, without what a query holds."""
    address = None if memento_url is None else led_to(url, memento_url)
    return address and address.partition("://")[2].partition("?")[0].rstrip("/")


def _testimony(status_ext: str | None) -> str | None:
    """What Save Page Now said of the page itself, in a sentence."""
    said = None if status_ext is None else meaning(status_ext)
    return said.sentence if said is not None and said.evidence else None
