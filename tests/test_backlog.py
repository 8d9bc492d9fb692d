"""What is due."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from history import History, at
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwatch.check.schedule import in_shard
from linkwatch.store import backlog, fragments
from linkwatch.store.database import in_memory

if TYPE_CHECKING:
    from sqlite_utils import Database

    from linkwatch.store.backlog import Debts
    from linkwatch.store.checks import Due


@pytest.fixture
def urls(db: Database) -> History:
    """URLs of every debt, the oldest in the middle."""
    history = History(db)
    history.url("http://a.example/", next_check_at="2026-03-01")
    history.url("http://b.example/", next_check_at="2026-02-01")
    history.url("http://c.example/", next_check_at="2026-04-01", last_checked_at="2026-02-20")
    history.url("http://d.example/")
    history.url("http://e.example/", next_check_at="2026-02-15")
    return history


def hosts(due: Debts) -> str:
    """The first letters of the hosts, that with the oldest debt first."""
    return "".join(queue.host[0] for queue in due.queues() for _ in range(queue.targets))


@pytest.mark.parametrize("asked", [{}, {"limit": 10}], ids=["all", "limited"])
def test_what_is_due_is_found_by_index(db: Database, asked: dict[str, int]) -> None:
    """A million URLs that are not due cost nothing: no statement looks at all of them."""
    seen: list[str] = []
    with db.tracer(lambda sql, parameters: seen.append(sql)):
        backlog.due(db, NIGHT, **asked).more("a.example", 1)  # type: ignore[arg-type]
    for statement in (sql for sql in seen if "from urls" in sql or "join urls" in sql):
        names = set(re.findall(r":(\w+)", statement))
        plan = [row[3] for row in db.execute(f"explain query plan {statement}", dict.fromkeys(names, 1))]
        assert any("INDEX" in step or "PRIMARY KEY" in step for step in plan)
        scans = [step for step in plan if step.startswith("SCAN urls")]
        assert all("COVERING INDEX" in step or "urls_hung" in step for step in scans)


@pytest.mark.parametrize("asked", [{}, {"everything": True}], ids=["due", "everything"])
def test_whether_links_cite_parts_comes_with_what_is_due(db: Database, asked: dict[str, bool]) -> None:
    """As the question by itself would have it: only live links of articles that are there count."""
    past = History(db)
    there, removed = past.article("there.md"), past.article("removed.md")
    db.execute("update articles set removed_at = first_seen_at where id = ?", [removed])
    links: list[list[tuple[int, dict[str, object]]]] = [
        [],
        [(there, {"fragment": ""}), (there, {})],
        [(there, {}), (there, {"fragment": "part"})],
        [(there, {"fragment": "part", "removed_at": "2026-01-01T00:00:00Z"})],
        [(removed, {"fragment": "part"})],
    ]
    for number, each in enumerate(links):
        url_id = past.url(f"http://a.example/{number}", next_check_at="2026-02-01")
        for article, columns in each:
            past.link(article, url_id, **columns)  # type: ignore[arg-type]
    due = backlog.due(db, NIGHT, **asked).more("a.example", 10)  # type: ignore[arg-type]
    assert [each.has_parts for each in due] == [bool(fragments.cited(db, each.id)) for each in due]
    assert [each.url[-1] for each in due if each.has_parts] == ["2"]


def drained(due: Debts, size: int = 1) -> list[str]:
    """The URLs, host by host, so many at a time."""
    found = []
    for host, targets, _ in due.queues():
        given: list[Due] = []
        while len(given) < targets:
            more = due.more(host, size)
            assert 0 < len(more) <= size
            given += more
        found += [each.url for each in given]
    return found


@pytest.mark.parametrize("asked", [{}, {"everything": True}], ids=["due", "everything"])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_the_urls_of_a_host_come_bit_by_bit(db: Database, size: int, asked: dict[str, bool]) -> None:
    """However many at a time: each once, oldest debt first, though many have the same time."""
    history = History(db)
    days = [3, 1, 1, 1, 2, 1, 3, 2]
    for number, day in enumerate(days):
        history.url(f"http://a.example/{number}", next_check_at=f"2026-02-0{day}")
    oldest_first = sorted(range(len(days)), key=lambda number: (days[number], number))
    due = backlog.due(db, NIGHT, **asked)  # type: ignore[arg-type]
    assert drained(due, size) == [f"http://a.example/{number}" for number in oldest_first]
    assert len(due) == len(days)


def test_what_was_checked_meanwhile_does_not_come_again(db: Database) -> None:
    """A check moves its URL's time while the rest is still to be read: nothing is left out, nothing twice."""
    history = History(db)
    for number in range(6):
        history.url(f"http://a.example/{number}", next_check_at="2026-02-01")
    for asked in ({}, {"everything": True}):
        due, given = backlog.due(db, NIGHT, **asked), []  # type: ignore[arg-type]
        while len(given) < len(due):
            more = due.more("a.example", 2)
            given += [each.id for each in more]
            db.execute("update urls set next_check_at = '2026-04-01T00:00:00Z' where id = ?", [more[0].id])
        assert len(given) == len(set(given)) == 6
        db.execute("update urls set next_check_at = '2026-02-01T00:00:00Z'")


