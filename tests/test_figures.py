"""The pictures of a report: what they show, and that they are sound SVG for eyes and ears."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from history import History
from sample import CONFIG, NOW, sample

from linkwatch.model import State
from linkwatch.report import formats, svg
from linkwatch.report.figures import (
    Change,
    DomainRot,
    Figures,
    Held,
    Watched,
    cohorts,
    spans,
    standings,
)
from linkwatch.report.model import Filters
from linkwatch.report.stage import build
from linkwatch.store.figures import figures

if TYPE_CHECKING:
    from markupsafe import Markup
    from sqlite_utils import Database

DAY = date(2026, 1, 1)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(picture: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def test_standings_add_up() -> None:
    """Each day starts from the day before; what leaves a state arrives in another."""
    later = DAY + timedelta(days=3)
    found = standings(
        [
            Change(later, State.ALIVE, State.SUSPECT, 2),
            Change(DAY, State.UNCHECKED, State.ALIVE, 5),
            Change(DAY, State.UNCHECKED, State.BLOCKED, 1),
        ]
    )
    assert [(each.day, dict(each.states)) for each in found] == [
        (DAY, {State.ALIVE: 5, State.BLOCKED: 1}),
        (later, {State.ALIVE: 3, State.BLOCKED: 1, State.SUSPECT: 2}),
    ]


def test_a_long_history_is_thinned() -> None:
    """Ten years are drawn with as many points as can be told apart; the first and last day stay."""
    days = [DAY + timedelta(days=number) for number in range(3650)]
    found = standings(Change(day, State.UNCHECKED, State.ALIVE, 1) for day in days)
    assert len(found) == 60
    assert (found[0].day, found[-1].day, found[-1].urls) == (days[0], days[-1], 3650)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([(2020, 9)], [[2020]]),
        ([(year, 1) for year in range(2000, 2008)], [[2000, 2001], [2002, 2003], [2004, 2005], [2006, 2007]]),
        ([(2000, 1), (2001, 1), (2002, 90), (2003, 4), (2004, 4)], [[2000, 2001], [2002], [2003, 2004]]),
    ],
)
def test_years_are_parted_evenly(sizes: list[tuple[int, int]], expected: list[list[int]]) -> None:
    """About as many links in each group, no year torn apart or left out."""
    assert spans(sizes, 4) == expected


def test_cohorts_say_what_they_rest_on() -> None:
    """Links, deaths and the age at which the last was seen."""
    (cohort,) = cohorts([Watched(2020, 100, died=True, links=2), Watched(2020, 1461, died=False, links=6)])
    assert (cohort.years, cohort.links, cohort.died, cohort.watched) == ("2020", 8, 2, 4.0)
    assert [step.share for step in cohort.steps] == [0.75]


def test_what_the_database_gives(db: Database) -> None:
    """Deaths at their first failing check, the healthy alive until the latest check of any URL."""
    history = History(db)
    article = history.article("one.md", published="2020-01-01")
    undated = history.article("two.md", published=None)
    dead = history.url("https://a.example/", "dead", failing_since="2021-01-01", state_since="2021-01-09")
    alive = history.url("https://b.example/", last_alive_at="2021-06-01", last_checked_at="2021-06-01")
    blocked = history.url("https://c.example/", "blocked", last_checked_at="2022-01-01")
    for url in (dead, alive, blocked):
        history.link(article, url)
    history.link(undated, alive)
    history.transition(dead, "2021-01-01", "unchecked", "suspect")
    history.transition(dead, "2021-01-09", "suspect", "dead")
    history.memento(alive, "2021-01-01", "https://web.archive.org/web/2021/https://b.example/")
    found = figures(db, Filters())
    (cohort,) = found.cohorts
    assert (cohort.links, cohort.died, found.undated) == (2, 1, 2)
    assert (round(cohort.steps[0].age, 2), cohort.steps[0].at_risk) == (1.0, 2)
    assert round(cohort.watched, 1) == 2.0
    assert [each.day for each in found.standings] == [date(2021, 1, 1), date(2021, 1, 9)]
    assert found.domains == (DomainRot("a.example", 1, 1),)
    assert Held(State.ALIVE, 1, 1) in found.held
    assert figures(db, Filters(article="two.md")).cohorts == ()


@pytest.mark.parametrize("name", ["states", "survival", "domains", "coverage"])
def test_pictures_speak(db: Database, name: str) -> None:
    """Each is well-formed, has a role, a title and a description, and draws within its frame."""
    sample(db)
    found = figures(db, Filters())
    shown = {
        "states": found.standings, "survival": found.cohorts, "domains": found.domains, "coverage": found.held
    }[name]  # fmt: skip
    assert shown
    root = parsed(getattr(svg, name)(shown))
    assert root.get("role") == "img"
    said = [root.findtext("title"), root.findtext("desc")]
    assert all(said)
    assert root.get("aria-labelledby") == f"{name}-t {name}-d"
    _, _, width, height = map(float, str(root.get("viewBox")).split())
    for shape in root.iter():
        for point in str(shape.get("points", "")).split():
            across, down = map(float, point.split(","))
            assert 0 <= across <= width
            assert 0 <= down <= height


def test_a_hostile_name_is_text() -> None:
    """A domain cannot leave its label."""
    hostile = DomainRot('"/><script>alert(1)</script>\x1b', 1, 2)
    root = parsed(svg.domains([hostile]))
    assert {each.tag for each in root.iter()} == {"svg", "title", "desc", "text", "rect"}


def test_nothing_to_draw_is_said(db: Database) -> None:
    """An empty database gets sentences instead of empty axes."""
    html = formats.render("html", build(db, CONFIG, now=NOW, pictures=True))
    assert "<svg" not in html
    assert "No URL is dead." in html


def test_the_page_holds_all_pictures(db: Database) -> None:
    """With the numbers behind the survival curve as a table."""
    sample(db)
    html = formats.render("html", build(db, CONFIG, now=NOW, pictures=True))
    assert html.count("<svg viewBox") == 4
    assert "Links living beyond an age" in html


def test_a_report_without_pictures_reads_none(db: Database) -> None:
    """Formats that draw nothing do not pay for it."""
    assert sample(db).figures is None
    assert isinstance(build(db, CONFIG, now=NOW, pictures=True).figures, Figures)
