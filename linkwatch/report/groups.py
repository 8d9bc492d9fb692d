"""The entries of a section under the host they lead to, or under the article that cites them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkwatch.report.model import By

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linkwatch.report.model import Entry

MANY = "In many articles"
NOWHERE = "Cited nowhere any more"


@dataclass(frozen=True, slots=True)
class Group:
    """Some entries under a name; all of a section under none, where it is not grouped."""

    name: str | None
    entries: Sequence[Entry]
    title: str | None = None


def groups(entries: Sequence[Entry], by: By) -> tuple[Group, ...]:
    """The entries grouped: hosts with most entries first, articles in the order of their paths.

    Under an article an entry shows that article only. What is cited in so many articles that it must
    come from their template, or in more than a report holds, stands once, before them.
    """
    match by:
        case By.URL:
            return (Group(None, entries),) if entries else ()
        case By.HOST:
            pairs = [(each.host, None, each) for each in entries]
            found = _grouped(pairs)
            return tuple(sorted(found, key=lambda group: (-len(group.entries), group.name or "")))
        case By.ARTICLE:
            found = _grouped(_by_article(entries))
            return tuple(sorted(found, key=_place))


def _by_article(entries: Iterable[Entry]) -> Iterator[tuple[str, str | None, Entry]]:
    for each in entries:
        if each.boilerplate or each.articles > len(each.citations):
            yield MANY, None, each
            continue
        if not each.citations:
            yield NOWHERE, None, each
        for one in each.citations:
            yield one.path, one.title, replace(each, citations=(one,), articles=1, links=len(one.places))


def _grouped(pairs: Iterable[tuple[str, str | None, Entry]]) -> list[Group]:
    entries: dict[tuple[str, str | None], list[Entry]] = defaultdict(list)
    for name, title, each in pairs:
        entries[name, title].append(each)
    return [Group(name, tuple(held), title) for (name, title), held in entries.items()]


def _place(group: Group) -> tuple[bool, bool, str]:
    return group.name != MANY, group.name == NOWHERE, group.name or ""
