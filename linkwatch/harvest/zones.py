"""The local time of publications that write times without a zone.

Used only where the corpus has no time zone of its own. A row is a fact about one host: the zone in
which its pages show times.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from linkwatch.urls import host_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from linkwatch.harvest.document import Context

ZONES = {
    "cn.nytimes.com": "Asia/Shanghai",  # its times are eight hours ahead of the captures
    "m.cn.nytimes.com": "Asia/Shanghai",
    "cn.nytstyle.com": "Asia/Shanghai",
}


def zone(context: Context, url: str | None) -> tzinfo:
    """The zone of a time written without one, in an article published at ``url``."""
    if context.timezone_is_set or url is None:
        return context.timezone
    name = ZONES.get(host_of(url))
    return context.timezone if name is None else _zone(name)


@cache
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)
