"""What the way of redirects says: moved for good, sent home, sent to a login."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from linkwatch.check.judging import places
from linkwatch.moves import noise
from linkwatch.urls import domain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linkwatch.model import Hop, Observation

_LOCALE = re.compile(r"[a-z]{2}(?:[-_](?:[a-z]{2}|[a-z]{4}|[0-9]{3})){0,2}")  # en, zh-hans-cn, es-419
STATUSES = frozenset({301, 302, 303, 307, 308})
# RFC 9110, 15.4.2 and 15.4.9: the client ought to use the new address from now on.
PERMANENT = frozenset({301, 308})


def new_address(hops: Sequence[Hop]) -> str | None:
    """The address to use instead: the end of the permanent redirects that come first.

    A temporary redirect ends the way: what lies behind it may be another tomorrow.
    """
    first = hops[0].url if hops else None
    last = first
    for hop, after in itertools.pairwise(hops):
        if hop.http_status not in PERMANENT:
            break
        last = after.url
    return last if last != first else None


def permanent(seen: Observation) -> tuple[str, str] | None:
    """Moved for good, to which address."""
    address = new_address(seen.hops)
    if address is None:
        return None
    only = f", which differs in {', '.join(kinds)} only" if (kinds := noise(seen.url, address)) else ""
    return "permanent_redirect", f"HTTP {seen.hops[0].http_status} to {address}{only}"


def leads_to(seen: Observation, domains: Sequence[str]) -> bool:
    """Whether a redirect left for one of these domains."""
    if len(seen.hops) < 2:
        return False
    host = urlsplit(seen.final_url).hostname or ""
    start = urlsplit(seen.url).hostname or ""
    return any(_under(host, each) and not _under(start, each) for each in domains)


def to_home(seen: Observation) -> tuple[str, str] | None:
    """From a page deep in a site to a home page: the page is gone.

    A short link (one segment, another domain) is meant to lead to a home page and is not judged.
    """
    if len(seen.hops) < 2:
        return None
    start, end = urlsplit(seen.url), urlsplit(seen.final_url)
    if is_home(start.path) or not is_home(end.path) or end.query:
        return None
    same_site = domain_of(start.hostname or "") == domain_of(end.hostname or "")
    if not same_site and len(_segments(start.path)) < 2:
        return None
    return "redirect_to_home", f"redirected to {seen.final_url}"


def to_suspended(seen: Observation) -> tuple[str, str] | None:
    """To the page by which cPanel stands in for a site that was switched off, or that was never set up."""
    if places.SUSPENDED.search(seen.final_url) and not places.SUSPENDED.search(seen.url):
        return "site_suspended", f"redirected to {seen.final_url}"
    return None


def to_lost(seen: Observation, denies: Callable[[], bool]) -> tuple[str, str] | None:
    """To the page that a site keeps for those that are not there: called so at the root, or saying so."""
    if len(seen.hops) < 2:
        return None
    start, end = urlsplit(seen.url), urlsplit(seen.final_url)
    if is_lost(start.path) or not is_lost(end.path):
        return None
    plain = len(_segments(end.path)) == 1 or denies()
    return ("soft_404", f"redirected to {seen.final_url}") if plain else None


def to_login(seen: Observation) -> tuple[str, str] | None:
    """To a page that asks who we are, or for money, from one that did not."""
    if len(seen.hops) < 2:
        return None
    start, end = urlsplit(seen.url), urlsplit(seen.final_url)
    for reason, asks in (("redirect_to_login", asks_who), ("paywall", _asks_for_money)):
        if asks(end.hostname, end.path) and not asks(start.hostname, start.path):
            return reason, f"redirected to {seen.final_url}"
    return None


def asks_who(host: str | None, path: str) -> bool:
    """Whether an address is that of a login or a question of consent."""
    labels = set((host or "").split(".")[:-2])
    segments = {each.lower().partition(".")[0] for each in _segments(path)}
    return bool(labels & places.LOGIN_LABELS or segments & places.LOGIN_SEGMENTS)


def _asks_for_money(_: str | None, path: str) -> bool:
    return any(each.lower().partition(".")[0] in places.PAYWALL_SEGMENTS for each in _segments(path))


def is_lost(path: str) -> bool:
    """Whether the last segment of a path names a page for what is not there."""
    names = _segments(path)[-1:]
    return any(each.lower().partition(".")[0] in places.LOST_SEGMENTS for each in names)


def is_home(path: str) -> bool:
    """Whether a path is a site's front door, in whichever language: "/", "/zh-hans/", "/index.html"."""
    segments = [each.lower() for each in _segments(path)]
    if (
        len(segments) > 1
        and all(map(_LOCALE.fullmatch, segments[:2]))
        and not places.LANGUAGES.isdisjoint(segments[:2])
    ):
        segments = segments[2:]
    elif segments and _LOCALE.fullmatch(segments[0]):
        segments = segments[1:]
    return not segments or (len(segments) == 1 and segments[0] in places.HOME_PATHS)


def _segments(path: str) -> list[str]:
    return [each for each in path.split("/") if each]


def _under(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)
