"""Another page in place of the cited one: seen over nights, believed the second night, never by mistake."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from rawweb import QUICK, RawWeb, Request, answer, raw_web

from linkwatch.check.judging import drift
from linkwatch.check.judging.drift import changes_by_nature
from linkwatch.check.judging.sketch import KEPT, Sketch, sketch
from linkwatch.check.stage import check
from linkwatch.config import Config
from linkwatch.policy import Policy
from linkwatch.report import evidence_json, evidence_terminal, terminal
from linkwatch.report.stage import build
from linkwatch.report.why import story
from linkwatch.store import checks, runs, sketches
from linkwatch.upkeep.stage import prune, refold

if TYPE_CHECKING:
    from asyncio import StreamWriter

    from sqlite_utils import Database

URL = "http://site.example/2019/the-old-mill.html"
POLICY = replace(Policy(), retry_wait=0.0)
SYLLABLES = ("ka", "lo", "mi", "ren", "sut", "ova", "del", "pri", "un", "tor")
SIGNS = "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可"


def prose(seed: int, words: int = 400) -> str:
    """An article's text by chance, the same for the same seed."""
    chance = Random(seed)
    return " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(words))


def signs(seed: int, number: int = 900) -> str:
    """The same in Chinese."""
    return "".join(Random(seed).choices(SIGNS, k=number))


def page(title: str, text: str, *, lang: str = "en", head: str = "", around: str = "") -> str:
    """A page with its menu and foot."""
    return (
        f"<html lang={lang}><meta charset=utf-8><title>{title}</title>{head}<nav>{prose(99, 200)}</nav>"
        f"<p>{text}</p>{around}<footer>{prose(98, 300)}</footer></html>"
    )


MILL = page("The old mill", prose(1))
CASINO = page("Slot gacor hari ini", prose(2))
ZH_MILL = page("磨坊的最后一百年", signs(1), lang="zh")
ZH_CASINO = page("真人在线娱乐平台", signs(2), lang="zh")


@dataclass
class Nights:
    """A page over nights, and what is held of it after each."""

    db: Database
    url: str = URL
    headers: dict[str, str] = field(default_factory=dict)

    async def see(self, *shown: tuple[float, str]) -> list[tuple[str, str, float | None]]:
        """The page as it is on each day: state, verdict and similarity after the check of that day."""
        told = []
        body = ""

        async def serve(_: Request, writer: StreamWriter) -> None:
            writer.write(body.encode() if body.startswith("HTTP/") else answer(body=body, **self.headers))

        async with raw_web(serve) as web:
            for day, body in shown:  # noqa: B007 - the handler serves it
                told.append(await self._night(web, day))
        return told

    async def _night(self, web: RawWeb, day: float) -> tuple[str, str, float | None]:
        now = NIGHT + timedelta(days=day)
        config = Config(network=web.network, check=QUICK, policy=POLICY)
        due = checks.named(self.db, [(self.url, "site.example")], now)
        await check(self.db, config, run_id=runs.begin(self.db, "check", now), clock=lambda: now, targets=due)
        assert refold(self.db, POLICY, write=False).differing == 0
        (row,) = self.db.query("select * from urls where url = ?", [self.url])
        return row["state"], row["verdict"], row["similarity"]


def states(told: list[tuple[str, str, float | None]]) -> list[str]:
    """The states alone."""
    return [state for state, _, _ in told]


@pytest.mark.parametrize(("old", "new"), [(MILL, CASINO), (ZH_MILL, ZH_CASINO), (MILL, ZH_CASINO)])
async def test_another_page_is_believed_the_second_night(db: Database, old: str, new: str) -> None:
    """Steady for two weeks, then another page: evidence the first night, drifted the second, alive again."""
    told = await Nights(db).see((0, old), (7, old), (14, old), (21, new), (21.1, new), (22, new), (29, old))
    assert states(told) == ["alive", "alive", "alive", "alive", "alive", "drifted", "alive"]
    assert [verdict for _, verdict, _ in told] == ["alive"] * 3 + ["drifted"] * 3 + ["alive"]
    assert [share for _, _, share in told[:3]] == [None, 1.0, 1.0]
    assert all(share is not None and share < 0.1 for _, _, share in told[3:6])
    assert told[6][2] == 1.0


