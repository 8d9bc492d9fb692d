"""Makes the pictures of the README from the demo's database, with Chromium.

``python tests/benchmarks/screenshots.py [DATABASE]``; without a database the demo is played first.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from linkwatch import browse
from linkwatch.config import Config
from linkwatch.report import formats
from linkwatch.report.stage import build
from linkwatch.store.database import open_for_reading

IMAGES = Path(__file__).resolve().parents[2] / ".github" / "images"
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


def main(given: list[str]) -> None:
    """Three pictures: the report, Datasette's front page, and the dashboard."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        database = Path(given[0]) if given else Path(folder, "demo.db")
        if not given:
            subprocess.run([sys.executable, "-m", "linkwatch", "demo", "--db", str(database)], check=True)
        page = Path(folder, "report.html")
        page.write_text(report(database), encoding="utf-8")
        shoot(page.as_uri(), "report", 900, 1000)
        with browse.prepared(database) as arguments:
            server = subprocess.Popen(
                [sys.executable, "-m", "datasette", "serve", *arguments, "--port", "0"],
                stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
            try:
                line = next(line for line in server.stderr or () if "running on" in line)
                address = next(word for word in line.split() if word.startswith("http"))
                shoot(address, "datasette", 900, 700)
                shoot(f"{address}/-/dashboards/link-health", "dashboard", 1200, 1130)
            finally:
                server.terminate()
                server.communicate()


def report(database: Path) -> str:
    """The HTML report with its pictures before its sections, so that one screen shows both."""
    with open_for_reading(database) as db:
        html = formats.render("html", build(db, Config(), now=datetime.now(UTC), pictures=True))
    order = "main{display:flex;flex-direction:column}main>section[aria-labelledby=pictures]{order:-1}"
    return html.replace("</style>", f"{order}</style>", 1)


def shoot(address: str, name: str, width: int, height: int) -> None:
    """One page as a PNG; the time is that of the page's own clock, for its charts."""
    target = IMAGES / f"{name}.png"
    size = f"--window-size={width},{height}"
    subprocess.run(
        [*CHROMIUM, "--virtual-time-budget=6000", size, f"--screenshot={target}", address],
        check=True, capture_output=True,
    )  # fmt: skip
    print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
