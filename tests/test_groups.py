"""A report under hosts or under articles tells the same as one under URLs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from history import History
from sample import CONFIG, GONE, NOW, sample

from linkwatch.report import formats
from linkwatch.report.groups import MANY, NOWHERE, groups
from linkwatch.report.model import By, SectionKind
from linkwatch.report.stage import build

if TYPE_CHECKING:
    from sqlite_utils import Database


def test_under_urls_nothing_is_grouped(db: Database) -> None:
    """One group without a name; an empty section has none."""
    entries = sample(db).section(SectionKind.NEW_DEAD).entries
    (group,) = groups(entries, By.URL)
    assert (group.name, group.entries) == (None, entries)
    assert groups((), By.URL) == groups((), By.HOST) == groups((), By.ARTICLE) == ()


def test_under_hosts(db: Database) -> None:
    """Each URL once, the hosts with most of them first."""
    history = History(db)
    article = history.article("one.md")
    for address in ("https://a.example/", "https://b.example/1", "https://b.example/2"):
        history.link(article, history.url(address, "dead", state_since="2026-01-01"))
    found = groups(build(db, CONFIG, now=NOW).section(SectionKind.STILL_DEAD).entries, By.HOST)
    assert [(group.name, len(group.entries)) for group in found] == [("b.example", 2), ("a.example", 1)]


def test_under_articles(db: Database) -> None:
    """A URL stands under every article that cites it, with that article's places and memento only."""
    found = groups(sample(db).section(SectionKind.NEW_DEAD).entries, By.ARTICLE)
    assert [group.name for group in found] == ["articles/2019/glaciers.md", "articles/2023/putin-kim.md"]
    for group in found:
        (entry,) = group.entries
        assert [one.path for one in entry.citations] == [group.name]
        assert entry.articles == 1


def test_template_links_stand_once(db: Database) -> None:
    """A footer's link would otherwise stand under every article; one cited nowhere stands last."""
    entry = sample(db).section(SectionKind.NEW_DEAD).entries[0]
    footer = replace(entry, boilerplate=True)
    cut = replace(entry, articles=900)
    orphan = replace(entry, citations=(), articles=0)
    found = groups((orphan, footer, cut, entry), By.ARTICLE)
    assert [(found[0].name, len(found[0].entries)), found[-1].name] == [(MANY, 2), NOWHERE]


@pytest.mark.parametrize("by", [By.HOST, By.ARTICLE])
@pytest.mark.parametrize("name", ["terminal", "markdown", "html"])
def test_formats_for_people_show_the_groups(db: Database, by: By, name: str) -> None:
    """Each group's name stands before its entries."""
    text = formats.render(name, replace(sample(db), by=by))
    heading = "www.example.org" if by is By.HOST else "articles/2019/glaciers.md"
    before = {"terminal": "\n", "markdown": "### `", "html": "<h3>"}[name]
    assert f"{before}{heading}" in text


@pytest.mark.parametrize("by", [By.HOST, By.ARTICLE])
def test_a_grouped_issue_keeps_to_its_limit(db: Database, by: By) -> None:
    """Headings of groups count too, and what is left out is said."""
    report = replace(sample(db), by=by)
    for limit in (600, 1500, 2500, 4000):
        text = formats.render("markdown", report, limit=limit)
        assert len(text.encode()) <= limit
        assert "linkwatch report` shows everything" in text


def test_json_names_the_groups(db: Database) -> None:
    """By address, beside the sections; a report that is not grouped has no such key."""
    report = sample(db)
    assert "groups" not in json.loads(formats.render("json", report))
    grouped = json.loads(formats.render("json", replace(report, by=By.ARTICLE)))["groups"]["new_dead"]
    assert [each["urls"] for each in grouped] == [[GONE], [GONE]]
