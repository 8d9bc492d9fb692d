"""A CDX index is asked precisely, and only its plain word is taken for "not archived"."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from linkwatch.archive.addresses import fold, same
from linkwatch.archive.cdx import (
    EXCLUDED,
    FIELDS,
    Question,
    Reply,
    interpret,
    json_rows,
    mementos,
    query,
    text_rows,
)
from linkwatch.archive.timestamps import from_stamp, to_stamp
from linkwatch.model import LookupAnswer

BASE = "https://web.archive.org"
CITED = datetime(2023, 9, 5, 4, 45, 39, tzinfo=UTC)
QUESTION = Question("https://example.com/a?q=1&p=2", CITED)
ROW = [
    "com,example)/a",
    "20230906000000",
    "http://www.example.com:80/a?p=2&q=1",
    "text/html",
    "200",
    "D" * 32,
    "900",
]


def answer(*rows: list[str]) -> Reply:
    return Reply(200, json.dumps([list(FIELDS), *rows]))


def test_the_query_asks_for_good_captures_nearest_to_the_citation() -> None:
    """Filter, order and number are in the query; the URL is escaped whole."""
    address = query(BASE + "/", QUESTION)
    assert address.startswith("https://web.archive.org/cdx/search/cdx?")
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "output": "json",
        "limit": "10",
        "gzip": "false",
        "closest": "20230905044539",
        "sort": "closest",
        "filter": "statuscode:200",
        "url": "https://example.com/a?q=1&p=2",
    }


def test_a_capture_of_the_page_is_a_memento() -> None:
    """The memento's address is the archive's, the time the capture's, the URL ours."""
    lookup = interpret(QUESTION, answer(ROW), BASE)
    assert lookup.answer is LookupAnswer.ARCHIVED
    (memento,) = lookup.mementos
    assert memento.url == QUESTION.url
    assert memento.memento_url == f"{BASE}/web/20230906000000/http://www.example.com:80/a?p=2&q=1"
    assert memento.captured_at == datetime(2023, 9, 6, tzinfo=UTC)
    assert (memento.http_status, memento.digest) == (200, "D" * 32)


def test_an_empty_list_is_the_only_plain_no() -> None:
    """The index says that it holds nothing by an empty JSON list."""
    assert interpret(QUESTION, Reply(200, "[]\n"), BASE).answer is LookupAnswer.NOT_ARCHIVED


@pytest.mark.parametrize(
    "reply",
    [
        Reply(None, "TimeoutError"),
        Reply(200, ""),
        Reply(200, "\n"),
        Reply(200, '[["urlkey","timestamp","original"'),
        Reply(200, "<html>Temporarily Offline</html>"),
        Reply(200, '{"error": "no"}'),
        Reply(200, "[1]"),
        Reply(200, '[["a","b"]]'),
        Reply(200, "null"),
        Reply(302, ""),
        Reply(403, "Forbidden"),
        Reply(404, "[]"),
        Reply(429, "[]"),
        Reply(500, "[]"),
        Reply(503, "[]"),
    ],
)
def test_everything_else_is_unknown(reply: Reply) -> None:
    """Neither silence nor refusal nor nonsense says that a page was never archived."""
    lookup = interpret(QUESTION, reply, BASE)
    assert lookup.answer is LookupAnswer.UNKNOWN
    assert lookup.error
    assert not lookup.mementos


def test_an_excluded_site_is_told_apart() -> None:
    """The archive may hold captures that it does not show: unknown, with the cause."""
    text = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
    lookup = interpret(QUESTION, Reply(403, text), BASE)
    assert (lookup.answer, lookup.error) == (LookupAnswer.UNKNOWN, EXCLUDED)


def test_captures_of_other_pages_are_not_taken() -> None:
    """The index folds letter case, servers often do not: the page of another name is another page."""
    other = [*ROW[:2], "http://example.com/A?p=2&q=1", *ROW[3:]]
    assert interpret(QUESTION, answer(other), BASE).answer is LookupAnswer.NOT_ARCHIVED
    assert interpret(QUESTION, answer(*[other] * 10), BASE).answer is LookupAnswer.UNKNOWN


def test_rows_of_impossible_times_leave_doubt() -> None:
    """A row of month 00 is no memento, but it is no proof of absence either."""
    assert (
        interpret(QUESTION, answer([ROW[0], "20230006000000", *ROW[2:]]), BASE).answer is LookupAnswer.UNKNOWN
    )
    both = interpret(QUESTION, answer([ROW[0], "20230006000000", *ROW[2:]], ROW), BASE)
    assert len(both.mementos) == 1


def test_a_revisit_has_no_status() -> None:
    """The index does not repeat the status of a page that had not changed."""
    revisit = [*ROW[:3], "warc/revisit", "-", *ROW[5:]]
    (memento,) = interpret(QUESTION, answer(revisit), BASE).mementos
    assert memento.http_status is None


def test_the_same_capture_counts_once_and_the_resume_key_not_at_all() -> None:
    """Indexes list rows twice, and end with an empty row and a key."""
    lookup = interpret(QUESTION, answer(ROW, ROW, [], ["com%2Cexample"]), BASE)
    assert len(lookup.mementos) == 1
    text = " ".join(ROW)
    assert len(text_rows(f"{text}\n{text}\n\ncom%2Cexample%29\n")) == 2


def test_fewer_fields_are_enough() -> None:
    """``fl`` may leave fields out; a row of the wrong length is left out."""
    rows = json_rows('[["timestamp","original"],["20230906000000","http://example.com/a?p=2&q=1"],["x"]]')
    assert rows is not None
    (memento,) = mementos(rows, QUESTION.url, BASE)
    assert (memento.http_status, memento.digest) == (None, None)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("https://www.example.com/", "http://example.com:80", True),
        ("https://example.com/a/", "https://example.com/a", True),
        ("https://example.com/?a=1&b=2", "https://www2.EXAMPLE.com/?b=2&a=1", True),
        ("https://example.com/%7Ea", "https://example.com/~a", True),
        ("https://example.com/a#b", "https://example.com/a", True),
        ("https://example.com/watch?v=Ab", "https://example.com/watch?v=aB", False),
        ("https://example.com/a", "https://example.com/b", False),
        ("https://example.com:8080/a", "https://example.com/a", False),
        ("https://news.example.com/", "https://example.com/", False),
        ("data:image/png;base64,AA", "data:image/png;base64,AA", False),
        ("http://mailto:a@example.com/", "http://example.com/", False),
        ("http://[broken/", "http://[broken/", False),
    ],
)
def test_addresses_are_compared_as_pages(one: str, other: str, equal: bool) -> None:
    """What never tells pages apart does not count; letter case in a path or query does."""
    assert same(one, other) is equal
    assert same(other, one) is equal


def test_folding_is_idempotent_in_effect() -> None:
    """A folded address names the same page as the address."""
    folded = fold("https://www.example.com:443/a%20b/?z=1&a=%C3%A9")
    assert folded is not None
    assert fold(f"http://{folded}") == folded


def test_times_of_fourteen_digits() -> None:
    """Digits and times are the same in both directions; impossible ones are no time."""
    assert to_stamp(CITED) == "20230905044539"
    assert from_stamp("20230905044539") == CITED
    for nonsense in (
        "20000012170449",
        "20000800241623",
        "2023",
        "",
        "20230905044539x",
        "２０２３０９０５０４４５３９",
    ):
        assert from_stamp(nonsense) is None
