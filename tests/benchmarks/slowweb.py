"""The web of ``checking.py``: made-up URLs, what each of them answers and when, and a server of them.

    python tests/benchmarks/slowweb.py PORT [--slow | --tls CA_FILE]

Every host is an address of 127.0.0.0/8, so that nobody has to look a name up. What a URL does is
decided by its own bytes: whoever measures can reckon what the server will do. The server is a bare
protocol, since it shares the machine with what it is to measure; it says "ready" when it listens, and
on SIGTERM how many requests it saw, and how many connections were open at once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import signal
import ssl
import sys
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

SEED = 20200101
MEDIAN, SIGMA = 0.2, 0.6  # seconds until an answer, log-normal
PAGES = 64
# Redirects lead to the site's other name, as from example.org to www.example.org: both have a pace.
OTHER_NAME = 128


class Fate(Enum):
    """What comes of asking for a URL."""

    HANGS = "hangs"
    MISSING = "missing"
    MOVED = "moved"
    ALIVE = "alive"


SHARES = ((Fate.HANGS, 0.03), (Fate.MISSING, 0.05), (Fate.MOVED, 0.05))  # of all URLs; the rest is alive


class Sizes(NamedTuple):
    """How many URLs, on how many hosts, and how many of them on the host that has most."""

    urls: int
    hosts: int
    longest: int


def urls(sizes: Sizes, port: int, scheme: str = "http", seed: int = SEED) -> list[str]:
    """The URLs in a chance order, always the same for one seed."""
    chance = random.Random(seed)
    found = [
        f"{scheme}://{_address(host)}:{port}/2020/{chance.randrange(12) + 1:02}/article-{host}-{number}.html"
        for host, count in enumerate(_counts(sizes))
        for number in range(count)
    ]
    chance.shuffle(found)
    return found


def host_of(url: str) -> str:
    """The host of a URL of ours."""
    return url.split("/")[2].partition(":")[0]


def other_name(host: str) -> str:
    """Where the URLs of a host have moved to, with or without a port."""
    first, second, rest = host.split(".", 2)
    return f"{first}.{int(second) + OTHER_NAME}.{rest}"


def fate(path: str) -> Fate:
    """What comes of asking for a path."""
    if path.startswith("/moved/"):
        return Fate.ALIVE
    chance = crc32(path.encode()) / 2**32
    for each, share in SHARES:
        chance -= share
        if chance < 0:
            return each
    return Fate.ALIVE


def seconds(path: str) -> float:
    """How long the answer to a path takes, where there is one."""
    return MEDIAN * math.exp(SIGMA * random.Random(path).gauss(0.0, 1.0))


def path_of(url: str) -> str:
    """The path of a URL of ours."""
    return "/" + url.split("/", 3)[3]


def _address(host: int) -> str:
    return f"127.{1 + host // 62_500}.{host // 250 % 250}.{1 + host % 250}"


def _counts(sizes: Sizes) -> list[int]:
    """URLs of each host: a long tail from the longest host down to one, by a power of the rank."""

    def by(power: float) -> list[int]:
        return [max(1, round(sizes.longest * rank**-power)) for rank in range(1, sizes.hosts + 1)]

    low, high = 0.0, 4.0
    for _ in range(60):
        power = (low + high) / 2
        low, high = (power, high) if sum(by(power)) > sizes.urls else (low, power)
    counts = by(high)
    for host in range(sizes.urls - sum(counts)):  # what rounding has left
        counts[-1 - host % sizes.hosts] += 1
    return counts


def page(number: int) -> bytes:
    """A page of some 19 kB, one of a few: an article of 1,000 made-up words in what stands around one."""
    chance = random.Random(number)
    letters = "eeeeaaaiiooutnrsslldcmphgbfvwk"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(900)]

    def said(count: int) -> str:
        return " ".join(chance.choices(words, k=count))

    def menu(name: str, count: int) -> str:
        links = (
            f'<li class="{name}"><a href="/{name}/{chance.choice(words)}">{said(3)}</a></li>\n'
            for _ in range(count)
        )
        return f"<nav><ul>{''.join(links)}</ul></nav>"

    style = ".block{margin:0 auto;padding:4px;color:#333333}\n" * 40
    script = "window.queue=window.queue||[];queue.push(['load',1]);\n" * 60
    text = "\n".join(
        f'<p class="text">{said(60)} <a href="/t/{chance.choice(words)}">{said(3)}</a>, {said(40)}.</p>'
        for _ in range(10)
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{said(6)}</title>
<meta name="description" content="{said(20)}"><style>{style}</style></head>
<body><header><h1>{said(2)}</h1>{menu("section", 50)}</header>
<article><h1>{said(6)}</h1>
{text}
</article><aside>{menu("story", 40)}</aside>
<script>{script}</script><footer>{said(30)}</footer></body></html>""".encode()


