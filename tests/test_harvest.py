"""The harvest as a whole: from files on disk to rows in the database, night after night."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from conftest import NIGHT

from linkwatch.config import Check, Config, Corpus, Site
from linkwatch.errors import ConfigError, CorpusError
from linkwatch.harvest import pool
from linkwatch.harvest.stage import HarvestSummary, harvest
from linkwatch.model import Scope
from linkwatch.store import urls
from linkwatch.store.database import in_memory, open_for_reading, open_for_writing
from linkwatch.times import to_text

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

LATER = NIGHT + timedelta(days=1)
ARTICLE = """<!--1693890422000-->
[Title](https://news.example.org/2023/a/)
------

<p><a href="https://one.example/">one</a> <a href="/b">two</a> <a href="https://www.example.org/">three</a></p>
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A corpus of two articles."""
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.md").write_text(
        "[one](https://one.example/) [two](https://two.example/)", encoding="utf-8"
    )
    return tmp_path


def night(db: Database, root: Path, now: Any = NIGHT, **settings: Any) -> HarvestSummary:
    return harvest(db, Config(root=root, **settings), [root], now=now)


def rows(db: Database, query: str) -> list[Any]:
    found = db.execute(query).fetchall()
    return [row[0] if len(row) == 1 else row for row in found]


def everything(db: Database) -> dict[str, list[Any]]:
    tables = ("articles", "links", "urls", "mementos")
    return {table: rows(db, f"select * from {table} order by id") for table in tables}


def touch(path: Path, text: str) -> None:
    """Writes a file so that its time is another, however coarse the clock of the disk."""
    before = path.stat().st_mtime_ns
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_the_seed_article(db: Database, shared: Path, tmp_path: Path) -> None:
    """The article the project began with: everything that is known of it, and nothing else."""
    summary = harvest(db, Config(root=tmp_path), [shared / "seeds"], now=NIGHT)
    assert (summary.articles, summary.read, summary.problems) == (1, 1, ())
    (article,) = rows(db, "select url, title, authors, published_at, captured_at, format from articles")
    assert article == (
        "https://cn.nytimes.com/world/20230905/putin-kim-meeting-russia-north-korea-weapons/",
        "金正恩预计将前往俄罗斯与普京会面",
        '["黄安伟", "JULIAN E. BARNES"]',
        "2023-09-05T04:45:39Z",
        "2023-09-05T05:07:02Z",
        "markdown",
    )
    assert rows(db, "select count(*), count(distinct url_id) from links where element = 'a'") == [(18, 17)]
    assert rows(db, "select scope, count(*) from links where element = 'a' group by 1 order by 1") == [
        ("internal", 2),
        ("outbound", 7),
        ("sibling", 9),
    ]
    assert rows(db, "select count(*) from links where fragment is not null") == [2]
    assert rows(db, "select count(*) from urls where url like '%#%' or url like '%smid%'") == [0]
    assert rows(db, "select count(*) from links where raw like '%smid=url-share%'") == [3]
    images = rows(db, "select via, url from links join urls on urls.id = url_id where element = 'img'")
    assert [via for via, _ in images] == [None, "proxy", None, "proxy"]
    assert [url.split("/")[2] for _, url in images] == ["images.weserv.nl", "static01.nyt.com"] * 2
    assert rows(db, "select element, kind, next_check_at from links join urls on urls.id = url_id "
                    "where kind = 'title'") == [("title", "title", None)]  # fmt: skip


def test_unchanged_files_are_not_read(db: Database, root: Path) -> None:
    """The second night reads nothing and changes nothing but the day the articles were seen."""
    first = night(db, root)
    assert (first.articles, first.read, first.links, first.urls, first.new_links) == (2, 2, 6, 5, 6)
    links = rows(db, "select * from links")
    second = night(db, root, LATER)
    assert (second.read, second.unchanged, second.new_links, second.links, second.urls) == (0, 2, 0, 6, 5)
    assert rows(db, "select * from links") == links
    assert rows(db, "select distinct first_seen_at, last_seen_at from articles") == [
        (to_text(NIGHT), to_text(LATER))
    ]


def test_changed_article_keeps_the_rows_of_the_links_it_keeps(db: Database, root: Path) -> None:
    """A link that is still there keeps its row and its first day; one that is gone is marked, not deleted."""
    night(db, root)
    before = dict(rows(db, "select raw, id from links where article_id = 2"))
    touch(root / "b.md", "New first line.\n\n[one](https://one.example/) [three](https://three.example/)")
    summary = night(db, root, LATER)
    assert (summary.read, summary.unchanged, summary.new_links) == (1, 1, 1)
    after = {raw: rest for raw, *rest in rows(
        db, "select raw, id, line, first_seen_at, removed_at from links where article_id = 2"
    )}  # fmt: skip
    assert after["https://one.example/"] == [before["https://one.example/"], 3, to_text(NIGHT), None]
    assert after["https://two.example/"] == [
        before["https://two.example/"],
        1,
        to_text(NIGHT),
        to_text(LATER),
    ]
    assert after["https://three.example/"][2:] == [to_text(LATER), None]


def test_link_that_comes_back_is_the_same_link(db: Database, root: Path) -> None:
    """A link that was taken out and put in again is one row with its first day."""
    text = (root / "b.md").read_text()
    night(db, root)
    touch(root / "b.md", "nothing")
    night(db, root, LATER)
    touch(root / "b.md", text)
    summary = night(db, root, LATER + timedelta(days=1))
    assert summary.new_links == 0
    assert (
        rows(db, "select first_seen_at, removed_at from links where article_id = 2")
        == [(to_text(NIGHT), None)] * 2
    )


def test_repeated_links_are_counted_one_by_one(db: Database, root: Path) -> None:
    """Of the same link written three times, one taken out marks one row."""
    touch(root / "b.md", "[a](https://x.example/) " * 3)
    night(db, root)
    touch(root / "b.md", "[a](https://x.example/) " * 2)
    night(db, root, LATER)
    assert rows(db, "select count(*), count(removed_at) from links where article_id = 2") == [(3, 1)]


def test_new_time_on_old_content_changes_nothing(db: Database, root: Path) -> None:
    """A checkout gives every file a new time: the content decides."""
    night(db, root)
    before = rows(db, "select * from links")
    touch(root / "b.md", (root / "b.md").read_text())
    assert night(db, root, LATER).new_links == 0
    assert rows(db, "select * from links") == before
    assert night(db, root, LATER).unchanged == 2


def test_removed_article_is_marked_and_may_return(db: Database, root: Path) -> None:
    """An article whose file is gone is marked; with the file it is back."""
    night(db, root)
    text = (root / "b.md").read_text()
    (root / "b.md").unlink()
    summary = night(db, root, LATER)
    assert (summary.articles, summary.removed, summary.links) == (1, 1, 4)
    assert rows(db, "select path, removed_at from articles order by id") == [
        ("a.md", None),
        ("b.md", to_text(LATER)),
    ]
    (root / "b.md").write_text(text)
    assert night(db, root, LATER).articles == 2
    assert rows(db, "select count(*) from articles where removed_at is not null") == [0]
    assert rows(db, "select count(*) from links") == [6]


def test_renamed_article_keeps_its_history(db: Database, root: Path) -> None:
    """The same content under a new name, the old name gone, is the same article."""
    night(db, root)
    (root / "posts").mkdir()
    (root / "b.md").rename(root / "posts" / "c.md")
    summary = night(db, root, LATER)
    assert (summary.removed, summary.new_links) == (0, 0)
    assert rows(db, "select id, path, first_seen_at, removed_at from articles where id = 2") == [
        (2, "posts/c.md", to_text(NIGHT), None)
    ]


def test_copied_article_is_another_article(db: Database, root: Path) -> None:
    """The same content under a second name is a second article."""
    night(db, root)
    (root / "copy.md").write_text((root / "b.md").read_text())
    assert night(db, root, LATER).articles == 3


def test_only_what_was_named_can_be_gone(db: Database, root: Path) -> None:
    """A harvest of one directory says nothing of the articles elsewhere."""
    (root / "posts").mkdir()
    (root / "posts" / "c.md").write_text("[c](https://c.example/)")
    night(db, root)
    (root / "b.md").unlink()
    assert harvest(db, Config(root=root), [root / "posts"], now=LATER).removed == 0
    assert night(db, root, LATER).removed == 1


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(db: Database, root: Path) -> None:
    """A binary file among the articles and a link to nothing are one line each, and lose nothing."""
    night(db, root)
    touch(root / "b.md", "")
    (root / "b.md").write_bytes(b"\x89PNG\0\0")
    (root / "c\nd.md").symlink_to(root / "missing")
    summary = night(db, root, LATER)
    assert dict(summary.problems) == {
        "b.md": "a binary file, not text",
        "c\\nd.md": "cannot be read: no such file or directory",
    }
    assert (summary.read, summary.removed) == (0, 0)
    assert rows(db, "select count(*) from links where removed_at is not null") == [0]


def test_an_article_that_cannot_be_seen_is_not_gone(db: Database, root: Path) -> None:
    """Unknown is not "no": a link to a disk that is away tonight says nothing of the article behind it."""
    night(db, root)
    (root / "b.md").unlink()
    (root / "b.md").symlink_to(root / "away" / "b.md")
    summary = night(db, root, LATER)
    assert dict(summary.problems) == {"b.md": "cannot be read: no such file or directory"}
    assert (summary.articles, summary.removed) == (2, 0)
    assert rows(db, "select path from articles where removed_at is not null") == []


def test_empty_directory_is_told(db: Database, tmp_path: Path) -> None:
    """No articles at all is no error, but said."""
    summary = night(db, tmp_path)
    assert summary.articles == 0
    assert [reason for _, reason in summary.problems] == ["no articles in it"]


def test_nothing_named(db: Database, tmp_path: Path) -> None:
    """Without paths there is nothing to harvest, and a path that is missing is an error."""
    with pytest.raises(CorpusError, match="no articles named"):
        harvest(db, Config(root=tmp_path), [], now=NIGHT)
    with pytest.raises(CorpusError, match="no such file"):
        harvest(db, Config(root=tmp_path, corpus=Corpus(paths=("posts",))), [], now=NIGHT)
    with pytest.raises(ConfigError, match="Mars/Olympus"):
        night(db, tmp_path, corpus=Corpus(timezone="Mars/Olympus"))


def due(db: Database) -> list[str]:
    return rows(db, "select url from urls where next_check_at is not null order by url")


def test_due_is_what_the_settings_ask_to_check(db: Database, root: Path) -> None:
    """By default anchors, embeds and images; the title link is recorded and not checked."""
    night(db, root)
    assert due(db) == [
        "https://news.example.org/b", "https://one.example/", "https://two.example/", "https://www.example.org/",
    ]  # fmt: skip
    assert rows(db, "select distinct next_check_at from urls where next_check_at is not null") == [
        to_text(NIGHT)
    ]
    night(db, root, LATER, check=Check(scopes=(Scope.SIBLING,)))
    assert due(db) == ["https://www.example.org/"]
    night(db, root, LATER, check=Check(elements=("title",)))
    assert due(db) == ["https://news.example.org/2023/a/"]
    night(db, root, LATER, check=Check(elements=("img",)))
    assert due(db) == []


def test_first_harvest_makes_due_what_any_other_would(
    db: Database, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a first harvest writes as due is what is found due from all links: nothing less, nothing more."""
    monkeypatch.setattr(pool, "BATCH_BYTES", 1)  # a batch for each file
    (root / "1.md").write_text("![p](https://only-shown.example/) ![p](https://shown-then-cited.example/)")
    (root / "2.md").write_text("[a](https://shown-then-cited.example/)")
    (root / "3.md").write_text("[a](https://web.archive.org/web/20200102030405/https://old.example/)")
    config = replace(Config(root=root), check=Check(elements=("anchors",)))
    harvest(db, config, [root], now=NIGHT)
    made = rows(db, "select url, next_check_at from urls order by url")
    assert dict(made)["https://only-shown.example/"] is None
    assert dict(made)["https://shown-then-cited.example/"] == to_text(NIGHT)
    db.execute("delete from settings")
    harvest(db, config, [root], now=LATER)
    assert rows(db, "select url, next_check_at from urls order by url") == made


def test_url_that_has_its_time_keeps_it_until_no_link_is_left(db: Database, root: Path) -> None:
    """A harvest does not bring forward a check, and ends those of URLs that nothing cites any more."""
    night(db, root)
    db.execute("update urls set next_check_at = '2030-01-01T00:00:00Z' where url = 'https://one.example/'")
    touch(root / "b.md", "nothing")
    night(db, root, LATER)
    assert rows(db, "select next_check_at from urls where url = 'https://one.example/'") == [
        "2030-01-01T00:00:00Z"
    ]
    assert "https://two.example/" not in due(db)


def test_snapshot_is_a_memento_and_never_due(db: Database, root: Path) -> None:
    """An archived page in an article is a memento of its inner URL; only that one is checked."""
    archived = "https://web.archive.org/web/20200102030405/https://old.example/a#b"
    touch(root / "b.md", f"[a]({archived}) [c](https://archive.ph/AbC12)")
    night(db, root)
    night(db, root, LATER)
    assert rows(db, "select urls.url, memento_url, captured_at, source from mementos "
                    "join urls on urls.id = url_id") == [
        ("https://old.example/a", archived.removesuffix("#b"), "2020-01-02T03:04:05Z", "article")
    ]  # fmt: skip
    assert rows(
        db, "select via, fragment, url from links left join urls on urls.id = url_id where article_id = 2"
    ) == [
        (None, "b", archived.removesuffix("#b")),
        ("memento", "b", "https://old.example/a"),
        (None, None, "https://archive.ph/AbC12"),
    ]
    assert [url for url in due(db) if "archive" in url] == []
    assert "https://old.example/a" in due(db)


def test_configured_hosts_are_the_publication(db: Database, root: Path) -> None:
    """With hosts configured they decide the scope, in every article alike."""
    night(db, root, site=Site(hosts=("one.example",)))
    assert set(
        rows(db, "select distinct url, scope from links join urls on urls.id = url_id where element = 'a'")
    ) == {
        ("https://one.example/", "internal"),
        ("https://two.example/", "outbound"),
        ("https://news.example.org/b", "outbound"),
        ("https://www.example.org/", "outbound"),
    }


def test_settings_hold_for_articles_that_have_not_changed(db: Database, root: Path) -> None:
    """What decides how articles are read is new: all are read again, once, and their links are others."""
    touch(root / "b.md", "<https://one.example/?ref=footer>")
    night(db, root)
    asks = Corpus(tracking_parameters=("ref",), timezone="Asia/Tokyo")
    summary = night(db, root, LATER, corpus=asks)
    assert (summary.read, summary.unchanged) == (2, 0)
    urls = "select url from links join urls on urls.id = url_id where removed_at is null and raw like '%ref%'"
    assert rows(db, urls) == ["https://one.example/"]
    assert night(db, root, LATER, corpus=asks).unchanged == 2


def test_settings_are_not_taken_for_those_of_articles_that_were_not_named(db: Database, root: Path) -> None:
    """Part of a corpus read by new settings leaves the rest to be read by them the next time."""
    night(db, root)
    asks = Config(root=root, corpus=Corpus(tracking_parameters=("ref",)))
    assert harvest(db, asks, [root / "a.md"], now=LATER).read == 1
    assert harvest(db, asks, [root], now=LATER).read == 2
    assert harvest(db, asks, [root], now=LATER).read == 0


def test_only_what_is_there_is_counted(db: Database, root: Path) -> None:
    """The URLs of an article that is gone are not among those that are there, unless another cites them."""
    touch(root / "a.md", "<https://one.example/> <https://three.example/>")
    assert night(db, root).urls == 3
    (root / "b.md").unlink()
    found = night(db, root, LATER)
    assert (found.articles, found.links, found.urls) == (1, 2, 2)


def test_links_without_address_are_recorded(db: Database, root: Path) -> None:
    """What cannot be fetched is a link with its reason and no URL."""
    touch(root / "b.md", "[a](mailto:a@b.example) [b](#c) [d](http://台湾与国家) [[Note]]")
    night(db, root)
    assert rows(db, "select skip_reason, fragment, url_id from links where article_id = 2") == [
        ("unsupported_scheme", None, None),
        ("fragment_only", "c", None),
        ("not_a_url", None, None),
        ("wikilink", None, None),
    ]


def test_file_with_many_articles(db: Database, root: Path) -> None:
    """Each entry of a feed is an article of its own, under the file's name; an entry that goes is marked."""
    item = "<item><guid>{0}</guid><link>https://x.example/{0}</link><description>&lt;a href='https://y.example/{0}'&gt;</description></item>"
    feed = "<rss version='2.0'><channel><title>t</title>{}</channel></rss>"
    (root / "c.xml").write_text(feed.format(item.format(1) + item.format(2)))
    assert night(db, root).articles == 4
    assert night(db, root, LATER).unchanged == 3
    touch(root / "c.xml", feed.format(item.format(2)))
    summary = night(db, root, LATER)
    assert (summary.articles, summary.read) == (3, 1)
    assert night(db, root, LATER).unchanged == 3
    touch(root / "c.xml", feed.format(item.format(2)))
    assert night(db, root, LATER).articles == 3  # what the entry that went said is no news


def test_all_cores_write_what_one_does(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows do not depend on how many processes read the files."""
    for number in range(40):
        (root / f"{number}.md").write_text(f"{ARTICLE}\n[x](https://{number % 7}.example/{number})")
    alone, together = in_memory(), in_memory()
    told: list[tuple[int, int]] = []
    night(alone, root)
    monkeypatch.setattr(pool, "ALONE_BYTES", 0)
    monkeypatch.setattr(pool, "BATCH_BYTES", 2000)
    monkeypatch.setattr(pool, "cores", lambda: 2)
    config = Config(root=root)
    harvest(together, config, [root], now=NIGHT, progress=lambda done, total: told.append((done, total)))
    assert everything(alone) == everything(together)
    assert told[-1] == (42, 42)
    assert told == sorted(told)
    alone.close()
    together.close()


KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from linkwatch.config import Config
from linkwatch.harvest import pool
from linkwatch.harvest.stage import harvest
from linkwatch.store.database import open_for_writing

def progress(done, total):
    if done > total // 2:
        os.kill(os.getpid(), signal.SIGKILL)

pool.BATCH_BYTES = 2000
root, now = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[3])
with open_for_writing(Path(sys.argv[2]), now) as db:
    harvest(db, Config(root=root), [root], now=now, progress=progress)
"""


@pytest.mark.parametrize("reads", [False, True])
def test_a_first_harvest_beside_somebody_who_reads(root: Path, *, reads: bool) -> None:
    """It fills the tables whether or not somebody has the database open, and leaves it open to readers."""
    path = root / "new.db"
    with open_for_writing(path, NIGHT) as db, closing(sqlite3.connect(path)) as reader:
        if reads:
            reader.execute("begin")
            assert reader.execute("select count(*) from articles").fetchone() == (0,)
        assert night(db, root).articles == 2
        assert db.execute("pragma journal_mode").fetchone() == ("wal",)
        reader.rollback()
        assert reader.execute("select count(*) from articles").fetchone() == (2,)


def test_killed_in_the_middle_and_started_again(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A harvest that was killed and started again ends in the same database as one that was not."""
    for number in range(40):
        (root / f"{number}.md").write_text(f"{ARTICLE}\n[x](https://{number % 7}.example/{number})")
    path = tmp_path_factory.mktemp("db") / "a.db"
    command = [sys.executable, "-c", KILLED, str(root), str(path), NIGHT.isoformat()]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with open_for_reading(path) as db:
        assert 0 < rows(db, "select count(*) from articles")[0] < 42
    whole = in_memory()
    night(whole, root)
    with open_for_writing(path, NIGHT) as db:
        indexes = "select sql from sqlite_schema where type = 'index' order by name"
        assert rows(db, indexes) == rows(whole, indexes)  # those that the killed one put off, too
        assert 0 < night(db, root).unchanged < 42  # it goes on where it was
        assert everything(db) == everything(whole)
    whole.close()


def test_boilerplate_is_marked_while_it_is_in_many_articles(db: Database, root: Path) -> None:
    """A URL in twenty articles or more is marked, however often each repeats it, until it is in fewer."""
    for number in range(18):
        (root / f"{number}.md").write_text("[feed](https://two.example/) " * 2, encoding="utf-8")
    night(db, root)
    assert rows(db, "select * from boilerplate") == []
    (root / "18.md").write_text("[feed](https://two.example/)", encoding="utf-8")
    night(db, root, LATER)
    assert rows(db, "select url, boilerplate.articles from boilerplate join urls on id = url_id") == [
        ("https://two.example/", 20)
    ]
    (root / "18.md").unlink()
    night(db, root, LATER)
    assert rows(db, "select * from boilerplate") == []
    few = replace(Config(root=root), policy=replace(Config().policy, boilerplate_articles=2))
    harvest(db, few, [root], now=LATER)
    assert set(rows(db, "select url from boilerplate_health")) == {
        "https://one.example/", "https://two.example/"
    }  # fmt: skip


def test_the_database_holds_together(db: Database, root: Path) -> None:
    """After nights of changes no row refers to a row that is not there."""
    night(db, root)
    touch(root / "b.md", "[a](https://web.archive.org/web/20200102030405/https://old.example/)")
    (root / "a.md").unlink()
    harvest(db, replace(Config(root=root), site=Site(hosts=("x.example",))), [root], now=LATER)
    assert rows(db, "pragma foreign_key_check") == []
    assert rows(db, "pragma integrity_check") == ["ok"]


def test_a_first_harvest_of_more_urls_than_it_can_remember(
    root: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """URLs met again after they were forgotten keep their one row, though a first harvest has no index."""
    for number in range(6):
        (root / f"{number}.md").write_text(f"[a](https://one.example/) [b](https://{number}.example/)")
    monkeypatch.setattr(urls, "_REMEMBERED", 2)
    monkeypatch.setattr(pool, "BATCH_BYTES", 1)
    night(db, root)
    assert rows(db, "select count(*), count(distinct url) from urls") == [(11, 11)]
    assert rows(
        db, "select count(*) from links where url_id = (select id from urls where host = 'one.example')"
    ) == [8]


def test_after_a_first_harvest_the_database_keeps_what_it_is_told_to(root: Path, db: Database) -> None:
    """What is put off while empty tables are filled is there again: indexes, and foreign keys."""
    indexes = "select name from sqlite_schema where type = 'index' order by name"
    before = rows(db, indexes)
    night(db, root)
    assert rows(db, indexes) == before
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        db.execute("update links set article_id = 999")


def test_no_url_has_two_rows(root: Path, db: Database) -> None:
    """After a first harvest the database itself keeps a URL from having two rows."""
    night(db, root)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        db.execute(
            "insert into urls (url, scheme, host, domain, first_seen_at) select url, '', '', '', '' from urls"
        )
