"""The command line as its users meet it: real processes, real files, exit codes."""

from __future__ import annotations

import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLE = (
    '<!--1693890422000-->\n[A title](https://paper.example/a)\n------\n\n<p><a href="{}">cited</a></p>\n'
)
SETTINGS = """
[check]
per_host_interval = 0
retries = 0
timeout = 5
connect_timeout = 5
[policy]
retry_wait = 0
[network]
canaries = {canaries}
nameservers = ["127.0.0.1:9"]
connect_to = {connect_to}
[archive]
lookups_per_minute = 100000
"""


def linkwatch(*args: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a directory of its own, with no keys of the archive."""
    return subprocess.run(
        [sys.executable, "-m", "linkwatch", *args],
        cwd=cwd, capture_output=True, text=True, timeout=60, check=False,
        env={**_plain_environment(), **environment},
    )  # fmt: skip


def _plain_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("IA_")}


class _Web(BaseHTTPRequestHandler):
    """Answers every host: /gone with 404, /slow after a wait, an empty archive, all else with a page."""

    held = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.held.wait(30)
        status = 404 if self.path == "/gone" else 200
        if self.path.startswith("/save/status/user") and "REFUSED" in self.headers["Authorization"]:
            status = 401
        body = b"[]" if self.path.startswith("/cdx") else b"<title>A page</title><p>Some words.</p>"
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[int]:
    """A small web on loopback; yields its port."""
    _Web.held = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    _Web.held.set()
    server.shutdown()
    server.server_close()
    thread.join()


def corpus(root: Path, *urls: str, port: int = 9, canaries: str = '["http://canary.example/"]') -> None:
    """Articles that cite these URLs, with settings that lead every host to a port on loopback."""
    articles = root / "articles"
    articles.mkdir()
    for number, url in enumerate(urls):
        (articles / f"{number}.txt").write_text(ARTICLE.format(url), encoding="utf-8")
    routes = f'["::127.0.0.1:{port}"]' if port != 9 else "[]"
    archive = 'wayback_url = "http://web.archive.example"\n'
    text = SETTINGS.format(canaries=canaries, connect_to=routes) + archive
    (root / "linkwatch.toml").write_text(text, encoding="utf-8")


def rows(root: Path, query: str) -> list[tuple[object, ...]]:
    """What the database in its usual place answers."""
    with sqlite3.connect(root / "db" / "linkwatch.db") as db:
        found = db.execute(query).fetchall()
    db.close()
    return found


def test_a_night_from_article_to_report(tmp_path: Path, web: int) -> None:
    """``run`` harvests, checks, archives and reports; the database says the same as the report."""
    corpus(tmp_path, "http://a.example/page", "http://b.example/gone", port=web)
    done = linkwatch("run", "articles", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["totals"]["states"]["suspect"] == 1
    assert rows(tmp_path, "select url, state, reason from urls order by url") == [
        ("http://a.example/page", "alive", "ok"),
        ("http://b.example/gone", "suspect", "http_404"),
        ("https://paper.example/a", "unchecked", None),
    ]
    assert rows(tmp_path, "select command, outcome from runs") == [("run", "done")]


def test_offline_is_not_rot(tmp_path: Path) -> None:
    """Without a network the run says so, exits with 3, and records nothing against any URL."""
    corpus(tmp_path, "http://a.example/page")
    done = linkwatch("run", "articles", cwd=tmp_path)
    assert done.returncode == 3
    assert "no network" in done.stderr
    assert len(done.stderr.strip().splitlines()[-1]) > 20
    assert rows(tmp_path, "select count(*) from checks") == [(0,)]
    assert rows(tmp_path, "select distinct state from urls") == [("unchecked",)]
    assert rows(tmp_path, "select count(*) from links") == [(2,)]


@pytest.mark.parametrize(
    ("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["interrupt", "terminate"]
)
def test_a_signal_ends_the_run_and_keeps_what_was_done(
    tmp_path: Path, web: int, stop: signal.Signals, code: int
) -> None:
    """SIGINT and SIGTERM end a run at once with their own exit codes; nothing recorded is lost."""
    corpus(tmp_path, "http://a.example/page", "http://b.example/slow", port=web)
    process = subprocess.Popen(
        [sys.executable, "-m", "linkwatch", "run", "articles"],
        cwd=tmp_path, env=_plain_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _until(lambda: _slow_is_asked(tmp_path))
    process.send_signal(stop)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == code, errors
    assert "what was done is kept" in errors
    assert rows(tmp_path, "select url from urls where state = 'alive'") == [("http://a.example/page",)]
    assert rows(tmp_path, "select outcome like 'interrupted%', counts ->> 'alive' from runs") == [(1, 1)]


def _slow_is_asked(root: Path) -> bool:
    path = root / "db" / "linkwatch.db"
    if not path.exists():
        return False
    try:
        return bool(rows(root, "select 1 from runs")) and bool(rows(root, "select 1 from links"))
    except sqlite3.OperationalError:
        return False


def _until(holds: object) -> None:
    """Waits for another process to come so far; gives up after a while."""
    pause = threading.Event()
    for _ in range(600):
        if holds():  # type: ignore[operator]
            pause.wait(0.5)  # it has begun to fetch, or is about to
            return
        pause.wait(0.05)
    raise AssertionError("the process never came so far")


def test_two_runs_at_once(tmp_path: Path, web: int) -> None:
    """The second run says who holds the database and since when, and exits with 3."""
    corpus(tmp_path, "http://b.example/slow", port=web)
    first = subprocess.Popen(
        [sys.executable, "-m", "linkwatch", "run", "articles", "-q"],
        cwd=tmp_path, env=_plain_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _until(lambda: _slow_is_asked(tmp_path))
    second = linkwatch("run", "articles", cwd=tmp_path)
    first.terminate()
    first.wait(timeout=10)
    assert second.returncode == 3
    assert f"process {first.pid} since 20" in second.stderr


def test_fail_on_dead_links(tmp_path: Path, web: int) -> None:
    """``--fail-on`` exits with 1 only when the report holds what it names."""
    corpus(tmp_path, "http://b.example/gone", port=web)
    assert linkwatch("run", "articles", "--fail-on", "dead", cwd=tmp_path).returncode == 0
    wish = ("--format", "json", "--by", "host", "--output", "report.json")
    assert linkwatch("run", "articles", *wish, cwd=tmp_path).returncode == 0
    assert "groups" in json.loads((tmp_path / "report.json").read_text())
    with sqlite3.connect(tmp_path / "db" / "linkwatch.db") as db:
        db.execute("update urls set state = 'dead' where url = 'http://b.example/gone'")
    db.close()
    assert linkwatch("report", "--fail-on", "dead", cwd=tmp_path).returncode == 1
    assert linkwatch("report", cwd=tmp_path).returncode == 0
    settings = tmp_path / "linkwatch.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + '[report]\nfail_on = "dead"\n', encoding="utf-8"
    )
    assert linkwatch("report", cwd=tmp_path).returncode == 1
    assert linkwatch("report", "--fail-on", "never", cwd=tmp_path).returncode == 0


BAD = [
    ("a path that does not exist", ["harvest", "nowhere"], 2, "nowhere"),
    ("an unknown key", ["harvest", "articles", "--config", "odd.toml"], 2, "did you mean 'timeout'"),
    ("a settings file that is none", ["harvest", "--config", "gone.toml"], 2, "gone.toml"),
    ("broken TOML", ["harvest", "--config", "broken.toml"], 2, "not valid TOML"),
    ("a database that is none", ["report", "--db", "articles/0.txt"], 3, "not a SQLite database"),
    (
        "the same, to be written",
        ["harvest", "articles", "--db", "articles/0.txt"],
        3,
        "not a SQLite database",
    ),
    ("no database yet", ["report", "--db", "none.db"], 3, "no such database"),
    ("no database to prune", ["prune", "--db", "none.db"], 3, "no such database"),
    ("no database to check", ["check", "--db", "none.db"], 3, "no such database"),
    ("a database of no bytes", ["report", "--db", "empty.db"], 3, "an empty database"),
    ("a database of no bytes to check", ["check", "--db", "empty.db"], 3, "an empty database"),
    ("a database of no bytes to prune", ["prune", "--db", "empty.db"], 3, "an empty database"),
    ("its name moves no terminal", ["status", "--db", "\x1b[2J\n.db"], 3, "\ufffd[2J\ufffd.db"),
    ("no database to archive", ["archive", "--db", "none.db"], 3, "no such database"),
    ("a route that is none", ["harvest", "articles", "--config", "route.toml"], 2, "HOST1:PORT1:HOST2:PORT2"),
    (
        "a name server without address",
        ["check", "http://a.example/", "--config", "server.toml"],
        2,
        "IP addresses",
    ),
    ("an address of nothing", ["browse", "--address", "https://a.example/"], 2, "give --static too"),
    ("words for a URL", ["check", "not a url"], 2, "write a whole address"),
    ("a URL that is none", ["check", "javascript:alert(1)"], 2, "unsupported scheme"),
    ("an unknown command", ["chekc"], 2, "No such command"),
    ("an unknown option", ["run", "--nope"], 2, "No such option"),
    ("a database without a name", ["harvest", "articles", "--db", ""], 2, "names no file"),
    ("a database that would be lost", ["harvest", "articles", "--db", ":memory:"], 2, "names no file"),
    ("settings to a place that is not there", ["init", "nowhere/l.toml"], 3, "nowhere/l.toml: No such file"),
    ("a URL nobody cites", ["why", "http://unknown.example/"], 2, "unknown.example"),
]


@pytest.mark.parametrize(("args", "code", "says"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input_gets_one_clear_line(tmp_path: Path, args: list[str], code: int, says: str) -> None:
    """Bad input is one line that says what is wrong, the right exit code, and nothing lost."""
    corpus(tmp_path, "http://a.example/page")
    (tmp_path / "empty.db").touch()
    (tmp_path / "odd.toml").write_text("[check]\ntimeuot = 3\n", encoding="utf-8")
    (tmp_path / "broken.toml").write_text("[check\n", encoding="utf-8")
    (tmp_path / "route.toml").write_text('[network]\nconnect_to = ["a"]\n', encoding="utf-8")
    (tmp_path / "server.toml").write_text('[network]\nnameservers = ["foo:bar"]\n', encoding="utf-8")
    if args[0] == "why":
        assert linkwatch("harvest", "articles", cwd=tmp_path).returncode == 0
    before = (tmp_path / "articles" / "0.txt").read_bytes()
    done = linkwatch(*args, cwd=tmp_path)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert (tmp_path / "articles" / "0.txt").read_bytes() == before
    assert (tmp_path / "empty.db").read_bytes() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_disk_that_is_full_is_said_so(tmp_path: Path) -> None:
    """A report that cannot be written is a line and an exit code, not a traceback."""
    corpus(tmp_path, "http://a.example/page")
    assert linkwatch("harvest", "articles", cwd=tmp_path).returncode == 0
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "linkwatch", "report", "--json"],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        timeout=60,
        )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr == "linkwatch: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize("option", ["--help", "--version"])
def test_so_is_it_where_nothing_is_begun(option: str) -> None:
    """What the command line answers by itself ends as commands do."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "linkwatch", option],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (3, "linkwatch: No space left on device\n")


ENDS = [
    (["harvest", "articles", "gone.md"], 2, "gone.md: no such file"),
    (["harvest", "articles"], 0, None),
    (["check", "--max-time", "100"], 0, None),
    (["check", "no address"], 2, "write a whole address"),
    (["check", "--config", "gone.toml"], 2, "gone.toml"),
    (["check", "--db", "articles/0.txt"], 3, "not a SQLite database"),
    (["archive"], 0, None),
    (["run", "articles", "--fail-on", "any"], 1, None),
]


def test_with_json_all_that_is_said_is_events(tmp_path: Path, web: int) -> None:
    """Each line on stderr is an object, the last one tells how it ended, and stdout holds data only."""
    corpus(tmp_path, "http://a.example/page", "http://b.example/gone", port=web)
    (tmp_path / "articles" / "binary.md").write_bytes(bytes(range(256)) * 40)
    for args, code, says in ENDS:
        done = linkwatch(*args, "--json", cwd=tmp_path)
        events = [json.loads(line) for line in done.stderr.splitlines()]
        assert done.returncode == code, done.stderr
        assert [each["event"] for each in events].index("end") == len(events) - 1
        assert events[-1]["exit_code"] == code
        assert (says or "") in events[-1].get("message", "")
        assert done.stdout == "" if says else json.loads(done.stdout)


@pytest.mark.parametrize("args", [("-v",), ("--json",)], ids=["words", "events"])
def test_the_work_goes_on_where_nobody_listens(tmp_path: Path, web: int, args: tuple[str, ...]) -> None:
    """A reader of stderr that has gone away ends no run: what was asked for is done and printed."""
    corpus(tmp_path, "http://a.example/page", port=web)
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-m", "linkwatch", "run", "articles", *args],
        cwd=tmp_path, env=_plain_environment(), stdout=subprocess.PIPE, stderr=theirs, check=False,
        timeout=60,
    )  # fmt: skip
    os.close(theirs)
    assert (done.returncode, bool(done.stdout)) == (0, True)
    assert rows(tmp_path, "select outcome from runs") == [("done",)]


