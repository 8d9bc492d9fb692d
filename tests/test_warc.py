"""The local copy: what a check fetches stands in WARC files, byte for byte, and never costs a verdict."""

from __future__ import annotations

import asyncio
import gzip
import io
import shutil
import sys
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from conftest import NIGHT
from rawweb import QUICK, RawWeb, Request, answer, raw_web
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from linkwatch.archive.exchange import Cut, fitting
from linkwatch.archive.warc import recording
from linkwatch.check.stage import check
from linkwatch.config import Archive, Config, Network
from linkwatch.errors import MissingExtraError, StoreError
from linkwatch.model import Verdict
from linkwatch.policy import Policy
from linkwatch.store import checks, runs

if TYPE_CHECKING:
    from asyncio import StreamWriter
    from collections import Counter
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

PAGE = "http://site.example/page"
TEXT = "<title>A page</title><p>" + "words " * 200


def config(web: RawWeb, root: Path, *canaries: str, size: int = 10**9, **settings: Any) -> Config:
    """Settings that lead to this web and keep a copy of it."""
    return Config(
        network=replace(web.network, canaries=canaries),
        check=replace(QUICK, **settings),
        archive=Archive(warc_dir="warc"),
        policy=replace(Policy(), retry_wait=0.0, warc_size=size),
        root=root,
    )


async def run(db: Database, settings: Config, *urls: str) -> Counter[Verdict]:
    """Checks these URLs as one run."""
    due = checks.named(db, [(url, url.split("/")[2]) for url in urls], NIGHT)
    run_id = runs.begin(db, "check", NIGHT)
    return await check(db, settings, run_id=run_id, clock=lambda: NIGHT, targets=due)


def files(root: Path, pattern: str = "warc/*") -> list[Path]:
    """The WARC files of a run, in the order in which they were begun."""
    return sorted(root.glob(pattern))


def records(*paths: Path) -> list[tuple[str, str, dict[str, str], bytes, bytes]]:
    """Each record: its type, URL, fields, and its block as head and body."""
    found = []
    for path in paths:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                fields = dict(record.rec_headers.headers)
                head, _, body = record.raw_stream.read().partition(b"\r\n\r\n")
                found.append((record.rec_type, fields.get("WARC-Target-URI", ""), fields, head, body))
    return found


def whole(path: Path) -> bool:
    """Whether ``warcio check`` finds nothing wrong."""
    checker = Checker(SimpleNamespace(inputs=[str(path)], verbose=False))
    checker.process_all()
    return checker.exit_value == 0


async def test_what_came_is_kept_byte_for_byte(db: Database, tmp_path: Path) -> None:
    """A page is a request and a response of the very bytes, in a file that validates and says whose it is."""
    sent = answer(body=TEXT, X_Odd=" two  words ", X_Chinese="\udce4\udcbd\udca0")
    async with raw_web(sent) as web:
        verdicts = await run(db, config(web, tmp_path), PAGE)
    assert verdicts == {Verdict.ALIVE: 1}
    (path,) = files(tmp_path)
    assert whole(path)
    info, response, request = records(path)
    assert info[0] == "warcinfo"
    assert b"software: linkwatch/" in info[3]
    assert b"isPartOf: linkwatch run 1" in info[3]
    assert info[2]["WARC-Filename"] == path.name
    assert response[:2] == ("response", PAGE)
    assert response[3] + b"\r\n\r\n" + response[4] == sent.replace(b":  two  words ", b": two  words")
    assert "WARC-Truncated" not in response[2]
    assert request[:2] == ("request", PAGE)
    assert request[3].startswith(b"GET /page HTTP/1.1\r\nHost: site.example\r\n")
    assert b"User-Agent: linkwatch/" in request[3]
    assert request[2]["WARC-Concurrent-To"] == response[2]["WARC-Record-ID"]
    assert {each[2]["WARC-Date"] for each in (info, response, request)} == {"2026-03-01T03:17:00Z"}


