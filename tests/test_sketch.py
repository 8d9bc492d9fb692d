"""What half a kilobyte tells of two texts: the same after edits, another where another stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linkwatch.check.judging.page import Page
from linkwatch.check.judging.sketch import (
    FEWEST,
    KEPT,
    Sketch,
    alike,
    packed,
    similarity,
    sketch,
    tokens,
    unpacked,
)
from linkwatch.model import Answer
from linkwatch.policy import Policy

if TYPE_CHECKING:
    from pathlib import Path

WORDS = st.text(st.sampled_from("abcdefghij"), min_size=1, max_size=4)
TEXTS = st.lists(WORDS, min_size=FEWEST + 2, max_size=400).map(" ".join)
ANY = st.text(max_size=300)


def text(words: int, seed: int) -> str:
    """So many words by chance."""
    chance = Random(seed)
    return " ".join("".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(words))


@given(ANY)
def test_a_text_is_like_itself(said: str) -> None:
    """Whatever the text: 1, or nothing measured where it is too short."""
    assert similarity(sketch(said), sketch(said)) in (1.0, None)
    assert alike(said, said) == 1.0


@given(TEXTS | ANY, TEXTS | ANY)
def test_neither_text_comes_first(one: str, other: str) -> None:
    """Which of two texts is the older makes no difference, and what is measured is a share."""
    found = similarity(sketch(one), sketch(other))
    assert found == similarity(sketch(other), sketch(one))
    assert found is None or 0.0 <= found <= 1.0
    assert alike(one, other) == alike(other, one)


@given(TEXTS, TEXTS)
def test_an_extended_text_is_the_same(one: str, other: str) -> None:
    """What was added before or after takes nothing away: 1, wherever anything is measured."""
    for longer in (f"{one} {other}", f"{other} {one}"):
        assert similarity(sketch(one), sketch(longer)) in (1.0, None)


@given(TEXTS)
def test_a_sketch_is_kept_in_few_bytes(said: str) -> None:
    """No more than 512 bytes, from which it is read back."""
    made = sketch(said)
    assert len(packed(made)) <= 4 * KEPT == 512
    assert unpacked(packed(made)) == made


def test_half_of_a_text() -> None:
    """Where half of the words are others, about half is still there; of wholly others, nothing."""
    one = text(1000, 1)
    half = " ".join([*one.split()[:500], *text(500, 2).split()])
    assert similarity(sketch(one), sketch(half)) == pytest.approx(0.5, abs=0.15)
    assert similarity(sketch(one), sketch(text(1000, 3))) == 0.0


def test_too_short_to_measure() -> None:
    """A few words, or a long page beside one sentence, show nothing."""
    short = sketch(text(FEWEST + 1, 1))
    assert similarity(short, short) is None
    assert similarity(sketch(text(FEWEST + 2, 1)), sketch(text(5000, 2))) is None
    assert similarity(sketch(""), sketch(text(5000, 2))) is None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("The Old  Mill, 1823", ["the", "old", "mill"]),
        ("Straße\u00adn Ａ", ["strassen", "a"]),
        ("编程语言 Python 3", ["编", "程", "语", "言", "python"]),
        ("ひらがなx", ["ひ", "ら", "が", "な", "x"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("12:30 99 €", []),
        ("\ud800 \x00", []),
    ],
)
def test_tokens(said: str, found: list[str]) -> None:
    """Words of spaced scripts, letters of the others, and no numbers."""
    assert tokens(said) == found


@given(st.text(st.characters(max_codepoint=0x7F) | st.sampled_from("\u00a0–—‘’“”•…"), max_size=300))
def test_the_quick_way_is_the_long_way(said: str) -> None:
    """A text of English has the tokens that it has beside a word for which the quick way does not do."""
    assert tokens(f"{said} é") == [*tokens(said), "é"]


@given(
    st.text(
        st.characters(categories=["L", "M", "P"]) | st.sampled_from("，：；！？（）％～…\u3000\u00a0中文Ａa")
    )
)
def test_letters_that_look_alike_are_one(said: str) -> None:
    """A text has the tokens of its NFKC, also where only what stands between its words is another in it."""
    assert tokens(said) == tokens(unicodedata.normalize("NFKC", said))


@given(TEXTS | st.integers(1, 30).map(lambda seed: text(40 * seed, seed)))
def test_a_sketch_is_the_smallest_hashes(said: str) -> None:
    """Those of all runs of three words, each once, as whoever reckons them one by one finds them."""
    words = said.split()
    hashes = {crc32(" ".join(words[at : at + 3]).encode()) for at in range(len(words) - 2)}
    assert sketch(said) == tuple(sorted(hashes)[:KEPT])


def test_numbers_are_no_change() -> None:
    """A page of counters is the same page tomorrow."""
    one = [f"station of the {word} line shows {{n}} metres" for word in text(30, 4).split()]
    before, after = ("; ".join(one).replace("{n}", number) for number in ("17.4", "203"))
    assert similarity(sketch(before), sketch(after)) == 1.0


def test_the_same_in_every_process() -> None:
    """Neither a seed of hashes nor a process makes a difference."""
    text = "中文 a b c d e f g h 与其他文字"
    code = f"from linkwatch.check.judging.sketch import *; print(packed(sketch({text!r})).hex())"
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def read(body: str) -> Page:
    """A page with this body."""
    return Page(Answer(200, body=body.encode(), content_type="text/html; charset=utf-8"))


def test_what_stands_around_is_not_the_pages_own_text() -> None:
    """Menus, mastheads, margins, forms and links are left out; of a page with a main part, all else is."""
    around = """<header>Masthead</header><nav>Menu</nav><div role=navigation>More menu</div>
        <aside>Margin</aside><form>Subscribe</form><a href=/x>Another story</a><footer>Imprint</footer>"""
    in_body, in_main = (
        f"<body>{around}<p>Own words.",
        f"<body><p>Banner</p><main>{around}<p>Own words.</main>",
    )
    assert [read(each).main_text(99).split() for each in (in_body, in_main)] == [["Own", "words."]] * 2
    assert read(f"<p>1  2{' ' * 9}3").main_text(5) == "1 2 3"
    assert read("<p>123456789").main_text(4) == "1234"
    assert read("").main_text(9) == ""


def test_the_language_of_a_page() -> None:
    """As its root element says, without region and script."""
    assert read("<html lang=' zh-Hans-CN'><p>x").language == "zh"
    assert read("<html lang=''><p>x").language is None
    assert read("<p>x").language is None


# -- measured on real articles -------------------------------------------------------------------------


def articles(shared: Path) -> dict[str, list[tuple[str, str]]]:
    """Title and main text of the real articles beside the project, by site."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted((shared / "corpus").rglob("*.md")):
        source = path.read_text(encoding="utf-8")
        named = re.search(
            r"^(?:<!--.*-->\s*)?\[(.*)\]\(|^title: *\"?(.*?)\"?$|^# +(.*)", source, re.MULTILINE
        )
        title = next(filter(None, named.groups()), path.stem) if named else path.stem
        marked_up = "<p" in source or "<div" in source
        body = source if marked_up else "".join(f"<p>{each}</p>" for each in source.split("\n\n"))
        site = "/".join(path.relative_to(shared / "corpus").parts[:4])
        found.setdefault(site, []).append((title, read(f"<body>{body}").main_text(20_000)))
    return found


