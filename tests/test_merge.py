"""Databases that began as copies of one, joined: as if one machine had checked all of it."""

from __future__ import annotations

import json
import shlex
import shutil
import sqlite3
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from conftest import NIGHT
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from linkwatch.archive.cdx import Lookup
from linkwatch.check.fold import fold
from linkwatch.check.schedule import next_check
from linkwatch.cli import cli
from linkwatch.merge.stage import merge
from linkwatch.model import CaptureState, Check, Hop, LookupAnswer, Memento, Verdict
from linkwatch.policy import Policy
from linkwatch.store import checks, fragments, mementos, runs
from linkwatch.store.checks import Recorded
from linkwatch.store.database import open_for_reading, open_for_writing
from linkwatch.store.fragments import Part
from linkwatch.store.schema import migrations
from linkwatch.store.views import NEWS_SINCE
from linkwatch.times import to_text
from linkwatch.upkeep.stage import refold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

POLICY = Policy()
HOSTS = ("a.example", "b.example", "c.example", "d.example")


@dataclass(frozen=True)
class Seen:
    """One check: of which host, by which machine, on which day, and what it showed."""

    host: str
    machine: int
    day: int
    verdict: Verdict


# Of few hosts, so that machines meet at most of them.
SEEN = st.builds(
    Seen, st.sampled_from(HOSTS[:2]), st.integers(1, 2), st.integers(1, 9), st.sampled_from(Verdict)
)


def at(seen: Sequence[Seen], number: int) -> Any:
    """When the check of that number took place: each at a second of its own."""
    return NIGHT + timedelta(days=sum(each.day for each in seen[: number + 1]), seconds=number)


def record(db: Database, seen: Sequence[Seen], machines: set[int], since: int, until: int) -> None:
    """Lets these machines record what they saw of the checks with these numbers, each as one run."""
    run_ids = {machine: runs.begin(db, "check", NIGHT) for machine in sorted(machines)}
    for number, each in enumerate(seen[since:until], since):
        if each.machine not in run_ids:
            continue
        (due,) = checks.named(db, [(f"http://{each.host}/", each.host)], NIGHT)
        url = due.url
        check = Check(url, at(seen, number), each.verdict, f"because {number}", hops=(Hop(url, 200),))
        history = fold(due.history, check, POLICY)
        again = next_check(url, history, check.checked_at, POLICY)
        with db.atomic():
            checks.record(db, run_ids[each.machine], [Recorded(due, check, history, again)])
    for run_id in run_ids.values():
        runs.finish(db, run_id, NIGHT, "done", {})


def cite(db: Database) -> None:
    """The URLs as a harvest leaves them: known and due."""
    checks.named(db, [(f"http://{host}/", host) for host in HOSTS], NIGHT)
    db.execute("update urls set next_check_at = ?", [to_text(NIGHT)])


@contextmanager
def databases(*names: str) -> Iterator[list[Path]]:
    """Places for databases that go when the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        yield [Path(folder) / f"{name}.db" for name in names]


def told(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that a database says of URLs, in words that do not depend on its own numbers."""
    urls = [tuple(row[1:]) for row in db.execute("select * from urls order by url")]
    of_checks = """select urls.url, checked_at, checks.verdict, checks.reason, hops.url, position
        from checks join urls on urls.id = url_id left join hops on check_id = checks.id
        order by urls.url, checks.id"""
    changes = """select url, changed_at, from_state, to_state from transitions
        join urls on urls.id = url_id order by url, changed_at"""
    return {
        "urls": urls,
        "checks": db.execute(of_checks).fetchall(),
        "transitions": db.execute(changes).fetchall(),
    }


def content(path: Path) -> dict[str, list[Any]]:
    """Every row of every table but the runs of merges, and of what a harvest keeps for itself."""
    with open_for_reading(path) as db:
        tables = [name for name in db.table_names() if not name.startswith(("_", "sqlite_"))]
        found = {name: db.execute(f"select * from {name} order by 1, 2").fetchall() for name in tables}
        found["runs"] = [row for row in found["runs"] if row[1] != "merge"]
        return found


