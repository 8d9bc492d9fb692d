"""The story of one URL: found however it is spelt, told completely."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from history import History
from sample import GONE, HOSTILE_URL, MEMENTO_2019, MEMENTO_2023, NOW, fill

from linkwatch.errors import UnknownUrlError, UsageError
from linkwatch.model import Verdict
from linkwatch.report import evidence_json, evidence_terminal
from linkwatch.report.evidence import evidence
from linkwatch.report.rows import CheckRow
from linkwatch.report.why import story

if TYPE_CHECKING:
    from sqlite_utils import Database


@pytest.fixture
def past(db: Database) -> Database:
    fill(db)
    return db


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (GONE, GONE),
        (f"  {GONE}#part", GONE),
        (GONE.removeprefix("https://"), GONE),
        (GONE.replace("https://www.example.org/", "HTTPS://WWW.EXAMPLE.ORG:443/x/../"), GONE),
        (f"{GONE}?utm_source=newsletter", GONE),
        ("https://old.example.net", "https://old.example.net/"),
        ("moved.example.com/a", "http://moved.example.com/a"),
        ("articles/2019/glaciers.md:3", GONE),
    ],
)
def test_a_url_is_found_however_it_is_spelt(past: Database, asked: str, found: str) -> None:
    """With a fragment, without a scheme, without the last slash, by article and line."""
    assert story(past, asked, now=NOW).url.url == found


def test_an_unknown_url_offers_the_nearest(past: Database) -> None:
    """A misspelt URL is answered in one line with what may have been meant."""
    with pytest.raises(UnknownUrlError) as caught:
        story(past, GONE.replace("title", "tilte"), now=NOW)
    assert GONE in str(caught.value)
    assert caught.value.exit_code == 2
    with pytest.raises(UnknownUrlError) as caught:
        story(past, "https://nowhere.example/\x1b[31m", now=NOW)
    assert "did you mean" not in str(caught.value)
    assert not re.search(r"[\n\x1b]", str(caught.value))


def test_a_line_with_several_urls_asks_which(past: Database) -> None:
    """An article's line that cites two URLs names both."""
    history = History(past)
    article = history.article("two.md")
    for name in "ab":
        history.link(article, history.url(f"https://{name}.example/"), line=5)
    with pytest.raises(UsageError, match=r"cites 2 URLs.*https://a\.example/, https://b\.example/"):
        story(past, "two.md:5", now=NOW)


def test_the_timeline_is_in_order(past: Database) -> None:
    """Checks and changes of state follow each other; a change stands after the check it follows from."""
    told = story(past, GONE, now=NOW)
    kinds = [type(event).__name__ for event in told.timeline]
    assert kinds == ["CheckRow", "TransitionRow", "CheckRow", "CheckRow", "TransitionRow"]
    assert [(hop.url, hop.http_status) for hop in told.checks[0].hops] == [
        ("http://www.example.org/old", 301),
        (GONE, 404),
    ]


def test_each_citation_says_which_memento_and_why(past: Database) -> None:
    """The memento nearest to the article is named for each article."""
    told = story(past, GONE, now=NOW)
    chosen = {each.path: each.replacement.memento_url for each in told.citations if each.replacement}
    assert chosen == {"articles/2019/glaciers.md": MEMENTO_2019, "articles/2023/putin-kim.md": MEMENTO_2023}


def test_the_page_of_evidence(past: Database) -> None:
    """All of it stands on the page, in plain words."""
    page = evidence_terminal.render(story(past, GONE, now=NOW))
    for expected in (
        "dead since 28 February 2026, 03:18 UTC. The server says that this page does not exist (404), ",
        "three times since 22 February.",
        "Last seen alive 12 February 2026, 03:00 UTC, 17 days ago.",
        "Next check: 30 March 2026, 03:00 UTC.",
        "line 12: <a> “报道”, to the part #:~:text=foo",
        "3 checks, 2 changes of state",
        "28 February 2026, 03:18 UTC  gone: http_404, 812 ms",
        f"404  {GONE}",
        "28 February 2026, 03:18 UTC  suspect → dead",
        "2 mementos known",
        "captured 2 days after the article",
        "1 February 2026, 00:00 UTC: wayback holds it.",
        "capture failed after 2 tries (error:not-found).",
    ):
        assert expected in page


def test_a_hostile_story_is_inert(past: Database) -> None:
    """Titles, anchor texts and addresses of an attacker move nothing on the terminal."""
    told = story(past, HOSTILE_URL, now=NOW)
    page = evidence_terminal.render(told, width=80)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", page)
    linked = re.findall(r"\x1b\]8;[^;]*;([^\x1b]+)", evidence_terminal.render(told, width=80, colour=True))
    assert linked == []


def test_json_holds_the_same(past: Database) -> None:
    """Programs get every key that the docstring names, and no other."""
    made = json.loads(evidence_json.render(story(past, GONE, now=NOW)))
    assert made["schema"] == "linkwatch.story/1"
    assert made["state"] == "dead"
    assert [check["checked_at"] for check in made["checks"]] == [
        "2026-02-22T03:18:00Z",
        "2026-02-25T03:18:00Z",
        "2026-02-28T03:18:00Z",
    ]
    assert made["checks"][0]["hops"][1] == {"url": GONE, "http_status": 404}
    assert made["transitions"][1] == {"changed_at": "2026-02-28T03:18:00Z", "from": "suspect", "to": "dead"}
    named = set(re.findall(r'"(\w+)"', evidence_json.__doc__ or ""))
    lists = ("checks", "transitions", "mementos", "captures", "lookups")
    keys = {*made, *(key for name in lists for each in made[name] for key in each)}
    assert keys <= named


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("HTTP 404", "The server says that this page does not exist (404)."),
        ("no such file", "The server says that this page does not exist (404). (no such file)"),
        (None, "The server says that this page does not exist (404)."),
    ],
)
def test_nothing_is_said_twice_of_a_check(error: str | None, told: str) -> None:
    """What was seen is told where it says more than the reason does."""
    check = CheckRow(NOW, Verdict.GONE, "http_404", 404, error=error)
    assert evidence(check) == told
