"""``linkwatch browse --static``: the report and the data as files, for a host that serves only those."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlite_utils import Database

from linkwatch.errors import LinkwatchError
from linkwatch.report import html, templating
from linkwatch.report.stage import build
from linkwatch.store import export, snapshot

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from linkwatch.config import Config

LITE = "https://lite.datasette.io/?url="


def publish(
    db_path: Path, target: Path, config: Config, *, now: datetime, address: str | None = None
) -> None:
    """Writes index.html, report.html, linkwatch.db and data/*.json into a directory.

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
        for name in export.NAMES:
            with (data / f"{name}.json").open("w", encoding="utf-8") as file:
                file.writelines(export.rows(copy, name))
    finally:
        copy.close()
    shutil.move(fresh, target / "linkwatch.db")
    (target / "index.html").write_text(index(now, address), encoding="utf-8")


def index(now: datetime, address: str | None) -> str:
    """The page that leads to all others."""
    lite = None if address is None else LITE + quote(f"{address.rstrip('/')}/linkwatch.db", safe="")
    return templating.fill(
        templating.html(None), "static.html", made_at=now, names=export.NAMES, lite=lite, policy=html.POLICY
    )
