"""What Save Page Now's error codes mean: one row per ``status_ext``, with a sentence for people.

Codes as in the "Save Page Now 2 Public API" document (copies of 2021 to 2025-10-22) and three
that are undocumented but were seen. How to go on agrees with wayback-machine-archiver 4,
spn-client 0.4 and InternetArchiveBot, except where a row says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Course(StrEnum):
    """How to go on after an error."""

    PERMANENT = "permanent"  # this URL will fail again
    TRANSIENT = "transient"  # the archive's own trouble: another night
    TOMORROW = "tomorrow"  # captured often enough today: safe
    SLOW = "slow"  # slow the whole run, this URL another night
    FULL = "full"  # wait for a place; no word on this URL
    SKIP_HOST = "skip_host"  # nothing more from this host in this run
    STOP = "stop"  # no more captures in this run
    UNKNOWN = "unknown"  # a code nobody has documented: one later try


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one code means."""

    course: Course
    sentence: str
    evidence: bool = False  # says something about the target, as seen from another network


_P, _T, _S, _X = Course.PERMANENT, Course.TRANSIENT, Course.SLOW, Course.STOP

MEANINGS = {
    "bad-request": Meaning(_P, "The page answered the archive that the request is wrong (400)."),
    "blocked": Meaning(_P, "The site refuses the archive (999).", evidence=True),
    "blocked-url": Meaning(_P, "The archive does not capture this address."),
    "filesize-limit": Meaning(_P, "The file is larger than the archive takes (2 GB)."),
    "ftp-access-denied": Meaning(_P, "The FTP server refuses the archive."),
    "http-version-not-supported": Meaning(_P, "The server does not speak the archive's HTTP (505)."),
    "invalid-url-syntax": Meaning(_P, "The archive cannot read the address."),
    "invalid-host-resolution": Meaning(_P, "The archive cannot find the host either.", evidence=True),
    "method-not-allowed": Meaning(_P, "The page does not allow the archive to fetch it (405)."),
    # spn-client holds this one for transient: a captive portal is not for ever, but not for tonight.
    "network-authentication-required": Meaning(_P, "The network asks the archive for a login (511)."),
    "no-access": Meaning(_P, "The page refuses the archive (403).", evidence=True),
    "not-found": Meaning(_P, "The archive does not find the page either (404).", evidence=True),
    "not-implemented": Meaning(_P, "The server cannot do what the archive asks (501)."),
    "too-many-redirects": Meaning(_P, "The page redirects more often than the archive follows."),
    "unauthorized": Meaning(_P, "The page asks the archive for a login (401).", evidence=True),
    "bad-gateway": Meaning(_T, "The page answered the archive with a server fault (502)."),
    "browsing-timeout": Meaning(_T, "The page took the archive's browser too long."),
    "cannot-fetch": Meaning(_T, "The archive could not fetch the page."),
    "capture-location-error": Meaning(_T, "The archive captured the page but lost track of it."),
    "celery": Meaning(_T, "The archive had a fault of its own."),
    "gateway-timeout": Meaning(_T, "The page did not answer the archive in time (504)."),
    "internal-server-error": Meaning(_T, "The page or the archive had a server fault (500)."),
    "invalid-server-response": Meaning(_T, "The page's answer to the archive was not HTTP."),
    "job-failed": Meaning(_T, "The capture broke off."),
    "no-browsers-available": Meaning(_T, "All browsers of the archive were busy."),
    "protocol-error": Meaning(_T, "The connection from the archive to the page broke off."),
    "proxy-error": Meaning(_T, "The archive's proxy had a fault."),
    "read-timeout": Meaning(_T, "The page answered the archive too slowly."),
    "service-unavailable": Meaning(_T, "The page was not available to the archive (503)."),
    "soft-time-limit-exceeded": Meaning(_T, "The capture took too long (45 s)."),
    "redis-error": Meaning(_T, "The archive had a fault of its own."),  # in InternetArchiveBot's source
    "too-many-daily-captures": Meaning(
        Course.TOMORROW, "The page has been captured as often today as the archive allows."
    ),
    "user-session-limit": Meaning(Course.FULL, "All our places at the archive were taken."),
    "too-many-requests": Meaning(_S, "The page asked the archive to come back later (429)."),
    # wayback-machine-archiver holds this one for transient; it is the target's bandwidth.
    "bandwidth-limit-exceeded": Meaning(_S, "The page has used up its bandwidth (509)."),
    "max-daily-bandwidth": Meaning(_X, "Our account has used up what it may send to the archive today."),
    "max-daily-bandwidth-from-ip": Meaning(
        _X, "Our network has used up what it may send to the archive today."
    ),
    "max-daily-bandwidth-host": Meaning(
        Course.SKIP_HOST, "The archive has taken as much from this host today as it will."
    ),
    "blocked-client-ip": Meaning(_X, "The archive refuses our network address."),
    # Three of our own, for sentences that come without a code.
    "account-limit": Meaning(_X, "Our account has made as many captures as the archive allows."),
    "host-paused": Meaning(Course.SKIP_HOST, "The archive lets this host rest."),
    "not-started": Meaning(_T, "The archive could not begin the capture."),
    "no-captures": Meaning(  # undocumented: internetarchive/wayback#304, 2026-09-13
        Course.UNKNOWN, "The archive could not reach the page.", evidence=True
    ),
}

# What such sentences hold (overcast07/spn.sh, 2025-04, looks for them), in lower case.
_SAID = {
    "already reached the limit of active": "user-session-limit",
    "cannot make more than": "account-limit",
    "crawling this host is paused": "host-paused",
    "cannot start capture": "not-started",
}

_UNHEARD = "The archive gave an error that its documents do not name."


def meaning(status_ext: str) -> Meaning:
    """What a code means, with or without its ``error:``; an unheard one is of unknown course."""
    return MEANINGS.get(bare(status_ext), Meaning(Course.UNKNOWN, _UNHEARD))


def code_of(sentence: str) -> str | None:
    """The code that a sentence of the archive stands for where it gave none."""
    said = sentence.lower()
    return next((code for words, code in _SAID.items() if words in said), None)


def bare(status_ext: str) -> str:
    """The code without ``error:``."""
    return status_ext.strip().removeprefix("error:")
