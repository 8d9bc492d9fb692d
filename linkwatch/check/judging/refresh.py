"""Where a page sends its reader by itself: the Refresh header, the meta element in its stead, a script. Pure.

HTML, 4.2.5.3. As a browser that runs scripts reads it: not in noscript, template or a comment. Of scripts
only such are read as do nothing else, on a page without a word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch.check.judging.page import read

if TYPE_CHECKING:
    from linkwatch.model import Answer

_CONTENT = re.compile(
    r"\s*(?=[\d.])(\d{0,9})[\d.]*(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(.*)", re.IGNORECASE | re.DOTALL
)
_QUOTED = re.compile(r"([\"'])(.*?)(?:\1.*)?", re.DOTALL)
# A page that holds nothing but a way on is no longer than this.
LONGEST_SCRIPTED = 4_096
_ALERT = r"(?:alert\s*\(\s*(?:'[^'\\]*'|\"[^\"\\]*\")\s*\)[\s;]*)?"
_ONWARD = re.compile(
    r"(?:<!--\s*)?(?:window\.onload\s*=\s*function\s*\(\)\s*\{\s*)?" + _ALERT +
    r"(?:(?:window|self|top|parent|document)\.){0,2}location(?:\.href)?\s*(?:=|\.(?:replace|assign)\s*\()\s*"
    r"([\"'])([^\"'\\\s]{1,2000})\1[\s;)}/]*(?:-->)?",
    re.IGNORECASE,
)  # fmt: skip


def refresh(answer: Answer, patience: float) -> tuple[str, str] | None:
    """The address a page goes on to within ``patience`` seconds, and its base where it names one."""
    if not 200 <= answer.status < 300:
        return None
    said = answer.header("refresh")
    if said is not None:
        target = _target(said, patience)
        return (target, "") if target else None
    page = read(answer)
    for content in page.refreshes:
        if target := _target(content, patience):
            return target, page.base
    return _scripted(answer)


def _scripted(answer: Answer) -> tuple[str, str] | None:
    """Where the only script of a page without a word goes on to."""
    if len(answer.body) > LONGEST_SCRIPTED or b"location" not in answer.body:
        return None
    page = read(answer)
    if page.text or len(page.scripts) != 1 or page.has("script[src], iframe, frame, img, video, object"):
        return None
    found = _ONWARD.fullmatch(page.scripts[0].strip())
    return (found[2], page.base) if found else None


def _target(content: str, patience: float) -> str | None:
    found = _CONTENT.fullmatch(content)
    if found is None or int(found[1] or 0) > patience:
        return None
    quoted = _QUOTED.fullmatch(found[2])
    return (quoted[2] if quoted else found[2]).strip() or None
