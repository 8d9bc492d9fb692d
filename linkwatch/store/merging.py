"""SQL of merging: what another database knows and ours does not, taken once.

The other is attached as ``theirs``. What both had when the copy was made is told by its own nature:
articles by path, URLs by address, runs by the key that each is given when it begins. Checks belong to
runs, so only those of runs that are new, or were not finished, are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkwatch.store.copying import changes, copy, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database


def take(db: Database, merge_id: int) -> dict[str, int]:
    """Takes all that is new of ``theirs``, and says how many rows of each table; what both have checked is
    left for ``overlapping``."""
    for table in ("run_ids", "article_ids", "url_ids", "taken", "numbered", "overlap", "looks", "further"):
        db.execute(f"drop table if exists temp.{table}")
    taken = {"runs": _runs(db, merge_id), "articles": _articles(db), "urls": _urls(db)}
    _links(db)
    taken["checks"] = _checks(db)
    _transitions(db)
    _looks(db)
    taken["mementos"] = _mementos(db)
    taken["lookups"] = changes(db, _LOOKUPS)
    taken["captures"] = _captures(db)
    db.execute("insert or ignore into payloads select * from theirs.payloads")
    if taken["articles"] or taken["urls"]:
        db.execute("delete from settings where name = 'due'")  # the next harvest says anew what is due
    return taken


def overlapping(db: Database) -> list[tuple[int, str]]:
    """The URLs that both have checked since the copy, each with the time of the first check taken."""
    return db.execute("select url_id, since from temp.overlap order by url_id").fetchall()


def retell(db: Database, url_id: int, since: str, told: Sequence[tuple[str, str, int]]) -> None:
    """Puts these changes of state (from, to, id of the check) in place of those from a time on."""
    db.execute("delete from transitions where url_id = ? and changed_at >= ?", [url_id, since])
    db.conn.executemany(
        """insert into transitions (url_id, run_id, changed_at, from_state, to_state)
           select url_id, run_id, checked_at, ?, ? from checks where id = ?""",
        told,
    )


def _runs(db: Database, merge_id: int) -> int:
    """The runs that ours lacks, as part of this one; of a run that ours has unfinished, its end."""
    db.execute(_RUN_IDS)
    db.execute(_ENDS)
    missing = "theirs.runs as their where key not in (select key from main.runs where key <> '') order by id"
    new = copy(db, "runs", missing, part_of=str(merge_id))
    db.execute("update temp.run_ids set ours = (select id from main.runs where runs.key = run_ids.key)")
    return new


def _articles(db: Database) -> int:
    db.execute(_ARTICLE_IDS)
    missing = "theirs.articles as their where id in (select theirs from temp.article_ids) order by id"
    new = copy(db, "articles", missing)
    db.execute("update temp.article_ids set ours = (select id from main.articles as our where path = their)")
    return new


def _urls(db: Database) -> int:
    missing = "theirs.urls as their where url not in (select url from main.urls) order by id"
    new = copy(db, "urls", missing)
    db.execute(_URL_IDS)
    return new


def _links(db: Database) -> None:
    """The links of articles that ours lacked; what has changed in others is the next harvest's to read."""
    copy(db, "links", _LINKS_OF_NEW, article_id="article_ids.ours", url_id="url_ids.ours")


def _checks(db: Database) -> int:
    """The checks that ours lacks with their hops, numbered in the order of their times.

    Where ours has later ones of the same URL these are numbered anew: checks are folded as numbered.
    """
    for statement in (_TAKEN, _OVERLAP, _OWN_LATER, _NUMBERED):
        db.execute(statement)
    mapped = {"run_id": "numbered.run_id", "url_id": "numbered.url_id"}
    source = "temp.numbered join {}.checks as their on their.id = numbered.id where own = {} order by number"
    new = copy(db, "checks", source.format("theirs", 0), id="number", **mapped)
    copy(db, "checks", source.format("main", 1), id="number", **mapped)
    hops = "theirs.hops as their join temp.numbered on numbered.id = their.check_id and own = 0"
    copy(db, "hops", hops, check_id="number")
    db.execute(_OWN_HOPS)
    db.execute("delete from main.checks where id in (select id from temp.numbered where own = 1)")
    return new


