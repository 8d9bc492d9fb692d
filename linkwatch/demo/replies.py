"""The answers of the simulated archive: whole ones, and all the ways in which they go wrong."""

from __future__ import annotations

import json
from email.utils import format_datetime
from typing import TYPE_CHECKING

from aiohttp import web

from linkwatch.archive.timestamps import from_stamp

if TYPE_CHECKING:
    from linkwatch.demo.holdings import Held

BLOCKED_SITE = (
    "org.archive.util.io.RuntimeIOException: "
    "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error\n"
)
TOO_MANY = "<html><head><title>429 Too Many Requests</title></head><body>nginx</body></html>"
FAULT = "<html><head><title>Internet Archive: Error</title></head><body>Temporarily Offline</body></html>"
_PAGES = {"400": "Bad Request", "429": TOO_MANY, "503": FAULT}


def hung_up(request: web.Request) -> web.Response:
    """No answer: the connection breaks off."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def broken(quirk: str, whole: web.Response) -> web.Response:
    """An answer that goes wrong in a way that ``SimulatedArchive.lookup_quirks`` names."""
    match quirk:
        case "400" | "429" | "503":
            return as_text(_PAGES[quirk], int(quirk))
        case "empty":
            return web.Response(text="")
        case "short":
            return web.Response(text=(whole.text or "")[:-40] or "[[")
        case "html":
            return as_text(FAULT, 200)
        case "blocked":
            header = {"X-Archive-Wayback-Runtime-Error": BLOCKED_SITE.strip()}
            return web.Response(text=BLOCKED_SITE, status=403, headers=header)
        case _:
            raise ValueError(f"the simulated archive knows no misbehaviour {quirk!r}")


def shown(held: Held, stamp: str) -> web.Response:
    """A replayed capture: its own status, and the header that marks it as a memento."""
    moment = from_stamp(held.timestamp)
    headers = {} if moment is None else {"Memento-Datetime": format_datetime(moment, usegmt=True)}
    headers["X-Archive-Orig-Content-Type"] = held.mimetype
    if held.location is not None:
        headers["Location"] = f"/web/{stamp}/{held.location}"
    status = int(held.status) if held.status.isdigit() else 200
    return web.Response(
        body=held.body.encode(), status=status, headers=headers, content_type=held.mimetype, charset="utf-8"
    )


def moved(location: str, headers: dict[str, str]) -> web.Response:
    """A redirect within the archive."""
    return web.Response(status=302, headers={"Location": location, **headers})


def as_json(value: object, status: int = 200) -> web.Response:
    """An answer in JSON."""
    return web.Response(text=json.dumps(value), status=status, content_type="application/json")


def as_text(text: str, status: int) -> web.Response:
    """A page of the archive's own."""
    return web.Response(text=text, status=status, content_type="text/html")
