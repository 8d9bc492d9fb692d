"""Survival of links: the Kaplan-Meier estimate with a confidence band.

Kaplan and Meier, JASA 53 (1958); variance by Greenwood (1926); band on the log(-log) scale
(Kalbfleisch and Prentice), which stays between 0 and 1 for few links too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from math import exp, log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NINETY_FIVE = 1.959963984540054  # the normal deviate of a 95 % interval


@dataclass(frozen=True, slots=True)
class Life:
    """How long some links were watched, and whether they died then or were last seen alive."""

    age: float  # any unit; the estimate keeps it
    died: bool
    links: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """The share of links that live beyond an age, with its band."""

    age: float
    share: float
    low: float
    high: float
    at_risk: int  # links still watched just before that age
    died: int


def survival(lives: Iterable[Life]) -> tuple[Step, ...]:
    """One step for each age at which links died. Those last seen at that age count as alive then."""
    ordered = sorted(lives, key=lambda life: life.age)
    at_risk = sum(life.links for life in ordered)
    share, variance = 1.0, 0.0
    steps: list[Step] = []
    for age, group in groupby(ordered, key=lambda life: life.age):
        same = list(group)
        died = sum(life.links for life in same if life.died)
        if died:
            share *= 1 - died / at_risk
            variance += died / (at_risk * (at_risk - died)) if died < at_risk else 0.0
            steps.append(Step(age, share, *band(share, variance), at_risk, died))
        at_risk -= sum(life.links for life in same)
    return tuple(steps)


def band(share: float, variance: float, z: float = NINETY_FIVE) -> tuple[float, float]:
    """The limits around a share, from Greenwood's sum; where none lives on, the data say nothing of it."""
    if share <= 0:
        return 0.0, 1.0
    if share >= 1:
        return 1.0, 1.0
    width = z * sqrt(variance) / abs(log(share))
    return share ** exp(width), share ** exp(-width)
