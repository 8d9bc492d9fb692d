"""``linkwatch.toml``: what a publication decides, as typed settings with defaults.

Every key is a field here, so the classes below are the reference of the file. Unknown keys are
errors that name the nearest known key. Keys of the Internet Archive never come from a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date  # noqa: TC003 - msgspec reads it at run time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeGuard, get_args, get_type_hints

import msgspec

from linkwatch import __version__
from linkwatch.errors import ConfigError
from linkwatch.model import Kind, Scope
from linkwatch.policy import DAY, DURATION, MOST, Policy, Seconds
from linkwatch.times import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping


# Values with which no run could work are refused when they are read.
Count = Annotated[int, msgspec.Meta(ge=1, le=MOST)]
CountOrNone = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
Timeout = Annotated[float, DURATION, msgspec.Meta(gt=0)]
Rate = Annotated[float, msgspec.Meta(gt=0)]
Header = Annotated[str, msgspec.Meta(pattern="^[ -~]+$")]
WebUrl = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/]")]
HostName = Annotated[str, msgspec.Meta(pattern=r"^([^\s/:]+|\[[\d:a-fA-F]+\])$")]  # no URL, no port

FILE_NAME = "linkwatch.toml"
LONGEST = 36_525 * DAY  # a hundred years: beyond it, and at inf and nan, no date can be computed
USER_AGENT = f"linkwatch/{__version__} (link checker; +https://github.com/linkwatch/linkwatch)"


@dataclass(frozen=True, slots=True)
class Corpus:
    """``[corpus]``: which files are articles."""

    paths: tuple[str, ...] = ()  # files and directories, relative to the configuration file
    include: tuple[str, ...] = ()  # globs of file names to read; empty: every known format
    exclude: tuple[str, ...] = ()  # globs of paths to leave out
    timezone: str | None = None  # of dates written without a zone; unset: the publication's, else UTC
    tracking_parameters: tuple[str, ...] = ()  # more query parameters that only track; "ref_*" works
    keep_parameters: tuple[str, ...] = ()  # query parameters that are never taken for tracking


@dataclass(frozen=True, slots=True)
class Site:
    """``[site]``: the publication itself."""

    hosts: tuple[HostName, ...] = ()  # its host names; empty: those of the articles' canonical URLs


@dataclass(frozen=True, slots=True)
class Exclude:
    """``[[check.exclude]]``: links that are known and not to be reported."""

    pattern: str  # a glob over the whole URL, or a host name
    reason: str
    until: date | None = None  # reported again after this day


@dataclass(frozen=True, slots=True)
class HostPace:
    """``[[check.hosts]]``: how gently some hosts are asked. The first that fits a host holds."""

    pattern: str  # a glob over the host name
    concurrency: Count | None = None  # unset: as for all hosts
    interval: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """``[check]``: what is fetched, and how gently."""

    scopes: tuple[Scope, ...] = tuple(Scope)
    elements: tuple[str, ...] = (Kind.ANCHORS, Kind.EMBEDS, Kind.IMAGES)  # kinds, or element names
    concurrency: Count = 128
    per_host_concurrency: Count = 2
    per_host_interval: Seconds = 0.5
    per_domain_per_night: Count | None = None  # URLs of one registrable domain; unset: all that are due
    connect_timeout: Timeout = 10.0
    timeout: Timeout = 30.0  # of one request with its body
    max_redirects: CountOrNone = 20  # as browsers have it (WHATWG Fetch, 4.4)
    body_limit: Count = 1_048_576  # bytes
    retries: CountOrNone = 2
    robots: Literal["ignore", "obey"] = "ignore"
    made_up_addresses: bool = True  # ask for them where a page may be an error page served as success
    exclude: tuple[Exclude, ...] = ()
    hosts: tuple[HostPace, ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """``[network]``: how linkwatch reaches the web."""

    user_agent: Header = USER_AGENT
    proxy: WebUrl | None = None
    nameservers: tuple[str, ...] = ()  # "host" or "host:port"
    allow_private: bool = False
    connect_to: tuple[str, ...] = ()  # HOST1:PORT1:HOST2:PORT2, as curl has it
    # Asked before a run: if none of them answers, the fault is ours. Three operators on three networks,
    # all likely to be there for decades. Empty: no guard.
    canaries: tuple[WebUrl, ...] = (
        "https://www.iana.org/",
        "https://www.wikipedia.org/",
        "https://www.w3.org/",
    )


@dataclass(frozen=True, slots=True)
class Archive:
    """``[archive]``: the Wayback Machine, and how much is asked of it."""

    wayback_url: WebUrl = "https://web.archive.org"
    # Save Page Now allows 7 a minute with keys (its API document, copy of 2025-10-22). At exactly that
    # pace the slightest delay on the way would put eight into one minute.
    captures_per_minute: Rate = 6.0
    # The CDX index allows 30 a minute for each IP address, and the archive asks clients to use 80 per cent
    # of them (edgi-govdata-archiving/wayback 0.5.1, 2026-06-19).
    lookups_per_minute: Rate = 24.0
    max_captures: CountOrNone = 200
    max_lookups: CountOrNone = 500
    if_not_archived_within: Seconds = 30 * DAY
    sources: tuple[WebUrl, ...] = ()  # Memento TimeGates of other archives, or a MemGator's
    anonymous: bool = False
    warc_dir: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """``[report]``: what makes the job fail, and how the report looks."""

    fail_on: Literal["never", "new-dead", "dead", "any"] = "never"
    templates: str | None = None  # a directory with report.html, figures.html or report.md of one's own


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one invocation, and the directory relative paths start from."""

    corpus: Corpus = field(default_factory=Corpus)
    site: Site = field(default_factory=Site)
    check: Check = field(default_factory=Check)
    network: Network = field(default_factory=Network)
    archive: Archive = field(default_factory=Archive)
    report: Report = field(default_factory=Report)
    policy: Policy = field(default_factory=Policy)
    root: Path = field(default_factory=Path)


