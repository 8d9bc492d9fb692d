"""A report for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from linkwatch.report import telling, words
from linkwatch.report.groups import groups
from linkwatch.report.model import SectionKind
from linkwatch.report.page import COLOURS, Page
from linkwatch.report.safe import terminal as safe

if TYPE_CHECKING:
    from datetime import datetime

    from linkwatch.report.model import Citation, Entry, Report, Section

SHORT = frozenset({SectionKind.SUSPECT, SectionKind.MOVED, SectionKind.BLOCKED, SectionKind.IGNORED})


def render(report: Report, *, width: int | None = None, colour: bool = False) -> str:
    """The report as lines. A width of None wraps nothing; ``colour`` brings links as well."""
    page = Page(width, colour)
    _summary(page, report)
    for section in report.sections:
        if section.count:
            _section(page, section, report)
    return page.text()


def _summary(page: Page, report: Report) -> None:
    page.say(f"Link report of {words.stamp(report.made_at)}", style="bold")
    for line in telling.summary(report):
        page.say(line, hang=2)


def _section(page: Page, section: Section, report: Report) -> None:
    page.blank()
    title = Text(f"{section.heading.title} ({section.count:,})", "bold")
    page.say(title, Text(f"  {section.heading.hint}", "dim"), hang=2)
    for group in groups(section.entries, report.by):
        if group.name is not None:
            page.blank()
            page.say(Text(safe(group.name), "bold"), Text(f"  {safe(group.title or '')}", "dim"), hang=2)
        for entry in group.entries:
            if section.kind not in SHORT:
                page.blank()
            _entry(page, entry, section.kind, report.made_at)
    if section.left_out:
        page.say(telling.further(section, report.by), indent=2, style="dim")


def _entry(page: Page, entry: Entry, kind: SectionKind, now: datetime) -> None:
    page.address(entry.url, indent=2, style=COLOURS[entry.state])
    if entry.new_url:
        page.address(entry.new_url, indent=4, mark="→ ")
    else:
        page.say(entry.why, indent=4)
    for remark in telling.remarks(entry, kind, now):
        page.say(remark, indent=4)
    if kind in SHORT:
        page.say(telling.cited_briefly(entry), indent=4, style="dim")
    else:
        _citations(page, entry)


def _citations(page: Page, entry: Entry) -> None:
    for citation in telling.shown(entry):
        page.say(telling.place(citation), Text(f"  {safe(citation.title or '')}", "dim"), indent=4, hang=2)
        _replacement(page, citation)
    left_out = telling.left_out(entry)
    if left_out:
        page.say(left_out, indent=4, style="dim")


def _replacement(page: Page, citation: Citation) -> None:
    if citation.replacement:
        page.address(citation.replacement.memento_url, indent=6, mark="⇒ ", style="green")
        page.say(citation.replacement.why, indent=8, style="dim")
