"""The sample articles and lists: their layout, what they cite, and that the simulated web has it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from yarl import URL

from linkwatch import shipped
from linkwatch.config import Config, Corpus
from linkwatch.demo.sites import world
from linkwatch.demo.world import Reach
from linkwatch.harvest.stage import harvest

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

ARTICLES = sorted(shipped.path("seeds/articles").iterdir())
LISTS = sorted(shipped.path("seeds/lists").iterdir())
HEADER = re.compile(r"<!--(\d{13})-->\n\[([^\n]+)\]\((https://[^\s)]+)\)\n------\n\n(<[^\n]+>)\n\n")
NOW = datetime(2026, 3, 1, 3, 17, tzinfo=UTC)


@pytest.fixture
def harvested(db: Database) -> Database:
    """A database with all samples harvested."""
    config = Config(corpus=Corpus(timezone="Asia/Shanghai"), root=shipped.path("seeds"))
    summary = harvest(db, config, [shipped.path("seeds/articles")], now=NOW)
    assert summary.problems == ()
    assert summary.articles == len(ARTICLES)
    return db


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_each_article_has_the_layout(path: Path) -> None:
    """A comment with milliseconds, a title link, a rule, a blank line, one line of HTML; or front matter."""
    assert re.fullmatch(r"\d{3}_[0-9a-f]{16}\.(txt|md)", path.name)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        assert text.startswith("---\ntitle: ")
        return
    body = HEADER.fullmatch(text)
    assert body is not None
    assert body[4].startswith("<address>")
    assert body[4].endswith("</footer>")
    assert '<time pudate="' in body[4]


def test_the_articles_cover_years_and_languages(harvested: Database) -> None:
    """Eight articles or more, over ten years or more, Chinese and English, each dated and titled."""
    rows = list(harvested.table("articles").rows)
    years = {int(row["published_at"][:4]) for row in rows}
    assert len(rows) >= 8
    assert max(years) - min(years) >= 10
    assert {row["title"].isascii() for row in rows} == {True, False}
    assert all(row["url"] and row["authors"] != "[]" for row in rows)


def test_the_example_of_the_layout_gives_what_it_holds(harvested: Database) -> None:
    """Eighteen anchors to seventeen URLs, two images behind a proxy, fragments and scopes told apart."""
    rows = [
        dict(row)
        for row in harvested.query(
            """select links.*, urls.url as address from links join urls on urls.id = url_id
               join articles on articles.id = article_id where path like '%/000\\_%' escape '\\'"""
        )
    ]
    anchors = [row for row in rows if row["kind"] == "anchors"]
    images = [row for row in rows if row["kind"] == "images"]
    scopes = {URL(row["address"]).host: row["scope"] for row in anchors}
    assert len(anchors) == 18
    assert len({row["address"] for row in anchors}) == 17
    behind = [URL(row["address"]).host for row in images if row["via"] == "proxy"]
    assert behind == ["static01.nyt.com"] * 2
    assert sorted(row["fragment"][:13] for row in anchors if row["fragment"]) == [
        ":~:text=As%20",
        "biden-officia",
    ]
    assert (scopes["cn.nytimes.com"], scopes["www.nytimes.com"]) == ("internal", "sibling")
    assert scopes["www.reuters.com"] == "outbound"


def test_some_links_are_shared_and_some_are_mementos(harvested: Database) -> None:
    """One dead link is cited by articles of several years; a snapshot leads to what it is of."""
    shared = harvested.query(
        """select count(distinct substr(published_at, 1, 4)) as years from link_health
           where url = 'http://courtwatch.example/opinions/2012/appendix-b.html'"""
    )
    assert next(iter(shared))["years"] >= 4
    mementos = list(harvested.query("select url from link_health where via = 'memento'"))
    assert {row["url"] for row in mementos} == {
        "http://www.cjh.com.cn/",
        "http://www.un.org/millenniumgoals/",
    }


def test_the_simulated_web_has_a_row_for_each_link(harvested: Database) -> None:
    """Nothing that is checked is missing by oversight: each URL has a row, or its host a story."""
    everything = world()
    checked = harvested.query(
        "select distinct url, host from link_health join links on links.id = link_id where kind <> 'title'"
    )
    missing = [
        row["url"]
        for row in checked
        if everything.find(URL(row["url"], encoded=True)) is None
        and everything.reach(row["host"]) is Reach.SERVED
    ]
    assert missing == []


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_each_list_states_its_source_and_holds_addresses(path: Path) -> None:
    """A comment on top says where the list comes from; below it, one address a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = lines[: next(i for i, line in enumerate(lines) if line and not line.startswith("#"))]
    assert any(line.startswith("# Source: ") for line in head)
    addresses = [line for line in lines if line and not line.startswith("#")]
    assert len(addresses) == len(set(addresses)) > 0
    assert all(URL(each).scheme == "https" and URL(each).host for each in addresses)
