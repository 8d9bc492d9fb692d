"""A builder of databases with a past, so that a test reads as the story it tells."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from linkwatch.times import to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database


def at(text: str) -> datetime:
    """A time as tests write it: "2026-03-01" or "2026-03-01 03:17", in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _text(when: str | None) -> str | None:
    return None if when is None else to_text(at(when))


@dataclass
class History:
    """Writes rows as the stages would, with what a test does not care about filled in."""

    db: Database

    def run(self, started: str, *, command: str = "run", outcome: str | None = "done") -> int:
        """A run that began then; with no outcome it is still under way."""
        row = {
            "command": command,
            "started_at": _text(started),
            "finished_at": _text(started) if outcome else None,
            "outcome": outcome,
            "counts": json.dumps({"checked": 7}),
            "version": "0.1.0",
        }
        return self._insert("runs", row)

    def article(
        self,
        path: str,
        *,
        title: str | None = None,
        published: str | None = "2023-09-05",
        url: str | None = None,
    ) -> int:
        """An article, published in 2023 unless said otherwise."""
        row = {
            "path": path,
            "url": url,
            "title": title,
            "published_at": _text(published),
            "format": "markdown",
            "sha256": "0" * 64,
            "first_seen_at": _text("2025-01-01"),
            "last_seen_at": _text("2026-03-01"),
        }
        return self._insert("articles", row)

    def url(self, url: str, state: str = "alive", **columns: object) -> int:
        """A URL in a state; the columns of ``urls`` may be given, times as text for ``at``."""
        host = urlsplit(url).hostname or ""
        row: dict[str, object] = {
            "url": url,
            "scheme": urlsplit(url).scheme,
            "host": host,
            "domain": ".".join(host.split(".")[-2:]),
            "state": state,
            "first_seen_at": "2025-01-01",
        } | columns
        for name in [name for name in row if name.endswith(("_at", "_since"))]:
            row[name] = _text(row[name])  # type: ignore[arg-type]
        return self._insert("urls", row)

    def link(self, article: int, url: int, *, line: int = 1, **columns: object) -> int:
        """A link of an article to a URL."""
        row: dict[str, object] = {
            "article_id": article,
            "url_id": url,
            "raw": "",
            "element": "a",
            "attribute": "href",
            "kind": "anchors",
            "text": "here",
            "line": line,
            "column": 1,
            "scope": "outbound",
            "first_seen_at": _text("2025-01-01"),
        }
        return self._insert("links", row | columns)

    def check(
        self,
        url: int,
        when: str,
        reason: str,
        *,
        verdict: str = "gone",
        hops: Sequence[tuple[str, int | None]] = (),
        run: int | None = None,
        **columns: object,
    ) -> int:
        """A check with its hops, of the last run there is."""
        row = {
            "run_id": run or self._any_run(when),
            "url_id": url,
            "checked_at": _text(when),
            "verdict": verdict,
            "reason": reason,
        }
        check = self._insert("checks", row | columns)
        for position, (address, status) in enumerate(hops):
            hop = {"check_id": check, "position": position, "url": address, "http_status": status}
            self._insert("hops", hop)
        return check

    def transition(self, url: int, when: str, before: str, after: str) -> int:
        """A change of state."""
        row = {"url_id": url, "changed_at": _text(when), "from_state": before, "to_state": after}
        return self._insert("transitions", row)

    def memento(self, url: int, captured: str, memento_url: str, **columns: object) -> int:
        """A good memento unless said otherwise."""
        row = {
            "url_id": url,
            "memento_url": memento_url,
            "captured_at": _text(captured),
            "http_status": 200,
            "source": "wayback",
            "found_at": _text("2026-02-01"),
        }
        return self._insert("mementos", row | columns)

    def capture(self, url: int, state: str, **columns: object) -> int:
        """A request to make a memento."""
        return self._insert("captures", {"url_id": url, "state": state} | columns)

    def lookup(self, url: int, answer: str, when: str = "2026-02-01", source: str = "wayback") -> None:
        """What an archive said when asked."""
        row = {"url_id": url, "source": source, "asked_at": _text(when), "answer": answer}
        self._insert("lookups", row)

    def _insert(self, table: str, row: dict[str, object]) -> int:
        self.db.table(table).insert(row)
        return int(self.db.execute("select last_insert_rowid()").fetchone()[0])

    def _any_run(self, when: str) -> int:
        found = self.db.execute("select max(id) from runs").fetchone()[0]
        return int(found) if found else self.run(when)
