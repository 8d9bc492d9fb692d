"""What a run of the archive stage comes to: counts, and sentences for people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ArchiveSummary:
    """How a run of the archive stage ended."""

    looked_up: int = 0
    found: int = 0  # of the URLs looked up: archived
    not_archived: int = 0
    unknown: int = 0
    asked_elsewhere: int = 0  # of other archives, about dead URLs without a memento
    found_elsewhere: int = 0
    submitted: int = 0  # captures begun
    archived: int = 0  # captures that ended well, also those begun on another night
    failed: int = 0  # tried by the archive in vain
    refused: int = 0  # not taken by the archive
    would_submit: int = 0  # without keys
    queued: int = 0  # waiting for another night
    refusal: str = ""  # what the archive will not do for us until someone acts; empty: nothing
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """The summary while it is still growing."""

    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    refusal: str = ""

    def summary(self) -> ArchiveSummary:
        """The counts so far, fixed."""
        return ArchiveSummary(**self.counts, refusal=self.refusal, notes=tuple(self.notes))
