"""Fetching over real sockets: whatever a server does becomes an observation."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rawweb import QUICK, Request, answer, fetcher, raw_web

from linkwatch.config import Network
from linkwatch.model import Answer, Failure

if TYPE_CHECKING:
    from asyncio import StreamWriter

    from linkwatch.model import Observation

URL = "http://site.example/page"


async def seen(handler: object, url: str = URL, **settings: object) -> Observation:
    """What is seen of a server that treats everyone alike."""
    async with raw_web(handler) as web, fetcher(web.network, replace(QUICK, **settings)) as fetch:  # type: ignore[arg-type]
        return await fetch.fetch(url)


def said(observation: Observation) -> str | int:
    """The status that came, or the reason why none did."""
    match observation.outcome:
        case Answer(status):
            return status
        case Failure(reason):
            return reason


ANSWERS = [
    ("an ordinary page", answer(), 200),
    ("a page of nothing", answer(body=""), 200),
    ("a status nobody knows", answer("999 No Robots"), 999),
    ("a status in its own words", answer("404 Nö"), 404),
    ("no reason phrase", answer("410"), 410),
    ("HTTP/1.0 without a length", b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>old", 200),
    ("headers of 40 kB", answer(X_Policy="x" * 40_000), 200),
    ("headers without end", answer(X_Policy="x" * 400_000), "malformed_response"),
    ("garbage instead of HTTP", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "malformed_response"),
    ("nothing at all", b"", "connection_reset"),
    ("a body that breaks off", answer(body="short", Content_Length="500"), "body_error"),
    (
        "a broken chunk",
        answer(body=b"zz\r\nnot a chunk\r\n", Content_Length="", Transfer_Encoding="chunked"),
        "malformed_response",
    ),
    ("packed that is not packed", answer(body=b"not gzip at all", Content_Encoding="gzip"), "body_error"),
    ("a redirect to nowhere", answer("301 Moved", ""), 301),
    ("a redirect to nonsense", answer("302 Found", "", Location="http://[broken"), "malformed_response"),
    ("a redirect to another scheme", answer("302 Found", "", Location="ftp://a/b"), "malformed_response"),
    ("a redirect to itself", answer("302 Found", "", Location="/page"), "redirect_loop"),
]


@pytest.mark.parametrize(("sent", "expected"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
async def test_what_servers_send(sent: bytes, expected: str | int) -> None:
    """Each thing a server can send comes to one status or one reason, never to an exception."""
    assert said(await seen(sent)) == expected


async def test_no_status_is_invented() -> None:
    """Garbage is no answer: aiohttp's own 400 for it never becomes the server's."""
    observation = await seen(b"garbage\r\n\r\n")
    assert [hop.http_status for hop in observation.hops] == [None]


async def test_each_hop_is_seen_and_resolved_as_a_browser_would() -> None:
    """Relative, protocol-relative and UTF-8 addresses are followed; every hop keeps its status."""
    ways = {
        "/page": answer("301 Moved", "", Location="../a b?x=%"),
        "/a%20b?x=%": answer("302 Found", "", Location="//other.example/\udcc3\udca9"),
        "/%C3%A9": answer("308 Moved", "", Location="#top"),
    }
    visits: dict[str, int] = {}

    async def serve(request: Request, writer: StreamWriter) -> None:
        visits[request.path] = visits.get(request.path, 0) + 1
        again = request.path == "/%C3%A9" and visits[request.path] > 1
        writer.write(answer() if again else ways[request.path])

    observation = await seen(serve)
    assert [(hop.url, hop.http_status) for hop in observation.hops] == [
        ("http://site.example/page", 301),
        ("http://site.example/a%20b?x=%", 302),
        ("http://other.example/%C3%A9", 308),
        ("http://other.example/%C3%A9", 200),
    ]


async def test_too_many_redirects_end() -> None:
    """A chain that always goes on is given up at the limit."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(answer("302 Found", "", Location=f"/{int(request.path[1:]) + 1}"))

    observation = await seen(serve, "http://site.example/0", max_redirects=4)
    assert said(observation) == "too_many_redirects"
    assert len(observation.hops) == 5


