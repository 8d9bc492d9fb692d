"""Times Datasette's pages and the HTML report on a large database made up for it.

``python tests/benchmarks/browse.py [LINKS] [CHECKS]``: 100,000 and 1,000,000 unless said otherwise. Every
page is asked for three times; the slowest counts.
"""

# ruff: noqa: E501 - rows read better in one line

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

from linkwatch import browse
from linkwatch.config import Config
from linkwatch.report import formats
from linkwatch.report.stage import build
from linkwatch.store.database import open_for_reading, open_for_writing
from linkwatch.times import to_text

if TYPE_CHECKING:
    from sqlite_utils import Database

START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STATES = ("alive",) * 12 + ("dead",) * 4 + ("moved", "moved", "blocked", "suspect")
REASONS = {"alive": "ok", "dead": "http_404", "moved": "permanent_redirect", "blocked": "http_403",
           "suspect": "connect_timeout"}  # fmt: skip
VERDICTS = {
    "alive": "alive",
    "dead": "gone",
    "moved": "moved",
    "blocked": "blocked",
    "suspect": "unreachable",
}
PAGES = (
    "/", "/linkwatch", "/linkwatch/urls", "/linkwatch/urls?state=dead", "/linkwatch/links", "/linkwatch/checks",
    "/linkwatch/checks?verdict=gone", "/linkwatch/transitions", "/linkwatch/link_health", "/linkwatch/dead_links",
    "/linkwatch/newly_dead", "/linkwatch/boilerplate_health", "/linkwatch/link_health?boilerplate=0", "/linkwatch/domain_health", "/linkwatch/article_health?_sort_desc=dead",
    "/linkwatch/archive_coverage", "/linkwatch/domains_by_rot", "/linkwatch/slowest_hosts",
    "/linkwatch/safe_to_update", "/linkwatch/archive_queue", "/linkwatch/newly_dead_feed.atom",
    "/linkwatch/url_history?url=https://host7.example/7", "/linkwatch/citations_of_url?url=https://host7.example/7",
    "/linkwatch/dead_links_of_article?article=7.md", "/linkwatch/urls?_search=host7", "/linkwatch/state_history",
    "/-/dashboards/link-health",
)  # fmt: skip


def fill(db: Database, links: int, checks: int) -> None:
    """Ten links an article, a URL a link, fifty URLs a host, and the checks spread evenly."""
    at = [to_text(START + timedelta(days=day)) for day in range(365)]
    with db.atomic():
        db.table("runs").insert({"id": 1, "command": "run", "started_at": at[360], "finished_at": at[361],
                                 "outcome": "done", "counts": "{}", "version": "0"})  # fmt: skip
        db.table("articles").insert_all(
            {"id": n + 1, "path": f"{n}.md", "title": f"Article {n}", "published_at": f"{2005 + n % 20}-06-01T00:00:00Z",
             "format": "markdown", "sha256": "", "first_seen_at": at[0], "last_seen_at": at[360]}
            for n in range(links // 10)
        )  # fmt: skip
        db.table("urls").insert_all(_url(n, at) for n in range(links))
        db.table("links").insert_all(
            {"id": n + 1, "article_id": n // 10 + 1, "url_id": n + 1, "raw": "", "element": "a", "attribute": "href",
             "kind": "anchors", "text": f"anchor {n}", "line": n % 10, "column": 1, "scope": "outbound",
             "first_seen_at": at[0]}
            for n in range(links)
        )  # fmt: skip
        db.table("transitions").insert_all(
            {
                "url_id": n + 1,
                "changed_at": at[n % 360],
                "from_state": "unchecked",
                "to_state": STATES[n % 20],
            }
            for n in range(links)
        )
        db.table("checks").insert_all(_check(n, links, at) for n in range(checks))


def _url(n: int, at: list[str]) -> dict[str, object]:
    state, host = STATES[n % 20], f"host{n // 50 if n > 50 else n}.example"
    failing = at[n % 360] if state in ("dead", "suspect") else None
    return {"id": n + 1, "url": f"https://{host}/{n}", "scheme": "https", "host": host, "domain": host,
            "state": state, "state_since": at[n % 360], "verdict": VERDICTS[state], "reason": REASONS[state],
            "first_seen_at": at[0], "last_checked_at": at[360], "last_alive_at": at[n % 300],
            "failures": 3 if failing else 0, "failing_since": failing}  # fmt: skip


def _check(n: int, links: int, at: list[str]) -> dict[str, object]:
    state = STATES[n % links % 20]
    return {"run_id": 1, "url_id": n % links + 1, "checked_at": at[n * 7 % 360], "verdict": VERDICTS[state],
            "reason": REASONS[state], "elapsed_ms": n * 37 % 2000}  # fmt: skip


def main(links: int = 100_000, checks: int = 1_000_000) -> None:
    """Prints the seconds each page takes, slowest first."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "large.db")
        with open_for_writing(path, NOW) as db:
            fill(db, links, checks)
        began = time.perf_counter()
        with open_for_reading(path) as db:
            size = len(formats.render("html", build(db, Config(), now=NOW, pictures=True)))
        print(f"{time.perf_counter() - began:7.2f} s  the HTML report, {size:,} characters")
        began = time.perf_counter()
        with browse.prepared(path) as arguments:
            print(f"{time.perf_counter() - began:7.2f} s  the copy for Datasette")
            serve(arguments)


def serve(arguments: list[str]) -> None:
    """Asks a server for every page."""
    command = [sys.executable, "-m", "datasette", "serve", *arguments, "--port", "0"]
    with subprocess.Popen([*command], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as server:
        line = next(line for line in server.stderr or () if "running on" in line)
        address = next(word for word in line.split() if word.startswith("http"))
        took = {page: max(ask(address + page) for _ in range(3)) for page in PAGES}
        server.terminate()
    for page, seconds in sorted(took.items(), key=lambda each: -each[1]):
        print(f"{seconds:7.2f} s  {page}")


def ask(address: str) -> float:
    """The seconds one page takes."""
    began = time.perf_counter()
    try:
        with urlopen(address, timeout=60) as answer:
            answer.read()
    except HTTPError as error:
        print(f"    {error.code}  {address}")
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
