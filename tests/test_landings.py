"""Which pages of a host are sent to one and the same: evidence that it stands for those that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import NIGHT

from linkwatch.check import landings as module
from linkwatch.check.landings import Landings
from linkwatch.model import Answer, Hop, Observation
from linkwatch.store import landings

if TYPE_CHECKING:
    import pytest
    from sqlite_utils import Database

HOST = "https://press.example"
LANDING = f"{HOST}/news/all/"


def sent(path: str, to: str = LANDING) -> Observation:
    hops = (Hop(HOST + path, 302), Hop(to, 200))
    return Observation(HOST + path, NIGHT, hops, Answer(200, body=b"<p>News", content_type="text/html"), 1)


def stays(path: str) -> Observation:
    return Observation(HOST + path, NIGHT, (Hop(HOST + path, 200),), Answer(200, body=b"<p>A"), 1)


def test_pages_that_land_together_in_one_run() -> None:
    """Each names those that came before it, however many."""
    led = Landings(lambda _: ([], False))
    led.beside(stays("/2019/here"))
    found = [led.beside(sent(f"/2019/story-{number}")) for number in range(6)]
    assert [len(each) for each in found] == [0, 1, 2, 3, 4, 5]
    assert found[1] == (f"{HOST}/2019/story-0",)


def test_hosts_of_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run may come to a hundred thousand hosts; of one that comes again the database is asked again."""
    monkeypatch.setattr(module, "MOST_HOSTS", 2)
    asked: list[str] = []

    def known(host: str) -> tuple[list[tuple[str, str]], bool]:
        asked.append(host)
        return [(f"https://{host}/2018/gone", f"https://{host}/all/")], True

    led = Landings(known)
    for host in ("a.example", "b.example", "a.example", "c.example", "b.example"):
        hops = (Hop(f"https://{host}/2019/story", 302), Hop(f"https://{host}/all/", 200))
        seen = Observation(
            hops[0].url, NIGHT, hops, Answer(200, body=b"<p>News", content_type="text/html"), 1
        )
        assert led.beside(seen) == (f"https://{host}/2018/gone",)
    assert asked == ["a.example", "b.example", "c.example", "b.example"]


def test_one_page_has_many_queries() -> None:
    """Addresses that differ in their query only may be one page that has moved: they are counted once."""
    led = Landings(lambda _: ([], False))
    led.beside(stays("/2019/here"))
    assert not any(led.beside(sent(f"/2019/story?from={number}")) for number in range(6))


def test_what_earlier_checks_saw(db: Database) -> None:
    """Moves that are only noise, and addresses kept in the new one, are no other pages that landed there."""
    columns = "insert into urls (url, final_url, verdict, scheme, host, domain, first_seen_at)"
    for url, final in (
        (f"{HOST}/news/all", LANDING),
        ("http://press.example/news/all/", LANDING),
        (f"{HOST}/old/all", LANDING),
        (f"{HOST}/2019/story", LANDING),
        (f"{HOST}/2019/here", f"{HOST}/2019/here"),
    ):
        db.execute(f"{columns} values (?, ?, 'alive', '', 'press.example', '', '')", [url, final])
    led = Landings(lambda host: landings.known(db, host))
    assert led.beside(sent("/2020/other")) == (f"{HOST}/2019/story",)


def test_a_host_that_takes_every_visitor_in() -> None:
    """Where no page was ever shown where it is, a gate may stand before all: nothing is said."""
    led = Landings(lambda _: ([], False))
    assert not any(led.beside(sent(f"/2019/story-{number}")) for number in range(6))
