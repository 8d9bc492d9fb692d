"""A simulated archive on a loopback socket, and a database of links to be looked up and captured."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web
from conftest import NIGHT
from history import History

from linkwatch.archive.pace import Timer
from linkwatch.archive.stage import Keys, archive
from linkwatch.config import Archive, Config
from linkwatch.demo.wayback import KEYS, SimulatedArchive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.archive.stage import ArchiveSummary

RIGHT_KEYS = Keys(*KEYS)


class Night:
    """A clock that stands still until it is told to go on; sleeping moves it."""

    def __init__(self, now: datetime = NIGHT) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        """What time it is."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Lets time pass without waiting for it."""
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def later(self, **length: float) -> None:
        """Lets so much time pass, given as for a timedelta."""
        self.now += timedelta(**length)


class Archived:
    """The simulated archive where it is served, and a stage that runs against it."""

    def __init__(self, simulated: SimulatedArchive, base: str, session: Any, night: Night) -> None:
        self.archive = simulated
        self.base = base
        self.session = session
        self.night = night
        self.config = Config(
            archive=Archive(wayback_url=base, captures_per_minute=1e6, lookups_per_minute=1e6)
        )

    def set(self, **settings: Any) -> None:
        """Changes settings of ``[archive]``."""
        self.config = replace(self.config, archive=replace(self.config.archive, **settings))

    async def run(self, db: Database, keys: Keys | None = RIGHT_KEYS) -> ArchiveSummary:
        """One run of the stage."""
        run_id = History(db).run("2026-03-01", command="archive", outcome=None)
        return await archive(
            db,
            self.config,
            run_id=run_id,
            clock=self.night,
            keys=keys,
            session=self.session,
            timer=Timer(lambda: self.night().timestamp(), self.night.sleep),
        )


@asynccontextmanager
async def served(night: Night | None = None, **options: Any) -> AsyncIterator[Archived]:
    """A simulated archive on a socket of its own."""
    clock = night or Night()
    simulated = SimulatedArchive(clock=clock, **options)
    runner = web.AppRunner(simulated.app(), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with aiohttp.ClientSession() as session:
            yield Archived(simulated, base, session, clock)
    finally:
        simulated.released.set()
        await runner.cleanup()


def cite(
    db: Database, url: str, state: str = "alive", *, cited: str = "2025-11-20", since: str = "2026-01-20"
) -> int:
    """A URL in a given state, cited by an article of a given day; the URL's id."""
    past = History(db)
    known = next(db.query("select id from urls where url = ?", (url,)), None)
    url_id = int(known["id"]) if known else past.url(url, state, state_since=since)
    past.link(past.article(f"{url_id}-{cited}.md", published=cited), url_id)
    return url_id


def captures(db: Database) -> list[dict[str, Any]]:
    """The rows of ``captures`` with their URL and memento."""
    return list(
        db.query(
            "select captures.*, urls.url, mementos.memento_url, mementos.captured_at from captures"
            " join urls on urls.id = captures.url_id left join mementos on mementos.id = memento_id"
            " order by captures.id"
        )
    )


def lookups(db: Database) -> dict[str, tuple[str, str | None]]:
    """Answer and error of every look-up, by URL."""
    rows = db.query("select urls.url, answer, error from lookups join urls on urls.id = url_id")
    return {row["url"]: (row["answer"], row["error"]) for row in rows}