async def test_cookies_are_kept_along_one_chain_only() -> None:
    """A site that tests for cookies is alive; what it set is gone at the next URL."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        if "seen=1" in request.headers.get("cookie", ""):
            writer.write(answer())
        else:
            writer.write(answer("302 Found", "", Location=request.path, Set_Cookie="seen=1; Path=/"))

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        first = await fetch.fetch(URL)
        await fetch.fetch("http://site.example/other")
    assert [hop.http_status for hop in first.hops] == [302, 200]
    assert [("cookie" in each.headers) for each in web.requests] == [False, True, False, True]


async def test_cookies_stay_with_their_host() -> None:
    """A cookie set by one host on the way is not sent to another."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        if request.host == "site.example":
            there = "http://other.example/"
            writer.write(answer("302 Found", "", Location=there, Set_Cookie="secret=1"))
        else:
            writer.write(answer())

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        await fetch.fetch(URL)
    assert "cookie" not in web.requests[1].headers


@pytest.mark.parametrize("domain", ["example", ".example", "EXAMPLE."])
async def test_cookies_for_everybody_stay_with_their_host(domain: str) -> None:
    """A cookie for a public suffix, where strangers live, is its own host's only."""
    sets = f"secret=1; Path=/; Domain={domain}"

    async def serve(request: Request, writer: StreamWriter) -> None:
        ways = {"/page": "/next", "/next": "http://other.example/"}
        way = ways.get(request.path) if request.host == "site.example" else None
        writer.write(answer("302 Found", "", Location=way, Set_Cookie=sets) if way else answer())

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        await fetch.fetch(URL)
    assert "cookie" not in web.requests[2].headers


async def test_who_we_are_is_said() -> None:
    """The request names linkwatch and a contact, and asks for HTML first."""
    async with raw_web(answer()) as web, fetcher(web.network) as fetch:
        await fetch.fetch(URL)
    headers = web.requests[0].headers
    assert headers["user-agent"].startswith("linkwatch/")
    assert "+https://" in headers["user-agent"]
    assert headers["accept"].startswith("text/html")


async def test_a_large_file_is_not_downloaded() -> None:
    """Of 50 MB that are not text, a glance is read, and the server is hung up on."""
    sent = 0

    async def serve(_: Request, writer: StreamWriter) -> None:
        nonlocal sent
        writer.write(answer(body=b"", Content_Type="video/mp4", Content_Length=str(50_000_000)))
        for _ in range(50):
            writer.write(bytes(1_000_000))
            await writer.drain()
            sent += 1_000_000

    observation = await seen(serve)
    assert said(observation) == 200
    assert isinstance(observation.outcome, Answer)
    assert observation.outcome.size <= 4_096
    assert sent < 20_000_000


async def test_a_page_is_read_to_the_limit_and_no_further() -> None:
    """A text is cut at the body limit."""
    observation = await seen(answer(body="x" * 300_000), body_limit=10_000)
    assert isinstance(observation.outcome, Answer)
    assert observation.outcome.size == 10_000


def packed(data: bytes, form: str) -> bytes:
    """Data packed in one of the forms that are asked for, some only where their libraries are installed."""
    names = {"gzip": "gzip", "deflate": "zlib", "br": "brotli", "zstd": "backports.zstd"}
    made: bytes = pytest.importorskip(names[form]).compress(data)
    return made


@pytest.mark.parametrize("form", ["gzip", "deflate", "br", "zstd"])
async def test_a_bomb_is_cut(form: str) -> None:
    """A small packed body that unpacks to 20 MB is cut at the limit, in little memory."""
    body = packed(bytes(20_000_000), form)
    observation = await seen(answer(body=body, Content_Encoding=form), timeout=20.0)
    assert said(observation) == 200
    assert isinstance(observation.outcome, Answer)
    assert observation.outcome.size <= QUICK.body_limit


