"""How right the verdicts are, beside three other link checkers on the same hostile web.

    python tests/benchmarks/verdicts.py [--wrong]

The cases are those of ``tests/hostile``. All programs run in network and mount namespaces of their own
(Linux, as root or with user namespaces), where the name server, the ports 80 and 443 and the list of
authorities are those of the hostile web: so each meets the same names, certificates and answers, as it
would on the real one, and nobody is told anything. Time-outs are five seconds for all, one retry.

How the answers are read: what a program reports as an error is "broken", what it passes over or puts
apart is "blocked", all else is "fine". Right is fine for alive, moved and drifted; broken for gone and
unreachable; blocked for blocked.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import fcntl
import io
import json
import os
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

import peers
from hostile.table import AREAS, CASES, hosts
from hostile.web import served

from linkwatch.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hostile.case import Case

INSIDE = "LINKWATCH_BENCH_INSIDE"
TIMEOUT = 5
FINE, BROKEN, BLOCKED = "fine", "broken", "blocked"
TRUTH = {
    Verdict.ALIVE: FINE, Verdict.MOVED: FINE, Verdict.DRIFTED: FINE,
    Verdict.GONE: BROKEN, Verdict.UNREACHABLE: BROKEN, Verdict.BLOCKED: BLOCKED,
}  # fmt: skip
Answers = dict[str, str]


def main() -> None:
    """Install the peers, go inside, measure, and print what was measured."""
    options = _options()
    programs = {
        "lychee": peers.lychee(),
        "linkinator": peers.linkinator(),
        "LinkChecker": peers.linkchecker(),
    }
    if INSIDE not in os.environ:
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        command = ["unshare", *user, "--net", "--mount", sys.executable, __file__, *sys.argv[1:]]
        sys.exit(subprocess.run(command, env=os.environ | {INSIDE: "1"}, check=False).returncode)
    with tempfile.TemporaryDirectory(prefix="linkwatch-bench-") as name:
        place = Path(name)
        _settle_in(place)
        with _web(place):
            found = {"linkwatch": _linkwatch(place)}
        for each, program in programs.items():
            if program is not None:
                with _web(place):  # a new one for each: some cases answer otherwise the second time
                    found[f"{each} {peers.version(program)}"] = ASK[each](program, place)
    _show(found)
    if options.wrong:
        _show_wrong(found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--wrong", action="store_true", help="also list each case that a program gets wrong")
    return parser.parse_args()


def _settle_in(place: Path) -> None:
    """The links as a file for each program; names and authorities of the hostile web for the machine."""
    place.chmod(0o755)  # LinkChecker gives up being root before it reads
    (place / "links.md").write_text("".join(f"- <{case.url}>\n" for case in CASES))
    links = "".join(f'<p><a href="{case.url}">{case.label}</a></p>' for case in CASES)
    (place / "index.html").write_text(f"<!doctype html><title>Links</title>{links}")
    (place / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    (place / "ca.pem").write_text("")
    for file, known in (
        ("resolv.conf", "/etc/resolv.conf"),
        ("ca.pem", "/etc/ssl/certs/ca-certificates.crt"),
    ):
        if Path(known).exists():
            subprocess.run(["mount", "--bind", place / file, known], check=True)
    for variable in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE"):
        os.environ[variable] = str(place / "ca.pem")
    _loopback_up()


@contextmanager
def _web(place: Path) -> Iterator[None]:
    """The hostile web on the usual ports, as the only one there is."""
    ready, end = threading.Event(), threading.Event()

    async def serve() -> None:
        async with served(hosts(), http=80, https=443, names=53) as web:
            (place / "ca.pem").write_bytes(web.ca_pem)
            ready.set()
            await asyncio.to_thread(end.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    if not ready.wait(30):
        sys.exit("the hostile web did not start")
    try:
        yield
    finally:
        end.set()
        thread.join()


def _loopback_up() -> None:
    """The loopback interface of a new network namespace is down (netdevice(7): SIOCSIFFLAGS, IFF_UP)."""
    with socket.socket() as line:
        fcntl.ioctl(line, 0x8914, struct.pack("16sH14x", b"lo", 0x1))


def _linkwatch(place: Path) -> Answers:
    (place / "linkwatch.toml").write_text(
        f"[network]\nallow_private = true\ncanaries = []\n"
        f"[check]\ntimeout = {TIMEOUT}\nconnect_timeout = {TIMEOUT}\nretries = 1\n"
    )
    for command in (("harvest", "links.md"), ("check", "--quiet")):
        subprocess.run(
            [sys.executable, "-m", "linkwatch", *command, "--db", "links.db"], cwd=place, check=True
        )
    with sqlite3.connect(place / "links.db") as db:
        rows = db.execute("select url, verdict from urls where verdict is not null").fetchall()
    return {url: TRUTH.get(Verdict(verdict), BLOCKED) for url, verdict in rows}


def _lychee(program: Path, place: Path) -> Answers:
    said = _run(
        program, "--verbose", "--format", "json", "--no-progress", "--timeout", str(TIMEOUT),
        "--max-retries", "1", "links.md", place=place,
    )  # fmt: skip
    told = json.loads(said)
    kinds = {"success_map": FINE, "error_map": BROKEN, "timeout_map": BROKEN}
    answers = {}
    for kind, means in kinds.items():
        for each in (one for several in told.get(kind, {}).values() for one in several):
            answers[each["url"]] = means
    return _all(answers)


def _linkinator(program: Path, place: Path) -> Answers:
    said = _run(program, "index.html", "--format", "json", "--timeout", str(TIMEOUT * 1000), place=place)
    states = {"OK": FINE, "BROKEN": BROKEN, "SKIPPED": BLOCKED}
    told = json.loads(said[said.index("{") :])["links"]
    return _all({each["url"]: states[each["state"]] for each in told})


def _linkchecker(program: Path, place: Path) -> Answers:
    said = _run(
        program, "--check-extern", "--recursion-level", "1", "--timeout", str(TIMEOUT), "--verbose",
        "--no-status", "--output", "csv", "index.html", place=place,
    )  # fmt: skip
    lines = [line for line in said.splitlines() if line and not line.startswith("#")]
    rows = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=";")
    told = {row["urlname"]: FINE if row["valid"] == "True" else BROKEN for row in rows}
    return _all(told)


def _run(program: Path, *options: str, place: Path) -> str:
    """What a program prints; it exits with an error where it finds one."""
    done = subprocess.run([program, *options], cwd=place, capture_output=True, text=True, check=False)
    return done.stdout


def _all(answers: Mapping[str, str]) -> Answers:
    """An answer for each case: what a program does not name, it has passed over."""
    spelt = {url.rstrip("/"): means for url, means in answers.items()}
    found = {case.url: spelt.get(case.url.rstrip("/"), BLOCKED) for case in CASES}
    if sum(each != BLOCKED for each in found.values()) < len(CASES) / 2:
        sys.exit("a program has named less than half of the cases: its answers cannot be read")
    return found


ASK: Mapping[str, Callable[[Path, Path], Answers]] = {
    "lychee": _lychee, "linkinator": _linkinator, "LinkChecker": _linkchecker
}  # fmt: skip


def _truth(case: Case) -> str:
    return TRUTH[case.verdict]


def _show(found: Mapping[str, Answers]) -> None:
    widths = [34, *(max(len(name), 9) for name in found)]

    def row(*cells: object) -> None:
        print("  ".join(str(cell).rjust(width) if at else str(cell).ljust(width)
                        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))))  # fmt: skip

    row(f"{len(CASES)} cases", *found)
    for area, cases in AREAS.items():
        row(f"{area}: right of {len(cases)}", *(_right(answers, cases) for answers in found.values()))
    row("all: right", *(_right(answers, CASES) for answers in found.values()))
    traps = [case for case in CASES if case.trap]
    row(f"traps: right of {len(traps)}", *(_right(answers, traps) for answers in found.values()))
    for told, truth, said in (
        ("fine, called broken", FINE, BROKEN), ("blocked, called broken", BLOCKED, BROKEN),
        ("broken, called fine", BROKEN, FINE), ("blocked, called fine", BLOCKED, FINE),
    ):  # fmt: skip
        number = Counter(_truth(case) for case in CASES)[truth]
        row(f"{told} (of {number})", *(_mistaken(answers, truth, said) for answers in found.values()))


def _right(answers: Answers, cases: list[Case]) -> int:
    return sum(answers.get(case.url) == _truth(case) for case in cases)


def _mistaken(answers: Answers, truth: str, said: str) -> int:
    return sum(_truth(case) == truth and answers.get(case.url) == said for case in CASES)


def _show_wrong(found: Mapping[str, Answers]) -> None:
    for name, answers in found.items():
        print(f"\n{name} is wrong on:")
        for case in CASES:
            if answers.get(case.url) != _truth(case):
                print(f"  {case.label}: {answers.get(case.url)} and not {_truth(case)}: {case.why}")


if __name__ == "__main__":
    if shutil.which("unshare") is None:
        sys.exit("this needs Linux with unshare(1), to give every program a web of its own")
    main()
