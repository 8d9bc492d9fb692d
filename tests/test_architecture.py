"""The floors of the house: imports go down only, the core touches nothing, everything stays small."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
LINES_LIMIT = 300
BODY_LIMIT = 40


@dataclass(frozen=True)
class Floor:
    """Modules that may import from the floors below, and from their own room on the same floor."""

    name: str
    modules: str
    pure: bool = False


# Lowest first. The first row that names a module counts, so exceptions stand before the rest of
# their room: what is no exception in harvest, check, archive and report is pure.
STAGES = "linkwatch.*.stage linkwatch.report.why"
EDGES = """
    linkwatch.harvest.ahead linkwatch.harvest.corpus linkwatch.harvest.pool linkwatch.harvest.reading
    linkwatch.harvest.warm
    linkwatch.check.failures linkwatch.check.fetch linkwatch.check.guard linkwatch.check.crew
    linkwatch.check.robots linkwatch.check.siblings linkwatch.check.unverified
    linkwatch.check.chain linkwatch.check.cookies linkwatch.check.quarantine linkwatch.check.records
    linkwatch.check.run
    linkwatch.archive.client linkwatch.archive.pace linkwatch.archive.looking linkwatch.archive.capturing
    linkwatch.archive.outcomes
    linkwatch.archive.warc linkwatch.archive.wacz
    linkwatch.archive.timegate linkwatch.archive.anonymous linkwatch.fix.disk
    linkwatch.browse linkwatch.crawl linkwatch.plugins.rendering
"""
FLOORS = (
    Floor(
        "ground",
        """
        linkwatch linkwatch.errors linkwatch.model linkwatch.moves linkwatch.policy linkwatch.reasons
        linkwatch.times linkwatch.tracking linkwatch.urls linkwatch.wrappers
        """,
        pure=True,
    ),
    Floor("settings", "linkwatch.config linkwatch.shipped"),
    Floor(
        "core",
        """
        linkwatch.net linkwatch.net.addresses linkwatch.net.routes linkwatch.harvest* linkwatch.check*
        linkwatch.archive* linkwatch.report* linkwatch.fix linkwatch.fix.* linkwatch.merge* linkwatch.upkeep*
        """,
        pure=True,
    ),
    Floor("store", "linkwatch.store*"),
    Floor(
        "network", "linkwatch.net.resolver linkwatch.net.session linkwatch.net.patience linkwatch.net.mending"
    ),
    Floor("edges", EDGES),
    Floor("reading spiders", "spiders spiders.listing spiders.naming spiders.page", pure=True),
    Floor("spiders", "spiders.*"),
    Floor("stages", STAGES),
    Floor("night", "linkwatch.nightly linkwatch.publish"),
    Floor(
        "shell",
        """
        linkwatch.commands linkwatch.commands.shell linkwatch.commands.ending linkwatch.commands.voice
        linkwatch.commands.progress linkwatch.commands.params
        """,
    ),
    Floor("simulated web", "linkwatch.demo*"),
    Floor("commands", "linkwatch.commands.*"),
    Floor("command line", "linkwatch.cli linkwatch.__main__"),
)
EXCEPTIONS = ("stages", "edges")  # rows that name single modules of rooms that are core otherwise

BANNED = {
    "aiodns", "aiohttp", "asyncio", "click", "concurrent", "ctypes", "datasette", "http.client", "io.open",
    "multiprocessing", "os", "random", "requests", "scrapy", "secrets", "select", "shutil", "signal",
    "socket", "sqlite3", "sqlite_utils", "ssl", "subprocess", "sys", "tempfile", "threading",
    "time", "urllib.request", "uuid",
}  # fmt: skip
ACTS = {
    "now", "today", "utcnow", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink",
    "exists", "is_file", "is_dir", "iterdir", "urandom",
}  # fmt: skip
SQL = re.compile(
    r"\s*(select\s.+\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Module:
    """One module as a syntax tree."""

    name: str
    source: str
    tree: ast.Module
    package: str = ""  # where relative imports start


def parsed(name: str, source: str, *, package: bool = False) -> Module:
    """A module from its source."""
    return Module(name, source, ast.parse(source), name if package else name.rpartition(".")[0])


def read(path: Path) -> Module:
    """A module of the project."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    package = parts[-1] == "__init__"
    return parsed(
        ".".join(parts[:-1] if package else parts), path.read_text(encoding="utf-8"), package=package
    )


