"""The best memento is what the author of the article most likely saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.archive.choose import EMPTY_DIGEST, RUNNERS_UP, best
from linkwatch.model import Memento

CITED = datetime(2023, 9, 5, tzinfo=UTC)


def snapshot(days: float, status: int | None = 200, digest: str | None = None, name: str = "") -> Memento:
    """A memento taken so many days after the article."""
    taken = CITED + timedelta(days=days)
    return Memento("https://example.com/", f"https://a/{days}/{status}{name}", taken, status, digest=digest)


def chosen(*candidates: Memento, at: datetime | None = CITED) -> Memento | None:
    choice = best(candidates, at)
    return choice.best if choice else None


def test_nothing_comes_of_nothing() -> None:
    """Without candidates there is no choice."""
    assert best([], CITED) is None


def test_the_nearest_wins() -> None:
    """On either side of the article, near enough."""
    assert chosen(snapshot(-400), snapshot(-3), snapshot(10)) == snapshot(-3)
    assert chosen(snapshot(-40), snapshot(10)) == snapshot(10)


def test_late_captures_count_threefold() -> None:
    """Long after the article the page may be another: one from a while before is better."""
    assert chosen(snapshot(-89), snapshot(31)) == snapshot(-89)
    assert chosen(snapshot(-94), snapshot(31)) == snapshot(31)
    assert chosen(snapshot(-31), snapshot(29)) == snapshot(29)


def test_at_equal_distance_the_earlier_wins() -> None:
    """It cannot know what happened after."""
    assert chosen(snapshot(2), snapshot(-2)) == snapshot(-2)


@pytest.mark.parametrize("status", [301, 302, 400, 403, 404, 410, 429, 500, 503, 999, 204])
def test_redirects_errors_and_challenges_are_not_taken(status: int) -> None:
    """A capture of "go away" replaces nothing, however near."""
    assert chosen(snapshot(0, status)) is None
    assert chosen(snapshot(0, status), snapshot(-900)) == snapshot(-900)


@pytest.mark.parametrize("status", [200, 203, 206])
def test_content_is_taken(status: int) -> None:
    """Whole or partial content both show what was there."""
    assert chosen(snapshot(0, status)) == snapshot(0, status)


def test_an_empty_page_is_not_taken() -> None:
    """The digest of nothing: an empty answer, or the repetition of a redirect."""
    assert chosen(snapshot(0, digest=EMPTY_DIGEST), snapshot(0, None, EMPTY_DIGEST)) is None


def test_a_revisit_is_as_good_as_what_it_repeats() -> None:
    """With the digest of a good capture it is one; alone it stands behind all others."""
    known, repeated, alone = snapshot(-700, 200, "X"), snapshot(1, None, "X"), snapshot(0, None, "Y")
    assert chosen(known, repeated, alone) == repeated
    assert chosen(snapshot(-700), alone) == snapshot(-700)
    assert chosen(alone) == alone


def test_without_a_date_the_newest_wins() -> None:
    """All that is known then is that the link stands in the article now."""
    assert chosen(snapshot(-10), snapshot(20), snapshot(5), at=None) == snapshot(20)


def test_the_next_best_are_kept_in_order() -> None:
    """An editor may prefer another one."""
    choice = best([snapshot(each) for each in (-1, -2, -3, -4, -5, -6, -7)], CITED)
    assert choice is not None
    assert [each.captured_at for each in choice.runners_up] == [
        CITED - timedelta(days=each) for each in range(2, 2 + RUNNERS_UP)
    ]


def test_two_articles_choose_differently() -> None:
    """The choice belongs to the link, not to the URL."""
    pair = (snapshot(-1000), snapshot(-1))
    assert chosen(*pair) == pair[1]
    assert chosen(*pair, at=CITED - timedelta(days=990)) == pair[0]


STATUSES = st.sampled_from([200, 203, 301, 404, 503, None])
SNAPSHOTS = st.builds(
    snapshot, st.integers(-5000, 5000), STATUSES, st.sampled_from([None, "X", EMPTY_DIGEST])
)


@given(st.lists(SNAPSHOTS, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_does_not_matter(candidates: list[Memento], random: object) -> None:
    """The same candidates give the same choice."""
    unique = list({each.memento_url: each for each in candidates}.values())
    shuffled = list(unique)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert best(unique, CITED) == best(shuffled, CITED)


def test_content_that_other_pages_share_comes_last() -> None:
    """The same bytes under three addresses are a challenge or a parked page, near as they may be."""
    near, far = snapshot(1, digest="CHALLENGE"), snapshot(-300, digest="PAGE")
    assert chosen(replace(near, shared_by=3), far) == far
    assert chosen(replace(near, shared_by=2), far) == replace(near, shared_by=2)  # two spellings of one
    assert chosen(replace(near, shared_by=3)) == replace(near, shared_by=3)  # better than nothing


def test_a_capture_much_shorter_than_the_others_comes_last() -> None:
    """An empty frame with status 200 is no page; without three captures nobody can say what is usual."""
    short = replace(snapshot(1), length=500)
    whole = [replace(snapshot(-100 * each), length=9_000 + each) for each in (1, 2, 3)]
    assert chosen(short, *whole) == whole[0]
    assert chosen(replace(short, length=2_500), *whole) == replace(short, length=2_500)
    assert chosen(short, whole[0]) == short
    assert chosen(short, *(replace(each, length=None) for each in whole)) == short


def test_what_redirects_led_to_comes_last() -> None:
    """A capture of the page itself is better than one of where it went later; a login is none at all."""
    prefix = "https://web.archive.org/web/20230905000000/"
    moved = replace(snapshot(1), memento_url=f"{prefix}https://other.example/")
    login = replace(
        snapshot(1), memento_url=f"{prefix}https://sso.example/in?back=https%3A%2F%2Fexample.com%2F"
    )
    itself = replace(snapshot(-900), memento_url=f"{prefix}http://www.example.com/")
    assert chosen(moved, itself) == itself
    assert chosen(moved, login) == moved
    assert chosen(login) is None


def test_a_revisit_is_short_by_nature() -> None:
    """Its record holds no page, only the word that nothing had changed."""
    whole = [replace(snapshot(-100 * each, digest="PAGE"), length=9_000) for each in (1, 2, 3)]
    revisit = replace(snapshot(1, None, "PAGE"), length=500)
    assert chosen(revisit, *whole) == revisit
