"""A simulated Wayback Machine: CDX index, Save Page Now 2, replay and TimeGate over real HTTP.

It behaves as the archive's documents and the measurements of its clients say, and misbehaves on
request, per address. It remembers all it was asked. ``SimulatedArchive(...).app()`` is mounted
as ``https://web.archive.org`` of the simulated web.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from linkwatch.archive.timestamps import from_stamp, to_stamp
from linkwatch.demo.holdings import FIELDS, Held, Holdings, Question, digest_of, lines
from linkwatch.demo.replies import FAULT, TOO_MANY, as_json, as_text, broken, hung_up, moved, shown
from linkwatch.demo.savepagenow import SavePageNow, Visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aiohttp.typedefs import Handler

KEYS = ("demo-access-key", "demo-secret-key")
PAGE = "<!doctype html><title>A page of the past</title>"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request the archive got. Keys are not kept, only whether they were right."""

    endpoint: str  # "cdx", "save", "status", "user", "system", "web"
    subject: str  # the address, or the job ids
    keys: str  # "none", "right", "wrong"
    at: datetime
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer the archive gave."""

    path: str
    status: int
    at: datetime


@dataclass
class SimulatedArchive:
    """The archive: fill ``holdings``, script misbehaviour, read ``log``.

    ``lookup_quirks`` maps an address (or ``"*"``) to how its look-ups go wrong, in the CDX index and
    at the TimeGate, one item per look-up, the last one for ever: ``400``, ``429``, ``503``,
    ``empty``, ``short``, ``html``, ``blocked``, ``reset``, ``hang``, ``ok``.
    ``jobs.quirks`` does the same for Save Page Now (see ``savepagenow.Quirk``), and what it says of itself
    and of its jobs is answered with 429 for the endpoints in ``busy``.
    """

    clock: Callable[[], datetime]
    keys: tuple[str, str] = KEYS
    visit: Callable[[str], Visit] | None = None
    polls: int = 1
    slots: int = 3
    holdings: Holdings = field(default_factory=Holdings)
    lookup_quirks: dict[str, list[str]] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)  # of "status", "user", "system"
    log: list[Asked] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    anonymous: str = "429"  # how saves without keys are answered: "ok", "hang", or an HTTP status
    released: asyncio.Event = field(default_factory=asyncio.Event)  # set it to end what hangs
    jobs: SavePageNow = field(init=False)

    def __post_init__(self) -> None:
        self.jobs = SavePageNow(
            self.holdings,
            self.clock,
            self.visit or (lambda _url: Visit()),
            polls=self.polls,
            slots=self.slots,
        )

    def hold(self, url: str, *stamps: str, status: str = "200", body: str = PAGE, **more: str) -> None:
        """Adds captures of a page at the given times (fourteen digits each)."""
        made = (Held(each, url, status, digest=digest_of(body), body=body, **more) for each in stamps)
        self.holdings.add(url, *made)

    def asked(self, endpoint: str) -> list[str]:
        """The subjects of all requests to one endpoint, in order."""
        return [each.subject for each in self.log if each.endpoint == endpoint]

    def app(self) -> web.Application:
        """The archive as an application to be served."""
        app = web.Application(middlewares=[self._noting])
        app.router.add_get("/cdx/search/cdx", self.cdx)
        app.router.add_post("/save", self.save)
        app.router.add_post("/save/status", self.status)
        app.router.add_get("/save/status/user", self.user)
        app.router.add_get("/save/status/system", self.system)
        app.router.add_get("/save/status/{job_id}", self.status)
        app.router.add_get("/save/{rest:.*}", self.save_for_anybody)
        app.router.add_get("/web/timemap/link/{rest:.*}", self.timemap)
        app.router.add_get("/web/{rest:.*}", self.replay)
        return app

    @web.middleware
    async def _noting(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        self.answers.append(Answered(request.path, answer.status, self.clock()))
        return answer

    async def cdx(self, request: web.Request) -> web.StreamResponse:
        """Answers a CDX query, or misbehaves as scripted."""
        url = request.query.get("url", "")
        self._note(request, "cdx", url, request.query.items())
        return await self._misbehaving(request, self._rows(request), self._quirk(url))

    async def _misbehaving(self, request: web.Request, whole: web.Response, quirk: str) -> web.StreamResponse:
        if quirk == "ok":
            return whole
        if quirk == "hang":
            await self.released.wait()
        if quirk in ("reset", "hang"):
            return hung_up(request)
        return broken(quirk, whole)

    def _rows(self, request: web.Request) -> web.Response:
        ask = request.query
        question = Question(
            ask["url"],
            int(ask.get("limit", "150000")),
            ask.getall("filter", []),
            ask.get("closest"),
            ask.get("sort", "default"),
            ask.get("from", "0"),
            ask.get("to", "9"),
        )
        names = ask["fl"].split(",") if "fl" in ask else list(FIELDS)
        found = lines(self.holdings.answer(question), names)
        if ask.get("output") == "json":
            # An index that holds nothing says so by an empty list, without the header row.
            return as_json([names, *found] if found else [])
        return web.Response(text="".join(" ".join(each) + "\n" for each in found))

    def _quirk(self, url: str) -> str:
        script = self.lookup_quirks.get(url) or self.lookup_quirks.get("*") or ["ok"]
        return script.pop(0) if len(script) > 1 else script[0]

    async def save(self, request: web.Request) -> web.Response:
        """Takes a page to be captured."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        url = form.pop("url", "")
        self._note(request, "save", url, form.items())
        if self._keys_of(request) != "right":
            return as_json({"message": "You need to be logged in to use Save Page Now."}, status=401)
        status, answer = self.jobs.submit(url, form)
        if not status:
            return hung_up(request)
        return as_text(answer, status) if isinstance(answer, str) else as_json(answer, status)

    async def save_for_anybody(self, request: web.Request) -> web.StreamResponse:
        """Takes a page to be captured as the browser's form does: no keys, and the answer is the snapshot."""
        url = request.raw_path.removeprefix("/save/")
        self._note(request, "anybody", url)
        if self.anonymous == "hang":
            await self.released.wait()
        if self.anonymous != "ok":
            return as_text(TOO_MANY, 429 if self.anonymous == "hang" else int(self.anonymous))
        stamp = to_stamp(self.clock())
        self.hold(url, stamp)
        snapshot = f"<https://web.archive.org/web/{stamp}/{url}>"
        link = f'<{url}>; rel="original", {snapshot}; rel="memento", {snapshot}; rel="last memento"'
        return web.Response(text=PAGE, content_type="text/html", headers={"Link": link})

    async def status(self, request: web.Request) -> web.Response:
        """Says how far a job, or several, have come."""
        form = await request.post() if request.method == "POST" else {}
        many = form.get("job_ids")
        asked = str(many or form.get("job_id") or request.match_info.get("job_id", ""))
        self._note(request, "status", asked)
        if "status" in self.busy:
            return as_text(TOO_MANY, 429)
        if many:
            return as_json([self.jobs.status(each) for each in asked.split(",")])
        return as_json(self.jobs.status(asked))

    async def user(self, request: web.Request) -> web.Response:
        """Says how many captures may run now."""
        self._note(request, "user", "")
        if "user" in self.busy:
            return as_text(TOO_MANY, 429)
        if self._keys_of(request) != "right":
            return as_json({"message": "You need to be logged in to use Save Page Now."}, status=401)
        return as_json(self.jobs.user())

    async def system(self, request: web.Request) -> web.Response:
        """Says whether Save Page Now works."""
        self._note(request, "system", "")
        if "system" in self.busy:
            return as_text(TOO_MANY, 429)
        if self.jobs.system == "critical":
            return as_text(FAULT, 502)
        return as_json({"recent_captures": 941, "status": self.jobs.system, "queues": {"spn2-captures": 0}})

    async def replay(self, request: web.Request) -> web.StreamResponse:
        """Shows a capture, leads to the nearest one, or negotiates a time (RFC 7089)."""
        rest = request.raw_path.removeprefix("/web/")
        stamp, _, url = rest.partition("/")
        digits = stamp.rstrip("_abcdefghijklmnopqrstuvwxyz")
        self._note(request, "web", rest)
        if not (digits.isdigit() and len(digits) <= 14):
            return await self._misbehaving(request, self._timegate(request, rest), self._quirk(rest))
        held = self.holdings.nearest(url, digits)
        if held is None:
            return as_text("The Wayback Machine has not archived that URL.", 404)
        if held.timestamp != digits:
            suffix = stamp[len(digits) :]
            reason = {"x-archive-redirect-reason": f"found capture at {held.timestamp}"}
            return moved(f"/web/{held.timestamp}{suffix}/{held.original}", reason)
        return shown(held, stamp)

    def _timegate(self, request: web.Request, url: str) -> web.Response:
        asked = request.headers.get("Accept-Datetime")
        moment = parsedate_to_datetime(asked) if asked else self.clock()
        held = self.holdings.nearest(url, to_stamp(moment))
        if held is None:
            return as_text("The Wayback Machine has not archived that URL.", 404)
        link = f'<{held.original}>; rel="original", </web/timemap/link/{held.original}>; rel="timemap"'
        return moved(f"/web/{held.timestamp}/{held.original}", {"Vary": "accept-datetime", "Link": link})

    async def timemap(self, request: web.Request) -> web.Response:
        """All captures of an address in link-format (RFC 7089, 5)."""
        url = request.raw_path.removeprefix("/web/timemap/link/")
        self._note(request, "timemap", url)
        links = [f'<{url}>;rel="original"']
        for held in self.holdings.of(url):
            moment = from_stamp(held.timestamp)
            if moment is not None:
                address = f"{request.url.origin()}/web/{held.timestamp}/{held.original}"
                links.append(f'<{address}>;rel="memento";datetime="{format_datetime(moment, usegmt=True)}"')
        return web.Response(text=",\n".join(links), content_type="application/link-format")

    def _keys_of(self, request: web.Request) -> str:
        given = request.headers.get("Authorization")
        if given is None:
            return "none"
        return "right" if given == "LOW {}:{}".format(*self.keys) else "wrong"

    def _note(self, request: web.Request, endpoint: str, subject: str, options: Any = ()) -> None:
        kept = tuple(sorted((str(name), str(value)) for name, value in options))
        self.log.append(Asked(endpoint, subject, self._keys_of(request), self.clock(), kept))
