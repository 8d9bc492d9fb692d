"""Error pages served as success: by what they say, and by what the host says of made-up addresses. Pure.

Few pages say "not found" in a way that a table knows. So a page under suspicion is laid beside what
the same host shows at addresses that nobody can have given a page (Bar-Yossef et al. 2004, "Sic transit
gloria telae"). What stands there too, and not at the front door, is the host's way to say "not here".
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from linkwatch.check import redirects, signatures
from linkwatch.check.page import letters, read
from linkwatch.check.shingles import resemblance, shingles
from linkwatch.model import Answer, Observation
from linkwatch.moves import noise
from linkwatch.urls import domain_of

if TYPE_CHECKING:
    from linkwatch.check.page import Page
    from linkwatch.policy import Policy

# A title longer than this says more than that nothing is here.
TITLE_LIMIT = 300
# Fewer letters than this may be an address or a date and nothing else.
FEWEST_LETTERS = 16
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}$", re.IGNORECASE)


def says_so(page: Page, policy: Policy) -> tuple[str, str] | None:
    """An error page by what its title or first heading says, where it says little else."""
    if not page.is_html or not page.says_less_than(policy.thin_page):
        return None
    said = _denial(page, headings=1)
    return ("soft_404", f"the page answers {page.answer.status} but says: {said[:200]}") if said else None


def suspicious(seen: Observation, policy: Policy) -> bool:
    """Whether it is worth asking the host what it shows at addresses that cannot exist.

    Such are pages that deny among many other words, that are for sale, that say little without a
    script that could say more, and pages where a redirect ended that kept nothing of the address.
    """
    answer = seen.outcome
    if not isinstance(answer, Answer) or not 200 <= answer.status < 300:
        return False
    page = read(answer)
    if not page.is_html:
        return False
    if redirects.is_home(urlsplit(seen.url).path):
        return _offer(page, policy) is not None
    return _landed(seen) or _denial(page) is not None or _is_bare(page, policy) or bool(_offer(page, policy))


def sibling(url: str) -> str:
    """An address beside a URL at which nothing can be: the same for all URLs of its directory.

    Where a query names the page, it is the query that is made up.
    """
    parts = urlsplit(url)
    directory, slash, name = _split(parts.path)
    made_up = _made_up(f"{parts.netloc}{directory}")
    if parts.query:
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        asked = urlencode([(key, _number(made_up) if value.isdecimal() else made_up) for key, value in pairs])
        return urlunsplit((parts.scheme, parts.netloc, parts.path, asked or made_up, ""))
    return urlunsplit((parts.scheme, parts.netloc, f"{directory}/{made_up}{_suffix(name)}{slash}", "", ""))


def stranger(url: str) -> str | None:
    """An address of which every part is made up, where that is another question than the sibling.

    Sites that find an article by a number in its address take any words for the rest.
    """
    parts = urlsplit(url)
    directory, slash, name = _split(parts.path)
    depth = directory.count("/")
    if not depth and not parts.query:
        return None
    made_up = [_made_up(f"{parts.netloc}{level}") for level in range(depth + 1)]
    return urlunsplit((parts.scheme, parts.netloc, f"/{'/'.join(made_up)}{_suffix(name)}{slash}", "", ""))


def front(url: str) -> str:
    """The front door of a URL's host."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))


def beside(seen: Observation, page: Page, policy: Policy) -> tuple[str, str] | None:
    """What the comparison shows: nothing, an error page, or a domain for sale at every address."""
    if seen.beside is None or not page.is_html or page.has("input[type=password]"):
        return None
    found = seen.beside
    offer = _offer(page, policy)
    if offer is not None:
        whole = _likeness(seen, found.sibling, frozenset()) >= policy.same_page
        return (
            ("parked_domain", f"says {offer[:200]!r}, and so at {found.sibling.url}, made up")
            if whole
            else None
        )
    at_the_door = _shingles(found.front, seen)
    if _likeness(seen, found.sibling, at_the_door) < policy.same_page:
        return None
    said = _denial(page)
    if said is not None:
        return "soft_404", f"says {said[:200]!r}, and the same at {found.sibling.url}, made up"
    return _without_a_word(seen, page, at_the_door, policy)


