"""A report in Markdown: for a GitHub issue, a pull request or a job summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkwatch.report import telling, templating, words
from linkwatch.report.groups import groups
from linkwatch.report.model import SectionKind
from linkwatch.report.safe import markdown as safe
from linkwatch.report.safe import markdown_code as code
from linkwatch.report.safe import markdown_link as link

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from linkwatch.report.model import Citation, Entry, Report, Section

ISSUE_LIMIT = 65_536  # the longest body of a GitHub issue, in characters

FOLDED = frozenset({SectionKind.SUSPECT, SectionKind.MOVED, SectionKind.BLOCKED, SectionKind.IGNORED})


def render(report: Report, *, limit: int = ISSUE_LIMIT) -> str:
    """The report in at most ``limit`` bytes, so in no more characters either.

    What does not fit is left out from the end of each section, with a notice; the counts stay true.
    """
    head = "\n".join(_head(report))
    frames = [(section, _opening(section)) for section in report.sections if section.count]
    frame = sum(
        _size(opening) + _size(_closing(_listed(section, report), section.kind, shown=False))
        for section, opening in frames
    )
    room = limit - _size(head) - frame
    if room < 0:
        return _last_resort(report, limit)
    parts = [head]
    for section, opening in frames:
        blocks = _fitting(section, report, room)
        room -= sum(map(_size, blocks))
        parts += [
            opening,
            *blocks,
            _closing(_listed(section, report) - len(blocks), section.kind, shown=bool(blocks)),
        ]
    return "".join(parts)


def from_template(report: Report, templates: str, *, limit: int = ISSUE_LIMIT) -> str:
    """The report by the user's own ``report.md``, cut at a line with a notice where it is too long."""
    environment = templating.markdown(templates)
    if templating.MARKDOWN not in environment.list_templates():
        return render(report, limit=limit)
    text = templating.fill(environment, templating.MARKDOWN, report=report).rstrip() + "\n"
    if _size(text) <= limit:
        return text
    notice = f"\n*Cut to fit. {telling.headline(report)}; `linkwatch report` shows everything.*\n"
    room = max(0, limit - _size(notice))
    kept = text.encode()[:room].decode(errors="ignore")
    return kept[: kept.rfind("\n") + 1] + notice


def _size(text: str) -> int:
    return len(text.encode())


def _head(report: Report) -> Iterator[str]:
    yield f"# Link report of {words.stamp(report.made_at)}\n"
    lead, *rest = telling.summary(report)
    yield f"**{safe(lead, telling.LINE)}**\n"
    yield "\n".join(f"{safe(line, telling.LINE)}  " for line in rest) + "\n"


def _opening(section: Section) -> str:
    heading = section.heading
    title = f"\n## {heading.title} ({section.count:,})\n\n{heading.hint}\n\n"
    if section.kind in FOLDED:
        return f"{title}<details><summary>Show</summary>\n\n"
    return title


def _listed(section: Section, report: Report) -> int:
    """How many entries are to be listed: under articles, one for each article that cites the URL."""
    return section.left_out + sum(len(group.entries) for group in groups(section.entries, report.by))


def _closing(missing: int, kind: SectionKind, *, shown: bool) -> str:
    """What ends a section; longest where nothing of it is shown."""
    end = "\n</details>\n" if kind in FOLDED else ""
    if missing == 0:
        return end
    what = words.count(missing, "more link") if shown else words.count(missing, "link")
    return f"\n*{what} left out here to keep this short; `linkwatch report` shows everything.*\n{end}"


def _fitting(section: Section, report: Report, room: int) -> list[str]:
    blocks: list[str] = []
    for block in _blocks(section, report):
        room -= _size(block)
        if room < 0:
            break
        blocks.append(block)
    return blocks


def _blocks(section: Section, report: Report) -> Iterator[str]:
    """Each entry as text; the first of a group with the group's heading."""
    for group in groups(section.entries, report.by):
        heading = ""
        if group.name is not None:
            heading = f"\n### {code(group.name)} {safe(group.title or '')}".rstrip() + "\n\n"
        for entry in group.entries:
            yield heading + "\n".join(_entry(entry, section.kind, report.made_at)) + "\n"
            heading = ""


def _entry(entry: Entry, kind: SectionKind, now: datetime) -> Iterator[str]:
    yield f"- {link(entry.url)}  "
    if entry.new_url:
        yield f"  now at {link(entry.new_url)}  "
    else:
        yield f"  {safe(entry.why, telling.LINE)}  "
    for remark in telling.remarks(entry, kind, now):
        yield f"  {safe(remark, telling.LINE)}  "
    for citation in telling.shown(entry):
        yield f"  - {_citation(citation)}"
    left_out = telling.left_out(entry)
    if left_out:
        yield f"  - {left_out}"


def _citation(citation: Citation) -> str:
    cited = f"{code(telling.place(citation))} {safe(citation.title or '')}".rstrip()
    if citation.replacement is None:
        return cited
    return f"{cited}  \n    replace by {link(citation.replacement.memento_url)} ({citation.replacement.why})"


def _last_resort(report: Report, limit: int) -> str:
    """Where not even the headings fit: what was found, in one line."""
    line = f"{telling.headline(report)}; `linkwatch report` shows everything.\n"
    return line if _size(line) <= limit else line.encode()[:limit].decode(errors="ignore")