async def test_every_hop_is_kept(db: Database, tmp_path: Path) -> None:
    """Redirects are part of the evidence; the canaries and robots.txt are not."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        moved = answer("301 Moved", "gone there", Location="/new")
        writer.write(moved if request.path == "/page" else answer(body=TEXT))

    async with raw_web(serve) as web:
        await run(db, config(web, tmp_path, "http://canary.example/", robots="obey"), PAGE)
        asked = {(each.host, each.path) for each in web.requests}
    assert {("canary.example", "/"), ("site.example", "/robots.txt")} < asked
    found = [(kind, url) for kind, url, *_ in records(*files(tmp_path))]
    pairs = [(kind, url) for url in (PAGE, "http://site.example/new") for kind in ("response", "request")]
    assert found == [("warcinfo", ""), *pairs]


async def test_what_was_unpacked_says_so(db: Database, tmp_path: Path) -> None:
    """A packed page is kept unpacked; the headers that no longer fit stand under other names."""
    async with raw_web(answer(body=gzip.compress(TEXT.encode()), Content_Encoding="gzip")) as web:
        await run(db, config(web, tmp_path), PAGE)
    (path,) = files(tmp_path)
    response = records(path)[1]
    assert response[4] == TEXT.encode()
    head = response[3].split(b"\r\n")
    assert b"X-Archive-Orig-Content-Encoding: gzip" in head
    assert f"Content-Length: {len(TEXT)}".encode() in head
    assert sum(line.startswith(b"Content-Length") for line in head) == 1
    assert whole(path)


@pytest.mark.parametrize(
    ("received", "cut", "expected"),
    [
        ([(b"Content-Length", b"9")], None, [(b"Content-Length", b"9")]),
        ([(b"Server", b"x")], None, [(b"Server", b"x")]),
        (
            [(b"Content-Length", b"9")],
            Cut.LENGTH,
            [(b"X-Archive-Orig-Content-Length", b"9"), (b"Content-Length", b"5")],
        ),
        (
            [(b"transfer-encoding", b"chunked"), (b"A", b"b")],
            None,
            [(b"X-Archive-Orig-transfer-encoding", b"chunked"), (b"A", b"b"), (b"Content-Length", b"5")],
        ),
        (
            [(b"Content-Encoding", b"GZip"), (b"Content-Length", b"9")],
            None,
            [
                (b"X-Archive-Orig-Content-Encoding", b"GZip"),
                (b"X-Archive-Orig-Content-Length", b"9"),
                (b"Content-Length", b"5"),
            ],
        ),
        ([(b"Content-Encoding", b"compress")], None, [(b"Content-Encoding", b"compress")]),
    ],
)
def test_headers_fit_the_body_that_is_kept(received: Any, cut: Cut | None, expected: Any) -> None:
    """Only what would contradict the body is renamed, and only then a new length is given."""
    assert fitting(received, 5, cut) == tuple(expected)


async def test_a_body_that_was_cut_says_why(db: Database, tmp_path: Path) -> None:
    """What was not read is not claimed: too long, too slow, broken off."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        if request.path == "/slow":
            writer.write(answer(body="abc", Content_Length="500"))
            await writer.drain()
            await asyncio.sleep(3)
        elif request.path == "/broken":
            writer.write(answer("404 Not Found", body="xyz", Content_Length="500"))
        else:
            writer.write(answer(body=TEXT))

    urls = [f"http://{path}.example/{path}" for path in ("long", "slow", "broken")]
    async with raw_web(serve) as web:
        verdicts = await run(db, config(web, tmp_path, body_limit=100, timeout=0.3), *urls)
    assert verdicts == {Verdict.ALIVE: 2, Verdict.GONE: 1}
    found = records(*files(tmp_path))
    cuts = {url: fields.get("WARC-Truncated") for kind, url, fields, *_ in found if kind == "response"}
    assert cuts == dict(zip(urls, ("length", "time", "unspecified"), strict=True))
    bodies = {url: body for kind, url, _, _, body in found if kind == "response"}
    assert [bodies[url] for url in urls] == [TEXT[:100].encode(), b"abc", b"xyz"]
    assert all(whole(path) for path in files(tmp_path))


