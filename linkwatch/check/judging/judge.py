"""What one observation shows: the verdict, its reason, and the evidence in one line.

Pure. The rules stand in order, the strongest evidence first; each that fires names what it saw.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch import reasons
from linkwatch.check.judging import comparison, redirects, soft404, statements, walls
from linkwatch.check.judging.gates import GATES, HEADERS, LONGEST
from linkwatch.check.judging.page import read
from linkwatch.check.judging.parkers import PARKERS, served_by
from linkwatch.model import Answer, Failure, Judgement

if TYPE_CHECKING:
    from linkwatch.check.judging.page import Page
    from linkwatch.model import Observation
    from linkwatch.policy import Policy


def judge(seen: Observation, policy: Policy) -> Judgement:
    """The verdict on one observation. Never fails, whatever the remote sent."""
    match seen.outcome:
        case Failure(reason, detail):
            return _verdict(reason, detail)
        case Answer() as answer:
            return _judge_answer(seen, answer, policy)


def _judge_answer(seen: Observation, answer: Answer, policy: Policy) -> Judgement:
    page = read(answer)
    found = (
        _gate(seen, answer, page, policy)
        or _status(answer)
        or _parked(seen, answer, page, policy)
        or redirects.to_suspended(seen)
        or walls.to_login(seen, page, policy)
        or redirects.to_home(seen)
        or redirects.to_lost(seen, lambda: statements.denial(page) is not None)
        or soft404.says_so(seen, page, policy)
        or walls.login(seen, page, policy)
        or walls.price(page, policy)
        or comparison.beside(seen, page, policy)
        or soft404.landed_together(seen, page, policy)
        or redirects.permanent(seen)
        or ("ok", "")
    )
    return _verdict(*found, title=page.title)


def _verdict(reason: str, evidence: str, title: str | None = None) -> Judgement:
    return Judgement(reasons.cause(reason).verdict, reason, evidence, title)


def _status(answer: Answer) -> tuple[str, str] | None:
    if answer.status == 429:
        return "rate_limited", f"HTTP 429, Retry-After: {answer.header('retry-after') or 'not said'}"
    return None if 200 <= answer.status < 300 else (reasons.http(answer.status), f"HTTP {answer.status}")


def _gate(seen: Observation, answer: Answer, page: Page, policy: Policy) -> tuple[str, str] | None:
    """A challenge: by its header whatever the status, by its markup where the page says little."""
    body = answer.body[:LONGEST] if _says_little(page, policy) else b""
    if not body and seen.final_url == seen.url and HEADERS.isdisjoint(name for name, _ in answer.headers):
        return None  # as nearly always
    lowered = body.lower()
    for gate in GATES:
        value = answer.header(gate.header) if gate.header else None
        if value is not None and re.search(gate.value, value, re.IGNORECASE):
            return "bot_challenge", f"{gate.name}: header {gate.header}: {value}"
        if gate.is_in(body, lowered):
            return "bot_challenge", f"{gate.name}: its markup on a page with HTTP {answer.status}"
        if gate.address and len(seen.hops) > 1 and _was_sent(seen, gate.address):
            return "bot_challenge", f"{gate.name}: redirected to {seen.final_url}"
    return None


def _parked(seen: Observation, answer: Answer, page: Page, policy: Policy) -> tuple[str, str] | None:
    if seen.beside is None and seen.final_url == seen.url and not _says_little(page, policy):
        return None  # as nearly always
    for parker in PARKERS:
        if len(seen.hops) > 1 and redirects.leads_to(seen, parker.hosts):
            return "parked_domain", f"{parker.name}: redirected to {seen.final_url}"
        if parker.markup and _says_little(page, policy) and parker.markup in answer.body:
            return "parked_domain", f"{parker.name}: its markup on the page"
        if parker.address and _was_sent(seen, parker.address):
            return "parked_domain", f"{parker.name}: redirected to {seen.final_url}"
    named = served_by(seen.beside.name_servers) if seen.beside else None
    if named and _says_little(page, policy):
        return "parked_domain", f"{named[0]}: the domain's name server is {named[1]}"
    return None


def _was_sent(seen: Observation, address: re.Pattern[str]) -> bool:
    return bool(address.search(seen.final_url)) and not address.search(seen.url)


def _says_little(page: Page, policy: Policy) -> bool:
    return page.says_less_than(policy.thin_page)
