"""The story of one URL for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from linkwatch.model import LookupAnswer
from linkwatch.report import telling
from linkwatch.report.evidence import evidence
from linkwatch.report.page import COLOURS, Page, badge
from linkwatch.report.rows import CheckRow
from linkwatch.report.safe import terminal as safe
from linkwatch.report.words import count, stamp
from linkwatch.times import ago

if TYPE_CHECKING:
    from linkwatch.report.evidence import Story
    from linkwatch.report.model import Citation, Place
    from linkwatch.report.rows import CaptureRow, LookupRow, TransitionRow

ANSWERS = {
    LookupAnswer.ARCHIVED: "holds it",
    LookupAnswer.NOT_ARCHIVED: "has never held it",
    LookupAnswer.UNKNOWN: "gave no usable answer, so we do not know",
}


def render(story: Story, *, width: int | None = None, colour: bool = False) -> str:
    """The story as lines. A width of None wraps nothing; ``colour`` brings links as well."""
    page = Page(width, colour)
    _standing(page, story)
    _citations(page, story)
    _timeline(page, story)
    _archive(page, story)
    return page.text()


def _standing(page: Page, story: Story) -> None:
    row = story.url
    page.address(row.url, style=f"bold {COLOURS[row.state]}")
    since = f" since {stamp(row.state_since)}" if row.state_since else ""
    page.say(badge(row.state), Text(f"{since}. "), story.why, indent=2)
    if row.final_url and row.final_url != row.url:
        page.address(row.final_url, indent=2, mark="→ ")
    if story.witness:
        page.say(f"Second witness: {story.witness.said}", indent=2, hang=2)
    page.say(f"First seen {stamp(story.first_seen_at)}.", indent=2)
    if row.last_alive_at:
        page.say(
            f"Last seen alive {stamp(row.last_alive_at)}, {ago(row.last_alive_at, story.told_at)}.", indent=2
        )
    if row.next_check_at:
        due = "due now" if row.next_check_at <= story.told_at else stamp(row.next_check_at)
        page.say(f"Next check: {due}.", indent=2)


def _heading(page: Page, text: str) -> None:
    page.blank()
    page.say(text, style="bold")


def _citations(page: Page, story: Story) -> None:
    _heading(page, f"Cited in {count(len(story.citations), 'article')}")
    for citation in story.citations:
        page.say(telling.place(citation), Text(f"  {safe(citation.title or '')}", "dim"), indent=2, hang=2)
        for place in citation.places:
            page.say(_place(place), indent=4, hang=2)
        _replacement(page, citation)


def _place(place: Place) -> str:
    said = f" “{safe(place.text)}”" if place.text else ""
    part = f", to the part #{safe(place.fragment)}" if place.fragment else ""
    lost = ", which is not on the page" if place.missing else ""
    return f"line {place.line}: <{safe(place.element)}>{said}{part}{lost}"


def _replacement(page: Page, citation: Citation) -> None:
    if citation.replacement is None:
        return
    page.address(citation.replacement.memento_url, indent=4, mark="⇒ ", style="green")
    page.say(f"{citation.replacement.why}: the nearest good memento", indent=6, style="dim")


def _timeline(page: Page, story: Story) -> None:
    _heading(page, f"{count(len(story.checks), 'check')}, {count(len(story.transitions), 'change')} of state")
    for event in story.timeline:
        if isinstance(event, CheckRow):
            _check(page, event)
        else:
            _transition(page, event)


def _check(page: Page, check: CheckRow) -> None:
    took = f", {check.elapsed_ms:,} ms" if check.elapsed_ms is not None else ""
    page.say(
        Text(stamp(check.checked_at)),
        Text(f"  {check.verdict.value}", "bold"),
        f": {check.reason}{took}",
        indent=2,
    )
    page.say(evidence(check), indent=4)
    for hop in check.hops:
        status = str(hop.http_status) if hop.http_status is not None else "no answer"
        page.address(hop.url, indent=4, mark=f"{status}  ", style="dim")
    if check.title:
        page.say(f"page title: “{safe(check.title)}”", indent=4, style="dim")


def _transition(page: Page, change: TransitionRow) -> None:
    page.say(
        Text(f"{stamp(change.changed_at)}  "),
        badge(change.from_state),
        Text(" → "),
        badge(change.to_state),
        indent=2,
    )


def _archive(page: Page, story: Story) -> None:
    _heading(page, f"{count(len(story.mementos), 'memento')} known")
    for memento in story.mementos:
        status = memento.http_status or "status unknown"
        page.say(f"{stamp(memento.captured_at)}, {status}, {memento.source}", indent=2)
        page.address(memento.memento_url, indent=4)
    for lookup in story.lookups:
        page.say(_lookup(lookup), indent=2, hang=2)
    for capture in story.captures:
        page.say(_capture(capture), indent=2, hang=2)


def _lookup(lookup: LookupRow) -> str:
    detail = f" ({lookup.error})" if lookup.error else ""
    return f"{stamp(lookup.asked_at)}: {lookup.source} {ANSWERS[lookup.answer]}{detail}."


def _capture(capture: CaptureRow) -> str:
    moment = capture.finished_at or capture.submitted_at
    when = f"{stamp(moment)}: " if moment else ""
    tries = f" after {count(capture.attempts, 'try', 'tries')}" if capture.attempts else ""
    detail = f" ({capture.error})" if capture.error else ""
    return f"{when}capture {capture.state.value}{tries}{detail}."
