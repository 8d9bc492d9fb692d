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
    """Of one directory one question each; no more pages are held than are named, each cut."""
    asked: list[str] = []

    async def read(url: str) -> Observation:
        asked.append(url)
        return Observation(url, NIGHT, (Hop(url, 200),), ERROR_PAGE, 1)

    monkeypatch.setattr(siblings, "KEPT_PAGES", 4)
    known = Siblings(read)
    for number in range(3):
        assert await known.beside(f"http://a.example/dir/{number}") is not None
    once = len(asked)
    assert once == len(set(asked)) <= 3
    for number in range(20):
        await known.beside(f"http://h{number}.example/dir/page")
    assert len(known._seen) == 4
    assert len(known._asking) <= 5
    assert all(len(each.outcome.body) == siblings.KEPT for each in known._seen.values())  # type: ignore[union-attr]
    await known.beside("http://a.example/dir/0")
    assert len(asked) == 20 * once + 2 * once
