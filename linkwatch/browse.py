"""``linkwatch browse``: Datasette on a copy of the database, configured."""

from __future__ import annotations

import importlib.util
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from linkwatch import shipped
from linkwatch.errors import LinkwatchError, MissingExtraError
from linkwatch.store import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "linkwatch.db"  # the copy's name, whatever the source's: Datasette's settings go by it
PLUGINS = Path(__file__).resolve().parent / "plugins"
SETTINGS = (
    ("sql_time_limit_ms", "3000"),
    ("default_page_size", "50"),
    ("facet_time_limit_ms", "1000"),
    ("suggest_facets", "off"),
    ("allow_download", "off"),
)


def serve(db_path: Path, *, host: str = "127.0.0.1", port: int = 8001, open_browser: bool = True) -> None:
    """Serves a copy of the database until interrupted. Port 0 takes any that is free.

    Raises MissingExtraError where Datasette is not installed, LinkwatchError where it cannot start.
    """
    with prepared(db_path) as arguments:
        chosen = port or _free_port(host)
        where = ["--host", host, "--port", str(chosen)]
        _run([*_command("serve"), *arguments, *where, *(["--open"] if open_browser else [])])


def page(db_path: Path, path: str) -> str:
    """One page or its data as text, made without a server: ``page(db, "/linkwatch/runs.json")``."""
    with prepared(db_path) as arguments:
        got = subprocess.run(  # noqa: S603 - our own interpreter, arguments of ours
            [*_command("serve"), *arguments, "--get", path], capture_output=True, text=True, check=False
        )
    if got.returncode:
        raise LinkwatchError(f"Datasette cannot show {path}: {(got.stderr or got.stdout).strip()[-300:]}")
    return got.stdout


@contextmanager
def prepared(db_path: Path) -> Iterator[list[str]]:
    """What Datasette is called with, while the copy it serves exists."""
    if importlib.util.find_spec("datasette") is None:
        raise MissingExtraError("Datasette is not installed; run: pip install 'linkwatch[browse]'")
    with TemporaryDirectory(prefix="linkwatch-browse-") as folder:
        copy = Path(folder, NAME)
        snapshot.take(db_path, copy)
        inspected = Path(folder, "inspect.json")
        _run([*_command("inspect"), str(copy), "--inspect-file", str(inspected)])
        yield [
            *("--immutable", str(copy), "--inspect-file", str(inspected)),
            *("--metadata", str(shipped.path("db/metadata.yml"))),
            *("--plugins-dir", str(PLUGINS), "--static", f"assets:{PLUGINS / 'assets'}"),
            *(word for setting in SETTINGS for word in ("--setting", *setting)),
        ]


def _command(verb: str) -> list[str]:
    return [sys.executable, "-m", "datasette", verb]


def _run(command: Sequence[str]) -> None:
    """Runs a child to its end. What interrupts or terminates us ends it too."""
    child = subprocess.Popen(command)  # noqa: S603 - our own interpreter, arguments of ours
    with child, _passing_on(signal.SIGTERM, child):
        try:
            code = child.wait()
        except KeyboardInterrupt:  # the terminal has told the child too
            child.wait()
            raise
    if code > 0:
        raise LinkwatchError(f"Datasette ended with exit code {code}; its own words stand above")


@contextmanager
def _passing_on(number: signal.Signals, child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Passes a signal on to the child. Only the main thread may set handlers; elsewhere nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(number, lambda *_: child.send_signal(number))
    try:
        yield
    finally:
        signal.signal(number, before)


def _free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port
