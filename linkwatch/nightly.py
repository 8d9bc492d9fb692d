"""The nightly job: harvest, check, archive, one after another, each night as one run."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from linkwatch.errors import LinkwatchError, Stopped
from linkwatch.store import runs

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from linkwatch.archive.keys import Keys
    from linkwatch.archive.tally import ArchiveSummary
    from linkwatch.check.progress import Progress
    from linkwatch.config import Config
    from linkwatch.harvest.stage import HarvestSummary
    from linkwatch.model import Verdict


@dataclass(slots=True)
class Run:
    """A run under way: its database, its clock, and what it has done so far, for its row in ``runs``."""

    db: Database
    clock: Callable[[], datetime]
    id: int
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, counts: Mapping[str, object]) -> None:
        """Adds what a stage has done."""
        self.counts.update({name: number for name, number in counts.items() if isinstance(number, int)})

    @contextmanager
    def counting(self, progress: Progress) -> Iterator[None]:
        """Adds the verdicts of the checks in the block, and how many URLs got none, even if cut short."""
        try:
            yield
        finally:
            self.add({str(verdict): count for verdict, count in progress.verdicts.items()})
            if left := progress.total - progress.verdicts.total():
                self.add({"not_checked": left})


@dataclass(frozen=True, slots=True)
class Night:
    """What one night did."""

    run_id: int
    harvested: HarvestSummary
    verdicts: Counter[Verdict]
    archived: ArchiveSummary


@contextmanager
def recorded(db: Database, command: str, clock: Callable[[], datetime]) -> Iterator[Run]:
    """A row in ``runs`` that says how it ended, however it ends."""
    run = Run(db, clock, runs.begin(db, command, clock()))
    outcome = "done"
    try:
        yield run
    except BaseException as error:
        outcome = _ending(error)
        raise
    finally:
        with suppress(sqlite3.Error):  # a database that cannot be written has failed the run already
            runs.finish(db, run.id, clock(), outcome, run.counts)


def _ending(error: BaseException) -> str:
    """How a run ended that did not end well, in words that will still make sense years later."""
    match error:
        case Stopped():
            return f"interrupted by {error}"
        case KeyboardInterrupt():
            return "interrupted by SIGINT"
        case LinkwatchError() | sqlite3.Error() | OSError():
            return f"failed: {error}"
        case Exception():
            return f"failed: a fault of linkwatch ({type(error).__name__}: {error})"
        case _:
            return "interrupted"


async def night(
    run: Run,
    config: Config,
    paths: Sequence[Path],
    *,
    keys: Keys | None,
    progress: Progress | None = None,
    archiving: Callable[[str, int, int], None] | None = None,
    max_time: float | None = None,
) -> Night:
    """Harvests the articles, checks what is due, archives what lives and finds what replaces the dead.

    Raises OfflineError when our own network is down; the harvest is kept, and no URL is judged.
    """
    from linkwatch.archive.stage import archive
    from linkwatch.check.progress import Progress
    from linkwatch.check.stage import check
    from linkwatch.harvest.stage import harvest
    from linkwatch.store import backlog

    db, clock = run.db, run.clock
    harvested = harvest(db, config, paths, now=clock())
    run.add(asdict(harvested))
    due = backlog.due(db, clock(), per_domain=config.check.per_domain_per_night)
    progress = progress or Progress()
    with run.counting(progress):
        verdicts = await check(
            db, config, run_id=run.id, clock=clock, targets=due, progress=progress, max_time=max_time
        )
    archived = await archive(db, config, run_id=run.id, clock=clock, keys=keys, progress=archiving)
    run.add(asdict(archived))
    return Night(run.id, harvested, verdicts, archived)
