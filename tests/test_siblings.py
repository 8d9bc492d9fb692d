"""What hosts show at made-up addresses: asked once, and not all of it kept for a million URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import NIGHT

from linkwatch.check import siblings
from linkwatch.check.siblings import Siblings
from linkwatch.model import Answer, Hop, Observation

if TYPE_CHECKING:
    import pytest

ERROR_PAGE = Answer(200, (("content-type", "text/html"),), b"<p>Not here</p>" * 9_000, 135_000, "text/html")


async def test_a_page_is_asked_for_once_and_the_oldest_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """One question for each address; no more pages are held than are named, each cut."""
    asked: list[str] = []

    async def read(url: str) -> Observation:
        asked.append(url)
        return Observation(url, NIGHT, (Hop(url, 200),), ERROR_PAGE, 1)

    async def name_servers(_: str) -> tuple[str, ...]:
        return ()

    monkeypatch.setattr(siblings, "KEPT_PAGES", 4)
    known = Siblings(read, name_servers)
    for _ in range(3):
        await known._ask("http://a.example/made-up")
    assert asked == ["http://a.example/made-up"]
    for number in range(20):
        await known._ask(f"http://h{number}.example/made-up")
    assert len(known._seen) == len(known._asking) == 4
    assert all(len(each.outcome.body) == siblings.KEPT for each in known._seen.values())  # type: ignore[union-attr]
    await known._ask("http://a.example/made-up")
    assert len(asked) == 22