async def test_a_picture_is_kept_whole(db: Database, tmp_path: Path) -> None:
    """A check needs little of what is no text; a copy that breaks off would be none."""
    drawing = "x" * 50_000
    async with raw_web(answer(body=drawing, Content_Type="image/png")) as web:
        await run(db, config(web, tmp_path), "http://pictures.example/a.png")
    (body,) = (body for kind, _, _, _, body in records(*files(tmp_path)) if kind == "response")
    assert body == drawing.encode()


async def test_the_same_bytes_are_kept_once(db: Database, tmp_path: Path) -> None:
    """A body that stands in a file already is referred to, in this run and the next."""
    async with raw_web(answer(body=TEXT)) as web:
        settings = config(web, tmp_path)
        await run(db, settings, PAGE, "http://mirror.example/")
        await run(db, settings, PAGE)
    first, second = files(tmp_path)
    kinds = [kind for kind, *_ in records(first, second)]
    assert sorted(kinds) == sorted(["warcinfo"] * 2 + ["request"] * 3 + ["response"] + ["revisit"] * 2)
    (original,) = [each for each in records(first) if each[0] == "response"]
    (again,) = [each for each in records(second) if each[0] == "revisit"]
    assert again[2]["WARC-Refers-To-Target-URI"] == original[1]
    assert again[2]["WARC-Refers-To-Date"] == original[2]["WARC-Date"]
    assert again[2]["WARC-Payload-Digest"] == original[2]["WARC-Payload-Digest"]
    assert (again[3], again[4]) == (original[3], b"")
    assert whole(first)
    assert whole(second)


async def test_what_was_taken_away_is_written_again(db: Database, tmp_path: Path) -> None:
    """No file refers to bytes that the directory does not hold any more."""
    async with raw_web(answer(body=TEXT)) as web:
        settings = config(web, tmp_path)
        await run(db, settings, PAGE)
        shutil.rmtree(tmp_path / "warc")
        await run(db, settings, PAGE)
        await run(db, settings, PAGE)
    kinds = [kind for kind, *_ in records(*files(tmp_path))]
    assert kinds == ["warcinfo", "response", "request", "warcinfo", "revisit", "request"]


async def test_files_are_limited_in_size(db: Database, tmp_path: Path) -> None:
    """After the limit another file is begun, complete with its own warcinfo."""
    async with raw_web(answer(body=TEXT)) as web:
        await run(db, config(web, tmp_path, size=1), *(f"http://h{number}.example/" for number in range(3)))
    kinds = [[kind for kind, *_ in records(path)] for path in files(tmp_path)]
    assert [each[0] for each in kinds] == ["warcinfo"] * 3
    assert [len(each) for each in kinds] == [3] * 3


async def test_nothing_answered_nothing_written(db: Database, tmp_path: Path) -> None:
    """A run that gets no answer leaves no file; neither does one without a directory for copies."""
    async with raw_web(b"") as web:
        await run(db, config(web, tmp_path), PAGE)
    async with raw_web(answer()) as web:
        await run(db, replace(config(web, tmp_path), archive=Archive()), PAGE)
    assert not files(tmp_path)


async def test_what_needs_a_password_is_not_kept(db: Database, tmp_path: Path) -> None:
    """A page behind a login written into its address is no copy to hand on."""
    async with raw_web(answer()) as web:
        verdicts = await run(db, config(web, tmp_path), "http://me:secret@site.example/")
        assert "authorization" in web.requests[0].headers
    assert verdicts == {Verdict.ALIVE: 1}
    assert not files(tmp_path)


