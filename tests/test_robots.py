"""robots.txt is obeyed where the configuration says so, and asked for once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from rawweb import QUICK, RawWeb, Request, answer, raw_web

from linkwatch.check import robots
from linkwatch.check.robots import Robots
from linkwatch.check.stage import check
from linkwatch.config import Config
from linkwatch.model import Answer, Hop, Observation
from linkwatch.policy import Policy
from linkwatch.store import checks, runs

if TYPE_CHECKING:
    from asyncio import StreamWriter

    from sqlite_utils import Database

RULES = "User-agent: *\nDisallow: /private\n\nUser-agent: linkwatch\nDisallow: /secret\n"


async def checked(db: Database, web: RawWeb, robots: str, *paths: str) -> dict[str, str]:
    """The reasons that the paths of one host come to."""
    urls = [(f"http://site.example{path}", "site.example") for path in paths]
    settings = Config(network=web.network, check=replace(QUICK, robots=robots))  # type: ignore[arg-type]
    run_id = runs.begin(db, "check", NIGHT)
    due = checks.named(db, urls, NIGHT)
    await check(db, settings, run_id=run_id, clock=lambda: NIGHT, targets=due)
    return {row["url"].removeprefix("http://site.example"): row["reason"] for row in db.table("urls").rows}


def serving(robots: bytes) -> object:
    """A server with this robots.txt and a page everywhere else."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(robots if request.path == "/robots.txt" else answer())

    return serve


async def test_what_is_forbidden_is_not_fetched(db: Database) -> None:
    """The group that names linkwatch counts, and a forbidden page is blocked, not dead."""
    async with raw_web(serving(answer(body=RULES, Content_Type="text/plain"))) as web:  # type: ignore[arg-type]
        found = await checked(db, web, "obey", "/secret/a", "/private/a", "/open")
    assert found == {"/secret/a": "robots_disallowed", "/private/a": "ok", "/open": "ok"}
    assert web.paths().count("/robots.txt") == 1
    assert "/secret/a" not in web.paths()


async def test_it_is_not_asked_for_unless_it_is_to_be_obeyed(db: Database) -> None:
    """A person who clicks a link asks no robots.txt; nor do we, unless told to."""
    async with raw_web(serving(answer(body=RULES))) as web:  # type: ignore[arg-type]
        assert await checked(db, web, "ignore", "/secret/a") == {"/secret/a": "ok"}
    assert "/robots.txt" not in web.paths()


@pytest.mark.parametrize(
    ("robots", "reason"),
    [
        (answer("404 Not Found", "User-agent: *\nDisallow: /"), "ok"),
        (answer("403 Forbidden", ""), "ok"),
        (answer("503 Busy", ""), "robots_disallowed"),
        (b"", "ok"),
        (answer(body=b"\xff\xfe\x00 nonsense \x00"), "ok"),
    ],
    ids=["none", "forbidden", "failing", "unreachable", "nonsense"],
)
async def test_a_robots_txt_that_cannot_be_had(db: Database, robots: bytes, reason: str) -> None:
    """None means all is allowed; a server that fails to say allows nothing (RFC 9309, 2.3.1)."""
    async with raw_web(serving(robots)) as web:  # type: ignore[arg-type]
        assert await checked(db, web, "obey", "/page") == {"/page": reason}


async def test_the_rule_holds_at_every_hop(db: Database) -> None:
    """A redirect to a page that is forbidden is not followed, on this host or another."""

    async def serve(request: Request, writer: StreamWriter) -> None:
        ways = {
            "/robots.txt": answer(body=RULES, Content_Type="text/plain"),
            "/a": answer("302 Found", "", Location="/secret/a"),
            "/b": answer("302 Found", "", Location="http://other.example/secret/b"),
        }
        writer.write(ways.get(request.path, answer()))

    async with raw_web(serve) as web:
        assert await checked(db, web, "obey", "/a", "/b") == dict.fromkeys(("/a", "/b"), "robots_disallowed")
    assert not [path for path in web.paths() if path.startswith("/secret")]
    assert sorted(each.host for each in web.requests if each.path == "/robots.txt") == [
        "other.example",
        "site.example",
    ]


async def test_rules_made_to_keep_us_busy_do_not(db: Database) -> None:
    """A pattern that would send a careless matcher round for ever is answered at once."""
    rules = "User-agent: *\nDisallow: /" + "*a" * 5_000 + "*b$\n"
    async with raw_web(serving(answer(body=rules))) as web:  # type: ignore[arg-type]
        path = "/" + "a" * 5_000
        assert await checked(db, web, "obey", path) == {path: "ok"}


async def test_a_crawl_delay_is_obeyed_with_the_rest(db: Database) -> None:
    """Requests to the host lie that far apart, but never further than the policy goes."""
    robots = answer(body="User-agent: *\nCrawl-delay: 900\n", Content_Type="text/plain")
    told: list[float] = []
    async with raw_web(serving(robots)) as web:  # type: ignore[arg-type]
        settings = Config(
            network=web.network,
            check=replace(QUICK, robots="obey", per_host_concurrency=1),
            policy=Policy(slowest_pace=0.2),
        )
        due = checks.named(db, [(f"http://site.example/{n}", "site.example") for n in range(3)], NIGHT)
        run_id = runs.begin(db, "check", NIGHT)
        began = asyncio.get_running_loop().time()
        await check(db, settings, run_id=run_id, clock=lambda: NIGHT, targets=due)
        told.append(asyncio.get_running_loop().time() - began)
    # Each page after the first begins an interval after the one before.
    assert told[0] >= 0.4


async def test_rules_of_many_sites_find_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those kept first are forgotten where there are too many, and asked for again; each rules as before."""
    asked: list[str] = []

    async def read(url: str) -> Observation:
        asked.append(url)
        return Observation(url, NIGHT, (Hop(url, 200),), Answer(200, (), body=RULES.encode()), 1)

    rules = Robots(read, "linkwatch", lambda _host, _seconds: None)
    monkeypatch.setattr(robots, "MOST_KEPT", 500)
    sites = [f"http://h{number}.example" for number in range(20)]
    for site in (*sites, sites[-1], sites[0]):
        assert await rules.refusal(f"{site}/open") is None
        refused = await rules.refusal(f"{site}/secret/a")
        assert refused is not None
        assert refused.reason == "robots_disallowed"
    assert asked == [f"{site}/robots.txt" for site in (*sites, sites[0])]
