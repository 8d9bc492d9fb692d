"""The harvest: which files are new or changed, what is in them, and what is gone.

A file whose size and time are as they were costs a look at its directory entry, unless what
articles are read by has changed. The others are read by all cores; one process, this one, writes.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from linkwatch import __version__
from linkwatch.errors import ConfigError, CorpusError
from linkwatch.harvest import corpus
from linkwatch.harvest.corpus import File, Task, Trouble
from linkwatch.store.articles import Ledger, known
from linkwatch.store.due import note_reading, read_by, settle
from linkwatch.store.schema import index, unindex

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from linkwatch.config import Config
    from linkwatch.harvest.reading import Batch
    from linkwatch.store.articles import Known


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


class _Plan(NamedTuple):
    """What is to be done about the files that are there, and those that are not."""

    tasks: list[Task]
    unchanged: list[Known]
    gone: dict[str, Known]
    troubles: list[Trouble]


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
    roots = corpus.roots(_named(config, paths), config.root)
    before = known(db)
    manner = _manner(config)
    if not before:
        note_reading(db, manner)  # so that a first harvest that is cut short goes on where it was
    afresh = read_by(db) != manner
    plan = _plan(config, roots, before, afresh=afresh)
    unindex(db)
    ledger = Ledger(db, now)
    renamed = _by_content(plan.gone)
    done, troubles = 0, list(plan.troubles)
    with closing(_read(config, plan.tasks)) as batches:
        for batch in batches:
            _write(ledger, batch, before, renamed, plan.gone)
            troubles += batch.troubles
            done += len(batch.files) + len(batch.troubles)
            if progress is not None:
                progress(done, len(plan.tasks))
    ledger.seen(plan.unchanged)
    removed = ledger.remove(
        id_ for entry in plan.gone.values() if not entry.removed for id_ in entry.articles.values()
    )
    if afresh and all(entry.removed or corpus.covers(roots, path) for path, entry in before.items()):
        note_reading(db, manner)
    index(db)
    often = config.policy.boilerplate_articles
    total = settle(db, config.check.elements, config.check.scopes, often, now)
    return HarvestSummary(
        articles=total.articles,
        read=done - (len(troubles) - len(plan.troubles)),
        unchanged=len(plan.unchanged),
        removed=removed,
        links=total.links,
        urls=total.urls,
        new_links=ledger.new_links,
        problems=tuple((corpus.shown(path), reason) for path, reason in troubles),
    )


def _named(config: Config, paths: Sequence[Path]) -> list[Path]:
    if paths:
        return list(paths)
    if not config.corpus.paths:
        raise CorpusError("no articles named: give a path, or set [corpus] paths in linkwatch.toml")
    return [config.root / path for path in config.corpus.paths]


def _manner(config: Config) -> str:
    """What decides beside its bytes what is found in an article: settings, and how far linkwatch has come."""
    said = config.corpus
    parameters = (said.tracking_parameters, said.keep_parameters)
    return json.dumps([__version__, said.timezone, sorted(config.site.hosts), *map(sorted, parameters)])


def _check_zone(name: str | None) -> None:
    try:
        if name is not None:
            ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError(
            f"corpus.timezone: unknown zone '{name}'; write one such as 'Asia/Shanghai'"
        ) from None


def _read(config: Config, tasks: list[Task]) -> Generator[Batch, None, None]:
    if not tasks:  # a night without new articles does without the parsers, half of its start-up
        return
    from linkwatch.harvest.pool import batches, rare_collections
    from linkwatch.harvest.reading import reader

    with rare_collections():
        yield from batches(reader(config), tasks)


def _plan(config: Config, roots: Sequence[corpus.Root], before: dict[str, Known], *, afresh: bool) -> _Plan:
    plan = _Plan([], [], {}, [])
    present: set[str] = set()
    for entry in chain.from_iterable(corpus.walk(root, config.corpus) for root in roots):
        if isinstance(entry, Trouble):
            plan.troubles.append(entry)
        elif entry.path not in present:
            present.add(entry.path)
            _sort(entry, before.get(entry.path), plan, afresh=afresh)
    if not present and not plan.troubles:
        plan.troubles.extend(Trouble(root.path or root.location, "no articles in it") for root in roots)
    unseen = [corpus.Root("", trouble.path) for trouble in plan.troubles]
    for path, past in before.items():
        if path not in present and corpus.covers(roots, path) and not corpus.covers(unseen, path):
            plan.gone[path] = past
    return plan


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
