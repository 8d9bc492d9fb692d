"""Opening the database: whole, ours, at the current schema, with one writer."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from sqlite_utils import Database, Migrations

from linkwatch.errors import LockedError, NewerSchemaError, NotADatabaseError, StoreError
from linkwatch.store import database, runs, sketches
from linkwatch.store.database import in_memory, in_use_by, open_for_reading, open_for_writing
from linkwatch.store.schema import migrations
from linkwatch.times import to_text

if TYPE_CHECKING:
    from collections.abc import Callable

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from linkwatch.store import runs
from linkwatch.store.database import open_for_writing
now = datetime(2026, 3, 1, tzinfo=UTC)
with open_for_writing(Path(sys.argv[1]), now) as db:
    number = 0
    while True:
        run_id = runs.begin(db, "check", now)
        runs.finish(db, run_id, now, "done", {"number": number})
        number += 1
        print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one run in it."""
    place = tmp_path / "db" / "linkwatch.db"
    with open_for_writing(place, NIGHT) as db:
        runs.begin(db, "run", NIGHT)
    return place


def test_what_is_written_keeps_to_its_promises(tmp_path: Path) -> None:
    """Foreign keys hold from the first row of a new file; a power cut damages nothing that was committed."""
    with open_for_writing(tmp_path / "new.db", NIGHT) as db:
        asked = ("foreign_keys", "synchronous", "journal_mode")
        assert [db.execute(f"pragma {name}").fetchone()[0] for name in asked] == [1, 1, "wal"]


def test_a_new_database_has_the_tables_and_views_that_are_promised(path: Path) -> None:
    """The names people write SQL against are there, strict, with foreign keys on."""
    with open_for_writing(path, NIGHT) as db:
        tables = {"articles", "urls", "links", "checks", "hops", "mementos", "captures", "runs"}
        assert tables <= set(db.table_names())
        assert all(db.table(name).strict for name in tables)
        views = {
            "link_health",
            "dead_links",
            "newly_dead",
            "domain_health",
            "article_health",
            "archive_coverage",
        }
        assert views <= set(db.view_names())
        assert db.execute("pragma foreign_keys").fetchone() == (1,)
        assert db.execute("pragma journal_mode").fetchone() == ("wal",)


def test_what_is_read_cannot_be_written(path: Path) -> None:
    """A reader sees the data beside a writer, and cannot change it."""
    with open_for_writing(path, NIGHT), open_for_reading(path) as db:
        assert db.table("runs").count == 1
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("delete from runs")


def test_what_lies_where_nothing_can_be_written_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a medium that is read-only SQLite can keep no notes beside the file; it is read without them."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    with open_for_reading(path) as db:
        assert db.table("runs").count == 1
        assert {each.name for each in path.parent.iterdir()} == {path.name, f"{path.name}.lock"}


def test_there_is_one_writer(path: Path) -> None:
    """The second writer learns who holds the database and since when."""
    with (
        open_for_writing(path, NIGHT),
        pytest.raises(LockedError, match=rf"process {os.getpid()} since 2026-03-01T03:17:00Z"),
        open_for_writing(path, NIGHT),
    ):
        pass


