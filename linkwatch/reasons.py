"""Why a check came out as it did: one row per cause.

The table holds for each reason the verdict it stands for, a plain sentence for people, whether
trying again soon is worth it, and whether the fault may lie in the network between us and the
host (those are what our own outage looks like).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus

from linkwatch.model import Verdict


@dataclass(frozen=True, slots=True)
class Cause:
    """What one reason means."""

    verdict: Verdict
    sentence: str
    transient: bool = False  # worth another try in the same run
    network: bool = False  # could be our own network
    ours: bool = False  # is our own fault: nothing is recorded against the URL


_A, _M, _D, _G = Verdict.ALIVE, Verdict.MOVED, Verdict.DRIFTED, Verdict.GONE
_B, _U, _S = Verdict.BLOCKED, Verdict.UNREACHABLE, Verdict.SKIPPED

CAUSES = {
    "ok": Cause(_A, "The page answers."),
    "permanent_redirect": Cause(_M, "The page has moved for good; the link should be updated."),
    "fragment_missing": Cause(_D, "The page is there, but the part the link points to is not."),
    "text_fragment_missing": Cause(_D, "The page is there, but no longer holds the quoted text."),
    "content_changed": Cause(_D, "The page answers, but is no longer what was cited."),
    "soft_404": Cause(_G, "The server answers, but only to say that the page is not there."),
    "parked_domain": Cause(_G, "The domain is parked: it shows advertising or is for sale."),
    "site_suspended": Cause(_G, "The site's host has switched it off."),
    "redirect_to_home": Cause(_G, "The page is gone; the server sends visitors to its home page."),
    "dns_nxdomain": Cause(_G, "The host name does not exist any more.", network=True),
    "redirect_to_login": Cause(_B, "The page is behind a login."),
    "login_wall": Cause(_B, "A login stands where the page should be."),
    "bot_challenge": Cause(_B, "The server asks visitors to prove that they are human."),
    "paywall": Cause(_B, "The page is behind a pay wall."),
    "rate_limited": Cause(_B, "The server asks us to come back later.", transient=True),
    "robots_disallowed": Cause(_B, "The site's robots.txt asks us not to fetch the page.", network=True),
    "redirect_loop": Cause(_U, "The redirects go round in a circle."),
    "too_many_redirects": Cause(_U, "The redirects do not come to an end."),
    "dns_failure": Cause(_U, "The host name could not be looked up.", transient=True, network=True),
    "connect_timeout": Cause(_U, "The server did not pick up in time.", transient=True, network=True),
    "read_timeout": Cause(
        _U, "The server picked up but did not answer in time.", transient=True, network=True
    ),
    "connection_refused": Cause(_U, "The server refused the connection.", transient=True, network=True),
    "host_unreachable": Cause(_U, "No way leads to the server.", transient=True, network=True),
    "connection_reset": Cause(_U, "The server broke off the connection.", transient=True, network=True),
    "tls_expired": Cause(_U, "The server's certificate has expired.", network=True),
    "tls_not_yet_valid": Cause(_U, "The server's certificate is not valid yet.", network=True),
    "tls_hostname": Cause(_U, "The server's certificate is for another host.", network=True),
    "tls_self_signed": Cause(_U, "The server has signed its certificate itself.", network=True),
    "tls_incomplete_chain": Cause(
        _U,
        "The server leaves out the certificate of its authority; browsers that fetch it show the page.",
        network=True,
    ),
    "tls_untrusted": Cause(
        _U, "The server's certificate cannot be traced to a known authority.", network=True
    ),
    "tls_error": Cause(_U, "No secure connection could be made.", transient=True, network=True),
    "malformed_response": Cause(_U, "What came back is not HTTP.", network=True),
    "body_error": Cause(_U, "The answer broke off in the middle or could not be unpacked.", transient=True),
    "invalid_url": Cause(_S, "The address is not a valid URL."),
    "unsupported_scheme": Cause(_S, "The address is not of the web (http or https)."),
    "private_address": Cause(_S, "The address lies in a private network and is not fetched.", network=True),
    "excluded": Cause(_S, "The configuration leaves this address out."),
    "no_route": Cause(_S, "Our own network has no way to such an address.", ours=True),
    "local_limit": Cause(
        _S, "Our own machine ran out of files or memory: set a lower [check] concurrency.", ours=True
    ),
    "client_fault": Cause(_S, "A fault of linkwatch itself kept it from asking.", ours=True),
    "brief_look": Cause(_S, "We looked only briefly and are to look again, with all patience.", ours=True),
    "proxy_failure": Cause(_S, "Our own proxy did not answer.", ours=True),
}

# Statuses that mean something else than their class says.
_STATUSES = {
    300: Cause(_A, "The server offers several pages to choose from"),
    401: Cause(_B, "The server asks for a login"),
    402: Cause(_B, "The server asks for payment"),
    403: Cause(_B, "The server refuses to show us the page"),
    404: Cause(_G, "The server says that this page does not exist"),
    407: Cause(_B, "A proxy asks for a login"),
    408: Cause(_U, "The server gave up waiting for us", transient=True),
    410: Cause(_G, "The server says that this page is gone for good"),
    425: Cause(_U, "The server asks us to try again", transient=True),
    429: Cause(_B, "The server asks us to come back later", transient=True),
    451: Cause(_B, "The page is withheld for legal reasons"),
    # Said by what stands between us and every server (RFC 6585, 6), and so never of one page.
    511: Cause(_S, "Our own network asks for a login", ours=True),
    999: Cause(_B, "The server refuses automatic visitors"),
}


def http(status: int) -> str:
    """The reason that names an HTTP status."""
    return f"http_{status}"


def cause(reason: str) -> Cause:
    """What a reason means. Raises KeyError for one that no table knows."""
    status = reason.removeprefix("http_")
    if status != reason and status.isdecimal():
        return _http_cause(int(status))
    return CAUSES[reason]


def _http_cause(status: int) -> Cause:
    known = _STATUSES.get(status) or _by_class(status)
    return replace(known, sentence=f"{known.sentence} ({status}).")


def _by_class(status: int) -> Cause:
    match status // 100:
        case 2:
            return Cause(_A, "The page answers")
        case 3:
            return Cause(_U, "The server redirects without saying where to")
        case 4:
            # The request was refused, not the page: 400, 405, 406, … say nothing of its existence.
            return Cause(_U, f"The server rejects the request{_phrase(status)}")
        case 5:
            said = f"The server has a fault of its own{_phrase(status)}"
            return Cause(_U, said, transient=True, network=True)  # so does a gateway between us and all
        case _:
            return Cause(_U, "The server gave an answer that HTTP does not know")


def _phrase(status: int) -> str:
    try:
        return f": {HTTPStatus(status).phrase.lower()}"
    except ValueError:
        return ""
