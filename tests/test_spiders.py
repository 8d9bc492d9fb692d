"""Crawling a live site into article files: what is listed, what is kept, what is left alone."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from linkwatch import crawl as crawling
from linkwatch.config import Config, parse
from linkwatch.crawl import CrawlSummary, crawl
from linkwatch.demo.web import running_web
from linkwatch.demo.world import World
from linkwatch.errors import LinkwatchError, MissingExtraError, UsageError
from linkwatch.harvest import html
from linkwatch.harvest.document import Context

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("scrapy")

from spiders.listing import Listing, read
from spiders.naming import NAME_LIMIT, file_name
from spiders.page import Page, origin, rendered, same_page

HOST = "http://site.example"
HOSTS = ("site.example", "www.site.example", "other.example")
HTML = "text/html; charset=utf-8"
XML = "application/xml"
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def sitemap(*urls: str) -> bytes:
    return SITEMAP.format("".join(f"<url><loc>{url}</loc></url>" for url in urls)).encode()


def article(title: str) -> bytes:
    return f'<!doctype html><title>{title}</title><p><a href="https://cited.example/{title}">x</a>'.encode()


@dataclass
class Site:
    """A site whose answers a test sets: path → status, content type, body."""

    config: Config = field(default_factory=Config)
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def put(self, path: str, body: bytes, kind: str = HTML, status: int = 200) -> None:
        """Sets what a path answers."""
        self.answers[path] = (status, kind, body)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answers as set, and 404 else."""
        self.asked.append(request.path_qs)
        self.agents.add(request.headers["User-Agent"])
        status, kind, body = self.answers.get(request.path_qs, (404, HTML, b"nothing here"))
        if 300 <= status < 400:
            return web.Response(status=status, headers={"Location": body.decode()})
        return web.Response(status=status, headers={"Content-Type": kind}, body=body)

    def crawl(self, output: Path, path: str = "/sitemap.xml", **options: int) -> CrawlSummary:
        """One crawl of the site."""
        return crawl("sitemap", [HOST + path], output, self.config, **options)


@pytest.fixture
def site() -> Iterator[Site]:
    """One host of a simulated web, empty but for what a test puts there."""
    site, app = Site(), web.Application()

    async def serve(request: web.Request) -> web.StreamResponse:
        return await site.answer(request)

    app.router.add_get("/{path:.*}", serve)
    with running_web(World(()), dict.fromkeys(HOSTS, app)) as running:
        network = {"connect_to": list(running.connect_to), "nameservers": list(running.nameservers)}
        check = {"per_host_interval": 0, "retries": 0}
        site.config = parse({"network": network, "check": check}, root=Path())
        yield site


def names(output: Path) -> list[str]:
    return sorted(path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file())


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><link>http://site.example/</link>
<item><link> /a </link></item><item><guid>http://site.example/b</guid></item>
<item><guid isPermaLink="false">tag:1</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://site.example/blog/">
<entry><link rel="edit" href="/edit"/><link href="a"/></entry><entry><id>tag:2</id></entry></feed>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>http://site.example/1.xml</loc></sitemap><sitemap><loc>/2.xml</loc></sitemap></sitemapindex>"""
A, B = f"{HOST}/a", f"{HOST}/b"


@pytest.mark.parametrize(
    ("text", "listing"),
    [
        (sitemap(A, B, A).decode(), Listing((A, B))),
        (sitemap("/a", "mailto:x@y.example", "http://[", "").decode(), Listing((A,))),
        (INDEX, Listing(lists=(f"{HOST}/1.xml", f"{HOST}/2.xml"))),
        (RSS, Listing((A, B))),
        (ATOM, Listing((f"{HOST}/blog/a",))),
        (
            "User-agent: *\nsitemap: http://site.example/1.xml\nSite-Map:/2.xml",
            Listing((), (f"{HOST}/1.xml", f"{HOST}/2.xml")),
        ),
        (f"Our pages\r\n{A}\r\n{B}\r\n", Listing((A, B))),
        (SITEMAP.format(""), Listing()),
        ("<!doctype html><title>Hello</title>", None),
        ("nothing of use", None),
        ("", None),
    ],
)
def test_a_list_says_itself_what_it_is(text: str, listing: Listing | None) -> None:
    """Sitemaps, indexes, feeds, plain lists and robots.txt are told apart by what is in them."""
    assert read(text, f"{HOST}/list") == listing


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/2024/slug/", "2024/slug/index.html"),
        ("/2024/slug", "2024/slug.html"),
        ("/2024/slug.html", "2024/slug.html"),
        ("/v1.2/slug", "v1.2/slug.html"),
        ("/", "index.html"),
        ("", "index.html"),
        ("/%E6%96%B0%E9%97%BB/%E4%B8%80", "新闻/一.html"),
    ],
)
def test_a_plain_address_is_its_file_name(path: str, name: str) -> None:
    """People find an article's file by its address."""
    assert file_name(HOST + path).as_posix() == f"site.example/{name}"


