"""One way of redirects, from a URL to where it leads."""

from __future__ import annotations

from dataclasses import dataclass, field

import ada_url

from linkwatch.check.cookies import Cookies
from linkwatch.model import Hop


@dataclass(slots=True)
class Chain:
    """What was passed on the way, how long it took, and the cookies set on it."""

    briefly: bool = False  # only looked at: what keeps us waiting is left for another time
    hops: list[Hop] = field(default_factory=list)
    cookies: Cookies = field(default_factory=Cookies)
    seconds: float = 0.0  # of asking and being answered, without waiting for turns

    def passed(self, url: str, status: int | None) -> None:
        """One more hop. Names and passwords before the host are nobody's business later."""
        self.hops.append(Hop(without_userinfo(url), status))

    def came_by(self, url: str) -> bool:
        """Whether the way has led here before."""
        return any(hop.url == without_userinfo(url).partition("#")[0] for hop in self.hops)

    def is_loop(self, url: str) -> bool:
        """Whether the way came by here twice before: once is how sites test for cookies."""
        if len(self.hops) < 2:
            return False
        shown = without_userinfo(url)
        return sum(hop.url == shown for hop in self.hops) >= 2


def without_userinfo(url: str) -> str:
    """A URL as it may be shown."""
    if "@" not in url:
        return url
    parsed = ada_url.URL(url)
    parsed.username = parsed.password = ""
    return str(parsed.href)