MODULES = {
    module.name: module
    for room in ("linkwatch", "spiders")
    for path in sorted((ROOT / room).rglob("*.py"))
    for module in [read(path)]
}
PACKAGES = {module.package for module in MODULES.values()}
ANY_MODULE = pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)


def floor_of(name: str) -> int | None:
    """The row of a module; None for one that no row names."""
    rows = sorted(range(len(FLOORS)), key=lambda row: FLOORS[row].name not in EXCEPTIONS)
    fitting = (row for row in rows if any(fnmatchcase(name, each) for each in FLOORS[row].modules.split()))
    return next(fitting, None)


def imports(module: Module) -> Iterator[str]:
    """The full names that a module imports when it runs, inside functions too."""
    ignored = {
        id(node)
        for test in ast.walk(module.tree)
        if isinstance(test, ast.If) and isinstance(test.test, ast.Name) and test.test.id == "TYPE_CHECKING"
        for statement in test.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(module.tree):
        if id(node) in ignored:
            continue
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            yield from (f"{base}.{each.name}" for each in node.names)


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.package.split(".")
    return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


def ours(module: Module) -> Iterator[str]:
    """The modules of the project that a module imports."""
    for name in imports(module):
        if name.split(".")[0] in ("linkwatch", "spiders"):
            yield name if floor_of(name) is not None and name in MODULES else name.rpartition(".")[0]


def room(name: str) -> str:
    """The room a module stands in: a package, or the top."""
    parts = name.split(".")
    return ".".join(parts[:2]) if len(parts) > 2 or name in PACKAGES else parts[0]


def climbs(module: Module) -> list[str]:
    """Imports that do not go down."""
    here = floor_of(module.name)
    if here is None:
        return [f"{module.name} stands on no floor: place it in FLOORS"]
    found = []
    for name in ours(module):
        there = floor_of(name)
        same = there == here and room(name) == room(module.name)
        if there is None or (there >= here and not same):
            found.append(f"{module.name} ({FLOORS[here].name}) imports {name}")
    return found


def impurities(module: Module) -> list[str]:
    """Network, disk, clock, chance and processes, in a module of a pure floor."""
    here = floor_of(module.name)
    if here is None or not FLOORS[here].pure:
        return []
    found = [f"imports {name}" for name in imports(module) if _banned(name)]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name("open" | "input" | "print" as name):
                    found.append(f"calls {name}() in line {node.lineno}")
                case ast.Attribute(attr=name) if name in ACTS:
                    found.append(f"calls .{name}() in line {node.lineno}")
                case _:
                    pass
    return [f"{module.name} {each}" for each in found]


def _banned(name: str) -> bool:
    parts = name.split(".")
    if parts[0] == "pathlib":
        return parts[1:2] not in (["PurePath"], ["PurePosixPath"], ["PureWindowsPath"])
    return any(".".join(parts[:length]) in BANNED for length in range(1, len(parts) + 1))


def strays(module: Module) -> list[str]:
    """SQL outside the store."""
    if module.name.startswith("linkwatch.store"):
        return []
    described = {id(node.body[0].value) for node in _described(module) if ast.get_docstring(node)}  # type: ignore[attr-defined]
    return [
        f"{module.name} holds SQL in line {node.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
        if id(node) not in described
    ]


Described = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _described(module: Module) -> Iterator[Described]:
    return (node for node in ast.walk(module.tree) if isinstance(node, Described))


def giants(module: Module) -> list[str]:
    """Modules and functions that are too long to be one idea."""
    found = []
    lines = module.source.count("\n")
    if lines > LINES_LIMIT:
        found.append(f"{module.name} has {lines} lines")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = _length(node)
            if length > BODY_LIMIT:
                found.append(f"{module.name}.{node.name} has {length} lines")
    return found


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def unsaid(module: Module) -> list[str]:
    """Public names without a docstring."""
    found = [] if ast.get_docstring(module.tree) else [f"{module.name} has no docstring"]
    return found + [f"{module.name}.{name} has no docstring" for name in _undocumented(module.tree, "")]


def _undocumented(node: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    for each in node.body:
        if isinstance(
            each, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and not each.name.startswith("_"):
            if not ast.get_docstring(each):
                yield prefix + each.name
            if isinstance(each, ast.ClassDef):
                yield from _undocumented(each, f"{prefix}{each.name}.")


@ANY_MODULE
@pytest.mark.parametrize("rule", [climbs, impurities, strays, giants, unsaid], ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rules(module: Module, rule: Callable[[Module], list[str]]) -> None:
    """Imports go down, the core is pure, SQL is in the store, modules and functions are small, names told."""
    assert rule(module) == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Within a room too, imports have a direction."""
    waiting = {name: set(ours(module)) - {name} for name, module in MODULES.items()}
    while free := {name for name, needed in waiting.items() if not needed & waiting.keys()}:
        waiting = {name: needed for name, needed in waiting.items() if name not in free}
    assert waiting == {}


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (climbs, "linkwatch.errors", "from linkwatch import config"),
        (climbs, "linkwatch.check.judging.judge", "from linkwatch.store import database"),
        (climbs, "linkwatch.check.judging.judge", "from linkwatch.check.fetch import fetch"),
        (climbs, "linkwatch.store.checks", "def f():\n    import linkwatch.check.stage"),
        (climbs, "linkwatch.check.stage", "from linkwatch.harvest.stage import harvest"),
        (climbs, "linkwatch.check.fetch", "from linkwatch.archive.client import Client"),
        (climbs, "linkwatch.crawl", "import spiders.sitemap"),
        (climbs, "linkwatch.nightly", "from linkwatch.cli import cli"),
        (climbs, "spiders.listing", "from .sitemap import SitemapSpider"),
        (climbs, "linkwatch.newcomer", ""),
        (impurities, "linkwatch.check.judging.judge", "import asyncio"),
        (impurities, "linkwatch.model", "from os.path import join"),
        (impurities, "linkwatch.harvest.html", "from pathlib import Path"),
        (impurities, "linkwatch.harvest.html", "def f():\n    from urllib.request import urlopen"),
        (impurities, "linkwatch.report.compose", "from datetime import datetime\nt = datetime.now()"),
        (impurities, "linkwatch.report.compose", "import datetime\nt = datetime.date.today()"),
        (impurities, "linkwatch.archive.queue", "def f(path):\n    return open(path)"),
        (impurities, "linkwatch.archive.queue", "def f(path):\n    return path.read_text()"),
        (impurities, "spiders.naming", "import random"),
        (strays, "linkwatch.check.stage", "def f(db):\n    return db.execute('select * from urls')"),
        (strays, "linkwatch.cli", "def f(db, name):\n    db.execute(f'DELETE FROM {name}')"),
        (strays, "linkwatch.nightly", "QUERY = '''\n  update urls set state = ?'''"),
        (giants, "linkwatch.model", "\n" * 301),
        (giants, "linkwatch.model", "def f():\n    '''Says.'''\n" + "    pass\n" * 41),
        (unsaid, "linkwatch.model", "A = 1"),
        (unsaid, "linkwatch.model", "'''Says.'''\ndef f(): ..."),
        (unsaid, "linkwatch.model", "'''Says.'''\nclass A:\n    '''Says.'''\n    def f(self): ..."),
    ],
)  # fmt: skip
def test_a_breach_is_found(rule: Callable[[Module], list[str]], name: str, source: str) -> None:
    """Each rule notices what it is there for, and one breach at a time."""
    assert len(rule(parsed(name, source))) == 1


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (climbs, "linkwatch.check.judging.judge", "import linkwatch\nfrom linkwatch.check import page"),
        (climbs, "linkwatch.check.stage", "from linkwatch.store import checks"),
        (climbs, "spiders.sitemap", "from .listing import read\nfrom linkwatch.reasons import cause"),
        (impurities, "linkwatch.check.judging.judge", "if TYPE_CHECKING:\n    from pathlib import Path"),
        (impurities, "linkwatch.harvest.html", "from pathlib import PurePosixPath"),
        (impurities, "linkwatch.check.fetch", "import asyncio"),
        (strays, "linkwatch.store.checks", "Q = 'select 1 from urls'"),
        (strays, "linkwatch.cli", "'''Select what comes from outside.'''"),
        (giants, "linkwatch.model", "def f():\n    '''Says.\n" + "\n" * 99 + "    '''\n    pass"),
        (unsaid, "linkwatch.model", "'''Says.'''\ndef _f(): ...\nclass _A: ..."),
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(rule: Callable[[Module], list[str]], name: str, source: str) -> None:
    """No rule cries over what it allows."""
    assert rule(parsed(name, source)) == []
