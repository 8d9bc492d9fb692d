"""A TimeMap is read for what is whole in it, in every form that archives give it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.archive.timemap import Listed, entries, nearest

FIRST = Listed("http://arq.example/1999/http://a.example/", datetime(1999, 1, 2, 3, 4, 5, tzinfo=UTC))
LAST = Listed("http://arq.example/2020/http://a.example/?x=1,2;3", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC))

LINKS = """
<http://a.example/>; rel="original",
<http://arq.example/list>; rel="self"; type="application/link-format"; from="Sat, 02 Jan 1999 03:04:05 GMT",
<http://arq.example/gate>; rel=timegate,
<http://arq.example/1999/http://a.example/>; rel="first memento";
 datetime="Sat, 02 Jan 1999 03:04:05 GMT",
<http://arq.example/2020/http://a.example/?x=1,2;3>;datetime="Thu, 02 Jan 2020 03:04:05 GMT";
 REL="Last Memento"
"""
FORMS = {
    "link-format": LINKS,
    "on one line": LINKS.replace("\n", " "),
    "twice the same": LINKS + "," + LINKS,
    "MemGator's JSON": """{"original_uri": "http://a.example/", "mementos": {"list": [
        {"datetime": "1999-01-02T03:04:05Z", "uri": "http://arq.example/1999/http://a.example/"},
        {"datetime": "2020-01-02T03:04:05Z", "uri": "http://arq.example/2020/http://a.example/?x=1,2;3"}],
        "first": {"datetime": "1999-01-02T03:04:05Z", "uri": "http://arq.example/1999/http://a.example/"}},
        "timegate_uri": "http://arq.example/gate"}""",
    "a line for each": (
        '{"uri": "http://arq.example/1999/http://a.example/", "datetime": "1999-01-02T03:04:05"}\n'
        '{"uri": "http://arq.example/2020/http://a.example/?x=1,2;3",'
        ' "datetime": "2020-01-02T04:04:05+01:00"}'
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_lists_the_same(form: str) -> None:
    """Link-format as in RFC 7089, and the JSON of MemGator and others: mementos only, each once."""
    assert entries(FORMS[form]) == [FIRST, LAST]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html><body>Not found",
        "<http://arq.example/x>; rel=memento",
        '<http://arq.example/x>; rel="memento"; datetime="yesterday"',
        '<javascript:alert(1)>; rel="memento"; datetime="Thu, 02 Jan 2020 03:04:05 GMT"',
        '{"mementos": "none"}',
        '[{"uri": 3, "datetime": "2020-01-02T03:04:05Z"}]',
        "[" * 100_000,
    ],
)
def test_what_is_no_list_lists_nothing(text: str) -> None:
    """An error page, a time that is none, an address that is a script."""
    assert entries(text) == []


def test_a_list_that_breaks_off_gives_what_is_whole() -> None:
    """Of a long list only the beginning is read."""
    assert entries(LINKS[: LINKS.index("<http://arq.example/2020") + 40]) == [FIRST]


def test_a_hostile_list_is_read_in_one_go() -> None:
    """No text makes the expression go back and forth."""
    assert entries("<http://a.example/>" + ';a="' * 60_000) == []
    assert entries("<" * 200_000) == []


@given(st.text(alphabet='<>;,="\\ abrelmntodi{}[]:0', max_size=200))
def test_nothing_raises(text: str) -> None:
    """Whatever an archive sends."""
    assert isinstance(entries(text), list)


def test_the_nearest_come_first() -> None:
    """As many as are wanted, before or after."""
    near = datetime(2015, 1, 1, tzinfo=UTC)
    assert nearest([FIRST, LAST], near, 5) == [LAST, FIRST]
    assert nearest([FIRST, LAST], near, 1) == [LAST]
