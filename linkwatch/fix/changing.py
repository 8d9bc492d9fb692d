"""Putting edits into a text, and keeping only those that do what they are for.

A changed text is read again as it was read before. What must hold: the same links in the same
order, those that were meant lead to their new address, and every other is as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from linkwatch.fix.plan import Fix
    from linkwatch.fix.spelling import Edit

    Read = Callable[[str], "Picture"]


class Seen(NamedTuple):
    """A link as a reader of the source sees it."""

    raw: str
    element: str
    attribute: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is read out of a source: what it says of itself, and its links in order."""

    said: object
    links: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One fix, and the edits that make it."""

    fix: Fix
    edits: tuple[Edit, ...]


def holding(text: str, changes: Sequence[Change], read: Read) -> list[Change]:
    """Those changes that can be made together and do what they should; read again until that is so."""
    before = read(text)

    def search(some: Sequence[Change]) -> list[Change]:
        if not some or _holds(before, read(applied(text, some)), some):
            return list(some)
        if len(some) == 1:
            return []
        middle = len(some) // 2
        first, second = search(some[:middle]), search(some[middle:])
        together = [*first, *second]
        return together if _holds(before, read(applied(text, together)), together) else first

    return search(changes)


def applied(text: str, changes: Iterable[Change]) -> str:
    """The text with the changes made. Edits do not overlap; the same edit counts once."""
    edits = {edit for change in changes for edit in change.edits}
    parts, at = [], 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def _holds(before: Picture, after: Picture, changes: Iterable[Change]) -> bool:
    new = {(change.fix.line, change.fix.column): change.fix.new for change in changes}
    wanted = [(new.get((each.line, each.column), each.raw), *each[1:3]) for each in before.links]
    return before.said == after.said and wanted == [each[:3] for each in after.links]
