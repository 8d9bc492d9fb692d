"""All cases, and the hosts that serve them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hostile import doubles, gates, kinds, leading, pretending, reaching, speaking
from hostile.web import Host, Tls

if TYPE_CHECKING:
    from hostile.case import Case

AREAS: dict[str, list[Case]] = {
    "HTTP": speaking.CASES,
    "redirects": leading.CASES,
    "names and certificates": reaching.CASES,
    "gates": gates.CASES,
    "error pages and parked domains": pretending.CASES + doubles.CASES,
    "kinds of content": kinds.CASES,
}
CASES = [case for cases in AREAS.values() for case in cases]


def hosts() -> dict[str, Host]:
    """Every host of the hostile web."""
    others = {
        name: Host(site, tls=leading.TLS.get(name, Tls.GOOD))
        for name, site in (leading.OTHERS | pretending.OTHERS | gates.OTHERS).items()
    }
    return others | {case.host: case.served() for case in CASES}
