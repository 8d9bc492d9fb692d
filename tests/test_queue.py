"""Who is looked up and who is captured, in what order, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from conftest import NIGHT

from linkwatch.archive import asking, queue
from linkwatch.archive.cdx import EXCLUDED
from linkwatch.archive.queue import Target
from linkwatch.archive.unfit import unfit
from linkwatch.config import Exclude
from linkwatch.model import CaptureState, LookupAnswer, State
from linkwatch.policy import DAY

MONTH = 30 * DAY
PAGE = "https://example.com/page"


def days(count: float) -> timedelta:
    return timedelta(days=count)


TARGET = Target(1, PAGE, "example.com", State.ALIVE, NIGHT - days(100))
KNOWN = asking.Known(1, PAGE, State.DEAD, NIGHT - days(5), (NIGHT - days(900),), NIGHT - days(60))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.com/a", "not a web address"),
        ("https://user:pass@example.com/", "credentials"),
        ("https://user@example.com/", "credentials"),
        ("http://localhost/", "private"),
        ("http://intranet/", "private"),
        ("http://printer.local/", "private"),
        ("http://10.0.0.1/", "private"),
        ("http://127.0.0.1:8000/", "private"),
        ("http://[::1]/", "private"),
        ("http://[fe80::1]/", "private"),
        ("https://192.168.1.1/", "private"),
        ("https://web.archive.org/web/2020/https://example.com/", "archive already"),
        ("https://archive.ph/AbCdE", "archive already"),
        ("https://perma.cc/ABCD-1234", "archive already"),
        ("https://example.com/?PHPSESSID=0123456789abcdef", "session"),
        ("https://example.com/a;jsessionid=0123456789ABCDEF?b=1", "session"),
        ("https://example.com/?a=1&access_token=0123456789abcdef", "session"),
        ("https://bucket.s3.amazonaws.com/a?X-Amz-Signature=0123456789abcdef", "session"),
        ("http://[broken/", "not a valid"),
    ],
)
def test_some_addresses_are_never_named_to_an_archive(url: str, why: str) -> None:
    """Capturing publishes, so what opens a door or tells of a private network stays with us."""
    assert why in (unfit(url) or "")


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "http://example.com:8080/",
        "https://93.184.216.34/",
        "https://archive.org/details/texts",
        "https://notarchive.ph/",
        "https://example.com/?session=57&sid=1234",
        "https://example.com/token?page=2",
        "https://bücher.example.com/",
    ],
)
def test_ordinary_addresses_are(url: str) -> None:
    """Numbers of stories and sittings are no secrets, and suffixes match whole labels."""
    assert unfit(url) is None


@pytest.mark.parametrize("state", list(State))
def test_only_what_lives_is_captured(state: State) -> None:
    """A capture of a dead page would bury the good ones under it."""
    live = {State.ALIVE, State.MOVED, State.DRIFTED, State.BLOCKED}
    wanted = queue.plan([replace(TARGET, state=state)], NIGHT, MONTH).wanted
    assert bool(wanted) is (state in live)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"newest_memento": None}, True),
        ({"newest_memento": NIGHT - days(10)}, False),
        ({"newest_memento": NIGHT - days(31)}, True),
        ({"newest_memento": NIGHT - days(10), "first_cited": NIGHT - days(5)}, True),
        ({"url": "https://user:pass@example.com/"}, False),
        ({"capture": CaptureState.QUEUED}, True),
        ({"capture": CaptureState.SUBMITTED}, False),
        ({"capture": CaptureState.ARCHIVED, "finished_at": NIGHT - days(2)}, False),
        ({"capture": CaptureState.ARCHIVED, "finished_at": NIGHT - days(31)}, True),
        ({"capture": CaptureState.SKIPPED, "finished_at": NIGHT - days(2)}, True),
        ({"capture": CaptureState.FAILED, "finished_at": NIGHT - days(2)}, False),
        ({"capture": CaptureState.FAILED, "finished_at": NIGHT - days(31), "status_ext": "celery"}, True),
        (
            {"capture": CaptureState.REFUSED, "finished_at": NIGHT - days(31), "status_ext": "blocked-url"},
            False,
        ),
        ({"capture": CaptureState.FAILED, "finished_at": NIGHT - days(181), "status_ext": "no-access"}, True),
    ],
)
def test_no_url_is_submitted_twice_for_one_reason(changes: dict[str, object], wanted: bool) -> None:
    """What is safe, under way, lately captured or lately refused is left alone."""
    assert bool(queue.plan([replace(TARGET, **changes)], NIGHT, MONTH).wanted) is wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "excluded"),
    [
        (Exclude("example.com", "ours"), True),
        (Exclude("https://example.com/p*", "ours"), True),
        (Exclude("https://example.com/other*", "ours"), False),
        (Exclude("example.com", "ours", until=date(2026, 3, 1)), True),
        (Exclude("example.com", "ours", until=date(2026, 2, 28)), False),
    ],
)
def test_the_configuration_leaves_urls_out(rule: Exclude, excluded: bool) -> None:
    """By host or by pattern, until its day."""
    plan = queue.plan([TARGET], NIGHT, MONTH, [rule])
    assert bool(plan.declined) is excluded
    assert excluded is not bool(plan.wanted)


def test_most_at_risk_first() -> None:
    """Never archived; not since cited; stale. In each: flapping, bad company, old citations."""
    order = [
        replace(TARGET, url_id=1, flaps=3),
        replace(TARGET, url_id=2, dead_on_host=1),
        replace(TARGET, url_id=3, first_cited=NIGHT - days(3000)),
        replace(TARGET, url_id=4),
        replace(TARGET, url_id=5, newest_memento=NIGHT - days(200), flaps=9),
        replace(TARGET, url_id=6, newest_memento=NIGHT - days(40), dead_on_host=2),
        replace(TARGET, url_id=7, newest_memento=NIGHT - days(40)),
    ]
    plan = queue.plan(reversed(order), NIGHT, MONTH)
    assert [each.url_id for each in plan.wanted] == [1, 2, 3, 4, 5, 6, 7]


def test_look_ups_serve_the_dead_first_and_the_newest_citations_first() -> None:
    """Then the troubled, then the living that have nothing."""
    rows = [
        replace(KNOWN, url_id=4, state=State.ALIVE, cited=(NIGHT - days(1),)),
        replace(KNOWN, url_id=3, state=State.SUSPECT, cited=(NIGHT - days(1),)),
        replace(KNOWN, url_id=2, cited=(NIGHT - days(500),)),
        replace(KNOWN, url_id=1, cited=(NIGHT - days(900), NIGHT - days(100))),
        replace(KNOWN, url_id=5, state=State.MOVED, cited=(NIGHT - days(2),)),
        replace(KNOWN, url_id=9, state=State.ALIVE, mementos=1),
        replace(KNOWN, url_id=9, state=State.UNCHECKED),
        replace(KNOWN, url_id=9, state=State.SKIPPED),
        replace(KNOWN, url_id=9, url="https://user:pass@example.com/"),
        replace(KNOWN, url_id=9, url="https://web.archive.org/web/2020/https://example.com/"),
    ]
    assert [each.url_id for each in asking.plan(rows, NIGHT)] == [1, 2, 3, 4, 5]


def test_what_the_archive_cannot_say_keeps_no_others_waiting() -> None:
    """A few URLs with which its index has trouble, asked about nightly, come after those not asked yet."""
    asked = {"answer": LookupAnswer.UNKNOWN, "asked_at": NIGHT - days(1)}
    rows = [
        replace(KNOWN, url_id=3, state=State.ALIVE),
        replace(KNOWN, url_id=2, cited=(NIGHT - days(1),), **asked),  # type: ignore[arg-type]
        replace(KNOWN, url_id=1, cited=(NIGHT - days(900),)),
    ]
    assert [each.url_id for each in asking.plan(rows, NIGHT)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("state", "answer", "asked", "error", "due"),
    [
        (State.DEAD, LookupAnswer.UNKNOWN, 0.5, None, False),
        (State.DEAD, LookupAnswer.UNKNOWN, 0.9, None, True),
        (State.DEAD, LookupAnswer.UNKNOWN, 0.9, EXCLUDED, False),
        (State.DEAD, LookupAnswer.UNKNOWN, 31, EXCLUDED, True),
        (State.DEAD, LookupAnswer.NOT_ARCHIVED, 2, None, False),
        (
            State.DEAD,
            LookupAnswer.NOT_ARCHIVED,
            6,
            None,
            True,
        ),  # it has died since
        (State.SUSPECT, LookupAnswer.NOT_ARCHIVED, 29, None, False),
        (State.SUSPECT, LookupAnswer.NOT_ARCHIVED, 30, None, True),
        (State.DEAD, LookupAnswer.ARCHIVED, 2, None, False),
        (State.DEAD, LookupAnswer.ARCHIVED, 6, None, True),  # it has died since
        (State.SUSPECT, LookupAnswer.ARCHIVED, 6, None, False),
        (State.SUSPECT, LookupAnswer.ARCHIVED, 61, None, True),  # it has been cited anew since
        (State.ALIVE, LookupAnswer.ARCHIVED, 400, None, False),
        (State.ALIVE, LookupAnswer.NOT_ARCHIVED, 31, None, True),
    ],
)
def test_when_the_archive_is_asked_again(
    state: State, answer: LookupAnswer, asked: float, error: str | None, due: bool
) -> None:
    """ "No" after a month or a death, "don't know" in the next night, "yes" when something has changed."""
    known = replace(KNOWN, state=state, answer=answer, asked_at=NIGHT - days(asked), error=error)
    assert asking.is_due(known, NIGHT) is due


def test_a_dead_url_is_looked_up_near_each_time_it_was_cited() -> None:
    """Times close together count as one, and there is an end to it."""
    cited = tuple(NIGHT - days(each) for each in (10, 20, 300, 310, 900, 2000, 3000))
    near = [each.near for each in asking.questions(replace(KNOWN, cited=cited), NIGHT)]
    assert near == [NIGHT - days(10), NIGHT - days(300), NIGHT - days(900)]


def test_a_live_url_is_looked_up_for_its_newest_memento() -> None:
    """Redirects and errors left out, revisits kept."""
    (question,) = asking.questions(replace(KNOWN, state=State.ALIVE), NIGHT)
    assert question.near == NIGHT
    assert question.only.startswith("!")


def test_a_blocked_url_is_asked_about_as_a_witness_first() -> None:
    """Its newest captures, whatever their status, then those near the citation; again after a month."""
    asked = NIGHT - days(29)
    url = replace(
        KNOWN, state=State.BLOCKED, answer=LookupAnswer.ARCHIVED, asked_at=asked, state_since=asked,
        linked_at=asked,
    )  # fmt: skip
    first, *rest = asking.questions(url, NIGHT)
    assert (first.only, first.near) == ("", NIGHT)
    assert [each.only for each in rest] == ["statuscode:200"]
    assert not asking.is_due(url, NIGHT)
    assert asking.is_due(url, NIGHT + days(1))
    assert asking.is_due(replace(url, state_since=asked + days(1)), NIGHT)
