"""A report as XML: an Atom feed of newly dead links (RFC 4287), and JUnit for build servers."""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from linkwatch.report import safe, telling
from linkwatch.report.model import SectionKind
from linkwatch.times import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.report.model import Entry, Report

ATOM = "http://www.w3.org/2005/Atom"
JUNIT_FAILURES = frozenset({SectionKind.NEW_DEAD, SectionKind.STILL_DEAD})
JUNIT_SKIPPED = frozenset({SectionKind.SUSPECT, SectionKind.BLOCKED, SectionKind.IGNORED})
_TEXT = telling.LINE


def atom(report: Report) -> str:
    """A feed with an entry for each newly dead link. An entry keeps its name from feed to feed."""
    feed = ET.Element("feed", {"xmlns": ATOM})
    _add(feed, "id", "urn:linkwatch:newly-dead")
    _add(feed, "title", "Newly dead links")
    _add(feed, "updated", to_text(report.made_at))
    author = ET.SubElement(feed, "author")
    _add(author, "name", "linkwatch")
    for entry in report.section(SectionKind.NEW_DEAD).entries:
        _atom_entry(feed, entry, report)
    return _document(feed)


def _atom_entry(feed: ET.Element, entry: Entry, report: Report) -> None:
    since = to_text(entry.since or report.made_at)
    name = hashlib.sha256(f"{entry.url} {since}".encode(errors="replace")).hexdigest()
    element = ET.SubElement(feed, "entry")
    _add(element, "id", f"urn:sha256:{name}")
    _add(element, "title", f"Dead: {entry.url}")
    _add(element, "updated", since)
    for relation, url in (("alternate", entry.url), ("related", _memento(entry))):
        target = safe.href(url)
        if target:
            ET.SubElement(element, "link", {"rel": relation, "href": target})
    _add(element, "summary", f"{entry.why} Cited in {telling.cited_briefly(entry)}.")


def _memento(entry: Entry) -> str | None:
    return entry.replacement.memento_url if entry.replacement else None


def junit(report: Report) -> Iterator[str]:
    """A test case for each link: dead ones fail, what nobody can repair yet is skipped, the rest pass.

    They come one by one: a tree of all is several times as large as what it is written from.
    """
    opening, _, end = _document(_suites(report)).rpartition(" />")
    cases = (_case(section.kind, entry) for section in report.sections for entry in section.entries)
    first = next(cases, None)
    if first is None:
        yield f"{opening} />{end}"
        return
    yield f"{opening}>"
    for case in chain([first], cases):
        ET.indent(case, level=2)
        yield f"\n    {ET.tostring(case, encoding='unicode')}"
    yield f"\n  </testsuite>{end}"


def _suites(report: Report) -> ET.Element:
    """All but the cases."""
    sizes = {section.kind: len(section.entries) for section in report.sections}
    counts = {
        "tests": str(sum(sizes.values())),
        "failures": str(sum(size for kind, size in sizes.items() if kind in JUNIT_FAILURES)),
        "skipped": str(sum(size for kind, size in sizes.items() if kind in JUNIT_SKIPPED)),
    }
    suites = ET.Element("testsuites", {"name": "linkwatch", **counts})
    ET.SubElement(suites, "testsuite", {"name": "links", **counts, "timestamp": to_text(report.made_at)})
    return suites


def _case(kind: SectionKind, entry: Entry) -> ET.Element:
    names = {"classname": kind.value, "name": safe.plain(entry.url, safe.URL_LIMIT)}
    case = ET.Element("testcase", names)
    message = safe.plain(entry.why, _TEXT)
    if kind in JUNIT_FAILURES:
        failure = ET.SubElement(case, "failure", {"message": message, "type": safe.plain(entry.reason or "")})
        failure.text = "\n".join(safe.plain(telling.place(each), _TEXT) for each in telling.shown(entry))
    elif kind in JUNIT_SKIPPED:
        ET.SubElement(case, "skipped", {"message": message})
    return case


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = safe.plain(text, _TEXT)


def _document(root: ET.Element) -> str:
    ET.indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ET.tostring(root, encoding='unicode')}\n"