def test_a_reader_that_has_had_enough_is_no_finding(tmp_path: Path) -> None:
    """``| head`` ends a report as SIGPIPE ends a program, not with the exit code of dead links."""
    corpus(tmp_path, "http://a.example/page")
    assert linkwatch("harvest", "articles", cwd=tmp_path).returncode == 0
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-m", "linkwatch", "report"],
        cwd=tmp_path, env=_plain_environment(), stdout=theirs, stderr=subprocess.PIPE, check=False,
        timeout=60,
    )  # fmt: skip
    os.close(theirs)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("settings", "colour"),
    [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"TERM": "xterm", "NO_COLOR": "1"}, False)],
    ids=["a terminal", "one that is dumb", "no colour, please"],
)
def test_colour_is_for_terminals_that_show_it(tmp_path: Path, settings: dict[str, str], colour: bool) -> None:
    """A report holds escape sequences only where stdout can take them and nobody objects."""
    corpus(tmp_path, "http://a.example/page")
    assert linkwatch("harvest", "articles", cwd=tmp_path).returncode == 0
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "linkwatch", "report"],
        cwd=tmp_path, env=_plain_environment() | {"NO_COLOR": ""} | settings, stdout=theirs, check=False,
        timeout=60,
    )  # fmt: skip
    os.close(theirs)
    shown = os.read(ours, 65_536)
    os.close(ours)
    assert done.returncode == 0
    assert (b"\x1b[" in shown) is colour


