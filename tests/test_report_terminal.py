"""The report on a terminal: wrapped to its width, inert, complete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from sample import GONE, MEMENTO_2019, MEMENTO_2023, sample

from linkwatch.report import terminal

if TYPE_CHECKING:
    from sqlite_utils import Database


@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_sentences_fit_the_width(db: Database, width: int) -> None:
    """No line is wider than the terminal but for URLs, which are never broken."""
    lines = terminal.render(sample(db), width=width).splitlines()
    assert not [line for line in lines if cell_len(line) > width and "://" not in line]
    assert not [line for line in lines if line != line.rstrip()]


def test_a_pipe_gets_whole_lines(db: Database) -> None:
    """Without a width nothing is wrapped, so that lines can be searched."""
    lines = terminal.render(sample(db)).splitlines()
    assert "    The server says that this page does not exist (404), three times since 22 February." in lines
    assert f"  {GONE}" in lines
    assert f"      ⇒ {MEMENTO_2019}" in lines


def test_no_escape_without_colour(db: Database) -> None:
    """A pipe gets no control character, whatever titles and URLs hold."""
    text = terminal.render(sample(db), width=80)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_only_our_own_escapes_with_colour(db: Database) -> None:
    """With colour every escape is a style or a link to the web; the rest is the same text."""
    report = sample(db)
    text = terminal.render(report, width=80, colour=True)
    bare = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;(id=\d+)?;(https?://[!-~]*)?\x1b\\", "", text)
    assert bare == terminal.render(report, width=80)
    assert f";{MEMENTO_2023}\x1b\\" in text


def test_the_order_of_sections(db: Database) -> None:
    """New first, then what recovered, then the rest; each with its count."""
    text = terminal.render(sample(db), width=100)
    titles = re.findall(r"^(\w[\w ]+) \(\d+\)  ", text, re.MULTILINE)
    assert titles == [
        "Newly dead",
        "Recovered",
        "Still dead",
        "Suspect",
        "Moved",
        "Blocked",
        "Drifted",
        "Ignored",
    ]


def test_all_that_an_editor_needs(db: Database) -> None:
    """Articles with lines, the new address, the reason of an exclusion."""
    text = terminal.render(sample(db))
    for expected in (
        "articles/2023/putin-kim.md:12,40  普京与金正恩会晤：俄罗斯与朝鲜的武器",
        "Dead since 28 February, last seen alive on 12 February.",
        "→ https://moved.example.com/b",
        "Ignored until 2026-12-31: kept for the record",
        "Answers again since 1 February.",
        "New means since 28 February, 03:17 UTC.",
    ):
        assert expected in text
