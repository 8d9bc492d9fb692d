"""A report sorts what the database holds into what people should read first."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from history import History, at

from linkwatch.config import Check, Config, Exclude
from linkwatch.model import State
from linkwatch.report import telling
from linkwatch.report.compose import fails
from linkwatch.report.ignored import ignoring, matches
from linkwatch.report.model import SectionKind
from linkwatch.report.rows import UrlRow
from linkwatch.report.stage import build
from linkwatch.report.words import day, distance, sentence, times, why

if TYPE_CHECKING:
    from sqlite_utils import Database

    from linkwatch.report.model import Report

NOW = at("2026-03-01 03:17")
URL = "https://example.org/page"


@pytest.fixture
def history(db: Database) -> History:
    return History(db)


def cited(history: History, url: int, path: str = "one.md", **columns: object) -> int:
    return history.link(history.article(path, title="One"), url, **columns)


def report(history: History, **wishes: object) -> Report:
    return build(history.db, Config(), now=NOW, **wishes)  # type: ignore[arg-type]


def urls(found: Report, kind: SectionKind) -> list[str]:
    return [entry.url for entry in found.section(kind).entries]


# The last run that ended began on 28 February; another is under way.
@pytest.fixture
def nights(history: History) -> History:
    history.run("2026-02-27 03:17")
    history.run("2026-02-28 03:17")
    history.run("2026-03-01 03:00", outcome=None)
    history.run("2026-03-01 02:00", command="harvest")
    return history


@pytest.mark.parametrize(
    ("state", "since", "kind"),
    [
        ("dead", "2026-02-28 03:20", SectionKind.NEW_DEAD),
        ("dead", "2026-02-27 03:20", SectionKind.STILL_DEAD),
        ("suspect", "2026-02-28 03:20", SectionKind.SUSPECT),
        ("moved", "2026-02-28 03:20", SectionKind.MOVED),
        ("blocked", "2026-02-28 03:20", SectionKind.BLOCKED),
        ("drifted", "2026-02-28 03:20", SectionKind.DRIFTED),
        ("alive", "2026-02-28 03:20", None),
        ("unchecked", None, None),
        ("skipped", None, None),
    ],
)
def test_each_state_has_its_section(
    nights: History, state: str, since: str | None, kind: SectionKind | None
) -> None:
    """A URL is reported in the one section of its state; what is well is not reported."""
    cited(nights, nights.url(URL, state, state_since=since))
    found = report(nights)
    assert [section.kind for section in found.sections if section.entries] == ([kind] if kind else [])


@pytest.mark.parametrize(("state", "recovered"), [("alive", True), ("moved", True), ("blocked", False)])
def test_recovered_is_what_left_dead_for_good(nights: History, state: str, *, recovered: bool) -> None:
    """A URL that was dead and answers again is recovered; one behind a gate is not."""
    url = nights.url(URL, state, state_since="2026-02-28 03:20")
    nights.transition(url, "2026-02-28 03:20", "dead", state)
    cited(nights, url)
    assert urls(report(nights), SectionKind.RECOVERED) == ([URL] if recovered else [])


def test_a_recovery_of_last_week_is_no_news(nights: History) -> None:
    """What recovered before the last run is not told again."""
    url = nights.url(URL, "alive", state_since="2026-02-20")
    nights.transition(url, "2026-02-20", "dead", "alive")
    cited(nights, url)
    assert urls(report(nights), SectionKind.RECOVERED) == []
    assert urls(report(nights, since=at("2026-02-01")), SectionKind.RECOVERED) == [URL]


def test_since_says_what_is_new(nights: History) -> None:
    """``since`` takes the place of the last run's start."""
    cited(nights, nights.url(URL, "dead", state_since="2026-02-20"))
    assert urls(report(nights), SectionKind.STILL_DEAD) == [URL]
    assert urls(report(nights, since=at("2026-02-19")), SectionKind.NEW_DEAD) == [URL]


def test_before_the_first_run_nothing_is_new(history: History) -> None:
    """With no run to count from, a report says so and calls nothing new."""
    cited(history, history.url(URL, "unchecked"))
    found = report(history)
    assert found.since is None
    assert next(telling.summary(found)) == "Nothing has been checked yet."


def test_links_and_articles_that_are_gone_are_not_reported(nights: History) -> None:
    """A URL that no article cites any more is no one's repair."""
    cited(nights, nights.url(URL, "dead"), removed_at="2026-01-01T00:00:00Z")
    gone = nights.article("gone.md")
    nights.link(gone, nights.url("https://example.org/other", "dead"))
    nights.db.table("articles").update(gone, {"removed_at": "2026-01-01T00:00:00Z"})
    found = report(nights)
    assert found.section(SectionKind.STILL_DEAD).entries == ()
    assert found.totals.urls == 0