def joined(into: Path, *others: Path) -> Any:
    """What a merge says of itself."""
    with open_for_writing(into, NIGHT) as db:
        run_id = runs.begin(db, "merge", NIGHT)
        done = merge(db, others, POLICY, run_id)
        runs.finish(db, run_id, NIGHT, "done", {})
        return done


@settings(max_examples=25, deadline=None)
@example([Seen("a.example", 1, 1, Verdict.ALIVE)] * 7 + [Seen("a.example", 2, 1, Verdict.ALIVE)], 0, False)
@given(st.lists(SEEN, min_size=8, max_size=24), st.integers(0, 8), st.booleans())
def test_shards_merged_are_one_run_over_all(seen: list[Seen], fork: int, apart: bool) -> None:
    """Whatever was seen before the copy and after: the same checks, states and changes as on one machine.

    Where each machine has hosts of its own, and where both have checked the same ones. Merging a
    second time changes nothing, and the states are what the checks come to.
    """
    if apart:
        seen = [Seen(each.host, 1 + (each.host != "a.example"), each.day, each.verdict) for each in seen]
    with databases("all", "base", "one", "two") as (all_of_it, base, one, two):
        with open_for_writing(base, NIGHT) as db:
            cite(db)
            record(db, seen, {1, 2}, 0, fork)
        for path in (all_of_it, one, two):
            shutil.copy(base, path)
        with open_for_writing(all_of_it, NIGHT) as db:
            record(db, seen, {1, 2}, fork, len(seen))
            wanted = told(db)
        for machine, path in ((1, one), (2, two)):
            with open_for_writing(path, NIGHT) as db:
                record(db, seen, {machine}, fork, len(seen))
        done = joined(base, two, one)
        assert done.checks == len(seen) - fork
        with open_for_reading(base) as db:
            assert told(db) == wanted
            assert refold(db, POLICY, write=False).differing == 0
            assert db.execute("pragma foreign_key_check").fetchall() == []
        before = content(base)
        again = joined(base, one, two)
        assert (again.runs, again.checks, again.urls) == (0, 0, 0)
        assert content(base) == before


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A database with an article that cites four URLs, each checked once."""
    path = tmp_path / "base.db"
    with open_for_writing(path, NIGHT) as db:
        cite(db)
        record(db, [Seen(host, 0, 1, Verdict.ALIVE) for host in HOSTS], {0}, 0, 4)
        db.execute(
            """insert into articles (path, format, sha256, first_seen_at, last_seen_at)
               values ('a.md', 'markdown', '', '', '')"""
        )
        for number in range(1, 5):
            db.execute(
                """insert into links (article_id, url_id, raw, fragment, element, attribute, kind, line,
                   column, first_seen_at) values (1, ?, '', 'part', 'a', 'href', 'anchors', 1, 1, '')""",
                [number],
            )
    return path


def shard(base: Path, name: str) -> Path:
    """A copy of a database."""
    return Path(shutil.copy(base, base.with_name(f"{name}.db")))


def test_what_archives_hold_is_taken(base: Path) -> None:
    """Mementos and what is known of them, the newest answers, captures as far as they have come."""
    with open_for_writing(base, NIGHT) as db:
        mementos.enqueue(db, [1, 2])
    other = shard(base, "other")
    later = NIGHT + timedelta(days=1)
    with open_for_writing(other, NIGHT) as db:
        memento = Memento(
            "http://a.example/", "http://archive.example/1", NIGHT, source="wayback", digest="x"
        )
        mementos.record_lookup(db, 1, Lookup(LookupAnswer.ARCHIVED, (memento,)), later)
        run_id = runs.begin(db, "archive", NIGHT)
        mementos.begin(db, 1, run_id, later)
        mementos.finish(db, 1, CaptureState.ARCHIVED, later, memento=memento)
        mementos.enqueue(db, [1, 3])
    done = joined(base, other)
    assert (done.mementos, done.lookups) == (1, 1)
    assert joined(base, other).captures == 0
    with open_for_reading(base) as db, open_for_reading(other) as expected:
        asked = """
            select captures.url_id, captures.state, attempts, captures.finished_at, memento_url, command
            from captures left join mementos on mementos.id = memento_id left join runs on runs.id = run_id
            order by 1, 4"""
        columns = "select url_id, source, asked_at, answer from lookups"
        for statement in (asked, columns):
            assert db.execute(statement).fetchall() == expected.execute(statement).fetchall()


def test_a_capture_that_has_ended_here_is_not_opened_again(base: Path) -> None:
    """What waits in a copy that is out of date does not wait any more."""
    with open_for_writing(base, NIGHT) as db:
        mementos.enqueue(db, [1])
    other = shard(base, "other")
    with open_for_writing(base, NIGHT) as db:
        mementos.finish(db, 1, CaptureState.REFUSED, NIGHT)
    assert joined(base, other).captures == 0
    with open_for_reading(base) as db:
        assert [row["state"] for row in db.table("captures").rows] == ["refused"]


def test_parts_of_pages_and_new_articles_are_taken(base: Path) -> None:
    """Whether a part is there is told by whoever looked last; articles ours lacks come with their links."""
    other = shard(base, "other")
    with open_for_writing(other, NIGHT) as db:
        record(db, [Seen("b.example", 1, 5, Verdict.ALIVE)], {1}, 0, 1)
        with db.atomic():
            fragments.record(db, [Part(2, "part", True, NIGHT + timedelta(days=5))])
        db.execute(
            """insert into articles (path, format, sha256, first_seen_at, last_seen_at)
               values ('b.md', 'markdown', '', '', '')"""
        )
        checks.named(db, [("http://e.example/", "e.example")], NIGHT)
        db.execute(
            """insert into links (article_id, url_id, raw, element, attribute, kind, line, column,
               first_seen_at) values (2, 5, 'http://e.example', 'a', 'href', 'anchors', 1, 1, '')"""
        )
    with open_for_writing(base, NIGHT) as db:
        checks.named(db, [("http://first.example/", "first.example")], NIGHT)  # so that numbers differ
        db.execute("insert into settings values ('due', '')")
    done = joined(base, other)
    assert (done.articles, done.urls) == (1, 1)
    with open_for_reading(base) as db:
        rows = db.execute(
            "select fragment_state from links where url_id in (1, 2) order by url_id"
        ).fetchall()
        assert rows == [(None,), ("missing",)]
        said = "select path, url from link_health"
        assert ("b.md", "http://e.example/") in db.execute(said).fetchall()
        assert not list(db.query("select * from settings where name = 'due'"))


def test_news_are_those_of_all_shards(base: Path) -> None:
    """Runs that a merge brought in are one night: what any of them found is new."""
    paths = []
    for number in (1, 2):
        path = shard(base, f"shard{number}")
        with open_for_writing(path, NIGHT) as db:
            begun = NIGHT + timedelta(days=1, hours=number)
            runs.finish(db, runs.begin(db, "check", begun), begun, "done", {})
        paths.append(path)
    joined(base, *paths)
    with open_for_reading(base) as db:
        assert db.execute(NEWS_SINCE).fetchone() == (to_text(NIGHT + timedelta(days=1, hours=1)),)


def test_a_run_that_was_not_over_is_taken_up_again(base: Path) -> None:
    """A database copied while a run was going on gives the rest, and how it ended, the second time."""
    other = shard(base, "other")
    seen = [Seen(host, 1, 5, Verdict.GONE) for host in HOSTS]
    with open_for_writing(other, NIGHT) as db:
        record(db, seen, {1}, 0, 2)
        db.execute("update runs set finished_at = null, outcome = null where id = 2")
    assert joined(base, other).checks == 2
    with open_for_writing(other, NIGHT) as db:
        (due,) = checks.named(db, [("http://d.example/", "d.example")], NIGHT)
        check = Check(due.url, NIGHT + timedelta(days=29), Verdict.GONE, "http_404")
        with db.atomic():
            checks.record(db, 2, [Recorded(due, check, fold(due.history, check, POLICY), NIGHT)])
        runs.finish(db, 2, NIGHT, "done", {"gone": 3})
    assert joined(base, other).checks == 1
    with open_for_reading(base) as db:
        kept = [row for row in db.table("runs").rows if row["counts"] == '{"gone": 3}']
        assert [(row["outcome"], row["command"]) for row in kept] == [("done", "check")]
        assert refold(db, POLICY, write=False).differing == 0


def damaged(path: Path) -> None:
    """Overwrites pages in the middle."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 20_000)


