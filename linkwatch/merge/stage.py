"""Joins databases that began as copies of one: what each has found since is taken once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from linkwatch.check.fold import fold
from linkwatch.check.schedule import next_check
from linkwatch.model import History
from linkwatch.store import checks, merging, upkeep
from linkwatch.store.copying import attached
from linkwatch.store.database import whole
from linkwatch.store.upkeep import Restored
from linkwatch.times import from_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from linkwatch.policy import Policy


@dataclass(frozen=True, slots=True)
class Merged:
    """How many databases were read, and how many rows of them were new."""

    databases: int
    runs: int = 0
    articles: int = 0
    urls: int = 0
    checks: int = 0
    mementos: int = 0
    lookups: int = 0
    captures: int = 0
    checked_by_both: int = 0  # URLs that two of them have checked since the copy


def merge(db: Database, others: Sequence[Path], policy: Policy, run_id: int) -> Merged:
    """Takes from each of the others what is new, each whole or not at all; a second time nothing is.

    Raises StoreError where one of them is not what it should be; then nothing was taken from any.
    """
    for path in others:
        whole(path)
    counts: Counter[str] = Counter()
    for path in others:
        with attached(db, path), db.atomic():
            counts.update(merging.take(db, run_id))
            both = merging.overlapping(db)
            for url_id, since in both:
                _fold_anew(db, url_id, since, policy)
            counts["checked_by_both"] += len(both)
    return Merged(len(others), **counts)


def _fold_anew(db: Database, url_id: int, since: str, policy: Policy) -> None:
    """The state that the checks of both come to, and the changes on the way there."""
    kept = list(upkeep.kept(db, url_id, url_id))
    histories = [History()]
    for each in kept:
        histories.append(fold(histories[-1], each.check, policy))
    begin = from_text(since)
    merging.retell(
        db,
        url_id,
        since,
        [
            (before.state, after.state, each.id)
            for each, (before, after) in zip(kept, pairwise(histories), strict=True)
            if before.state is not after.state and each.check.checked_at >= begin
        ],
    )
    url = checks.page(db, url_id - 1, 1)[0].url
    again = next_check(url, histories[-1], kept[-1].check.checked_at, policy)
    upkeep.restore(db, [Restored(url_id, histories[-1], again)])