def _transitions(db: Database) -> None:
    copy(db, "transitions", _NEW_TRANSITIONS, run_id="run_ids.ours", url_id="url_ids.ours")


def _looks(db: Database) -> None:
    """Of each URL what the database holds that looked last: its state, its sketch, its fragments."""
    db.execute(_LOOKS)
    fixed = {"id", "url", "scheme", "host", "domain", "snapshot", "first_seen_at", "next_check_at"}
    seen = ", ".join(f'"{name}" = their."{name}"' for name in names(db, "urls") if name not in fixed)
    db.execute(_STATES.format(seen=seen))
    db.execute(_OLD_SKETCHES)
    copy(db, "sketches", "theirs.sketches as their join temp.looks on theirs = url_id", url_id="looks.ours")
    db.execute(_FRAGMENTS)


def _mementos(db: Database) -> int:
    db.execute(_MORE_OF_MEMENTOS)
    return copy(db, "mementos", _NEW_MEMENTOS, url_id="url_ids.ours")


def _captures(db: Database) -> int:
    """The captures that came to an end, and of each URL what waits where that has come further."""
    db.execute(_FURTHER)
    db.execute("delete from main.captures where finished_at is null and url_id in temp.further")
    mapped = {"url_id": "url_ids.ours", "run_id": "run_ids.ours", "memento_id": "memento.id"}
    return copy(db, "captures", _NEW_CAPTURES, **mapped)


