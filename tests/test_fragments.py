"""Fragments: one row a case; a trap is one where the part is there in an odd way, or nobody can say."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.check.judging.fragments import missing, quotes
from linkwatch.check.judging.page import Page
from linkwatch.model import Answer
from linkwatch.policy import Policy

POLICY = Policy()
PROSE = "The harbour was quiet that morning, and nobody had yet heard the news from the north. "
LONG = f"<p>{PROSE * 10}</p>"
APP = "<div id=root></div><script src=app.js></script>"
THERE, GONE, UNKNOWN = False, True, None

# Name, what the page holds besides its prose, the fragment, whether it is missing.
ROWS = [
    ("an id", "<h2 id=part>", "part", THERE),
    ("no such id", "<h2 id=part>", "other", GONE),
    ("another case", "<h2 id=part>", "Part", GONE),
    ("only a beginning", "<h2 id=part-two>", "part", GONE),
    ("an id in a comment", "<!-- <h2 id=part> -->", "part", GONE),
    ("an id in a script's text", "<script>'<h2 id=part>'</script>", "part", GONE),
    ("the name of a field", "<input name=part>", "part", GONE),
    ("an attribute called like it", "<p data-id=part>", "part", GONE),
    ("the name of an anchor", "<a name=part></a>", "part", THERE),
    ("GitHub's prefix", "<a id=user-content-part>", "part", THERE),
    ("GitHub's prefix on a name", "<a name=user-content-part>", "part", THERE),
    ("GitHub's prefix cited", "<a id=user-content-part>", "user-content-part", THERE),
    ("percent-encoded Chinese", "<h2 id=港口>", "%E6%B8%AF%E5%8F%A3", THERE),
    ("plain Chinese", "<h2 id=港口>", "港口", THERE),
    ("an id that is written encoded", "<h2 id='%E6%B8%AF'>", "%E6%B8%AF", THERE),
    ("an id with a space", "<h2 id='a b'>", "a%20b", THERE),
    ("an id with an entity", "<h2 id='a&amp;b'>", "a&b", THERE),
    ("broken percent signs", "<h2 id='100%'>", "100%", THERE),
    ("bytes that are no UTF-8", "", "%FF%FE", GONE),
    ("an id with a colon", "<sup id='cite:1'>", "cite:1", THERE),
    ("an id with an equals sign", "<h2 id='a=b'>", "a=b", THERE),
    ("empty", "", "", UNKNOWN),
    ("top", "", "top", UNKNOWN),
    ("TOP", "", "TOP", UNKNOWN),
    ("an element called top", "<p id=top>", "top", THERE),
    ("a hash-bang route", "", "!/news/1", UNKNOWN),
    ("a hash route", "", "/news/1", UNKNOWN),
    ("an encoded hash-bang route", "", "%21news", UNKNOWN),
    ("a line of source", "", "L10-L20", UNKNOWN),
    ("a moment of a film", "", "t=30", UNKNOWN),
    ("text", "", ":~:text=quiet%20that%20morning", THERE),
    ("text that is gone", "", ":~:text=loud%20that%20morning", GONE),
    ("text in another case", "", ":~:text=THE%20HARBOUR", THERE),
    ("text over inline elements", "<p>In<b>divi</b>sible <i>words</i>", ":~:text=indivisible%20words", THERE),
    ("text over lines", "<p>two\n   \twords", ":~:text=two%20words", THERE),
    ("text with a no-break space", "<p>two&nbsp;words", ":~:text=two%20words", THERE),
    ("text with a soft hyphen", "<p>hy&shy;phen", ":~:text=hyphen", THERE),
    ("text with accents taken apart", "<p>Cafe\u0301 noir", ":~:text=Caf%C3%A9%20noir", THERE),
    ("text in Chinese", "<p>那天<em>早晨</em>港口很安静", ":~:text=早晨港口", THERE),
    ("Chinese that is gone", "<p>那天早晨港口很安静", ":~:text=%E8%80%81%E4%BA%BA", GONE),
    ("start and end", "", ":~:text=The%20harbour,the%20north", THERE),
    ("start and end, the wrong way round", "<p>omega<p>alpha", ":~:text=alpha,omega", GONE),
    ("prefix and suffix", "", ":~:text=was-,quiet,-that", THERE),
    ("a prefix that is not there", "", ":~:text=is-,quiet", GONE),
    ("a suffix that is not there", "", ":~:text=quiet,-and", GONE),
    ("all four", "", ":~:text=The-,harbour,heard,-the%20news", THERE),
    ("a comma that is part of it", "", ":~:text=morning%2C%20and", THERE),
    ("a hyphen that is part of it", "<p>well-known", ":~:text=well%2Dknown", THERE),
    ("two texts", "", ":~:text=harbour&text=the%20north", THERE),
    ("two texts, one of them gone", "", ":~:text=loud&text=the%20north", THERE),
    ("two texts, both gone", "", ":~:text=loud&text=the%20west", GONE),
    ("an element and a text", "<h2 id=part>", "part:~:text=harbour", THERE),
    ("a lost element and a text", "", "lost:~:text=harbour", THERE),
    ("an element and a lost text", "<h2 id=part>", "part:~:text=loud", GONE),
    ("text in a script", "<script>'loud'</script>", ":~:text=loud", GONE),
    ("another directive", "", ":~:selector(x)", UNKNOWN),
    ("no text", "", ":~:text=", UNKNOWN),
    ("five pieces", "", ":~:text=a,b,c,d,e", UNKNOWN),
    ("only a prefix", "", ":~:text=a-", UNKNOWN),
]


@pytest.mark.parametrize(("inside", "fragment", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_what_a_page_holds(inside: str, fragment: str, expected: bool | None) -> None:
    """Each fragment is there, missing, or not for us to judge."""
    assert missing(page(LONG + inside), fragment, POLICY) is expected


FRAGMENTS = ["lost", ":~:text=lost"]


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_what_was_not_read_is_not_missing(fragment: str) -> None:
    """Behind the end of what was read, and in an empty body, anything may stand."""
    assert missing(page(LONG, cut=True), fragment, POLICY) is None
    assert missing(page(""), fragment, POLICY) is None
    assert missing(page(LONG + "<p id=lost>lost", cut=True), fragment, POLICY) is False


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_what_scripts_make_is_not_missing(fragment: str) -> None:
    """A page of little text with scripts is not judged; one without scripts is what it is."""
    assert missing(page(APP), fragment, POLICY) is None
    assert missing(page("<p>A short page."), fragment, POLICY) is True
    assert missing(page(LONG + APP), fragment, POLICY) is True


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_only_html_has_parts(fragment: str) -> None:
    """A PDF's or a text's fragments are not for us to judge."""
    assert missing(page(LONG, kind="application/pdf"), fragment, POLICY) is None


def test_a_text_in_a_charset_guessed_wrong_is_not_missing() -> None:
    """Where letters could not be read, no text is called gone."""
    body = LONG.encode() + "<p>早晨".encode("gbk") + b"\xff"
    answer = Answer(200, (), body, len(body), "text/html; charset=utf-8")
    assert missing(Page(answer), ":~:text=%E6%97%A9%E6%99%A8", POLICY) is None


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("gbk", "那天早晨港口很安静，还没有人听到北方传来的消息。老人坐在码头上，看着船只慢慢离开。"),
        ("big5", "那天早晨港口很安靜，沒有人聽到北方傳來的消息。老人坐在碼頭上，看著船隻慢慢離開。"),
        (
            "shift_jis",
            "その朝、港は静かで、まだ誰も北からの知らせを聞いていなかった。老人は岸壁に座っていた。",
        ),
        (
            "windows-1251",
            "В то утро в порту было тихо, и никто ещё не знал новостей с севера. Старик сидел молча.",
        ),
        ("utf-16", "那天早晨港口很安静，还没有人听到北方传来的消息。老人坐在码头上，看着船只慢慢离开。"),
    ],
)
def test_a_text_in_a_charset_that_nobody_declares_is_found(charset: str, text: str) -> None:
    """As browsers do it, the charset is told by the letters."""
    body = f"<title>A</title><p>{text * 20}".encode(charset)
    seen = Page(Answer(200, (), body, len(body), "text/html"))
    assert missing(seen, f":~:text={text[:8]}", POLICY) is False


def test_what_was_packed_more_often_than_was_said_is_not_judged() -> None:
    """A page that could not be unpacked may hold anything."""
    body = gzip.compress(LONG.encode())
    seen = Page(Answer(200, (("content-encoding", "x-gzip"),), body, len(body), "text/html"))
    assert missing(seen, "lost", POLICY) is None


def test_which_fragments_quote() -> None:
    """A text directive quotes; the name of an element does not."""
    assert quotes("part:~:text=a")
    assert not quotes("text=a")


@given(st.text(max_size=60))
def test_no_fragment_breaks_it(fragment: str) -> None:
    """Whatever an author wrote, there is an answer."""
    assert missing(page(LONG), fragment, POLICY) in (True, False, None)
    assert missing(page(LONG), f":~:text={fragment}", POLICY) in (True, False, None)


def page(body: str, *, cut: bool = False, kind: str = "text/html; charset=utf-8") -> Page:
    """A page as it was fetched."""
    raw = body.encode()
    return Page(Answer(200, (), raw, len(raw), kind, cut))
