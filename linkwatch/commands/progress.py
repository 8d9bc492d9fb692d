"""Long work made visible: a bar on a terminal, else a line now and then, of JSON for machines.

The console is asked for when there is something to show: a night without news does without one.
"""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

from linkwatch.check.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rich.console import Console
    from rich.progress import Task

    # How far it is, how far it goes, and what it is about: words, or how many came to what.
    Show = Callable[[int, int, str | Mapping[Any, int]], None]
    Consoles = Callable[[], Console]

LINE_EVERY = 30.0  # seconds


@contextmanager
def checking(console: Consoles, *, quiet: bool, events: bool = False) -> Iterator[Progress]:
    """Shows how many URLs are checked, how fast, and what came of them."""
    progress = Progress()
    with _shown(console, "checking", quiet=quiet, events=events) as show:
        progress.tell = lambda now: show(now.done, now.total, now.verdicts)
        yield progress


@contextmanager
def harvesting(
    console: Consoles, *, quiet: bool, events: bool = False
) -> Iterator[Callable[[int, int], None]]:
    """Shows how many files are read, and how fast."""
    with _shown(console, "harvesting", quiet=quiet, events=events) as show:
        yield lambda done, total: show(done, total, "")


@contextmanager
def archiving(
    console: Consoles, *, quiet: bool, bar: bool = True, events: bool = False
) -> Iterator[Callable[[str, int, int], None]]:
    """Shows which archive is asked what, and how far that is. Without ``bar`` in lines only."""
    if quiet:
        yield lambda _what, _done, _total: None
    else:
        with _shown(console, "archiving", quiet=False, bar=bar, events=events) as show:
            yield lambda what, done, total: show(done, total, what)


def _words(more: str | Mapping[Any, int]) -> str:
    if isinstance(more, str):
        return more
    return ", ".join(f"{count} {name}" for name, count in sorted(more.items(), key=lambda each: -each[1]))


@contextmanager
def _shown(
    console: Consoles, verb: str, *, quiet: bool, bar: bool = True, events: bool = False
) -> Iterator[Show]:
    if quiet:
        yield lambda _done, _total, _more: None
        return
    started = monotonic()
    way: Show | None = None
    with ExitStack() as stack:

        def show(done: int, total: int, more: str | Mapping[Any, int]) -> None:
            nonlocal way
            if way is None:
                out = console()
                if events:
                    way = _events(out, verb, started)
                elif bar and out.is_terminal and not out.is_dumb_terminal:
                    way = stack.enter_context(_bar(out, verb, started))
                else:
                    way = _lines(out, verb, started)
            way(done, total, more)

        yield show


@contextmanager
def _bar(console: Console, verb: str, started: float) -> Iterator[Show]:
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.table import Column
    from rich.text import Text

    class Words(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(task.fields["more"], no_wrap=True, overflow="ellipsis")

    # On a narrow terminal the words give way, then the bar: last how far it is and how long it takes.
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(table_column=Column(no_wrap=True)),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
        Words(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(verb, total=None, rate="", more="")

        def show(done: int, total: int, more: str | Mapping[Any, int]) -> None:
            rate = done / max(0.001, monotonic() - started)
            bar.update(task, completed=done, total=total, rate=f"{rate:.0f}/s", more=_words(more))

        yield show


def _line(console: Console, text: str) -> None:
    """Where nobody takes it any more the work goes on; the console would end us."""
    with suppress(OSError):
        print(text, file=console.file, flush=True)


def _lines(console: Console, verb: str, started: float) -> Show:
    last = started

    def show(done: int, total: int, more: str | Mapping[Any, int]) -> None:
        nonlocal last
        if monotonic() - last >= LINE_EVERY:
            last = monotonic()
            _line(console, f"{verb}: {done} of {total}{': ' + _words(more) if more else ''}")

    return show


def _events(console: Console, verb: str, started: float) -> Show:
    """One JSON object a line: at the first step, every 30 seconds, and at the last."""
    last = started
    told = False

    def show(done: int, total: int, more: str | Mapping[Any, int]) -> None:
        nonlocal last, told
        now = monotonic()
        if told and now - last < LINE_EVERY and done < total:
            return
        last, told = now, True
        about = {"about": more} if isinstance(more, str) else {"counts": dict(more)}
        rate = done / max(0.001, now - started)
        event = {
            "event": "progress",
            "stage": verb,
            "done": done,
            "total": total,
            "per_second": round(rate, 1),
            "seconds_left": round((total - done) / rate) if rate else None,
        }
        _line(console, json.dumps(event | about))

    return show