async def test_the_same_text_is_sketched_once(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that is what it was the last time is known by its digest, also where a number in it has changed
    since the first check; the similarity is that of its sketch."""
    sketched: list[str] = []

    def counting(text: str) -> Sketch:
        sketched.append(text.strip()[:16])
        return sketch(text)

    monkeypatch.setattr(drift, "sketch", counting)
    one, two = (MILL.replace("<p>", f"<p>Read {count} times. ") for count in (17, 18))
    other = two.replace("nav>", "div>")
    told = await Nights(db).see((0, one), (7, one), (8, two), (9, two), (10, other), (11, two))
    assert [share for *_, share in told] == [None, 1.0, 1.0, 1.0, told[4][2], 1.0]
    assert [text.startswith("Read") for text in sketched] == [True, True, False]


@pytest.mark.parametrize(
    ("name", "later"),
    [
        ("corrected", page("The old mill", prose(1).replace("kalo", "kalomi"))),
        ("extended", page("The old mill and its weir", f"{prose(1)} {prose(5, 1200)}")),
        ("cut to its beginning", page("Subscribe to read", " ".join(prose(1).split()[:150]))),
        ("another title only", page("Slot gacor hari ini", prose(1))),
        ("another text only", page("The old mill – news", prose(2))),
        ("a notice instead", page("Back soon", "We are working on it. " * 8)),
        ("nothing instead", ""),
        ("made by script", page("Loading", "", head="<script src=/app.js></script>")),
        ("another frame", page("The old mill", prose(1), around=f"<aside>{prose(7, 3000)}</aside>")),
        ("another main part", page("Mill", f"<main>{prose(1)}</main><div>{prose(7, 900)}</div>")),
    ],
)
async def test_the_same_page_is_not_another(db: Database, name: str, later: str) -> None:
    """Whatever is edited, added, lost or not loaded: alive."""
    told = await Nights(db).see((0, MILL), (7, MILL), (14, MILL), (21, later), (28, later), (35, later))
    assert states(told) == ["alive"] * 6, name


async def test_what_changes_by_nature_is_never_judged(db: Database) -> None:
    """A list that shows other things every week was never steady: not even when it comes to rest."""
    weeks = [(7.0 * week, page(f"Week {prose(week, 2)}", prose(week))) for week in range(4)]
    rest = [(28.0 + 7 * week, page("The last", prose(50))) for week in range(3)]
    told = await Nights(db).see(*weeks, *rest)
    assert states(told) == ["alive"] * 7
    assert [each["changing"] for each in db.table("sketches").rows] == [1]


async def test_not_before_it_was_seen_to_hold(db: Database) -> None:
    """A week is too short to know that a page does not change by nature."""
    told = await Nights(db).see((0, MILL), (7, MILL), (8, CASINO), (9, CASINO), (16, CASINO))
    assert states(told) == ["alive"] * 5


async def test_the_language_that_suits_the_visitor(db: Database) -> None:
    """A page in another language is no other page where the site says that it has several."""
    asked = Nights(db, headers={"Vary": "Accept-Encoding, Accept-Language"})
    told = await asked.see((0, MILL), (14, MILL), (21, ZH_MILL), (22, ZH_MILL))
    assert states(told) == ["alive"] * 4
    alternate = ZH_MILL.replace("<nav>", "<link rel=alternate hreflang=en href=/en><nav>")
    assert states(await Nights(db).see((29, alternate), (30, alternate))) == ["alive"] * 2


async def test_a_gate_between_changes_nothing(db: Database) -> None:
    """What was seen before and after a night without an answer are two days all the same."""
    wall = answer("403 Forbidden", "<title>No</title>").decode()
    told = await Nights(db).see((0, MILL), (14, MILL), (21, CASINO), (22, wall), (23, CASINO))
    assert states(told) == ["alive", "alive", "alive", "blocked", "drifted"]


async def test_a_page_that_moved_and_is_another(db: Database) -> None:
    """Behind a permanent redirect another text stands: drifted, with both told."""
    nights = Nights(db)
    moved = answer("301 Moved", "", Location="/2024/elsewhere.html").decode()

    async def serve(request: Request, writer: StreamWriter) -> None:
        writer.write(moved.encode() if request.path.endswith("mill.html") else answer(body=CASINO))

    await nights.see((0, MILL), (14, MILL))
    async with raw_web(serve) as web:
        told = [await nights._night(web, day) for day in (21, 22)]
    assert states(told) == ["alive", "drifted"]
    (row,) = db.query("select error from checks order by id desc limit 1")
    assert row["error"].startswith("HTTP 301 to http://site.example/2024/elsewhere.html; text differs")


async def test_a_clock_that_was_wrong(db: Database) -> None:
    """A first check dated in years to come is put right by the next, and proves no steadiness."""
    nights = Nights(db)
    told = await nights.see((9000, MILL), (0, MILL), (1, CASINO), (2, CASINO))
    assert states(told) == ["alive"] * 4
    kept = sketches.first(db, 1)
    assert kept is not None
    assert (kept.kept_at, kept.changing) == (NIGHT, True)


async def test_what_is_kept(db: Database) -> None:
    """Once for each URL, of its first check, in half a kilobyte; of a front page nothing."""
    await Nights(db).see((0, MILL), (7, page("Mill", prose(1) + prose(3))))
    (row,) = db.table("sketches").rows
    assert (len(row["sketch"]), row["title"], row["language"]) == (4 * KEPT, "The old mill", "en")
    await Nights(db, "http://site.example/").see((0, MILL))
    assert db.table("sketches").count == 1


async def test_hostile_titles_are_cut(db: Database) -> None:
    """A title of a megabyte and control characters end at the door."""
    huge = page(f"\x1b[31m\u202e{'x y ' * 100_000}", prose(1))
    await Nights(db).see((0, huge), (14, huge), (21, CASINO), (22, CASINO))
    (kept,) = db.table("sketches").rows
    (row,) = db.query("select error from checks order by id desc limit 1")
    assert len(kept["title"]) <= 500
    assert len(row["error"]) <= 500
    assert not {"\x1b", "\u202e"} & set(kept["title"] + row["error"])


async def test_pruning_leaves_the_state(db: Database) -> None:
    """Years of equal checks thinned, the history still comes to the same state."""
    shown = [(0.0, MILL), (14.0, MILL), *((21.0 + day, CASINO) for day in range(6))]
    await Nights(db).see(*shown)
    prune(db, POLICY, NIGHT + timedelta(days=4000))
    assert refold(db, POLICY, write=False).differing == 0


async def test_people_are_told(db: Database) -> None:
    """The report, ``why`` and the view say how much of the text is left, and what the title was."""
    nights = Nights(db)
    db.table("articles").insert(
        {
            "path": "a.md",
            "format": "markdown",
            "sha256": "0",
            "first_seen_at": "2025-01-01T00:00:00Z",
            "last_seen_at": "2025-01-01T00:00:00Z",
        }
    )
    await nights.see((0, MILL), (14, MILL), (21, CASINO))
    db.execute(
        """insert into links (article_id, url_id, raw, element, attribute, kind, line, column, first_seen_at)
           values (1, 1, '', 'a', 'href', 'anchors', 3, 1, '2025-01-01T00:00:00Z')"""
    )
    now = NIGHT + timedelta(days=30)
    first = evidence_terminal.render(story(db, URL, now=now))
    assert (
        "text differs from the first check (similarity 0.00); a check on another day has to confirm" in first
    )
    await nights.see((22, CASINO))
    said = evidence_terminal.render(story(db, URL, now=now))
    assert "no longer what was cited: its text differs from the first check (similarity 0.00)." in said
    assert (
        "text differs from the first check, 2026-03-01 (similarity 0.00); the title was “The old mill”"
        in said
    )
    checked = evidence_json.tree(story(db, URL, now=now))["checks"]
    assert [each["similarity"] for each in checked] == [None, 1.0, 0.0, 0.0]
    report = terminal.render(build(db, Config(), now=now))
    assert "Drifted (1)" in report
    assert "its text differs from the first check (similarity 0.00)." in report
    (row,) = db.query("select state, reason, similarity from link_health")
    assert tuple(row.values()) == ("drifted", "content_changed", 0.0)


@pytest.mark.parametrize(
    ("path", "by_nature"),
    [
        ("/", True),
        ("/zh-hans/", True),
        ("/index.html", True),
        ("/politics/", True),
        ("/world/latest", True),
        ("/tag/archives/2019", True),
        ("/category/web/page/3", True),
        ("/2024/03/", True),
        ("/results?q=mill", True),
        ("/posts?page=7", True),
        ("/docs/index.html", True),
        ("/rss/all.xml", True),
        ("//", True),
        ("/2024/03/the-old-mill", False),
        ("/wiki/Mill", False),
        ("/the-old-mill", False),
        ("/zh/2020/磨坊.html", False),
        ("/view?id=7", False),
        ("/newsDetail_forward_8688010", False),
        ("/news/world-53261078", False),
        ("/123456789", False),
    ],
)
def test_addresses_of_lists(path: str, *, by_nature: bool) -> None:
    """Front pages, lists and what a search found by their address; articles never."""
    assert changes_by_nature(f"https://site.example{path}") is by_nature
