"""Whether a page still is what its first check saw. Pure.

A page is another one where both its title and its own text are, and only where it was seen before to
stay the same: front pages, lists and whatever else changes by nature are never judged. The verdict of
one check is evidence; the fold asks for a second one on another day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from linkwatch import reasons
from linkwatch.check.judging.evidence import LONGEST_EVIDENCE, LONGEST_TITLE, line
from linkwatch.check.judging.page import read
from linkwatch.check.judging.redirects import is_home
from linkwatch.check.judging.sketch import Sketch, alike, similarity, sketch
from linkwatch.model import Answer, Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from linkwatch.check.judging.page import Page
    from linkwatch.model import Check, Observation
    from linkwatch.policy import Policy

REASON = "content_changed"
# Characters of a page's own text that are sketched: the longest articles, at five milliseconds.
LONGEST_TEXT = 20_000
# Shingles of a text worth keeping: of less, a notice in its place could not be told from it.
FEWEST_KEPT = 64
DIGEST = 16  # bytes
# A path with one of these in it lists other pages, one that ends in one of those is a section's front.
_LISTS = frozenset(
    {"author", "authors", "categories", "category", "channel", "channels", "explore", "feed", "hashtag",
     "label", "labels", "list", "lists", "rss", "search", "tag", "tags", "topic", "topics", "trending"}
)  # fmt: skip
_FRONTS = frozenset(
    {"all", "archive", "archives", "blog", "careers", "default", "events", "forum", "forums", "home", "index",
     "jobs", "latest", "live", "new", "news", "popular", "status", "today", "top", "updates", "weather"}
)  # fmt: skip
_ASKS = frozenset({"keyword", "keywords", "kw", "offset", "page", "paged", "q", "query", "s", "search", "wd"})
_SECTION = re.compile(r"[a-z]{1,14}")  # the only segment of a path, and no name of a page


@dataclass(frozen=True, slots=True)
class First:
    """What is kept of the first check that saw a text, and how the page has borne itself since."""

    sketch: Sketch
    title: str
    language: str | None
    kept_at: datetime
    alike_at: datetime  # when the text was last found to be that one
    changing: bool = False  # it changes by nature, and is never judged
    digest: bytes | None = None  # of the newest text with this sketch: of the same text none is made again


def followed(
    check: Check, seen: Observation, first: First | None, policy: Policy
) -> tuple[Check, First | None]:
    """A check compared with the first of its URL, and what is to be kept; None where that is nothing new."""
    answer = seen.outcome
    if check.verdict not in (Verdict.ALIVE, Verdict.MOVED) or not isinstance(answer, Answer):
        return check, None
    page = read(answer)
    if not page.is_html or changes_by_nature(seen.url):
        return check, None
    if first is None:
        elsewhere = seen.final_url != seen.url and changes_by_nature(seen.final_url)
        return check, None if elsewhere else _kept(page, check.checked_at)
    if _may_be_a_translation(first, page):
        return check, None
    made, digest = _sketched(page, first)
    share = similarity(first.sketch, made)
    if share is None:
        return check, None
    if made == first.sketch and digest != first.digest:
        first = replace(first, digest=digest)
    return _compared(replace(check, similarity=round(share, 3)), _put_right(first, check), page, policy)


def _kept(page: Page, at: datetime) -> First | None:
    made, digest = _sketched(page)
    if len(made) < FEWEST_KEPT:
        return None
    return First(made, line(page.title, LONGEST_TITLE) or "", page.language, at, at, digest=digest)


def _sketched(page: Page, first: First | None = None) -> tuple[Sketch, bytes]:
    """The sketch of a page's own text, and the digest of that: most texts are what they were."""
    text = page.main_text(LONGEST_TEXT)
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest()
    return first.sketch if first and first.digest == digest else sketch(text), digest


def _put_right(first: First, check: Check) -> First:
    """Times that lie in what is yet to come are those of a clock that was wrong."""
    now = check.checked_at
    return first if max(first.kept_at, first.alike_at) <= now else replace(first, kept_at=now, alike_at=now)


def _compared(check: Check, first: First, page: Page, policy: Policy) -> tuple[Check, First | None]:
    assert check.similarity is not None
    if check.similarity >= policy.same_text:
        return check, replace(first, alike_at=check.checked_at)
    if check.similarity >= policy.other_text:
        return check, None
    another = alike(first.title, line(page.title, LONGEST_TITLE) or "") < policy.same_title
    if first.changing or not (another and _was_steady(first, policy)):
        return check, replace(first, changing=True)
    return _drifted(check, first), None


def _was_steady(first: First, policy: Policy) -> bool:
    return first.alike_at - first.kept_at >= timedelta(seconds=policy.steady_span)


def _drifted(check: Check, first: First) -> Check:
    said = (
        f"text differs from the first check, {first.kept_at:%Y-%m-%d} (similarity {check.similarity:.2f}); "
        f"the title was “{first.title[:200]}”"
    )
    evidence = f"{check.error}; {said}" if check.error else said
    verdict = reasons.cause(REASON).verdict
    return replace(check, verdict=verdict, reason=REASON, error=line(evidence, LONGEST_EVIDENCE))


def _may_be_a_translation(first: First, page: Page) -> bool:
    """Whether a page in another language says that visitors are given the language that suits them."""
    if first.language == page.language:
        return False
    varies = (value.lower() for name, value in page.answer.headers if name == "vary")
    return any("accept-language" in each for each in varies) or page.has("link[hreflang], a[hreflang]")


def changes_by_nature(url: str) -> bool:
    """Whether an address is that of a front page, of a list of other pages, or of what a search found."""
    parts = urlsplit(url)
    segments = [each.lower() for each in parts.path.split("/") if each]
    if is_home(parts.path) or any(key.lower() in _ASKS for key, _ in parse_qsl(parts.query)):
        return True
    stems = [each.partition(".")[0] for each in segments]
    if stems[-1] in _FRONTS or not _LISTS.isdisjoint(stems):
        return True
    alone = len(segments) == 1 and not parts.query and _SECTION.fullmatch(segments[0]) is not None
    return alone or all(each.isdigit() and len(each) <= 4 for each in segments)  # /politics/, /2024/03/