def test_still_dead_is_longest_and_most_cited_first(nights: History) -> None:
    """Among the dead the oldest come first, and of one day those that most articles cite."""
    old = nights.url("https://b.example/", "dead", state_since="2025-01-01")
    few = nights.url("https://a.example/", "dead", state_since="2026-01-01 09:00")
    many = nights.url("https://c.example/", "dead", state_since="2026-01-01 12:00")
    for url, paths in ((old, "1"), (few, "2"), (many, "345")):
        for path in paths:
            cited(nights, url, path)
    assert urls(report(nights), SectionKind.STILL_DEAD) == [
        "https://b.example/",
        "https://c.example/",
        "https://a.example/",
    ]


def test_each_article_gets_the_memento_nearest_to_its_own_date(nights: History) -> None:
    """A replacement is chosen per citing article, and says how far off it is."""
    url = nights.url(URL, "dead")
    nights.link(nights.article("old.md", published="2015-06-01"), url, line=3)
    nights.link(nights.article("new.md", published="2023-06-01"), url, line=7)
    nights.memento(url, "2015-06-03", "https://web.archive.org/web/2015/x")
    nights.memento(url, "2023-05-01", "https://web.archive.org/web/2023/x")
    (entry,) = report(nights).section(SectionKind.STILL_DEAD).entries
    assert [
        (each.path, each.replacement.memento_url, each.replacement.why)
        for each in entry.citations
        if each.replacement
    ] == [
        ("old.md", "https://web.archive.org/web/2015/x", "captured 2 days after the article"),
        ("new.md", "https://web.archive.org/web/2023/x", "captured 31 days before the article"),
    ]


def test_an_undated_article_is_dated_by_when_its_link_was_seen(nights: History) -> None:
    """Without a date of the article, the words do not claim to know it."""
    url = nights.url(URL, "dead")
    nights.link(nights.article("one.md", published=None), url)
    nights.memento(url, "2025-01-05", "https://web.archive.org/web/2025/x")
    (entry,) = report(nights).section(SectionKind.STILL_DEAD).entries
    assert entry.replacement
    assert entry.replacement.why == "captured 4 days after the link was first seen"


def test_what_lives_needs_no_replacement(nights: History) -> None:
    """A moved link has its new address; no memento is offered in its place."""
    url = nights.url(URL, "moved", final_url="https://example.org/new")
    cited(nights, url)
    nights.memento(url, "2023-05-01", "https://web.archive.org/web/2023/x")
    (entry,) = report(nights).section(SectionKind.MOVED).entries
    assert entry.new_url == "https://example.org/new"
    assert entry.replacement is None


def test_moves_that_are_noise_come_last_and_say_so(nights: History) -> None:
    """A link that only became https need not be looked at; one to another page comes first."""
    for url, new in (
        ("http://a.example/b", "https://a.example/b/"),
        ("http://z.example/b", "https://z.example/c"),
    ):
        cited(
            nights,
            nights.url(url, "moved", reason="permanent_redirect", final_url=new),
            f"{len(url)}{new}.md",
        )
    other, noise = report(nights).section(SectionKind.MOVED).entries
    assert (other.url, other.noise) == ("http://z.example/b", ())
    assert noise.noise == ("https", "trailing slash")
    assert "Differs only in https, trailing slash: safe to update without looking." in list(
        telling.remarks(noise, SectionKind.MOVED, NOW)
    )


def test_one_article_is_listed_once_with_all_its_lines(nights: History) -> None:
    """Several links of one article to one URL make one citation."""
    url, article = nights.url(URL, "dead"), nights.article("one.md")
    for line in (40, 12, 12):
        nights.link(article, url, line=line)
    (entry,) = report(nights).section(SectionKind.STILL_DEAD).entries
    assert (entry.articles, entry.links) == (1, 3)
    assert [telling.place(each) for each in entry.citations] == ["one.md:12,40"]


