"""The files of a corpus: which are articles, and what they are called in the database.

An article's path is relative to the directory of the configuration when it lies below it, and
otherwise to the parent of the path that was named; so the same call gives the same names each
night. Names that are no UTF-8 keep their odd bytes as ``\\xNN``.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from fnmatch import fnmatch
from operator import attrgetter
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING, NamedTuple

from linkwatch.errors import CorpusError
from linkwatch.harvest.formats import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linkwatch.config import Config, Corpus

# Directories that hold no articles of the publication.
SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})


class File(NamedTuple):
    """A file that may be an article."""

    path: str  # its name in the database
    location: str  # where it lies
    size: int
    modified_ns: int


class Task(NamedTuple):
    """A file to read, and the sha256 it had when it was read last."""

    file: File
    sha256: str | None


class Trouble(NamedTuple):
    """What could not be read, and why, in one line."""

    path: str
    reason: str


class Root(NamedTuple):
    """A file or directory to look into, and the beginning of the names of what lies in it."""

    location: str
    path: str


def named(paths: Sequence[Path], config: Config) -> list[Root]:
    """The paths that were named, or else the configured ones. Raises CorpusError where there are none."""
    if not (paths or config.corpus.paths):
        raise CorpusError("no articles named: give a path, or set [corpus] paths in linkwatch.toml")
    return roots(paths or [config.root / path for path in config.corpus.paths], config.root)


def roots(paths: Sequence[Path], root: Path) -> list[Root]:
    """The paths that were named, each once. Raises CorpusError for one that does not exist."""
    found = []
    for path in paths:
        try:
            location = path.resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            raise CorpusError(
                f"{shown(str(path))}: no such file or directory; name one that exists"
            ) from None
        found.append(Root(str(location), name_of(location, root.resolve())))
    return list(dict.fromkeys(found))


def name_of(location: Path, root: Path) -> str:
    """What a place is called in the database; empty for the root itself."""
    start = root if location.is_relative_to(root) else location.parent
    name = location.relative_to(start).as_posix()
    return _clean("" if name == "." else name)


def walk(root: Root, corpus: Corpus) -> Iterator[File | Trouble]:
    """Every file below a root that may be an article, in the order of names."""
    seen: set[tuple[int, int]] = set()
    try:
        state = Path(root.location).stat()
    except OSError as error:
        yield Trouble(root.path, _reason(error))
        return
    if S_ISDIR(state.st_mode):
        yield from _directory(root.location, root.path, corpus, seen)
    else:  # a file that is named is an article, whatever its ending
        yield _file(root.path, root.location, state)


def covers(roots: Sequence[Root], path: str) -> bool:
    """Whether an article of this name lies below one of the roots."""
    return any(not root.path or path == root.path or path.startswith(f"{root.path}/") for root in roots)


def _directory(
    location: str, path: str, corpus: Corpus, seen: set[tuple[int, int]]
) -> Iterator[File | Trouble]:
    try:
        with _opened(location) as place:
            here = os.fstat(place)
            if (here.st_dev, here.st_ino) in seen:  # a symbolic link that leads back
                return
            seen.add((here.st_dev, here.st_ino))
            found = _entries(place, location, path, corpus)
    except OSError as error:
        yield Trouble(path, _reason(error))
        return
    for entry in found:
        if isinstance(entry, Root):
            yield from _directory(*entry, corpus, seen)
        else:
            yield entry


@contextmanager
def _opened(location: str) -> Iterator[int]:
    """A directory, by which the system finds what lies in it in two thirds of the time that paths take it."""
    place = os.open(location, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield place
    finally:
        os.close(place)


def _entries(place: int, location: str, path: str, corpus: Corpus) -> list[File | Trouble | Root]:
    """What may be articles in an open directory, and the directories in it, in the order of names."""
    with os.scandir(place) as listing:
        entries = sorted(listing, key=attrgetter("name"))
    found: list[File | Trouble | Root] = []
    for entry in entries:
        name = entry.name if entry.name.isascii() else _clean(entry.name)
        inner = f"{path}/{name}" if path else name
        if name.startswith(".") or (corpus.exclude and _excluded(inner, corpus)):
            continue
        try:
            if entry.is_dir():
                if name not in SKIPPED:
                    found.append(Root(f"{location}/{entry.name}", inner))
            elif _wanted(name, inner, corpus):
                found.append(_file(inner, f"{location}/{entry.name}", entry.stat()))
        except OSError as error:
            found.append(Trouble(inner, _reason(error)))
    return found


def _file(path: str, location: str, state: os.stat_result) -> File | Trouble:
    """A file to read. Reading a pipe would wait for whoever writes to it, reading a device never end."""
    if S_ISREG(state.st_mode):
        return File(path, location, state.st_size, state.st_mtime_ns)
    return Trouble(path, "not a regular file")


def _wanted(name: str, path: str, corpus: Corpus) -> bool:
    if corpus.include:
        return any(fnmatch(name, glob) or fnmatch(path, glob) for glob in corpus.include)
    return name[name.rfind(".") :].lower() in SUFFIXES  # what suffix_of says, in a third of the time


def _excluded(path: str, corpus: Corpus) -> bool:
    return any(fnmatch(path, glob) or fnmatch(path, f"{glob.rstrip('/')}/*") for glob in corpus.exclude)


def _clean(name: str) -> str:
    """A name as text that has UTF-8: odd bytes as ``\\xNN``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def shown(name: str) -> str:
    """A file name as it can stand in a message: on one line, without control characters."""
    clean = _clean(name)
    return clean if clean.isprintable() else clean.encode("unicode_escape").decode()


def _reason(error: OSError) -> str:
    return f"cannot be read: {(error.strerror or str(error)).lower()}"