async def test_an_endless_body_ends_with_its_status_kept() -> None:
    """A body that drips for ever costs the time-out, and the status that came counts."""
    gone = asyncio.Event()

    async def serve(_: Request, writer: StreamWriter) -> None:
        writer.write(answer("404 Not Found", "<title>Not found", Content_Length=""))
        await writer.drain()
        await gone.wait()

    async with raw_web(serve) as web, fetcher(web.network, replace(QUICK, timeout=0.3)) as fetch:
        observation = await fetch.fetch(URL)
        gone.set()
    assert said(observation) == 404


async def test_silence_is_a_read_timeout() -> None:
    """A server that takes the request and says nothing did not answer in time."""
    gone = asyncio.Event()

    async def serve(_: Request, _writer: StreamWriter) -> None:
        await gone.wait()

    async with raw_web(serve) as web, fetcher(web.network, replace(QUICK, timeout=0.2)) as fetch:
        observation = await fetch.fetch(URL)
        gone.set()
    assert said(observation) == "read_timeout"


@pytest.mark.parametrize(
    ("first", "tries"),
    [
        (answer("500 Oops", ""), 2),
        (answer("503 Busy", "", Retry_After="0"), 2),
        (answer("429 Slowly", "", Retry_After="0"), 2),
        (b"", 2),
        (answer("429 Slowly", "", Retry_After="3600"), 1),
        (answer("404 Not Found", ""), 1),
        (answer("403 No", ""), 1),
    ],
    ids=["500", "503", "429", "reset", "429 for an hour", "404", "403"],
)
async def test_what_is_tried_again(first: bytes, tries: int) -> None:
    """What may pass by itself is tried again; a long Retry-After and plain answers are not."""

    async def serve(_: Request, writer: StreamWriter) -> None:
        writer.write(first if len(web.requests) == 1 else answer())

    async with raw_web(serve) as web, fetcher(web.network, replace(QUICK, retries=2)) as fetch:
        observation = await fetch.fetch(URL)
    assert len(web.requests) == tries
    assert (said(observation) == 200) is (tries == 2)


PRIVATE = [
    "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://10.0.0.1/", "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/", "http://0.0.0.0/", "http://100.64.0.1/", "http://[fe80::1]/",
    "http://[fd00::1]/", "http://[64:ff9b::7f00:1]/",
]  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
async def test_private_addresses_are_never_fetched(url: str) -> None:
    """A literal address of a private network is refused before any connection."""
    async with fetcher(Network(canaries=())) as fetch:
        observation = await fetch.fetch(url)
    assert said(observation) == "private_address"


@pytest.mark.parametrize("url", [*PRIVATE, "http://localhost/", "http://admin.localhost:8080/"])
async def test_private_addresses_are_not_reached_by_a_proxy_either(url: str) -> None:
    """A proxy is not asked for what we would not fetch ourselves."""
    async with raw_web(answer()) as web:
        network = Network(proxy=f"http://127.0.0.1:{web.port}", canaries=())
        async with fetcher(network) as fetch:
            observation = await fetch.fetch(url)
    assert said(observation) == "private_address"
    assert web.requests == []


async def test_a_redirect_into_a_private_network_is_not_followed() -> None:
    """The rule holds at every hop, not only at the first."""
    async with raw_web(answer("302 Found", "", Location="http://127.0.0.1:1/admin")) as web:
        network = Network(connect_to=(f"site.example:80:127.0.0.1:{web.port}",), canaries=())
        async with fetcher(network) as fetch:
            observation = await fetch.fetch(URL)
    assert said(observation) == "private_address"
    assert [hop.http_status for hop in observation.hops] == [302, None]


SPELLINGS = [
    "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0x7f.1/",
    "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:127.0.0.1]/", "http://①②⑦.0.0.1/", "http://127.0.0.1./",
    "//10.0.0.1", "http:\\\\192.168.0.1", "http://localhost/", "http://169.254.169.254/latest",
]  # fmt: skip


