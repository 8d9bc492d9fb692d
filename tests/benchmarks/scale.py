"""A database of years: 1,000,000 URLs with 10,000,000 checks, and what each question costs there.

    python tests/benchmarks/scale.py [--quick] [--urls 1000000] [--checks 10] [--keep scale.db]

The database is made by SQL, in the order in which nights would have made it: five URLs a host, a tenth
of them on a hundredth of the hosts, one host with a fiftieth of all, 16 URLs an article, one in seven in
trouble. Every question is asked by a process of its own: seconds by the wall, seconds of CPU, peak
memory, what it printed. Everything is due; "tonight" is a night on which a thirtieth is.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

NOW = datetime.now(UTC).replace(microsecond=0)
NIGHTS = 30  # over which the URLs are spread
# Of 1,000 URLs, how many are in which state: what three years leave of links (a tenth dead would be
# ten years), and what gates and moves a publication meets.
STATES = {
    "alive": (860, "alive", "ok"), "moved": (50, "moved", "permanent_redirect"),
    "dead": (30, "gone", "http_404"), "blocked": (40, "blocked", "bot_challenge"),
    "suspect": (15, "unreachable", "read_timeout"), "drifted": (5, "drifted", "content_changed"),
}  # fmt: skip
URLS = """
with recursive number(n) as (select 1 union all select n + 1 from number where n < :urls),
placed as (
    select n, (n * 7919) % 1000 as lot,
        case when n % 50 = 0 then 0 when n % 10 = 1 then n % (:urls / 1000) else n % (:urls / 5) end as h
    from number
)
insert into urls (id, url, scheme, host, domain, state, state_since, verdict, reason, http_status, final_url,
    failures, failing_since, gone, gone_since, first_seen_at, last_checked_at, next_check_at, last_alive_at)
select n, 'http://www.h' || h || '.example/articles/2024/some-page-of-theirs-' || n || '.html',
    'http', 'www.h' || h || '.example', 'h' || h || '.example',
    state, :since, verdict, reason, 200,
    case when state = 'moved' then 'http://www.h' || h || '.example/new/some-page-of-theirs-' || n end,
    case when state in ('dead', 'suspect') then :checks else 0 end,
    case when state in ('dead', 'suspect') then :since end,
    case when state = 'dead' then :checks else 0 end, case when state = 'dead' then :since end,
    :since, :last,
    strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-' || (n % :nights) || ' days', '-' || (n % 3600) || ' seconds'),
    case when state not in ('dead', 'suspect') then :last end
from placed join states on lot >= low and lot < high
"""
CHECKS = """
insert into checks (run_id, url_id, checked_at, verdict, reason, http_status, content_type, elapsed_ms, bytes,
    title)
select :night, id, :at, verdict, reason, http_status, 'text/html', 180, 48211, 'The title of page ' || id
from urls order by id
"""
# Twice, as the views have it: the index of what is in trouble serves only what says that it is not alive.
DEAD = """
select url, state_since, reason, last_alive_at from urls where state = 'dead' and state <> 'alive'
"""
HOPS = """
insert into hops select checks.id, 0, url, 200 from checks join urls on urls.id = url_id order by checks.id
"""
ARTICLES = """
with recursive number(n) as (select 1 union all select n + 1 from number where n < :urls / 16 + 1)
insert into articles (id, path, title, published_at, format, sha256, first_seen_at, last_seen_at)
select n, 'articles/' || (n % 500) || '/' || n || '.md', 'Article ' || n, :since, 'markdown', hex(n),
    :since, :since
from number
"""
LINKS = """
insert into links (article_id, url_id, raw, element, attribute, kind, text, line, column, scope,
    first_seen_at)
select 1 + id / 16, id, url, 'a', 'href', 'anchors', 'what it says', 10 + id % 16, 5, 'outbound', :since
from urls
"""
MEMENTOS = """
insert into mementos (url_id, memento_url, captured_at, http_status, source, digest, found_at)
select id, 'https://web.archive.org/web/20240101000000/' || url, :since, 200, 'wayback', 'sha1:' || id, :since
from urls where id % 2 = 0 or state = 'dead'
"""
TRANSITIONS = """
insert into transitions (url_id, run_id, changed_at, from_state, to_state)
select id, 1, :since, 'unchecked', state from urls
"""
# Asked of the store by a process of its own: what is timed is the question without the start.
INSIDE = """
import sys, time
from datetime import datetime
from pathlib import Path
from linkwatch.store import backlog
from linkwatch.store.database import open_for_writing
now = datetime.fromisoformat(sys.argv[2])
with open_for_writing(Path(sys.argv[1]), now) as db:
    times = []
    for _ in range(3):
        began = time.process_time()
        {question}
        times.append(time.process_time() - began)
    print(round(sorted(times)[1], 3))
