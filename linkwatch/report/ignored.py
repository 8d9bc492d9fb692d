"""Which links the configuration asks not to report: still checked, listed as ignored."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from linkwatch.report.model import Ignore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from linkwatch.config import Exclude


def ignoring(url: str, host: str, excludes: Sequence[Exclude], today: date) -> Ignore | None:
    """The first exclusion that covers a URL and has not expired. Its last day still counts."""
    for each in excludes:
        if (each.until is None or today <= each.until) and matches(each.pattern, url, host):
            return Ignore(each.pattern, each.reason, each.until)
    return None


def matches(pattern: str, url: str, host: str) -> bool:
    """Whether a pattern names this URL: a glob over the whole URL, or over the host where it has no slash."""
    if "/" in pattern:
        return pattern == url or fnmatchcase(url, pattern)
    return fnmatchcase(host.lower(), pattern.lower())
