"""All that is known of one URL, put together so that a sceptical editor can follow it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkwatch.report.compose import cited
from linkwatch.report.rows import CheckRow
from linkwatch.report.witness import witness
from linkwatch.report.words import sentence, why
from linkwatch.urls import without_userinfo

if TYPE_CHECKING:
    from datetime import datetime

    from linkwatch.model import Memento
    from linkwatch.report.compose import Choose
    from linkwatch.report.model import Citation
    from linkwatch.report.rows import CaptureRow, LookupRow, StoryRows, TransitionRow, UrlRow
    from linkwatch.report.witness import Witness


@dataclass(frozen=True, slots=True)
class Story:
    """One URL: what it is, who cites it, what happened to it, what could replace it."""

    url: UrlRow
    told_at: datetime
    why: str  # the state, in one plain sentence
    first_seen_at: datetime
    citations: tuple[Citation, ...]  # each with the memento that would replace the URL there
    timeline: tuple[CheckRow | TransitionRow, ...]  # oldest first; a change after the check it follows from
    mementos: tuple[Memento, ...]
    captures: tuple[CaptureRow, ...]
    lookups: tuple[LookupRow, ...]
    witness: Witness | None = None  # of a blocked URL

    @property
    def checks(self) -> tuple[CheckRow, ...]:
        """The checks alone."""
        return tuple(each for each in self.timeline if isinstance(each, CheckRow))

    @property
    def transitions(self) -> tuple[TransitionRow, ...]:
        """The changes of state alone."""
        return tuple(each for each in self.timeline if not isinstance(each, CheckRow))


def tell(rows: StoryRows, *, now: datetime, choose: Choose) -> Story:
    """The story on these rows."""
    return Story(
        url=replace(rows.url, url=without_userinfo(rows.url.url)),
        told_at=now,
        why=why(rows.url, now),
        first_seen_at=rows.first_seen_at,
        citations=cited(rows.citations, rows.mementos, choose),
        timeline=tuple(sorted((*rows.checks, *rows.transitions), key=_when)),
        mementos=rows.mementos,
        captures=rows.captures,
        lookups=rows.lookups,
        witness=witness(rows.witness, now),
    )


def evidence(check: CheckRow) -> str:
    """What a check showed: the reason in words, and what was seen where that says more."""
    said = sentence(check.reason)
    more = "" if check.error == f"HTTP {check.http_status}" else check.error
    return f"{said} ({more})" if more else said


def _when(event: CheckRow | TransitionRow) -> tuple[datetime, bool]:
    if isinstance(event, CheckRow):
        return (event.checked_at, False)
    return (event.changed_at, True)
