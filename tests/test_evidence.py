"""What is kept of an observation: one line each, of a size that can be read."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from conftest import NIGHT
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.check.judging.evidence import (
    LONGEST_EVIDENCE,
    LONGEST_TITLE,
    LONGEST_TYPE,
    judged,
    line,
)
from linkwatch.model import Answer, Failure, Hop, Observation, Verdict
from linkwatch.policy import Policy

URL = "http://site.example/page"


def observed(outcome: Answer | Failure) -> Observation:
    """One hop with this outcome."""
    return Observation(URL, NIGHT, (Hop(URL, 200),), outcome, 12)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (None, None),
        ("", None),
        (" \n\t ", None),
        ("A  title\r\nin\ttwo lines ", "A title in two lines"),
        ("red \x1b[31m alarm\x07", "red �[31m alarm�"),
        ("nul\x00l", "nul�l"),
        ("gnp\u202eexe", "gnp�exe"),
        ("half \ud83d", "half �"),
        ("漢字 and 👩‍🚒", "漢字 and 👩‍🚒"),
    ],
)
def test_one_line_of_visible_text(text: str | None, kept: str | None) -> None:
    """Control characters and halves of characters are shown as what they are: nothing to read."""
    assert line(text, 100) == kept


@given(st.text(st.characters(codec=None, exclude_categories=[])), st.integers(1, 50))
def test_any_text_can_be_stored_and_is_no_longer_than_asked(text: str, longest: int) -> None:
    """Whatever comes in, what goes out fits, and SQLite takes it."""
    kept = line(text, longest)
    assert kept is None or 0 < len(kept) <= longest
    with closing(sqlite3.connect(":memory:")) as db:
        assert db.execute("select ?", [kept]).fetchone() == (kept,)


def test_a_long_text_says_that_it_was_cut() -> None:
    """A cut is seen."""
    assert line("x" * 11, 10) == "x" * 9 + "…"
    assert line("x" * 10, 10) == "x" * 10


def test_an_answer_is_kept_with_its_evidence() -> None:
    """Status, type, size, title and hops stand in the check."""
    body = b"<title>A  page</title>"
    check = judged(observed(Answer(200, (), body, len(body), "text/html; charset=utf-8")), Policy())
    assert (check.verdict, check.reason, check.title) == (Verdict.ALIVE, "ok", "A page")
    assert (check.http_status, check.content_type, check.bytes) == (200, "text/html; charset=utf-8", 22)
    assert (check.url, check.final_url, check.checked_at, check.elapsed_ms) == (URL, URL, NIGHT, 12)
    assert check.error is None


def test_a_failure_has_no_status() -> None:
    """Where nothing HTTP came, nothing HTTP is said."""
    check = judged(observed(Failure("connection_reset", "broke\noff")), Policy())
    assert (check.verdict, check.reason, check.error) == (
        Verdict.UNREACHABLE,
        "connection_reset",
        "broke off",
    )
    assert (check.http_status, check.content_type, check.bytes) == (None, None, None)


def test_nothing_a_server_sends_fills_the_database() -> None:
    """Titles, headers and evidence are cut to what a person reads."""
    headers = (("retry-after", "9" * 60_000),)
    page = Answer(200, (), b"<title>" + b"T" * 500_000, 500_007, "text/html;" + "x" * 60_000)
    assert len(judged(observed(page), Policy()).title or "") == LONGEST_TITLE
    assert len(judged(observed(page), Policy()).content_type or "") == LONGEST_TYPE
    assert len(judged(observed(Answer(429, headers)), Policy()).error or "") <= LONGEST_EVIDENCE
    assert len(judged(observed(Failure("tls_error", "x" * 9_000)), Policy()).error or "") == LONGEST_EVIDENCE
