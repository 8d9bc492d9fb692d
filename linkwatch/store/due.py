"""What follows from the articles as a harvest leaves them: which URLs are due, and which are boilerplate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from linkwatch.times import to_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.config import Config


@dataclass(frozen=True, slots=True)
class Asked:
    """What the settings ask to check, and from how many articles on a URL is boilerplate."""

    elements: frozenset[str]  # and kinds of them
    scopes: frozenset[str]
    often: float

    @classmethod
    def by(cls, config: Config) -> Asked:
        """What these settings ask."""
        check = config.check
        return cls(frozenset(check.elements), frozenset(check.scopes), config.policy.boilerplate_articles)


class Totals(NamedTuple):
    """What is there now: articles whose files are there, links in them, URLs they lead to."""

    articles: int
    links: int
    urls: int


def settle(db: Database, asked: Asked, now: datetime, *, is_due: bool = False) -> Totals:
    """Makes the URLs due that a live link of these kinds or elements, in these scopes, cites; and no others.

    A URL that already has its time keeps it. One that ``often`` articles or more cite is
    boilerplate. Where nothing has changed since the last time, the answer is that of the last time;
    with ``is_due``, which URLs are due is so already.
    """
    elements, scopes = sorted(asked.elements), sorted(asked.scopes)
    wanted = json.dumps([elements, scopes, asked.often])
    settled = db.execute(_SETTLED, (wanted,)).fetchone()
    if settled is not None:
        return Totals(*json.loads(settled[0]))
    with db.atomic():
        if not is_due:
            _make_due(db, elements, scopes, now)
        db.execute("delete from boilerplate")
        db.execute(_BOILERPLATE, {"often": asked.often})
        totals = Totals(*db.execute(_TOTALS).fetchone())
        db.execute("delete from settings where name in ('due', 'totals')")
        db.execute("insert into settings (name, value) values ('due', ?)", (wanted,))
        db.execute("insert into settings (name, value) values ('totals', ?)", (json.dumps(totals),))
    return totals


def _make_due(db: Database, elements: Sequence[str], scopes: Sequence[str], now: datetime) -> None:
    values = {"elements": json.dumps(elements), "scopes": json.dumps(scopes), "now": to_text(now)}
    db.execute("drop table if exists temp.wanted")
    db.execute("create temp table wanted (id integer primary key)")
    db.execute(_WANTED, values)
    db.execute(_MAKE_DUE, values)
    db.execute(_MAKE_IDLE)
    db.execute("drop table temp.wanted")


def read_by(db: Database) -> str | None:
    """The settings by which all articles that are there were read; None where that is not known."""
    found = db.execute("select value from settings where name = 'reading'").fetchone()
    return found and str(found[0])


def note_reading(db: Database, settings: str) -> None:
    """Notes that by now all articles were read by these settings."""
    with db.atomic():
        db.execute("insert or replace into settings (name, value) values ('reading', ?)", (settings,))


_SETTLED = """
select totals.value from settings as due, settings as totals
where due.name = 'due' and due.value = ? and totals.name = 'totals'
"""
# All links are looked at, so in the order in which they lie: by an index it takes twice as long.
_WANTED = """
insert or ignore into temp.wanted
select url_id from links not indexed
where removed_at is null and url_id is not null
    and scope in (select value from json_each(:scopes))
    and (
        kind in (select value from json_each(:elements))
        or element in (select value from json_each(:elements))
    )
    and article_id not in (select id from articles where removed_at is not null)
"""
_MAKE_DUE = """
update urls set next_check_at = :now
where next_check_at is null and snapshot = 0 and id in (select id from temp.wanted)
"""
_MAKE_IDLE = """
update urls set next_check_at = null
where next_check_at is not null and (snapshot = 1 or id not in (select id from temp.wanted))
"""
# Few URLs have that many links, which the index alone tells; only of these are the articles counted.
_BOILERPLATE = """
insert into boilerplate (url_id, articles)
with frequent as (
    select url_id from links where url_id is not null group by url_id having count(*) >= :often
)
select links.url_id, count(distinct links.article_id) as citing
from frequent
join links on links.url_id = frequent.url_id and links.removed_at is null
join articles on articles.id = links.article_id and articles.removed_at is null
group by links.url_id
having citing >= :often
"""
# The articles that are gone come first: there are few of them, most times none, and links by the million.
_TOTALS = """
select
    (select count(*) from articles where removed_at is null),
    links - (select count(*) from articles cross join links on links.article_id = articles.id
        where articles.removed_at is not null and links.removed_at is null),
    urls
        - (select count(*) from (
            select distinct links.url_id as lost
            from articles cross join links on links.article_id = articles.id
            where articles.removed_at is not null and links.removed_at is null and links.url_id is not null
        ) where not exists (
            select 1 from links join articles on articles.id = links.article_id
            where links.url_id = lost and links.removed_at is null and articles.removed_at is null
        ))
from (select count(*) as links, count(distinct url_id) as urls from links where removed_at is null)
"""
