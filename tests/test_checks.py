"""What is due."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from history import History, at

from linkwatch.store import checks

if TYPE_CHECKING:
    from sqlite_utils import Database


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


def hosts(due: list[checks.Due]) -> str:
    return "".join(each.host[0] for each in due)


def test_what_is_due_is_found_by_index(db: Database) -> None:
    """A million URLs that are not due cost nothing: no statement looks at all of them."""
    seen: list[str] = []
    with db.tracer(lambda sql, parameters: seen.append(sql)):
        checks.due(db, NIGHT, limit=10)
    (statement,) = (sql for sql in seen if "next_check_at" in sql)
    names = set(re.findall(r":(\w+)", statement))
    plan = [row[3] for row in db.execute(f"explain query plan {statement}", dict.fromkeys(names, 1))]
    assert any("urls_due" in step for step in plan)
    assert any("urls_checked" in step for step in plan)
    assert not any(step.startswith("SCAN urls") for step in plan)


def test_the_oldest_debt_is_paid_first(urls: History) -> None:
    """A run cut short by its limit leaves what can wait longest; what nobody cites is never due."""
    now = at("2026-03-01")
    assert hosts(checks.due(urls.db, now)) == "bea"
    assert hosts(checks.due(urls.db, now, limit=2)) == "be"
    assert hosts(checks.due(urls.db, now, everything=True)) == "beac"


def test_a_clock_that_was_ahead_delays_nothing(urls: History) -> None:
    """What was checked in what is yet to come is due: its date came from a clock that was wrong."""
    urls.url("http://f.example/", last_checked_at="2041-01-01", next_check_at="2041-01-08")
    assert hosts(checks.due(urls.db, at("2026-03-01"))) == "beaf"


def test_shards_share_what_is_due(urls: History) -> None:
    """Each URL is due in one shard, and a limit counts those of the shard only."""
    now = at("2026-03-01")
    shards = [hosts(checks.due(urls.db, now, shard=(number, 2))) for number in (1, 2)]
    assert sorted("".join(shards)) == sorted("bea")
    assert [hosts(checks.due(urls.db, now, shard=(number, 2), limit=1)) for number in (1, 2)] == [
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
        return [each.host.partition(".")[0] for each in checks.due(db, now, per_domain=quota)]

    assert taken(2) == ["h1", "h2", "small"]
    assert taken(None) == ["h1", "h2", "h3", "h4", "h5", "small"]
    checked = {"last_checked_at": "2026-03-01 02:00", "next_check_at": "2026-03-08"}
    history.url("http://done.big.example/", domain="big.example", **checked)
    assert taken(2) == ["h1", "small"]
    assert taken(1) == ["small"]