def foreign(path: Path) -> None:
    """A database of another program."""
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("create table theirs (a)")
    other.close()


def newer(path: Path) -> None:
    """A database that a later linkwatch has migrated."""
    other = sqlite3.connect(path)
    other.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('linkwatch', 'm999', '')"
    )
    other.commit()
    other.close()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (damaged, "damaged"),
        (foreign, "another program"),
        (newer, "newer linkwatch"),
        (lambda path: path.write_text("notes"), "not a SQLite database"),
        (lambda path: path.write_text(""), "an empty database"),
    ],
    ids=["damaged", "foreign", "newer", "text", "empty"],
)
def test_what_is_no_copy_of_ours_ends_the_merge(base: Path, spoil: Any, says: str) -> None:
    """One line that names the file, exit code 3, and nothing is taken of any, not of a good one before it."""
    good, bad = shard(base, "good"), shard(base, "bad")
    with open_for_writing(good, NIGHT) as db:
        record(db, [Seen("b.example", 1, 5, Verdict.GONE)], {1}, 0, 1)
    spoil(bad)
    before = content(base)
    said = CliRunner().invoke(cli, ["merge", str(good), str(bad), "--db", str(base)])
    assert said.exit_code == 3
    (line,) = said.stderr.splitlines()
    assert str(bad) in line
    assert says in line
    assert content(base) == before


