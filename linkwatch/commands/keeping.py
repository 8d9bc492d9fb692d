"""``linkwatch status``, ``merge``, ``refold`` and ``prune``: a database looked after for years."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linkwatch.commands.params import common, json_option
from linkwatch.commands.shell import counted, invoked, now
from linkwatch.commands.voice import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.store.status import Status


@click.command()
@json_option
@common
def status(*, as_json: bool, **given: Any) -> None:
    """Say what is due, how the last run ended, and who is writing."""
    from linkwatch.store.database import in_use_by
    from linkwatch.store.status import status as read

    shell = invoked(as_json=as_json, **given)
    config = shell.config()
    path = shell.db_path(config)
    with shell.reading(config) as db:
        found = read(db, now())
    size, user = path.stat().st_size, in_use_by(path)
    if as_json:
        click.echo(json.dumps({**asdict(found), "bytes": size, "in_use_by": user}))
    else:
        click.echo("\n".join(one_line(line) for line in _lines(found, size, user)))


def _lines(found: Status, size: int, user: str | None) -> Iterator[str]:
    nights = ", ".join(f"{count:,}" for count in found.due_nights.values())
    yield f"Due now     {found.due_now:,} URLs"
    yield f"Due next    {nights} in the nights to come; {found.due_later:,} later"
    yield f"Last run    {_last(found, user)}"
    yield f"States      {', '.join(f'{count:,} {state}' for state, count in found.states.items()) or 'none'}"
    yield f"Database    {size / 1_000_000:,.1f} MB, {found.checks:,} checks"
    yield f"In use by   {user or 'nobody'}"


def _last(found: Status, user: str | None) -> str:
    run = found.last_run
    if run is None:
        return "none yet"
    if run.finished_at is None:
        return f"{run.command}, began {run.started_at}: {'under way' if user else 'killed'}"
    return (
        f"{run.command}, ended {run.finished_at}: {run.outcome} ({counted(run.counts) or 'nothing was done'})"
    )


@click.command()
@click.argument("databases", nargs=-1, required=True, metavar="DB...",
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@json_option
@common
def merge(databases: tuple[Path, ...], *, as_json: bool, **given: Any) -> None:
    """Join the databases of parallel shards.

    They began as copies of one database, each checked on a machine of its own.
    """
    from linkwatch.merge.stage import merge as stage
    from linkwatch.nightly import recorded

    shell = invoked(as_json=as_json, **given)
    config = shell.config()
    path = shell.db_path(config)
    if any(path.exists() and path.samefile(each) for each in databases):
        raise click.BadParameter(f"{path} is the database to merge into (see --db)", param_hint="'DB...'")
    with shell.writing(config) as db, recorded(db, "merge", now) as run:
        done = stage(db, databases, config.policy, run.id)
        run.add(asdict(done))
    shell.tell("Merged", asdict(done))


@click.command()
@click.option("--write", is_flag=True, help="Put right the states that differ.")
@json_option
@common
def refold(*, write: bool, as_json: bool, **given: Any) -> None:
    """Compute all states anew from the checks.

    Exit code 1 where some differ from what is stored.
    """
    from linkwatch.nightly import recorded
    from linkwatch.upkeep.stage import refold as stage

    shell = invoked(as_json=as_json, **given)
    config = shell.config()
    with ExitStack() as stack:
        if write:
            db = stack.enter_context(shell.writing(config, anew=False))
            run = stack.enter_context(recorded(db, "refold", now))
            done = stage(db, config.policy, write=True)
            run.add(asdict(done))
        else:
            done = stage(stack.enter_context(shell.reading(config)), config.policy, write=False)
    shell.tell("Refolded", asdict(done))
    sys.exit(1 if done.differing and not write else 0)


@click.command()
@json_option
@common
def prune(*, as_json: bool, **given: Any) -> None:
    """Thin out old checks that only repeat each other.

    Of checks in a row that say the same, the first and the last stay.
    """
    from linkwatch.nightly import recorded
    from linkwatch.upkeep.stage import prune as stage

    shell = invoked(as_json=as_json, **given)
    config = shell.config()
    with shell.writing(config, anew=False) as db, recorded(db, "prune", now) as run:
        done = stage(db, config.policy, now())
        run.add(asdict(done))
    if as_json:
        click.echo(json.dumps(asdict(done)))
    else:
        shell.say(f"Pruned: {done.removed:,} of {done.checks:,} checks.")
