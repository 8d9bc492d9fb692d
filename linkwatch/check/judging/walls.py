"""Walls that a page builds in its own place: a login, or a price. Pure.

A page that asks for money and shows its text all the same is a page. So what counts is what the page
itself marks as not free (schema.org, ``isAccessibleForFree``), and whether that is there.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linkwatch.check.judging import redirects, sayings
from linkwatch.check.judging.page import LINKED_DATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.check.judging.page import Page
    from linkwatch.model import Observation
    from linkwatch.policy import Policy

# Where a login asks for a name first, and for the password on the next page.
_WHO = "input[type=password], input[type=email], input[autocomplete~=username]"
# Types of schema.org that are read: Article, NewsArticle, BlogPosting, …
_WORKS = ("Article", "Posting", "Report", "WebPage", "CreativeWork")
# Works and selectors that are looked for: pages name one or two, and could name thousands of seconds each.
_PARTS = 8
_LONGEST_SELECTOR = 200
_MARK = b"isaccessibleforfree"  # in whatever case


def to_login(seen: Observation, page: Page, policy: Policy) -> tuple[str, str] | None:
    """Sent to a login: by its address, unless what stands there is an article that is called so."""
    found = redirects.to_login(seen)
    if found is None:
        return None
    little = page.says_less_than(policy.thin_page)
    asks = urlsplit(seen.final_url).query or little or page.has("input[type=password]")
    return found if asks else None


def login(seen: Observation, page: Page, policy: Policy) -> tuple[str, str] | None:
    """A login that stands where the page should be: by its form and by what it is called.

    The front door of a service that begins with a login, or an address that asks for one, is what was cited.
    """
    if not page.says_less_than(policy.thin_page) or not page.has(_WHO):
        return None
    start = urlsplit(seen.url)
    if redirects.is_home(start.path) or redirects.asks_who(start.hostname, start.path):
        return None
    for said in (page.title or "", *page.headings[:1]):
        if any(sayings.LOG_IN.fullmatch(each) for each in sayings.SEPARATOR.split(said[:300])):
            return "login_wall", f"the page says {said[:200]!r} and asks who we are"
    return None


def price(page: Page, policy: Policy) -> tuple[str, str] | None:
    """A pay wall: what the page calls not free is not there, or hardly."""
    if not page.has(LINKED_DATA) or _MARK not in page.answer.body.lower():
        return None
    works = [each for each in page.linked_data if _is_work(each)]
    if any(_is_free(each) is True for each in works):
        return None
    closed = [each for each in works if _is_free(each) is False][:_PARTS]
    if any(_is_missing(each, page, policy) for each in closed):
        return "paywall", "the page says of itself that it is not free, and does not show its text"
    return None


def _is_missing(thing: dict[str, Any], page: Page, policy: Policy) -> bool:
    """Whether what is not free is not there: the parts that are named, else the whole."""
    parts = [each for each in islice(_selectors(thing), _PARTS) if page.knows(each)]
    if not parts:
        return page.says_less_than(policy.thin_page)
    return len("".join(page.texts(each) for each in parts)) < policy.thin_page


def _is_work(thing: dict[str, Any]) -> bool:
    """Whether a thing is something to read: museums and films that are not free are no pay wall."""
    said = thing.get("@type")
    kinds = said if isinstance(said, list) else [said]
    return any(isinstance(each, str) and each.endswith(_WORKS) for each in kinds)


def _selectors(thing: dict[str, Any]) -> Iterator[str]:
    """Where the page keeps what is not free, as CSS selectors."""
    parts = thing.get("hasPart")
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, dict) and _is_free(part) is False:
            named = part.get("cssSelector")
            if isinstance(named, str) and len(named) <= _LONGEST_SELECTOR and ":" not in named:
                yield named


def _is_free(thing: dict[str, Any]) -> bool | None:
    said = thing.get("isAccessibleForFree")
    return {"true": True, "false": False}.get(str(said).lower().rpartition("/")[2])
