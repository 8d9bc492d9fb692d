"""``linkwatch fix`` on the command line: a diff, or the files themselves."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linkwatch.commands.params import common, json_option
from linkwatch.commands.shell import invoked, now
from linkwatch.commands.voice import one_line
from linkwatch.model import State
from linkwatch.times import optional_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkwatch.commands.shell import Shell
    from linkwatch.fix.stage import Fixed

STATES = (State.DEAD, State.MOVED, State.DRIFTED)
UNCOMMITTED = "holds changes that are not committed; commit them, or say --force"


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Change the files. Without it a diff is printed.")
@click.option("--only", metavar="STATES", default=",".join(STATES), show_default=True,
              help="Repair only links in these states, separated by commas.")  # fmt: skip
@click.option("--article", help="Only these articles: a path, a glob, or an address.")
@click.option("--robust", is_flag=True, help="Add the attributes of Robust Links to HTML anchors.")
@click.option("--force", is_flag=True, help="Write to files with uncommitted changes too.")
@json_option
@common
def fix(paths: tuple[Path, ...], *, write: bool, only: str, article: str | None, robust: bool,
        force: bool, as_json: bool, **given: Any) -> None:  # fmt: skip
    """Repair links in the articles: a diff, or --write.

    Dead and drifted links get the memento nearest to the article's date, moved ones their new
    address. Nothing but the addresses changes; a file that changed since the last harvest is left
    alone.
    """
    from linkwatch.fix.stage import fix as stage

    shell = invoked(as_json=as_json, **given)
    config = shell.config()
    states = _states(only)
    with shell.reading(config) as db:
        files = stage(db, config, paths, today=now().date(), only=states, article=article, robust=robust)
        done = _written(files, force=force) if write else files if as_json else _printed(files)
        if as_json:
            click.echo(json.dumps({"written": write, "files": [_data(each) for each in done]}))
            return
        counts = _described(shell, done)
    shell.describe("Fixed" if write else "Would fix", counts)


def _states(text: str) -> tuple[State, ...]:
    """The states that ``--only`` names."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names or [text]:
        if name not in STATES:
            raise click.BadParameter(f"{name!r} is none of {', '.join(STATES)}", param_hint="'--only'")
    return tuple(State(name) for name in names)


def _printed(files: Iterable[Fixed]) -> Iterator[Fixed]:
    """Prints the diff of each file: as bytes, so that it can be applied, or as text to a terminal."""
    from linkwatch.fix.diff import shown, unified

    for each in files:
        diff = unified(one_line(each.path), each.before, each.after)
        if sys.stdout.isatty():
            click.echo(shown(diff), nl=False)
        else:
            sys.stdout.buffer.write(diff)
        yield each


def _written(files: Iterable[Fixed], *, force: bool) -> Iterator[Fixed]:
    """Changes the files, but for those whose changes git could not bring back."""
    from linkwatch.fix import disk

    held = disk.Uncommitted()
    for each in files:
        if not each.fixes:
            yield each
        elif not force and each.location in held:
            yield replace(each, refused=UNCOMMITTED, fixes=(), left=())
        else:
            try:
                disk.replace(each.location, each.after)
                yield each
            except OSError as error:
                why = f"cannot be written: {(error.strerror or str(error)).lower()}"
                yield replace(each, refused=why, fixes=(), left=())


def _data(file: Fixed) -> dict[str, Any]:
    """What becomes of a file, for programs."""
    fixes = [
        {"line": each.line, "column": each.column, "raw": each.raw, "url": each.url, "state": each.state,
         "new": each.new, "captured_at": optional_text(each.memento.captured_at if each.memento else None)}
        for each in file.fixes
    ]  # fmt: skip
    left = [asdict(each) for each in file.left]
    return {"path": file.path, "refused": file.refused, "fixes": fixes, "left": left}


def _described(shell: Shell, files: Iterable[Fixed]) -> dict[str, int]:
    """Counts what was done; tells of files left alone, and with ``-v`` of links."""
    counts = Counter({"files": 0, "links": 0, "links_left_alone": 0, "files_refused": 0})
    for each in files:
        name = one_line(each.path)
        counts["files"] += bool(each.fixes)
        counts["links"] += len(each.fixes)
        counts["links_left_alone"] += len(each.left)
        counts["files_refused"] += each.refused is not None
        if each.refused:
            click.echo(f"linkwatch: {name}: {each.refused}", err=True)
        if shell.verbosity > 0:
            for link in each.left:
                shell.say(f"{name}:{link.line}: {one_line(link.url)}: {link.why}")
    return dict(counts)
