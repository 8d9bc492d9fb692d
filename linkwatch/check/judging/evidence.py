"""An observation with its verdict, in the words and sizes that are kept of it. Pure.

Whatever a remote sent is cut and made one line of text here, once, before anything holds it: a
title of a megabyte or a header full of control characters ends at this door.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch.check.judging.judge import judge
from linkwatch.model import Answer, Check, Failure

if TYPE_CHECKING:
    from linkwatch.model import Observation
    from linkwatch.policy import Policy

LONGEST_TITLE = 500  # characters
LONGEST_EVIDENCE = 500
LONGEST_TYPE = 100
_SPACE = re.compile(r"\s+")
# Control characters, halves of surrogate pairs, and what turns the reading direction.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def judged(seen: Observation, policy: Policy) -> Check:
    """An observation with its verdict, as the database keeps it."""
    judgement = judge(seen, policy)
    status, kind, size = _said(seen.outcome)
    return Check(
        url=seen.url,
        checked_at=seen.observed_at,
        verdict=judgement.verdict,
        reason=judgement.reason,
        http_status=status,
        content_type=line(kind, LONGEST_TYPE),
        bytes=size,
        final_url=seen.final_url,
        elapsed_ms=seen.elapsed_ms,
        title=line(judgement.title, LONGEST_TITLE),
        error=line(judgement.evidence, LONGEST_EVIDENCE),
        hops=seen.hops,
    )


def _said(outcome: Answer | Failure) -> tuple[int | None, str | None, int | None]:
    """Status, content type and size, where there was an answer."""
    match outcome:
        case Answer():
            return outcome.status, outcome.content_type, outcome.size
        case Failure():
            return None, None, None


def line(text: str | None, longest: int) -> str | None:
    """A text as one line of at most so many characters; None where nothing is left of it."""
    if not text:
        return None
    fit = _UNFIT.sub("\ufffd", _SPACE.sub(" ", text[: 4 * longest])).strip()
    return (fit if len(fit) <= longest else fit[: longest - 1] + "…") or None
