"""A directory of files says what the database says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from sample import CONFIG, NOW, fill
from sqlite_utils import Database

from linkwatch.errors import LinkwatchError
from linkwatch.publish import index, publish, queries
from linkwatch.store.database import open_for_writing
from linkwatch.store.export import NAMES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.db"
    with open_for_writing(path, NIGHT) as db:
        fill(db)
    return path


def test_all_is_there_and_linked(source: Path, tmp_path: Path) -> None:
    """Twice over: each file the index names exists, each JSON holds as many rows as the database."""
    target = tmp_path / "site"
    for _ in range(2):
        publish(source, target, CONFIG, now=NOW)
    page = (target / "index.html").read_text()
    named = re.findall(r'href="([^":]+)"', page)
    assert {"report.html", "linkwatch.db", "feed.atom", "data/urls.json"} <= set(named)
    answers = {name: json.loads((target / "data" / f"{name}.json").read_text()) for name in queries()}
    assert {"safe_to_update", "domains_by_rot", "archive_queue"} <= set(answers)
    assert answers["dead_links_of_article"][0]["state_since"]
    assert all((target / name).is_file() for name in named)
    assert "<svg" in (target / "report.html").read_text()
    db = Database(target / "linkwatch.db")
    for name in NAMES:
        rows = json.loads((target / "data" / f"{name}.json").read_text())
        assert len(rows) == db.execute(f"select count(*) from {name}").fetchone()[0], name
    db.close()
    assert {each.name for each in target.iterdir()} == {
        "index.html", "report.html", "feed.atom", "linkwatch.db", "data",
    }  # fmt: skip


def test_datasette_lite_is_offered_for_an_address() -> None:
    """Its link holds the database's address, whole and escaped."""
    page = index(NOW, 'https://pub.example/links/"><script>')
    assert (
        "https://lite.datasette.io/?url=https%3A%2F%2Fpub.example%2Flinks%2F%22%3E%3Cscript%3E%2Flinkwatch.db"
        in page
    )
    assert "Datasette Lite" in index(NOW, None)


def test_a_directory_that_cannot_be_written(source: Path, tmp_path: Path) -> None:
    """Is our fault, in one line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(LinkwatchError, match="cannot be written"):
        publish(source, tmp_path / "file" / "site", CONFIG, now=NOW)