"""


def build(path: Path, urls: int, checks: int) -> None:
    """Makes the database, night after night."""
    from linkwatch.store.database import open_for_writing

    since, last = _text(NOW - timedelta(days=40 * checks)), _text(NOW - timedelta(days=31))
    said = {"urls": urls, "checks": checks, "now": _text(NOW), "since": since, "last": last, "nights": NIGHTS}
    with open_for_writing(path, NOW) as db:
        db.execute("pragma synchronous = off")
        db.execute("pragma cache_size = -500000")
        with db.atomic():
            indexes = _dropped(db)
            _states(db)
            for night in range(checks):
                db.execute(
                    "insert into runs (id, command, started_at, finished_at, outcome, version)"
                    " values (?, 'run', ?, ?, 'done', '0')",
                    [night + 1, *[_text(NOW - timedelta(days=40 * (checks - night)))] * 2],
                )
            db.execute(URLS, said)
            for night in range(checks):
                at = _text(NOW - timedelta(days=40 * (checks - night)))
                db.execute(CHECKS, {"night": night + 1, "at": at})
            for statement in (HOPS, ARTICLES, LINKS, MEMENTOS, TRANSITIONS, *indexes):
                db.execute(statement, {name: said[name] for name in said if f":{name}" in statement})
            db.execute("drop table states")
        db.execute("analyze")
        db.execute("pragma wal_checkpoint(truncate)")


def _text(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _dropped(db: Database) -> list[str]:
    """Takes the indexes away and returns what makes them again: after the rows they cost a fifth."""
    rows = db.execute("select name, sql from sqlite_master where type = 'index' and sql <> ''").fetchall()
    for name, _ in rows:
        db.execute(f"drop index {name}")
    return [sql for _, sql in rows]


def _states(db: Database) -> None:
    db.execute("create table states (state text, verdict text, reason text, low integer, high integer)")
    low = 0
    for state, (share, verdict, reason) in STATES.items():
        db.execute("insert into states values (?, ?, ?, ?, ?)", [state, verdict, reason, low, low + share])
        low += share


def ask(name: str, *command: str, bound: str = "") -> str:
    """Runs a command and prints what it cost; returns its output."""
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        size = out.tell()
        out.seek(0)
        text = out.read(1_000_000).decode(errors="replace")
    cpu = used.ru_utime + used.ru_stime
    failed = f"  EXIT {process.returncode}" if process.returncode not in (0, 1) else ""
    print(f"{name:34} {wall:7.2f} {cpu:7.2f} {used.ru_maxrss / 1024:6.0f} {size / 1e6:8.2f}  {bound}{failed}")
    sys.stdout.flush()
    return text


SERVER = """
import asyncio
PAGE = b"<title>A page</title><p>" + b"The harbour was quiet that morning. " * 30
HEAD = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(PAGE)
async def serve(reader, writer):
    try:
        while True:
            await reader.readuntil(b"\\r\\n\\r\\n")
            writer.write(HEAD + PAGE)
    except (OSError, asyncio.IncompleteReadError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def inside(name: str, question: str, path: Path, when: datetime = NOW) -> None:
    """Asks the store itself; the CPU seconds of the question alone stand under those of its process."""
    program = INSIDE.format(question=question)
    took = ask(name, sys.executable, "-c", program, str(path), when.isoformat())
    print(f"{'  the question alone':34} {'':7} {took.strip():>7} {'':16} 0.2")


@contextmanager
def server() -> Iterator[int]:
    """A server on loopback that answers everything alike, in a process of its own."""
    process = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def write_articles(path: Path, folder: Path) -> None:
    """Puts a file where each article is said to lie, of the size and time that is said of it."""
    from linkwatch.config import load
    from linkwatch.harvest.stage import reading_settings
    from linkwatch.policy import Policy
    from linkwatch.store.database import open_for_writing
    from linkwatch.store.due import note_reading

    with open_for_writing(path, NOW) as db, db.atomic():
        note_reading(db, reading_settings(load(folder / "linkwatch.toml", folder)))
        rows = db.execute("select id, path from articles").fetchall()
        for number, name in rows:
            file = folder / name
            if number <= 500 or not file.parent.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("# As it was\n")
            seen = file.stat()
            db.execute(
                "update articles set size = ?, modified_ns = ? where id = ?",
                [seen.st_size, seen.st_mtime_ns, number],
            )
        elements, scopes = ["anchors", "embeds", "images"], ["internal", "outbound", "sibling"]
        totals = [len(rows), *db.execute("select count(*), count(distinct url_id) from links").fetchone()]
        db.execute(
            "insert into settings values ('due', ?)",
            [json.dumps([elements, scopes, Policy().boilerplate_articles])],
        )
        db.execute("insert into settings values ('totals', ?)", [json.dumps(totals)])


def measure(path: Path, folder: Path) -> None:
    """Every question, one after the other."""
    program = [sys.executable, "-m", "linkwatch"]
    at = ["--db", str(path), "--config", str(folder / "linkwatch.toml")]
    tonight = NOW - timedelta(days=NIGHTS - 1)
    print(f"{'':34} {'wall s':>7} {'CPU s':>7} {'MB':>6} {'MB out':>8}  bound")
    ask("linkwatch --version", *program, "--version")
    for night, when in (("all due", NOW), ("tonight", tonight)):
        for call, what in (
            ("", ""),
            (", limit=1000", ", --limit 1000"),
            (", per_domain=50", ", 50 a domain"),
        ):
            inside(f"{night}{what}", f"backlog.due(db, now{call})", path, when)
    inside("dead URLs, all", f"len(db.execute({DEAD!r}).fetchall())", path)
    inside("dead_links, 100 rows", "len(db.execute('select * from dead_links limit 100').fetchall())", path)
    inside("dead_links, all", "len(db.execute('select * from dead_links').fetchall())", path)
    ask("report --state dead --format json", *program, "report", "--state", "dead", "--format", "json", *at)
    for form in ("terminal", "markdown", "html"):
        ask(f"report --format {form}", *program, "report", "--format", form, *at, bound="3")
    ask("report --format json --most 100", *program, "report", "--json", "--most", "100", *at, bound="3")
    for form in ("atom", "csv", "github", "json", "junit", "ndjson"):
        ask(f"report --format {form}", *program, "report", "--format", form, *at, bound="300 MB")
    for by in ("host", "article"):
        ask(f"report --by {by}", *program, "report", "--by", by, *at, bound="3")
    ask("report --domain", *program, "report", "--domain", "h7.example", *at, bound="3")
    ask("status", *program, "status", *at)
    ask("why URL", *program, "why", "http://www.h0.example/articles/2024/some-page-of-theirs-50.html", *at)
    ask("harvest, nothing new", *program, "harvest", str(folder / "articles"), *at)
    shard = Path(shutil.copy(path, path.with_name("shard.db")))
    copy = ["--db", str(shard), "--config", str(folder / "linkwatch.toml")]
    with server() as port:
        to = ["--connect-to", f"::127.0.0.1:{port}"]
        ask("check --limit 1000, all due", *program, "check", "--limit", "1000", *to, *copy, bound="300 MB")
        ask("check --max-time 20, all due", *program, "check", "--max-time", "20", *to, *copy, bound="300 MB")
    ask("merge of a copy that has checked", *program, "merge", str(shard), *at)
    ask("merge again", *program, "merge", str(shard), *at)
    shard.unlink()


def make(folder: Path, urls: int, checks: int) -> None:
    """Everything that is asked about."""
    began = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "scale.db"
    build(path, urls, checks)
    (folder / "linkwatch.toml").write_text("[check]\nper_host_interval = 0.0\n[network]\ncanaries = []\n")
    write_articles(path, folder)
    print(
        f"made in {time.perf_counter() - began:.0f} s: {urls:,} URLs, {urls * checks:,} checks,"
        f" {path.stat().st_size / 1e6:,.0f} MB"
    )


def main() -> None:
    """Make the database, or take the one that was kept, and ask."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--urls", type=int, default=1_000_000)
    parser.add_argument("--checks", type=int, default=10, help="of each URL")
    parser.add_argument("--quick", action="store_true", help="20,000 URLs")
    parser.add_argument("--keep", type=Path, help="make the database in this folder, or use the one there")
    options = parser.parse_args()
    urls = 20_000 if options.quick else options.urls
    with tempfile.TemporaryDirectory(prefix="linkwatch-bench-") as name:
        folder = options.keep or Path(name)
        path = folder / "scale.db"
        if not path.exists():
            # In a process of its own: what this one weighs is counted as its children's peak.
            maker = get_context("spawn").Process(target=make, args=(folder, urls, options.checks))
            maker.start()
            maker.join()
        measure(path, folder)


if __name__ == "__main__":
    main()
