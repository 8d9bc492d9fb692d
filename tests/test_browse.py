"""Datasette shows every table, view and query, described, inert and read-only."""

from __future__ import annotations

import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest
import yaml
from conftest import NIGHT
from sample import GONE, HOSTILE_URL, fill
from sqlite_utils import Database

from linkwatch import browse, shipped
from linkwatch.errors import MissingExtraError
from linkwatch.store import snapshot
from linkwatch.store.database import open_for_writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

datasette = pytest.mark.skipif(
    importlib.util.find_spec("datasette") is None, reason="the extra 'browse' is not installed"
)


def described() -> dict[str, dict[str, object]]:
    with shipped.path("db/metadata.yml").open(encoding="utf-8") as file:
        found: dict[str, dict[str, object]] = yaml.safe_load(file)["databases"]["linkwatch"]
    return found


TABLES = sorted(name for name in described()["tables"] if not name.startswith("_"))
QUERIES = sorted(described()["queries"])
ATOM = "{http://www.w3.org/2005/Atom}"


def charts() -> dict[str, dict[str, str]]:
    with shipped.path("db/metadata.yml").open(encoding="utf-8") as file:
        boards = yaml.safe_load(file)["plugins"]["datasette-dashboards"]
    found: dict[str, dict[str, str]] = boards["link-health"]["charts"]
    return found


CHARTS = charts()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("browse") / "some name.db"
    with open_for_writing(target, NIGHT) as db:
        fill(db)
    return target


@pytest.fixture(scope="module")
def server(path: Path) -> Iterator[str]:
    """A real Datasette on the sample, as ``serve`` starts it."""
    with browse.prepared(path) as arguments:
        command = [sys.executable, "-m", "datasette", "serve", *arguments, "--port", "0"]
        child = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert child.stderr is not None
        running = next(line for line in child.stderr if "running on" in line)
        yield next(word for word in running.split() if word.startswith("http"))
        child.terminate()
        child.communicate()


class Page(HTMLParser):
    """The links and elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.elements: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes one element and where it leads."""
        self.elements.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]


def get(server: str, path: str) -> str:
    with urlopen(server + path, timeout=20) as answer:
        text: str = answer.read().decode()
    return text


def test_every_table_and_column_is_described(path: Path, tmp_path: Path) -> None:
    """The settings name what the schema has, no more and no less."""
    copy = tmp_path / "copy.db"
    snapshot.take(path, copy)
    with closing(sqlite3.connect(copy)) as db:
        names = db.execute(
            r"""select name from sqlite_master where type in ('table', 'view') and substr(name, 1, 1) <> '_'
            and name not like '%\_fts%' escape '\' and name not like 'sqlite\_%' escape '\'"""
        )
        schema = {name: {row[1] for row in db.execute(f"pragma table_info({name})")} for (name,) in names}
    tables = described()["tables"]
    assert {name: set(tables[name]["columns"]) for name in TABLES} == schema  # type: ignore[index]
    assert all(tables[name]["description"] and tables[name]["title"] for name in TABLES)  # type: ignore[index]


@datasette
@pytest.mark.parametrize("name", TABLES)
def test_every_table_answers(server: str, name: str) -> None:
    """As a page and as data, sorted by every column that may be sorted by."""
    assert described()["tables"][name]["title"] in get(server, f"/linkwatch/{name}")  # type: ignore[index]
    table = described()["tables"][name]  # type: ignore[index]
    for column in table.get("sortable_columns", ()):
        json.loads(get(server, f"/linkwatch/{name}.json?_sort={column}"))


@datasette
@pytest.mark.parametrize("name", QUERIES)
def test_every_query_answers(server: str, name: str) -> None:
    """With its parameters empty, as a newcomer meets it."""
    answer = json.loads(get(server, f"/linkwatch/{name}.json"))
    assert answer.get("error") is None


@datasette
@pytest.mark.parametrize(
    ("query", "count"),
    [
        (f"url_history?url={quote(GONE)}&", 6),
        (f"citations_of_url?url={quote(GONE)}&", 3),
        ("dead_links_of_article?article=GLACIERS&", 2),
        ("domains_by_rot?at_least=2&", 0),
        ("domains_by_rot?", 4),
        ("safe_to_update?", 1),
        ("archive_queue?", 1),
        ("urls?_search=moved&", 1),
        ("articles?_search=glaciers&", 1),
        ("newly_dead?", 3),
    ],
)
def test_what_queries_find(server: str, query: str, count: int) -> None:
    """Parameters narrow, search finds."""
    name, _, rest = query.partition("?")
    rows = json.loads(get(server, f"/linkwatch/{name}.json?{rest}_shape=array"))
    assert len(rows) == count