def test_there_is_one_writer_by_whichever_name(path: Path, tmp_path: Path) -> None:
    """A symbolic link to a database is that database: it has no lock of its own, and a copy lies beside the
    file and not beside the link."""
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with open_for_writing(path, NIGHT):
        assert f"process {os.getpid()}" in (in_use_by(link) or "")
        with pytest.raises(LockedError, match=f"process {os.getpid()}"), open_for_writing(link, NIGHT):
            pass
    assert not list(tmp_path.glob("link.db.*"))


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["a pipe", "a directory"])
def test_what_is_no_file_is_no_database(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """Opening a pipe would wait for whoever writes to it; nothing is made beside it either."""
    place = tmp_path / "odd.db"
    make(place)
    with pytest.raises(NotADatabaseError, match="not a regular file"), open_for_writing(place, NIGHT):
        pass
    assert list(tmp_path.iterdir()) == [place]


def test_a_lock_that_cannot_be_had_is_named(path: Path) -> None:
    """One line names what stands in the way."""
    lock = path.with_name(f"{path.name}.lock")
    lock.unlink()
    lock.mkdir()
    with (
        pytest.raises(StoreError, match=r"linkwatch\.db\.lock cannot be written"),
        open_for_writing(path, NIGHT),
    ):
        pass


def test_a_lock_for_which_there_is_no_room_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first write of a command on a full disk is that of the lock: it says which file it was about."""
    monkeypatch.setattr(
        os, "pwrite", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with (
        pytest.raises(StoreError, match=r"\.lock cannot be written: No space"),
        open_for_writing(path, NIGHT),
    ):
        pass


def test_the_lock_ends_with_the_process_however_it_ends(path: Path) -> None:
    """After kill -9 the database is whole, holds all that was written, and can be opened."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    written = 0
    while written < 20:
        written = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    process.stdout.close()
    with open_for_writing(path, NIGHT) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        assert db.table("runs").count >= 1 + written


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """A text file named by mistake is refused, and not a byte of it changes."""
    place = tmp_path / "notes.txt"
    place.write_text("not a database, but dear to somebody", encoding="utf-8")
    with pytest.raises(NotADatabaseError, match="--db"), open_for_writing(place, NIGHT):
        pass
    assert place.read_text(encoding="utf-8") == "not a database, but dear to somebody"


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    """A SQLite file of another program is refused, and gets no table of ours."""
    place = tmp_path / "other.db"
    other = sqlite3.connect(place)
    other.execute("create table theirs (a)")
    other.commit()
    other.close()
    with pytest.raises(NotADatabaseError, match="another program"), open_for_writing(place, NIGHT):
        pass
    other = sqlite3.connect(place)
    assert other.execute("select name from sqlite_master").fetchall() == [("theirs",)]
    other.close()


def test_a_database_from_before(tmp_path: Path) -> None:
    """What an older linkwatch kept stays, but for sketches of texts: made in another way they would show
    every page as another one."""
    place = tmp_path / "old.db"
    old = Database(place)
    migrations.apply(old, stop_before="m003_parallel_runs")
    at = to_text(NIGHT)
    old.execute("insert into runs (command, started_at, version) values ('run', ?, '0.1.0')", [at])
    url = "insert into urls (url, scheme, host, domain, first_seen_at) values ('http://a/', '', 'a', 'a', ?)"
    old.execute(url, [at])
    sketch = (
        "insert into sketches (url_id, kept_at, alike_at, title, sketch) values (1, ?, ?, '', x'00000001')"
    )
    old.execute(sketch, [at, at])
    old.execute("create index articles_url on articles (url)")
    old.conn.commit()
    old.close()
    with open_for_writing(place, NIGHT) as db:
        assert [row["key"] for row in db.table("runs").rows] == [f"{at} 1"]
        assert db.table("urls").count == 1
        assert sketches.first(db, 1) is None
        assert db.table("boilerplate").count == 0
        assert "transitions_days" in {each.name for each in db.table("transitions").indexes}
        assert "captures_lost" in {each.name for each in db.table("captures").indexes}
        assert "articles_url" not in {each.name for each in db.table("articles").indexes}


def test_an_older_database_gets_the_indexes_of_a_new_one(tmp_path: Path) -> None:
    """Each as it is made now, though one of its name was there; so questions cost the same in both."""
    place = tmp_path / "old.db"
    old = Database(place)
    migrations.apply(old, stop_before="m008_indexes")
    for name, columns in (("links_article", "links (article_id)"), ("urls_due", "urls (next_check_at)")):
        old.execute(f"drop index {name}")
        old.execute(
            f"create index {name} on {columns}" + (" where next_check_at <> ''" * (name == "urls_due"))
        )
    old.conn.commit()
    old.close()
    indexes = "select name, sql from sqlite_master where type = 'index' order by name"
    with open_for_writing(place, NIGHT) as db, closing(in_memory()) as new:
        assert db.execute(indexes).fetchall() == new.execute(indexes).fetchall()


@pytest.fixture
def next_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A linkwatch that is one migration further than the database."""
    later = Migrations("linkwatch")
    later._migrations = list(migrations._migrations)

    @later()
    def m999_note(db: Database) -> None:
        db.execute("create table notes (text text) strict")

    monkeypatch.setattr(database, "migrations", later)


@pytest.mark.usefixtures("next_version")
def test_a_copy_is_kept_before_a_migration(path: Path) -> None:
    """Whole, readable, once, and not of a database that is new or up to date."""
    copy = path.with_name("linkwatch.db.before-m999_note")
    for _ in range(2):
        with open_for_writing(path, NIGHT) as db:
            assert "notes" in db.table_names()
    kept = Database(copy)
    assert kept.table("runs").count == 1
    assert "notes" not in kept.table_names()
    kept.close()
    with open_for_writing(path.with_name("new.db"), NIGHT):
        pass
    assert {each.name for each in path.parent.glob("*before*")} == {copy.name}


@pytest.mark.usefixtures("next_version")
def test_without_room_for_a_copy_nothing_is_migrated(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that says what to do; the database is as it was, and no half of a copy is left."""
    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(StoreError, match="make room beside it"), open_for_writing(path, NIGHT):
        pass
    monkeypatch.undo()
    with open_for_reading(path) as db:
        assert "notes" not in db.table_names()
    assert not list(path.parent.glob("*before*"))


def test_a_run_that_was_killed_is_called_so_by_the_next(path: Path) -> None:
    """The lock is ours, so nobody can be at work in a run that is still open."""
    with open_for_writing(path, NIGHT) as db:
        runs.begin(db, "check", NIGHT)
        assert list(db.query("select command, outcome, finished_at from runs order by id")) == [
            {"command": "run", "outcome": "killed", "finished_at": None},
            {"command": "check", "outcome": None, "finished_at": None},
        ]


def test_a_newer_schema_is_left_alone(path: Path) -> None:
    """A database that a newer linkwatch has migrated is neither read wrongly nor written."""
    db = sqlite3.connect(path)
    db.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('linkwatch', 'm999', '')"
    )
    db.commit()
    db.close()
    with pytest.raises(NewerSchemaError, match="update linkwatch"), open_for_reading(path):
        pass
    with pytest.raises(NewerSchemaError, match="update linkwatch"), open_for_writing(path, NIGHT):
        pass


