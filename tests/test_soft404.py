"""Error pages served as success, found by asking what the host shows at addresses that cannot exist."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rawweb import Request, answer, raw_web
from test_check_stage import config, run

from linkwatch.check.judging.made_up import sibling, stranger
from linkwatch.check.judging.page import letters
from linkwatch.check.judging.shingles import resemblance, shingles

if TYPE_CHECKING:
    from asyncio import StreamWriter

    from sqlite_utils import Database

MENU = (
    "<nav>" + " ".join(f"<a href='/s{n}'>Section number {n} of the paper</a>" for n in range(40)) + "</nav>"
)
STORY = "<h1>The harbour at night</h1><p>" + "Nobody had yet heard the news from the north. " * 20 + "</p>"
FRONT = f"<title>The Paper</title>{MENU}<h1>Today</h1><p>" + "What happened in the town today. " * 20 + "</p>"
SHELL = "<title>App</title><div id=app></div><script src=/app.js></script><p>Please wait for the app.</p>"
SORRY = "<h1>Ooh</h1><p>The thing you came for went away in the great clearing of the year.</p>"
SORRY_ZH = "<p>您来晚了一步，这里的东西已经在去年的大整理中全部搬走了，不再保留。</p>"
Site = Callable[[str], bytes]


def page(body: str, title: str = "The Paper") -> bytes:
    """A page that the server calls a success."""
    return answer(body=f"<title>{title}</title>{body}", Content_Type="text/html; charset=utf-8")


def sent(location: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return answer(status, "", Location=location)


def paper(elsewhere: Site, **pages: bytes) -> Site:
    """A site with a front page, some pages, and a way to answer for everything else."""
    held = {"/": page(FRONT)} | {f"/{name.replace('__', '/')}": body for name, body in pages.items()}
    return lambda path: held.get(path) or elsewhere(path)


def lost(_: str) -> bytes:
    """A server that knows what it does not have."""
    return answer("404 Not Found", "<title>Not found</title>")


@dataclass(frozen=True)
class Case:
    """A site, a URL on it that is cited, and what it should come to."""

    name: str
    site: Site
    path: str
    reason: str
    says: str = ""  # of the evidence
    asks: int | None = None  # requests in all, where that matters


CASES = [
    Case("it denies under a long menu, as it does everywhere",
         paper(lambda _: page(f"{MENU}<h1>Page not found</h1><p>Try the search.</p>")),
         "/2012/story.html", "soft_404", "made-up"),
    Case("it denies and repeats the address",
         paper(lambda path: page(f"{MENU}<h1>Page not found</h1><p>There is no {path} on this server.</p>")),
         "/2012/a-rather-long-story.html", "soft_404"),
    Case("words that no table knows, where no script could say more",
         paper(lambda _: page(SORRY)), "/2012/story.html", "soft_404", "shows the same"),
    Case("the same in Chinese", paper(lambda _: page(SORRY_ZH, "提示")),
         "/2012/story.html", "soft_404"),
    Case("the query names the page",
         paper(lambda _: page(f"{MENU}<h1>Page not found</h1>")),
         "/news.php?id=77", "soft_404"),
    Case("whatever is not there is sent to one page",
         paper(lambda _: sent("/notice.html"), **{"notice.html": page(f"{MENU}<h1>Old</h1>{SORRY * 3}")}),
         "/2012/03/story.html", "soft_404", "sent to"),
    Case("for sale, at every address", lambda _: page("<h1>paper.example is for sale</h1>", "paper.example"),
         "/2012/story.html", "parked_domain", "made-up"),
    Case("for sale, at its front door", lambda _: page("<h1>paper.example is for sale</h1>", "paper.example"),
         "/", "parked_domain"),
    # What a hasty rule would call gone.
    Case("a short page of a site that knows what it has not",
         paper(lost, note=page("<p>A short note on tea.</p>")), "/note", "ok", asks=2),
    Case("a long story is not laid beside anything", paper(lost, story=page(STORY)), "/story", "ok", asks=1),
    Case("an application that answers every path alike", lambda _: answer(body=SHELL), "/docs/guide", "ok"),
    Case("an application behind a front page made on the server", paper(lambda _: answer(body=SHELL)),
         "/docs/guide", "ok"),
    Case("a site of one short page", lambda _: page("<p>We are closed for the summer, see you soon.</p>"),
         "/2012/story.html", "ok"),
    Case("found by its number, whatever the words",
         lambda path: page(FRONT) if path == "/" else
         sent("/questions/77/how-to-tie-a-knot", "301 Moved") if path.startswith("/questions/77/")
         and not path.endswith("knot") else page(STORY, "A knot") if path.endswith("knot") else lost(path),
         "/questions/77/old-words", "permanent_redirect"),
    Case("a short page that takes any words after its number",
         lambda path: page(FRONT) if path == "/" else
         page("<p>How to tie a knot in a wet rope.</p>") if path.startswith("/77/") else lost(path),
         "/77/knots", "ok"),
    Case("a short page that heeds no query",
         paper(lambda path: page("<p>A note on green tea.</p>") if path.startswith("/note") else lost(path)),
         "/note?from=mail", "ok"),
    Case("articles with little text under one long menu",
         lambda path: page(f"{MENU}<h1>{path}</h1><p>The entry {path[:3]} of our list.</p>"), "/a/b", "ok"),
    Case("an article about error pages, where the site knows what it has not",
         paper(lost, **{"2012__story": page(f"{MENU}<h1>Page not found</h1>{STORY}")}), "/2012/story", "ok"),
    Case("a story of a sale on a site that knows what it has not",
         paper(lost, **{"2012__story": page("<h1>paper.example is for sale</h1><p>Said its owner.</p>")}),
         "/2012/story", "ok"),
    Case("the host breaks down when asked for more",
         paper(lambda _: answer("503 Busy", ""), **{"2012__story": page("<p>A short note on tea.</p>")}),
         "/2012/story", "ok"),
    Case("a gate before everything but the front door that asks for a password",
         paper(lambda _: page("<p>Members, please</p><input type=password>")), "/2012/story", "ok"),
]  # fmt: skip


async def seen(db: Database, site: Site, *paths: str, **settings: object) -> tuple[dict[str, str], int]:
    """The evidence of each check by its reason, and how many requests it took."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(site(request.path))

    async with raw_web(serve) as web:
        await run(db, config(web, **settings), *(f"http://paper.example{path}" for path in paths))
        rows = db.execute("select reason, coalesce(error, '') from checks order by id").fetchall()
        return dict(rows), len(web.requests)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_cases(db: Database, case: Case) -> None:
    """Gone is what stands at made-up addresses too and not at the front door; all else is left alone."""
    found, asked = await seen(db, case.site, case.path)
    assert list(found) == [case.reason], found
    assert case.says in found[case.reason]
    assert case.asks in (None, asked)