@pytest.mark.parametrize("asked", [{}, {"limit": 10}], ids=["all", "limited"])
def test_hosts_that_hung_are_known(db: Database, asked: dict[str, int]) -> None:
    """Of a host that kept us waiting the last time, that is told; of one that was refused at once, not."""
    history = History(db)
    for name, reason in (("a", "ok"), ("b", "read_timeout"), ("c", "connect_timeout"), ("d", "http_404")):
        history.url(f"http://{name}.example/", next_check_at="2026-02-01", reason=reason)
    history.url("http://a.example/later", next_check_at="2026-05-01", reason="read_timeout")
    queues = backlog.due(db, NIGHT, **asked).queues()  # type: ignore[arg-type]
    assert [queue.host[0] for queue in queues if queue.hangs] == ["b", "c"]


def test_the_oldest_debt_is_paid_first(urls: History) -> None:
    """A run cut short by its limit leaves what can wait longest; what nobody cites is never due."""
    now = at("2026-03-01")
    assert hosts(backlog.due(urls.db, now)) == "bea"
    assert hosts(backlog.due(urls.db, now, limit=2)) == "be"
    assert hosts(backlog.due(urls.db, now, everything=True)) == "beac"


def test_a_clock_that_was_ahead_delays_nothing(urls: History) -> None:
    """What was checked in what is yet to come is due: its date came from a clock that was wrong."""
    urls.url("http://f.example/", last_checked_at="2041-01-01", next_check_at="2041-01-08")
    assert hosts(backlog.due(urls.db, at("2026-03-01"))) == "beaf"


def test_shards_share_what_is_due(urls: History) -> None:
    """Each URL is due in one shard, and a limit counts those of the shard only."""
    now = at("2026-03-01")
    shards = [hosts(backlog.due(urls.db, now, shard=(number, 2))) for number in (1, 2)]
    assert sorted("".join(shards)) == sorted("bea")
    assert [hosts(backlog.due(urls.db, now, shard=(number, 2), limit=1)) for number in (1, 2)] == [
        shard[:1] for shard in shards
    ]


def test_a_domain_has_its_quota_a_night(db: Database) -> None:
    """Of one domain the oldest debts are taken, less what this night has asked of it already."""
    history = History(db)
    for day in range(1, 6):
        history.url(f"http://h{day}.big.example/", domain="big.example", next_check_at=f"2026-02-0{day}")
    history.url("http://small.example/", next_check_at="2026-02-20")
    now = at("2026-03-01 03:00")

    def taken(quota: int | None) -> list[str]:
        return [queue.host.partition(".")[0] for queue in backlog.due(db, now, per_domain=quota).queues()]

    assert taken(2) == ["h1", "h2", "small"]
    assert taken(None) == ["h1", "h2", "h3", "h4", "h5", "small"]
    checked = {"last_checked_at": "2026-03-01 02:00", "next_check_at": "2026-03-08"}
    history.url("http://done.big.example/", domain="big.example", **checked)
    assert taken(2) == ["h1", "small"]
    assert taken(1) == ["small"]


DEBTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["a.one.example", "b.one.example", "c.b.one.example", "two.example", "w.two.example"]
        ),
        st.integers(1, 5),  # the day of February on which it came due
        st.booleans(),  # was asked this night already, and is due in summer
    ),
    max_size=14,
)


@settings(deadline=None)
@given(DEBTS, st.integers(0, 4), st.sampled_from([None, (1, 2), (2, 2)]))
def test_a_quota_takes_the_oldest_debts_of_each_domain(
    urls: list[tuple[str, int, bool]], quota: int, shard: tuple[int, int] | None
) -> None:
    """Whichever way they are found: as many as the quota leaves, each once, and whole hosts to a shard."""
    expected = set()
    left = dict.fromkeys(["one.example", "two.example"], quota)
    with closing(in_memory()) as db:
        for number, (host, day, asked) in enumerate(urls):
            checked = {"last_checked_at": "2026-03-01 02:00", "next_check_at": "2026-06-01"}
            times = checked if asked else {"next_check_at": f"2026-02-0{day}"}
            domain = host[-len("two.example") :]
            history = History(db)
            history.url(f"http://{host}/{number}", domain=domain, **times)
            left[domain] -= asked
        for number, (host, _, asked) in sorted(enumerate(urls), key=lambda each: (each[1][1], each[0])):
            domain = host[-len("two.example") :]
            if not asked and left[domain] > 0:
                left[domain] -= 1
                if shard is None or in_shard(host, *shard):
                    expected.add(f"http://{host}/{number}")
        due = backlog.due(db, at("2026-03-01 03:00"), per_domain=quota, shard=shard)
        found = drained(due, 2)
        assert len(found) == len(due)
        assert sorted(found) == sorted(expected)