@pytest.mark.parametrize("spelt", SPELLINGS)
async def test_no_spelling_of_a_private_address_is_followed(spelt: str) -> None:
    """However a redirect writes it, an address is what it is."""
    async with raw_web(answer("302 Found", "", Location=spelt)) as web:
        network = Network(connect_to=(f"site.example:80:127.0.0.1:{web.port}",), canaries=())
        async with fetcher(network) as fetch:
            observation = await fetch.fetch(URL)
    assert said(observation) == "private_address"


async def test_private_addresses_are_fetched_when_the_operator_says_so() -> None:
    """``allow_private`` opens the way."""
    async with raw_web(answer()) as web, fetcher(Network(allow_private=True, canaries=())) as fetch:
        observation = await fetch.fetch(f"http://127.0.0.1:{web.port}/")
    assert said(observation) == 200


async def test_a_proxy_that_does_not_answer_is_our_own_fault() -> None:
    """Nothing is said of a URL when the proxy is down."""
    from linkwatch import reasons

    async with fetcher(Network(proxy="http://127.0.0.1:9", canaries=())) as fetch:
        observation = await fetch.fetch("http://site.example/")
    assert isinstance(observation.outcome, Failure)
    assert reasons.cause(observation.outcome.reason).ours


async def test_credentials_are_not_carried_to_another_host() -> None:
    """What stands before the @ of an address goes to its own host, and to no other."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        there = "http://other.example/"
        writer.write(answer("302 Found", "", Location=there) if request.host == "site.example" else answer())

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        await fetch.fetch("http://user:secret@site.example/")
    assert "authorization" not in web.requests[1].headers


HOSTILE_COOKIES = [
    "a b@=c", "=x", "(bad)=1", "k=\udcff\udcfe", 'z="a;b"', 'o="\\015\\012X-Evil: 1"', f"big={'v' * 60_000}",
    "c=\x01\x02",
    "e=1; Expires=Mon, 99 Foo 99999999999999999999 25:61:61 GMT; Max-Age=99999999999999999999999999",
    "d=1; Max-Age=-9; Domain=\udcff; Path=\udcff", "__Host-x=1; Domain=other.example", "q={}<>@,;:", "",
]  # fmt: skip


@pytest.mark.parametrize("cookie", HOSTILE_COOKIES)
async def test_no_cookie_breaks_the_way(cookie: str) -> None:
    """A cookie that no browser would take is passed over; the redirect is followed all the same."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        way = answer("302 Found", "", Location="/next", Set_Cookie=cookie)
        writer.write(way if request.path == "/page" else answer())

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        observation = await fetch.fetch(URL)
    assert said(observation) == 200
    assert "x-evil" not in web.requests[1].headers


async def test_cookies_go_back_as_they_came() -> None:
    """What a server set is sent back letter for letter, on hosts that are addresses too."""
    sent = 'id="quoted value"; Path=/'

    async def serve(request: Request, writer: StreamWriter) -> None:
        way = answer("302 Found", "", Location="/next", Set_Cookie=sent)
        writer.write(way if request.path == "/page" else answer())

    async with raw_web(serve) as web, fetcher(web.network) as fetch:
        await fetch.fetch("http://198.51.100.7/page")
    assert web.requests[1].headers["cookie"] == 'id="quoted value"'


