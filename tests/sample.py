"""One database with something in every section, honest and hostile: what the formats are tested on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from history import History, at

from linkwatch.config import Check, Config, Exclude
from linkwatch.report.stage import build

if TYPE_CHECKING:
    from sqlite_utils import Database

    from linkwatch.report.model import Report

NOW = at("2026-03-01 03:17")
CONFIG = Config(check=Check(exclude=(Exclude("kept.example", "kept for the record", date(2026, 12, 31)),)))

GONE = "https://www.example.org/news/2023/a-long-path/that-goes-on/to-an-article-with-a-long-title.html"
MEMENTO_2019 = f"https://web.archive.org/web/20190304000000/{GONE}"
MEMENTO_2023 = f"https://web.archive.org/web/20230905100000/{GONE}"
HOSTILE_TITLE = (
    "\x1b[31mred\x1b[0m @octocat fixes #12 <script>alert(1)</script> | `x` ]]> ::error::x "
    "\u202egnp.exe =1+1 [a](javascript:alert(1)) " + "A" * 70_000
)
HOSTILE_URL = "javascript:alert(1)//https://evil.example/"


def fill(db: Database) -> None:
    """Writes the sample into a fresh database."""
    history = History(db)
    history.run("2026-02-20 03:17")
    history.run("2026-02-28 03:17")
    _dead(history)
    _others(history)
    _hostile(history)


def sample(db: Database) -> Report:
    """The report on the sample."""
    fill(db)
    return build(db, CONFIG, now=NOW)


def _dead(history: History) -> None:
    china = history.article(
        "articles/2023/putin-kim.md",
        title="普京与金正恩会晤：俄罗斯与朝鲜的武器",
        published="2023-09-05 04:45",
        url="https://pub.example/world/putin-kim/",
    )
    glaciers = history.article(
        "articles/2019/glaciers.md", title="Glaciers and the people below them", published="2019-03-02"
    )
    gone = history.url(
        GONE,
        "dead",
        state_since="2026-02-28 03:18",
        reason="http_404",
        verdict="gone",
        http_status=404,
        failures=3,
        failing_since="2026-02-22 03:18",
        last_alive_at="2026-02-12 03:00",
        last_checked_at="2026-02-28 03:18",
        next_check_at="2026-03-30 03:00",
    )
    hops = [("http://www.example.org/old", 301), (GONE, 404)]
    for night in ("2026-02-22 03:18", "2026-02-25 03:18", "2026-02-28 03:18"):
        history.check(gone, night, "http_404", http_status=404, hops=hops, elapsed_ms=812, title="Not Found")
    history.transition(gone, "2026-02-22 03:18", "alive", "suspect")
    history.transition(gone, "2026-02-28 03:18", "suspect", "dead")
    history.link(china, gone, line=12, column=40, fragment=":~:text=foo", text="报道")
    history.link(china, gone, line=40)
    history.link(glaciers, gone, line=3)
    history.memento(gone, "2019-03-04", MEMENTO_2019)
    history.memento(gone, "2023-09-05 10:00", MEMENTO_2023)
    history.lookup(gone, "archived")
    history.capture(gone, "failed", error="error:not-found", attempts=2)
    old = history.url("https://old.example.net/", "dead", state_since="2025-11-03", reason="dns_nxdomain")
    history.link(glaciers, old, line=9)


def _others(history: History) -> None:
    article = history.article("articles/2025/others.md", title="Others", published="2025-05-01")
    night = "2026-02-01"
    rows: tuple[tuple[str, str, dict[str, object]], ...] = (
        (
            "http://moved.example.com/a",
            "moved",
            {"reason": "permanent_redirect", "final_url": "https://moved.example.com/b"},
        ),
        (
            "https://flaky.example.com/",
            "suspect",
            {"reason": "http_503", "failures": 1, "failing_since": night},
        ),
        ("https://www.linkedin.com/in/x", "blocked", {"reason": "http_999"}),
        ("https://drift.example.com/", "drifted", {"reason": "content_changed"}),
        ("https://kept.example/", "dead", {"reason": "http_410"}),
        ("https://well.example/", "alive", {"reason": "ok"}),
        ("https://back.example.com/", "alive", {"reason": "ok"}),
    )
    for line, (address, state, columns) in enumerate(rows, 1):
        url = history.url(address, state, state_since=night, **columns)
        history.link(article, url, line=line)
    history.transition(url, "2026-02-28 04:00", "dead", "alive")


def _hostile(history: History) -> None:
    article = history.article("articles/evil|`@x`.md", title=HOSTILE_TITLE, published="2024-01-01")
    url = history.url(HOSTILE_URL, "dead", state_since="2026-01-01", reason="http_404", host="evil.example")
    history.link(article, url, line=1, text=HOSTILE_TITLE)
    history.memento(url, "2024-01-01", "javascript:alert(2)")
    moved = history.url(
        'https://evil.example/"><img src=x onerror=alert(1)>',
        "moved",
        reason="permanent_redirect",
        final_url="data:text/html,<script>alert(3)</script>",
    )
    history.link(article, moved, line=2)