def test_a_damaged_database_is_told(path: Path) -> None:
    """Damage is one clear line, not a traceback."""
    data = bytearray(path.read_bytes())
    data[100:4_000] = b"\xff" * 3_900
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"), open_for_reading(path) as db:
        db.table("runs").count  # noqa: B018 - reading is what fails


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    """A file of no bytes is nobody's: it is taken."""
    place = tmp_path / "empty.db"
    place.touch()
    with open_for_writing(place, NIGHT) as db:
        assert "runs" in db.table_names()


def test_what_is_empty_is_not_called_old(tmp_path: Path) -> None:
    """Whose making was cut short, or who lost its bytes, is told so by those who only look; nothing is made
    of it."""
    lost, begun = tmp_path / "lost.db", tmp_path / "begun.db"
    lost.touch()
    migrations.apply(Database(begun), stop_before="m001_tables")
    for place in (lost, begun):
        before = place.read_bytes()
        with pytest.raises(StoreError, match="an empty database"), open_for_reading(place):
            pass
        assert place.read_bytes() == before


def test_a_database_whose_making_was_cut_short_is_finished(tmp_path: Path) -> None:
    """Interrupted before the first table of ours, a new file is no other program's: the next run goes on."""
    place = tmp_path / "begun.db"
    migrations.apply(Database(place), stop_before="m001_tables")
    assert Database(place).table_names() == ["_sqlite_migrations"]
    with open_for_writing(place, NIGHT) as db:
        assert "runs" in db.table_names()


def test_reading_what_does_not_exist_says_what_to_do(tmp_path: Path) -> None:
    """No database is made by looking for one."""
    place = tmp_path / "none.db"
    with pytest.raises(StoreError, match="linkwatch harvest"), open_for_reading(place):
        pass
    assert not place.exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A directory that is a file, or cannot be made, is one clear line."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with (
        pytest.raises(StoreError, match="cannot be"),
        open_for_writing(tmp_path / "file" / "db" / "x.db", NIGHT),
    ):
        pass


def test_no_row_points_nowhere(path: Path) -> None:
    """A check of a URL that is not there is refused by the database itself."""
    with open_for_writing(path, NIGHT) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(
            "insert into transitions (url_id, changed_at, from_state, to_state) values (999, '', '', '')"
        )
