"""The options that commands share, and what is written in them beyond plain words and numbers."""

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


def common(command: Command) -> Command:
    """Gives a command the options that all have."""
    options = (
        click.option("--db", type=click.Path(path_type=Path, dir_okay=False), metavar="PATH",
                     help="The database.  [default: db/linkwatch.db]"),
        click.option("--config", "config_path", type=click.Path(path_type=Path), metavar="PATH",
                     help="The settings.  [default: the nearest linkwatch.toml, here or above]"),
        click.option("-v", "--verbose", count=True, help="Say more: which settings and which database."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but data and errors."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


json_option = click.option("--json", "as_json", is_flag=True, help="Print data as JSON.")

connect_option = click.option(
    "--connect-to", multiple=True, metavar="HOST1:PORT1:HOST2:PORT2",
    help="Connect to HOST2:PORT2 instead of HOST1:PORT1, as curl does; repeatable.",
)  # fmt: skip

shard_option = click.option(
    "--shard", type=shard, metavar="I/N",
    help="Check only shard I of N: machines share out the hosts among them.",
)  # fmt: skip

max_time_option = click.option(
    "--max-time", type=duration, metavar="DURATION",
    help="Start no check after this long (90m, or seconds); the rest stays due.",
)  # fmt: skip

by_option = click.option(
    "--by", type=click.Choice(["url", "host", "article"]), default="url", show_default=True,
    help="Group the URLs of each section.",
)  # fmt: skip

output_option = click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write the report to FILE instead of standard output.",
)  # fmt: skip
