"""A checker that is not given the machine: the same URLs get the same verdicts, whenever it gets to run.

Over real processes: the checker is stopped for longer than its time-outs while its answers come in.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 2.0  # seconds, of connecting and of all
STOPPED = 3.5
PATH = "/2020/story.html"  # others are made up, to compare with
REASONS = {
    **{f"alive{number}.example": "ok" for number in range(8)},
    **{f"gone{number}.example": "http_404" for number in range(3)},
    "silent.example": "read_timeout",
}


class Web(ThreadingHTTPServer):
    """Answers nobody until all hosts have been asked, and then, ``silent`` excepted, everybody."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, all_asked: Callable[[], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: Counter[str] = Counter()
        self.together = threading.Barrier(len(REASONS), all_asked)
        self.over = threading.Event()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Web
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """One answer."""
        host = self.headers["Host"]
        self.server.asked[host] += self.path == PATH
        if self.server.asked[host] == 1 and self.path == PATH:
            self.server.together.wait(30)
        if host.startswith("silent"):
            self.server.over.wait(60)
            return
        body = b"<title>A page</title><p>Words of a page, and some more of them.</p>"
        self.send_response(404 if host.startswith("gone") else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def serving(all_asked: Callable[[], None]) -> Iterator[Web]:
    """The web, until the block ends."""
    with Web(all_asked) as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        try:
            yield web
        finally:
            web.over.set()
            web.shutdown()
            thread.join()


def test_a_checker_that_was_stopped_says_nothing_else(tmp_path: Path) -> None:
    """Stopped for longer than any time-out: what came in meanwhile was in time, silence is still silence."""
    checkers: list[int] = []

    def stop_for_a_while() -> None:
        os.kill(checkers[0], signal.SIGSTOP)
        threading.Timer(STOPPED, os.kill, (checkers[0], signal.SIGCONT)).start()

    with serving(stop_for_a_while) as web:
        (tmp_path / "linkwatch.toml").write_text(
            f'[network]\ncanaries = []\nconnect_to = ["::127.0.0.1:{web.server_address[1]}"]\n'
            f"[check]\nconnect_timeout = {PATIENCE}\ntimeout = {PATIENCE}\nretries = 0\n"
        )
        urls = [f"http://{host}{PATH}" for host in REASONS]
        command = [sys.executable, "-m", "linkwatch", "check", *urls, "--db", "links.db", "--quiet"]
        with subprocess.Popen(command, cwd=tmp_path) as checker:
            checkers.append(checker.pid)
            assert checker.wait(60) == 0
    with closing(sqlite3.connect(tmp_path / "links.db")) as db:
        found = db.execute("select host, checks.reason, elapsed_ms from checks join urls on urls.id = url_id")
        seen = {host: (reason, elapsed) for host, reason, elapsed in found}
    assert {host: reason for host, (reason, _) in seen.items()} == REASONS
    assert {host for host, times in web.asked.items() if times > 1} == {"silent.example"}
    assert min(took for host, (_, took) in seen.items() if host != "silent.example") >= 1000 * STOPPED
