"""The report says what is safe, what waits and how long, and why the archive did not take the rest."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from history import History

from linkwatch.archive.statuses import meaning
from linkwatch.config import Archive, Config
from linkwatch.report.compose import nights
from linkwatch.report.formats import render
from linkwatch.report.rows import Refusal
from linkwatch.report.stage import build

if TYPE_CHECKING:
    from sqlite_utils import Database

    from linkwatch.report.model import Report

REFUSED = {"error:no-access": 2, "error:not-found": 1, None: 1}


@pytest.fixture
def report(db: Database) -> Report:
    """Nine live URLs: two held, three waiting, four not captured for three reasons."""
    past = History(db)
    past.run("2026-02-28")
    article = past.article("a.md")

    def cite(name: str) -> int:
        url = past.url(f"https://{name}.example.org/")
        past.link(article, url)
        return url

    for number in range(2):
        held = cite(f"held{number}")
        past.memento(held, "2026-01-01", f"https://web.archive.org/web/{number}/")
        past.capture(held, "failed", status_ext="error:celery")
    for number in range(3):
        waiting = cite(f"waiting{number}")
        past.capture(waiting, "refused", status_ext="error:celery")
        past.capture(waiting, "queued" if number else "submitted")
    for code, count in REFUSED.items():
        for number in range(count):
            past.capture(cite(f"{str(code).removeprefix('error:')}{number}"), "failed", status_ext=code)
    return build(db, replace(Config(), archive=Archive(max_captures=2)), now=NIGHT)


def test_each_url_counts_once_and_each_reason_has_its_sentence(report: Report) -> None:
    """What is held or waits is not "not captured", whatever was refused before; codes become sentences."""
    held = report.coverage
    assert (held.urls, held.with_memento, held.waiting, held.refused, held.nights) == (9, 2, 3, 4, 2)
    assert set(held.refusals) == {
        Refusal("no-access", meaning("no-access").sentence, 2),
        Refusal("not-found", meaning("not-found").sentence, 1),
        Refusal(None, "The archive gave no usable answer.", 1),
    }
    assert held.refusals[0].urls == 2
    assert sum(each.urls for each in held.refusals) == held.refused


def test_people_and_programs_are_told(report: Report) -> None:
    """The same in the summary of the terminal and of Markdown, and in JSON."""
    waits = "3 waiting to be captured (2 nights), 4 could not be captured."
    why = (
        "Not captured: 2 because the page refuses the archive (403); 1 because the archive gave no usable"
        " answer; 1 because the archive does not find the page either (404)."
    )
    for form in ("terminal", "markdown"):
        said = render(form, report, width=None, colour=False).replace("\\", "")
        assert waits in said
        assert why in said
    archive = json.loads(render("json", report, width=None, colour=False))["archive"]
    assert archive["nights"] == 2
    assert archive["refusals"][0] == {
        "status_ext": "no-access",
        "why": meaning("no-access").sentence,
        "urls": 2,
    }


@pytest.mark.parametrize(
    ("waiting", "a_night", "needed"),
    [(0, 200, 0), (1, 200, 1), (200, 200, 1), (201, 200, 2), (0, 0, 0), (1, 0, None)],
)
def test_nights(waiting: int, a_night: int, needed: int | None) -> None:
    """Rounded up; a queue from which nothing is taken never ends."""
    assert nights(waiting, a_night) == needed


def test_the_view_names_the_codes(report: Report, db: Database) -> None:
    """For those who ask in SQL: the codes by state, each once."""
    assert report.coverage.refused == 4
    (row,) = db.query("select urls, with_memento, waiting, refusals from archive_coverage")
    assert row["refusals"] == "error:celery, error:no-access, error:not-found"
