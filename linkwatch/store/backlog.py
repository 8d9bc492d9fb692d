"""SQL of what is due: how much of each host at once, the URLs themselves only when their turn is near."""

# ruff: noqa: S608 - the statements are pieced together from constants of the store only

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from linkwatch.check.backlog import Backlog, Queue
from linkwatch.check.schedule import in_shard
from linkwatch.policy import MOST
from linkwatch.store.checks import FIELDS, Due, due_row
from linkwatch.store.fragments import HAS_PARTS
from linkwatch.store.indexes import HUNG
from linkwatch.times import to_text

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlite_utils import Database

NIGHT = timedelta(hours=12)  # what was checked within it counts towards the quota of the same night

_QUEUES = """
select host, count(*) from urls where next_check_at <= :now group by host order by min(next_check_at), host
"""
_HANGING = f"select distinct host from urls where {HUNG} and next_check_at <= :now"
# By the keys of the last one given: what was checked meanwhile is not due any more, and no gap for the rest.
_MORE = f"""
select {FIELDS}, {HAS_PARTS}, next_check_at from urls
where host = :host and next_check_at <= :now and (next_check_at, id) > (:last, :last_id)
order by next_check_at, id limit :size
"""

# A URL last checked in what is yet to come was checked by a clock that was wrong, and so is its date.
_MISDATED = "last_checked_at > :now and next_check_at is not null"
_IS_DUE = "next_check_at <= :now"
# Two questions, each with an index of its own: as one with "or", SQLite looks at every URL there is.
_IS_DUE_OR_MISDATED = f"""urls.id in (
    select id from urls where {_IS_DUE} union select id from urls where {_MISDATED}
)"""
_IS_CITED = "next_check_at is not null"
# Of each domain the oldest debts, as many as the night has left for it. The plus keeps SQLite from going
# through all URLs in the order of their domains, where a thirtieth of them is due.
_WITHIN_QUOTA = """(
    select urls.id, host, next_check_at, reason, asked.times,
        row_number() over (partition by +domain order by next_check_at, id) as place
    from urls left join (
        select domain, count(*) as times from urls
        where last_checked_at > :night_began and last_checked_at <= :now and next_check_at is not null
        group by +domain
    ) as asked using (domain)
    where {asked}
) as urls where place + coalesce(times, 0) <= :per_domain"""
# Domains that could be due more often than their quota: more URLs than that, less what was asked already.
_CROWDED = """
select domain from urls group by domain having count(*) > :per_domain
union
select domain from (
    select domain, count(*) as times from urls
    where last_checked_at > :night_began and last_checked_at <= :now and next_check_at is not null
    group by +domain
) as asked
where times + (select count(*) from urls where urls.domain = asked.domain) > :per_domain
"""
_OF_HOSTS = "host in (select value from json_each(:hosts))"
_CHOSEN = f"""
insert into temp.due (url_id, queue, hangs)
select id, host, coalesce({HUNG}, 0) from {{source}} and (:of = 1 or in_shard(host, :number, :of))
order by next_check_at, id limit :limit
"""
_CHOSEN_QUEUES = "select queue, count(*), max(hangs) = 1 from temp.due group by queue order by min(place)"
_MORE_CHOSEN = f"""
select {FIELDS}, {HAS_PARTS}, chosen.place from temp.due as chosen join urls on urls.id = chosen.url_id
where chosen.queue = :host and chosen.place > :last order by chosen.place limit :size
"""


class Debts(Backlog[Due]):
    """The URLs whose time has come, oldest debt first; read while the run goes on.

    What is due now and nothing else needs no list: the index by host and time is one. Of hosts of which
    only some is taken, that was ``chosen`` into one.
    """

    def __init__(self, db: Database, queues: list[Queue], now: str, chosen: Container[str]) -> None:
        self._db = db
        self._queues = queues
        self._chosen = chosen
        self._now = now
        self._last: dict[str, tuple[str | int, int]] = {}  # of each host that was begun and has more

    def __len__(self) -> int:
        """How many were due when they were counted."""
        return sum(queue.targets for queue in self._queues)

    def queues(self) -> list[Queue]:
        """The hosts, that with the oldest debt first."""
        return self._queues

    def more(self, host: str, size: int) -> Sequence[Due]:
        """The next URLs of a host, oldest debt first."""
        last, last_id = self._last.pop(host, (0, 0))
        asked = {"host": host, "now": self._now, "last": last, "last_id": last_id, "size": size}
        more = _MORE_CHOSEN if host in self._chosen else _MORE
        rows = self._db.execute(more, asked).fetchall()
        if len(rows) == size:
            self._last[host] = (rows[-1][-1], rows[-1][0])
        return [due_row(row[:-2], has_parts=bool(row[-2])) for row in rows]