@pytest.mark.parametrize(
    "path",
    [
        "/a?id=1",
        "/A",
        "/..%2f..%2fetc/passwd",
        "/a%00b",
        "/con",
        "/" + "x" * 999,
        "/a/" * 99,
        "/.git/config",
        "/a.html/b",
    ],
)
def test_any_other_address_has_its_hash_in_the_name(path: str) -> None:
    """What a file system would refuse, change or confuse is named by a hash as well, and never climbs out."""
    name = file_name(HOST + path)
    assert name.parts[0] == "site.example"
    assert not {"..", "."} & set(name.parts)
    assert name != file_name(HOST + path.lower() + "&") != file_name(HOST + path + "?")
    assert all(len(part.encode()) < 143 for part in name.parts)


@given(st.text())
def test_no_address_leads_out(path: str) -> None:
    """Whatever an address holds, its file lies below the output directory and has a name of fair length."""
    name = file_name(f"{HOST}/{path}")
    assert not name.is_absolute()
    assert all(part.strip(". ") and "\0" not in part for part in name.parts)
    assert all(len(part.encode()) <= NAME_LIMIT + 22 for part in name.parts)
    assert name.suffix == ".html"


def test_a_file_says_where_it_was_saved_from() -> None:
    """The first line holds time and address; two fetches of the same page are the same page."""
    first = rendered(Page(A, "<p>ä", NOON))
    assert first.splitlines() == [f"<!--1772366400000--><!-- saved from url=(0021){A} -->", "<p>ä"]
    assert origin(first) == A
    assert origin("<p>ä") is None
    assert same_page(first, rendered(Page(A, "<p>ä", datetime(2027, 1, 1, tzinfo=UTC))))
    assert not same_page(first, rendered(Page(A, "<p>ö", NOON)))


def test_the_first_line_changes_nothing_in_the_page() -> None:
    """The harvest finds the same title and links, one line further down."""
    text = article("a").decode()
    (plain,), (saved,) = html.read(text, Context()), html.read(rendered(Page(A, text, NOON)), Context())
    assert saved.metadata.title == plain.metadata.title == "a"
    assert [(each.raw, each.line) for each in saved.links] == [(each.raw, 2) for each in plain.links]


def test_an_address_cannot_end_the_comment() -> None:
    """Nothing in an address becomes markup."""
    text = rendered(Page(f"{A}?--><script>", "", NOON))
    assert text.count("-->") == 2
    assert "<script>" not in text.replace("%3E", ">").partition("saved")[0]


def test_from_index_to_pages(site: Site, tmp_path: Path) -> None:
    """An index leads to sitemaps, packed ones too, and these to pages; each page becomes a file."""
    site.put("/sitemap.xml", INDEX.encode(), XML)
    site.put("/1.xml", gzip.compress(sitemap(f"{HOST}/2024/a/")), "application/gzip")
    site.put("/2.xml", sitemap(f"{HOST}/b"), XML)
    site.put("/2024/a/", article("a"))
    site.put("/b", article("b"))
    assert site.crawl(tmp_path) == CrawlSummary(written=2, unchanged=0, troubles=())
    assert names(tmp_path) == ["site.example/2024/a/index.html", "site.example/b.html"]
    head, _, page = (tmp_path / "site.example/b.html").read_bytes().partition(b"\n")
    assert head.endswith(b"url=(0021)http://site.example/b -->")
    assert page == article("b")
    assert site.agents == {site.config.network.user_agent}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (RSS, "application/rss+xml"),
        (ATOM.replace("blog/", ""), "application/atom+xml"),
        (A, "text/plain"),
        (RSS, HTML),
    ],
)
def test_from_feed_to_pages(site: Site, tmp_path: Path, body: str, kind: str) -> None:
    """RSS, Atom and plain lists lead to pages, whatever their content type says."""
    site.put("/feed", body.encode(), kind)
    site.put("/a", article("a"))
    site.put("/b", article("b"))
    crawl("feed", [f"{HOST}/feed"], tmp_path, site.config)
    assert "site.example/a.html" in names(tmp_path)


