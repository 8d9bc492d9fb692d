"""Whether the part of a page that a link points to is still there. Pure; never fails.

Unknown is not "no": what a script may yet put there, and what lies behind the end of what was
read, is not judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from linkwatch.check.judging.page import letters

if TYPE_CHECKING:
    from linkwatch.check.judging.page import Page
    from linkwatch.policy import Policy

# URL Fragment Text Directives (WICG), 3.1: what parts it from the fragment of an element.
DIRECTIVE = ":~:"
# GitHub puts this before the ids of what its users write; its script takes it off again.
PREFIXES = ("", "user-content-")
# For scripts and not for elements: routes, lines of source, and settings such as t=30 or page=3.
_FOR_SCRIPTS = re.compile(r"[!/].*|L\d+(?:C\d+)?(?:-L?\d+(?:C\d+)?)?|.*=.*", re.DOTALL)


def missing(page: Page, fragment: str, policy: Policy) -> bool | None:
    """Whether a fragment (what follows the "#") leads nowhere on a page; None where nobody can say."""
    element, directive, directives = fragment.partition(DIRECTIVE)
    if not page.is_html:
        return None
    found = _holds_text(page, directives) if directive else _holds_element(page, element)
    if found is None or found:
        return None if found is None else False
    return None if page.is_cut or _is_made_by_scripts(page, policy) else True


def quotes(fragment: str) -> bool:
    """Whether a fragment quotes words of the page."""
    return f"{DIRECTIVE}text=" in fragment


def _is_made_by_scripts(page: Page, policy: Policy) -> bool:
    return page.says_less_than(policy.thin_page) and (not page.text or page.has("script"))


def _holds_element(page: Page, fragment: str) -> bool | None:
    decoded = unquote(fragment)
    if any(prefix + name in page.anchors for prefix in PREFIXES for name in (fragment, decoded) if name):
        return True
    # HTML, 7.4.6.4: an empty fragment and "top" are the top of any page.
    if not decoded or decoded.lower() == "top" or _FOR_SCRIPTS.fullmatch(decoded):
        return None
    return False


def _holds_text(page: Page, directives: str) -> bool | None:
    """Whether one of the quotes is there: a browser goes to the first that it finds."""
    wanted = [each[5:] for each in directives.split("&") if each.startswith("text=")]
    found = [_holds_quote(page.letters, each) for each in wanted]
    if any(found):
        return True
    # Bytes in a charset that was guessed wrong could be anything.
    return None if not found or None in found or "\ufffd" in page.letters else False


def _holds_quote(text: str, quote: str) -> bool | None:
    """Whether a text holds ``[prefix-,]start[,end][,-suffix]``; None where it is no such thing."""
    pieces = quote.split(",")
    prefix = pieces.pop(0)[:-1] if pieces[0].endswith("-") else ""
    suffix = pieces.pop()[1:] if pieces and pieces[-1].startswith("-") else ""
    if not 1 <= len(pieces) <= 2 or not all(letters(unquote(each)) for each in pieces):
        return None
    before, start, after = (letters(unquote(each)) for each in (prefix, pieces[0], suffix))
    if len(pieces) == 1:
        return before + start + after in text
    place = text.find(before + start)
    return place >= 0 and letters(unquote(pieces[1])) + after in text[place + len(before + start) :]
