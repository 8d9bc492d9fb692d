"""Each format is read back by what would read it, and hostile text is inert in it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from history import History
from sample import CONFIG, GONE, HOSTILE_URL, MEMENTO_2019, NOW, fill, sample

from linkwatch.config import Config
from linkwatch.report import formats
from linkwatch.report.stage import build

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

CHROMIUM = shutil.which("chromium")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("name", formats.NAMES)
def test_every_format_renders_something_and_nothing(db: Database, name: str) -> None:
    """On an empty database and on a full one; control characters in neither."""
    empty = formats.render(name, build(db, Config(), now=NOW))
    full = formats.render(name, sample(db))
    assert len(full) > len(empty)
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", full)


@pytest.mark.parametrize("name", formats.NAMES)
def test_no_format_shows_a_login(db: Database, name: str) -> None:
    """What an author left before the host of a link is nobody's business in a report."""
    history = History(db)
    history.run("2026-02-20 03:17")
    history.run("2026-02-28 03:17")
    died = {"state_since": "2026-02-28 03:18", "reason": "http_404", "verdict": "gone"}
    url = history.url("https://me:secret@site.example/a", "dead", **died)
    history.transition(url, "2026-02-28 03:18", "suspect", "dead")
    history.link(history.article("articles/a.md", title="A", published="2024-01-01"), url, line=1, text="A")
    shown = formats.render(name, build(db, Config(), now=NOW))
    assert "site.example" in shown
    assert "secret" not in shown


def test_an_unknown_format(db: Database) -> None:
    """A name that is none is our mistake, not a guess."""
    with pytest.raises(KeyError):
        formats.render("pdf", sample(db))


def test_csv(db: Database) -> None:
    """A header, one row per citing article, and never a formula."""
    rows = list(csv.DictReader(io.StringIO(formats.render("csv", sample(db)))))
    first = rows[0]
    assert (first["section"], first["url"], first["line"], first["memento"]) == (
        "new_dead", GONE, "3", MEMENTO_2019,
    )  # fmt: skip
    assert not [cell for row in rows for cell in row.values() if re.match(r"\s*[=+\-@]", cell)]


def test_ndjson(db: Database) -> None:
    """Every line is an object with the same keys."""
    rows = [json.loads(line) for line in formats.render("ndjson", sample(db)).splitlines()]
    assert len({tuple(row) for row in rows}) == 1
    assert HOSTILE_URL in {row["url"] for row in rows}


def test_atom(db: Database) -> None:
    """A valid feed of what is newly dead: names, times and links as RFC 4287 asks."""
    feed = ElementTree.fromstring(formats.render("atom", sample(db)).encode())
    assert all(feed.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == f"Dead: {GONE}"
    assert entry.findtext(f"{ATOM}updated") == "2026-02-28T03:18:00Z"
    links = {each.get("rel"): each.get("href") for each in entry.findall(f"{ATOM}link")}
    assert links == {"alternate": GONE, "related": MEMENTO_2019}


def test_junit(db: Database) -> None:
    """Dead links fail, suspect and blocked ones are skipped, and the counts are those of the cases."""
    suites = ElementTree.fromstring(formats.render("junit", sample(db)).encode())
    cases = suites.findall("testsuite/testcase")
    assert suites.get("tests") == str(len(cases))
    failed = [case.get("name") for case in cases if case.find("failure") is not None]
    assert failed == [GONE, "https://old.example.net/", HOSTILE_URL]
    assert suites.get("failures") == "3"


def test_github_annotations(db: Database) -> None:
    """One command a line, each with a file and a line; newly dead is an error."""
    lines = formats.render("github", sample(db)).splitlines()
    command = re.compile(r"::(error|warning|notice) file=[^,:]+,line=\d+,col=\d+,title=[^,:]+::\S.*")
    assert all(command.fullmatch(line) for line in lines)
    assert sum(line.startswith("::error ") for line in lines) == 3
    assert f"Replace by {MEMENTO_2019}" in lines[0]


class Document(HTMLParser):
    """Elements, attributes and links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes one element."""
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href" and value]


def test_html_is_inert_and_asks_for_nothing(db: Database) -> None:
    """No script, image, frame or handler; links go to the web or within the page."""
    html = formats.render("html", sample(db))
    page = Document(html)
    assert not page.elements & {"script", "img", "iframe", "object", "link", "form", "base"}
    assert not {name for name in page.attributes if name.startswith("on") or name in ("src", "style")}
    assert all(link.startswith(("https://", "http://", "#")) for link in page.links)
    assert GONE in page.links
    assert MEMENTO_2019 in page.links
    assert "default-src &#39;none&#39;" in html


def test_html_of_very_many_urls_stays_readable(db: Database) -> None:
    """Of each section five hundred are shown; the counts are true and what is left out is said."""
    history = History(db)
    history.run("2026-02-28 03:17")
    article = history.article("one.md")
    for number in range(1_203):
        history.link(article, history.url(f"https://example.org/{number}", "blocked"))
    html = formats.render("html", build(db, Config(), now=NOW))
    assert "Blocked (1,203)" in html
    assert html.count("badge blocked") == 501  # once in the table of states
    assert "And 703 more" in html


def test_no_line_of_ndjson_turns_the_reading_direction(db: Database) -> None:
    """A file name with a bidi mark is shown by its escape, and read back as it is."""
    history = History(db)
    history.run("2026-02-28 03:17")
    history.link(history.article("a\u202eb.md"), history.url("https://example.org/", "blocked"))
    line = formats.render("ndjson", build(db, Config(), now=NOW))
    assert "\u202e" not in line
    assert json.loads(line)["article"] == "a\u202eb.md"


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_html_in_a_browser(db: Database, tmp_path: Path) -> None:
    """A real browser shows it on a phone's width, and runs nothing of what titles and URLs hold."""
    file = tmp_path / "report.html"
    fill(db)
    report = build(db, CONFIG, now=NOW, pictures=True)
    file.write_text(formats.render("html", report), encoding="utf-8")
    shown = subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--window-size=390,844", "--dump-dom", file.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    page = Document(shown.stdout)
    assert "script" not in page.elements
    assert "Newly dead (1)" in shown.stdout
    assert "alert(1)" in shown.stdout
    assert shown.stdout.count("<svg") == 4
