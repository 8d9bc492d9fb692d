"""``linkwatch fix``: exactly the intended characters change, and exactly the intended links."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwatch.config import Check, Config, Corpus, Exclude
from linkwatch.fix.diff import shown, unified
from linkwatch.fix.plan import FIXABLE
from linkwatch.fix.stage import CHANGED, Fixed, fix
from linkwatch.harvest.stage import harvest
from linkwatch.model import State
from linkwatch.store.database import in_memory, open_for_writing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

DEAD, MOVED, DRIFTED, ALIVE = (
    f"https://{name}.example.org/p" for name in ("dead", "moved", "drifted", "alive")
)
NEW = "https://new.example.org/p?a=1&b=2"
SNAPSHOT = "https://web.archive.org/web/20200102030405/"
SHOWN = "2020-01-01"


class Bed:
    """A corpus in a directory, harvested, whose URLs stand as a test says."""

    def __init__(self, db: Database, root: Path) -> None:
        self.db = db
        self.root = root
        self.config = Config(corpus=Corpus(paths=("articles",)), root=root)
        self.articles = root / "articles"
        self.articles.mkdir()

    def put(self, name: str, data: bytes | str) -> Path:
        """A file of the corpus."""
        path = self.articles / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def harvest(self) -> None:
        """Reads the corpus; then each URL stands as its host's name says."""
        harvest(self.db, self.config, (), now=NIGHT)
        for state in ("dead", "moved", "drifted"):
            self.stand(f"https://{state}.%", state)
        for row in list(self.db.query("select id, url from urls where state in ('dead', 'drifted')")):
            self.memento(row["id"], SNAPSHOT + row["url"])
        self.db.execute("update urls set final_url = ? where state = 'moved'", (NEW,))

    def stand(self, pattern: str, state: str) -> None:
        """Says how the URLs of a pattern stand."""
        self.db.execute("update urls set state = ? where url like ?", (state, pattern))

    def memento(self, url_id: int, address: str) -> None:
        """A snapshot of a URL."""
        self.db.execute(
            "insert or ignore into mementos (url_id, memento_url, captured_at, http_status, source, found_at)"
            " values (?, ?, '2020-01-02T03:04:05Z', 200, 'wayback', '2026-01-01T00:00:00Z')",
            (url_id, address),
        )

    def fix(self, *paths: Path, only: Iterable[State] = FIXABLE, article: str | None = None,
            robust: bool = False) -> list[Fixed]:  # fmt: skip
        """What would be fixed."""
        return list(fix(self.db, self.config, paths, today=NIGHT.date(), only=tuple(only), article=article,
                        robust=robust))  # fmt: skip

    def raws(self) -> list[tuple[str, str]]:
        """Every link as written, in order, with its article."""
        rows = self.db.query(
            "select path, raw from links join articles on articles.id = article_id"
            " where links.removed_at is null and via is null order by path, line, column, links.id"
        )
        return [(row["path"], row["raw"]) for row in rows]


@pytest.fixture
def bed(db: Database, tmp_path: Path) -> Bed:
    """An empty corpus."""
    return Bed(db, tmp_path)


def mended(bed: Bed, name: str, source: bytes | str, *, robust: bool = False) -> bytes:
    """What becomes of one source."""
    bed.put(name, source)
    bed.harvest()
    (only,) = bed.fix(robust=robust)
    assert only.refused is None
    return only.after


