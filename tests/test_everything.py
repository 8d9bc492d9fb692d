"""What is asked of everything, and how much it looks at."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from conftest import NIGHT
from history import History
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwatch.model import CaptureState, State
from linkwatch.report.model import Filters
from linkwatch.store import everything, overview
from linkwatch.store.articles import Ledger
from linkwatch.store.database import in_memory
from linkwatch.store.due import Asked, settle
from linkwatch.store.figures import figures

ASKED = Asked(frozenset({"anchors"}), frozenset({"outbound"}), 1000)
EVERY_ARTICLE = Filters(article="*")  # narrowed, but to nothing less
URLS = st.lists(
    st.tuples(
        st.sampled_from(State),
        st.booleans(),  # is itself a snapshot
        st.sampled_from([None, "2024-01-01", "2025-06-01"]),  # checked last, and seen alive
        st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=4),  # articles; is the link gone?
        st.lists(st.sampled_from(CaptureState), max_size=3),
        st.sampled_from([None, 200, 404]),  # status of the memento
    ),
    max_size=12,
)


Url = tuple[State, bool, str | None, list[tuple[int, bool]], list[CaptureState], int | None]


def fill(history: History, urls: list[Url]) -> None:
    """Four articles, one without a date and one whose file is gone, and what they cite."""
    dates = ["2019-01-01", "2021-01-01", None, "2020-01-01"]
    articles = [history.article(f"{number}.md", published=day) for number, day in enumerate(dates)]
    history.db.execute("update articles set removed_at = '2025-01-01T00:00:00Z' where id = ?", [articles[3]])
    for number, (state, snapshot, seen, cited, captures, status) in enumerate(urls):
        url = history.url(
            f"http://w{number}.d{number % 3}.example/", state, snapshot=int(snapshot), last_alive_at=seen,
            last_checked_at=seen, failing_since=seen, next_check_at=seen,
        )  # fmt: skip
        for article, gone in cited:
            history.link(articles[article], url, removed_at="2025-01-01T00:00:00Z" if gone else None)
        for capture in captures:
            history.capture(url, capture)
        if status is not None:
            history.memento(
                url, "2024-01-01", f"https://web.archive.org/web/2024/{number}", http_status=status
            )
        history.transition(url, f"2024-01-0{1 + number % 3}", "unchecked", state)


@settings(deadline=None)
@given(URLS, st.sampled_from(["never settled", "settled", "changed since"]))
def test_everything_is_as_its_parts_are(urls: list[Url], harvest: str) -> None:
    """Counted by what is in trouble, everything is what looking at each URL of every article finds: after
    a harvest, before its end, and where one has begun to change what the last one left."""
    with closing(in_memory()) as db:
        fill(History(db), urls)
        if harvest != "never settled":
            settle(db, ASKED, NIGHT)
        if harvest == "changed since":
            Ledger(db, NIGHT, ASKED).remove([1])
        whole, parts = overview.standing(db, Filters()), overview.standing(db, EVERY_ARTICLE)
        assert sorted(whole.states) == sorted(parts.states)
        assert (whole.articles, whole.links, whole.coverage) == (parts.articles, parts.links, parts.coverage)
        assert figures(db, Filters()) == figures(db, EVERY_ARTICLE)


@pytest.mark.parametrize(
    "name", ["UNCITED", "URLS", "LINKS", "TROUBLED", "COVERAGE", "CHANGES", "SKIPPED", "ROT", "HELD"]
)
def test_no_table_is_gone_through(name: str) -> None:
    """Of URLs, links, transitions, captures and mementos an index tells, and no temporary list sorts them."""
    statement = getattr(everything, name)
    with closing(in_memory()) as db:
        asked = dict.fromkeys(re.findall(r":(\w+)", statement), 1)
        plan = [row[3] for row in db.execute(f"explain query plan {statement}", asked)]
    scans = [step for step in plan if re.match(r"SCAN (urls|links|transitions|captures|mementos)$", step)]
    named = " as urls where" in statement  # lists of the statement's own, under that name
    assert [step for step in scans if not (named and step == "SCAN urls")] == []