@pytest.mark.parametrize("login", ["u%3Ax:p", "u%00%0d%0a:p", "%ff:%fe", ":", "a@b"])
async def test_no_login_in_a_redirect_breaks_the_run(login: str) -> None:
    """Whatever stands before the @ of a redirect comes to an observation, and is not kept."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        there = f"http://{login}@other.example/"
        writer.write(answer("302 Found", "", Location=there) if request.host == "site.example" else answer())

    observation = await seen(serve)
    assert said(observation) in (200, "invalid_url")
    assert observation.final_url == "http://other.example/"


async def test_a_login_is_not_kept() -> None:
    """What stands before the @ serves its own host and is seen in no hop."""
    async with raw_web(answer("302 Found", "", Location="/page")) as web, fetcher(web.network) as fetch:
        observation = await fetch.fetch("http://user:secret@site.example/page")
    assert said(observation) == "redirect_loop"
    assert "secret" not in repr((observation.hops, observation.outcome))
    assert web.requests[0].headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "403 No", "500 Oops"])
@pytest.mark.parametrize("broken", ["short", "packed"])
async def test_a_status_that_was_said_stands_though_its_body_broke(status: str, broken: str) -> None:
    """An error page that cannot be unpacked is an error page."""
    headers = {"Content_Length": "500"} if broken == "short" else {"Content_Encoding": "gzip"}
    observation = await seen(answer(status, "not what it says", **headers))
    assert said(observation) == int(status[:3])


async def test_an_address_of_many_kilobytes_is_no_address() -> None:
    """A Location longer than any browser need read is not followed, kept or repeated."""
    observation = await seen(answer("302 Found", "", Location="/" + "a" * 60_000))
    assert said(observation) == "malformed_response"
    assert len(repr(observation)) < 70_000


async def test_garbage_is_told_in_one_line_without_a_status() -> None:
    """The detail of a failure is one short line, and says nothing of a 400 that nobody sent."""
    observation = await seen(b"garbage" * 2_000 + b"\r\n\r\n")
    assert isinstance(observation.outcome, Failure)
    assert "400" not in observation.outcome.detail
    assert "\n" not in observation.outcome.detail
    assert len(observation.outcome.detail) <= 500


async def test_what_nobody_foresaw_is_our_fault_and_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that no table knows ends neither the run nor the URL: nothing is recorded."""
    from linkwatch import reasons
    from linkwatch.check import fetch as module

    def trip(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "_heading", trip)
    observation = await seen(answer())
    assert isinstance(observation.outcome, Failure)
    assert reasons.cause(observation.outcome.reason).ours


async def test_another_try_keeps_the_pace() -> None:
    """Between two tries the host is left alone by everybody, as long as it asks for."""
    moments: list[float] = []

    async def serve(request: Request, writer: StreamWriter) -> None:
        moments.append(asyncio.get_running_loop().time())
        writer.write(answer("503 Busy", "") if len(moments) == 1 else answer())

    slow = replace(QUICK, retries=1, per_host_interval=0.1)
    async with raw_web(serve) as web, fetcher(web.network, slow, retry_wait=0.3) as fetch:
        await fetch.fetch(URL)
        assert fetch.pace.free_at("site.example") >= moments[0] + 0.4
    assert moments[1] - moments[0] >= 0.29


async def test_waiting_for_a_turn_is_not_the_servers_time() -> None:
    """The time of a check is that of asking and being answered."""
    async with raw_web(answer("302 Found", "", Location="http://other.example/")) as web:
        patient = replace(QUICK, per_host_interval=0.5, max_redirects=1)
        async with fetcher(web.network, patient) as fetch:
            fetch.pace.reserve("other.example", asyncio.get_running_loop().time())
            observation = await fetch.fetch(URL)
    assert observation.elapsed_ms < 400


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("407 Login", True),
        ("403 No", True),
        ("502 Bad", False),
        ("503 Unavailable", False),
        ("504 Late", False),
    ],
)
async def test_what_a_proxy_says_of_a_host(status: str, ours: bool) -> None:
    """A proxy that finds no way to a host speaks of the host; one that refuses us speaks of us."""
    from linkwatch import reasons

    async with raw_web(answer(status, "")) as web:
        network = Network(proxy=f"http://127.0.0.1:{web.port}", canaries=())
        async with fetcher(network) as fetch:
            observation = await fetch.fetch("https://site.example/")
    assert isinstance(observation.outcome, Failure)
    assert reasons.cause(observation.outcome.reason).ours is ours