_RUN_IDS = """
create temp table run_ids as
select their.id as theirs, their.key, our.id is null or our.finished_at is null as unfinished, our.id as ours
from theirs.runs as their left join main.runs as our on our.key = their.key
"""
_ENDS = """
update main.runs as our set finished_at = their.finished_at, outcome = their.outcome, counts = their.counts
from theirs.runs as their
where their.key = our.key and our.finished_at is null and their.finished_at is not null
"""
_ARTICLE_IDS = """
create temp table article_ids as
select their.id as theirs, their.path as their, null as ours from theirs.articles as their
where their.path not in (select path from main.articles)
"""
_URL_IDS = """
create temp table url_ids as
select their.id as theirs, our.id as ours
from theirs.urls as their join main.urls as our on our.url = their.url order by their.id
"""
_LINKS_OF_NEW = """
temp.article_ids join theirs.links as their on their.article_id = article_ids.theirs
left join temp.url_ids on url_ids.theirs = their.url_id order by their.id
"""
_TAKEN = """
create temp table taken as
select their.id, their.checked_at, run_ids.ours as run_id, url_ids.ours as url_id, 0 as own
from temp.run_ids
join theirs.checks as their on their.run_id = run_ids.theirs and run_ids.unfinished
join temp.url_ids on url_ids.theirs = their.url_id
where not exists (
    select 1 from main.checks as our where our.url_id = url_ids.ours and our.checked_at = their.checked_at
)
"""
_OVERLAP = """
create temp table overlap as
select url_id, min(checked_at) as since from temp.taken
where exists (
    select 1 from main.checks as our
    where our.url_id = taken.url_id and our.run_id not in (select ours from temp.run_ids)
)
group by url_id
"""
_OWN_LATER = """
insert into temp.taken
select our.id, our.checked_at, our.run_id, our.url_id, 1
from temp.overlap join main.checks as our on our.url_id = overlap.url_id and our.checked_at > overlap.since
"""
_NUMBERED = """
create temp table numbered as
select *, row_number() over (order by checked_at, id)
    + (select coalesce(max(id), 0) from main.checks) as number
from temp.taken
"""
_OWN_HOPS = """
update main.hops set check_id = numbered.number
from temp.numbered where numbered.id = hops.check_id and numbered.own = 1
"""
_NEW_TRANSITIONS = """
theirs.transitions as their
join temp.run_ids on run_ids.theirs = their.run_id and run_ids.unfinished
join temp.url_ids on url_ids.theirs = their.url_id
where url_ids.ours in (select url_id from temp.taken)
and url_ids.ours not in (select url_id from temp.overlap)
and not exists (
    select 1 from main.transitions as our
    where our.url_id = url_ids.ours and our.changed_at = their.changed_at and our.to_state = their.to_state
)
order by their.id
"""
_LOOKS = """
create temp table looks as
select url_ids.theirs, url_ids.ours
from temp.url_ids
join theirs.urls as their on their.id = url_ids.theirs
join main.urls as our on our.id = url_ids.ours
where our.id in (select url_id from temp.taken) and their.last_checked_at >= coalesce(our.last_checked_at, '')
"""
# What nobody cites here stays without a time.
_STATES = """
update main.urls as our set {seen},
    next_check_at = case when our.next_check_at is not null
        then coalesce(their.next_check_at, our.next_check_at) end
from temp.looks join theirs.urls as their on their.id = looks.theirs
where our.id = looks.ours
"""
_OLD_SKETCHES = """
delete from main.sketches where url_id in (
    select looks.ours from temp.looks join theirs.sketches as their on their.url_id = looks.theirs
)
"""
_FRAGMENTS = """
update main.links as our set fragment_state = their.state, fragment_checked_at = their.at
from (
    select looks.ours, fragment, max(fragment_state) as state, max(fragment_checked_at) as at
    from temp.looks join theirs.links on links.url_id = looks.theirs
    where removed_at is null and fragment <> '' group by looks.ours, fragment
) as their
where our.url_id = their.ours and our.fragment = their.fragment
"""
_NEW_MEMENTOS = """
theirs.mementos as their join temp.url_ids on url_ids.theirs = their.url_id
where not exists (
    select 1 from main.mementos as our
    where our.url_id = url_ids.ours and our.memento_url = their.memento_url
) order by their.id
"""
_MORE_OF_MEMENTOS = """
update main.mementos as our set http_status = coalesce(our.http_status, their.http_status),
    digest = coalesce(our.digest, their.digest), length = coalesce(our.length, their.length)
from theirs.mementos as their join temp.url_ids on url_ids.theirs = their.url_id
where our.url_id = url_ids.ours and our.memento_url = their.memento_url
and (our.http_status is null or our.digest is null or our.length is null)
"""
_LOOKUPS = """
insert into main.lookups (url_id, source, asked_at, answer, error)
select url_ids.ours, source, asked_at, answer, error
from theirs.lookups as their join temp.url_ids on url_ids.theirs = their.url_id where true
on conflict (url_id, source) do update
set asked_at = excluded.asked_at, answer = excluded.answer, error = excluded.error
where excluded.asked_at > lookups.asked_at
"""
_FURTHER = """
create temp table further as
select url_ids.ours as url_id from theirs.captures as their join temp.url_ids on url_ids.theirs = their.url_id
group by url_ids.ours
having (count(finished_at), sum(attempts), count(*)) > (
    select count(finished_at), coalesce(sum(attempts), 0), count(*)
    from main.captures as our where our.url_id = url_ids.ours
)
"""
_NEW_CAPTURES = """
theirs.captures as their
join temp.url_ids on url_ids.theirs = their.url_id
left join temp.run_ids on run_ids.theirs = their.run_id
left join theirs.mementos as held on held.id = their.memento_id
left join main.mementos as memento
    on memento.url_id = url_ids.ours and memento.memento_url = held.memento_url
where case when their.finished_at is null then url_ids.ours in temp.further else not exists (
    select 1 from main.captures as our
    where our.url_id = url_ids.ours and our.state = their.state and our.finished_at = their.finished_at
) end
order by their.id
"""
