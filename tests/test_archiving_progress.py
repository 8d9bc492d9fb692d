"""Asking an archive takes long at the pace it allows: people see how far that is."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from linkwatch.commands import progress
from linkwatch.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A clock that shows these seconds, one for each look."""
    shown: list[float] = []
    monkeypatch.setattr(progress, "monotonic", lambda: shown.pop(0) if len(shown) > 1 else shown[0])
    return shown


@pytest.mark.parametrize("bar", [True, False])
def test_a_line_every_thirty_seconds(seconds: list[float], bar: bool) -> None:
    """Where there is no terminal, what is done and how far it is; never more often."""
    seconds += [0.0, 10.0, 31.0, 31.0, 40.0]
    out = io.StringIO()
    with progress.archiving(lambda: Console(file=out, width=100), quiet=False, bar=bar) as tell:
        tell("looking up", 4, 90)
        tell("looking up", 12, 90)
        tell("asking arquivo.pt/wayback", 1, 2)
    assert out.getvalue() == "archiving: 12 of 90: looking up\n"


def test_quiet_means_quiet(seconds: list[float]) -> None:
    """``-q`` shows nothing, however long it takes."""
    seconds += [0.0, 1e6]
    out = io.StringIO()
    with progress.archiving(lambda: Console(file=out), quiet=True) as tell:
        tell("looking up", 4, 90)
    assert out.getvalue() == ""


def test_a_bar_on_a_terminal(seconds: list[float]) -> None:
    """On a terminal the bar names what is done."""
    seconds += [0.0, 10.0]
    out = io.StringIO()
    with progress.archiving(lambda: Console(file=out, force_terminal=True, width=120), quiet=False) as tell:
        tell("looking up", 4, 90)
    assert "4/90" in out.getvalue()
    assert "looking up" in out.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_narrow_terminal_shows_how_far_it_is(seconds: list[float], width: int) -> None:
    """What came of the checks so far gives way to how many are done, how fast, and for how long yet."""
    seconds += [0.0, 10.0]
    out = io.StringIO()
    with progress.checking(lambda: Console(file=out, force_terminal=True, width=width), quiet=False) as told:
        told.done, told.total = 12_345, 100_000
        told.verdicts.update(dict.fromkeys(Verdict, 11111))
        told.tell(told)
    lines = out.getvalue().replace("\r", "\n").splitlines()
    assert any("12345/100000" in line and "1234/s" in line and "-:--:--" in line for line in lines), lines


def test_lines_on_a_terminal_that_cannot_move(seconds: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no bar can be drawn people still see how far it is."""
    monkeypatch.setenv("TERM", "dumb")
    seconds += [0.0, 31.0, 31.0]
    out = io.StringIO()
    with progress.checking(lambda: Console(file=out, force_terminal=True, width=120), quiet=False) as told:
        told.total = 2
        told.count(Verdict.GONE)
    assert out.getvalue() == "checking: 1 of 2: 1 gone\n"


def test_events_for_machines(seconds: list[float]) -> None:
    """With ``--json`` each line is an object: at the first step, every 30 seconds, and at the last."""
    seconds += [0.0, 1.0, 2.0, 40.0, 41.0, 60.0]
    out = io.StringIO()
    with progress.checking(lambda: Console(file=out, width=20), quiet=False, events=True) as told:
        told.total = 4
        for verdict in (Verdict.ALIVE, Verdict.GONE, Verdict.ALIVE, Verdict.ALIVE):
            told.count(verdict)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [each["done"] for each in events] == [1, 3, 4]
    assert events[1] == {
        "event": "progress", "stage": "checking", "done": 3, "total": 4,
        "per_second": 0.1, "seconds_left": 13, "counts": {"alive": 2, "gone": 1},
    }  # fmt: skip
