"""Which checks say nothing that their neighbours do not say: history stays small, no change is lost."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from linkwatch.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from linkwatch.model import Check

# Each check of a row that has to last before it is believed is evidence (``check.fold``) and stays.
COUNTED = frozenset({Verdict.GONE, Verdict.UNREACHABLE, Verdict.DRIFTED})


def superfluous(checks: Sequence[Check], before: datetime) -> Iterator[int]:
    """The places of checks that can go, in one URL's checks as they were folded.

    Of each row of equal checks older than ``before`` the first and the last stay.
    """
    neighbours = zip(pairwise(checks), checks[2:], strict=False)
    for place, ((first, check), last) in enumerate(neighbours, start=1):
        if check.verdict in COUNTED or max(each.checked_at for each in (first, check, last)) >= before:
            continue
        if _said(first) == _said(check) == _said(last):
            yield place


def _said(check: Check) -> tuple[object, ...]:
    return check.verdict, check.reason, check.http_status, check.final_url
