"""A year of nights over 20,000 URLs that die, flap and recover at known times: what was said of them.

    python tests/benchmarks/year.py [--urls 20000] [--days 365]

Everything but the fetching is the real thing; see ``tests/years.py``.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from years import START, Life, play, reckon, world

from linkwatch.policy import Policy
from linkwatch.store.database import open_for_writing
from linkwatch.upkeep.stage import refold

if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> None:
    """Play the year, and print what it showed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--urls", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=365)
    options = parser.parse_args()
    urls = world(options.urls, options.days)
    with tempfile.TemporaryDirectory(prefix="linkwatch-bench-") as name:
        file = Path(name) / "year.db"
        began = time.perf_counter()
        with open_for_writing(file, START) as db:
            year = asyncio.run(play(db, urls, options.days))
            found = reckon(db, urls, options.days)
            kept = db.execute("select count(*) from checks").fetchone()[0]
            refolded = refold(db, Policy(), write=False)
        size = file.stat().st_size
        took = time.perf_counter() - began
    print(f"{len(urls):,} URLs, {year.nights} nights, {year.offline} of them cut short by our own network")
    print(
        f"requests: {sum(year.requests):,}; a night {_spread(year.requests)}; the first {year.requests[0]:,}"
    )
    print(f"called dead in error: {len(found.in_error)}")
    for life in (Life.DIES_SAYING_SO, Life.DIES_SILENTLY, Life.RETURNS):
        late = found.days_late[life]
        missed = found.missed.get(life, 0)
        print(f"{life}: {len(late)} found, days until confirmed {_spread(late)}; missed {missed}")
    print(f"recovered: {len(found.recovered_late)}, days until seen {_spread(found.recovered_late)}")
    print(f"states at the end: {dict(found.states.most_common())}")
    print(f"checks kept {kept:,}, pruned {year.removed:,}; database {size / 1e6:.0f} MB")
    print(f"refold: {refolded.urls:,} URLs, {refolded.differing} differ")
    print(f"played in {took:.0f} s")


def _spread(numbers: Sequence[float]) -> str:
    if len(numbers) < 2:
        return str(list(numbers))
    high = quantiles(numbers, n=20)[-1]
    return f"median {median(numbers):,.0f}, 95 % {high:,.0f}, at most {max(numbers):,.0f}"


if __name__ == "__main__":
    main()
