"""What a page says of itself that a page which is there does not: not here, for sale, switched off. Pure.

What that comes to is for others to tell: ``soft404`` of the page, ``comparison`` of what stands beside it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from linkwatch.check.judging import sayings

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
# A page that shows a message and nothing else is no longer than this.
LONGEST_MESSAGE = 4_096


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


def message(page: Page) -> str | None:
    """The message box of a page that shows nothing else."""
    body = page.answer.body
    if len(body) > LONGEST_MESSAGE or b"alert" not in body or page.text:
        return None
    found = (each[2] for script in page.scripts for each in _MESSAGE.finditer(script))
    return next((said for said in found if _denies(said)), None)


def taken_down(page: Page, policy: Policy) -> str | None:
    """What a platform says in the place of what was there, on a page of hardly more than that."""
    if not page.says_less_than(policy.thin_page // 2):
        return None
    sentences = (each for piece in page.pieces[:FIRST] for each in sayings.SEPARATOR.split(piece))
    return next((each for each in sentences if sayings.TAKEN_DOWN.fullmatch(each)), None)


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


def piece(said: str) -> str | None:
    """The whole piece of a title that says "not here"."""
    return _denying(said[:TITLE_LIMIT])


def _denies(said: str) -> bool:
    return piece(said) is not None


@lru_cache(maxsize=128)  # one title is looked at by several rules, one after another
def _denying(said: str) -> str | None:
    if sayings.MAY_DENY.search(said.casefold()) is None:
        return None  # as nearly always
    pieces = sayings.SEPARATOR.split(said)
    return next((each for each in pieces if sayings.DENIAL.fullmatch(sayings.CODE.sub("", each))), None)
