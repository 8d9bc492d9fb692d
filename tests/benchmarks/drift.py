"""What comparing a page with its first check costs: microseconds a page, beside reading and judging it.

    python tests/benchmarks/drift.py

Pages are the real articles of ../shared/corpus, each in a page with a menu and a foot.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from linkwatch.check.judging.drift import followed
from linkwatch.check.judging.evidence import judged
from linkwatch.model import Answer, Hop, Observation
from linkwatch.policy import Policy

ROOT = Path(__file__).resolve().parents[3] / "shared" / "corpus"
URL = "https://site.example/2024/03/an-article.html"
MENU = "<nav>" + "".join(f"<a href=/{n}>Section {n}</a>" for n in range(200)) + "</nav>"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def main() -> int:
    """Prints the median and the 95th percentile of both."""
    judging, comparing, sizes = [], [], []
    for path in sorted(ROOT.rglob("*.md")):
        body = f"<title>{path.stem}</title>{MENU}<p>{path.read_text()}</p>{MENU}".encode()
        answer = Answer(200, body=body, content_type="text/html; charset=utf-8", size=len(body))
        seen = Observation(URL, NOW, (Hop(URL, 200),), answer, 1)
        _, first = followed(judged(seen, Policy()), seen, None, Policy())
        seen = replace(seen, outcome=replace(answer, body=body + b" "))
        started = time.perf_counter()
        check = judged(seen, Policy())
        between = time.perf_counter()
        followed(check, seen, first, Policy())
        judging.append((between - started) * 1e6)
        comparing.append((time.perf_counter() - between) * 1e6)
        sizes.append(len(body))
    print(f"{len(sizes)} pages, {statistics.median(sizes):,.0f} bytes each in the median")
    for name, found in (("reading and judging", judging), ("comparing with the first check", comparing)):
        ninety_five = statistics.quantiles(found, n=20)[-1]
        print(f"{name}: {statistics.median(found):,.0f} µs in the median, {ninety_five:,.0f} µs in 95 of 100")
    return 0


if __name__ == "__main__":
    sys.exit(main())
