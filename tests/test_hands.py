"""What answers of one hand have in common, and what chance gives to answers of several."""

from __future__ import annotations

import pytest
from conftest import NIGHT
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.check.judging.hands import BEGINNING, is_one_hand, landed_at, mark
from linkwatch.model import Answer, Failure, Hop, Observation
from linkwatch.policy import Policy

SHARE = Policy().same_page


def page(body: str, status: int = 200, kind: str = "text/html") -> Answer:
    return Answer(status, body=body.encode(), content_type=kind)


def seen(host: str, outcome: Answer | Failure, *onward: str) -> Observation:
    """What is seen at a host's front page, behind redirects."""
    urls = [f"http://{host}/", *onward]
    return Observation(urls[0], NIGHT, tuple(Hop(url, 302) for url in urls), outcome, 1)


WELCOME = "<!doctype html><title>Wi-Fi: {0}</title><h1>Welcome</h1><p>To go on to {0} accept our terms.</p>"
FILLED_IN = {
    "one page": ("Log in", "Log in"),
    "host names": (WELCOME.format("one.test"), WELCOME.format("www.another.example")),
    "a token": ("<form>Log in <input value=a81f>", "<form>Log in <input value=77e0b>"),
    "the time": ("Log in. It is 12:30, 1 March", "Log in. It is 9:05, 2 March"),
    "an address": ("Go on to http://one.test/a/b", "Go on to https://two.example/c?d=e"),
    "no address": ("请登录 无线网络 one.test", "请登录 无线网络 two.test"),
    "a script": (
        "<script>function go(){top. location = 'http://portal.test?for=one.test'}</script>",
        "<script>function go(){top. location = 'http://portal.test?for=two.test'}</script>",
    ),
}
OF_THEIR_OWN = {
    "titles": ("<title>Numbers</title>Registries, by protocol", "<title>Standards</title>News of groups"),
    "titles alone": ("<title>Bread</title>Log in to go on", "<title>Roads</title>Log in to go on"),
    "one template": (
        "<html><body><h1>Bread</h1><p>Flour, water and salt.</p></body></html>",
        "<html><body><h1>Roads</h1><p>Three lanes are closed.</p></body></html>",
    ),
    "scripts of their own": ("<script>start('left')</script>", "<script>run(right)</script>"),
    "nothing but names": ("<title>one.test</title>", "<title>two.test</title>"),
    "nothing at all": ("", ""),
    "nothing on one side": ("Log in", ""),
    "a page and an article": ("Log in", "Log in" + " or read this article about bread" * 40),
}


@pytest.mark.parametrize(("one", "other"), FILLED_IN.values(), ids=FILLED_IN)
@pytest.mark.parametrize("status", [200, 403, 404, 502])
def test_one_template_filled_in(one: str, other: str, status: int) -> None:
    """Whatever its status, and whatever of the one who asks stands in it."""
    first, second = page(one, status), page(other, status)
    assert mark(seen("one.test", first)) == mark(seen("two.test", second)) is not None
    assert is_one_hand(first, second, SHARE)
    assert is_one_hand(second, first, SHARE)


@pytest.mark.parametrize(("one", "other"), OF_THEIR_OWN.values(), ids=OF_THEIR_OWN)
def test_pages_of_their_own(one: str, other: str) -> None:
    """What shares a form, a size or nothing to tell it by is not said to come from one hand."""
    first, second = page(one), page(other)
    marks = {mark(seen("one.test", first)), mark(seen("two.test", second))}
    assert len(marks - {None}) != 1 or None in marks
    assert not is_one_hand(first, second, SHARE)
    assert not is_one_hand(second, first, SHARE)


def test_plain_text_says_something_too() -> None:
    """A portal need not speak HTML."""
    one, other = (page(f"Log in for {host}", kind="text/plain") for host in ("one.test", "two.test"))
    assert mark(seen("one.test", one)) == mark(seen("two.test", other)) is not None
    assert is_one_hand(one, other, SHARE)


@pytest.mark.parametrize(
    ("onward", "common"),
    [
        (["http://portal.test/login"], b"portal.test"),
        (["http://portal.test/for/one.test", "http://for-one.portal.test/"], b"portal.test"),
        (["http://10.0.0.1/login?for=one.test"], b"10.0.0.1"),
        (["http://www.one.test/login"], b"redirect_loop at /login"),
        ([], None),
    ],
)
def test_where_one_is_sent(onward: list[str], common: bytes | None) -> None:
    """A domain of another one tells, also where nothing is there; below the own name the way there does."""
    assert mark(seen("one.test", Failure("redirect_loop", ""), *onward)) == common


def test_within_a_domain_the_page_tells() -> None:
    """Sites send visitors on to hosts and paths of their own."""
    there = seen("one.test", page("Bread"), "https://www.one.test/en/")
    assert landed_at(there) is None
    assert mark(there) == mark(seen("two.test", page("Bread")))


@given(st.binary(max_size=2 * BEGINNING))
def test_any_bytes(body: bytes) -> None:
    """Nothing that a remote sends is an error; and an answer is of one hand with itself, or says nothing."""
    for kind in ("text/html", "image/png"):
        answer = Answer(200, body=body, content_type=kind)
        common = mark(seen("one.test", answer))
        assert common == mark(seen("two.test", answer))
        assert is_one_hand(answer, answer, SHARE) or common is None