def due(
    db: Database,
    now: datetime,
    *,
    everything: bool = False,
    limit: int | None = None,
    shard: tuple[int, int] | None = None,
    per_domain: int | None = None,
) -> Debts:
    """The URLs to check now, oldest debt first; ``everything`` takes those of later nights too.

    A shard is a number from 1 and how many there are: all URLs of a host are in the same one.
    No more than ``per_domain`` URLs of a registrable domain are taken in a night.
    """
    at = {"now": to_text(now)}
    misdated = db.execute(f"select 1 from urls where {_MISDATED} limit 1", at).fetchone()
    if everything or limit or misdated:
        asked = _IS_CITED if everything else _IS_DUE_OR_MISDATED if misdated else _IS_DUE
        chosen = _choose(db, asked, now, limit=limit, shard=shard, per_domain=per_domain)
        return Debts(db, list(chosen.values()), at["now"], chosen)
    hanging = {host for (host,) in db.execute(_HANGING, at)}
    queues = [Queue(host, urls, host in hanging) for host, urls in db.execute(_QUEUES, at)]
    crowded = [] if per_domain is None else _crowded(db, queues, now, per_domain)
    chosen = {}
    if crowded:
        asked = f"{_IS_DUE} and {_OF_HOSTS}"
        chosen = _choose(db, asked, now, hosts=crowded, shard=shard, per_domain=per_domain)
        left_out = set(crowded) - set(chosen)
        queues = [chosen.get(queue.host, queue) for queue in queues if queue.host not in left_out]
    if shard is not None:
        queues = [queue for queue in queues if in_shard(queue.host, *shard)]
    return Debts(db, queues, at["now"], chosen)


def _crowded(db: Database, queues: Iterable[Queue], now: datetime, per_domain: int) -> list[str]:
    """The hosts of domains of which more may be due than the night has left for them."""
    asked = {"now": to_text(now), "night_began": to_text(now - NIGHT), "per_domain": per_domain}
    domains = {domain for (domain,) in db.execute(_CROWDED, asked)}
    return [queue.host for queue in queues if domains and not domains.isdisjoint(_parents(queue.host))]


def _parents(host: str) -> Iterator[str]:
    """A host and every domain above it, one of which is the registrable one."""
    while host:
        yield host
        host = host.partition(".")[2]


def _choose(
    db: Database,
    asked: str,
    now: datetime,
    *,
    shard: tuple[int, int] | None,
    per_domain: int | None,
    limit: int | None = None,
    hosts: Sequence[str] = (),
) -> dict[str, Queue]:
    """Lists what is to be checked where that is not just what is due: on disk, for this connection only.

    Returns the hosts with how much of each, that with the oldest debt first.
    """
    number, of = shard or (1, 1)
    source = f"urls where {asked}" if per_domain is None else _WITHIN_QUOTA.format(asked=asked)
    db.register_function(in_shard, deterministic=True, replace=True)
    db.execute("drop table if exists temp.due")
    db.execute("create temp table due (place integer primary key, url_id integer, queue text, hangs integer)")
    said = {
        "now": to_text(now), "night_began": to_text(now - NIGHT), "number": number, "of": of,
        "per_domain": per_domain, "limit": -1 if limit is None else min(limit, MOST),
        "hosts": json.dumps(hosts),
    }  # fmt: skip
    db.execute(_CHOSEN.format(source=source), said)
    db.execute("create index temp.due_queue on due (queue)")
    return {queue: Queue(queue, *rest) for queue, *rest in db.execute(_CHOSEN_QUEUES)}
