"""``linkwatch demo`` from end to end: a process of its own, ten nights, and the database it leaves."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database
from yarl import URL

from linkwatch import shipped
from linkwatch.demo.collection import crawler_visit
from linkwatch.demo.run import ARTICLES, NIGHTS, make_room
from linkwatch.demo.sites import world
from linkwatch.policy import DAY, Policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def demo(where: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Runs the demo in a directory of its own."""
    plain = {key: value for key, value in os.environ.items() if key != "SSL_CERT_FILE"}
    return subprocess.run(
        [sys.executable, "-m", "linkwatch", "demo", *args],
        cwd=where, env=plain, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demo that has run: the database it left, and what it said."""
    where = tmp_path_factory.mktemp("demo")
    ended = demo(where, "--db", "demo.db")
    assert (ended.returncode, ended.stderr) == (0, "")
    return where / "demo.db", ended.stdout


@pytest.fixture
def left(done: tuple[Path, str]) -> Iterator[Database]:
    """The database the demo left."""
    db = Database(done[0])
    yield db
    db.close()


def states(db: Database) -> dict[str, tuple[str, str]]:
    """Each checked URL with its state and reason."""
    rows = db.query("select url, state, reason from urls where last_checked_at is not null")
    return {row["url"]: (row["state"], row["reason"]) for row in rows}


def test_every_check_came_to_what_the_table_expects(left: Database) -> None:
    """On every night, each URL got the verdict and a reason that its row promises for that day."""
    everything = world()
    checks = left.query(
        """select url, checks.verdict, checks.reason, started_at,
                  julianday(substr(started_at, 1, 10)) - julianday((select substr(min(started_at), 1, 10)
                  from runs)) as days
           from checks join urls on urls.id = url_id join runs on runs.id = run_id"""
    )
    wrong, count = [], 0
    for check in checks:
        row = everything.find(URL(check["url"], encoded=True))
        everything.today = min(NIGHTS, key=lambda day: abs(day - check["days"]))
        assert row is not None
        expected = everything.expected(row)
        count += 1
        if check["verdict"] != expected.verdict or check["reason"] not in expected.reasons:
            wrong.append((everything.today, check["url"], check["verdict"], check["reason"], expected))
    assert wrong == []
    assert count > 300


@pytest.mark.parametrize(
    ("url", "state", "reason"),
    [
        ("http://courtwatch.example/opinions/2012/appendix-b.html", "dead", "http_404"),
        ("https://answers.yahoo.com/question/index?qid=20110304085312AAbXs3C", "dead", "dns_nxdomain"),
        ("https://www.thepaper.cn/newsDetail_forward_8688010", "dead", "soft_404"),
        ("http://boards.quarry-forum.example/faq.php", "dead", "parked_domain"),
        ("https://reading-room.example/opening-hours", "dead", "connection_reset"),
        ("http://gauges.lowland.example/live", "dead", "read_timeout"),
        ("https://old-wiki.example/Main_Page", "dead", "tls_expired"),
        ("https://vladivostok.travel/en/todo/midday-gun-shot/", "dead", "http_404"),
        ("https://sundial-museum.example/school", "alive", "ok"),
        ("https://archive-room.example/visitors/2020.html", "drifted", "content_changed"),
        ("https://stacks.citylibrary.example/catalogue", "suspect", "http_503"),
        ("https://www.gwern.net/Archiving-URLs", "moved", "permanent_redirect"),
        ("https://www.facebook.com/internetarchive", "blocked", "redirect_to_login"),
        ("https://www.researchgate.net/publication/270513420", "blocked", "rate_limited"),
    ],
)
def test_the_story_of_some_links(left: Database, url: str, state: str, reason: str) -> None:
    """After six weeks each kind of trouble stands as it should, and none that was passing."""
    assert states(left)[url] == (state, reason)


def test_the_last_report_shows_every_kind_of_news(done: tuple[Path, str]) -> None:
    """Newly dead, recovered, still dead, suspect, moved, drifted and blocked, with mementos to paste."""
    said = done[1]
    report = said[said.rindex("Link report of") :]
    for heading in (
        "Newly dead (",
        "Recovered (",
        "Still dead (",
        "Suspect (",
        "Moved (",
        "Drifted (",
        "Blocked (",
    ):
        assert f"\n{heading}" in report
    newly = report[report.index("\nNewly dead (") : report.index("\nRecovered (")]
    assert newly.count("https://web.archive.org/web/") >= 5
    assert "linkwatch browse --db demo.db" in said


def test_what_died_during_the_demo_was_archived_before(left: Database) -> None:
    """Links that were alive on the first night have a memento the job itself made, in time."""
    newly = left.query(
        """select urls.url, min(mementos.captured_at) < urls.state_since as in_time from urls
           left join mementos on mementos.url_id = urls.id
           where state = 'dead' and last_alive_at is not null group by urls.id"""
    )
    assert [row["in_time"] for row in newly] == [1] * 6


def test_dead_links_that_nobody_archived_stay_without_replacement(left: Database) -> None:
    """The archive does not hold everything, and the database does not pretend so."""
    without = left.query(
        """select url from urls where state = 'dead'
           and not exists (select 1 from mementos where url_id = urls.id)"""
    )
    assert "http://gauges.lowland.example/live" in {row["url"] for row in without}


def test_an_earlier_demo_makes_room(done: tuple[Path, str], tmp_path: Path) -> None:
    """A database that holds nothing but the samples is removed, so that the demo can run again."""
    earlier = tmp_path / "demo.db"
    earlier.write_bytes(done[0].read_bytes())
    articles = shipped.path(ARTICLES)
    make_room(earlier, articles, articles.parent.parent, datetime(2026, 3, 1, tzinfo=UTC))
    assert not earlier.exists()


def test_a_database_of_ones_own_is_refused(done: tuple[Path, str], tmp_path: Path) -> None:
    """A database of one's own is refused with one line, and left as it was."""
    own = tmp_path / "own.db"
    with sqlite3.connect(done[0]) as source, sqlite3.connect(own) as target:
        source.backup(target)
        target.execute("update articles set path = 'mine/' || path where id = 1")
    source.close()
    target.close()
    refused = demo(tmp_path, "--db", "own.db")
    assert refused.returncode == 2
    assert refused.stderr == (
        "linkwatch: own.db: not the database of a demo; name another file with --db, such as db/demo.db\n"
    )
    with sqlite3.connect(own) as kept:
        assert kept.execute("select count(*) from articles").fetchone()[0] >= 8
    kept.close()


def test_the_nights_are_enough_to_confirm() -> None:
    """The days of the demo follow from the thresholds: three over three, five over fourteen."""
    policy = Policy()
    assert NIGHTS[policy.gone_checks - 1] * DAY >= policy.gone_span
    assert sum(day * DAY <= policy.unreachable_span + DAY for day in NIGHTS) >= policy.unreachable_checks
    last = NIGHTS[-3:]
    assert len(last) >= policy.gone_checks
    assert (last[-1] - last[0]) * DAY >= policy.gone_span


@pytest.mark.parametrize(
    ("url", "status", "final", "failure"),
    [
        ("https://perma.cc/", 200, None, None),
        ("https://www.gwern.net/Archiving-URLs", 200, "https://gwern.net/archiving", None),
        ("https://www.linkedin.com/company/internet-archive", 999, None, None),
        ("http://gauges.lowland.example/live", 200, None, "read-timeout"),
        ("https://answers.yahoo.com/x", 200, None, "invalid-host-resolution"),
        ("https://perma.cc/nothing", 404, None, None),
    ],
)  # fmt: skip
def test_the_crawler_of_the_archive_meets_the_same_web(
    url: str, status: int, final: str | None, failure: str | None
) -> None:
    """What Save Page Now can capture follows from the same tables."""
    visit = crawler_visit(world(), url)
    assert (visit.status, visit.final_url, visit.failure) == (status, final, failure)
