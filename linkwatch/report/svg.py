"""Pictures of a report as SVG: drawn here, with no browser, script or network.

Colours come from the style of the page around them (``fill-dead``, ``line-0`` …), so that they
follow its dark mode and print. Every picture has a title and a description for those who hear it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup

from linkwatch.model import State
from linkwatch.report import safe
from linkwatch.report.words import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkwatch.report.figures import Cohort, DomainRot, Held, Standing

WIDTH, HEIGHT = 420, 240
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 10, 38  # the margins of what is drawn between axes
ROW = 26  # height of a bar with its room
LABEL = 170  # width of the names beside bars
ORDER = (
    State.ALIVE, State.MOVED, State.DRIFTED, State.BLOCKED, State.SKIPPED,
    State.UNCHECKED, State.SUSPECT, State.DEAD,
)  # fmt: skip

PICTURE = Markup(
    '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d">'
    '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>'
)
AREA = Markup('<polygon class="fill-{}" points="{}"/>')
BAND = Markup('<polygon class="band-{}" points="{}"/>')
LINE = Markup('<polyline class="line-{}" points="{}"/>')
RULE = Markup('<line class="rule" x1="{}" y1="{}" x2="{}" y2="{}"/>')
TEXT = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
BAR = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>')

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plot:
    """Where a value lies between the axes; the height is always a share from 0 to 1."""

    start: float
    end: float

    def at(self, across: float, share: float) -> Point:
        """A point of the picture."""
        width = (across - self.start) / ((self.end - self.start) or 1) * (WIDTH - LEFT - RIGHT)
        return LEFT + width, TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def states(standings: Sequence[Standing]) -> Markup:
    """The share of URLs by state over time: stacked areas, the dead on top."""
    first, last = standings[0].day, standings[-1].day
    plot = Plot(first.toordinal(), last.toordinal())
    parts = [_area(plot, standings, place) for place in range(len(ORDER))]
    ends = [
        TEXT.format(LEFT, HEIGHT - 22, "start", first.isoformat()),
        TEXT.format(WIDTH - RIGHT, HEIGHT - 22, "end", last.isoformat()),
    ]
    told = (
        f"From {first} to {last}; now "
        + ", ".join(f"{number:,} {state}" for state, number in standings[-1].states)
        + "."
    )
    return _picture("states", "Share of URLs by state over time", told, [*parts, *_percents(), *ends])


def survival(cohorts: Sequence[Cohort]) -> Markup:
    """The share of links that live on, by age, one curve with its band for each cohort."""
    span = max(1.0, *(cohort.watched for cohort in cohorts))
    plot = Plot(0, span)
    parts = [_band(plot, cohort, number) for number, cohort in enumerate(cohorts)]
    parts += [_curve(plot, cohort, number) for number, cohort in enumerate(cohorts)]
    step = max(1, round(span / 6))
    ticks = [
        TEXT.format(_number(plot.at(age, 0)[0]), HEIGHT - 22, "middle", age)
        for age in range(0, int(span) + 1, step)
    ]
    name = TEXT.format((LEFT + WIDTH) // 2, HEIGHT - 5, "middle", "years since publication")
    told = "; ".join(
        f"published {cohort.years}: {count(cohort.links, 'link')}, {cohort.died:,} dead, "
        f"{_left(cohort):.0%} living after {cohort.watched:.1f} years"
        for cohort in cohorts
    )
    return _picture(
        "survival", "Survival of links by year of publication", told, [*parts, *_percents(), *ticks, name]
    )


def domains(rotten: Sequence[DomainRot]) -> Markup:
    """The dead URLs of each domain, as a share of those that were checked."""
    rows = [
        (safe.plain(each.domain, 26), f"{each.dead:,} of {each.checked:,}", each.percent) for each in rotten
    ]
    told = "; ".join(f"{safe.plain(each.domain, 60)}: {each.dead} of {each.checked}" for each in rotten)
    return _bars("domains", "Dead URLs by domain", told, rows)


def coverage(held: Sequence[Held]) -> Markup:
    """How many URLs of each state an archive holds."""
    rows = [
        (
            each.state.value,
            f"{each.with_memento:,} of {each.urls:,}",
            100 * each.with_memento / each.urls,
        )
        for each in held
    ]
    told = "; ".join(f"{each.state}: {each.with_memento} of {each.urls} archived" for each in held)
    return _bars("coverage", "Archived URLs by state", told, rows)


def _left(cohort: Cohort) -> float:
    return cohort.steps[-1].share if cohort.steps else 1.0


def _area(plot: Plot, standings: Sequence[Standing], place: int) -> Markup:
    below, above = [], []
    for standing in standings:
        counts = dict(standing.states)
        total = standing.urls or 1
        floor = sum(counts.get(state, 0) for state in ORDER[:place]) / total
        below.append(plot.at(standing.day.toordinal(), floor))
        above.append(plot.at(standing.day.toordinal(), floor + counts.get(ORDER[place], 0) / total))
    if below == above:
        return Markup()
    return AREA.format(ORDER[place], _points([*below, *reversed(above)]))


def _curve(plot: Plot, cohort: Cohort, number: int) -> Markup:
    stairs = _stairs([(0, 1), *((step.age, step.share) for step in cohort.steps)], cohort.watched)
    return LINE.format(number, _points(plot.at(*point) for point in stairs))


def _band(plot: Plot, cohort: Cohort, number: int) -> Markup:
    lower = _stairs([(0, 1), *((step.age, step.low) for step in cohort.steps)], cohort.watched)
    upper = _stairs([(0, 1), *((step.age, step.high) for step in cohort.steps)], cohort.watched)
    return BAND.format(number, _points(plot.at(*point) for point in [*lower, *reversed(upper)]))


def _stairs(points: Sequence[Point], end: float) -> list[Point]:
    """A share stays as it is until the next step."""
    stairs = [points[0]]
    for (_, before), (age, share) in pairwise(points):
        stairs += [(age, before), (age, share)]
    return [*stairs, (max(end, points[-1][0]), points[-1][1])]


def _percents() -> list[Markup]:
    marks = []
    for percent in (0, 25, 50, 75, 100):
        _, height = Plot(0, 1).at(0, percent / 100)
        marks += [
            RULE.format(LEFT, _number(height), WIDTH - RIGHT, _number(height)),
            TEXT.format(LEFT - 4, _number(height + 4), "end", f"{percent} %"),
        ]
    return marks


def _bars(name: str, title: str, told: str, rows: Sequence[tuple[str, str, float]]) -> Markup:
    """A row for each name: its bar of a hundred, and the number in words."""
    room = WIDTH - LABEL - 80
    parts: list[Markup] = []
    for number, (label, value, percent) in enumerate(rows):
        top = number * ROW
        parts += [
            TEXT.format(LABEL - 8, top + 17, "end", label),
            BAR.format("ground", LABEL, top + 4, room, ROW - 8),
            BAR.format(f"fill-{name}", LABEL, top + 4, _number(room * percent / 100), ROW - 8),
            TEXT.format(LABEL + room + 6, top + 17, "start", value),
        ]
    return _picture(name, title, told, parts, len(rows) * ROW)


def _picture(name: str, title: str, told: str, parts: Iterable[Markup], height: int = HEIGHT) -> Markup:
    inner = Markup().join(parts)
    return PICTURE.format(WIDTH, height, name, name, name, title, name, told, inner)


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_number(across)},{_number(down)}" for across, down in points)


def _number(value: float) -> str:
    return f"{value:.1f}"
