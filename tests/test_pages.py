"""What people see in a browser: nothing hostile runs, nothing leaves the machine, nobody is shut out.

Skipped where no Chromium is installed. Set LINKWATCH_PICTURES to a directory to look at the pages.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from chromium import PROGRAM, Tab, tab
from conftest import NIGHT
from sample import CONFIG, GONE, HOSTILE_URL, NOW, fill

from linkwatch import browse
from linkwatch.publish import publish
from linkwatch.report import formats, html
from linkwatch.report.stage import build
from linkwatch.store.database import open_for_writing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterator

    from sqlite_utils import Database

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(importlib.util.find_spec("datasette") is None, reason="no Datasette"),
]

PAGES = (
    "/",
    "/linkwatch",
    "/linkwatch/urls",
    "/linkwatch/urls/1",
    "/linkwatch/articles",
    "/linkwatch/checks",
    "/linkwatch/link_health?_search=glacier",
    "/linkwatch/newly_dead",
    f"/linkwatch/url_history?url={quote(GONE)}",
    f"/linkwatch/citations_of_url?url={quote(HOSTILE_URL)}",
    "/linkwatch/dead_links_of_article?article=",
    "/linkwatch/domains_by_rot",
    "/linkwatch/safe_to_update",
    "/linkwatch/archive_queue",
    "/linkwatch/slowest_hosts",
    "/-/dashboards/link-health",
)


# Of Datasette's own templates, which a plugin cannot change: its frame has no language and no landmarks,
# its forms no labels, its headings begin at the third level, and wide tables scroll.
DATASETTES = frozenset(
    {"html-has-lang", "landmark-one-main", "region", "heading-order", "label", "select-name"}
    | {"scrollable-region-focusable"}
)


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Tab]:
    async with tab(tmp_path / "profile") as opened:
        yield opened


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Datasette on a database with hostile texts in it."""
    path = tmp_path_factory.mktemp("pages") / "linkwatch.db"
    with open_for_writing(path, NIGHT) as db:
        fill(db)
    with browse.prepared(path) as arguments:
        command = [sys.executable, "-m", "datasette", "serve", *arguments, "--port", "0"]
        child = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert child.stderr is not None
        with child:
            yield next(word for line in child.stderr for word in line.split() if word.startswith("http://"))
            child.terminate()
            child.stderr.read()


async def look(browser: Tab, name: str, known: Collection[str] = ()) -> None:
    """The page at the width of a desk, of a phone, and in the dark: alike for the accessibility checker."""
    for width, dark in ((1280, False), (390, False), (1280, True)):
        await browser.resize(width, dark=dark)
        found = await browser.violations()
        assert [each for each in found if each.partition(":")[0] not in known] == [], (width, dark)
        if folder := os.environ.get("LINKWATCH_PICTURES"):
            shot = await browser.picture()
            Path(folder, f"{name}-{width}{'-dark' if dark else ''}.png").write_bytes(shot)  # noqa: ASYNC240


@pytest.mark.parametrize("page", PAGES)
async def test_datasette(browser: Tab, server: str, page: str) -> None:
    """No text of the web's runs, no page asks another host for anything, and all can be read by all."""
    await browser.open(server + page)
    assert browser.dialogs == []
    assert {urlsplit(each).netloc for each in browser.requests if not each.startswith("data:")} == {
        urlsplit(server).netloc
    }
    assert await browser.evaluate("document.querySelectorAll('a[href^=\"javascript:\"]').length") == 0
    await look(browser, page.strip("/").replace("/", "_").partition("?")[0] or "front", DATASETTES)


async def test_the_report(browser: Tab, db: Database, tmp_path: Path) -> None:
    """The HTML report, with pictures, on the same hostile texts."""
    file = tmp_path / "report.html"
    fill(db)
    file.write_text(formats.render("html", build(db, CONFIG, now=NOW, pictures=True)), encoding="utf-8")
    await browser.open(file.as_uri())
    assert browser.dialogs == []
    assert browser.requests == [file.as_uri()]
    assert await browser.evaluate("document.scripts.length") == 0
    assert await browser.evaluate("document.querySelectorAll('svg[role=img]').length") == 4
    await browser.resize(390)
    assert await browser.evaluate("document.documentElement.scrollWidth") <= 390
    await look(browser, "report")


async def test_a_script_put_into_the_report_would_not_run(browser: Tab, tmp_path: Path) -> None:
    """Should a text ever slip through, the page's own policy stops it; and these tests would see it."""
    file = tmp_path / "report.html"
    policy = html.POLICY
    for head, ran in ((f'<meta http-equiv="Content-Security-Policy" content="{policy}">', False), ("", True)):
        file.write_text(f"<!doctype html>{head}<p>x<script>window.ran = 1</script>", encoding="utf-8")
        await browser.open(file.as_uri())
        assert (await browser.evaluate("window.ran") == 1) is ran


async def test_the_static_pages(browser: Tab, tmp_path: Path) -> None:
    """What is published for a host of files is held to the same."""
    with open_for_writing(tmp_path / "a.db", NIGHT) as db:
        fill(db)
    publish(tmp_path / "a.db", tmp_path / "site", CONFIG, now=NOW)
    page = (tmp_path / "site" / "index.html").as_uri()
    await browser.open(page)
    assert browser.requests == [page]
    await look(browser, "static")
