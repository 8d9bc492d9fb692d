"""From the raw links of a document to links: resolved, scoped, and with what wrappers hold."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from linkwatch.model import Link, SkipReason
from linkwatch.tracking import trackers
from linkwatch.urls import host_of, is_absolute, resolve, scope_of, whatwg
from linkwatch.wrappers import DEPTH, unwrap

if TYPE_CHECKING:
    from datetime import datetime

    from linkwatch.config import Config
    from linkwatch.harvest.document import Document
    from linkwatch.tracking import Trackers


class Publication(NamedTuple):
    """What configuration says that links are read by."""

    hosts: frozenset[str] = frozenset()  # empty: the host of each article's own address
    tracking: Trackers = trackers()


class Snapshot(NamedTuple):
    """A snapshot that an article cites instead of the page itself."""

    url: str
    memento_url: str
    captured_at: datetime


class Target(NamedTuple):
    """One address that a raw link leads to: its own, or one that is wrapped in it."""

    url: str | None
    fragment: str | None
    scope: str | None
    skip_reason: str | None
    via: str | None = None
    snapshot: Snapshot | None = None


_WIKILINK: tuple[Target, ...] = (Target(None, None, None, SkipReason.WIKILINK.value),)


def publication(config: Config) -> Publication:
    """What the settings say that links are read by."""
    corpus = config.corpus
    return Publication(
        frozenset(host.lower().rstrip(".") for host in config.site.hosts),
        trackers(corpus.tracking_parameters, corpus.keep_parameters),
    )


def resolved(document: Document, pub: Publication) -> tuple[list[Link], list[Snapshot]]:
    """The links of a document in source order, each wrapped one followed by what it wraps."""
    address = document.metadata.url
    home = whatwg(address) if address else None
    base = (whatwg(document.base, home) if document.base else None) or home
    own = host_of(home) if home else ""
    hosts = pub.hosts or (frozenset((own,)) if own else frozenset())
    links: list[Link] = []
    snapshots: list[Snapshot] = []
    for raw, element, attribute, kind, text, line, column in document.links:
        if attribute == "wikilink":
            targets = _WIKILINK
        else:
            targets = _targets(raw, None if is_absolute(raw) else base, hosts, pub.tracking)
        for url, fragment, scope, reason, via, snapshot in targets:
            links.append(
                Link(url, raw, fragment, element, attribute, kind, text, line, column, scope, reason, via)
            )
            if snapshot is not None:
                snapshots.append(snapshot)
    return links, snapshots


@lru_cache(maxsize=65_536)
def _targets(raw: str, base: str | None, hosts: frozenset[str], tracking: Trackers) -> tuple[Target, ...]:
    """Where a raw link leads, and then what that wraps, and what that wraps."""
    url, fragment, reason = resolve(raw, base, tracking)
    if url is None:
        return (Target(None, fragment, None, reason and reason.value),)
    found = [Target(url, fragment, scope_of(host_of(url), hosts).value, None)]
    for _ in range(DEPTH):
        wrapped = unwrap(url)
        if wrapped is None:
            break
        inner, within, _reason = resolve(wrapped.raw, None, tracking)
        if inner is None or inner == url:
            break
        shot = Snapshot(inner, url, wrapped.captured_at) if wrapped.captured_at else None
        scope = scope_of(host_of(inner), hosts).value
        found.append(Target(inner, within or fragment, scope, None, wrapped.via.value, shot))
        url = inner
    return tuple(found)