def test_verbose_names_the_settings_and_the_database(tmp_path: Path) -> None:
    """``-v`` says which files a command works with: the usual question when a result surprises."""
    corpus(tmp_path, "http://a.example/page")
    said = linkwatch("harvest", "articles", "-v", "--db", "x.db", cwd=tmp_path).stderr.splitlines()
    assert said[:2] == [f"Settings: {tmp_path / 'linkwatch.toml'}", "Database: x.db"]
    assert len(linkwatch("harvest", "articles", "--db", "x.db", cwd=tmp_path).stderr.splitlines()) == 1


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    """A binary file and one in an odd encoding are told of in a line each; the rest is harvested."""
    corpus(tmp_path, "http://a.example/page")
    (tmp_path / "articles" / "binary.md").write_bytes(bytes(range(256)) * 40)
    text = "[标题](https://paper.example/b)\n------\n\n<p><a href='http://c.example/'>引用的文章</a></p>\n"
    (tmp_path / "articles" / "other.txt").write_bytes(text.encode("gb18030"))
    done = linkwatch("harvest", "articles", cwd=tmp_path)
    assert done.returncode == 0
    assert "binary.md" in done.stderr
    urls = {url for (url,) in rows(tmp_path, "select url from urls")}
    assert {"http://a.example/page", "http://c.example/"} <= urls
    titles = {title for (title,) in rows(tmp_path, "select title from articles")}
    assert titles == {"A title", "标题"}