async def test_a_directory_is_asked_once(db: Database) -> None:
    """Twenty suspects of one directory cost three requests beside their own."""
    site = paper(lambda _: page(SORRY))
    _, asked = await seen(db, site, *(f"/2012/{number}.html" for number in range(20)))
    assert asked == 20 + 3


async def test_nobody_is_asked_where_the_publication_does_not_want_it(db: Database) -> None:
    """``made_up_addresses = false`` leaves such pages alive."""
    found, asked = await seen(db, paper(lambda _: page(SORRY)), "/2012/story", made_up_addresses=False)
    assert (list(found), asked) == (["ok"], 1)


LEAFLET = "<h1>The archive is closed</h1><p>" + "Our old stories are no longer online. " * 20 + "</p>"


def closed_archive(path: str) -> bytes:
    """A site that sends what it once had to one page, and knows what it never had."""
    if path == "/archive-closed":
        return page(f"{MENU}{LEAFLET}")
    old = re.fullmatch(r"/20\d\d/\d+/old-\d+.html", path)
    return sent("/archive-closed") if old else page(STORY) if path == "/2020/new" else lost(path)


OLD = [f"/20{number}/0{number % 9}/old-{number}.html" for number in range(11, 15)]


async def test_several_pages_of_a_host_that_land_on_one_are_gone(db: Database) -> None:
    """From the third on; the first two when they are looked at again. Nobody is asked anything for it."""
    await seen(db, closed_archive, "/2020/new", *OLD, made_up_addresses=False)
    first = [row[0] for row in db.execute("select reason from checks order by id")]
    assert first == ["ok", "ok", "ok", "soft_404", "soft_404"]
    await seen(db, closed_archive, *OLD[:2], made_up_addresses=False)
    again = db.execute("select reason, error from checks order by id desc limit 2").fetchall()
    assert [reason for reason, _ in again] == ["soft_404", "soft_404"]
    assert "/archive-closed, as other pages of its host are: http://paper.example/2012/" in again[1][1]


