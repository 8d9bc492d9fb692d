"""Which answers are worth another try, and after how long."""

from __future__ import annotations

import math
from datetime import timedelta
from email.utils import format_datetime

import pytest
from conftest import NIGHT
from hypothesis import given
from hypothesis import strategies as st

from linkwatch import reasons
from linkwatch.check.retry import deferred, is_transient, pause, retry_after, worth_another_try
from linkwatch.model import Answer, Failure, Hop, Observation
from linkwatch.policy import DAY, Policy

POLICY = Policy()
URL = "https://example.org/a"


def _seen(outcome: Answer | Failure) -> Observation:
    return Observation(URL, NIGHT, (Hop(URL, None),), outcome, 10)


def _answered(status: int, after: str | None = None) -> Observation:
    return _seen(Answer(status, () if after is None else (("retry-after", after),)))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, None),
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("007", 7),
        ("3600", 3600),
        ("9" * 5000, math.inf),
        # Dates: as RFC 9110 wants them, and as servers write them.
        ("Sun, 01 Mar 2026 03:18:00 GMT", 60),
        ("Sunday, 01-Mar-26 03:18:00 GMT", 60),
        ("Sun Mar  1 03:18:00 2026", 60),
        ("Sun, 01 Mar 2026 03:18:00", 60),  # no zone: UTC
        ("Sun, 01 Mar 2026 03:18:00 -0000", 60),
        ("Sun, 01 Mar 2026 11:18:00 +0800", 60),
        ("Mon, 01 Mar 2026 03:18:00 GMT", 60),  # the wrong weekday
        ("Sun, 01 Mar 2026 03:16:00 GMT", 0),  # past already
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
        # What says nothing.
        ("", None),
        ("-5", None),
        ("+5", None),
        ("1.5", None),
        ("1e3", None),
        ("0x10", None),
        ("²", None),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("120, 60", None),
        ("\x00", None),
        ("7\x1f", 7.0),
        ("2026-03-01T03:18:00Z", None),
        ("Mon, 01 Jan 99999 00:00:00 GMT", None),
        ("Sun, 01 Mar 2026 25:99:00 GMT", None),
        ("Sun, 01 Mar 2026 03:18:00 +9999", None),
        ("Sun, 01 Mar 2026 03:18:00 +9999999999999", None),
        ("999999999999 Mar 00:01:00 01 Z", None),
    ],
)
def test_retry_after(said: str | None, seconds: float | None) -> None:
    """Seconds or a date, never less than nothing; anything else is as if it were not said."""
    assert retry_after(_answered(503, said)) == seconds


@given(st.one_of(st.text(max_size=60), st.text('SunMar0123456789GT:+-,. ()\\"', max_size=40)))
def test_no_header_can_break_it(said: str) -> None:
    """Whatever the server sends, the wait is unknown or a time within the policy's bounds."""
    seen = _answered(503, said)
    asked = retry_after(seen)
    assert asked is None or asked >= 0
    assert 0 <= pause(seen, 1, POLICY) <= max(POLICY.retry_after_max, POLICY.retry_wait_max)


@pytest.mark.parametrize(
    ("status", "said", "seconds"),
    [
        (429, "60", None),  # waited for at once
        (429, "61", 61),
        (503, "7200", 7200),
        (503, "99999999999999999999", 30 * DAY),
        (404, "7200", None),  # not there is not there
        (200, "7200", None),
        (429, None, None),
        (429, "soon", None),
    ],
)
def test_a_long_wait_is_for_another_night(status: int, said: str | None, seconds: float | None) -> None:
    """As long as the server asks, and no longer than a month."""
    assert deferred(_answered(status, said), POLICY) == seconds


@given(st.integers(0, 10_000_000))
def test_a_date_is_the_time_until_then(seconds: int) -> None:
    """Both forms of the header mean the same wait."""
    date = format_datetime(NIGHT + timedelta(seconds=seconds), usegmt=True)
    assert retry_after(_answered(503, date)) == retry_after(_answered(503, str(seconds))) == seconds


@pytest.mark.parametrize(("tries", "seconds"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (60, 30)])
def test_pauses_double(tries: int, seconds: float) -> None:
    """Without a word from the server the wait doubles, up to half a minute."""
    assert pause(_answered(503), tries, POLICY) == seconds
    assert pause(_seen(Failure("connection_reset")), tries, POLICY) == seconds


@pytest.mark.parametrize(("said", "seconds"), [("0", 0), ("45", 45), ("60", 60), ("61", 60), ("9" * 400, 60)])
def test_the_server_is_obeyed_within_bounds(said: str, seconds: float) -> None:
    """The server's own wait is kept, but never more than the policy allows."""
    assert pause(_answered(429, said), 5, POLICY) == seconds


@pytest.mark.parametrize(
    ("status", "after", "again"),
    [
        (200, None, False),
        (204, None, False),
        (301, None, False),
        (304, None, False),
        (400, None, False),
        (401, None, False),
        (403, None, False),
        (403, "1", False),
        (404, None, False),
        (404, "1", False),
        (408, None, True),
        (410, None, False),
        (425, None, True),
        (429, None, True),
        (429, "60", True),
        (429, "61", False),
        (429, "3600", False),
        (429, "nonsense", True),
        (451, None, False),
        (500, None, True),
        (502, None, True),
        (503, None, True),
        (503, "10", True),
        (503, "Mon, 02 Mar 2026 03:17:00 GMT", False),
        (504, None, True),
        (520, None, True),
        (599, None, True),
        (999, None, False),
    ],
)
def test_statuses_worth_another_try(status: int, after: str | None, again: bool) -> None:
    """Refusals and plain answers are final; faults and "come back later" are tried again, if soon."""
    assert worth_another_try(_answered(status, after), POLICY) is again


def test_a_long_wait_stays_transient() -> None:
    """A host that asks for an hour is left for later, and not taken for final."""
    assert is_transient(_answered(429, "3600"))


@pytest.mark.parametrize("reason", reasons.CAUSES)
def test_failures_worth_another_try(reason: str) -> None:
    """A failure is tried again exactly where its row of the table says so."""
    assert worth_another_try(_seen(Failure(reason)), POLICY) is reasons.CAUSES[reason].transient


@pytest.mark.parametrize(
    ("reason", "again"),
    [
        ("connection_reset", True),
        ("connect_timeout", True),
        ("read_timeout", True),
        ("dns_failure", True),
        ("body_error", True),
        ("dns_nxdomain", False),
        ("tls_expired", False),
        ("tls_hostname", False),
        ("redirect_loop", False),
        ("malformed_response", False),
        ("private_address", False),
    ],
)
def test_what_passes_by_itself(reason: str, again: bool) -> None:
    """Resets and time-outs may pass within a minute; certificates and missing names do not."""
    assert is_transient(_seen(Failure(reason))) is again
