"""What aiohttp alone takes for the URLs of a file: each asked for and read, and nothing made of it.

    python tests/benchmarks/alone.py FILE AT_ONCE [--uvloop]

No verdict, no evidence, no sketch, no database, no time-outs, no pace: the floor below which no program
that fetches with this library can come on this machine. ``--uvloop`` runs it on uvloop's event loop, where
that is installed.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator


async def fetch_all(urls: Iterator[str], at_once: int) -> None:
    """Asks for all URLs, so many at the same time."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)  # as linkwatch has it

    async def work() -> None:
        for url in urls:
            async with session.get(URL(url, encoded=True), allow_redirects=False) as response:
                await response.read()

    connector = aiohttp.TCPConnector(limit=0)
    jar = aiohttp.DummyCookieJar()
    async with (
        aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session,
        asyncio.TaskGroup() as all_,
    ):
        for _ in range(at_once):
            all_.create_task(work())


def main() -> None:
    """Fetch."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("at_once", type=int)
    parser.add_argument("--uvloop", action="store_true")
    options = parser.parse_args()
    run: Callable[[Coroutine[None, None, None]], None] = asyncio.run
    if options.uvloop:
        import uvloop

        run = uvloop.run
    run(fetch_all(iter(options.file.read_text().split()), options.at_once))


if __name__ == "__main__":
    main()
