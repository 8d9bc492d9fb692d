"""How far a run of the check stage has come. Light, so that others need not load the network for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linkwatch.model import Verdict


@dataclass(slots=True)
class Progress:
    """How far the run has come; the shell draws it."""

    total: int = 0
    done: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)  # without a verdict: why, in a sentence
    tell: Callable[[Progress], None] = lambda _: None

    def count(self, verdict: Verdict | None) -> None:
        """One URL is done; None where nothing could be recorded of it."""
        self.done += 1
        if verdict is not None:
            self.verdicts[verdict] += 1
        self.tell(self)

    def take_back(self, verdicts: Iterable[Verdict]) -> None:
        """So many URLs were checked, and nothing of it could be kept."""
        self.verdicts -= Counter(verdicts)
