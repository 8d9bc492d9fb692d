"""What the Wayback Machine really answered is read without loss and without harm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import NIGHT

from linkwatch.archive.cdx import EXCLUDED, Question, Reply, interpret, json_rows, mementos, text_rows
from linkwatch.archive.timestamps import from_stamp
from linkwatch.model import LookupAnswer

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://web.archive.org"


def exchanges(shared: Path, name: str) -> list[dict[str, Any]]:
    lines = (shared / "recordings" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_recorded_index_row_is_read(shared: Path) -> None:
    """Each full line of a recorded text answer is one row with a time and an address."""
    seen = 0
    for exchange in exchanges(shared, "wayback.jsonl"):
        if "/cdx/search/cdx" not in exchange["url"] or exchange["status"] != 200:
            continue
        lines = exchange["body"].split("\n\n")[0].splitlines()
        whole = lines[:-1] if exchange["body_cut"] else lines
        rows = text_rows("\n".join(whole))
        assert len(rows) == len(whole)
        assert all(from_stamp(row["timestamp"]) for row in rows)
        seen += len(rows)
    assert seen > 1000


def test_recorded_rows_become_mementos_of_the_url_that_was_asked_for(shared: Path) -> None:
    """http and https, www and port 80 are one page; rows given twice are one memento."""
    found = 0
    for exchange in exchanges(shared, "wayback.jsonl"):
        parameters = parse_qs(urlsplit(exchange["url"]).query)
        if "/cdx/" not in exchange["url"] or "matchType" in parameters:
            continue
        rows = text_rows(exchange["body"]) if exchange["status"] == 200 else []
        made = mementos(rows, f"https://{parameters['url'][0]}", BASE)
        assert len({each.memento_url for each in made}) == len(made) <= len(rows)
        found += len(made)
    assert found > 500


def test_a_recorded_refusal_is_an_excluded_site(shared: Path) -> None:
    """The archive's 403 for a blocked site is unknown, and says why."""
    blocked = [
        each
        for each in exchanges(shared, "wayback.jsonl")
        if "/cdx/" in each["url"] and each["status"] == 403
    ]
    assert blocked
    for each in blocked:
        lookup = interpret(Question("https://nationalpost.com/health", NIGHT), Reply(403, each["body"]), BASE)
        assert (lookup.answer, lookup.error) == (LookupAnswer.UNKNOWN, EXCLUDED)


def test_recorded_json_answers_are_read(shared: Path) -> None:
    """A list of lists, its first the names of the fields."""
    for exchange in exchanges(shared, "cdx-json.jsonl"):
        rows = json_rows(exchange["body"])
        assert rows
        assert len(rows) == exchange["params"]["limit"]
        url = f"http://{exchange['params']['url']}".rstrip("*")
        lookup = interpret(Question(url, NIGHT, limit=50), Reply(200, exchange["body"]), BASE)
        assert lookup.answer is LookupAnswer.ARCHIVED


@pytest.mark.parametrize(
    ("name", "url", "lines", "kept"),
    [
        ("bad_timestamp_cdx.txt", "http://www.usatoday.com/2000/century/tech/004.htm", 5, 2),
        ("malformed_cdx.txt", "https://www.epa.gov/", 5, 2),
        ("zero_length_cdx.txt", "http://cnn.com", 5, 5),
    ],
)
def test_broken_rows_do_not_break_the_rest(shared: Path, name: str, url: str, lines: int, kept: int) -> None:
    """Month 00, data: and mailto: rows, and lengths that are missing: the sound rows survive."""
    rows = text_rows((shared / "recordings" / name).read_text(encoding="utf-8"))
    assert len(rows) == lines
    assert len(mementos(rows, url, BASE)) == kept


def test_redirect_captures_of_a_site_are_told_from_pages(shared: Path) -> None:
    """Recorded revisits carry no status, redirects their own."""
    (exchange,) = [
        each
        for each in exchanges(shared, "wayback.jsonl")
        if each["set"] == "test_search_does_not_repeat_results"
    ]
    made = mementos(text_rows(exchange["body"]), "https://energystar.gov/", BASE)
    assert {each.http_status for each in made} == {200, 301, None}