def _whole(status: str, body: bytes, *headers: str) -> bytes:
    lines = (
        f"HTTP/1.1 {status}", "Server: bench", "Content-Type: text/html; charset=utf-8", *headers,
        f"Content-Length: {len(body)}",
    )  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(slots=True)
class Seen:
    """What the server has seen."""

    requests: int = 0
    open: int = 0
    most_open: int = 0


@dataclass(slots=True)
class Site:
    """What is served, and what was seen of those who asked."""

    slow: bool
    pages: list[bytes] = field(default_factory=lambda: [page(number) for number in range(PAGES)])
    missing: bytes = _whole("404 Not Found", b"<title>Not found</title>")
    seen: Seen = field(default_factory=Seen)

    def answer(self, path: str, host: str) -> tuple[bytes, float] | None:
        """What is answered, after how many seconds; None where it is nothing."""
        body = self.pages[crc32(path.encode()) % PAGES]
        shown = _whole("200 OK", body + f"<!-- {path} -->".encode())  # no two of the same bytes
        if not self.slow:
            return shown, 0.0
        match fate(path):
            case Fate.HANGS:
                return None
            case Fate.MISSING:
                shown = self.missing
            case Fate.MOVED:
                to = f"http://{other_name(host)}/moved{path}"
                shown = _whole("301 Moved Permanently", b"", f"Location: {to}")
            case Fate.ALIVE:
                pass
        return shown, seconds(path)


class Server(asyncio.Protocol):
    """One connection: requests without bodies, one after another."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """One more."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        seen = self._site.seen
        seen.open += 1
        seen.most_open = max(seen.most_open, seen.open)

    def connection_lost(self, _: Exception | None) -> None:
        """One less."""
        self._site.seen.open -= 1

    def data_received(self, data: bytes) -> None:
        """A request, or a part of one."""
        self._head += data
        if not self._head.endswith(b"\r\n\r\n"):
            return
        path = self._head.split(b" ", 2)[1].decode()
        host = self._head.lower().partition(b"\nhost:")[2].partition(b"\r")[0].strip().decode()
        self._head = b""
        self._site.seen.requests += 1
        found = self._site.answer(path, host)
        if found is None:
            return
        answer, wait = found
        if wait:
            asyncio.get_running_loop().call_later(wait, self._transport.write, answer)
        else:
            self._transport.write(answer)


async def serve(port: int, *, slow: bool, authority: Path | None, hosts: int) -> None:
    """Serves until told to end."""
    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, end.set)
    site = Site(slow)
    if authority is None:
        await loop.create_server(lambda: Server(site), "0.0.0.0", port, backlog=4096)
    else:
        for address, context in _certified(authority, hosts):
            await loop.create_server(lambda: Server(site), address, port, ssl=context)
    print("ready", flush=True)
    await end.wait()
    print(json.dumps({"requests": site.seen.requests, "most_open": site.seen.most_open}), flush=True)


def _certified(authority: Path, hosts: int) -> list[tuple[str, ssl.SSLContext]]:
    """Each address with a certificate of its own: no name is sent that could choose among them."""
    import trustme

    ca = trustme.CA()
    ca.cert_pem.write_to_path(authority)
    found = []
    for host in range(hosts):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(_address(host)).configure_cert(context)
        found.append((_address(host), context))
    return found


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("port", type=int)
    parser.add_argument("--slow", action="store_true", help="answer as fates and latencies have it")
    parser.add_argument("--tls", type=Path, metavar="FILE", help="speak TLS; the authority goes to FILE")
    parser.add_argument("--hosts", type=int, default=0, help="with --tls: how many hosts")
    options = parser.parse_args()
    asyncio.run(serve(options.port, slow=options.slow, authority=options.tls, hosts=options.hosts))


if __name__ == "__main__":
    sys.exit(main())
