"""The simulated Save Page Now: jobs that take a few polls, and all the ways they go wrong.

Bodies follow the "Save Page Now 2 Public API" document (2025-10) and what clients have measured since.
Nothing here speaks HTTP.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from linkwatch.archive.timestamps import to_stamp
from linkwatch.demo.holdings import Held, digest_of
from linkwatch.times import seconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from linkwatch.demo.holdings import Holdings

Answer = tuple[int, dict[str, Any] | str]  # HTTP status (0: none), and JSON or text


@dataclass(frozen=True, slots=True)
class Visit:
    """What the archive's crawler meets at an address."""

    status: int = 200
    final_url: str | None = None  # after redirects
    body: str = "<html><title>captured</title></html>"
    failure: str | None = None  # a status_ext without "error:", where nothing HTTP came back


@dataclass(frozen=True, slots=True)
class Quirk:
    """How Save Page Now misbehaves for one address."""

    refusal: str | None = None  # a status_ext that submission answers with HTTP 200
    failure: str | None = None  # a status_ext that the job ends with
    null_job: bool = False  # "the same snapshot had been made": no job
    endless: bool = False  # pending for ever
    lost: bool = False  # pending for ever, though the capture was made
    http: int | None = None  # HTTP status that submission answers with
    mute: bool = False  # the submission is taken, but the connection breaks off before the answer
    times: int = 1_000_000  # so often, then it behaves


@dataclass(slots=True)
class Job:
    """One capture under way."""

    url: str
    visit: Visit
    polls: int
    quirk: Quirk
    stamp: str
    done: bool = False


# What the crawler says of a page by the status it met; by default only 200 is kept.
_BY_STATUS = {
    400: "bad-request",
    401: "unauthorized",
    403: "no-access",
    404: "not-found",
    405: "method-not-allowed",
    410: "not-found",
    429: "too-many-requests",
    500: "internal-server-error",
    501: "not-implemented",
    502: "bad-gateway",
    503: "service-unavailable",
    504: "gateway-timeout",
    999: "blocked",
}


@dataclass(slots=True)
class SavePageNow:
    """The jobs of the simulated archive."""

    holdings: Holdings
    clock: Callable[[], datetime]
    visit: Callable[[str], Visit]
    polls: int = 1  # how often a job is asked before it ends
    slots: int = 3
    system: str = "ok"  # or a sentence, or "critical"
    daily_limit: int = 30_000
    captured_today: int = 0
    quirks: dict[str, Quirk] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)

    def submit(self, url: str, options: dict[str, str]) -> Answer:
        """What ``POST /save`` answers."""
        quirk = self._quirk(url)
        if quirk.http is not None:
            return quirk.http, "<html><body>Too Many Requests</body></html>"
        if quirk.refusal is not None:
            return 200, _error(quirk.refusal)
        if quirk.null_job or self._fresh(url, options.get("if_not_archived_within")):
            message = "The same snapshot had been made 177 hours ago."
            return 200, {"url": url, "job_id": None, "message": message}
        if self._running() >= self.slots:
            return 200, _error("user-session-limit")
        body = {"url": url, "job_id": self._start(url, quirk)}
        return (0 if quirk.mute else 200), body

    def status(self, job_id: str) -> dict[str, Any]:
        """What a status request answers; a job id nobody gave out is pending for ever."""
        job = self.jobs.get(job_id)
        if job is None or job.quirk.endless or job.quirk.lost:
            if job is not None and job.quirk.lost:
                self._finish(job)
            return {"status": "pending", "job_id": job_id, "resources": []}
        if job.polls > 0:
            job.polls -= 1
            return {"status": "pending", "job_id": job_id, "resources": [job.url]}
        failure = job.quirk.failure or job.visit.failure or _failure(job.visit.status)
        self._finish(job, kept=failure is None)
        return {"job_id": job_id, **(_error(failure) if failure else self._success(job))}

    def user(self) -> dict[str, int]:
        """What ``/save/status/user`` answers."""
        running = self._running()
        return {
            "processing": running,
            "available": max(0, self.slots - running),
            "daily_captures": self.captured_today,
            "daily_captures_limit": self.daily_limit,
        }

    def _start(self, url: str, quirk: Quirk) -> str:
        """Begins a job. Its id depends on the address alone, so a repeat meets the same job."""
        job_id = "spn2-" + hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()
        known = self.jobs.get(job_id)
        if known is None or known.done:
            self.jobs[job_id] = Job(url, self.visit(url), self.polls, quirk, to_stamp(self.clock()))
        return job_id

    def _finish(self, job: Job, *, kept: bool = True) -> None:
        if not job.done and kept:
            final = job.visit.final_url or job.url
            body = job.visit.body
            made = Held(job.stamp, final, str(job.visit.status), digest=digest_of(body), body=body)
            self.holdings.add(final, made)
            if final != job.url:
                self.holdings.add(job.url, Held(job.stamp, job.url, "301", location=final))
            self.captured_today += 1
        job.done = True

    def _success(self, job: Job) -> dict[str, Any]:
        return {
            "status": "success",
            "original_url": job.visit.final_url or job.url,
            "timestamp": job.stamp,
            "duration_sec": 6.203,
            "http_status": job.visit.status,
            "counters": {"outlinks": 0, "embeds": 1},
            "resources": [job.url],
            "outlinks": [],
        }

    def _running(self) -> int:
        """Jobs that take a slot; what hangs for ever has been forgotten by the server."""
        hanging = (job.quirk.endless or job.quirk.lost for job in self.jobs.values())
        return sum(not job.done and not hangs for job, hangs in zip(self.jobs.values(), hanging, strict=True))

    def _fresh(self, url: str, within: str | None) -> bool:
        if within is None:
            return False
        span = float(within) if within.isdigit() else seconds(within)
        since = to_stamp(self.clock() - timedelta(seconds=span))
        return any(each.timestamp >= since and each.status == "200" for each in self.holdings.of(url))

    def _quirk(self, url: str) -> Quirk:
        quirk = self.quirks.get(url) or self.quirks.get("*") or Quirk()
        if quirk.times <= 0:
            return Quirk()
        for key in (url, "*"):
            if self.quirks.get(key) is quirk:
                self.quirks[key] = _once_less(quirk)
        return quirk


def _once_less(quirk: Quirk) -> Quirk:
    return replace(quirk, times=quirk.times - 1)


def _failure(status: int) -> str | None:
    return None if status == 200 else _BY_STATUS.get(status, "cannot-fetch")


def _error(status_ext: str) -> dict[str, Any]:
    return {
        "status": "error",
        "status_ext": f"error:{status_ext}",
        "message": f"The simulated archive says {status_ext}.",
        "exception": "[Errno simulated]",
        "resources": [],
    }
