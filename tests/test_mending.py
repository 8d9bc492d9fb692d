"""Answers that break HTTP: read as browsers read them, over real sockets, and by the pure function."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rawweb import QUICK, Request, fetcher, raw_web

from linkwatch.model import Answer, Failure
from linkwatch.net import mending
from linkwatch.net.mending import Handler, MendingHandler, mend

if TYPE_CHECKING:
    from asyncio import StreamWriter

    from linkwatch.model import Observation

BODY = b"<title>A page</title><p>Hello.</p></html>"
SIZE = len(BODY)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
LENGTH = b"Content-Length: %d\r\n" % SIZE
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (SIZE, BODY)
REST = b"Connection: close\r\n" + LENGTH + b"\r\n" + BODY

# What browsers read, and how many bytes of a body.
READ = {
    "a length said twice": (HEAD + LENGTH + LENGTH + b"\r\n" + BODY, SIZE),
    "a length said twice in one line":
        (HEAD + b"Content-Length: %d, %d\r\n\r\n%s" % (SIZE, SIZE, BODY), SIZE),
    "a length and chunks": (HEAD + LENGTH + CHUNKED + b"\r\n" + CHUNKS, SIZE),
    "a coding that is none": (HEAD + LENGTH + b"Transfer-Encoding: identity\r\n\r\n" + BODY, SIZE),
    "an empty length": (HEAD + b"Content-Length:\r\n\r\n" + BODY, SIZE),
    "a length in words": (HEAD + b"Content-Length: some\r\n\r\n" + BODY, SIZE),
    "a length below nothing": (HEAD + b"Content-Length: -1\r\n\r\n" + BODY, SIZE),
    "a length beyond numbers": (HEAD + b"Content-Length: %s\r\n\r\n" % (b"9" * 30) + BODY, SIZE),
    "more than was announced": (HEAD + b"Content-Length: 10\r\n\r\n" + BODY, 10),
    "more than was announced on an open line":
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n" + BODY, 10),
    "a body where there is none": (b"HTTP/1.1 204 No Content\r\n" + REST, 0),
    "a line without a colon": (HEAD + b"This is no header\r\n" + LENGTH + b"\r\n" + BODY, SIZE),
    "a blank before the colon": (HEAD + b"Content-Length : %d\r\n\r\n%s" % (SIZE, BODY), SIZE),
    "a name of two words": (HEAD + b"X Header: a\r\n" + LENGTH + b"\r\n" + BODY, SIZE),
    "a name in letters beyond ASCII": (HEAD + "X-Ö: a\r\n".encode() + LENGTH + b"\r\n" + BODY, SIZE),
    "no name": (HEAD + b": a\r\n" + LENGTH + b"\r\n" + BODY, SIZE),
    "a null in a value": (HEAD + b"X-A: a\0b\r\n" + LENGTH + b"\r\n" + BODY, SIZE),
    "half a line end in a value": (HEAD + b"X-A: a\rb\r\n" + LENGTH + b"\r\n" + BODY, SIZE),
    "two blanks in the status line": (b"HTTP/1.1  200 OK\r\n" + REST, SIZE),
    "none behind the status": (b"HTTP/1.1 200OK\r\n" + REST, SIZE),
    "a name in lower case": (b"http/1.1 200 OK\r\n" + REST, SIZE),
    "a version that is none": (b"HTTP/1.2 200 OK\r\n" + REST, SIZE),
    "a version of one number": (b"HTTP/2 200 OK\r\n" + REST, SIZE),
    "no version": (b"HTTP 200 OK\r\n" + REST, SIZE),
    "rubbish before it": (b"\xef\xbb\xbf" + HEAD + LENGTH + b"\r\n" + BODY, SIZE),
    "a thousand heads first":
        (b"HTTP/1.1 100 Go on\r\n\r\n" * 1_000 + HEAD + LENGTH * 2 + b"\r\n" + BODY, SIZE),
    "another head first":
        (b"HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n" + HEAD + LENGTH * 2 + b"\r\n" + BODY, SIZE),
}  # fmt: skip

# What no browser shows either.
REFUSED = {
    "a thousand heads first, and then none":
        b"HTTP/1.1 100 Go\r\n\r\n" * 1_000
    + b"SSH-2.0\r\n\r\n",
    "two lengths": HEAD + LENGTH + b"Content-Length: 5\r\n\r\n" + BODY,
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "a protocol of streams": b"ICY 200 OK\r\n\r\n",
    "a page without a head": BODY,
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n" + REST,
    "no status": b"HTTP/1.1 fine\r\n" + REST,
    "a head without an end": b"HTTP/1.1 200 OK\r\n" + b"x" * 300_000,
    "called chunks, and no chunks": HEAD + CHUNKED + b"\r\n" + BODY,
}  # fmt: skip


async def seen(sent: bytes, apart: bool = False) -> Observation:
    """What is seen of a server that sends this, in one piece or byte after byte."""

    async def serve(_: Request, writer: StreamWriter) -> None:
        step = 1 + len(sent) // 2_000 if apart else len(sent)
        for piece in (sent[at : at + step] for at in range(0, len(sent), step)):
            writer.write(piece)
            await asyncio.sleep(0)

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        return await fetch.fetch("http://site.example/page")


@pytest.mark.parametrize("apart", [False, True], ids=["at once", "by the byte"])
@pytest.mark.parametrize("name", READ)
async def test_what_browsers_read_is_read(name: str, apart: bool) -> None:
    """One bad line does not hide a page, nor does it change what the page says."""
    sent, size = READ[name]
    outcome = (await seen(sent, apart)).outcome
    assert isinstance(outcome, Answer)
    assert outcome.status in (200, 204)
    assert outcome.body == BODY[:size]


@pytest.mark.parametrize("name", REFUSED)
async def test_what_no_browser_reads_is_malformed(name: str) -> None:
    """Nothing is invented: what is no HTTP has no status."""
    found = await seen(REFUSED[name])
    assert isinstance(found.outcome, Failure)
    assert found.outcome.reason == "malformed_response"
    assert [hop.http_status for hop in found.hops] == [None]


async def test_a_good_answer_is_asked_for_once() -> None:
    """Only what HTTP's own parser refuses is asked for again."""
    async with raw_web(HEAD + LENGTH + b"\r\n" + BODY) as web, fetcher(web.network) as fetch:
        await fetch.fetch("http://site.example/page")
    assert len(web.requests) == 1


