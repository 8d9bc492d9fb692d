"""A real pywb replays what a check kept, byte for byte, and speaks Memento and CDX to our readers.

pywb is GPL: it runs as a process of its own, from an environment of its own (``make pywb``).
Where that environment is absent these tests are skipped.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import subprocess
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import aiohttp
import pytest
from conftest import NIGHT
from rawweb import QUICK, Request, answer, raw_web

from linkwatch.archive import cdx
from linkwatch.archive.addresses import memento_url
from linkwatch.archive.pace import Pace
from linkwatch.archive.stage import TIMER
from linkwatch.archive.timegate import TimeGate
from linkwatch.archive.timestamps import to_stamp
from linkwatch.archive.wacz import pack
from linkwatch.check.stage import check
from linkwatch.config import Archive, Config
from linkwatch.model import LookupAnswer
from linkwatch.store import checks, runs
from linkwatch.store.database import in_memory

if TYPE_CHECKING:
    from asyncio import StreamWriter
    from collections.abc import Iterator
    from datetime import datetime

    from linkwatch.archive.cdx import Lookup

PYWB = Path(__file__).resolve().parents[1] / ".venv-pywb" / "bin"
pytestmark = pytest.mark.skipif(
    not (PYWB / "wayback").exists(), reason="no pywb beside the project: make pywb installs it"
)

LATER = NIGHT + timedelta(days=1)
HTML = "<!doctype html><title>冰川</title><p>" + "glaciers " * 500
DRAWING = bytes(range(256)) * 4
SITE = "http://site.example"
# What each address answers, and the body that is to come back.
PAGES = {
    f"{SITE}/plain": (answer(body=HTML), HTML.encode()),
    f"{SITE}/packed": (answer(body=gzip.compress(b"<p>packed"), Content_Encoding="gzip"), b"<p>packed"),
    f"{SITE}/chunked": (
        answer(body="5\r\nhello\r\n0\r\n\r\n", Content_Length="", Transfer_Encoding="chunked"),
        b"hello",
    ),
    f"{SITE}/gone": (answer("404 Not Found", "<p>no such page"), b"<p>no such page"),
    f"{SITE}/drawing": (answer(body=DRAWING, Content_Type="image/png"), DRAWING),
    f"{SITE}/%E5%86%B0?b=2&a=%201": (answer(body="<p>query"), b"<p>query"),
    "http://mirror.example/": (answer(body=HTML), HTML.encode()),
    f"{SITE}/cut": (answer(body="x" * 9_000), b"x" * 8_000),
}
MOVED = f"{SITE}/old"


# By default pywb does not negotiate, and shows a frame whose status is 200 whatever it frames.
SETTINGS = "enable_memento: true\nredirect_to_exact: true\nframed_replay: false\n"


@dataclass(frozen=True)
class Replay:
    """A pywb that serves the copy, and where the copy lies."""

    port: int
    files: tuple[Path, ...]

    @property
    def base(self) -> str:
        """Its address, as ``[archive] wayback_url`` would have it."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body of one answer; redirects are not followed."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, body


async def checked(root: Path) -> None:
    """Two nights of real checks over loopback that keep what they fetch."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        url = f"http://{request.host}{request.path}"
        writer.write(PAGES[url][0] if url in PAGES else answer("301 Moved", "", Location="/plain"))

    db = in_memory()
    async with raw_web(serve) as web:
        config = Config(
            network=web.network,
            check=replace(QUICK, body_limit=8_000),
            archive=Archive(warc_dir="warc"),
            root=root,
        )
        for at in (NIGHT, LATER):
            due = checks.named(db, [(url, url.split("/")[2]) for url in (*PAGES, MOVED)], at)
            run_id = runs.begin(db, "check", at)
            await check(db, config, run_id=run_id, clock=partial(_same, at), targets=due)
    db.close()


def _same(moment: datetime) -> datetime:
    return moment


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """What was kept, served by pywb until the tests are done."""
    root = tmp_path_factory.mktemp("replay")
    asyncio.run(checked(root))
    files = tuple(sorted((root / "warc").iterdir()))
    pack(root / "warc", root / "copy.wacz", LATER)
    (root / "config.yaml").write_text(SETTINGS)
    for command in (
        ["init", "web"],
        ["add", "web", *map(str, files)],
        ["init", "packed"],
        ["add", "--unpack-wacz", "packed", "copy.wacz"],
    ):
        subprocess.run([PYWB / "wb-manager", *command], cwd=root, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    child = subprocess.Popen(
        [PYWB / "wayback", "-b", "127.0.0.1", "-p", str(port), "-t", "4"],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(child, port)
        yield Replay(port, files)
    finally:
        child.terminate()
        child.wait(20)


def wait_for(child: subprocess.Popen[bytes], port: int) -> None:
    """Returns when somebody listens; fails when the process has ended or half a minute has passed."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert child.poll() is None, "pywb has ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("pywb does not listen")


