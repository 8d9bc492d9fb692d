"""Where a page sends its reader by itself: the Refresh header, or the meta element in its stead. Pure.

HTML, 4.2.5.3. As a browser that runs scripts reads it: not in noscript, template or a comment.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch.check.page import Page

if TYPE_CHECKING:
    from linkwatch.model import Answer

_CONTENT = re.compile(
    r"\s*(?=[\d.])(\d{0,9})[\d.]*(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(.*)", re.IGNORECASE | re.DOTALL
)
_QUOTED = re.compile(r"([\"'])(.*?)(?:\1.*)?", re.DOTALL)
_NAMED = re.compile(rb"refresh", re.IGNORECASE)


def refresh(answer: Answer, patience: float) -> tuple[str, str] | None:
    """The address a page goes on to within ``patience`` seconds, and its base where it names one."""
    if not 200 <= answer.status < 300:
        return None
    said = answer.header("refresh")
    if said is not None:
        target = _target(said, patience)
        return (target, "") if target else None
    if not _NAMED.search(answer.body):
        return None
    page = Page(answer)
    for content in page.refreshes:
        if target := _target(content, patience):
            return target, page.base
    return None


def _target(content: str, patience: float) -> str | None:
    found = _CONTENT.fullmatch(content)
    if found is None or int(found[1] or 0) > patience:
        return None
    quoted = _QUOTED.fullmatch(found[2])
    return (quoted[2] if quoted else found[2]).strip() or None
