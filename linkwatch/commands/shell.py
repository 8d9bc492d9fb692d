"""One invocation: its settings, its database, the time, and where its words go."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linkwatch.commands import voice
from linkwatch.commands.voice import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console
    from sqlite_utils import Database

    from linkwatch.config import Config

DEFAULT_DB = Path("db") / "linkwatch.db"
NO_FILES = (".", ":memory:")  # an empty path, and what SQLite takes for a database that ends with us

PLURAL = re.compile(r"s\b")  # of all that is counted: "links left alone", "databases"


@dataclass(frozen=True, slots=True)
class Shell:
    """One invocation: what the options that all commands share said."""

    db: Path | None = None
    config_path: Path | None = None
    verbosity: int = 0
    as_json: bool = False
    connect_to: tuple[str, ...] = ()

    def config(self) -> Config:
        """The settings that hold here, with what the command line changes."""
        from linkwatch import config as settings
        from linkwatch.net import routes

        if self.config_path and not self.config_path.is_file():
            raise click.BadParameter(f"{self.config_path}: no such file", param_hint="'--config'")
        file = self.config_path or settings.find(Path.cwd())
        self.detail(f"Settings: {file or 'the defaults; no linkwatch.toml upward from here'}")
        found = settings.load(file, Path.cwd())
        ways = (*self.connect_to, *found.network.connect_to)
        for way in ways:
            routes.parse(way)
        return replace(found, network=replace(found.network, connect_to=ways))

    def db_path(self, config: Config) -> Path:
        """Where the database is, and a word on that."""
        path = self.db_place(config)
        self.detail(f"Database: {path}")
        return path

    def db_place(self, config: Config) -> Path:
        """Where the database is: as named, or below the directory of the settings."""
        if self.db is not None and str(self.db) in NO_FILES:
            raise click.BadParameter("names no file", param_hint="'--db'")
        return self.db or config.root / DEFAULT_DB

    @contextmanager
    def writing(self, config: Config, *, anew: bool = True) -> Iterator[Database]:
        """The database for a command that changes it; one that is missing is made if ``anew``."""
        from linkwatch.store.database import must_exist, open_for_writing

        path = self.db_path(config)
        if not anew:
            must_exist(path)
        with open_for_writing(path, now()) as db:
            yield db

    @contextmanager
    def reading(self, config: Config) -> Iterator[Database]:
        """The database for a command that only looks."""
        from linkwatch.store.database import open_for_reading

        with open_for_reading(self.db_path(config)) as db:
            yield db

    def tell(self, verb: str, counts: Mapping[str, Any]) -> None:
        """What a stage did: JSON on stdout where asked for, else in words."""
        if self.as_json:
            click.echo(json.dumps(counts))
        else:
            self.describe(verb, counts)

    def describe(self, verb: str, counts: Mapping[str, Any]) -> None:
        """What a stage did, in words for people."""
        for path, problem in counts.get("problems", ()):
            voice.say(f"linkwatch: {one_line(path)}: {problem}")
        for note in counts.get("notes", ()):
            self.say(note)
        self.say(f"{verb}: {counted(counts) or 'nothing'}.")

    def say(self, text: str = "") -> None:
        """A word for people, beside the data: on stderr, and not at all with ``-q``."""
        if self.verbosity >= 0:
            voice.say(text)

    def detail(self, text: str) -> None:
        """A word for those who asked for more with ``-v``."""
        if self.verbosity > 0:
            self.say(one_line(text))


def invoked(
    db: Path | None,
    config_path: Path | None,
    verbose: int,
    quiet: bool,
    *,
    as_json: bool = False,
    events: bool = False,
    connect_to: tuple[str, ...] = (),
) -> Shell:
    """The invocation that the common options describe; with ``events`` its words are JSON too."""
    if events and not quiet:
        voice.tell_machines()
    return Shell(db, config_path, -1 if quiet else verbose, as_json, connect_to)


def counted(counts: Mapping[str, Any]) -> str:
    """Numbers with their names, without the zeros, and in the singular where there is one: "1 link"."""

    def said(number: int, words: str) -> str:
        return f"{number:,} {re.sub(PLURAL, '', words) if number == 1 else words}"

    return ", ".join(
        said(number, name.replace("_", " "))
        for name, number in counts.items()
        if isinstance(number, int) and number
    )


def now() -> datetime:
    """The time, in whole seconds as the database keeps it."""
    return datetime.now(UTC).replace(microsecond=0)


def stderr() -> Console:
    """The console for progress: colour and movement only on a terminal."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def colour_wanted() -> bool:
    """Whether stdout is a terminal that can show colour, and may (https://no-color.org)."""
    return on_terminal() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")


def on_terminal() -> bool:
    """Whether a person reads stdout; there is none where it was closed."""
    return sys.stdout is not None and sys.stdout.isatty()
