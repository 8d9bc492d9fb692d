"""From the raw links of a document to rows: resolved, scoped, and with what wrappers hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linkwatch.model import Link, SkipReason
from linkwatch.tracking import trackers
from linkwatch.urls import Resolved, host_of, resolve, scope_of, whatwg
from linkwatch.wrappers import DEPTH, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from linkwatch.config import Config
    from linkwatch.harvest.document import Document
    from linkwatch.model import RawLink
    from linkwatch.tracking import Trackers


_WIKILINK = Resolved(None, None, SkipReason.WIKILINK)


class Publication(NamedTuple):
    """What configuration says that links are read by."""

    hosts: frozenset[str] = frozenset()  # empty: the host of each article's own address
    tracking: Trackers = trackers()


class Snapshot(NamedTuple):
    """A snapshot that an article cites instead of the page itself."""

    url: str
    memento_url: str
    captured_at: datetime


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
    base = (whatwg(document.base, address) if document.base else None) or (
        whatwg(address) if address else None
    )
    own = host_of(whatwg(address) or "") if address else ""
    hosts = pub.hosts or (frozenset((own,)) if own else frozenset())
    links: list[Link] = []
    snapshots: list[Snapshot] = []
    for raw in document.links:
        link = _link(raw, base, hosts, pub.tracking)
        links.append(link)
        if link.url is not None:
            links += _inside(link, hosts, pub.tracking, snapshots)
    return links, snapshots


def _link(raw: RawLink, base: str | None, hosts: frozenset[str], tracking: Trackers) -> Link:
    wiki = raw.attribute == "wikilink"
    url, fragment, reason = _WIKILINK if wiki else resolve(raw.raw, base, tracking)
    scope = None if url is None else scope_of(host_of(url), hosts)
    return Link(
        raw.raw, raw.element, raw.attribute, raw.kind, raw.text, raw.line, raw.column,
        url, fragment, scope, reason,
    )  # fmt: skip


def _inside(
    link: Link, hosts: frozenset[str], tracking: Trackers, snapshots: list[Snapshot]
) -> Iterator[Link]:
    """What the URL of a link wraps, and what that wraps."""
    outer = link.url
    for _ in range(DEPTH):
        wrapped = unwrap(outer) if outer else None
        if outer is None or wrapped is None:
            return
        url, fragment, reason = resolve(wrapped.raw, None, tracking)
        if url is None or url == outer:
            return
        if wrapped.captured_at is not None:
            snapshots.append(Snapshot(url, outer, wrapped.captured_at))
        yield Link(
            link.raw, link.element, link.attribute, link.kind, link.text, link.line, link.column,
            url, fragment or link.fragment, scope_of(host_of(url), hosts), reason, wrapped.via,
        )  # fmt: skip
        outer = url
