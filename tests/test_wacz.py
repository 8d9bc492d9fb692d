"""The local copy as one file that anyone can replay: complete, indexed, its digests true."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from click.testing import CliRunner
from conftest import NIGHT
from rawweb import Request, answer, raw_web
from test_warc import PAGE, TEXT, config, files, run
from warcio.archiveiterator import ArchiveIterator

from linkwatch.archive.cdxj import Record, key, line
from linkwatch.archive.wacz import Packed, pack
from linkwatch.archive.warc import whole_records
from linkwatch.cli import cli
from linkwatch.errors import StoreError, UsageError

if TYPE_CHECKING:
    from asyncio import StreamWriter
    from pathlib import Path

    from sqlite_utils import Database

LATER = NIGHT + timedelta(days=1)


async def keep(db: Database, root: Path, nights: int = 2) -> list[Path]:
    """Some nights of checks: a page, one that moved, one that is gone, a drawing."""
    ways = {
        "/old": answer("301 Moved", "", Location="/page"),
        "/gone": answer("404 Not Found", "<title>Gone</title>"),
        "/drawing": answer(body=b"\x89PNG", Content_Type="image/png"),
    }

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(ways.get(request.path, answer(body=TEXT)))

    async with raw_web(serve) as web:
        urls = [PAGE, *(f"http://{way[1:]}.example{way}" for way in ways)]
        for _ in range(nights):
            await run(db, config(web, root), *urls)
    return files(root)


def lines(package: ZipFile, path: str) -> list[Any]:
    """The JSON lines of a file in the package."""
    return [json.loads(each) for each in package.read(path).decode().splitlines()]


async def test_all_is_packed_and_its_digests_are_true(db: Database, tmp_path: Path) -> None:
    """Every WARC file lies in it as it is; datapackage.json describes each file, and is itself described."""
    kept = await keep(db, tmp_path)
    target = tmp_path / "copy.wacz"
    assert pack(tmp_path / "warc", target, LATER) == Packed(files=2, records=10, pages=4)
    with ZipFile(target) as package:
        assert package.testzip() is None
        for path in kept:
            assert package.getinfo(f"archive/{path.name}").compress_type == ZIP_STORED
            assert package.read(f"archive/{path.name}") == path.read_bytes()
        about = json.loads(package.read("datapackage.json"))
        assert (about["profile"], about["wacz_version"]) == ("data-package", "1.1.1")
        described = {each["path"]: (each["hash"], each["bytes"]) for each in about["resources"]}
        own = {"datapackage.json", "datapackage-digest.json"}
        assert set(described) == set(package.namelist()) - own
        for path, (digest, size) in described.items():
            data = package.read(path)
            assert (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data)) == (digest, size)
        proof = json.loads(package.read("datapackage-digest.json"))
        assert proof == {
            "path": "datapackage.json",
            "hash": f"sha256:{hashlib.sha256(package.read('datapackage.json')).hexdigest()}",
        }


async def test_every_row_leads_to_its_record(db: Database, tmp_path: Path) -> None:
    """The index is sorted, and cutting a file at offset and length gives the record named."""
    await keep(db, tmp_path)
    pack(tmp_path / "warc", tmp_path / "copy.wacz", LATER)
    with ZipFile(tmp_path / "copy.wacz") as package:
        rows = package.read("indexes/index.cdx").decode().splitlines()
        assert rows == sorted(rows)
        for row in rows:
            said = json.loads(row.split(" ", 2)[2])
            data = package.read(f"archive/{said['filename']}")
            piece = data[int(said["offset"]) :][: int(said["length"])]
            (record,) = ArchiveIterator(io.BytesIO(piece))
            assert record.rec_headers.get_header("WARC-Target-URI") == said["url"]
            assert record.rec_headers.get_header("WARC-Payload-Digest") == said["digest"]
            assert record.http_headers.get_statuscode() == said["status"]
            assert (record.rec_type == "revisit") == (said["mime"] == "warc/revisit")


async def test_pages_are_listed_with_their_titles(db: Database, tmp_path: Path) -> None:
    """What a reader would call a page, also where it repeats; no redirect, error page or drawing."""
    await keep(db, tmp_path)
    pack(tmp_path / "warc", tmp_path / "copy.wacz", LATER)
    with ZipFile(tmp_path / "copy.wacz") as package:
        head, *pages = lines(package, "pages/pages.jsonl")
    assert head["format"] == "json-pages-1.0"
    assert {each["url"] for each in pages} == {PAGE, "http://old.example/page"}
    assert [each["title"] for each in pages] == ["A page"] * 4
    assert {each["ts"] for each in pages} == {"2026-03-01T03:17:00Z"}


async def test_a_broken_end_is_left_out(db: Database, tmp_path: Path) -> None:
    """What a killed run could not finish is in no index."""
    (path,) = await keep(db, tmp_path, nights=1)
    complete = pack(tmp_path / "warc", tmp_path / "copy.wacz", LATER)
    data = path.read_bytes()
    whole = list(whole_records(path))
    said = [(each.head, each.body) for each in whole]
    for cut in range(1, whole[1].offset, 5):
        path.write_bytes(data + data[:cut])
        found = [(each.head, each.body) for each in whole_records(path)]
        assert found in (said, [*said, said[0]])  # whole already when only its checksum is missing
    path.write_bytes(data + data[:200])
    assert pack(tmp_path / "warc", tmp_path / "copy.wacz", LATER) == complete


async def test_what_cannot_be_written_leaves_what_was_there(db: Database, tmp_path: Path) -> None:
    """An older package stays whole until the new one is."""
    await keep(db, tmp_path, nights=1)
    with pytest.raises(StoreError, match="cannot be written"):
        pack(tmp_path / "warc", tmp_path / "missing" / "copy.wacz", LATER)
    (tmp_path / "copy.wacz").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        pack(tmp_path / "warc", tmp_path / "copy.wacz", LATER)
    assert not files(tmp_path, "*.part")


def test_nothing_to_pack(tmp_path: Path) -> None:
    """A directory without copies is a wrong call, in one line."""
    with pytest.raises(UsageError, match="no WARC files to pack; run 'linkwatch check' first"):
        pack(tmp_path, tmp_path / "copy.wacz", NIGHT)


async def test_the_command_packs_and_asks_nobody(db: Database, tmp_path: Path) -> None:
    """``archive --wacz`` needs the settings only, and no database."""
    await keep(db, tmp_path)
    settings = tmp_path / "linkwatch.toml"
    settings.write_text('[archive]\nwarc_dir = "warc"\n')
    call = ["archive", "--wacz", str(tmp_path / "a.wacz"), "--config", str(settings), "--json"]
    done = CliRunner().invoke(cli, call)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"files": 2, "records": 10, "pages": 4}
    assert not (tmp_path / "db").exists()
    settings.write_text("")
    refused = CliRunner().invoke(cli, call)
    assert refused.exit_code == 2
    assert "set [archive] warc_dir" in refused.output


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://www.Example.com/A?b=2&a=1", "com,example)/a?a=1&b=2"),
        ("https://example.com", "com,example)/"),
        ("https://example.com:443/x/", "com,example)/x/"),
        ("http://sub.example.co.uk:8080/", "uk,co,example,sub:8080)/"),
        ("http://www2.example.com/%E5%86%B0", "com,example)/%e5%86%b0"),
    ],
)
def test_addresses_that_are_one_have_one_key(url: str, expected: str) -> None:
    """Scheme, www, case and the order of the query do not count in the index."""
    assert key(url) == expected


@pytest.mark.parametrize(
    ("head", "status", "kind"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=x", "200", "text/html"),
        (b"HTTP/1.1 404\r\ncontent-type:image/png", "404", "image/png"),
        (b"HTTP/2 999 No\r\nX-Content-Type: a/b", "999", "-"),
        (b"garbage", "-", "-"),
    ],
)
def test_what_a_head_says(head: bytes, status: str, kind: str) -> None:
    """Status and type are read from the bytes as they came."""
    record = Record("response", PAGE, NIGHT, "sha1:X", 7, 9, head, b"")
    said = json.loads(line(record, "f.warc.gz").split(" ", 2)[2])
    assert (said["status"], said["mime"]) == (status, kind)
    assert line(record, "f.warc.gz").startswith("example,site)/page 20260301031700 {")