def measured(pairs: list[tuple[Sketch, Sketch]]) -> list[float]:
    """The similarities that could be measured, ascending."""
    return sorted(each for each in (similarity(*pair) for pair in pairs) if each is not None)


def test_other_articles_of_one_site_are_other_texts(shared: Path) -> None:
    """Of pairs of articles of one site 95 of 100 lie below what counts as another text."""
    sites = [[sketch(said) for _, said in each] for each in articles(shared).values()]
    found = measured([pair for site in sites for pair in combinations(site, 2)])
    assert len(found) > 100
    assert found[int(len(found) * 0.95)] < Policy().other_text


def test_an_edited_article_is_the_same_text(shared: Path) -> None:
    """Corrected, cut, extended, in another order, with advertising: never near another text."""
    chance, pairs = Random(7), []
    for site in articles(shared).values():
        for number, (_, said) in enumerate(site):
            if len(tokens(said)) < 150:
                continue
            one, sentences = sketch(said), re.split(r"(?<=[。.!?！？])\s*", said)
            words = [each if chance.random() > 0.2 else "other" for each in tokens(said)]
            pairs += [
                (one, sketch(" ".join(words))),
                (one, sketch(said[: len(said) // 3])),
                (one, sketch(" ".join([said, *(each for _, each in site[:2])]))),
                (one, sketch(" ".join(chance.sample(sentences, len(sentences))))),
                (one, sketch(" ".join(each for each in sentences if chance.random() > 0.3))),
                (one, sketch(f"{site[number - 1][1]} {said[len(said) // 2 :]}")),
            ]
    found = measured(pairs)
    assert len(found) > 300
    assert found[0] > 1.5 * Policy().other_text


@given(TEXTS, TEXTS)
def test_titles(one: str, other: str) -> None:
    """The name of the site that follows a title is shared, the title is not lost in it."""
    assume(tokens(one) and tokens(other))
    assert alike(one, f"{one} – {other}") == 1.0


@pytest.mark.parametrize(
    ("one", "other", "changed"),
    [
        ("Mayor resigns after scandal – The Times", "Mayor steps down after scandal – The Times", False),
        ("瑞德西韦被美国买光", "新冠药物瑞德西韦被美国买光", False),
        ("瑞德西韦被美国买光", "抱歉，本站已经停止服务", True),
        ("How to bake bread", "Slot gacor hari ini", True),
        ("How to bake bread", "", False),
        ("", "Slot gacor hari ini", False),
    ],
)
def test_when_a_title_is_another(one: str, other: str, *, changed: bool) -> None:
    """Corrected it is the same; where there is none, nothing can be said against it."""
    assert (alike(one, other) < Policy().same_title) is changed
