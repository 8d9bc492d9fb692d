"""The demo's report in every format, as it was when somebody last read it.

    python tests/goldens.py

writes them anew; then read the difference. What differs from run to run is masked: the seconds
that a night has lasted when something happens, and so the times in the archive's addresses.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import NIGHT
from sqlite_utils import Database

from linkwatch.config import Config
from linkwatch.report import formats
from linkwatch.report.model import By
from linkwatch.report.stage import build

FOLDER = Path(__file__).parent / "golden"
FILES = {
    "terminal": "report.txt",
    "markdown": "report.md",
    "html": "report.html",
    "json": "report.json",
    "ndjson": "report.ndjson",
    "csv": "report.csv",
    "atom": "report.atom",
    "junit": "report.junit.xml",
    "github": "report.github.txt",
}
DEMO = """
import sys
from datetime import datetime
from pathlib import Path
from linkwatch.demo.run import run_demo
sys.exit(run_demo(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])))
"""
MASKS = (
    (re.compile(r"(T\d\d:)\d\d:\d\d(\.\d+)?(Z|\+00:00)"), r"\1–:–\3"),
    (re.compile(r"(/web/\d{10})\d{4}"), r"\1––––"),
    (re.compile(r"(\d\d:)\d\d( UTC)"), r"\1–\2"),
)


def demo(path: Path) -> None:
    """The ten nights, the last of them on the night all tests know."""
    command = [sys.executable, "-c", DEMO, str(path), NIGHT.isoformat()]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def rendered(path: Path, form: str) -> str:
    """One format of the report on the demo's database, masked."""
    db = Database(path)
    try:
        report = build(db, Config(root=path.parent), now=NIGHT, pictures=form == "html")
    finally:
        db.close()
    return masked(formats.render(form, replace(report, by=By.URL)))


def masked(text: str) -> str:
    """A text without what differs from run to run."""
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text


def main() -> None:
    """Writes the files."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        path = Path(folder, "demo.db")
        demo(path)
        for form, name in FILES.items():
            (FOLDER / name).write_text(rendered(path, form), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