def load(path: Path | None, start: Path) -> Config:
    """The settings in ``path``, or in the nearest file upward from ``start``, or the defaults."""
    found = path or find(start)
    if found is None:
        return Config(root=start)
    table = _read(found)
    if found.name == "pyproject.toml":
        section = _section(table)
        table = {} if section is None else section
    return parse(table, root=found.resolve().parent, name=found.name)


def find(start: Path) -> Path | None:
    """The nearest ``linkwatch.toml``, or ``pyproject.toml`` with ``[tool.linkwatch]``, upward."""
    for directory in (start, *start.parents):
        if (directory / FILE_NAME).is_file():
            return directory / FILE_NAME
        project = directory / "pyproject.toml"
        if project.is_file() and _section(_read(project)) is not None:
            return project
    return None


def parse(table: Mapping[str, Any], *, root: Path, name: str = FILE_NAME) -> Config:
    """A table as TOML gives it, as settings. Raises ConfigError naming file and key."""
    try:
        prepared = _prepare(table, Config, "")
        config: Config = msgspec.convert({**prepared, "root": root}, Config)
    except (msgspec.ValidationError, ConfigError, ValueError) as error:
        message = str(error).replace("$.", "").replace("`", "'")
        raise ConfigError(f"{name}: {message}") from None
    return config


def _section(project: Mapping[str, Any]) -> Any:
    """``[tool.linkwatch]`` of a pyproject.toml; None where there is none."""
    tool = project.get("tool")
    return tool.get("linkwatch") if isinstance(tool, dict) else None


def _read(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def _prepare(table: Mapping[str, Any], cls: type[Any], where: str) -> dict[str, Any]:
    """The table with durations as seconds, after every key in it was found to be known."""
    if not isinstance(table, dict):
        raise ConfigError(f"{where or 'the configuration'} must be a table")
    hints = get_type_hints(cls, include_extras=True)
    known = [each.name for each in fields(cls) if each.name != "root"]
    for key in table:
        if key not in known:
            raise ConfigError(_unknown(f"{where}.{key}" if where else key, key, known))
    return {key: _value(value, hints[key], f"{where}.{key}".lstrip(".")) for key, value in table.items()}


def _value(value: Any, hint: Any, where: str) -> Any:
    """A value as ``msgspec`` is to see it: durations as seconds, tables looked through."""
    if _is_table(hint):
        return _prepare(value, hint, where)
    if isinstance(value, str | int | float) and _is_duration(hint):
        return _duration(value, where)
    item = next(iter(get_args(hint)), None)
    if isinstance(value, list) and _is_table(item):
        return [_prepare(each, item, where) for each in value]
    return value


def _is_table(hint: Any) -> TypeGuard[type[Any]]:
    return isinstance(hint, type) and is_dataclass(hint)


def _is_duration(hint: Any) -> bool:
    """Whether a type is a duration, or one of several that a value may have."""
    return any(DURATION in get_args(each) for each in (hint, *get_args(hint)))


def _duration(value: str | float, where: str) -> Any:
    try:
        length = seconds(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None
    if not abs(length) <= LONGEST:  # what is not a number is not less either
        raise ConfigError(f"{where}: {value} is no length of time within a hundred years; write less")
    return length


def _unknown(where: str, key: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
    return f"unknown key '{where}'; did you mean '{near[0] if near else known[0]}'?"
