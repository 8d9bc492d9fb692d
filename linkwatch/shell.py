"""What every command shares: settings, database, time, where words go, how it ends."""

from __future__ import annotations

import errno
import gc
import json
import os
import re
import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from linkwatch import voice
from linkwatch.errors import LinkwatchError, Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Mapping

    from rich.console import Console
    from sqlite_utils import Database

    from linkwatch.config import Config

DEFAULT_DB = Path("db") / "linkwatch.db"
NO_FILES = (".", ":memory:")  # an empty path, and what SQLite takes for a database that ends with us

PLURAL = re.compile(r"s\b")  # of all that is counted: "links left", "databases"

T = TypeVar("T")
Command = TypeVar("Command", bound="Callable[..., Any]")


def one_line(text: str) -> str:
    """A text from outside, such as a file name, with nothing in it that moves a terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def counted(counts: Mapping[str, Any]) -> str:
    """Numbers with their names, without those that are none; of one thing the name is not a plural."""

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


@dataclass(frozen=True, slots=True)
class Shell:
    """One invocation: what was said on the command line, before any command's own options."""

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
        """The database: as named, or below the directory the settings belong to."""
        if self.db is not None and str(self.db) in NO_FILES:
            raise click.BadParameter("names no file", param_hint="'--db'")
        path = self.db or config.root / DEFAULT_DB
        self.detail(f"Database: {path}")
        return path

    @contextmanager
    def writing(self, config: Config, *, anew: bool = True) -> Iterator[Database]:
        """The database for a command that changes it; made where it is missing, unless not ``anew``."""
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


def common(command: Command) -> Command:
    """Gives a command the options that all have."""
    options = (
        click.option("--db", type=click.Path(path_type=Path, dir_okay=False), metavar="PATH",
                     help="The database.  [default: db/linkwatch.db]"),
        click.option("--config", "config_path", type=click.Path(path_type=Path), metavar="PATH",
                     help="The settings.  [default: linkwatch.toml upward from here]"),
        click.option("-v", "--verbose", count=True, help="Say more: which settings and which database."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but data and errors."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def json_option(command: Command) -> Command:
    """Gives a command ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print data as JSON.")(command)


def connect_option(command: Command) -> Command:
    """Gives a command ``--connect-to``, as curl has it."""
    return click.option(
        "--connect-to", multiple=True, metavar="HOST1:PORT1:HOST2:PORT2",
        help="Connect to HOST2:PORT2 instead of HOST1:PORT1, as curl does; repeatable.",
    )(command)  # fmt: skip


def shell(
    db: Path | None,
    config_path: Path | None,
    verbose: int,
    quiet: bool,
    *,
    as_json: bool = False,
    events: bool = False,
    connect_to: tuple[str, ...] = (),
) -> Shell:
    """The invocation that the common options describe; with ``events`` machines hear all of it."""
    if events and not quiet:
        voice.tell_machines()
    return Shell(db, config_path, -1 if quiet else verbose, as_json, connect_to)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Runs a stage to its end. A signal cancels it, so that what it has is written first."""
    import asyncio

    heard: list[signal.Signals] = []

    async def until_told() -> T:
        task = asyncio.current_task()
        assert task is not None

        def stop(number: signal.Signals) -> None:
            heard.append(number)
            task.cancel()

        _collect_seldom()
        for number in _ending_signals():
            asyncio.get_running_loop().add_signal_handler(number, stop, number)
        return await work

    try:
        return asyncio.run(until_told())
    except asyncio.CancelledError:
        if not heard:
            raise
        raise Stopped(heard[0]) from None
    finally:
        _listen()  # the loop has put what Python does by itself in the place of what we do


def _collect_seldom() -> None:
    """What a stage makes by the thousand is gone with its last reference: looking for cycles in it as often
    as Python does by itself costs a sixth of a check."""
    gc.freeze()  # what is imported stays
    gc.set_threshold(50_000, 50, 100)


def stop(number: int, _: object) -> NoReturn:
    """What a signal does outside the event loop."""
    raise Stopped(signal.Signals(number))


def _listen() -> None:
    """Has signals end us in our own way."""
    for number in _ending_signals():
        signal.signal(number, stop)


def _ending_signals() -> list[signal.Signals]:
    """Those that end us beside Ctrl-C; ``nohup`` has the end of a terminal ignored, and so it stays."""
    ending = (signal.SIGTERM, signal.SIGHUP)
    return [each for each in ending if signal.getsignal(each) is not signal.SIG_IGN]


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


class Group(click.Group):
    """A group whose commands end with one clear line and the right exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """The commands in the order of the work, as they are written down."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; turns our errors and signals into exit codes."""
        _listen()
        try:
            result = super().invoke(ctx)
        except LinkwatchError as error:
            _end(ctx, error.exit_code, one_line(str(error)))
        except OSError as error:
            if error.errno is None:
                raise  # a mistake of ours
            if not error.filename:
                voice.give_up(sys.stdout)
            if error.errno == errno.EPIPE:  # a reader such as head that has had enough
                _end(ctx, 128 + signal.SIGPIPE)
            where = f"{one_line(str(error.filename))}: " if error.filename else ""
            _end(ctx, LinkwatchError.exit_code, f"{where}{error.strerror}")
        except KeyboardInterrupt:
            _stopped(ctx, Stopped(signal.SIGINT))
        except Stopped as stopped:
            _stopped(ctx, stopped)
        except click.ClickException as error:
            if not voice.for_machines():
                raise
            _end(ctx, error.exit_code, one_line(error.format_message()))
        except SystemExit as ending:
            voice.end(int(ending.code or 0))
            raise
        voice.end(0)
        return result


def _stopped(ctx: click.Context, stopped: Stopped) -> NoReturn:
    _end(ctx, stopped.exit_code, f"interrupted by {stopped}; what was done is kept")


def _end(ctx: click.Context, code: int, text: str = "") -> NoReturn:
    """Says why, and ends with an exit code."""
    voice.end(code, text)
    ctx.exit(code)
