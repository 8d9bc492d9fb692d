"""What Save Page Now says is read as it is meant, not as it looks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from linkwatch.archive import spn
from linkwatch.archive.cdx import Reply

JOB = "spn2-" + "a" * 40
SUCCESS = {
    "status": "success",
    "job_id": JOB,
    "original_url": "https://example.com/new",
    "timestamp": "20260301031700",
    "http_status": 200,
}


def ok(body: Any) -> Reply:
    return Reply(200, json.dumps(body))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (ok({"url": "u", "job_id": JOB}), spn.Accepted(JOB)),
        (
            ok({"url": "u", "job_id": JOB, "message": "The same snapshot had been made 2 minutes ago."}),
            spn.Accepted(JOB),
        ),
        (
            ok({"url": "u", "job_id": None, "message": "The same snapshot had been made 177 hours ago"}),
            spn.AlreadyArchived("The same snapshot had been made 177 hours ago"),
        ),
        (
            ok(
                {"status": "error", "status_ext": "error:too-many-daily-captures", "message": "5 times today"}
            ),
            spn.Refused("too-many-daily-captures", "5 times today"),
        ),
        (
            ok({"status": "error", "status_ext": "error:blocked-url", "job_id": None}),
            spn.Refused("blocked-url"),
        ),
        (ok({"status_ext": "error:celery"}), spn.Refused("celery")),
        (ok({"status": "error"}), spn.Refused("unnamed")),
        (Reply(401, '{"message":"You need to be logged in to use Save Page Now."}'), spn.Unauthorized()),
        (Reply(403, ""), spn.Unauthorized()),
        (Reply(429, "<html>"), spn.Throttled()),
        (Reply(520, "<html>"), spn.NoAnswer("HTTP 520")),
        (Reply(414, "<html>"), spn.Refused("unnamed", "HTTP 414")),
        (
            Reply(400, '{"status":"error","status_ext":"error:invalid-url-syntax","message":"m"}'),
            spn.Refused("invalid-url-syntax", "m"),
        ),
        (Reply(302, ""), spn.NoAnswer("HTTP 302")),
        (Reply(None, "ServerDisconnectedError"), spn.NoAnswer("ServerDisconnectedError")),
        (Reply(200, "<html>Please wait</html>"), spn.NoAnswer("an answer that is no JSON object")),
        (Reply(200, ""), spn.NoAnswer("an answer that is no JSON object")),
        (Reply(200, "[]"), spn.NoAnswer("an answer that is no JSON object")),
        (ok({}), spn.NoAnswer("an answer without a job")),
        (ok({"message": "Please wait"}), spn.NoAnswer("Please wait")),
        (ok({"message": "Cannot start capture"}), spn.Refused("not-started", "Cannot start capture")),
        (
            ok({"status": "error", "message": "You cannot make more than 200 captures per day."}),
            spn.Refused("account-limit", "You cannot make more than 200 captures per day."),
        ),
    ],
)
def test_a_submission_is_taken_or_not(reply: Reply, expected: spn.Submission) -> None:
    """A refusal comes with HTTP 200; a null job means archived already; silence means neither."""
    assert spn.submission(reply) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"status": "pending", "job_id": JOB, "resources": []}, spn.Pending()),
        (SUCCESS, spn.Captured("20260301031700", "https://example.com/new", 200)),
        ({**SUCCESS, "http_status": None}, spn.Captured("20260301031700", "https://example.com/new", None)),
        ({**SUCCESS, "timestamp": "20260001031700"}, spn.Pending()),
        ({**SUCCESS, "original_url": None}, spn.Pending()),
        ({"status": "error", "status_ext": "error:not-found", "message": "m"}, spn.Refused("not-found", "m")),
        ({"status": "error", "exception": "RecursionError"}, spn.Refused("unnamed")),
        ({}, spn.Pending()),
        ({"status": 7, "status_ext": 8}, spn.Refused("unnamed")),
    ],
)
def test_a_job_is_done_failed_or_neither(body: dict[str, Any], expected: spn.Progress) -> None:
    """A success counts with a time and an address only; what is not understood is not done."""
    assert spn.progress(body) == expected


def test_many_jobs_are_told_apart_by_their_ids() -> None:
    """The answer to several ids is a list; single answers and rubbish are read as well."""
    known = spn.statuses(ok([SUCCESS, {"status": "pending", "job_id": "other"}, {"status": "pending"}, 5]))
    assert set(known) == {JOB, "other"}
    assert spn.statuses(ok(SUCCESS))[JOB] == spn.progress(SUCCESS)
    assert spn.statuses(Reply(200, "<html>")) == {}
    assert spn.statuses(Reply(502, json.dumps([SUCCESS]))) == {}


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (ok({"available": 12, "processing": 3}), spn.Slots(12)),
        (
            ok({"processing": 0, "available": 3, "daily_captures": 49, "daily_captures_limit": 30000}),
            spn.Slots(3),
        ),
        (
            ok({"available": 3, "daily_captures": 200, "daily_captures_limit": 200}),
            spn.Slots(3, exhausted=True),
        ),
        (ok({"available": -1}), spn.Slots(0)),
        (ok({}), spn.Slots(3)),
        (Reply(200, "<html>"), spn.Slots(3)),
        (Reply(503, ""), spn.Slots(3)),
        (Reply(401, ""), spn.Unauthorized()),
    ],
)
def test_free_places(reply: Reply, expected: spn.Slots | spn.Unauthorized) -> None:
    """What the archive says; what was measured where it says nothing."""
    assert spn.slots(reply) == expected


def test_places_are_not_given_twice_where_the_archive_says_nothing() -> None:
    """Of the places that were measured, those that our own jobs have taken are not free."""
    assert spn.slots(Reply(503, ""), running=2) == spn.Slots(1)
    assert spn.slots(Reply(503, ""), running=5) == spn.Slots(0)
    assert spn.slots(ok({"available": 3}), running=2) == spn.Slots(3)


def test_the_state_of_the_service() -> None:
    """502 is an outage; an overload is told and does not stop us."""
    slow = "Save Page Now servers are temporarily overloaded. Your captures may be delayed."
    assert spn.outage(Reply(502, ""))
    assert spn.outage(ok({"status": "ok"})) is None
    assert spn.overload(ok({"status": "ok"})) is None
    assert spn.overload(ok({"status": slow})) == slow
    assert spn.overload(Reply(500, "")) is None


def test_the_address_of_the_memento_is_that_after_redirects() -> None:
    """The archive files a capture under the address where the redirects ended."""
    captured = spn.Captured("20260301031700", "https://example.com/new", 200)
    memento = spn.memento("https://example.com/old", captured, "https://web.archive.org/")
    assert memento is not None
    assert memento.url == "https://example.com/old"
    assert memento.memento_url == "https://web.archive.org/web/20260301031700/https://example.com/new"
