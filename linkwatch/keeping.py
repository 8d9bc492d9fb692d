"""``linkwatch refold`` and ``prune`` on the command line: a database looked after for years."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

import click

from linkwatch.shell import common, json_option, now, shell


@click.command()
@click.option("--write", is_flag=True, help="Put right the states that differ.")
@json_option
@common
def refold(*, write: bool, as_json: bool, **given: Any) -> None:
    """Compute all states anew from the checks: exit code 1 where some differ."""
    from linkwatch.upkeep.stage import refold as stage

    told = shell(as_json=as_json, **given)
    config = told.config()
    with told.writing(config) if write else told.reading(config) as db:
        done = stage(db, config.policy, write=write)
    told.tell("Refolded", asdict(done))
    sys.exit(1 if done.differing and not write else 0)


@click.command()
@json_option
@common
def prune(*, as_json: bool, **given: Any) -> None:
    """Thin old checks that say the same to the first and the last of each row."""
    from linkwatch.upkeep.stage import prune as stage

    told = shell(as_json=as_json, **given)
    config = told.config()
    with told.writing(config) as db:
        done = stage(db, config.policy, now())
    told.tell("Pruned", asdict(done))
