"""``linkwatch browse --static``: the report and the data as files, for a host that serves only those."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import yaml
from sqlite_utils import Database

from linkwatch import shipped
from linkwatch.errors import LinkwatchError
from linkwatch.report import formats, html, templating
from linkwatch.report.stage import build
from linkwatch.store import export, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from linkwatch.config import Config

LITE = "https://lite.datasette.io/?url="


def publish(
    db_path: Path, target: Path, config: Config, *, now: datetime, address: str | None = None
) -> None:
    """Writes index.html, report.html, feed.atom, linkwatch.db and data/*.json into a directory.

    ``address`` is where the directory will be published: the index then offers Datasette Lite for it.
    Raises LinkwatchError where the directory cannot be written.
    """
    try:
        _write(db_path, target, config, now, address)
    except OSError as error:
        raise LinkwatchError(f"{target}: cannot be written: {error.strerror}; choose another") from None


def _write(db_path: Path, target: Path, config: Config, now: datetime, address: str | None) -> None:
    data = target / "data"
    data.mkdir(parents=True, exist_ok=True)
    fresh = target / "linkwatch.db.new"
    fresh.unlink(missing_ok=True)
    snapshot.take(db_path, fresh)
    copy = Database(fresh)
    try:
        templates = str(config.root / config.report.templates) if config.report.templates else None
        report = build(copy, config, now=now, pictures=True)
        (target / "report.html").write_text(html.render(report, templates), encoding="utf-8")
        (target / "feed.atom").write_text(formats.render("atom", report), encoding="utf-8")
        for name in export.NAMES:
            _write_rows(data / f"{name}.json", export.rows(copy, name))
        for name, query in queries().items():
            _write_rows(data / f"{name}.json", export.array(copy, query["sql"], query.get("params", ())))
    finally:
        copy.close()
    shutil.move(fresh, target / "linkwatch.db")
    (target / "index.html").write_text(index(now, address), encoding="utf-8")


def _write_rows(path: Path, rows: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(rows)


def queries() -> dict[str, dict[str, Any]]:
    """Datasette's canned queries by name, without those that ask for a URL first."""
    described = yaml.safe_load(shipped.path("db/metadata.yml").read_text(encoding="utf-8"))
    canned: dict[str, dict[str, Any]] = described["databases"]["linkwatch"]["queries"]
    return {name: query for name, query in canned.items() if "url" not in query.get("params", ())}


def index(now: datetime, address: str | None) -> str:
    """The page that leads to all others."""
    lite = None if address is None else LITE + quote(f"{address.rstrip('/')}/linkwatch.db", safe="")
    return templating.fill(
        templating.html(None),
        "static.html",
        made_at=now,
        names=export.NAMES,
        queries=queries(),
        lite=lite,
        policy=html.POLICY,
    )
