"""Error pages served as success: by what they say, and by where the site sends those who ask. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from linkwatch.check.judging import places, redirects, sayings
from linkwatch.check.judging.made_up import split, suffix
from linkwatch.check.judging.page import read
from linkwatch.model import Answer, Observation
from linkwatch.moves import noise
from linkwatch.urls import domain_of

if TYPE_CHECKING:
    from linkwatch.check.judging.page import Page
    from linkwatch.policy import Policy

# A title longer than this says more than that nothing is here.
TITLE_LIMIT = 300
# Fewer letters than this may be an address or a date and nothing else.
FEWEST_LETTERS = 16
# The message of a page that shows nothing else, as some Chinese content systems have it.
_MESSAGE = re.compile(r"\balert\s*\(\s*([\"'])([^\"'\\]{1,200})\1")
# A message in the place of a page stands among its first texts.
FIRST = 3
# Of the pages that landed where this one did, so many are named.
NAMED = 3
# A page that shows a message and nothing else is no longer than this.
LONGEST_MESSAGE = 4_096
# By which a host says that it knows what it does not have.
_KNOWS = (404, 410)


def says_so(seen: Observation, page: Page, policy: Policy) -> tuple[str, str] | None:
    """An error page by what its title, first heading or message says, where it says little else.

    Where the host answers a made-up address beside it with 404, a page called "404" is meant to be there;
    and whoever cites an error page by its address cites that.
    """
    if not page.is_html or page.is_cut or not page.says_less_than(policy.thin_page):
        return None
    if _searches(seen.url) or redirects.is_lost(urlsplit(seen.url).path):
        return None
    said = denial(page, headings=1) or _message(page) or _taken_down(page, policy)
    if said is None or (_host_knows(seen) and sayings.TERSE.fullmatch(_piece(said) or "")):
        return None
    return "soft_404", f"the page answers {page.answer.status} but says: {said[:200]}"


def suspicious(seen: Observation, policy: Policy) -> bool:
    """Whether it is worth asking the host what it shows at addresses that cannot exist.

    Such are pages that deny among many other words, that are for sale, that say little without a
    script that could say more, and pages where a redirect ended that kept nothing of the address.
    """
    path = urlsplit(seen.url).path
    if not is_page(seen) or _searches(seen.url) or redirects.is_lost(path):
        return False
    page = page_of(seen)
    if not page.is_html:
        return False
    of_the_domain = offer(page, policy) or switched_off(page, policy)
    if redirects.is_home(path):
        return of_the_domain is not None or says_so(seen, page, policy) is not None
    said = denial(page) or complaint(page, policy) or _message(page)
    return landed(seen) or said is not None or is_bare(page, policy) or of_the_domain is not None


def says_little(seen: Observation, policy: Policy) -> bool:
    """Whether it is worth asking who names the domain: parked ones say little, whatever scripts they have."""
    return is_page(seen) and page_of(seen).is_html and page_of(seen).says_less_than(policy.thin_page)


def landed(seen: Observation) -> bool:
    """Whether a redirect of the same site led to a page whose address keeps nothing of the first."""
    return len(seen.hops) >= 2 and leads_away(seen.url, seen.final_url)


def leads_away(url: str, final: str) -> bool:
    """Whether one address of a site keeps nothing of another that leads there, and is not its front door."""
    start, end = urlsplit(url), urlsplit(final)
    front_door = redirects.is_home(end.path) and not end.query
    if url == final or noise(url, final) or front_door:
        return False
    if domain_of(start.hostname or "") != domain_of(end.hostname or ""):
        return False
    name = split(start.path)[2]
    kept = unquote(name.removesuffix(suffix(name))).lower()
    return not kept or kept not in unquote(final).lower()


def landed_together(seen: Observation, page: Page, policy: Policy) -> tuple[str, str] | None:
    """Several pages of one host that are all sent to one other page: it stands for those that are gone.

    Not where it stands above them or beside them, as the front of a section and the newest release do.
    """
    if len(seen.landed_with) + 1 < policy.landing_pages or not landed(seen) or _is_near(seen):
        return None
    if may_be_a_gate(page, policy):
        return None
    others = ", ".join(seen.landed_with[:NAMED])
    return "soft_404", f"sent to {seen.final_url}, as other pages of its host are: {others}"


def denial(page: Page, headings: int = 2) -> str | None:
    """What a page says in its title or first headings that means "not here"."""
    return next((said for said in (page.title or "", *page.headings[:headings]) if _denies(said)), None)


def complaint(page: Page, policy: Policy) -> str | None:
    """A sentence of a page that says little which means "not here"."""
    if not page.says_less_than(policy.thin_page):
        return None
    sentences = (each for piece in page.pieces for each in sayings.SEPARATOR.split(piece))
    return next((each for each in sentences if sayings.DENIAL.fullmatch(each)), None)


def offer(page: Page, policy: Policy) -> str | None:
    """What a page that says little says of its own domain being for sale."""
    if not page.says_less_than(policy.thin_page):
        return None
    said = (page.title or "", *page.headings[:2])
    return next((each for each in said if sayings.FOR_SALE.fullmatch(each[:TITLE_LIMIT])), None)


def switched_off(page: Page, policy: Policy) -> str | None:
    """What a page that says little says of its site being suspended."""
    if not page.says_less_than(policy.thin_page):
        return None
    said = (page.title or "", *page.headings[:1])
    return next((each for each in said if sayings.SUSPENDED.fullmatch(each[:TITLE_LIMIT])), None)


def is_bare(page: Page, policy: Policy) -> bool:
    """Whether a page says little, and has no script that could say more."""
    little = page.says_less_than(policy.thin_page) and not page.has(
        "script, iframe, frame, img, video, audio, object, embed, canvas, svg"
    )
    return little and not page.is_cut and len(page.letters) >= FEWEST_LETTERS


def may_be_a_gate(page: Page, policy: Policy) -> bool:
    """Whether a page that is shown for every address may be a gate, or a notice, and no error page."""
    said = page.text if page.says_less_than(policy.thin_page) else " ".join(page.headings[:2])
    return sayings.PERHAPS_A_GATE.search(f"{page.title or ''} {said}") is not None


def is_page(seen: Observation | None) -> bool:
    """Whether an answer calls itself a success."""
    return seen is not None and isinstance(seen.outcome, Answer) and 200 <= seen.outcome.status < 300


def page_of(seen: Observation) -> Page:
    """What an answer shows."""
    assert isinstance(seen.outcome, Answer)
    return read(seen.outcome)


def _host_knows(seen: Observation) -> bool:
    beside = seen.beside.sibling if seen.beside else None
    return beside is not None and isinstance(beside.outcome, Answer) and beside.outcome.status in _KNOWS


def _is_near(seen: Observation) -> bool:
    start, end = urlsplit(seen.url).path, urlsplit(seen.final_url).path
    directory = split(end)[0]
    return f"{start}/".startswith(f"{end.rstrip('/')}/") or bool(directory and split(start)[0] == directory)


def _searches(url: str) -> bool:
    """Whether an address asks for what may well be nothing: "no results" is an answer there."""
    parts = urlsplit(url)
    if any(key.lower() in places.SEARCH_KEYS for key, _ in parse_qsl(parts.query)):
        return True
    return not places.SEARCH_SEGMENTS.isdisjoint(parts.path.lower().split("/"))


def _taken_down(page: Page, policy: Policy) -> str | None:
    """What a platform says in the place of what was there, on a page of hardly more than that."""
    if not page.says_less_than(policy.thin_page // 2):
        return None
    sentences = (each for piece in page.pieces[:FIRST] for each in sayings.SEPARATOR.split(piece))
    return next((each for each in sentences if sayings.TAKEN_DOWN.fullmatch(each)), None)


def _message(page: Page) -> str | None:
    """The message box of a page that shows nothing else."""
    body = page.answer.body
    if len(body) > LONGEST_MESSAGE or b"alert" not in body or page.text:
        return None
    found = (each[2] for script in page.scripts for each in _MESSAGE.finditer(script))
    return next((said for said in found if _denies(said)), None)


def _denies(said: str) -> bool:
    return _piece(said) is not None


def _piece(said: str) -> str | None:
    """The whole piece of a title that says "not here"."""
    return _denying(said[:TITLE_LIMIT])


@lru_cache(maxsize=128)  # one title is looked at by several rules, one after another
def _denying(said: str) -> str | None:
    if sayings.MAY_DENY.search(said.casefold()) is None:
        return None  # as nearly always
    pieces = sayings.SEPARATOR.split(said)
    return next((each for each in pieces if sayings.DENIAL.fullmatch(sayings.CODE.sub("", each))), None)
