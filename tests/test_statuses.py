"""Every error code of Save Page Now has one course and one sentence."""

from __future__ import annotations

import pytest

from linkwatch.archive.statuses import MEANINGS, Course, bare, code_of, meaning

# The codes of the "Save Page Now 2 Public API" document, by what its clients do about them.
DOCUMENTED = {
    Course.PERMANENT: (
        "bad-request blocked blocked-url filesize-limit ftp-access-denied http-version-not-supported"
        " invalid-url-syntax invalid-host-resolution method-not-allowed network-authentication-required"
        " no-access not-found not-implemented too-many-redirects unauthorized"
    ),
    Course.TRANSIENT: (
        "bad-gateway browsing-timeout cannot-fetch capture-location-error celery gateway-timeout"
        " internal-server-error invalid-server-response job-failed no-browsers-available protocol-error"
        " proxy-error read-timeout service-unavailable soft-time-limit-exceeded redis-error not-started"
    ),
    Course.TOMORROW: "too-many-daily-captures",
    Course.FULL: "user-session-limit",
    Course.SLOW: "too-many-requests bandwidth-limit-exceeded",
    Course.STOP: "max-daily-bandwidth max-daily-bandwidth-from-ip blocked-client-ip account-limit",
    Course.SKIP_HOST: "max-daily-bandwidth-host host-paused",
    Course.UNKNOWN: "no-captures",
}
ROWS = [(code, course) for course, codes in DOCUMENTED.items() for code in codes.split()]


@pytest.mark.parametrize(("code", "course"), ROWS)
def test_each_code_has_its_course(code: str, course: Course) -> None:
    """With and without ``error:``, a code means what the documents and the clients agree on."""
    assert meaning(f"error:{code}").course is course
    assert meaning(code) is MEANINGS[code]


def test_the_table_holds_these_codes_and_no_others() -> None:
    """No row of the table is left untested."""
    assert {code for code, _ in ROWS} == set(MEANINGS)


def test_every_sentence_is_one() -> None:
    """People read the sentences: each is whole, and none stands for two codes of different course."""
    for row in MEANINGS.values():
        assert row.sentence[0].isupper()
        assert row.sentence.endswith(".")
    assert len({(row.sentence, row.course) for row in MEANINGS.values()}) == len(
        {row.sentence for row in MEANINGS.values()}
    )


@pytest.mark.parametrize("code", ["error:quantum-flux", "", "error:", "RecursionError: maximum depth"])
def test_an_unheard_code_is_of_unknown_course(code: str) -> None:
    """What the documents do not name is not guessed at."""
    assert meaning(code).course is Course.UNKNOWN


def test_what_the_archive_saw_of_the_target_is_marked_as_evidence() -> None:
    """A second opinion from another network is told from the archive's own trouble."""
    seen = {code for code, row in MEANINGS.items() if row.evidence}
    assert {"not-found", "no-access", "blocked", "invalid-host-resolution"} <= seen
    assert not seen & {"celery", "job-failed", "user-session-limit"}


def test_the_prefix_is_taken_off() -> None:
    """Codes are kept without ``error:``."""
    assert bare(" error:not-found") == "not-found"


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("You have already reached the limit of active Save Page Now sessions.", "user-session-limit"),
        ("You cannot make more than 30,000 captures per day.", "account-limit"),
        ("Crawling this host is paused for 60 seconds.", "host-paused"),
        ("Cannot start capture", "not-started"),
        ("The same snapshot had been made 2 minutes ago.", None),
        ("", None),
    ],
)
def test_a_sentence_without_a_code_is_understood(sentence: str, code: str | None) -> None:
    """The archive does not always give a code with its refusal."""
    assert code_of(sentence) == code