async def test_cookies_go_along_with_the_second_request() -> None:
    """A way of redirects over an answer that breaks HTTP keeps what was set on it."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        if request.path == "/page":
            writer.write(b"HTTP/1.1 302 Found\r\nno header\r\nSet-Cookie: a=1\r\nLocation: /next\r\n\r\n")
        else:
            writer.write(HEAD + LENGTH + b"\r\n" + BODY)

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        found = await fetch.fetch("http://site.example/page")
    assert [hop.http_status for hop in found.hops] == [302, 200]
    assert web.requests[-1].headers["cookie"] == "a=1"


@pytest.mark.parametrize("broken", [b"zz\r\nno chunk", b"3\r\n<p>\r\nzz\r\n"])
async def test_a_body_that_breaks_late_is_told_at_once(broken: bytes) -> None:
    """A broken chunk after the head has come: no page, and nobody waits for the time-out."""

    async def serve(_: Request, writer: StreamWriter) -> None:
        writer.write(HEAD + CHUNKED + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(broken)
        await writer.drain()
        await asyncio.sleep(5)

    async with raw_web(serve) as web, fetcher(web.network, replace(QUICK, timeout=4.0)) as fetch:
        found = await fetch.fetch("http://site.example/page")
    assert isinstance(found.outcome, Failure)
    assert found.outcome.reason == "body_error"
    assert found.elapsed_ms < 3_000


WHOLE = {
    "fewer bytes than were announced": HEAD + b"Content-Length: 900\r\n\r\n" + BODY,
    "no last chunk": HEAD + CHUNKED + b"\r\n%x\r\n%s\r\n" % (SIZE, BODY),
}


@pytest.mark.parametrize("name", WHOLE)
async def test_a_page_that_came_to_its_own_end_is_whole(name: str) -> None:
    """Whatever length was announced: what ends in </html> is all there is."""
    outcome = (await seen(WHOLE[name])).outcome
    assert isinstance(outcome, Answer)
    assert (outcome.body, outcome.cut) == (BODY, False)
    cut = (await seen(WHOLE[name].replace(b"</html>", b"<p>And"))).outcome
    assert isinstance(cut, Failure)
    assert cut.reason == "body_error"


async def test_a_page_that_drips_is_kept_as_far_as_it_came() -> None:
    """What came before the time-out is read, and nothing is said of what did not come."""
    gone = asyncio.Event()

    async def serve(_: Request, writer: StreamWriter) -> None:
        writer.write(HEAD + b"\r\n<title>The slow press</title>")
        await writer.drain()
        await gone.wait()

    async with raw_web(serve) as web, fetcher(web.network, replace(QUICK, timeout=0.3)) as fetch:
        outcome = (await fetch.fetch("http://site.example/page")).outcome
        gone.set()
    assert isinstance(outcome, Answer)
    assert (outcome.body, outcome.cut) == (b"<title>The slow press</title>", True)


@given(st.binary(max_size=200))
def test_no_head_breaks_it(head: bytes) -> None:
    """Whatever came, there is a head for the parser to take or to refuse."""
    assert mend(head).head.endswith(b"\r\n\r\n")
    assert mend(b"HTTP/1.1 200 OK\r\n" + head).head.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200"))


def test_a_good_head_says_the_same() -> None:
    """Mending leaves a good head as it is, and is settled after once."""
    head = b"HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\nContent-Length: 3\r\n\r\n"
    assert mend(head.removesuffix(b"\r\n\r\n")) == (head, 3)


def test_a_head_is_the_same_in_whatever_pieces_it_comes() -> None:
    """Also cut within the line ends that end it, and behind another head."""
    sent = b"\r\n" + b"HTTP/1.1 100 Go on\r\n\r\n\r\n" + HEAD + b"A: b\r\n\r\n" + BODY
    for cut in range(len(sent)):
        assert handed_on(sent[:cut], sent[cut:]) == handed_on(sent), cut
    assert handed_on(*(bytes([each]) for each in sent)) == handed_on(sent)
    assert handed_on(sent).endswith(b"A: b\r\n\r\n" + BODY)


def handed_on(*pieces: bytes) -> bytes:
    """What the parser is given of these."""
    given: list[bytes] = []
    with mock.patch.object(Handler, "data_received", lambda _, data: given.append(data)):
        handler = MendingHandler(mock.Mock())
        for each in pieces:
            handler.data_received(each)
    return b"".join(given)


def test_packed_bodies_of_mended_answers_are_unpacked() -> None:
    """The rest of HTTP is still the parser's."""
    packed = gzip.compress(BODY)
    sent = HEAD + b"no header\r\nContent-Encoding: gzip\r\n\r\n" + packed
    outcome = asyncio.run(seen(sent)).outcome
    assert isinstance(outcome, Answer)
    assert outcome.body == BODY


def test_what_was_packed_unasked_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that only browsers can unpack is no garbage: it answers, and nothing is said of its text."""
    monkeypatch.setattr(mending, "UNREADABLE", frozenset({b"br"}))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: BR\r\nContent-Length: 3"
    read = mend(head).head
    assert b"Encoding" not in read
    assert b"Content-Type: application/octet-stream" in read
    assert b"text/html" in mend(head.replace(b"BR", b"gzip")).head
