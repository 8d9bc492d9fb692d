"""Whole nights on a clock that jumps: near the bound that politeness and time-outs set."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

import slowweb
from checking import PATIENCE, POLITE, PORT, bound
from nights import Night
from slowweb import Sizes

from linkwatch.policy import Policy

SIZES = Sizes(1_000, 200, 200)
WEBS = 12


@cache
def shares(first_look: float) -> list[float]:
    """How much longer than their bounds nights over some webs take."""
    policy = replace(Policy(), first_look=first_look)
    webs = [slowweb.urls(SIZES, PORT, seed=seed) for seed in range(WEBS)]
    return [Night(urls, policy).seconds() / bound(urls, POLITE) for urls in webs]


def test_a_first_night_is_near_its_bound() -> None:
    """Though nobody knows yet what hangs, and everything that does is looked at twice."""
    assert mean(shares(Policy().first_look)) < 1.15


def test_brief_first_looks_shorten_nights() -> None:
    """In the mean by a tenth and more, and each of them."""
    brief, patient = shares(Policy().first_look), shares(PATIENCE)
    assert mean(brief) < 0.9 * mean(patient)
    assert max(map(lambda less, more: less / more, brief, patient)) < 1.0