def test_an_empty_directory_is_told(tmp_path: Path) -> None:
    """No article in a directory that was named is worth a line, and no error."""
    (tmp_path / "articles").mkdir()
    done = linkwatch("harvest", "articles", cwd=tmp_path)
    assert done.returncode == 0
    assert "articles" in done.stderr


def test_init_writes_settings_once(tmp_path: Path) -> None:
    """``init`` writes a file that is valid as it stands, and never writes over one."""
    assert linkwatch("init", cwd=tmp_path).returncode == 0
    assert linkwatch("harvest", ".", cwd=tmp_path).returncode == 0
    assert linkwatch("init", cwd=tmp_path).returncode == 2


def test_every_command_has_the_common_options() -> None:
    """Whoever scripts the program need not know which command looks at which of them."""
    from linkwatch.cli import cli

    for name, command in cli.commands.items():
        options = {option for each in command.params for option in each.opts}
        assert {"--db", "--config", "-v", "-q"} <= options, name


def test_init_writes_where_it_is_told(tmp_path: Path) -> None:
    """As PATH or as the settings that the next command is to use; in silence where that is asked."""
    for given in (["one.toml"], ["--config", "two.toml"]):
        done = linkwatch("init", "-q", *given, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert (tmp_path / given[-1]).read_text().startswith("#")


def test_version_is_quick_to_load() -> None:
    """``--version`` loads none of the heavy libraries."""
    heavy = ("asyncio", "aiohttp", "rich", "sqlite_utils", "waybackpy", "msgspec", "turbohtml")
    code = f"import sys, linkwatch.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_night_without_news_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    """Where no article has changed, no parser and nothing of terminals and networks is loaded."""
    (tmp_path / "a.md").write_text("[a](https://a.example/)", encoding="utf-8")
    heavy = ("aiohttp", "asyncio", "concurrent", "linkwatch.urls", "pyromark", "rich", "turbohtml", "yaml")
    code = f"""if True:
        import sys
        from linkwatch.cli import cli
        cli(["harvest", "."], standalone_mode=False)
        print([name for name in {heavy} if name in sys.modules])
    """
    done = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert "linkwatch.urls" in done[0]
    assert done[1] == "[]"


def test_keys_that_are_refused_end_the_job_after_everything_else(tmp_path: Path, web: int) -> None:
    """Someone has to act, so the night ends with 3; but it has checked, and it has reported."""
    corpus(tmp_path, "http://a.example/page", port=web)
    keys = {"IA_ACCESS_KEY_ID": "REFUSED", "IA_SECRET_ACCESS_KEY": "pair"}
    done = linkwatch("run", "articles", cwd=tmp_path, **keys)
    assert done.returncode == 3, done.stderr
    assert done.stderr.splitlines()[-1].startswith("linkwatch: The Internet Archive does not accept the keys")
    assert "1 alive" in done.stdout
    assert rows(tmp_path, "select outcome from runs") == [("done",)]
    assert linkwatch("archive", cwd=tmp_path, **keys).returncode == 3


def test_keys_appear_nowhere(tmp_path: Path, web: int) -> None:
    """The archive's keys stand in no output and not in the database."""
    corpus(tmp_path, "http://a.example/page", port=web)
    done = linkwatch(
        "run", "articles", "-v", cwd=tmp_path, IA_ACCESS_KEY_ID="AKEY777", IA_SECRET_ACCESS_KEY="SECRET777"
    )
    assert done.returncode == 0, done.stderr
    files = b"".join(path.read_bytes() for path in (tmp_path / "db").iterdir())
    for key in ("AKEY777", "SECRET777"):
        assert key not in done.stdout + done.stderr
        assert key.encode() not in files


def test_a_limited_time_ends_well(tmp_path: Path, web: int) -> None:
    """What the time did not suffice for stays due, and is said; the run is done."""
    corpus(tmp_path, "http://a.example/page", port=web)
    linkwatch("harvest", "articles", cwd=tmp_path)
    done = linkwatch("check", "--max-time", "0", "--limit", "9" * 30, cwd=tmp_path)
    assert (done.returncode, rows(tmp_path, "select count(*) from checks")) == (0, [(0,)])
    assert "not reached, and still due: 1." in done.stderr


@pytest.mark.parametrize(
    "given",
    [("--max-time", "soon"), ("--shard", "0/2"), ("--shard", "3/2"), ("--shard", "2")],
)
def test_options_that_cannot_be_meant(tmp_path: Path, given: tuple[str, str]) -> None:
    """A duration that is none and a shard that does not exist are errors of usage."""
    done = linkwatch("check", *given, cwd=tmp_path)
    assert done.returncode == 2
    assert given[1] in done.stderr
