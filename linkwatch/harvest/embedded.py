"""Text that stands encoded inside another file: HTML in a feed's XML, Markdown in a notebook's JSON.

A link found in the decoded text is of use to an editor only with its place in the file itself.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkwatch.harvest import markup
from linkwatch.harvest.source import encodable, plain_newlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkwatch.harvest.source import Spot

_BEYOND = 1 << 62  # more than any offset


@dataclass(frozen=True, slots=True)
class Embedded:
    """A decoded text, and where in its file each run of it began: (offset here, offset there)."""

    text: str = ""
    runs: tuple[tuple[int, int], ...] = ((0, 0),)

    @classmethod
    def of(cls, pieces: Iterable[tuple[str, int]]) -> Embedded:
        """The text that pieces make, each given with its offset in the file."""
        texts: list[str] = []
        runs: list[tuple[int, int]] = []
        length = 0
        for text, origin in pieces:
            runs.append((length, origin))
            texts.append(text)
            length += len(text)
        return cls("".join(texts), tuple(runs) or ((0, 0),))

    def origin(self, offset: int) -> int:
        """The offset in the file of an offset in the text. Within a run both count alike."""
        here, there = self.runs[max(0, bisect_right(self.runs, (offset, _BEYOND)) - 1)]
        return there + offset - here

    def placed(self, spots: Iterable[Spot]) -> Iterator[Spot]:
        """What was found in the text, with its offsets in the file."""
        return (spot._replace(offset=self.origin(spot.offset)) for spot in spots)

    def html_spots(self) -> Iterator[Spot]:
        """The links of the text read as HTML, with their offsets in the file."""
        if "<" not in self.text:
            return iter(())
        plain = plain_newlines(encodable(self.text))
        return self.placed(markup.spots(markup.tree(plain), plain))
