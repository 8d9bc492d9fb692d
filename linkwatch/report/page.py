"""Lines for a terminal: wrapped to its width, coloured and clickable where it can show that."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from rich.text import Text

from linkwatch.model import State
from linkwatch.report import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.segment import Segment

UNBOUNDED = 1_000_000  # columns of a pipe or file

COLOURS = {
    State.ALIVE: "green",
    State.MOVED: "cyan",
    State.DRIFTED: "magenta",
    State.BLOCKED: "yellow",
    State.SUSPECT: "yellow",
    State.DEAD: "red",
    State.SKIPPED: "dim",
    State.UNCHECKED: "dim",
}


@dataclass(slots=True)
class Page:
    """Collects lines. A width of None means that nothing is wrapped: a pipe, a file."""

    width: int | None
    colour: bool
    _file: StringIO = field(default_factory=StringIO)
    _console: Console = field(init=False)

    def __post_init__(self) -> None:
        """Makes a console of its own, so that nothing of the process's terminal leaks in."""
        self._console = Console(
            file=self._file,
            width=self.width or UNBOUNDED,
            force_terminal=self.colour,
            color_system="standard" if self.colour else None,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def say(self, *parts: str | Text, indent: int = 0, hang: int = 0, style: str = "") -> None:
        """A sentence or several, wrapped; the lines after the first are indented by ``hang`` more."""
        text = Text(style=style)
        for part in parts:
            text.append(safe.terminal(part, limit=UNBOUNDED)) if isinstance(part, str) else text.append_text(
                part
            )
        for number, line in enumerate(self._wrapped(text, indent + hang)):
            line.rstrip()
            self._write(Text(" " * (indent + (hang if number else 0))) + line)

    def address(self, url: str, *, indent: int = 0, mark: str = "", style: str = "") -> None:
        """A URL on a line of its own, never broken: it is there to be copied."""
        self._write(Text(" " * indent + mark) + link(url, style))

    def blank(self) -> None:
        """An empty line."""
        self._write(Text())

    def text(self) -> str:
        """The page so far."""
        return self._file.getvalue()

    def _wrapped(self, text: Text, margin: int) -> Iterable[Text]:
        if self.width is None:
            return [text]
        return text.wrap(self._console, max(20, self.width - margin))

    def _write(self, line: Text) -> None:
        """A line as it is: the console would measure and fit it first, in six times the time."""
        if self.colour:
            parts = line.render(self._console, end="\n")
            self._file.writelines(_coloured(part) for part in parts)
        else:
            self._file.write(f"{line.plain}\n")


def _coloured(part: Segment) -> str:
    return part.style.render(part.text, color_system=ColorSystem.STANDARD) if part.style else part.text


def link(url: str, style: str = "") -> Text:
    """A URL, clickable where it is safe to follow."""
    target = safe.href(url)
    base = Style.parse(style)
    return Text(safe.terminal(url, safe.URL_LIMIT), base + Style(link=target) if target else base)


def badge(state: State) -> Text:
    """A state in its colour."""
    return Text(state.value, COLOURS[state])