def test_a_part_that_is_not_on_the_page_has_drifted(nights: History) -> None:
    """The page lives, the link does not: only the links that lead nowhere are told of."""
    url = nights.url(URL, "alive", reason="ok")
    article = nights.article("one.md", title="One", published="2020-01-01")
    nights.link(article, url, line=3, fragment="install", fragment_state="missing")
    nights.link(article, url, line=5, fragment="top", fragment_state="found")
    cited(nights, url, "two.md")
    nights.memento(url, "2020-02-01", "https://web.archive.org/web/2020/x")
    made = report(nights)
    (entry,) = made.section(SectionKind.DRIFTED).entries
    assert entry.why == "The page is there, but the cited part is not."
    assert list(telling.remarks(entry, SectionKind.DRIFTED, NOW)) == ["Not on the page: #install"]
    assert [telling.place(each) for each in entry.citations] == ["one.md:3"]
    assert (entry.articles, telling.left_out(entry)) == (1, None)
    assert entry.replacement is not None
    assert fails(made, "any")
    assert not fails(made, "dead")
    assert urls(report(nights, state=State.DRIFTED), SectionKind.DRIFTED) == [URL]
    assert urls(report(nights, state=State.DEAD), SectionKind.DRIFTED) == []


def test_the_headline_counts_as_the_states_do(nights: History) -> None:
    """A page that lacks a part is alive: the headline does not add it to those that have drifted."""
    nights.run("2026-02-01")
    cited(nights, nights.url("https://a.example/", "drifted", reason="content_changed"), "one.md")
    url = nights.url(URL, "alive", reason="ok")
    nights.link(nights.article("two.md"), url, fragment="install", fragment_state="missing")
    made = report(nights)
    assert telling.headline(made) == "1 drifted, 1 without the cited part"
    assert "1 alive, 1 drifted" in telling.corpus(made)


def test_a_moved_page_names_the_part_it_has_lost(nights: History) -> None:
    """It stays where moved links are, with the part that is not on it."""
    url = nights.url(URL, "moved", reason="permanent_redirect", final_url="https://example.org/new")
    nights.link(nights.article("one.md"), url, fragment="install", fragment_state="missing")
    (entry,) = report(nights).section(SectionKind.MOVED).entries
    assert "Not on the page: #install" in list(telling.remarks(entry, SectionKind.MOVED, NOW))


def test_boilerplate_folds(nights: History) -> None:
    """A URL in the template of very many articles is one row with a count and two examples."""
    url = nights.url(URL, "dead")
    for number in range(150):
        cited(nights, url, f"{number}.md")
    (entry,) = report(nights).section(SectionKind.STILL_DEAD).entries
    assert entry.boilerplate
    assert (entry.articles, len(entry.citations)) == (150, 100)
    assert len(telling.shown(entry)) == 2
    assert telling.left_out(entry) == "and 148 more articles"
    assert "In 150 articles: most likely part of their template." in list(
        telling.remarks(entry, SectionKind.STILL_DEAD, NOW)
    )


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"state": State.DEAD}, {"https://a.example.org/", "https://b.other.net/"}),
        ({"state": State.BLOCKED}, {"https://www.example.org/"}),
        ({"domain": "example.org"}, {"https://a.example.org/", "https://www.example.org/"}),
        ({"domain": "a.example.org"}, {"https://a.example.org/"}),
        ({"article": "posts/a.md"}, {"https://a.example.org/"}),
        ({"article": "posts/*"}, {"https://a.example.org/", "https://b.other.net/"}),
        ({"article": "https://pub.example/c"}, {"https://www.example.org/"}),
        ({"article": "nowhere.md"}, set()),
    ],
)
def test_a_report_can_be_narrowed(nights: History, wish: dict[str, object], found: set[str]) -> None:
    """By state, by domain or host, by an article's path, glob or address."""
    cited(nights, nights.url("https://a.example.org/", "dead"), "posts/a.md")
    cited(nights, nights.url("https://b.other.net/", "dead"), "posts/b.md")
    article = nights.article("c.md", url="https://pub.example/c")
    nights.link(article, nights.url("https://www.example.org/", "blocked"))
    made = report(nights, **wish)
    assert {entry.url for section in made.sections for entry in section.entries} == found


def test_ignored_links_are_listed_as_ignored_until_their_day(nights: History) -> None:
    """An exclusion moves a link to its own section, with the reason, until its last day has passed."""
    cited(nights, nights.url("https://kept.example/x", "dead"))
    exclude = Exclude("kept.example", "kept for the record", date(2026, 3, 1))
    config = Config(check=Check(exclude=(exclude,)))
    made = build(nights.db, config, now=NOW)
    (entry,) = made.section(SectionKind.IGNORED).entries
    assert telling.ignored(entry.ignore) == "Ignored until 2026-03-01: kept for the record"  # type: ignore[arg-type]
    assert not fails(made, "any")
    later = build(nights.db, config, now=at("2026-03-02"))
    assert urls(later, SectionKind.STILL_DEAD) == ["https://kept.example/x"]


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("example.org", True),
        ("EXAMPLE.org", True),
        ("*.org", True),
        ("*.example.org", False),
        ("ample.org", False),
        ("https://example.org/*", True),
        ("https://example.org/a?b=1", True),
        ("*/a*", True),
        ("http://example.org/*", False),
        ("https://example.org/", False),
    ],
)
def test_an_exclusion_is_a_glob_over_the_url_or_the_host(pattern: str, *, matched: bool) -> None:
    """A pattern without a slash names hosts, whole; one with a slash is held against the whole URL."""
    assert matches(pattern, "https://example.org/a?b=1", "example.org") is matched