async def test_how_we_reach_our_proxy_is_not_told(db: Database, tmp_path: Path) -> None:
    """Pages that came through a proxy with a password are kept, the password is not."""
    async with raw_web(answer(body=TEXT)) as web:
        proxy = f"http://me:secret@127.0.0.1:{web.port}"
        settings = replace(config(web, tmp_path), network=Network(proxy=proxy, canaries=()))
        await run(db, settings, PAGE)
        assert "proxy-authorization" in web.requests[0].headers
    _, response, request = records(*files(tmp_path))
    assert response[4] == TEXT.encode()
    assert request[3].startswith(b"GET /page HTTP/1.1\r\nHost: site.example\r\n")
    assert b"proxy" not in request[3].lower()


async def test_a_directory_that_cannot_be_written_is_our_fault(db: Database, tmp_path: Path) -> None:
    """The run ends with one line; no link is blamed."""
    (tmp_path / "warc").write_text("a file")
    async with raw_web(answer()) as web:
        with pytest.raises(StoreError, match=r"warc: cannot be written: .+; make room there"):
            await run(db, config(web, tmp_path), PAGE)
    assert list(db.query("select state from urls")) == [{"state": "unchecked"}]


class FullDisk(io.BytesIO):
    """A file on a disk that has room for so many bytes."""

    room = 4_000

    def write(self, data: Any) -> int:
        """Takes what fits, then complains as a disk does."""
        if self.tell() >= self.room:
            raise OSError(28, "No space left on device")
        return super().write(bytes(data)[: self.room - self.tell()])


def test_a_full_disk_leaves_whole_records(db: Database, tmp_path: Path) -> None:
    """What could not be finished is taken back, so that the file ends with a whole record."""
    from linkwatch.archive.exchange import Exchange

    with raised_disk(db, tmp_path) as (recorder, disk):
        seen = Exchange(PAGE, NIGHT, b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"")
        with pytest.raises(StoreError, match="No space left on device"):
            deque(recorder.write(replace(seen, url=f"{PAGE}/{number}")) for number in range(10_000))
        path = tmp_path / "left.warc.gz"
        path.write_bytes(disk.getvalue())
    assert whole(path)
    assert len(records(path)) % 2 == 1
    assert len(records(path)) > 4


@contextmanager
def raised_disk(db: Database, root: Path) -> Iterator[tuple[Any, FullDisk]]:
    """A recorder whose file lies on a full disk."""
    disk = FullDisk()
    with recording(db, Config(root=root, archive=Archive(warc_dir="warc")), 1) as recorder:
        recorder._begin(NIGHT)
        assert recorder._file is not None
        begun = files(root)[0].read_bytes()
        recorder._file.close()
        disk.write(begun)
        recorder._file = disk
        yield recorder, disk
        recorder._file = None


async def test_a_killed_run_leaves_what_it_had_written(db: Database, tmp_path: Path) -> None:
    """A broken end hides nothing before it, and the next run begins a file of its own."""
    async with raw_web(answer(body=TEXT)) as web:
        settings = config(web, tmp_path)
        await run(db, settings, PAGE)
        (path,) = files(tmp_path)
        complete = records(path)
        with path.open("ab") as file:
            file.write(path.read_bytes()[:50])  # the beginning of a record
        await run(db, settings, PAGE)
    first, second = files(tmp_path)
    assert first == path
    with first.open("rb") as file:
        seen = [record.rec_type for record, _ in zip(ArchiveIterator(file), range(3), strict=False)]
    assert seen == [kind for kind, *_ in complete]
    assert whole(second)


async def test_without_warcio_one_line_says_what_to_install(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A directory for copies without the extra is an error before anything is asked."""
    monkeypatch.delitem(sys.modules, "linkwatch.archive.warc")
    monkeypatch.setitem(sys.modules, "warcio.warcwriter", None)
    async with raw_web(answer()) as web:
        with pytest.raises(MissingExtraError, match=r"pip install 'linkwatch\[archive\]'"):
            await run(db, config(web, tmp_path), PAGE)
        assert web.requests == []
