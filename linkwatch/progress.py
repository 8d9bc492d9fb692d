"""Long work made visible: a bar on a terminal, a line now and then where there is none."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from linkwatch.check.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

LINE_EVERY = 30.0  # seconds


@contextmanager
def checking(console: Console, *, quiet: bool) -> Iterator[Progress]:
    """Shows how many URLs are checked, how fast, and what came of them."""
    progress = Progress()
    with _shown(console, "checking", quiet=quiet) as show:
        progress.tell = lambda now: show(now.done, now.total, _counts(now))
        yield progress


@contextmanager
def harvesting(console: Console, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Shows how many files are read, and how fast."""
    with _shown(console, "harvesting", quiet=quiet) as show:
        yield lambda done, total: show(done, total, "")


@contextmanager
def archiving(
    console: Console, *, quiet: bool, bar: bool = True
) -> Iterator[Callable[[str, int, int], None]]:
    """Shows which archive is asked what, and how far that is. Without ``bar`` in lines only."""
    if quiet:
        yield lambda _what, _done, _total: None
    elif bar:
        with _shown(console, "archiving", quiet=False) as show:
            yield lambda what, done, total: show(done, total, what)
    else:
        show = _lines(console, "archiving")
        yield lambda what, done, total: show(done, total, what)


def _counts(progress: Progress) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in progress.verdicts.most_common())


@contextmanager
def _shown(console: Console, verb: str, *, quiet: bool) -> Iterator[Callable[[int, int, str], None]]:
    if quiet:
        yield lambda _done, _total, _more: None
    elif console.is_terminal:
        with _bar(console, verb) as show:
            yield show
    else:
        yield _lines(console, verb)


@contextmanager
def _bar(console: Console, verb: str) -> Iterator[Callable[[int, int, str], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[more]}"),
    )
    started = monotonic()
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(verb, total=None, rate="", more="")

        def show(done: int, total: int, more: str) -> None:
            rate = done / max(0.001, monotonic() - started)
            bar.update(task, completed=done, total=total, rate=f"{rate:.0f}/s", more=more)

        yield show


def _lines(console: Console, verb: str) -> Callable[[int, int, str], None]:
    last = monotonic()

    def show(done: int, total: int, more: str) -> None:
        nonlocal last
        if monotonic() - last >= LINE_EVERY:
            last = monotonic()
            console.print(f"{verb}: {done} of {total}{': ' + more if more else ''}", markup=False)

    return show
