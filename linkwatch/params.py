"""What options mean beyond plain words and numbers, and those that several commands share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from linkwatch.times import seconds

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., Any]")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_SHARD = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


def duration(text: str) -> float:
    """The seconds of a duration: a number, or text such as "90m"."""
    try:
        return float(text) if _NUMBER.fullmatch(text) else seconds(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def shard(text: str) -> tuple[int, int]:
    """The number of a shard, from 1, and how many there are: of "1/4"."""
    found = _SHARD.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise click.BadParameter(f"{text!r} is no shard; write 1/4 for the first of four")
    return int(found[1]), int(found[2])


def shard_option(command: Command) -> Command:
    """Gives a command ``--shard``."""
    return click.option(
        "--shard", type=shard, metavar="I/N",
        help="Check only shard I of N: machines share out the hosts among them.",
    )(command)  # fmt: skip


def max_time_option(command: Command) -> Command:
    """Gives a command ``--max-time``."""
    return click.option(
        "--max-time", type=duration, metavar="DURATION",
        help="Start no check after this long (90m, or seconds); the rest stays due.",
    )(command)  # fmt: skip


def by_option(command: Command) -> Command:
    """Gives a command ``--by``."""
    return click.option(
        "--by", type=click.Choice(["url", "host", "article"]), default="url", show_default=True,
        help="Group the URLs of each section.",
    )(command)  # fmt: skip


def output_option(command: Command) -> Command:
    """Gives a command ``--output``."""
    return click.option(
        "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help="Write the report to FILE instead of standard output.",
    )(command)  # fmt: skip