M = SNAPSHOT + DEAD
FORMS = {
    "a quoted attribute": ("a.html", f'<p><a href="{DEAD}">x</a>', f'<p><a href="{M}">x</a>'),
    "single quotes": ("a.html", f"<p><a  HREF = '{DEAD}' id=x>x</a>", f"<p><a  HREF = '{M}' id=x>x</a>"),
    "no quotes": ("a.html", f"<p><a href={DEAD}>x</a>", f"<p><a href={M}>x</a>"),
    "no quotes, and now needed": ("a.html", f"<p><a href={MOVED}>x</a>",
                                  '<p><a href="https://new.example.org/p?a=1&amp;b=2">x</a>'),
    "entities": ("a.html", f'<p><a href="{DEAD}?a&amp;b=&quot;">x</a>',
                 f'<p><a href="{M}?a&amp;b=%22">x</a>'),
    "an image, and only one of two": ("a.html", f'<p><img src="{DEAD}" alt="{DEAD}"><img src="{ALIVE}">',
                                      f'<p><img src="{M}" alt="{DEAD}"><img src="{ALIVE}">'),
    "one of a set": ("a.html", f'<p><img srcset="{ALIVE} 1x, {DEAD} 2x">',
                     f'<p><img srcset="{ALIVE} 1x, {M} 2x">'),
    "one of a set, with a query": ("a.html", f'<p><img srcset="{DEAD}?a&region=1 1x">',
                                   f'<p><img srcset="{M}?a&amp;region=1 1x">'),
    "CRLF and no newline at the end": ("a.html", f'<p>\r\n<a href="{DEAD}">x</a>\r\n<i>',
                                       f'<p>\r\n<a href="{M}">x</a>\r\n<i>'),
    "a fragment, kept": ("a.html", f'<p><a href="{DEAD}#s-2">x</a>', f'<p><a href="{M}#s-2">x</a>'),
    "inline Markdown": ("a.md", f'[x]({DEAD} "t") and ![i]({DEAD})\n', f'[x]({M} "t") and ![i]({M})\n'),
    "text that is the address": ("a.md", f"[{DEAD}]({DEAD})\n", f"[{DEAD}]({M})\n"),
    "in angle brackets": ("a.md", f"[x](<{DEAD}/a b>)\n", f"[x](<{M}/a%20b>)\n"),
    "a definition": ("a.md", f"[x][1], [y][1]\n\n[1]: {DEAD} 'T'\n", f"[x][1], [y][1]\n\n[1]: {M} 'T'\n"),
    "an autolink": ("a.md", f"<{DEAD}>\n", f"<{M}>\n"),
    "a bare address in Chinese": ("a.md", f"见{DEAD}。另见\n", f"见{M}。另见\n"),
    "a bare address with entities": ("a.md", f"see {DEAD}?a=1&amp;b=2\n", f"see {M}?a=1&b=2\n"),
    "brackets in the new address": ("a.md", "[x](https://dead.example.org/a%28)\n",
                                    f"[x]({SNAPSHOT}https://dead.example.org/a%28)\n"),
    "HTML in Markdown": ("a.md", f'text\n\n<p><a href="{MOVED}">x</a></p>\n',
                         'text\n\n<p><a href="https://new.example.org/p?a=1&amp;b=2">x</a></p>\n'),
    "never code": ("a.md", f"`{DEAD}` [x]({DEAD})\n\n```\n[x]({DEAD})\n```\n\n    {DEAD}\n",
                   f"`{DEAD}` [x]({M})\n\n```\n[x]({DEAD})\n```\n\n    {DEAD}\n"),
    "a redirector goes too": ("a.md", "[x](https://l.facebook.com/l.php?u=https%3A%2F%2Fdead.example.org%2Fp&h=1)\n",
                              f"[x]({M})\n"),
    "reStructuredText": ("a.rst", f"`x <{DEAD}>`_ and {DEAD}\n", f"`x <{M}>`_ and {M}\n"),
    "AsciiDoc": ("a.adoc", f"= T\n\n{DEAD}[x] and link:{DEAD}[y].\n", f"= T\n\n{M}[x] and link:{M}[y].\n"),
    "plain text": ("a.txt", f"Note\n\nSee {DEAD}.\n", f"Note\n\nSee {M}.\n"),
    "the article's own address stays": ("a.md", f"[Title]({DEAD})\n------\n\n[x]({DEAD})\n",
                                        f"[Title]({DEAD})\n------\n\n[x]({M})\n"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after"), FORMS.values(), ids=FORMS)
def test_only_the_address_changes(bed: Bed, name: str, before: str, after: str) -> None:
    """In each form the address is spelled as that form needs, and nothing else is touched."""
    assert mended(bed, name, before).decode() == after


@pytest.mark.parametrize(
    ("mark", "codec"),
    [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"", "gb18030")],
)
def test_bytes_around_it_are_kept(bed: Bed, mark: bytes, codec: str) -> None:
    """Byte order mark and encoding stay as they are, also where that is not UTF-8."""
    text = f'<meta charset="gb2312"><p>长城谣，人民币汇率升至最高水平<a href="{DEAD}">引文</a>\r\n'
    source = mark + text.encode(codec)
    assert mended(bed, "a.html", source) == mark + text.replace(DEAD, M, 1).encode(codec)


LEFT = {
    "a proxied image": ("a.html", f'<img src="https://images.weserv.nl/?url={DEAD}">', "proxy"),
    "nothing to put there": ("a.html", '<a href="https://dead2.example.org/">x</a>', "no good memento"),
    "a new address with a session": ("a.html", '<a href="https://moved2.example.org/">x</a>', "session"),
}


@pytest.mark.parametrize(("source", "why"), [row[1:] for row in LEFT.values()], ids=LEFT)
def test_what_cannot_be_done_safely_is_left_and_told(bed: Bed, source: str, why: str) -> None:
    """A link stays as it is where no replacement is certain, with the reason."""
    bed.put("a.html", f"<!doctype html>{source}")
    bed.harvest()
    bed.stand("https://dead2.%", "dead")
    bed.stand("https://moved2.%", "moved")
    bed.db.execute(
        "update urls set final_url = 'https://x.example.org/?sessionid=123456789' where state = 'moved'"
    )
    (only,) = bed.fix()
    assert (only.before, only.fixes) == (only.after, ())
    assert [why in each.why for each in only.left] == [True]


@pytest.mark.parametrize(
    "memento", ["javascript:alert(1)", "https://x.example.org/ onclick=x", "https://x/<b>"]
)
def test_no_hostile_address_is_written(bed: Bed, memento: str) -> None:
    """What an archive named is written into no article unless it is a plain web address."""
    bed.put("a.html", '<!doctype html><a href="https://dead.example.org/">x</a>')
    bed.harvest()
    bed.db.execute("update mementos set memento_url = ?", (memento,))
    (only,) = bed.fix()
    assert (only.before, only.fixes, len(only.left)) == (only.after, (), 1)


def test_a_link_to_an_archive_is_left(bed: Bed) -> None:
    """What cites a snapshot leads where it should, however the page itself stands."""
    bed.put("a.html", f'<!doctype html><a href="{M}">x</a>')
    bed.harvest()
    assert bed.fix() == [Fixed("articles/a.html", bed.articles / "a.html")]


def test_known_links_are_left(bed: Bed) -> None:
    """What the configuration excludes is not repaired either."""
    bed.config = replace(bed.config, check=Check(exclude=(Exclude("dead.example.org", "known"),)))
    bed.put("a.html", f'<!doctype html><a href="{DEAD}">x</a>')
    bed.harvest()
    assert [each.fixes for each in bed.fix()] == [()]


def test_a_file_that_changed_is_refused(bed: Bed) -> None:
    """Positions hold for the bytes that were harvested, and for no others."""
    path = bed.put("a.html", f'<!doctype html><a href="{DEAD}">x</a>')
    bed.harvest()
    path.write_text(path.read_text() + " ")
    assert [(each.refused, each.after) for each in bed.fix()] == [(CHANGED, b"")]


def test_notebooks_and_exports_are_refused_once(bed: Bed) -> None:
    """Formats whose files hold their text encoded are not written to, with one line a file."""
    item = (
        "<item><title>t</title><link>https://paper.example/{0}</link><guid>https://paper.example/{0}</guid>"
        f"<description>&lt;a href='{DEAD}'&gt;x&lt;/a&gt;</description></item>"
    )
    feed = f"<rss version='2.0'><channel><title>t</title>{item.format(1)}{item.format(2)}</channel></rss>"
    bed.put("a.rss", feed)
    bed.harvest()
    (only,) = bed.fix()
    assert only.refused == "feed files are not written to; mend their source"


def test_only_and_article_narrow(bed: Bed) -> None:
    """``only`` names states; ``article`` a path or glob; paths name files or directories."""
    page = f'<!doctype html><a href="{DEAD}">x</a><a href="{MOVED}">y</a>'
    one, two = bed.put("one.html", page), bed.put("two.html", page)
    bed.harvest()
    assert [{each.state for each in file.fixes} for file in bed.fix(one, only=[State.MOVED])] == [
        {State.MOVED}
    ]
    assert [each.location for each in bed.fix(article="articles/t*")] == [two]
    assert [each.location for each in bed.fix(two)] == [two]
    assert len(bed.fix(bed.articles)) == 2


def test_robust_links(bed: Bed) -> None:
    """An anchor says what was cited, as of which day, and where a snapshot is; a second time nothing more."""
    text = (
        f'<!doctype html><head><meta property="article:published_time" content="{SHOWN}T10:00:00Z">'
        f'</head><body><a class=x href={DEAD}>x</a><img src="{DEAD}">'
        f'<a href="{MOVED}" data-originalurl="y">y</a>'
    )
    said = f'data-originalurl="{DEAD}" data-versiondate="{SHOWN}" data-versionurl="{M}"'
    wanted = text.replace(f"href={DEAD}", f"href={M} {said}").replace(f'src="{DEAD}"', f'src="{M}"')
    wanted = wanted.replace(f'"{MOVED}"', '"https://new.example.org/p?a=1&amp;b=2"')
    assert mended(bed, "a.html", text, robust=True).decode() == wanted


def _everything_dead(bed: Bed, chance: random.Random) -> None:
    """Some of all URLs die, some move, some drift, each with its replacement."""
    for row in list(bed.db.query("select id, url from urls where snapshot = 0")):
        state = chance.choice(["dead", "moved", "drifted", "alive"])
        bed.db.execute(
            "update urls set state = ?, final_url = ? where id = ?",
            (state, f"https://new.example.org/{row['id']}?a=1&b=(2)", row["id"]),
        )
        bed.memento(row["id"], SNAPSHOT + row["url"])


def _holds(bed: Bed) -> int:
    """Applies, harvests again, compares; the number of links that were fixed."""
    before = bed.raws()
    done = bed.fix()
    count = 0
    for each in done:
        if each.refused is None and each.fixes:
            each.location.write_bytes(each.after)
            count += len(each.fixes)
            _only_addresses(each)
    new = {(f.path, each.raw): each.new for f in done for each in f.fixes}
    harvest(bed.db, bed.config, (), now=NIGHT)
    after = bed.raws()
    assert len(after) == len(before)
    for (path, old), (_, now) in zip(before, after, strict=True):
        assert now in (old, new.get((path, old)))
    assert [each.fixes for each in bed.fix() if each.fixes and _went_wrong(each, new)] == []
    return count


def _went_wrong(again: Fixed, new: dict[tuple[str, str], str]) -> bool:
    """Whether a second run would touch what the first one wrote."""
    return any(each.raw in new.values() for each in again.fixes)


def _only_addresses(each: Fixed) -> None:
    """Outside the lines with a fix not one byte differs, and no line came or went."""
    old, new = each.before.split(b"\n"), each.after.split(b"\n")
    assert len(old) == len(new)
    changed = {number for number, (one, other) in enumerate(zip(old, new, strict=True), 1) if one != other}
    assert len(changed) <= len(each.fixes)


@pytest.mark.parametrize("room", ["corpus/articles", "seeds"])
@pytest.mark.parametrize("seed", [1, 2])
def test_real_articles(bed: Bed, shared: Path, room: str, seed: int) -> None:
    """On real articles: applied and harvested again, what was meant leads elsewhere, and no other."""
    shutil.copytree(shared / room, bed.articles, dirs_exist_ok=True, copy_function=shutil.copyfile)
    for directory in [bed.articles, *bed.articles.rglob("*/")]:
        directory.chmod(0o755)
    bed.harvest()
    _everything_dead(bed, random.Random(seed))
    assert _holds(bed) > 0


PIECES = (
    "para [x]({}) and ![i]({} 't')",
    "[ref][{n}] text\n\n[{n}]: <{}>",
    "<{}> bare {} end.",
    "<p>\n<a title='{}' href=\"{}\">x</a>\n<img src={}>\n</p>",
    "| a | b |\n|---|---|\n| [x]({}) | {} |",
    "> quoted <a\n> href='{}'>x</a>",
    "`{}`\n\n```\n[x]({})\n```",
    "- list [x]({})\n\n      {}",
    "中文{}。中文",
    '<video poster="{}" src="{}"></video>',
)
TAILS = (
    "",
    "?a=1&copy=2",
    "?q=%22(x)",
    "/(b)",
    "#part-2",
    "/~c_d_*e*",
    "?a|b",
    "/%E4%B8%AD",
    "?x=1&amp;y;=2",
    "/'q'",
)
URL = st.builds("https://{}.example.org/{}{}".format, st.sampled_from(["dead", "moved", "drifted", "alive"]),
                st.integers(1, 3), st.sampled_from(TAILS))  # fmt: skip


@given(
    pieces=st.lists(st.tuples(st.sampled_from(PIECES), st.lists(URL, min_size=3, max_size=3)), max_size=8),
    newline=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
@settings(max_examples=60, deadline=None)
def test_generated_articles(pieces: list[tuple[str, list[str]]], newline: str, mark: bytes) -> None:
    """Whatever stands beside what: what is fixed is right after the next harvest, the rest is as it was."""
    blocks = [piece.format(*urls, n=number) for number, (piece, urls) in enumerate(pieces)]
    with TemporaryDirectory() as name, closing(in_memory()) as db:
        bed = Bed(db, Path(name))
        bed.put("a.md", mark + "\n\n".join(["# Title", *blocks, ""]).replace("\n", newline).encode())
        bed.harvest()
        _everything_dead(bed, random.Random(1))
        _holds(bed)
        assert (bed.articles / "a.md").read_bytes().startswith(mark)


class Site:
    """A publication in a directory of its own, used by the command as its owner does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "linkwatch.toml").write_text('[corpus]\npaths = ["articles"]\n')
        with open_for_writing(root / "db" / "linkwatch.db", NIGHT) as db:
            bed = Bed(db, root)
            self.page = bed.put(
                "a.html", f'<!doctype html>\r\n<a href="{DEAD}">x</a> <a href="{ALIVE}">y</a>'
            )
            bed.harvest()

    def run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        """Runs a command in the directory."""
        return subprocess.run(command, cwd=self.root, capture_output=True, timeout=60, check=False)

    def fix(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """``linkwatch fix``."""
        return self.run(sys.executable, "-m", "linkwatch", "fix", *arguments)

    def git(self, *arguments: str) -> None:
        """A git command that must succeed."""
        done = self.run("git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A publication with one dead link."""
    return Site(tmp_path)


def test_prints_a_diff_that_can_be_applied(site: Site) -> None:
    """On stdout the diff and nothing else; the files are as they were; git applies it to the same end."""
    before = site.page.read_bytes()
    printed = site.fix()
    assert (printed.returncode, site.page.read_bytes()) == (0, before)
    assert b"1 link" in printed.stderr
    applied = subprocess.run(["git", "apply", "-"], cwd=site.root, input=printed.stdout, check=False)
    assert (applied.returncode, site.page.read_bytes()) == (0, before.replace(DEAD.encode(), M.encode()))


def test_tells_programs_what_it_would_do(site: Site) -> None:
    """``--json`` says for each file what would stand where, and changes nothing without ``--write``."""
    before = site.page.read_bytes()
    (told,) = json.loads(site.fix("--json").stdout)["files"]
    (fixed,) = told["fixes"]
    assert (told["path"], told["refused"], told["left"]) == ("articles/a.html", None, [])
    assert (fixed["url"], fixed["new"], fixed["state"], fixed["line"]) == (DEAD, M, "dead", 2)
    assert site.page.read_bytes() == before
    assert json.loads(site.fix("--json", "--write").stdout)["written"] is True
    assert site.page.read_bytes() == before.replace(DEAD.encode(), M.encode())


def test_write_changes_the_files_once(site: Site) -> None:
    """``--write`` keeps mode bits and symbolic links; run again, it does nothing."""
    before = site.page.read_bytes()
    kept = site.root / "kept.html"
    site.page.rename(kept)
    site.page.symlink_to(kept)
    kept.chmod(0o640)
    assert site.fix("--write").stdout == b""
    after = kept.read_bytes()
    assert after == before.replace(DEAD.encode(), M.encode())
    assert (site.page.is_symlink(), kept.stat().st_mode & 0o777) == (True, 0o640)
    assert b"run 'linkwatch harvest' first" in site.fix("--write").stderr
    site.run(sys.executable, "-m", "linkwatch", "harvest")
    assert site.fix().stdout == b""
    assert kept.read_bytes() == after
    assert sorted(each.name for each in site.page.parent.iterdir()) == ["a.html"]


def test_uncommitted_changes_are_not_overwritten(site: Site) -> None:
    """A file that git could not bring back is left alone, unless told otherwise."""
    before = site.page.read_bytes()
    other = site.page.with_name("b.html")
    other.write_bytes(before)
    site.run(sys.executable, "-m", "linkwatch", "harvest")
    site.git("init", "-q")
    refused = site.fix("--write")
    assert (refused.returncode, site.page.read_bytes()) == (0, before)
    assert b"articles/a.html: holds changes that are not committed" in refused.stderr
    assert site.fix().stdout != b""  # a diff harms nobody
    site.git("add", "articles")
    site.git("commit", "-q", "-m", "first")
    assert site.fix("--write").returncode == 0
    assert M.encode() in site.page.read_bytes()
    assert M.encode() in other.read_bytes()  # what was written first does not hold up the rest


def test_a_repository_that_git_cannot_read_is_not_written_to(site: Site) -> None:
    """Where git is there and cannot say what is committed, nothing is taken for safe."""
    before = site.page.read_bytes()
    site.git("init", "-q")
    site.git("add", "articles")
    site.git("commit", "-q", "-m", "first")
    (site.root / ".git" / "index").write_bytes(b"no index")
    assert b"not committed" in site.fix("--write").stderr
    assert site.page.read_bytes() == before


def test_force_writes_all_the_same(site: Site) -> None:
    """``--force`` writes to a file that git does not hold."""
    site.git("init", "-q")
    assert b"not committed" not in site.fix("--write", "--force").stderr
    assert M.encode() in site.page.read_bytes()


def test_unknown_state_is_a_usage_error(site: Site) -> None:
    """``--only`` knows three states."""
    done = site.fix("--only", "dead,alive")
    assert (done.returncode, b"'alive' is none of dead, moved, drifted" in done.stderr) == (2, True)


def test_a_diff_on_a_terminal_moves_nothing() -> None:
    """What strangers wrote into an article reaches a terminal without its control characters."""
    diff = unified("a.md", b"\x1b[2J old\xff\n", b"\x1b[2J new\xff\n")
    assert shown(diff) == "--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n-\ufffd[2J old\ufffd\n+\ufffd[2J new\ufffd\n"
