"""A blocked URL has a second witness: what the Wayback Machine saw, in the report and in its story."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from history import History, at

from linkwatch.config import Config
from linkwatch.model import LookupAnswer
from linkwatch.report import evidence_json, evidence_terminal, markdown, tabular, terminal
from linkwatch.report import json as report_json
from linkwatch.report.model import SectionKind
from linkwatch.report.rows import WitnessRow
from linkwatch.report.stage import build
from linkwatch.report.why import story
from linkwatch.report.witness import witness

if TYPE_CHECKING:
    from sqlite_utils import Database

NOW = at("2026-03-01 03:17")
SEEN = at("2026-02-25 03:17")
URL = "https://gate.example/page"
MEMENTO = "https://web.archive.org/web/20260225031700/https://gate.example/page"


@pytest.fixture
def blocked(db: Database) -> History:
    history = History(db)
    history.run("2026-02-28 03:17")
    history.link(
        history.article("one.md", title="One"), history.url(URL, "blocked", reason="bot_challenge"), line=7
    )
    return history


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, "Blocked to us; archived with status 200 4 days ago."),
        (None, "Blocked to us; archived, unchanged since an earlier capture, 4 days ago."),
        (302, "Blocked to us; archived as a redirect (302) 4 days ago."),
        (403, "Blocked to us; the archive was turned away too (403) 4 days ago."),
        (404, "Blocked to us; the archive found no page there either (404) 4 days ago."),
        (503, "Blocked to us; the archive met an error (503) 4 days ago."),
    ],
)
def test_what_a_capture_testifies(status: int | None, said: str) -> None:
    """The newest capture counts whatever its status: an error is a testimony too."""
    found = witness(WitnessRow(MEMENTO, SEEN, status), NOW)
    assert found is not None
    assert (found.said, found.memento_url, found.http_status) == (said, MEMENTO, status)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (None, None),
        (WitnessRow(), None),
        (WitnessRow(asked_at=SEEN, answer=LookupAnswer.UNKNOWN), None),
        (
            WitnessRow(asked_at=SEEN, answer=LookupAnswer.NOT_ARCHIVED),
            "Blocked to us, and not in the Wayback Machine, which was asked 4 days ago.",
        ),
        (
            WitnessRow(refusal="The page refuses the archive (403).", tried_at=SEEN),
            "The page refuses the archive (403), 4 days ago.",
        ),
    ],
)
def test_where_there_is_no_capture(row: WitnessRow | None, said: str | None) -> None:
    """Save Page Now's own answer counts, and a look-up that said no; one that said nothing does not."""
    found = witness(row, NOW)
    assert (found and found.said) == said


def test_a_capture_of_the_login_is_no_capture_of_the_page(blocked: History) -> None:
    """The archive was sent away like us: where to is told, and it replaces nothing."""
    login = (
        "https://web.archive.org/web/20260225031700/https://login.example/in?next=https://gate.example/page"
    )
    blocked.memento(1, "2026-02-25 03:17", login)
    told = story(blocked.db, URL, now=NOW)
    assert told.witness is not None
    assert told.witness.said == "Blocked to us; the archive was led to login.example/in 4 days ago."
    assert told.citations[0].replacement is None


def test_every_format_brings_the_witness(blocked: History) -> None:
    """The newest capture stands with the URL wherever it is reported."""
    blocked.memento(1, "2020-01-01", "https://web.archive.org/web/20200101000000/x")
    blocked.memento(1, "2026-02-25 03:17", MEMENTO, http_status=403)
    blocked.capture(1, "failed", finished_at="2026-02-27T03:17:00Z", status_ext="error:no-access")
    report = build(blocked.db, Config(), now=NOW)
    (entry,) = report.section(SectionKind.BLOCKED).entries
    said = (
        "Blocked to us; the archive was turned away too (403) 4 days ago. "
        "The page refuses the archive (403), 2 days ago."
    )
    assert entry.witness is not None
    assert entry.witness.said == said
    assert said in terminal.render(report)
    assert "turned away too" in markdown.render(report)
    assert json.loads(report_json.render(report))["sections"]["blocked"][0]["witness"] == {
        "why": said,
        "memento_url": MEMENTO,
        "captured_at": "2026-02-25T03:17:00Z",
        "http_status": 403,
    }
    assert next(tabular.rows(report))["witness"] == said


def test_the_story_brings_the_witness(blocked: History) -> None:
    """And so does the page of evidence, for people and for programs."""
    blocked.memento(1, "2026-02-25 03:17", MEMENTO)
    told = story(blocked.db, URL, now=NOW)
    said = "Blocked to us; archived with status 200 4 days ago."
    assert f"Second witness: {said}" in evidence_terminal.render(told)
    assert json.loads(evidence_json.render(told))["witness"]["why"] == said


def test_only_a_blocked_url_has_one(blocked: History) -> None:
    """Of a dead URL the archive is asked for a replacement, not for testimony."""
    url = blocked.url("https://gone.example/", "dead")
    blocked.link(blocked.article("two.md"), url)
    blocked.memento(url, "2026-02-25 03:17", MEMENTO)
    assert story(blocked.db, "https://gone.example/", now=NOW).witness is None
    (entry,) = build(blocked.db, Config(), now=NOW).section(SectionKind.STILL_DEAD).entries
    assert entry.witness is None


def test_a_capture_of_an_error_keeps_nothing_safe(blocked: History) -> None:
    """Testimony is not coverage: only a capture that shows a page counts as archived."""
    blocked.memento(1, "2026-02-25 03:17", MEMENTO, http_status=403)
    assert build(blocked.db, Config(), now=NOW).coverage.with_memento == 0
    assert next(blocked.db.query("select with_memento from archive_coverage"))["with_memento"] == 0
    blocked.memento(1, "2026-02-26", f"{MEMENTO}/2", http_status=200)
    assert build(blocked.db, Config(), now=NOW).coverage.with_memento == 1