def gate(path: str) -> bytes:
    """A site that sends everybody who asks for anything to one page."""
    return page(f"{MENU}{LEAFLET}") if path == "/welcome" else sent("/welcome")


def manual(path: str) -> bytes:
    """A site whose manual has moved: the sections of its versions lead to its front."""
    return page(f"{MENU}{LEAFLET}") if path in ("/docs/", "/2020/new") else sent("/docs/")


def releases(path: str) -> bytes:
    """A site where every release leads to the newest."""
    return page(f"{MENU}{LEAFLET}") if path in ("/download/latest", "/2020/new") else sent("/download/latest")


def closed_to_strangers(path: str) -> bytes:
    """A site that sends whoever asks for an old page to an offer, and shows the new ones."""
    if path == "/2020/new":
        return page(STORY)
    return page(f"{MENU}<h1>Go Premium to read on</h1>{LEAFLET}") if path == "/premium" else sent("/premium")


@pytest.mark.parametrize(("site", "paths"), [
    (gate, OLD),
    (closed_archive, OLD[:2]),
    (manual, [f"/docs/{number}.0/install" for number in range(4)]),
    (releases, [f"/download/{number}.1" for number in range(4)]),
    (closed_to_strangers, OLD),
], ids=["a gate", "two only", "the front of a section", "the newest of its kind", "an offer"])  # fmt: skip
async def test_what_lands_on_one_page_and_is_not_gone(db: Database, site: Site, paths: list[str]) -> None:
    """Nothing is said of a host that shows no page where it is, nor of pages above and beside."""
    await seen(db, site, "/2020/new", *paths, made_up_addresses=False)
    await seen(db, site, *paths, made_up_addresses=False)
    assert "gone" not in {row[0] for row in db.execute("select verdict from checks")}


@given(st.text(alphabet="abc/?=&.%é中1", max_size=40))
def test_made_up_addresses_are_others(rest: str) -> None:
    """Whatever the address: on the same host, never itself, and the same each time."""
    url = f"https://paper.example/{rest.replace('#', '')}"
    for made_up in (sibling(url), stranger(url) or sibling(url)):
        assert made_up.startswith("https://paper.example/")
        assert made_up != url
    assert sibling(url) == sibling(url)


@pytest.mark.parametrize(("url", "made_up"), [
    ("http://a.example/news/2012/story.html", r"http://a.example/news/2012/linkwatch-x.html"),
    ("http://a.example/news/2012/", "http://a.example/news/linkwatch-x/"),
    ("http://a.example/story", "http://a.example/linkwatch-x"),
    ("http://a.example/", "http://a.example/linkwatch-x"),
    ("http://a.example/a.php?id=5&name=b", "http://a.example/a.php?id=1&name=linkwatch-x"),
])  # fmt: skip
def test_siblings(url: str, made_up: str) -> None:
    """Beside the page, with its suffix and its slash; where a query names the page, another query."""
    told = re.sub(r"linkwatch-[0-9a-f]{12}", "linkwatch-x", sibling(url))
    assert re.sub(r"id=\d+", "id=1", told) == made_up


@given(st.text(), st.text())
def test_resemblance_is_a_measure(one: str, other: str) -> None:
    """The same is 1, the order does not matter, and nothing lies beyond 0 and 1."""
    a, b = shingles(letters(one)), shingles(letters(other))
    assert resemblance(a, a) == 1.0
    assert resemblance(a, b) == resemblance(b, a)
    assert 0.0 <= resemblance(a, b) <= 1.0


@given(st.text() | st.text(st.characters(categories=["Mn", "Cf", "Cc", "Zs", "Lo"])))
def test_letters_are_what_a_reader_sees_of_a_text(said: str) -> None:
    """Character by character: without white space, accents, and what nobody sees, of all planes."""
    for _ in range(2):  # what is met for the second time is remembered
        assert letters(said) == "".join(
            each
            for each in unicodedata.normalize("NFKD", said).casefold()
            if not each.isspace() and unicodedata.category(each) not in ("Mn", "Cf", "Cc")
        )


def test_chinese_is_compared_by_its_letters() -> None:
    """A sentence with another end shares most of its beginning; another sentence nothing."""
    one = shingles(letters("您访问的页面已经不在这里，请返回首页或使用搜索"))
    other = shingles(letters("您访问的页面已经不在这里，请返回首页或使用菜单"))
    third = shingles(letters("老人坐在码头上，看着船只慢慢离开港口"))
    assert resemblance(one, other) > 0.7
    assert resemblance(one, third) == 0.0