def test_robots_are_obeyed(site: Site, tmp_path: Path) -> None:
    """What robots.txt forbids is not asked for, and said."""
    site.put("/robots.txt", b"User-agent: linkwatch\nDisallow: /b\nSitemap: /sitemap.xml", "text/plain")
    site.put("/sitemap.xml", sitemap(A, B), XML)
    site.put("/a", article("a"))
    site.put("/b", article("b"))
    assert site.crawl(tmp_path, "/robots.txt").troubles == ((B, "Forbidden by robots.txt"),)
    assert "/b" not in site.asked
    assert names(tmp_path) == ["site.example/a.html"]


def test_what_is_no_article_is_told(site: Site, tmp_path: Path) -> None:
    """A missing page, a picture and a broken list become a sentence each, not a file, and stop nothing."""
    site.put("/sitemap.xml", INDEX.encode(), XML)
    site.put("/1.xml", sitemap(A, f"{HOST}/gone", f"{HOST}/picture"), XML)
    site.put("/2.xml", article("no list"))
    site.put("/a", article("a"))
    site.put("/picture", b"GIF89a", "image/gif")
    summary = site.crawl(tmp_path)
    assert summary.written == 1
    assert dict(summary.troubles) == {
        f"{HOST}/2.xml": "This is neither a sitemap nor a feed.",
        f"{HOST}/gone": "The server says that this page does not exist (404).",
        f"{HOST}/picture": "This is not an HTML page.",
    }
    assert names(tmp_path) == ["site.example/a.html"]


def test_a_second_crawl_writes_only_what_changed(site: Site, tmp_path: Path) -> None:
    """git stays quiet: a page that is the same keeps its file, to the byte and the second."""
    site.put("/sitemap.xml", sitemap(A, B), XML)
    site.put("/a", article("a").replace(b"<p>", b"\r\n<p>\r"))
    site.put("/b", article("b"))
    site.crawl(tmp_path)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in names(tmp_path)}
    site.put("/b", article("b") + b"<p>more")
    assert site.crawl(tmp_path) == CrawlSummary(written=1, unchanged=1, troubles=())
    changed = {name for name, then in before.items() if (tmp_path / name).stat().st_mtime_ns != then}
    assert changed == {"site.example/b.html"}
    assert names(tmp_path) == sorted(before)


def test_other_peoples_files_are_left_alone(site: Site, tmp_path: Path) -> None:
    """A file that no crawl wrote, or one of another page, is not overwritten: the page goes beside it."""
    site.put("/sitemap.xml", sitemap(A, f"{HOST}/a.html"), XML)
    site.put("/a", article("a"))
    site.put("/a.html", article("a.html"))
    mine = tmp_path / "site.example/a.html"
    mine.parent.mkdir()
    mine.write_text("my own words")
    assert site.crawl(tmp_path).written == 2
    assert mine.read_text() == "my own words"
    assert len(names(tmp_path)) == 3
    assert site.crawl(tmp_path).unchanged == 2


def test_pages_of_other_sites_are_not_fetched(site: Site, tmp_path: Path) -> None:
    """A crawl stays on its site, whatever a list or a redirect says; www and other siblings are of it."""
    site.put("/sitemap.xml", sitemap("http://other.example/x", A, "http://www.site.example/b"), XML)
    site.put("/a", b"http://other.example/y", status=302)
    site.put("/b", article("b"))
    summary = site.crawl(tmp_path)
    assert sorted(site.asked) == ["/a", "/b", "/robots.txt", "/robots.txt", "/sitemap.xml"]
    elsewhere = "This lies on another site."
    assert summary.troubles == (("http://other.example/x", elsewhere), ("http://other.example/y", elsewhere))
    assert names(tmp_path) == ["www.site.example/b.html"]


