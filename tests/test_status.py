"""How a database stands: what is due, what was done, who is at it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from history import History, at

from linkwatch.cli import cli
from linkwatch.store import runs
from linkwatch.store.database import in_use_by, open_for_reading, open_for_writing
from linkwatch.store.status import status

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

NOW = at("2026-03-01 03:17")


def test_what_is_due_when(db: Database) -> None:
    """Each URL counts once: now, in one of the nights to come, or later; what nobody cites never."""
    history = History(db)
    history.url("http://a.example/", next_check_at="2026-03-01")
    history.url("http://b.example/", next_check_at="2026-03-02", state="dead")
    history.url("http://c.example/", next_check_at="2026-03-05")
    history.url("http://d.example/", next_check_at="2026-05-01")
    history.url("http://e.example/", next_check_at="2041-01-08", last_checked_at="2041-01-01")
    history.url("http://f.example/")
    found = status(db, NOW)
    assert (found.due_now, list(found.due_nights.values()), found.due_later) == (2, [1, 0, 0, 1, 0, 0, 0], 1)
    assert found.states == {"alive": 5, "dead": 1}


def test_the_last_run(db: Database) -> None:
    """The run that began last, with how it ended; none where nothing ran yet."""
    assert status(db, NOW).last_run is None
    history = History(db)
    history.run("2026-02-27", command="check")
    history.run("2026-02-28", outcome="failed: no network")
    last = status(db, NOW).last_run
    assert last is not None
    assert asdict(last) == {
        "command": "run",
        "started_at": "2026-02-28T00:00:00Z",
        "finished_at": "2026-02-28T00:00:00Z",
        "outcome": "failed: no network",
        "counts": {"checked": 7},
    }


def test_who_is_writing(tmp_path: Path) -> None:
    """A run that holds the database is named; one that ended or was killed holds nothing."""
    path = tmp_path / "a.db"
    assert in_use_by(path) is None
    with open_for_writing(path, NOW):
        assert "since 2026-03-01T03:17:00Z" in (in_use_by(path) or "")
    assert in_use_by(path) is None
    (tmp_path / "a.db.lock").write_text('{"pid": 1, "since": "2026-03-01T03:17:00Z"}')
    assert in_use_by(path) is None


def test_on_the_command_line(tmp_path: Path) -> None:
    """In words and as data; beside a run that is writing; and nothing in it moves a terminal."""
    path = tmp_path / "a.db"
    with open_for_writing(path, NOW) as db:
        History(db).run("2026-02-28", outcome="failed: \x1b[2J")
        said = CliRunner().invoke(cli, ["status", "--db", str(path)])
        data = CliRunner().invoke(cli, ["status", "--db", str(path), "--json"])
    assert (said.exit_code, data.exit_code) == (0, 0)
    assert "since 2026-03-01T03:17:00Z" in said.output
    assert "\x1b" not in said.output
    found = json.loads(data.output)
    assert (found["due_now"], found["last_run"]["command"], found["bytes"] > 0) == (0, "run", True)


@pytest.mark.parametrize(
    ("outcome", "counts", "says"),
    [
        ("interrupted by SIGTERM", {"alive": 1200, "not_checked": 3}, "SIGTERM (1,200 alive, 3 not checked)"),
        ("failed: no network", {}, "failed: no network (nothing was done)"),
        ("done", {"alive": 2, "gone": 0}, "done (2 alive)"),
    ],
)
def test_how_the_last_run_ended(tmp_path: Path, outcome: str, counts: dict[str, int], says: str) -> None:
    """By what it was ended, what it had done and what is still due, in words and as data."""
    path = tmp_path / "a.db"
    with open_for_writing(path, NOW) as db:
        runs.finish(db, runs.begin(db, "check", NOW), NOW, outcome, counts)
    said = CliRunner().invoke(cli, ["status", "--db", str(path)])
    (line,) = [line for line in said.output.splitlines() if line.startswith("Last run")]
    assert line.endswith(says)
    data = CliRunner().invoke(cli, ["status", "--db", str(path), "--json"])
    last = json.loads(data.stdout)["last_run"]
    assert (last["outcome"], last["counts"]) == (outcome, counts)


def test_refold_and_prune_on_the_command_line(tmp_path: Path) -> None:
    """Exit code 1 where states differ, 0 once they are put right; pruning says what it removed."""
    path = tmp_path / "a.db"
    with open_for_writing(path, NOW) as db:
        History(db).url("http://a.example/", "dead")
    codes = [
        CliRunner().invoke(cli, ["refold", *more, "--db", str(path)]).exit_code
        for more in ([], ["--write"], [])
    ]
    assert codes == [1, 0, 0]
    done = CliRunner().invoke(cli, ["prune", "--json", "--db", str(path)])
    assert json.loads(done.stdout) == {"checks": 0, "removed": 0}
    with open_for_reading(path) as db:
        assert [
            (row["command"], row["outcome"], json.loads(row["counts"])) for row in db.table("runs").rows
        ] == [
            ("refold", "done", {"urls": 1, "differing": 1}),
            ("prune", "done", {"checks": 0, "removed": 0}),
        ]  # what only looks writes nothing
