"""HTTP as it is spoken: statuses, headers, bodies, and what only pretends to be HTTP."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from typing import TYPE_CHECKING

from hostile.case import (
    LOST,
    PROSE,
    STORY,
    Case,
    always,
    endless,
    http,
    if_asked,
    in_turn,
    ok,
    paper,
    short,
    story,
    then_silence,
    to,
)  # fmt: skip
from hostile.web import Name

if TYPE_CHECKING:
    from asyncio import StreamWriter

    from hostile.web import Request

OK = ("ok",)
RESET = ("connection_reset", "malformed_response")
BROKEN = ("body_error", "connection_reset")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_BOMB = gzip.compress(b"<title>A page</title><p>" + b"word " * 20_000_000)
_SOME = story().encode()


async def hangs_up(_: Request, writer: StreamWriter) -> None:
    """Reads the request and closes without a word."""
    writer.transport.abort()


async def _slow_at_first(request: Request, writer: StreamWriter) -> None:
    """Nothing for longer than anybody waits, and at the second visit the page."""
    if request.before == 0:
        await asyncio.sleep(30)
    writer.write(STORY)


def _chunked(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)


STATUSES = [
    Case(f"status-{status}", why, paper(http(f"{status} X", short("Sorry", PROSE))), (f"http_{status}",))
    for status, why in (
        (404, "the server says that the page does not exist"),
        (410, "the server says that the page is gone for good"),
        (400, "the request is refused, which says nothing of the page"),
        (405, "the method is refused, which says nothing of the page"),
        (406, "the representation is refused, which says nothing of the page"),
        (418, "a status that no server means"),
        (500, "a fault of the server"),
        (502, "the server behind the server does not answer"),
        (503, "the server is out of service"),
        (504, "the server behind the server is late"),
        (520, "Cloudflare's word for a server that answers nonsense"),
        (600, "a status that HTTP does not know"),
    )
] + [
    Case(f"status-{status}", why, paper(http(f"{status} X", short("Sorry", PROSE))), also, trap=True)
    for status, why, also in (
        (401, "a login is asked for: the page may well be there", ("http_401",)),
        (402, "a price is asked for: the page may well be there", ("http_402", "paywall")),
        (403, "we are refused: readers may not be", ("http_403",)),
        (407, "a proxy asks who we are", ("http_407",)),
        (429, "we came too often", ("rate_limited", "http_429")),
        (451, "withheld from us by law, elsewhere it may be shown", ("http_451",)),
        (999, "LinkedIn's word for robots", ("http_999",)),
    )
]

CASES = [
    Case("plain", "an article", paper(STORY), OK),
    Case("lost-in-full", "404 under a page that looks like an article", paper(http("404 Gone", story())),
         ("http_404",)),
    Case("not-http", "another protocol answers", always(b"SSH-2.0-OpenSSH_9.6\r\n"), ("malformed_response",)),
    Case("icecast", "an old protocol of streams answers", always(b"ICY 200 OK\r\n\r\n"), ("malformed_response",)),
    Case("no-word", "the server hangs up without a word", hangs_up, RESET),
    Case("silent", "the server picks up and says nothing", then_silence(b""), ("read_timeout",)),
    Case("half-a-head", "the head breaks off and nothing follows", then_silence(b"HTTP/1.1 200 OK\r\nServ"),
         ("read_timeout",)),
    Case("cut-short", "fewer bytes than were announced", always(_HEAD + b"Content-Length: 9000\r\n\r\n<title>"),
         BROKEN),
    Case("bad-chunk", "a chunk of a length that is no number",
         always(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<title>"), (*BROKEN, "malformed_response")),
    Case("no-gzip", "called gzip, and is not",
         always(_HEAD + b"Content-Encoding: gzip\r\nContent-Length: 9\r\nConnection: close\r\n\r\nnot gzip!"),
         BROKEN),
    Case("closed", "nothing listens", paper(STORY), ("connection_refused",), name=Name.CLOSED),
    # What a hasty client would call dead.
    Case("http-1-0", "no length, no host, the end of the connection is the end",
         always(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + _SOME), OK, trap=True),
    Case("no-type", "nobody says what kind it is", paper(ok(story(), None)), OK, trap=True),
    Case("wrong-type", "a page that is called bytes", paper(ok(story(), "application/octet-stream")), OK, trap=True),
    Case("no-reason", "a status line without words",
         always(b"HTTP/1.1 200\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(_SOME), _SOME)), OK,
         trap=True),
    Case("long-headers", "30 kB of headers, as news sites send them",
         paper(ok(story(), Content_Security_Policy="img-src " + "https://a-lwt.net " * 1700)), OK, trap=True),
    Case("many-headers", "200 headers",
         paper(ok(story(), **{f"X_{n}": "value" for n in range(200)})), OK, trap=True),
    Case("latin-headers", "a header in bytes beyond ASCII",
         always(_HEAD + "X-Owner: Zoë\r\nConnection: close\r\n\r\n".encode("latin-1") + _SOME), OK, trap=True),
    Case("chunked", "a page in one chunk", always(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(_SOME)),
         OK, trap=True),
    Case("gzip", "a packed page", paper(ok(gzip.compress(_SOME), Content_Encoding="gzip")), OK, trap=True),
    Case("deflate", "a page packed the older way",
         paper(ok(zlib.compress(_SOME), Content_Encoding="deflate")), OK, trap=True),
    Case("bomb", "100 MB of words packed into 100 kB", paper(ok(_BOMB, Content_Encoding="gzip")), OK, trap=True),
    Case("endless", "a page without an end",
         endless(_HEAD + b"\r\n<title>The log of the harbour</title>", PROSE.encode() * 99), OK, trap=True),
    Case("dripping", "a page that comes by the letter",
         endless(_HEAD + b"\r\n<title>The slow press</title>" + PROSE.encode() * 9, b"w", 0.2, 99), OK, trap=True),
    Case("film", "50 MB of a film",
         endless(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 52428800\r\n\r\n", b"\0" * 65536,
                 times=800), OK, trap=True, path="/film.mp4"),
    Case("empty", "a page without a byte", paper(ok("")), OK, trap=True),
    Case("no-content", "success without content", paper(http("204 No Content", "", None)), ("ok", "http_204"),
         trap=True),
    Case("partial", "a part, though nobody asked for parts", paper(http("206 Partial Content", story())), OK,
         trap=True),
    Case("continue", "100 before 200", always(b"HTTP/1.1 100 Continue\r\n\r\n" + STORY), OK, trap=True),
    Case("early-hints", "103 before 200",
         always(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + STORY), OK, trap=True),
    Case("no-head", "HEAD is refused, GET is not",
         if_asked(lambda asked: asked.method == "GET", http("405 Method Not Allowed")), OK, trap=True),
    Case("head-lies", "HEAD says 404, GET shows the page", if_asked(lambda asked: asked.method == "GET", LOST), OK,
         trap=True),
    Case("wants-accept", "406 to who does not say that HTML will do",
         if_asked(lambda asked: "text/html" in asked.headers.get("accept", ""), http("406 Not Acceptable")), OK,
         trap=True),
    Case("wants-a-name", "403 to who does not say who is asking",
         if_asked(lambda asked: "+http" in asked.headers.get("user-agent", ""), http("403 Forbidden")), OK,
         trap=True),
    Case("wants-a-cookie", "sent to itself until the cookie comes back",
         if_asked(lambda asked: "seen=1" in asked.headers.get("cookie", ""),
                  to("/2012/story.html", Set_Cookie="seen=1; Path=/")), OK, trap=True),
    Case("once-500", "a fault that has passed at the second try",
         in_turn(http("500 Oops"), STORY), OK, trap=True),
    Case("once-reset", "an empty answer, and then the page", in_turn(b"", STORY), OK, trap=True),
    Case("busy", "503 with the time to come back", in_turn(http("503 Busy", Retry_After="1"), STORY), OK, trap=True),
    Case("too-fast", "429 with the time to come back", in_turn(http("429 Slow", Retry_After="1"), STORY), OK,
         trap=True),
    Case("utf-16", "a page in UTF-16",
         paper(ok(story().encode("utf-16"), "text/html; charset=utf-16")), OK, trap=True),
    Case("many-cookies", "a hundred cookies",
         always(_HEAD + b"".join(b"Set-Cookie: c%d=%s\r\n" % (n, b"x" * 99) for n in range(100))
                + b"Connection: close\r\n\r\n" + _SOME), OK, trap=True),
    Case("two-lengths", "the same length said twice",
         always(_HEAD + b"Content-Length: %d\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                % (len(_SOME), len(_SOME), _SOME)), OK, trap=True),
    Case("no-colon", "a line in the head that is no header",
         always(_HEAD + b"This is no header\r\nConnection: close\r\n\r\n" + _SOME), OK, trap=True),
    Case("more-than-said", "more bytes than were announced",
         always(_HEAD + b"Connection: close\r\nContent-Length: 900\r\n\r\n" + _SOME), OK, trap=True),
    Case("length-and-chunks", "a length, and chunks",
         always(_HEAD + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + _chunked(_SOME)), OK,
         trap=True),
    Case("blank-before-colon", "a blank before the colon of a header",
         always(_HEAD + b"X-Powered-By : PHP\r\nConnection: close\r\n\r\n" + _SOME), OK, trap=True),
    Case("http-2-said", "a version without a dot", always(b"HTTP/2 200 OK\r\nContent-Type: text/html\r\n\r\n" + _SOME), OK, trap=True),
    Case("line-feeds", "lines that end in line feeds only",
         always(b"HTTP/1.1 200 OK\nContent-Type: text/html\nConnection: close\n\n" + _SOME), OK, trap=True),
    Case("folded", "a header over two lines", always(_HEAD + b"X-A: a\r\n  b\r\nConnection: close\r\n\r\n" + _SOME), OK, trap=True),
    Case("no-last-chunk", "the last chunk is missing, the page is whole",
         always(_HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n%x\r\n%s\r\n" % (len(_SOME), _SOME)), OK, trap=True),
    Case("length-too-long", "fewer bytes than were announced, and the page is whole",
         always(_HEAD + b"Connection: close\r\nContent-Length: 90000\r\n\r\n" + _SOME), OK, trap=True),
    Case("late-chunk", "a broken chunk after a whole one",
         always(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n7\r\n<title>\r\nzz\r\n<p>"), (*BROKEN, "malformed_response")),
    Case("two-truths", "two lengths that contradict each other",
         always(_HEAD + b"Content-Length: 20\r\nContent-Length: 30\r\n\r\n" + _SOME), ("malformed_response",)),
    Case("endless-head", "a head without an end",
         endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 999), ("malformed_response", "connection_reset", "read_timeout")),
    Case("http-0-9", "a page without a head", always(_SOME), ("malformed_response",)),
    Case("once-slow", "too slow at first, and then the page", _slow_at_first, OK, trap=True),
    Case("once-503", "out of service, without a time to come back", in_turn(http("503 Busy"), STORY), OK, trap=True),
    Case("refuses-head", "403 to who asks for the head, the page to who asks for it",
         if_asked(lambda asked: asked.method == "GET", http("403 Forbidden")), OK, trap=True),
    Case("browsers-only", "403 to whoever does not call himself a browser: readers see the page",
         if_asked(lambda asked: "Mozilla" in asked.headers.get("user-agent", ""), http("403 Forbidden")), ("http_403",), trap=True),
    Case("too-fast-for-ever", "429 for ever, each time for a second",
         always(http("429 Slow", "", Retry_After="1")), ("rate_limited",), trap=True),
    Case("in-an-hour", "429, to come back in an hour", always(http("429 Slow", "", Retry_After="3600")), ("rate_limited",), trap=True),
    Case("in-a-year", "503, to come back in a year", always(http("503 Busy", "", Retry_After="31536000")), ("http_503",)),
    Case("later-date", "503 with a date to come back at",
         always(http("503 Busy", "", Retry_After="Sun, 01 Mar 2026 09:00:00 GMT")), ("http_503",)),
    Case("unpacked-gzip", "called packed by br, which nobody asked for",
         always(http("404 Not Found", "<title>Not found", Content_Encoding="br")), ("http_404",)),
    *STATUSES,
]  # fmt: skip
