"""What a case is, and the few ways of answering that most of them are made of."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hostile.web import Host, Name, Tls
from linkwatch import reasons

if TYPE_CHECKING:
    from asyncio import StreamWriter
    from collections.abc import Callable

    from hostile.web import Request, Site
    from linkwatch.model import Verdict

    Paths = Callable[[str], bytes]

# Reserved names (RFC 2606) would be better, but lychee passes over them. Nobody is asked: all is loopback.
SUFFIX = "-lwt.net"
HTML = "text/html; charset=utf-8"
PROSE = "The harbour was quiet that morning, and nobody had yet heard the news from the north. "
PROSE_ZH = "那天早晨港口很安静，还没有人听到北方传来的消息。老人坐在码头上，看着船只慢慢离开。"
MENU = (
    "<nav>" + " ".join(f"<a href='/s{n}'>Section number {n} of the paper</a>" for n in range(40)) + "</nav>"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A URL on a host of its own, how that behaves, and what the right verdict on it is."""

    label: str  # the host's first label
    why: str
    site: Site
    accepted: tuple[str, ...]  # reasons, all of one verdict
    trap: bool = False  # alive, or not dead, and easily called dead
    path: str = "/2012/story.html"
    scheme: str = "http"
    name: Name = Name.FOUND
    tls: Tls = Tls.GOOD
    servers: tuple[str, ...] = ("ns1.host-lwt.net",)  # who names its domain
    known: str = ""  # why linkwatch is known to get it wrong

    @property
    def host(self) -> str:
        """The host's name."""
        return f"{self.label}{SUFFIX}".encode("idna").decode()

    @property
    def url(self) -> str:
        """What an article cites."""
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def verdict(self) -> Verdict:
        """What its reasons stand for."""
        return reasons.cause(self.accepted[0]).verdict

    def served(self) -> Host:
        """The host, to be served."""
        return Host(self.site, self.name, self.tls, self.servers)


def http(status: str, body: str | bytes = "", kind: str | None = HTML, **headers: str) -> bytes:
    """A whole answer; header names with underscores for hyphens."""
    data = body.encode() if isinstance(body, str) else body
    lines = {"Content-Length": str(len(data)), "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines |= {"Content-Type": kind} if kind else {}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + data


def html(title: str, body: str) -> str:
    """A page with a title."""
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"


def story(title: str = "The harbour at night", text: str = PROSE) -> str:
    """An article of the length that articles have."""
    return html(f"{title} - The Paper", f"{MENU}<h1>{title}</h1><p>{text * 20}</p>")


def short(title: str, text: str = "") -> str:
    """A page that says no more than its title and a line."""
    return html(title, f"<h1>{title}</h1><p>{text}</p>")


STORY = http("200 OK", story())
FRONT = http("200 OK", html("The Paper", f"{MENU}<h1>Today</h1><p>{'What happened in the town. ' * 30}</p>"))
LOST = http("404 Not Found", short("Not found"))


def ok(body: str | bytes, kind: str | None = HTML, **headers: str) -> bytes:
    """An answer that says success."""
    return http("200 OK", body, kind, **headers)


def to(location: str, status: str = "302 Found", **headers: str) -> bytes:
    """A redirect."""
    return http(status, "", Location=location, **headers)


def always(data: bytes) -> Site:
    """The same bytes whatever is asked."""

    async def site(_: Request, writer: StreamWriter) -> None:
        writer.write(data)

    return site


def paper(
    here: bytes, elsewhere: bytes | Paths = LOST, path: str = "/2012/story.html", **more: bytes
) -> Site:
    """A site with a front page, one page, and an answer for all that it does not have.

    More pages go by their path, "/" written as "__" and "." as "_dot_".
    """
    pages = {"/": FRONT, path: here}
    pages |= {"/" + key.replace("__", "/").replace("_dot_", "."): value for key, value in more.items()}

    async def site(request: Request, writer: StreamWriter) -> None:
        held = pages.get(request.path.partition("?")[0]) or pages.get(request.path)
        writer.write(held or (elsewhere if isinstance(elsewhere, bytes) else elsewhere(request.path)))

    return site


def in_turn(*answers: bytes) -> Site:
    """The first answer to the first visit, and so on; the last to all that follow."""

    async def site(request: Request, writer: StreamWriter) -> None:
        writer.write(answers[min(request.before, len(answers) - 1)])

    return site


def if_asked(rightly: Callable[[Request], bool], otherwise: bytes) -> Site:
    """The article for who asks rightly, something else for all others."""

    async def site(request: Request, writer: StreamWriter) -> None:
        writer.write(STORY if rightly(request) else otherwise)

    return site


def then_silence(data: bytes) -> Site:
    """Some bytes, and nothing more, without an end."""

    async def site(_: Request, writer: StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(60)

    return site


def endless(head: bytes, piece: bytes, pause: float = 0.0, times: int = 1 << 20) -> Site:
    """A beginning, and pieces for as long as anybody reads."""

    async def site(_: Request, writer: StreamWriter) -> None:
        writer.write(head)
        for _ in range(times):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return site
