"""Walls that a page builds in its own place: a login, or a price. Pure.

A page that asks for money and shows its text all the same is a page. So what counts is what the page
itself marks as not free (schema.org, ``isAccessibleForFree``), and whether that is there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linkwatch.check import redirects, sayings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.check.page import Page
    from linkwatch.model import Observation
    from linkwatch.policy import Policy

# Where a login asks for a name first, and for the password on the next page.
_WHO = "input[type=password], input[type=email], input[autocomplete~=username]"
_MARK = re.compile(rb"isAccessibleForFree", re.IGNORECASE)


def to_login(seen: Observation, page: Page, policy: Policy) -> tuple[str, str] | None:
    """Sent to a login: by its address, unless what stands there is an article that is called so."""
    found = redirects.to_login(seen)
    little = page.says_less_than(policy.thin_page)
    asks = urlsplit(seen.final_url).query or little or page.has("input[type=password]")
    return found if asks else None


def login(seen: Observation, page: Page, policy: Policy) -> tuple[str, str] | None:
    """A login that stands where the page should be: by its form and by what it is called.

    The front door of a service that begins with a login, or an address that asks for one, is what was cited.
    """
    start = urlsplit(seen.url)
    if redirects.is_home(start.path) or redirects.asks_who(start.hostname, start.path):
        return None
    if not page.says_less_than(policy.thin_page) or not page.has(_WHO):
        return None
    for said in (page.title or "", *page.headings[:1]):
        if any(sayings.LOG_IN.fullmatch(each) for each in sayings.SEPARATOR.split(said[:300])):
            return "login_wall", f"the page says {said[:200]!r} and asks who we are"
    return None


def price(page: Page, policy: Policy) -> tuple[str, str] | None:
    """A pay wall: what the page calls not free is not there, or hardly."""
    if not page.is_html or not _MARK.search(page.answer.body):
        return None
    for thing in page.linked_data:
        if _is_free(thing) is not False:
            continue
        parts = list(_selectors(thing))
        held = "".join(page.texts(each) for each in parts)
        if len(held) < policy.thin_page if parts else page.says_less_than(policy.thin_page):
            return "paywall", "the page says of itself that it is not free, and does not show its text"
    return None


def _selectors(thing: dict[str, Any]) -> Iterator[str]:
    """Where the page keeps what is not free, as CSS selectors."""
    parts = thing.get("hasPart")
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, dict) and _is_free(part) is False and isinstance(part.get("cssSelector"), str):
            yield part["cssSelector"]


def _is_free(thing: dict[str, Any]) -> bool | None:
    said = thing.get("isAccessibleForFree")
    return {"true": True, "false": False}.get(str(said).lower().rpartition("/")[2])
