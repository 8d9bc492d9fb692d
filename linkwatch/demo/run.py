"""``linkwatch demo``: ten nights of the job on a simulated clock against the simulated web.

Six weeks pass in seconds: the nights on which nothing new could be learned are left out. The real
stages run, over real sockets; only the web, the archive and the clock are simulated.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from linkwatch import shipped
from linkwatch.commands.ending import run_async
from linkwatch.commands.shell import colour_wanted
from linkwatch.config import Archive, Check, Config, Corpus, Network
from linkwatch.demo.authority import new_authority, trusted
from linkwatch.errors import UsageError
from linkwatch.policy import Policy

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from linkwatch.archive.keys import Keys
    from linkwatch.demo.authority import Authority
    from linkwatch.demo.web import SimulatedWeb
    from linkwatch.nightly import Night

# Three checks over three days confirm what says "not here", five over two weeks what says nothing;
# live links are looked at again after a week or more, dead ones after a month.
NIGHTS = (0, 1, 4, 8, 9, 12, 15, 38, 39, 42)
IN_FULL = 2  # so many of the last nights
LATER = timedelta(minutes=5)  # no scheduler is punctual: each night begins that much later
ARTICLES = "seeds/articles"
ARCHIVE_HOST = "web.archive.org"

WELCOME = """\
linkwatch demo: a publication of ten articles, the web they cite, and an archive, all simulated.
The web behaves as the real one does: pages move, vanish, hide behind gates, hang and come back. It is
served on this machine under real host names, over real sockets; nothing leaves the machine, and what
happens here says nothing of the real sites. Only the clock is fast: six weeks take some seconds.
"""
GOODBYE = """\
The database is left for looking around:
  linkwatch browse --db {db}
  linkwatch report --db {db}
  linkwatch why --db {db} {dead}
  linkwatch why --db {db} {blocked}
"""
DEAD = "http://courtwatch.example/opinions/2012/appendix-b.html"
BLOCKED = "https://kcnawatch.org/newstream/1686521388-398467602/greetings-to-russian-president/"


@dataclass(slots=True)
class Clock:
    """A clock that is set to the beginning of each night and goes on from there."""

    night: datetime
    started: float = 0.0

    def set(self, night: datetime) -> None:
        """A new night begins."""
        self.night, self.started = night, time.monotonic()

    def __call__(self) -> datetime:
        """The simulated time."""
        return self.night + timedelta(seconds=int(time.monotonic() - self.started))


def run_demo(db_path: Path, now: datetime | None = None) -> int:
    """Runs the nights, the last of them ``now``, and leaves the database at ``db_path``.

    Returns the exit code. Raises UsageError where the file holds anything but an earlier demo.
    """
    last = now or datetime.now(UTC).replace(microsecond=0)
    articles = shipped.path(ARTICLES)
    root = articles.parent.parent
    make_room(db_path, articles, root, last)
    click.echo(WELCOME)
    started = time.monotonic()
    with ExitStack() as stack:
        authority = stack.enter_context(new_authority())
        stack.enter_context(trusted(authority))
        from linkwatch.store.database import open_for_writing

        db = stack.enter_context(open_for_writing(db_path, last))
        run_async(_nights(db, articles, root, last, authority))
    click.echo(f"{len(NIGHTS)} nights in {time.monotonic() - started:.0f} seconds.\n")
    name = shlex.quote(str(db_path))
    click.echo(GOODBYE.format(db=name, dead=shlex.quote(DEAD), blocked=shlex.quote(BLOCKED)), nl=False)
    return 0


def make_room(db_path: Path, articles: Path, root: Path, now: datetime) -> None:
    """Removes the database of an earlier demo. Raises UsageError where there is anything else."""
    from linkwatch.store.database import open_for_writing

    if not db_path.exists() or db_path.stat().st_size == 0:
        return
    ours = {each.relative_to(root).as_posix() for each in articles.iterdir()}
    with open_for_writing(db_path, now) as db:
        held = {row["path"] for row in db.table("articles").rows}
        others = db.table("urls").count if not held else len(held - ours)
    if others:
        raise UsageError(
            f"{db_path}: not the database of a demo; name another file with --db, such as db/demo.db"
        )
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            db_path.with_name(db_path.name + ending).unlink()


async def _nights(db: Database, articles: Path, root: Path, last: datetime, authority: Authority) -> None:
    from linkwatch.archive.keys import Keys
    from linkwatch.demo.collection import crawler_visit, fill
    from linkwatch.demo.sites import world as simulated_world
    from linkwatch.demo.wayback import KEYS, SimulatedArchive
    from linkwatch.demo.web import simulated_web

    world, clock = simulated_world(), Clock(last)
    archive = SimulatedArchive(clock, visit=lambda url: crawler_visit(world, url))
    fill(archive)
    async with simulated_web(world, {ARCHIVE_HOST: archive.app()}, authority) as web:
        for left, day in zip(reversed(range(len(NIGHTS))), NIGHTS, strict=True):
            world.today = day
            clock.set(last - timedelta(days=NIGHTS[-1] - day) - LATER * left)
            config = settings(web, root)
            await _one(db, config, articles, clock, Keys(*KEYS), in_full=left < IN_FULL)
        _print_report(db, settings(web, root), clock())


def settings(web: SimulatedWeb, root: Path) -> Config:
    """The settings of the demo: the way to today's simulated web, and only as much patience as it needs."""
    return Config(
        corpus=Corpus(timezone="Asia/Shanghai"),
        check=Check(per_host_interval=0.01, connect_timeout=0.9, timeout=0.9, retries=0),
        network=Network(nameservers=web.nameservers, connect_to=web.connect_to, allow_private=True),
        archive=Archive(captures_per_minute=6_000, lookups_per_minute=60_000),
        # With so few links there is nothing to spread; the story keeps its days.
        policy=replace(Policy(), recheck_jitter=0.0, retry_wait=0.05),
        root=root,
    )


async def _one(
    db: Database, config: Config, articles: Path, clock: Clock, keys: Keys, *, in_full: bool
) -> None:
    """One night, told in a line or in full."""
    from linkwatch.nightly import night, recorded
    from linkwatch.report import telling
    from linkwatch.report.stage import build

    began = clock()
    with recorded(db, "run", clock) as run:
        done = await night(run, config, [articles], keys=keys)
    report = build(db, config, now=clock())
    date = f"{began:%d %B %Y}".lstrip("0")
    found = f"{telling.headline(report)}."
    if in_full:
        click.echo(f"\n=== Night of {date} ===\n{_at_length(done)}\n  found      {found}")
    else:
        click.echo(f"Night of {date}: {_briefly(done)} {found}")


def _print_report(db: Database, config: Config, now: datetime) -> None:
    from linkwatch.report import terminal
    from linkwatch.report.stage import build

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    report = build(db, config, now=now)
    click.echo("\n" + terminal.render(report, width=width, colour=colour_wanted()))


def _briefly(done: Night) -> str:
    return f"{sum(done.verdicts.values())} checked, {done.archived.archived} captured;"


def _at_length(done: Night) -> str:
    """What each stage of a night did, a line each."""
    found, archived = done.harvested, done.archived
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in done.verdicts.most_common())
    checked = f"{sum(done.verdicts.values())} that were due: {verdicts or 'none'}"
    looked_up = f"{archived.looked_up} looked up in the archive, {archived.found} found there"
    captured = f"{archived.archived} captured, {archived.refused + archived.failed} refused"
    return (
        f"  harvested  {found.articles} articles with {found.links} links to {found.urls} addresses\n"
        f"  checked    {checked}\n"
        f"  archived   {looked_up}; {captured}"
    )
