"""A page laid beside what its host shows at addresses that nobody can have given a page. Pure.

Few pages say "not found" in a way that a table knows. What a page shows that stands at made-up addresses
too, and not at the front door, is the host's way to say "not here" (Bar-Yossef et al. 2004, "Sic transit
gloria telae").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from linkwatch.check.judging import redirects
from linkwatch.check.judging.made_up import split, suffix
from linkwatch.check.judging.page import letters
from linkwatch.check.judging.shingles import LONGEST, resemblance, shingles
from linkwatch.check.judging.soft404 import is_page, landed, page_of
from linkwatch.check.judging.statements import complaint, denial, is_bare, may_be_a_gate, offer, switched_off

if TYPE_CHECKING:
    from linkwatch.check.judging.page import Page
    from linkwatch.model import Observation
    from linkwatch.policy import Policy

Found = tuple[str, str] | None
# Between the words of a name: error pages that search for them leave them out.
_SIGNS = re.compile(r"[-_+.]|%20")


def beside(seen: Observation, page: Page, policy: Policy) -> Found:
    """What the comparison shows: nothing, an error page, or a domain for sale at every address."""
    other = seen.beside.sibling if seen.beside else None
    if other is None or not is_page(other) or not page.is_html or page.has("input[type=password]"):
        return None
    return (
        _of_the_domain(seen, other, page, policy)
        or _sent_home(seen, other)
        or _denied(seen, other, page, policy)
        or _alike(seen, other, page, policy)
    )


def _of_the_domain(seen: Observation, other: Observation, page: Page, policy: Policy) -> Found:
    """What a whole domain says: that it is for sale, or switched off."""
    for reason, said in (
        ("parked_domain", offer(page, policy)),
        ("site_suspended", switched_off(page, policy)),
    ):
        if said is not None and _likeness(seen, other, frozenset()) >= policy.same_page:
            return reason, f"says {said[:200]!r}, and so at {_shown(other)}"
    return None


def _sent_home(seen: Observation, other: Observation) -> Found:
    """To the front door with a question behind it, as whoever asks for nothing is."""
    end = urlsplit(seen.final_url)
    if landed(seen) and end.query and redirects.is_home(end.path) and seen.final_url == other.final_url:
        return "redirect_to_home", f"redirected to {seen.final_url}, and so is {_shown(other)}"
    return None


def _denied(seen: Observation, other: Observation, page: Page, policy: Policy) -> Found:
    """The same "not here" at both addresses; what it recommends instead, by links, may differ."""
    said = denial(page) or complaint(page, policy)
    if said is None:
        return None
    like = max(_likeness(seen, other, _door(seen)), _likeness(seen, other, frozenset(), own_text=True))
    if like < policy.same_page or _likeness(seen, other, _door(seen), own_text=True) == 0.0:
        return None
    return "soft_404", f"says {said[:200]!r}, and the same at {_shown(other)}"


def _alike(seen: Observation, other: Observation, page: Page, policy: Policy) -> Found:
    """A page that does not deny, shown for every address: unless scripts make the page of it."""
    assert seen.beside is not None
    if _likeness(seen, other, _door(seen)) < policy.same_page or may_be_a_gate(page, policy):
        return None
    further = seen.beside.stranger
    if further is not None and _likeness(seen, further, _door(seen)) < policy.same_page:
        return None
    scripted = page.has("script") and page.says_less_than(policy.thin_page)
    if landed(seen) and landed(other) and not scripted:
        return "soft_404", f"sent to {seen.final_url}, and so is {_shown(other)}"
    return ("soft_404", f"shows the same page at {_shown(other)}") if is_bare(page, policy) else None


def _shown(other: Observation) -> str:
    """A made-up address in words, without names and passwords before its host."""
    return f"the made-up address {other.hops[0].url if other.hops else other.url}"


def _door(seen: Observation) -> frozenset[str]:
    front = seen.beside.front if seen.beside else None
    return frozenset() if front is None else _shingles(front, seen)


def _likeness(
    seen: Observation, other: Observation, at_the_door: frozenset[str], *, own_text: bool = False
) -> float:
    """How alike two pages are in what the front door does not show; 0 where that is nothing."""
    if not is_page(other) or _title(seen, other) != _title(other, seen):
        return 0.0
    one = _shingles(seen, other, own_text=own_text) - at_the_door
    two = _shingles(other, seen, own_text=own_text) - at_the_door
    return resemblance(one, two) if one and two else 0.0


def _shingles(seen: Observation, other: Observation, *, own_text: bool = False) -> frozenset[str]:
    if not is_page(seen):
        return frozenset()
    page = page_of(seen)
    text = letters(page.main_text(LONGEST)) if own_text else page.letters
    return shingles(_without_echo(text, seen, other))


def _title(seen: Observation, other: Observation) -> str:
    return _without_echo(letters(page_of(seen).title or ""), seen, other)


def _without_echo(text: str, *asked: Observation) -> str:
    """A text without the addresses that were asked for: error pages like to repeat them."""
    for each in asked:
        path = urlsplit(each.url).path
        name = split(path)[2]
        words = _SIGNS.sub("", name.removesuffix(suffix(name)))
        for echo in (each.url, path, name, urlsplit(each.url).query, words):
            known = letters(unquote(echo))
            if len(known) >= 4:
                text = text.replace(known, "")
    return text
