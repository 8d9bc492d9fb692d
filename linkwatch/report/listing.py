"""Entries that are read when they are told: there may be more of them than fit into memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from linkwatch.report.model import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BATCH = 1_000  # entries held at a time


class Listing(Sequence[Entry]):
    """The entries of these URLs in their order; ``load`` composes some of them."""

    def __init__(self, ids: Sequence[int], load: Callable[[Sequence[int]], Sequence[Entry]]) -> None:
        self._ids = ids
        self._load = load

    def __len__(self) -> int:
        """How many there are, read or not."""
        return len(self._ids)

    def __iter__(self) -> Iterator[Entry]:
        """One after the other, a batch at a time."""
        for start in range(0, len(self._ids), BATCH):
            yield from self._load(self._ids[start : start + BATCH])

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Entry]: ...
    def __getitem__(self, place: int | slice) -> Entry | Sequence[Entry]:
        """One of them, or those of a slice, which are read when they are told too."""
        if isinstance(place, slice):
            return Listing(self._ids[place], self._load)
        return self._load([self._ids[place]])[0]