def _without_a_word(
    seen: Observation, page: Page, at_the_door: frozenset[str], policy: Policy
) -> tuple[str, str] | None:
    """A page that does not deny, shown for every address: unless scripts make the page of it."""
    assert seen.beside is not None
    other, further = seen.beside.sibling, seen.beside.stranger
    if further is not None and _likeness(seen, further, at_the_door) < policy.same_page:
        return None
    if (
        _landed(seen)
        and _landed(other)
        and not (page.has("script") and page.says_less_than(policy.thin_page))
    ):
        return "soft_404", f"sent to {seen.final_url}, as {other.url}, made up, is"
    if _is_bare(page, policy):
        return "soft_404", f"shows what {other.url}, made up, shows"
    return None


def _landed(seen: Observation) -> bool:
    """Whether a redirect of the same site led to a page whose address keeps nothing of the first."""
    start, end = urlsplit(seen.url), urlsplit(seen.final_url)
    if len(seen.hops) < 2 or noise(seen.url, seen.final_url) or redirects.is_home(end.path):
        return False
    if domain_of(start.hostname or "") != domain_of(end.hostname or ""):
        return False
    _, _, name = _split(start.path)
    kept = unquote(_SUFFIX.sub("", name)).lower()
    return not kept or kept not in unquote(seen.final_url).lower()


def _likeness(seen: Observation, other: Observation, at_the_door: frozenset[str]) -> float:
    """How alike two pages are in what the front door does not show; 0 where that is nothing."""
    if _title(seen, other) != _title(other, seen):
        return 0.0
    one, two = _shingles(seen, other) - at_the_door, _shingles(other, seen) - at_the_door
    return resemblance(one, two) if one and two else 0.0


def _shingles(seen: Observation | None, other: Observation) -> frozenset[str]:
    answer = seen.outcome if seen is not None else None
    if seen is None or not isinstance(answer, Answer) or not 200 <= answer.status < 300:
        return frozenset()
    return shingles(_without_echo(read(answer).letters, seen, other))


def _title(seen: Observation, other: Observation) -> str:
    assert isinstance(seen.outcome, Answer)
    return _without_echo(letters(read(seen.outcome).title or ""), seen, other)


def _without_echo(text: str, *asked: Observation) -> str:
    """A text without the addresses that were asked for: error pages like to repeat them."""
    for each in asked:
        path = urlsplit(each.url).path
        for echo in (each.url, path, _split(path)[2], urlsplit(each.url).query):
            known = letters(unquote(echo))
            if len(known) >= 4:
                text = text.replace(known, "")
    return text


def _denial(page: Page, headings: int = 2) -> str | None:
    """What a page says in its title or first headings that means "not here"."""
    return next((said for said in (page.title or "", *page.headings[:headings]) if _denies(said)), None)


def _denies(said: str) -> bool:
    """Whether a whole piece of a title says "not here"."""
    return any(saying.pattern.fullmatch(each) for each in _pieces(said) for saying in signatures.NOT_HERE)


def _offer(page: Page, policy: Policy) -> str | None:
    """What a page that says little says of its own domain being for sale."""
    if not page.says_less_than(policy.thin_page):
        return None
    said = (page.title or "", *page.headings[:2])
    return next((each for each in said if signatures.FOR_SALE.fullmatch(each[:TITLE_LIMIT])), None)


def _is_bare(page: Page, policy: Policy) -> bool:
    """Whether a page says little, and has no script that could say more."""
    little = page.says_less_than(policy.thin_page) and not page.has(
        "script, iframe, frame, img, video, object"
    )
    return little and len(page.letters) >= FEWEST_LETTERS


def _pieces(said: str) -> list[str]:
    return signatures.SEPARATOR.split(said[:TITLE_LIMIT])


def _split(path: str) -> tuple[str, str, str]:
    """The directory of a path, the slash it ends in if any, and the name that stands there."""
    slash = "/" if path.endswith("/") and path != "/" else ""
    directory, _, name = path.rstrip("/").rpartition("/")
    return directory, slash, name


def _suffix(name: str) -> str:
    found = _SUFFIX.search(name)
    return found.group() if found else ""


def _made_up(place: str) -> str:
    """A name that is in no use, and the same whenever we ask at this place."""
    return f"linkwatch-{sha256(place.encode()).hexdigest()[:12]}"


def _number(name: str) -> str:
    return str(10**9 + int(name.rpartition("-")[2], 16) % 10**9)
