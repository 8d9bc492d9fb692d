"""The report in JSON: every promised key, always there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sample import GONE, MEMENTO_2019, sample

from linkwatch.config import Config
from linkwatch.report import json as report_json
from linkwatch.report.model import SectionKind
from linkwatch.report.stage import build

if TYPE_CHECKING:
    from sqlite_utils import Database

    from linkwatch.model import State

ENTRY = {
    "url", "host", "state", "since", "why", "reason", "http_status", "new_url", "noise", "failing_since",
    "last_alive_at", "last_checked_at", "links", "articles", "boilerplate", "ignored", "witness",
    "memento", "citations",
}  # fmt: skip


def test_the_layout(db: Database) -> None:
    """Top level, sections and entries hold exactly the promised keys."""
    made = json.loads(report_json.render(sample(db)))
    assert made["schema"] == "linkwatch.report/1"
    assert set(made) == {
        "schema", "made_at", "since", "filters", "run", "totals", "archive", "counts", "sections",
    }  # fmt: skip
    assert list(made["sections"]) == [kind.value for kind in SectionKind]
    assert made["counts"] == {name: len(entries) for name, entries in made["sections"].items()}
    entries = [entry for section in made["sections"].values() for entry in section]
    assert all(set(entry) == ENTRY for entry in entries)


def test_an_entry(db: Database) -> None:
    """A dead link says since when, why, who cites it where, and what replaces it."""
    made = json.loads(report_json.render(sample(db)))
    (entry,) = made["sections"]["new_dead"]
    assert (entry["url"], entry["state"], entry["since"]) == (GONE, "dead", "2026-02-28T03:18:00Z")
    assert entry["memento"] == {
        "url": MEMENTO_2019,
        "captured_at": "2019-03-04T00:00:00Z",
        "why": "captured 2 days after the article",
    }
    assert [place["line"] for place in entry["citations"][1]["places"]] == [12, 40]
    assert entry["citations"][1]["places"][0]["fragment"] == ":~:text=foo"


def test_the_docstring_names_every_key(db: Database) -> None:
    """The layout in the module's docstring is complete."""
    keys: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            keys.update(value)
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    made = report_json.tree(sample(db))
    data: set[State | SectionKind | str] = {*made["totals"]["states"], *made["sections"], "checked"}
    walk(made)
    named = set(re.findall(r'"(\w+)"', report_json.__doc__ or ""))
    assert keys - data <= named


def test_an_empty_database(db: Database) -> None:
    """With nothing recorded the layout is the same, and empty."""
    from sample import NOW

    made = json.loads(report_json.render(build(db, Config(), now=NOW)))
    assert made["run"] is None
    assert made["since"] is None
    assert set(made["counts"].values()) == {0}
