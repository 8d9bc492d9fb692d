"""The harvest: which files are new or changed, what is in them, and what is gone.

A file whose size and time are as they were costs a look at its directory entry, and a night on
which all are costs little else, unless what articles are read by has changed. The others are read by
all cores; one process, this one, writes.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from linkwatch import __version__
from linkwatch.errors import ConfigError
from linkwatch.harvest import corpus
from linkwatch.harvest.corpus import File, Task, Trouble
from linkwatch.store.articles import Ledger
from linkwatch.store.due import Asked, note_reading, read_by, settle
from linkwatch.store.filling import filling
from linkwatch.store.known import known, knows_any, there

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from linkwatch.config import Config
    from linkwatch.harvest.batch import Batch
    from linkwatch.store.known import Known


@dataclass(frozen=True, slots=True)
class HarvestSummary:
    """What a harvest found. ``articles``, ``links`` and ``urls`` are all that are there now."""

    articles: int
    read: int
    unchanged: int
    removed: int
    links: int
    urls: int
    new_links: int
    problems: tuple[tuple[str, str], ...] = ()  # path, and why it was not read in one line


_STATE = attrgetter("path", "size", "modified_ns")  # of a file, as the database has it


class _Look(NamedTuple):
    """What is there: the files by their names, and what could not be looked at."""

    files: dict[str, File]
    troubles: list[Trouble]


class _Plan(NamedTuple):
    """What is to be done about the files that are there, and those that are not."""

    tasks: list[Task]
    unchanged: list[Known]
    gone: dict[str, Known]


@dataclass(slots=True)
class _Work:
    """What was done about the files."""

    read: int = 0
    unchanged: int = 0
    removed: int = 0
    troubles: list[Trouble] = field(default_factory=list)


def harvest(
    db: Database,
    config: Config,
    paths: Sequence[Path],
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> HarvestSummary:
    """Reads what is new below ``paths``, or below the configured ones, and records its links.

    ``progress`` is called with the files done and their number. Raises CorpusError for a path
    that does not exist; a file that cannot be read is a line in ``problems``.
    """
    _check_zone(config.corpus.timezone)
    roots = corpus.named(paths, config)
    settings = reading_settings(config)
    if not knows_any(db):
        note_reading(db, settings)  # so that a first harvest that is cut short goes on where it was
    afresh = read_by(db) != settings
    look = _look(config, roots)
    asked = Asked.by(config)
    ledger = Ledger(db, now, asked)
    if not afresh and _is_as_it_was(db, look):
        ledger.seen_all()
        work = _Work(unchanged=len(look.files))
    else:
        before = known(db)
        with filling(db):
            work = _work(ledger, config, _plan(roots, look, before, afresh=afresh), before, progress)
        if afresh and all(entry.removed or corpus.covers(roots, path) for path, entry in before.items()):
            note_reading(db, settings)
    total = settle(db, asked, now, is_due=ledger.urls.are_due)
    return HarvestSummary(
        articles=total.articles,
        read=work.read,
        unchanged=work.unchanged,
        removed=work.removed,
        links=total.links,
        urls=total.urls,
        new_links=ledger.new_links,
        problems=tuple((corpus.shown(path), reason) for path, reason in look.troubles + work.troubles),
    )


def reading_settings(config: Config) -> str:
    """What decides beside its bytes what is found in an article: settings, and how far linkwatch has come."""
    said = config.corpus
    parameters = (said.tracking_parameters, said.keep_parameters)
    return json.dumps([__version__, said.timezone, sorted(config.site.hosts), *map(sorted, parameters)])


def _check_zone(name: str | None) -> None:
    if name is None:
        return
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError(
            f"corpus.timezone: unknown zone '{name}'; write one such as 'Asia/Shanghai'"
        ) from None


def _read(config: Config, tasks: list[Task]) -> Generator[Batch, None, None]:
    if not tasks:  # a night without new articles does without the parsers, half of its start-up
        return
    from linkwatch.harvest.pool import batches, rare_collections, read

    with rare_collections():
        yield from batches(partial(read, config), tasks)


def _look(config: Config, roots: Sequence[corpus.Root]) -> _Look:
    look = _Look({}, [])
    for entry in chain.from_iterable(corpus.walk(root, config.corpus) for root in roots):
        if isinstance(entry, Trouble):
            look.troubles.append(entry)
        else:
            look.files.setdefault(entry.path, entry)
    if not look.files and not look.troubles:
        look.troubles.extend(Trouble(root.path or root.location, "no articles in it") for root in roots)
    return look


def _is_as_it_was(db: Database, look: _Look) -> bool:
    """Whether there are the files of the last time, all of them and no others, each as it was."""
    if look.troubles or not look.files:
        return False
    before = there(db)
    return len(before) == len(look.files) and before.issuperset(map(_STATE, look.files.values()))


def _plan(roots: Sequence[corpus.Root], look: _Look, before: dict[str, Known], *, afresh: bool) -> _Plan:
    plan = _Plan([], [], {})
    for file in look.files.values():
        _sort(file, before.get(file.path), plan, afresh=afresh)
    unseen = [corpus.Root("", trouble.path) for trouble in look.troubles]
    for path, past in before.items():
        if path not in look.files and corpus.covers(roots, path) and not corpus.covers(unseen, path):
            plan.gone[path] = past
    return plan


def _work(
    ledger: Ledger,
    config: Config,
    plan: _Plan,
    before: dict[str, Known],
    progress: Callable[[int, int], None] | None,
) -> _Work:
    work = _Work(unchanged=len(plan.unchanged))
    renamed = _by_content(plan.gone)
    with closing(_read(config, plan.tasks)) as batches:
        for batch in batches:
            _write(ledger, batch, before, renamed, plan.gone)
            work.troubles += batch.troubles
            work.read += len(batch.files)
            if progress is not None:
                progress(work.read + len(work.troubles), len(plan.tasks))
    ledger.seen(plan.unchanged)
    work.removed = ledger.remove(
        id_ for entry in plan.gone.values() if not entry.removed for id_ in entry.articles.values()
    )
    return work


def _sort(file: File, entry: Known | None, plan: _Plan, *, afresh: bool) -> None:
    if entry is None or afresh:
        plan.tasks.append(Task(file, None))
    elif not entry.removed and entry.size == file.size and entry.modified_ns == file.modified_ns:
        plan.unchanged.append(entry)
    else:
        plan.tasks.append(Task(file, entry.sha256))


def _by_content(gone: dict[str, Known]) -> dict[str, str]:
    """Where content that lay under a name that is gone may have moved from."""
    return {entry.sha256: path for path, entry in reversed(gone.items())}


def _write(
    ledger: Ledger, batch: Batch, before: dict[str, Known], renamed: dict[str, str], gone: dict[str, Known]
) -> None:
    rows = []
    for file in batch.files:
        entry = before.get(file.path)
        old = renamed.pop(file.sha256, None) if entry is None else None
        if old is not None:
            entry = gone.pop(old)
        rows.append((file, entry))
    ledger.write(rows, batch.urls)
