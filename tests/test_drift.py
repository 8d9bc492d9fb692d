"""Parts of pages through the check stage: one request, a result for each link, the page alive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from history import History
from rawweb import QUICK, RawWeb, Request, answer, raw_web

from linkwatch.check.stage import check
from linkwatch.config import Config
from linkwatch.store import checks, runs
from linkwatch.times import to_text

if TYPE_CHECKING:
    from asyncio import StreamWriter

    from sqlite_utils import Database

URL = "http://site.example/page"
PAGE = f"<h2 id=there>A part</h2><p>{'Words that say what it is about. ' * 40}</p>"
JUDGED = to_text(NIGHT)


@pytest.fixture
def past(db: Database) -> History:
    """Links to one page, and what the database held of them before."""
    past = History(db)
    url, article = past.url(URL, state="unchecked"), past.article("a.md")
    for line, fragment in enumerate(["there", "lost", "lost", ":~:text=what%20it%20is", "/route", None], 1):
        past.link(article, url, line=line, fragment=fragment)
    past.link(article, url, line=7, fragment="lost", removed_at=JUDGED)
    return past


async def checked(db: Database, web: RawWeb) -> list[tuple[str | None, str | None]]:
    """What is held of the parts, by line, after one check of the page."""
    config = Config(network=web.network, check=QUICK)
    due = checks.named(db, [(URL, "site.example")], NIGHT)
    await check(db, config, run_id=runs.begin(db, "check", NIGHT), clock=lambda: NIGHT, targets=due)
    rows = db.query("select fragment_state, fragment_checked_at from links order by line")
    return [(row["fragment_state"], row["fragment_checked_at"]) for row in rows]


def states(db: Database) -> set[tuple[str, str]]:
    """State of the URL and of each of its parts, as people read it."""
    rows = db.query("select state, fragment_state from link_health where fragment_state is not null")
    return {(row["state"], row["fragment_state"]) for row in rows}


async def test_each_link_has_its_own_result(past: History) -> None:
    """One request judges what all live links cite; the page is alive whichever of its parts is lost."""
    async with raw_web(answer(body=PAGE)) as web:
        found = await checked(past.db, web)
    unknown = (None, None)
    missing, present = ("missing", JUDGED), ("present", JUDGED)
    assert found == [present, missing, missing, present, unknown, unknown, unknown]
    assert web.paths() == ["/page"]
    assert states(past.db) == {("alive", "missing"), ("alive", "present")}


async def test_what_cannot_be_judged_any_more_is_told_as_such(past: History) -> None:
    """A page that has become one of scripts takes back what was held of its parts."""
    bodies = [PAGE, "<div id=root></div><script src=app.js></script>"]

    async def serve(_: Request, writer: StreamWriter) -> None:
        writer.write(answer(body=bodies.pop(0)))

    async with raw_web(serve) as web:
        await checked(past.db, web)
        assert await checked(past.db, web) == [(None, None)] * 7


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "500 Oops"])
async def test_an_error_page_says_nothing_of_the_parts(past: History, status: str) -> None:
    """Only a page that is there is searched; what was found before stands."""
    ways = [answer(body=PAGE)]

    async def serve(_: Request, writer: StreamWriter) -> None:
        writer.write(ways.pop() if ways else answer(status, PAGE.replace("there", "gone")))

    async with raw_web(serve) as web:
        before = await checked(past.db, web)
        assert await checked(past.db, web) == before
