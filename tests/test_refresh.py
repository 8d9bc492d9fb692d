"""Pages that go on by themselves: followed as a hop, where a browser would soon be elsewhere."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rawweb import QUICK, Request, answer, fetcher, raw_web

from linkwatch.check.judging.redirects import new_address
from linkwatch.check.judging.refresh import refresh
from linkwatch.config import Network
from linkwatch.model import Answer

if TYPE_CHECKING:
    from asyncio import StreamWriter

URL = "http://site.example/page"
META = "<meta http-equiv=refresh content='{}'>"
# Name, the page, the path of the next hop; None where the page is what was asked for.
ROWS = [
    ("at once", META.format("0;url=/new"), "/new"),
    ("in five seconds", META.format("5; URL=/new"), "/new"),
    ("in six seconds", META.format("6; URL=/new"), None),
    ("a fraction of a second", META.format(".5;url=/new"), "/new"),
    ("a comma", META.format("0, url = /new"), "/new"),
    ("no word before the address", META.format("0; /new"), "/new"),
    ("quotes in quotes", "<meta http-equiv=Refresh content=\"0; url='/new' x\">", "/new"),
    ("quotes that do not end", '<meta http-equiv=Refresh content="0; url=\'/new">', "/new"),
    ("a base", "<base href=/deep/>" + META.format("0;url=new"), "/deep/new"),
    ("a relative address", META.format("0;url=new"), "/new"),
    ("in the body", "<body><p>Gone on" + META.format("0;url=/new"), "/new"),
    ("the first that leads anywhere", META.format("x") + META.format("0;url=/new"), "/new"),
    ("no address", META.format("0"), None),
    ("no time", META.format("url=/new"), None),
    ("an endless number", META.format("9" * 5000 + ";url=/new"), None),
    ("itself", META.format("0;url=/page"), None),
    ("a part of itself", META.format("0;url=#part"), None),
    ("a script by its scheme", META.format("0;url=javascript:alert(1)"), None),
    ("a page of its own making", META.format("0;url=data:text/html,x"), None),
    ("nonsense", META.format("0;url=http://[broken"), None),
    ("in noscript in the head", f"<head><noscript>{META.format('0;url=/new')}</noscript>", None),
    ("in noscript in the body", f"<body><noscript>{META.format('0;url=/new')}</noscript>", None),
    ("in a template", f"<body><template>{META.format('0;url=/new')}</template>", None),
    ("in a comment", f"<!-- {META.format('0;url=/new')} -->", None),
    ("in a text", f"<textarea>{META.format('0;url=/new')}</textarea>", None),
    # Scripts that do nothing else, on a page without a word.
    ("a script", "<script>location='/new'</script>", "/new"),
    ("a script with a title", '<title>Moved</title><script>window.location.href = "/new";</script>', "/new"),
    ("a script that replaces", "<script>\n<!--\ntop.location.replace('/new');\n//-->\n</script>", "/new"),
    ("a script that says so", "<script>alert('Deleted');self.location='/new';</script>", "/new"),
    (
        "a script when all is loaded",
        '<script>window.onload=function(){window.location.href="/new"}</script>',
        "/new",
    ),
    ("a script that goes back", "<script>alert('Deleted');history.back();</script>", None),
    ("a script with a condition", "<script>if(x){location='/new'}</script>", None),
    ("a script that computes", "<script>location='/new'+location.search</script>", None),
    ("a script of more", "<script>document.cookie='a=1';location='/new'</script>", None),
    ("a script beside another", "<script>location='/new'</script><script src=/a.js></script>", None),
    ("a script beside words", "<p>Hello</p><script>location='/new'</script>", None),
    ("a script beside a picture", "<img src=a.png><script>location='/new'</script>", None),
    ("a script in a long page", f"<script>location='/new'</script><!-- {'x' * 9000} -->", None),
    ("a script in a comment", "<!-- <script>location='/new'</script> -->", None),
    ("a script to nowhere", "<script>location='javascript:1'</script>", None),
]  # fmt: skip


async def way(pages: dict[str, bytes], **settings: int) -> list[tuple[str, int | None]]:
    """The hops from the page, any that is not named being an ordinary one."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(pages.get(request.path, answer()))

    async with raw_web(serve) as web, fetcher(web.network, replace(QUICK, **settings)) as fetch:  # type: ignore[arg-type]
        seen = await fetch.fetch(URL)
    assert new_address(seen.hops) is None  # a refresh never moves a page for good
    return [(hop.url.removeprefix("http://site.example"), hop.http_status) for hop in seen.hops]


@pytest.mark.parametrize(("body", "onward"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
async def test_where_a_page_goes(body: str, onward: str | None) -> None:
    """Each spelling leads on as in a browser, or leaves the page as it is."""
    rest = [] if onward is None else [(onward, 200)]
    assert await way({"/page": answer(body=body)}) == [("/page", 200), *rest]


def test_no_script_takes_long() -> None:
    """A hostile script costs no more than its length."""
    started = time.process_time()
    for piece in (" ", "<!-- ", "alert('", "location=", ";", "window.", "location='/new' "):
        body = f"<script>location='/new'{piece * (3_900 // len(piece))}x</script>".encode()
        refresh(Answer(200, (), body, len(body), "text/html"), 5.0)
    assert time.process_time() - started < 1


async def test_a_header_does_the_same() -> None:
    """The Refresh header leads on too."""
    assert await way({"/page": answer(Refresh="0; url=/new")}) == [("/page", 200), ("/new", 200)]


async def test_an_error_page_that_goes_on_is_an_error() -> None:
    """What says "not found" is not found, wherever it sends its reader."""
    page = answer("404 Not Found", META.format("0;url=/"))
    assert await way({"/page": page}) == [("/page", 404)]


async def test_a_circle_ends_on_its_last_page() -> None:
    """Two pages that show each other in turn are pages; nobody is sent round."""
    pages = {"/page": answer(body=META.format("0;url=/b")), "/b": answer(body=META.format("0;url=/page"))}
    assert await way(pages) == [("/page", 200), ("/b", 200)]


async def test_refreshes_count_as_redirects() -> None:
    """An endless chain of refreshes is given up at the same limit."""
    pages = {f"/{number}": answer(body=META.format(f"0;url=/{number + 1}")) for number in range(9)}
    found = await way(pages | {"/page": answer(body=META.format("0;url=/0"))}, max_redirects=3)
    assert [path for path, _ in found] == ["/page", "/0", "/1", "/2"]


async def test_a_refresh_into_a_private_network_is_not_followed() -> None:
    """The guard stands at this hop as at any other."""
    async with raw_web(answer(body=META.format("0;url=http://127.0.0.1:1/admin"))) as web:
        network = Network(connect_to=(f"site.example:80:127.0.0.1:{web.port}",), canaries=())
        async with fetcher(network) as fetch:
            seen = await fetch.fetch(URL)
    assert [hop.http_status for hop in seen.hops] == [200, None]
