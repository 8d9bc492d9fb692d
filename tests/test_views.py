"""The views people read: their names, their columns, and what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from history import History

from linkwatch.store.views import VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

URL = "https://example.org/page"


@pytest.fixture
def history(db: Database) -> History:
    return History(db)


def rows(history: History, view: str) -> list[dict[str, Any]]:
    return list(history.db.query(f"select * from {view}"))


def test_the_promised_views_exist(db: Database) -> None:
    """People write SQL against these names."""
    assert set(db.view_names()) == set(VIEWS)
    assert set(VIEWS) >= {
        "link_health", "dead_links", "newly_dead", "domain_health", "article_health", "archive_coverage",
    }  # fmt: skip


def test_link_health_has_a_row_for_each_link_there_is(history: History) -> None:
    """Links and articles that were removed are history, not health."""
    article, url = history.article("one.md"), history.url(URL, "dead")
    history.link(article, url, line=1)
    history.link(article, url, line=2, removed_at="2026-01-01T00:00:00Z")
    history.link(article, None, line=3)  # type: ignore[arg-type]
    gone = history.article("gone.md")
    history.link(gone, url, line=4)
    history.db.table("articles").update(gone, {"removed_at": "2026-01-01T00:00:00Z"})
    assert [(row["path"], row["line"], row["state"]) for row in rows(history, "link_health")] == [
        ("one.md", 1, "dead")
    ]


@pytest.mark.parametrize(
    ("mementos", "best"),
    [
        ((("2023-08-01", 200), ("2023-09-08", 200), ("2024-01-01", 200)), "2023-09-08"),
        ((("2023-09-05", 404), ("2022-01-01", 200)), "2022-01-01"),
        ((("2023-09-05", None), ("2022-01-01", 200)), "2023-09-05"),
        ((("2023-09-05", 302),), None),
        ((), None),
    ],
)
def test_best_memento_is_the_nearest_good_one(
    history: History, mementos: tuple[tuple[str, int | None], ...], best: str | None
) -> None:
    """Snapshots of errors and redirects stand in for nothing."""
    url = history.url(URL, "dead")
    history.link(history.article("one.md", published="2023-09-05"), url)
    for captured, status in mementos:
        history.memento(url, captured, f"https://web.archive.org/web/{captured}/x", http_status=status)
    (row,) = rows(history, "link_health")
    assert row["best_memento"] == (f"https://web.archive.org/web/{best}/x" if best else None)


@pytest.mark.parametrize(
    ("since", "new"), [("2026-02-28 03:17", True), ("2026-02-28 03:16", False), ("2026-03-01 09:00", True)]
)
def test_newly_dead_is_since_the_last_run_that_checked_and_ended(
    history: History, since: str, *, new: bool
) -> None:
    """Runs of other stages, and one still under way, do not move the line."""
    history.run("2026-02-20 03:17")
    history.run("2026-02-28 03:17")
    history.run("2026-03-01 08:00", outcome=None)
    history.run("2026-03-01 07:00", command="archive")
    history.link(history.article("one.md"), history.url(URL, "dead", state_since=since))
    assert bool(rows(history, "newly_dead")) is new
    assert len(rows(history, "dead_links")) == 1


def test_domain_health_counts_urls_that_are_cited(history: History) -> None:
    """Each URL counts once, whatever cites it; percents leave out what was never checked."""
    article = history.article("one.md")
    for name, state in (("a", "dead"), ("b", "alive"), ("c", "unchecked")):
        url = history.url(f"https://{name}.example.org/", state)
        history.link(article, url)
        history.link(article, url)
    history.url("https://nobody.example.org/", "dead")
    (row,) = rows(history, "domain_health")
    assert (row["domain"], row["hosts"], row["urls"], row["dead"], row["dead_percent"]) == (
        "example.org", 3, 3, 1, 50.0,
    )  # fmt: skip


def test_article_health_counts_each_url_once(history: History) -> None:
    """Two links to one dead URL are one thing to repair; an article without links is listed too."""
    article, url = history.article("one.md"), history.url(URL, "dead")
    history.link(article, url, line=1)
    history.link(article, url, line=2)
    history.article("two.md")
    found = {row["path"]: (row["links"], row["urls"], row["dead"]) for row in rows(history, "article_health")}
    assert found == {"one.md": (2, 1, 1), "two.md": (0, 0, 0)}


def test_archive_coverage(history: History) -> None:
    """By state: how many have a memento; snapshots themselves need none."""
    article = history.article("one.md")
    for number, state in enumerate(("dead", "dead", "alive")):
        url = history.url(f"https://{number}.example/", state)
        history.link(article, url)
        if number == 0:
            history.memento(url, "2023-01-01", "https://web.archive.org/web/1/x")
    history.link(article, history.url("https://web.archive.org/web/2/https://x.example/", "dead", snapshot=1))
    found = {row["state"]: (row["urls"], row["with_memento"]) for row in rows(history, "archive_coverage")}
    assert found == {"dead": (2, 1), "alive": (1, 0)}


def test_a_night_without_a_network_leaves_the_news_as_it_was(history: History) -> None:
    """A run that failed before it looked at anything is not the last run to count news from."""
    from linkwatch.store.reading import last_run

    history.run("2026-03-01")
    history.link(history.article("one.md"), history.url(URL, "dead", state_since="2026-03-01T00:10:00Z"))
    history.run("2026-03-02", outcome="failed: no network")
    assert [row["url"] for row in rows(history, "newly_dead")] == [URL]
    run = last_run(history.db)
    assert run is not None
    assert run.outcome == "done"


@pytest.mark.parametrize("cut_short", [None, "failed: the archive refused us", "interrupted by SIGTERM"])
def test_what_a_run_found_that_was_cut_short_is_news_of_the_next(
    history: History, cut_short: str | None
) -> None:
    """A killed night tells nobody what died in it; the report of the next night does."""
    history.run("2026-03-01")
    killed = history.run("2026-03-02", outcome=cut_short)
    url = history.url(URL, "dead", state_since="2026-03-02 01:00")
    history.link(history.article("one.md"), url)
    history.check(url, "2026-03-02 01:00", "http_404", run=killed)
    assert [row["url"] for row in rows(history, "newly_dead")] == [URL]
    history.run("2026-03-03")
    assert [row["url"] for row in rows(history, "newly_dead")] == [URL]
    history.run("2026-03-04")
    assert rows(history, "newly_dead") == []


def test_a_clock_that_was_ahead_hides_no_news(history: History) -> None:
    """Nights follow one another as they were written: one that was dated a year ahead is last night's."""
    from linkwatch.store.reading import last_run

    history.run("2026-03-01")
    history.run("2027-03-02")
    history.run("2026-03-03")
    run = last_run(history.db)
    assert run is not None
    assert run.started_at.day == 3
    history.link(history.article("one.md"), history.url(URL, "dead", state_since="2026-03-03 01:00"))
    assert [row["url"] for row in rows(history, "newly_dead")] == [URL]
    history.run("2026-03-04")
    assert rows(history, "newly_dead") == []


def test_boilerplate_can_be_left_out(history: History) -> None:
    """What stands in the template of many articles is told apart from what authors cite, in every view."""
    footer, cited = history.url("https://footer.example/", "dead"), history.url(URL, "dead")
    for number in range(3):
        article = history.article(f"{number}.md")
        history.link(article, footer)
        history.link(article, cited)
    history.db.execute("insert into boilerplate values (?, 3)", (footer,))
    found = history.db.execute("select distinct url, boilerplate from dead_links order by url").fetchall()
    assert found == [(URL, 0), ("https://footer.example/", 1)]
    (row,) = rows(history, "boilerplate_health")
    assert (row["url"], row["articles"], row["state"], row["example"]) == (
        "https://footer.example/", 3, "dead", "0.md"
    )  # fmt: skip
