"""A report that tells of some: the first of each section, and true counts."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import pytest
from click.testing import CliRunner
from conftest import NIGHT
from history import History, at
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwatch.cli import cli
from linkwatch.config import Check, Config, Exclude
from linkwatch.model import State
from linkwatch.report import formats, listing, telling
from linkwatch.report.formats import render
from linkwatch.report.groups import groups
from linkwatch.report.model import By, SectionKind
from linkwatch.report.stage import build
from linkwatch.store.database import in_memory

CONFIG = Config(check=Check(exclude=(Exclude("c.example", "known", date(2030, 1, 1)),)))
URLS = st.lists(
    st.tuples(
        st.sampled_from(["a.example", "b.example", "c.example"]),
        st.sampled_from(State),
        st.sampled_from(["2026-01-01", "2026-01-02 12:00", "2026-01-02 13:00", "2026-02-28"]),
        st.integers(1, 3),  # articles that cite it
        st.sampled_from(["/", "/index.html", "http://elsewhere.example/"]),  # where it has moved to
        st.booleans(),  # was dead until yesterday
    ),
    max_size=30,
)


def filled(history: History, urls: list[tuple[str, State, str, int, str, bool]]) -> None:
    """A database that holds these URLs."""
    history.run("2026-02-01")
    articles = [history.article(f"{number}.md") for number in range(3)]
    for number, (host, state, since, citing, target, reborn) in enumerate(urls):
        url = f"http://{host}/{number % 7}/{number}"
        moved_to = target if target.startswith("http") else url + target
        url_id = history.url(url, state, state_since=since, final_url=moved_to, http_status=200)
        for article in articles[:citing]:
            torn = {"fragment": "part", "fragment_state": "missing"} if number % 4 == 0 else {}
            history.link(article, url_id, **torn)
        if reborn:
            history.transition(url_id, "2026-02-27", before="dead", after=str(state))


@settings(deadline=None)
@given(URLS, st.integers(0, 5), st.sampled_from([None, *State]))
def test_the_first_of_each_section_are_told(
    urls: list[tuple[str, State, str, int, str, bool]], most: int, state: State | None
) -> None:
    """Whatever there is: the same entries in the same order as in the whole report, and its counts."""
    with closing(in_memory()) as db:
        filled(History(db), urls)
        asked = {"now": NIGHT, "since": at("2026-02-15"), "state": state}
        whole = build(db, CONFIG, **asked)  # type: ignore[arg-type]
        short = build(db, CONFIG, most=most, **asked)  # type: ignore[arg-type]
    for kind in SectionKind:
        assert short.section(kind).entries == whole.section(kind).entries[:most]
        assert short.section(kind).torn == whole.section(kind).torn
        assert short.section(kind).count == whole.section(kind).count == len(whole.section(kind).entries)
    assert telling.headline(short) == telling.headline(whole)


def test_what_is_left_out_is_said() -> None:
    """On the terminal and in Markdown, with how many and what shows them."""
    with closing(in_memory()) as db:
        filled(History(db), [("a.example", State.DEAD, "2026-01-01", 1, "/", False)] * 7)
        short = build(db, CONFIG, now=NIGHT, most=2)
    text = render("terminal", short)
    assert "Still dead (7)" in text
    assert "And 5 more: --most" in text
    assert "5 more links left out" in render("markdown", short)


def test_the_default_is_told() -> None:
    """The help names how many people are shown."""
    said = CliRunner().invoke(cli, ["report", "--help"]).output
    assert f"[default: {telling.ENTRIES} for people" in " ".join(said.split())


@pytest.mark.parametrize("form", formats.NAMES)
@pytest.mark.parametrize("by", By)
def test_a_long_report_is_told_as_it_is_read(form: str, by: By, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too much to be held is read batch by batch, and reads the same, in pieces as in one."""
    monkeypatch.setattr(listing, "BATCH", 2)
    monkeypatch.setattr(formats, "PIECES", 3)
    with closing(in_memory()) as db:
        states = [State.DEAD, State.MOVED, State.BLOCKED, State.DEAD, State.SUSPECT]
        filled(History(db), [("a.example", state, "2026-01-01", 2, "/", False) for state in states * 2])
        whole, long = (build(db, CONFIG, now=NIGHT, by=by, at_once=most) for most in (100, 3))
        expected = render(form, whole)
        assert render(form, long) == expected
        assert "".join(formats.pieces(form, long)) == expected
        dead = long.section(SectionKind.STILL_DEAD)
        assert isinstance(dead.entries, listing.Listing)
        assert dead.entries[1] == whole.section(SectionKind.STILL_DEAD).entries[1]


def test_the_first_by_host_are_those_of_the_largest() -> None:
    """A host is listed whole before the next begins, the one with most to repair first."""
    with closing(in_memory()) as db:
        hosts = ["a.example", "b.example", "b.example", "b.example", "d.example", "d.example"]
        filled(History(db), [(host, State.MOVED, "2026-01-01", 1, "/", False) for host in hosts])
        short = build(db, CONFIG, now=NIGHT, most=5, by=By.HOST)
    moved = groups(short.section(SectionKind.MOVED).entries, By.HOST)
    assert [(group.name, len(group.entries)) for group in moved] == [("b.example", 3), ("d.example", 2)]
    assert "And 1 more: --most" in render("terminal", short)
    assert "And 1 more: <code>" in render("html", short)


def test_a_short_report_by_article_says_that_articles_have_more() -> None:
    """What is listed of an article is not all that it cites in vain."""
    with closing(in_memory()) as db:
        filled(History(db), [("a.example", State.DEAD, "2026-01-01", 1, "/", False)] * 7)
        short = build(db, CONFIG, now=NIGHT, most=2, by=By.ARTICLE)
    assert "And 5 more, also in these articles: --most" in render("terminal", short)
    assert "And 5 more, also in these articles: <code>" in render("html", short)
