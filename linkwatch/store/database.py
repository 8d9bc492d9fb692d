"""Opening the one SQLite file: whole, ours, at the current schema, with one writer.

A database is opened for writing by one run at a time. The lock is the operating system's, on a
file beside the database, so it ends with the process however that ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from shlex import quote
from typing import TYPE_CHECKING

from sqlite_utils import Database

from linkwatch.errors import LockedError, NewerSchemaError, NotADatabaseError, StoreError
from linkwatch.store.indexes import index
from linkwatch.store.schema import APPLICATION_ID, migrations
from linkwatch.times import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

MAGIC = b"SQLite format 3\0"
_NOTHING_YET = "an empty database; name another file with --db, or fill it with 'linkwatch harvest' or 'run'"


def in_memory() -> Database:
    """A fresh database at the current schema that ends with the process."""
    db = _database()
    _prepare(db)
    return db


@contextmanager
def open_for_writing(path: Path, now: datetime) -> Iterator[Database]:
    """The database at ``path``, made where it is missing, locked for this process, migrated.

    Raises LockedError where another run holds it, StoreError where it cannot be used.
    """
    if path.exists() and not path.is_file():
        raise NotADatabaseError(f"{path}: not a regular file; name another one with --db")
    with _locked(path, now), _opened(path) as db:
        _back_up(db, path.resolve())
        _prepare(db)
        yield db


@contextmanager
def open_for_reading(path: Path) -> Iterator[Database]:
    """The database at ``path`` as it is, beside a run that may be writing."""
    must_exist(path)
    with _opened(path) as db:
        if not migrations.applied(db):
            raise StoreError(f"{path}: {_NOTHING_YET}")
        if migrations.pending(db):
            raise StoreError(
                f"{path}: made by an older linkwatch; bring it up to date (a copy is kept) with:"
                f" linkwatch refold --write --db {quote(str(path))}"
            )
        db.execute("pragma query_only = on")
        yield db


def must_exist(path: Path) -> None:
    """Passes where there is a database at ``path``. Raises StoreError otherwise.

    SQLite takes a file of no bytes for an empty database. So do we where one would be made; who expects
    one to be there has lost it, or has named another file.
    """
    if not path.is_file():
        raise StoreError(f"{path}: no such database; run 'linkwatch harvest' or 'linkwatch run' first")
    if not path.stat().st_size:
        raise StoreError(f"{path}: {_NOTHING_YET}")


def whole(path: Path) -> None:
    """Passes where a database can be read to its last page and nobody is writing to it.

    Raises StoreError otherwise, LockedError where a run holds it.
    """
    with open_for_reading(path) as db:
        if user := in_use_by(path):
            raise LockedError(f"{path}: in use by {user}; try again when it has finished")
        said = " ".join(db.execute("pragma quick_check(1)").fetchone()[0].split())
        if said != "ok":
            raise NotADatabaseError(f"{path}: damaged ({said}); restore a backup or move it away")


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    _refuse_foreign_bytes(path)
    try:
        db = _database(sqlite3.connect(address(path), uri=True))
        try:
            _refuse_foreign_schema(db, path)
            db.execute("pragma foreign_keys = on")
            yield db
        finally:
            db.close()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise  # our own mistake, not the file's
        raise _explained(error, path) from error


def _database(connection: sqlite3.Connection | None = None) -> Database:
    """A connection as the stages use it, or a database in memory; without what plugins would add to it."""
    return Database(connection, memory=connection is None, strict=True, execute_plugins=False)


def address(path: Path) -> str:
    """The database as SQLite is to open it.

    Where nothing can be written beside it, nobody else writes to it either, and SQLite has to be told.
    """
    path = path.resolve()
    logged = any(map(_holds_bytes, (path.with_name(f"{path.name}-{log}") for log in ("wal", "journal"))))
    unchanging = path.is_file() and not logged and not os.access(path.parent, os.W_OK)
    return path.as_uri() + ("?immutable=1" if unchanging else "")


def _holds_bytes(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _prepare(db: Database) -> None:
    """Brings the schema up to date and sets what holds per connection."""
    if migrations.pending(db):
        db.execute("pragma foreign_keys = off")
        migrations.apply(db)
    index(db)
    if not db.memory:
        db.enable_wal()
    db.execute("pragma foreign_keys = on")
    db.execute("pragma synchronous = normal")


def _back_up(db: Database, path: Path) -> None:
    """Keeps a copy of a database that is about to be migrated, beside it and whole; an older one stays."""
    applied, pending = migrations.applied(db), migrations.pending(db)
    if not applied or not pending:
        return
    copy = path.with_name(f"{path.name}.before-{pending[0].name}")
    if copy.exists():
        return
    fresh = copy.with_name(f"{copy.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        db.execute("vacuum into ?", [str(fresh)])
        fresh.rename(copy)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise StoreError(
            f"{path}: must be updated, and no copy of it can be kept first ({error}); make room beside it"
        ) from error


def _refuse_foreign_bytes(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from None
    if head and head != MAGIC:
        raise NotADatabaseError(f"{path}: not a SQLite database; name another file with --db")


def _refuse_foreign_schema(db: Database, path: Path) -> None:
    tables = set(db.table_names())
    begun = not tables - {"_sqlite_migrations"}  # no more is there where its making was cut short
    (application_id,) = db.execute("pragma application_id").fetchone()
    if not begun and application_id != APPLICATION_ID:
        raise NotADatabaseError(f"{path}: a SQLite database of another program; name another file with --db")
    if "_sqlite_migrations" in tables and not set(_recorded(db)) <= _known():
        raise NewerSchemaError(f"{path}: written by a newer linkwatch; update linkwatch to use it")


def _recorded(db: Database) -> list[str]:
    return [row[0] for row in db.execute("select name from _sqlite_migrations")]


def _known() -> set[str]:
    with closing(_database()) as db:
        return {each.name for each in migrations.pending(db)}


def _explained(error: sqlite3.DatabaseError, path: Path) -> StoreError:
    text = str(error)
    if isinstance(error, sqlite3.OperationalError) and "locked" in text:
        return LockedError(f"{path}: locked by another program; try again when it has finished")
    if "malformed" in text or "not a database" in text:
        return NotADatabaseError(f"{path}: damaged ({text}); restore a backup or move it away")
    if "disk" in text:
        return StoreError(f"{path}: {text}; make room beside it, or see whether its disk fails")
    return StoreError(f"{path}: {text}")


@contextmanager
def _locked(path: Path, now: datetime) -> Iterator[None]:
    """Holds the lock file beside the database, saying who holds it and since when."""
    lock = _lock_of(path)
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: {error.filename} cannot be written: {error.strerror}") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"{path}: in use by {_holder(lock)}; try again when it has finished") from None
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "since": to_text(now)}).encode(), 0)
        except OSError as error:
            raise StoreError(f"{path}: {lock} cannot be written: {error.strerror}") from None
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _lock_of(path: Path) -> Path:
    """One for each database, by whichever symbolic link it is reached."""
    file = path.resolve()
    return file.with_name(f"{file.name}.lock")


def in_use_by(path: Path) -> str | None:
    """Who is writing to the database now, in words; None where nobody is."""
    lock = _lock_of(path)
    try:
        # A run that ended well leaves the file empty: then there is nothing to try, and no moment
        # in which trying could be in the way of a run that begins.
        descriptor = os.open(lock, os.O_RDONLY) if lock.stat().st_size else None
    except OSError:
        return None
    if descriptor is None:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(lock)
    finally:
        os.close(descriptor)
    return None


def _holder(lock: Path) -> str:
    with suppress(OSError, ValueError, KeyError):
        said = json.loads(lock.read_text())
        return f"process {said['pid']} since {said['since']}"
    return "another run"
