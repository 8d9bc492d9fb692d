"""What Save Page Now 2 says, as values: submissions, jobs, places, the state of the service.

Bodies as in the API document (2025-10-22) and as clients have met them since; the traps are in
the tests. Nothing here fetches.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkwatch.archive.addresses import memento_url
from linkwatch.archive.limits import SLOTS
from linkwatch.archive.statuses import bare, code_of
from linkwatch.archive.timestamps import from_stamp
from linkwatch.model import Memento

if TYPE_CHECKING:
    from linkwatch.archive.cdx import Reply


@dataclass(frozen=True, slots=True)
class Accepted:
    """A job was given out for the submission."""

    job_id: str


@dataclass(frozen=True, slots=True)
class AlreadyArchived:
    """The archive made a capture lately and makes none now; it does not say where that one is."""

    message: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Submission or capture failed with a code of ``statuses.MEANINGS``, or an unheard one."""

    status_ext: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """The keys were not accepted."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """HTTP 429: we are too fast."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nothing usable came back; the capture may or may not have started."""

    error: str


@dataclass(frozen=True, slots=True)
class Pending:
    """The job is not done, or its id has expired: both look the same."""


@dataclass(frozen=True, slots=True)
class Captured:
    """The job succeeded."""

    timestamp: str
    original_url: str  # after redirects, and so part of the memento's address
    http_status: int | None


@dataclass(frozen=True, slots=True)
class Slots:
    """How many captures may be started now, and whether today's are used up."""

    available: int
    exhausted: bool = False


Submission = Accepted | AlreadyArchived | Refused | Unauthorized | Throttled | NoAnswer
Progress = Pending | Captured | Refused


def submission(reply: Reply) -> Submission:
    """What the answer to ``POST /save`` says. Most refusals come with HTTP 200."""
    match reply.status:
        case 200:
            body = _object(reply.text)
            return NoAnswer("an answer that is no JSON object") if body is None else _taken(body)
        case 400 | 414:  # the archive is well, and does not take this address
            return _refused(_object(reply.text) or {"message": f"HTTP {reply.status}"})
        case 401 | 403:
            return Unauthorized()
        case 429:
            return Throttled()
        case None:
            return NoAnswer(reply.text)
        case _:
            return NoAnswer(f"HTTP {reply.status}")


def _taken(body: dict[str, Any]) -> Submission:
    """Whether a submission was taken, by its answer."""
    said = _text(body, "message")
    if body.get("status") == "error" or body.get("status_ext"):
        return _refused(body)
    if job_id := _text(body, "job_id"):
        return Accepted(job_id)
    if code_of(said):
        return _refused(body)
    return AlreadyArchived(said) if "job_id" in body else NoAnswer(said or "an answer without a job")


def statuses(reply: Reply) -> dict[str, Progress]:
    """How far each job has come, by its id. What is not listed is not known."""
    if reply.status != 200:
        return {}
    try:
        listed = json.loads(reply.text)
    except ValueError:
        return {}
    rows = listed if isinstance(listed, list) else [listed]
    known = [each for each in rows if isinstance(each, dict) and isinstance(each.get("job_id"), str)]
    return {each["job_id"]: progress(each) for each in known}


def progress(body: dict[str, Any]) -> Progress:
    """How far one job has come."""
    stamp, original = _text(body, "timestamp"), _text(body, "original_url")
    if body.get("status") == "success" and from_stamp(stamp) and original:
        status = body.get("http_status")
        return Captured(stamp, original, status if isinstance(status, int) else None)
    if body.get("status") == "error" or body.get("status_ext"):
        return _refused(body)
    return Pending()


def slots(reply: Reply, running: int = 0) -> Slots | Unauthorized:
    """How many captures may be begun now.

    Where the archive does not say: as many as were measured, less those ``running``.
    """
    if reply.status in (401, 403):
        return Unauthorized()
    body = _object(reply.text) if reply.status == 200 else None
    available = (body or {}).get("available")
    if body is None or not isinstance(available, int):
        return Slots(max(0, SLOTS - running))
    made, limit = body.get("daily_captures"), body.get("daily_captures_limit")
    exhausted = isinstance(made, int) and isinstance(limit, int) and made >= limit > 0
    return Slots(max(0, available), exhausted)


def outage(reply: Reply) -> str | None:
    """What the service says against using it now; None where it is well or says nothing.

    An overload is no outage: "captures may be delayed" is said and captures go on.
    """
    return "Save Page Now is down (HTTP 502)." if reply.status == 502 else None


def overload(reply: Reply) -> str | None:
    """The sentence by which the service says that it is slow; None where it is well."""
    body = _object(reply.text) if reply.status == 200 else None
    said = _text(body or {}, "status")
    return said if said and said != "ok" else None


def memento(url: str, captured: Captured, base: str) -> Memento | None:
    """The memento that a finished job made of ``url``."""
    moment = from_stamp(captured.timestamp)
    if moment is None:
        return None
    where = memento_url(base, captured.timestamp, captured.original_url)
    return Memento(url, where, moment, captured.http_status)


def _refused(body: dict[str, Any]) -> Refused:
    message = _text(body, "message")
    code = bare(_text(body, "status_ext")) or code_of(message) or "unnamed"
    return Refused(code, message[:500])


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