def test_the_first_exclusion_that_still_holds_counts() -> None:
    """An exclusion that has run out does not hide a later one."""
    excludes = (Exclude("a.example", "old", date(2020, 1, 1)), Exclude("*", "new"))
    ignore = ignoring("https://a.example/", "a.example", excludes, NOW.date())
    assert ignore is not None
    assert ignore.reason == "new"


@pytest.mark.parametrize(
    ("state", "since", "failing"),
    [
        ("dead", "2026-02-28 04:00", {"new-dead", "dead", "any"}),
        ("dead", "2026-01-01", {"dead", "any"}),
        ("suspect", "2026-01-01", {"any"}),
        ("moved", "2026-01-01", {"any"}),
        ("alive", "2026-01-01", set()),
    ],
)
def test_fail_on(nights: History, state: str, since: str, failing: set[str]) -> None:
    """``--fail-on`` fails on exactly what it names; "never" never does."""
    cited(nights, nights.url(URL, state, state_since=since))
    found = report(nights)
    assert {each for each in ("never", "new-dead", "dead", "any") if fails(found, each)} == failing


def test_totals_and_coverage_count_urls_once(nights: History) -> None:
    """However often a URL is cited, it is one; what is skipped needs no memento."""
    dead, alive = nights.url(URL, "dead"), nights.url("https://alive.example/")
    cited(nights, dead, "a.md")
    cited(nights, dead, "b.md")
    cited(nights, alive, "c.md")
    cited(nights, nights.url("ftp://x.example/", "skipped"), "d.md")
    nights.memento(dead, "2020-01-01", "https://web.archive.org/web/1/x")
    nights.capture(dead, "failed")
    nights.capture(alive, "failed")
    found = report(nights)
    assert (found.totals.articles, found.totals.links, found.totals.urls) == (4, 4, 3)
    held = found.coverage
    assert (held.urls, held.with_memento, held.waiting, held.refused, held.percent) == (2, 1, 0, 1, 50.0)


def row(state: State, **columns: object) -> UrlRow:
    return UrlRow(1, URL, "example.org", "example.org", state, **columns)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            row(State.DEAD, reason="http_404", failures=3, alike=3, failing_since=at("2025-11-03")),
            "The server says that this page does not exist (404), three times since 3 November 2025.",
        ),
        (
            row(State.SUSPECT, reason="read_timeout", failures=1, alike=1, failing_since=at("2026-02-28")),
            "The server picked up but did not answer in time, once, on 28 February.",
        ),
        (
            row(State.DEAD, reason="http_404", failures=12, alike=10, failing_since=at("2026-01-01")),
            "The server says that this page does not exist (404). "  # noqa: ISC004
            "12 checks in a row have failed since 1 January, 10 of them in this way.",
        ),
        (
            row(State.BLOCKED, reason="http_403", state_since=at("2026-01-01")),
            "The server refuses to show us the page (403), since 1 January.",
        ),
        (row(State.DEAD, reason="from_the_future"), "The check says: from the future."),
        (row(State.UNCHECKED), "It has not been checked yet."),
    ],
)
def test_why_is_one_plain_sentence(url: UrlRow, said: str) -> None:
    """What the server did, how often, since when: in words."""
    assert why(url, NOW) == said


def test_words() -> None:
    """Dates lose their year only in that year; small numbers are words."""
    assert day(at("2026-11-03"), NOW) == "3 November"
    assert day(at("2025-11-03"), NOW) == "3 November 2025"
    assert [times(n) for n in (1, 2, 3, 10, 11)] == ["once", "twice", "three times", "ten times", "11 times"]
    assert distance(at("2020-01-01 08:00"), at("2020-01-01 20:00"), "it") == "captured on the day of it"
    assert distance(at("2018-01-01"), at("2020-01-05"), "it") == "captured 2 years before it"
    assert sentence("http_abc") == "The check says: http abc."
