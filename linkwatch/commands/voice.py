"""What is said beside the data, on stderr: lines for people, or with ``--json`` one object a line.

The work goes on where nobody listens any more: a closed pipe or a full disk ends no night.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from typing import TextIO

import click

_EVENTS = "linkwatch.events"


def one_line(text: str) -> str:
    """A text from outside, such as a file name, with nothing in it that moves a terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def tell_machines() -> None:
    """From now on this invocation says nothing on stderr but JSON, and its end is an event too."""
    click.get_current_context().meta[_EVENTS] = True


def say(text: str) -> None:
    """A line; for machines a message."""
    _write(json.dumps({"event": "message", "text": text}) if for_machines() else text)


def end(code: int, text: str = "") -> None:
    """The last word: why the command ends with this exit code. People need none where all went well."""
    if for_machines():
        _write(json.dumps({"event": "end", "exit_code": code, **({"message": text} if text else {})}))
    elif text:
        _write(f"linkwatch: {text}")


def give_up(stream: TextIO | None) -> None:
    """Keeps Python from writing once more, as it ends, what could not be written."""
    if stream is None:
        return
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write(line: str) -> None:
    try:
        click.echo(line, err=True)
    except OSError:
        give_up(sys.stderr)


def for_machines() -> bool:
    """Whether ``tell_machines`` was called."""
    context = click.get_current_context(silent=True)
    return context is not None and _EVENTS in context.meta