def test_the_files_validate(replay: Replay) -> None:
    """``warcio check``, as pywb brings it, finds nothing wrong; there is one file for each night."""
    assert len(replay.files) == 2
    done = subprocess.run(
        [PYWB / "warcio", "check", "-v", *replay.files], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert "digest pass" in done.stdout
    assert "digest failed" not in done.stdout


@pytest.mark.parametrize("at", [NIGHT, LATER], ids=["first night", "repeated"])
@pytest.mark.parametrize("url", PAGES)
def test_replayed_byte_for_byte(replay: Replay, url: str, at: datetime) -> None:
    """The very body comes back, also where the file only says that it repeats an earlier one."""
    status, headers, body = replay.get(f"/web/{to_stamp(at)}id_/{url}")
    assert body == PAGES[url][1]
    assert status == (404 if url.endswith("/gone") else 200)
    assert int(headers["content-length"]) == len(body)
    assert headers["memento-datetime"] == f"{at:%a, %d %b %Y %H:%M:%S} GMT"


@pytest.mark.parametrize("url", PAGES)
def test_replayed_from_the_package(replay: Replay, url: str) -> None:
    """The same bytes come back from the copy packed as WACZ."""
    _, _, body = replay.get(f"/packed/{to_stamp(LATER)}id_/{url}")
    assert body == PAGES[url][1]


def test_redirects_are_replayed(replay: Replay) -> None:
    """The hop itself is in the copy, with the address it led to."""
    status, headers, _ = replay.get(f"/web/{to_stamp(NIGHT)}id_/{MOVED}")
    assert (status, headers["location"]) == (301, "/plain")


def test_our_memento_addresses_lead_there(replay: Replay) -> None:
    """The address we would hand to people is one pywb answers with the memento."""
    address = memento_url(replay.base, to_stamp(NIGHT), f"{SITE}/plain")
    status, headers, _ = replay.get(address.removeprefix(replay.base))
    assert status == 200
    assert headers["memento-datetime"] == "Sun, 01 Mar 2026 03:17:00 GMT"


def test_never_archived_is_told_from_archived_as_gone(replay: Replay) -> None:
    """Both are 404; only what is a memento says so (RFC 7089)."""
    status, headers, _ = replay.get(f"/web/{to_stamp(NIGHT)}id_/{SITE}/never")
    assert status == 404
    assert "memento-datetime" not in headers


def asked(replay: Replay, url: str, near: datetime) -> Lookup:
    """What our client of TimeGates makes of pywb's."""

    async def ask() -> Lookup:
        async with aiohttp.ClientSession() as session:
            gate = TimeGate(session, f"{replay.base}/web/", Pace(1e6, TIMER))
            return await gate.look_up(cdx.Question(url, near))

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("near", "expected"),
    [(NIGHT - timedelta(days=900), NIGHT), (NIGHT + timedelta(hours=9), NIGHT), (LATER, LATER)],
)
def test_its_time_gate_is_understood(replay: Replay, near: datetime, expected: datetime) -> None:
    """Our client finds the memento nearest to a time, and the address it notes replays the page."""
    lookup = asked(replay, f"{SITE}/plain", near)
    memento, *others = lookup.mementos  # the others are those that its TimeMap lists
    assert (lookup.answer, memento.captured_at, memento.http_status) == (
        LookupAnswer.ARCHIVED,
        expected,
        200,
    )
    assert {each.captured_at for each in lookup.mementos} == {NIGHT, LATER}
    assert all(replay.get(each.memento_url.removeprefix(replay.base))[0] == 200 for each in others)
    status, headers, _ = replay.get(memento.memento_url.removeprefix(replay.base))
    assert status == 200
    assert headers["memento-datetime"] == f"{expected:%a, %d %b %Y %H:%M:%S} GMT"


def test_its_time_gate_tells_an_error_page_from_nothing(replay: Replay) -> None:
    """A 404 that was archived is a memento with that status; what was never archived is none."""
    gone, *_ = asked(replay, f"{SITE}/gone", NIGHT).mementos
    assert gone.http_status == 404
    assert asked(replay, f"{SITE}/never", NIGHT).answer is LookupAnswer.NOT_ARCHIVED


def test_plain_index_rows_are_read(replay: Replay) -> None:
    """Our reader of index rows understands another implementation's."""
    fields = "urlkey,timestamp,url,mime,status,digest,length"
    _, _, text = replay.get(f"/web/cdx?url={quote(f'{SITE}/plain')}&output=text&fl={fields}")
    found = cdx.mementos(cdx.text_rows(text.decode()), f"{SITE}/plain", replay.base)
    assert [each.captured_at for each in found] == [NIGHT, LATER]
    assert [each.http_status for each in found][:1] == [200]
    assert {each.digest for each in found} != {None}


def test_another_dialect_is_no_no(replay: Replay) -> None:
    """pywb's JSON lines are not the list that the Wayback Machine sends: unknown, never "not archived"."""
    question = cdx.Question(f"{SITE}/plain", NIGHT)
    status, _, text = replay.get(f"/web/cdx?url={quote(question.url)}&output=json")
    assert json.loads(text.splitlines()[0])["status"] == "200"
    lookup = cdx.interpret(question, cdx.Reply(status, text.decode()), replay.base)
    assert lookup.answer is LookupAnswer.UNKNOWN
