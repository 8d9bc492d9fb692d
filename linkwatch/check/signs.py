"""What one observation says of the way to its server, and not of the page. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkwatch import reasons
from linkwatch.model import Failure, Hop

if TYPE_CHECKING:
    from linkwatch.model import Observation

# What all URLs of a server share: no connection ever came to be.
NO_CONNECTION = frozenset(
    {"dns_nxdomain", "dns_failure", "connect_timeout", "connection_refused", "host_unreachable"}
)
SILENCE = frozenset({"brief_look", "connect_timeout", "read_timeout"})


def may_be_ours(seen: Observation) -> bool:
    """Whether our own network, or what stands in it, shows the like of every server."""
    cause = _cause(seen)
    return cause.network or cause.ours


def is_ours(seen: Observation) -> bool:
    """Whether it is no server's doing."""
    return _cause(seen).ours


def is_the_machine(seen: Observation) -> bool:
    """Whether our own machine could not ask: that says nothing of any network."""
    return isinstance(seen.outcome, Failure) and seen.outcome.reason == "local_limit"


def kept_waiting(seen: Observation) -> bool:
    """Whether nothing came for as long as we waited."""
    return isinstance(seen.outcome, Failure) and seen.outcome.reason in SILENCE


def took_no_connection(seen: Observation) -> bool:
    """Whether the server that was asked first let nobody in."""
    first_hop = len(seen.hops) == 1
    return first_hop and isinstance(seen.outcome, Failure) and seen.outcome.reason in NO_CONNECTION


def server_of(url: str) -> str:
    """Scheme, host and port of a URL in normal form."""
    scheme, _, authority = url.split("/", 3)[:3]
    return f"{scheme}//{authority.rpartition('@')[2]}"


def shared(seen: Observation, url: str) -> Observation:
    """What a server's silence, met a moment ago at one of its URLs, says of another."""
    assert isinstance(seen.outcome, Failure)
    outcome = replace(seen.outcome, detail=f"{seen.outcome.detail} (met at {server_of(url)} a moment before)")
    return replace(seen, url=url, hops=(Hop(url, None),), outcome=outcome, elapsed_ms=0)


def _cause(seen: Observation) -> reasons.Cause:
    outcome = seen.outcome
    return reasons.cause(outcome.reason if isinstance(outcome, Failure) else reasons.http(outcome.status))