def test_a_shard_from_before_says_what_helps(base: Path) -> None:
    """A database of an older linkwatch is refused with the command that brings it up to date: then it is
    merged. No article is needed for that, which a machine that merges may not have."""
    older = base.with_name("an older shard.db")
    migrations.apply(Database(older), stop_before="m003_parallel_runs")
    said = CliRunner().invoke(cli, ["merge", str(older), "--db", str(base)])
    assert said.exit_code == 3
    (line,) = said.stderr.splitlines()
    advised = shlex.split(line.rpartition(": linkwatch ")[2])
    assert CliRunner().invoke(cli, advised).exit_code == 0
    assert older.with_name(f"{older.name}.before-m003_parallel_runs").exists()
    again = CliRunner().invoke(cli, ["merge", str(older), "--db", str(base)])
    assert again.exit_code == 0
    assert again.stderr.startswith("Merged: 1 database, ")


def test_a_database_in_use_is_not_merged(base: Path) -> None:
    """Who holds it is told; nor is a database merged into itself."""
    other = shard(base, "other")
    with open_for_writing(other, NIGHT):
        said = CliRunner().invoke(cli, ["merge", str(other), "--db", str(base)])
    assert said.exit_code == 3
    assert "in use by process" in said.stderr
    assert CliRunner().invoke(cli, ["merge", str(base), "--db", str(base)]).exit_code == 2
    assert CliRunner().invoke(cli, ["merge", str(base.with_name("none.db"))]).exit_code == 2


def test_on_the_command_line(base: Path) -> None:
    """What was taken is told in words and as data, and stands with the run; a new file is all of it."""
    other, fresh = shard(base, "other"), base.with_name("fresh.db")
    with open_for_writing(other, NIGHT) as db:
        record(db, [Seen("b.example", 1, 5, Verdict.GONE)], {1}, 0, 1)
    said = CliRunner().invoke(cli, ["merge", str(other), "--db", str(base), "--json"])
    assert json.loads(said.stdout)["checks"] == 1
    with ExitStack() as stack:
        db = stack.enter_context(open_for_reading(base))
        (row,) = db.query("select * from runs where command = 'merge'")
        assert (row["outcome"], json.loads(row["counts"])["checks"]) == ("done", 1)
    words = CliRunner().invoke(cli, ["merge", str(base), str(other), "--db", str(fresh)])
    assert "Merged: 2 databases, " in words.stderr
    with open_for_reading(fresh) as db, open_for_reading(base) as expected:
        assert told(db) == told(expected)
