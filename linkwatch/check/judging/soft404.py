"""Error pages served as success: by what they say, and by where the site sends those who ask. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from linkwatch.check.judging import places, redirects, sayings, statements
from linkwatch.check.judging.made_up import split, suffix
from linkwatch.check.judging.page import read
from linkwatch.model import Answer, Observation
from linkwatch.moves import noise
from linkwatch.urls import domain_of

if TYPE_CHECKING:
    from linkwatch.check.judging.page import Page
    from linkwatch.policy import Policy

# Of the pages that landed where this one did, so many are named.
NAMED = 3
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
    said = (
        statements.denial(page, headings=1) or statements.message(page) or statements.taken_down(page, policy)
    )
    if said is None or (_host_knows(seen) and sayings.TERSE.fullmatch(statements.piece(said) or "")):
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
    of_the_domain = statements.offer(page, policy) or statements.switched_off(page, policy)
    if redirects.is_home(path):
        return of_the_domain is not None or says_so(seen, page, policy) is not None
    said = statements.denial(page) or statements.complaint(page, policy) or statements.message(page)
    return landed(seen) or said is not None or statements.is_bare(page, policy) or of_the_domain is not None


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
    if statements.may_be_a_gate(page, policy):
        return None
    others = ", ".join(seen.landed_with[:NAMED])
    return "soft_404", f"sent to {seen.final_url}, as other pages of its host are: {others}"


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
