"""Which URLs a report tells of, where it is not to tell of all: the first of each section.

Composing an entry costs a hundred times what deciding does where it would stand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from linkwatch.model import State
from linkwatch.moves import noise
from linkwatch.report.compose import DRIFTING, is_torn, section_of
from linkwatch.report.ignored import ignoring
from linkwatch.report.model import By, SectionKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from linkwatch.config import Config
    from linkwatch.report.model import Filters
    from linkwatch.report.rows import Head


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The URLs to tell of, by section and in their order, and how many each section has in all."""

    sections: dict[SectionKind, list[int]]
    counts: dict[SectionKind, int]
    torn: int = 0  # of the drifted: pages that are there, but not the part of them that is cited

    @property
    def ids(self) -> list[int]:
        """Those of every section."""
        return [each for ids in self.sections.values() for each in ids]


def shortlist(
    heads: Iterable[Head],
    config: Config,
    *,
    now: datetime,
    since: datetime | None,
    filters: Filters,
    most: int | None,
    by: By = By.URL,
) -> Shortlist:
    """The first ``most`` URLs of each section, in the order in which it lists them; None for all.

    By host those of the hosts with most of them. By article the first that it would list otherwise:
    what matters most to an editor, whichever article cites it.
    """
    sections: dict[SectionKind, list[Head]] = defaultdict(list)
    for head in heads:
        kind = section_of(head, since)
        if kind is None or filters.state not in (None, head.state, DRIFTING.get(kind)):
            continue
        known = config.check.exclude and ignoring(head.url, head.host, config.check.exclude, now.date())
        sections[SectionKind.IGNORED if known else kind].append(head)
    told = {kind: [head.id for head in first(kind, held, most, by)] for kind, held in sections.items()}
    torn = sum(map(is_torn, sections[SectionKind.DRIFTED]))
    return Shortlist(told, {kind: len(held) for kind, held in sections.items()}, torn)


def first(kind: SectionKind, heads: Sequence[Head], most: int | None, by: By = By.URL) -> Sequence[Head]:
    """The first of a section, as ``compose.order`` sorts its entries and ``groups`` the hosts."""
    if by is By.HOST and most is not None:
        hosts: dict[str, list[Head]] = defaultdict(list)
        for head in heads:
            hosts[head.host].append(head)
        largest = sorted(hosts.values(), key=lambda held: (-len(held), held[0].host))
        return list(islice(chain.from_iterable(first(kind, held, most) for held in largest), most))
    most = len(heads) if most is None else most
    match kind:
        case SectionKind.STILL_DEAD:
            return sorted(heads, key=lambda head: ((head.since or "")[:10], -head.articles, head.url))[:most]
        case SectionKind.NEW_DEAD | SectionKind.RECOVERED:
            return sorted(heads, key=lambda head: (-head.articles, head.url))[:most]
        case _:
            ordered = sorted(heads, key=lambda head: (head.host, head.url))
            quiet = list(islice((head for head in ordered if not _is_noise(head)), most))
            noisy = (head for head in ordered if _is_noise(head))
            return [*quiet, *islice(noisy, most - len(quiet))]


def _is_noise(head: Head) -> bool:
    """Whether a URL has moved to where nothing else is for a reader."""
    if head.state is not State.MOVED or head.final_url in (None, head.url):
        return False
    return bool(noise(head.url, head.final_url or ""))
