"""From the raw links of documents to rows: resolved, scoped, and with what wrappers hold.

Links come by the hundred thousand and most of them more than once, so what a raw link comes to is
found out once in a batch, and a row is one plain tuple.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from linkwatch.model import SkipReason
from linkwatch.times import to_text
from linkwatch.tracking import trackers
from linkwatch.urls import domain_of, host_of, resolve, scope_of, whatwg
from linkwatch.wrappers import DEPTH, is_snapshot, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.config import Config
    from linkwatch.harvest.document import Document
    from linkwatch.store.rows import LinkRow, MementoRow, UrlRow
    from linkwatch.tracking import Trackers
    from linkwatch.wrappers import Wrapped


class Publication(NamedTuple):
    """What configuration says that links are read by."""

    hosts: frozenset[str] = frozenset()  # empty: the host of each article's own address
    tracking: Trackers = trackers()


# One address that a raw link leads to, its own or one that is wrapped in it: the place of the URL,
# fragment, scope, skip_reason, via as a row of a link has them, and the snapshot that it is cited by.
Target = tuple[int | None, str | None, str | None, str | None, str | None, "MementoRow | None"]

_WIKILINK: tuple[Target, ...] = ((None, None, None, SkipReason.WIKILINK.value, None, None),)
_FOR_ITSELF = ("https://", "http://")  # a raw link that begins so comes to the same in every article


def publication(config: Config) -> Publication:
    """What the settings say that links are read by."""
    corpus = config.corpus
    return Publication(
        frozenset(host.lower().rstrip(".") for host in config.site.hosts),
        trackers(corpus.tracking_parameters, corpus.keep_parameters),
    )


class Resolver:
    """Resolves the links of one batch of documents; ``urls`` are those they lead to, each once."""

    def __init__(self, pub: Publication) -> None:
        self.pub = pub
        self.urls: list[UrlRow] = []
        self._places: dict[str, int] = {}  # of these, by address
        self._known: dict[frozenset[str], dict[str, tuple[Target, ...]]] = defaultdict(dict)

    def resolved(self, document: Document) -> tuple[list[LinkRow], list[MementoRow]]:
        """The links of a document in source order, each wrapped one followed by what it wraps.

        And the snapshots that it cites instead of the pages themselves.
        """
        home = document.metadata.url and whatwg(document.metadata.url)
        base = (whatwg(document.base, home) if document.base else None) or home
        hosts = self.pub.hosts or frozenset((host_of(home),) if home else ())
        known = self._known[hosts]
        links: list[LinkRow] = []
        snapshots: list[MementoRow] = []
        for raw, element, attribute, kind, text, line, column in document.links:
            targets = _WIKILINK if attribute == "wikilink" else known.get(raw)
            if targets is None:
                targets = self._targets(raw, base, hosts)
                if raw.startswith(_FOR_ITSELF):
                    known[raw] = targets
            for url, fragment, scope, reason, via, snapshot in targets:
                links.append(
                    (url, raw, fragment, element, attribute, kind, text, line, column, scope, reason, via)
                )
                if snapshot is not None:
                    snapshots.append(snapshot)
        return links, snapshots

    def _targets(self, raw: str, base: str | None, hosts: frozenset[str]) -> tuple[Target, ...]:
        """Where a raw link leads, and then what that wraps, and what that wraps."""
        url, fragment, reason, host = resolve(raw, base, self.pub.tracking)
        if url is None:
            return ((None, fragment, None, reason and reason.value, None, None),)
        first: Target = (self._place(url, host), fragment, scope_of(host, hosts), None, None, None)
        wrapped = unwrap(url, host)
        return (first,) if wrapped is None else (first, *self._within(wrapped, url, fragment, hosts))

    def _within(
        self, wrapped: Wrapped | None, url: str, fragment: str | None, hosts: frozenset[str]
    ) -> Iterator[Target]:
        """What is wrapped in a URL, and what is wrapped in that."""
        for _ in range(DEPTH):
            if wrapped is None:
                break
            inner, within, _reason, host = resolve(wrapped.raw, None, self.pub.tracking)
            if inner is None or inner == url:
                break
            place, at = self._place(inner, host), wrapped.captured_at
            shot = None if at is None else (place, url, to_text(at))
            yield place, within or fragment, scope_of(host, hosts), None, wrapped.via.value, shot
            url, wrapped = inner, unwrap(inner, host)

    def _place(self, url: str, host: str) -> int:
        """Where a URL stands in the batch; one met for the first time is added."""
        place = self._places.get(url)
        if place is None:
            self._places[url] = place = len(self.urls)
            scheme = "https" if url.startswith("https:") else "http"
            self.urls.append((url, scheme, host, domain_of(host), is_snapshot(url, host)))
        return place