def test_a_page_in_another_encoding_becomes_utf_8(site: Site, tmp_path: Path) -> None:
    """What the header says counts, and a byte order mark outweighs what the page goes on saying."""
    page = '<meta charset="gb2312"><title>链接</title>'
    site.put("/sitemap.xml", sitemap(A), XML)
    site.put("/a", page.encode("gb18030"), "text/html; charset=gb2312")
    site.crawl(tmp_path)
    assert (tmp_path / "site.example/a.html").read_text("utf-8-sig").splitlines()[1] == page
    assert (tmp_path / "site.example/a.html").read_bytes().startswith(b"\xef\xbb\xbf")
    assert site.crawl(tmp_path).unchanged == 1


def test_no_more_than_asked_for(site: Site, tmp_path: Path) -> None:
    """A limit is a limit."""
    site.put("/sitemap.xml", sitemap(*(f"{HOST}/{number}" for number in range(9))), XML)
    site.crawl(tmp_path, limit=2)
    assert sorted(site.asked) == ["/0", "/1", "/robots.txt", "/sitemap.xml"]


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("/gone.xml", "does not exist (404); name a sitemap"),
        ("/page", "neither a sitemap nor a feed; name"),
    ],
)
def test_a_start_that_is_no_list_is_an_error(site: Site, tmp_path: Path, start: str, says: str) -> None:
    """Where no list could be read, the crawl has not been done."""
    site.put("/page", article("a"))
    with pytest.raises(LinkwatchError, match=says.replace("(", r"\(").replace(")", r"\)")):
        site.crawl(tmp_path, start)


def test_private_addresses_are_not_crawled(tmp_path: Path) -> None:
    """The guard of the checker is the crawl's too: a list cannot lead into our own network."""
    config = parse({"check": {"retries": 0}}, root=Path())
    with pytest.raises(LinkwatchError, match="private network"):
        crawl("sitemap", ["http://127.0.0.1:1/sitemap.xml"], tmp_path, config)


def test_an_output_that_cannot_be_written_is_our_fault(site: Site, tmp_path: Path) -> None:
    """A file that cannot be written ends in one line, not in a quiet loss."""
    site.put("/sitemap.xml", sitemap(f"{HOST}/a/b"), XML)
    site.put("/a/b", article("b"))
    (tmp_path / "site.example").mkdir()
    (tmp_path / "site.example/a").write_text("in the way")
    with pytest.raises(LinkwatchError, match=r"cannot be (read|written)"):
        site.crawl(tmp_path)


@pytest.mark.parametrize(
    ("spider", "start", "says"),
    [
        ("sitmap", [HOST], "no spider is called 'sitmap'; there are: sitemap, feed"),
        ("sitemap", ["site.example"], "write it with http:// or https://"),
        ("sitemap", ["https://"], "is not an address"),
        ("sitemap", [], "nothing to start from"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    tmp_path: Path, spider: str, start: list[str], says: str
) -> None:
    """One line says what to write instead."""
    with pytest.raises(UsageError, match=says):
        crawl(spider, start, tmp_path, Config())


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """Nothing is fetched when there is nowhere to put it."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="not a directory"):
        crawl("sitemap", [HOST], tmp_path / "file", Config())


def test_without_scrapy_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An extra that is missing is named, with the command that installs it."""
    monkeypatch.setattr(crawling, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'linkwatch\[spiders\]'"):
        crawl("sitemap", [HOST], tmp_path, Config())


async def test_an_interrupted_crawl_keeps_what_it_has(site: Site, tmp_path: Path) -> None:
    """Cancelling ends the crawl at once and in order: files written stay, and nothing is left open."""
    site.put("/sitemap.xml", sitemap(B, A), XML)  # the last is fetched first
    site.put("/a", article("a"))
    under_way, loop, answer = asyncio.Event(), asyncio.get_running_loop(), site.answer

    async def never(request: web.Request) -> web.StreamResponse:
        if request.path == "/b":
            loop.call_soon_threadsafe(under_way.set)
            await asyncio.Event().wait()
        return await answer(request)

    site.answer = never  # type: ignore[method-assign]
    config = replace(site.config, check=replace(site.config.check, per_host_concurrency=1))
    path = "spiders.sitemap.SitemapSpider"
    task = asyncio.create_task(crawling._crawled(path, [f"{HOST}/sitemap.xml"], tmp_path, config, 9))
    await under_way.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert names(tmp_path) == ["site.example/a.html"]
