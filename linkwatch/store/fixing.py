"""What ``fix`` reads: the articles with broken links, and where those stand."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from linkwatch.fix.plan import Article, Cited
from linkwatch.model import Kind, State, Via
from linkwatch.times import from_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlite_utils import Database

# Every link of an article that has a broken one: what a wrapper holds stands at the same place.
LINKS = """
select articles.id as article_id, articles.path, articles.part, articles.format, articles.sha256,
    coalesce(articles.published_at, articles.captured_at, articles.first_seen_at) as cited_at,
    coalesce(articles.published_at, articles.captured_at) is not null as dated,
    links.line, links.column, links.raw, links.kind, links.fragment, links.via,
    urls.id as url_id, urls.url, urls.host, urls.state, urls.final_url
from links
join articles on articles.id = links.article_id
join urls on urls.id = links.url_id
where links.removed_at is null and articles.removed_at is null
and articles.id in (
    select links.article_id from links join urls on urls.id = links.url_id
    where links.removed_at is null and urls.state in (select value from json_each(:states))
)
and (
    :article is null or articles.path = :article or articles.url = :article or articles.path glob :article
)
order by articles.path, articles.id, links.line, links.column, links.via is not null, links.id
"""


def articles(
    db: Database, states: Collection[State], article: str | None = None
) -> Iterator[tuple[Article, list[Cited]]]:
    """Every article with a link to a URL in one of these states, with all its links in order of place.

    ``article`` narrows to a path, a glob of paths or an article's URL.
    """
    bound = {"states": json.dumps([str(each) for each in states]), "article": article}
    for _, rows in groupby(db.query(LINKS, bound), lambda row: row["article_id"]):
        links = list(rows)
        yield _article(links[0]), [_cited(row) for row in links]


def _article(row: dict[str, Any]) -> Article:
    return Article(
        path=row["path"],
        part=row["part"],
        format=row["format"],
        sha256=row["sha256"],
        cited_at=from_text(row["cited_at"]),
        dated=bool(row["dated"]),
    )


def _cited(row: dict[str, Any]) -> Cited:
    return Cited(
        line=row["line"],
        column=row["column"],
        raw=row["raw"],
        kind=Kind(row["kind"]),
        fragment=row["fragment"],
        via=Via(row["via"]) if row["via"] else None,
        url_id=row["url_id"],
        url=row["url"],
        host=row["host"],
        state=State(row["state"]),
        final_url=row["final_url"],
    )