@datasette
@pytest.mark.parametrize(
    "page", ["dead_links", "urls", "links", "articles", "mementos", f"url_history?url={quote(HOSTILE_URL)}"]
)
def test_pages_are_inert(server: str, page: str) -> None:
    """No link but to the web or to ourselves, no element from a title or a URL."""
    shown = Page(get(server, f"/linkwatch/{page}"))
    assert all(link.startswith(("/", "http://", "https://", "?", "#", ".")) for link in shown.links)
    assert "img" not in shown.elements


@datasette
def test_answers_carry_a_content_security_policy(server: str) -> None:
    """Every page forbids foreign scripts, frames and objects, and sends no referrer."""
    with urlopen(f"{server}/linkwatch", timeout=20) as answer:
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"


@datasette
def test_states_and_links_are_one_click_apart(server: str) -> None:
    """A URL leads to itself, to its history and to who cites it; a state is a badge."""
    html = get(server, "/linkwatch/dead_links")
    links = Page(html).links
    assert GONE in links
    assert f"/linkwatch/url_history?url={quote(GONE, safe='')}" in links
    assert f"/linkwatch/citations_of_url?url={quote(GONE, safe='')}" in links
    assert ">dead</span>" in html


@datasette
def test_one_page_without_a_server(path: Path) -> None:
    """``page`` gives what a browser would get."""
    assert len(json.loads(browse.page(path, "/linkwatch/runs.json?_shape=array"))) == 2


@datasette
def test_the_server_goes_down_with_us(path: Path, tmp_path: Path) -> None:
    """Terminated, ``serve`` takes Datasette along and leaves no copy behind."""
    code = "import sys, pathlib; from linkwatch.browse import serve; serve(pathlib.Path(sys.argv[1]), port=0, open_browser=False)"  # noqa: E501
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    running = next(line for line in child.stderr if "running on" in line)
    address = next(word for word in running.split() if word.startswith("http"))
    get(address, "/linkwatch.json")
    child.terminate()
    child.communicate(timeout=20)
    assert child.returncode == 0
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(URLError):
        get(address, "/linkwatch.json")


def test_a_snapshot_is_whole_and_searchable(path: Path, tmp_path: Path) -> None:
    """The copy is taken beside a run that holds the database, and the source stays as it was."""
    before = path.read_bytes()
    with open_for_writing(path, NIGHT):
        snapshot.take(path, tmp_path / "copy.db")
    with closing(Database(tmp_path / "copy.db")) as copy, closing(Database(path)) as source:
        assert copy.table("urls").count == source.table("urls").count
        assert [row["url"] for row in copy.table("urls").search("glaciers OR flaky")] == [
            "https://flaky.example.com/"
        ]
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", snapshot.COUNTED)
def test_what_is_counted_once_is_what_the_view_counts(path: Path, tmp_path: Path, name: str) -> None:
    """In a copy a table stands under the view's name, with its columns and rows."""
    snapshot.take(path, tmp_path / "copy.db")
    with closing(Database(path)) as source, closing(Database(tmp_path / "copy.db")) as copy:
        assert name in copy.table_names()
        found, expected = (list(db.query(f"select * from {name}")) for db in (copy, source))
        order = snapshot.COUNTED[name]
        assert sorted(found, key=lambda row: row[order]) == sorted(expected, key=lambda row: row[order])
        assert [list(row) for row in found[:1]] == [list(row) for row in expected[:1]] != []


def test_without_datasette_one_line_says_what_to_do(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that is missing is named with the command that installs it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'linkwatch\[browse\]'"):
        browse.serve(path, open_browser=False)


@datasette
def test_the_feed_of_newly_dead_links(server: str) -> None:
    """Read by what reads feeds; the newest first; no address that could do harm."""
    feed = ElementTree.fromstring(get(server, "/linkwatch/newly_dead_feed.atom"))
    links = [each.get("href") for each in feed.iterfind(f"{ATOM}entry/{ATOM}link")]
    assert GONE in links
    assert all(link == "newly_dead" or str(link).startswith(("https://", "http://")) for link in links)


@datasette
def test_a_feed_with_nothing_in_it(tmp_path: Path) -> None:
    """An empty database has a feed too."""
    target = tmp_path / "empty.db"
    with open_for_writing(target, NIGHT):
        pass
    feed = ElementTree.fromstring(browse.page(target, "/linkwatch/newly_dead_feed.atom"))
    assert len(feed.findall(f"{ATOM}entry")) == 1


@datasette
def test_the_dashboard(server: str) -> None:
    """The front page leads to the pictures; the page of pictures holds each of them."""
    assert "-/dashboards/link-health" in get(server, "/")
    html = get(server, "/-/dashboards/link-health")
    assert all(chart["title"] in html for chart in CHARTS.values())


@datasette
@pytest.mark.parametrize("name", sorted(CHARTS))
def test_every_chart_has_its_data(server: str, name: str) -> None:
    """The statements behind the pictures run, and find something in the sample."""
    rows = json.loads(get(server, f"/linkwatch.json?_shape=array&sql={quote(CHARTS[name]['query'])}"))
    assert rows
