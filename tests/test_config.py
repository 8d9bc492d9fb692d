"""linkwatch.toml: what a publication decides, key by key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, is_dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from linkwatch.config import Config, Exclude, HostPace, find, load, parse
from linkwatch.errors import ConfigError
from linkwatch.model import Scope
from linkwatch.policy import Policy

if TYPE_CHECKING:
    from pathlib import Path

DEFAULTS = Config()
TEMPLATE = files("linkwatch").joinpath("linkwatch.toml").read_text(encoding="utf-8")

# For every key another value than its default, as TOML gives it, and what becomes of it.
OTHERS: dict[str, tuple[Any, Any]] = {
    "corpus.paths": (["content"], ("content",)),
    "corpus.include": (["*.md"], ("*.md",)),
    "corpus.exclude": (["drafts/*"], ("drafts/*",)),
    "corpus.timezone": ("Asia/Shanghai", "Asia/Shanghai"),
    "corpus.tracking_parameters": (["ref_*"], ("ref_*",)),
    "corpus.keep_parameters": (["utm_id"], ("utm_id",)),
    "site.hosts": (["cn.example", "[::1]"], ("cn.example", "[::1]")),
    "check.scopes": (["outbound"], (Scope.OUTBOUND,)),
    "check.elements": (["anchors", "video"], ("anchors", "video")),
    "check.concurrency": (7, 7),
    "check.per_host_concurrency": (1, 1),
    "check.per_host_interval": ("2s", 2.0),
    "check.per_domain_per_night": (500, 500),
    "check.connect_timeout": (3, 3.0),
    "check.timeout": ("1m", 60.0),
    "check.max_redirects": (3, 3),
    "check.body_limit": (4096, 4096),
    "check.retries": (0, 0),
    "check.robots": ("obey", "obey"),
    "check.made_up_addresses": (False, False),
    "check.exclude": (
        [{"pattern": "a.example", "reason": "known", "until": date(2027, 1, 31)}],
        (Exclude("a.example", "known", date(2027, 1, 31)),),
    ),
    "check.hosts": (
        [{"pattern": "*.example", "interval": "2s"}, {"pattern": "a.example", "concurrency": 1}],
        (HostPace("*.example", interval=2.0), HostPace("a.example", concurrency=1)),
    ),
    "network.user_agent": ("mine/1", "mine/1"),
    "network.proxy": ("http://proxy.example:3128", "http://proxy.example:3128"),
    "network.nameservers": (["127.0.0.1:5353"], ("127.0.0.1:5353",)),
    "network.allow_private": (True, True),
    "network.connect_to": ([":80::8080"], (":80::8080",)),
    "network.canaries": ([], ()),
    "archive.wayback_url": ("http://archive.example", "http://archive.example"),
    "archive.captures_per_minute": (1, 1.0),
    "archive.lookups_per_minute": (2.5, 2.5),
    "archive.max_captures": (5, 5),
    "archive.max_lookups": (6, 6),
    "archive.if_not_archived_within": ("7d", 604_800.0),
    "archive.sources": (["https://arquivo.pt/wayback/"], ("https://arquivo.pt/wayback/",)),
    "archive.anonymous": (True, True),
    "archive.warc_dir": ("warcs", "warcs"),
    "report.fail_on": ("new-dead", "new-dead"),
    "report.templates": ("mine", "mine"),
    "policy.gone_checks": (2, 2),
    "policy.gone_span": ("1d", 86_400.0),
    "policy.unreachable_checks": (9, 9),
    "policy.unreachable_span": ("3w", 1_814_400.0),
    "policy.alive_recheck": ("1d", 86_400.0),
    "policy.alive_recheck_max": ("60d", 5_184_000.0),
    "policy.blocked_recheck": ("1w", 604_800.0),
    "policy.dead_recheck": ("90d", 7_776_000.0),
    "policy.failing_recheck": ("12h", 43_200.0),
    "policy.recheck_jitter": (0.5, 0.5),
    "policy.same_page": (0.9, 0.9),
    "policy.landing_pages": (4, 4),
    "policy.slowest_pace": ("1m", 60.0),
    "policy.strikes": (5, 5),
    "policy.other_text": (0.05, 0.05),
    "policy.same_text": (0.7, 0.7),
    "policy.same_title": (0.8, 0.8),
    "policy.steady_span": ("30d", 30 * 86400.0),
    "policy.changed_span": ("3d", 3 * 86400.0),
    "policy.retry_wait": (0, 0.0),
    "policy.retry_wait_max": ("5s", 5.0),
    "policy.retry_after_max": ("2m", 120.0),
    "policy.first_look": ("3s", 3.0),
    "policy.second_look": ("5m", 300.0),
    "policy.retry_after_longest": ("60d", 60 * 86400.0),
    "policy.thin_page": (100, 100),
    "policy.refresh_wait_max": ("3s", 3.0),
    "policy.keep_checks": ("1w", 604_800.0),
    "policy.warc_size": (4096, 4096),
    "policy.boilerplate_articles": (3, 3),
}


def _keys(config: Config) -> list[str]:
    sections = [each.name for each in fields(config) if is_dataclass(getattr(config, each.name))]
    return [f"{section}.{each.name}" for section in sections for each in fields(getattr(config, section))]


def _of(config: Config, key: str) -> Any:
    section, _, name = key.partition(".")
    return getattr(getattr(config, section), name)


def _parsed(key: str, value: Any, root: Path) -> Config:
    section, _, name = key.partition(".")
    return parse({section: {name: value}}, root=root)


def test_every_key_is_tried_here() -> None:
    """A key that is added is added to this table."""
    assert set(OTHERS) == set(_keys(DEFAULTS))


@pytest.mark.parametrize("key", OTHERS)
def test_every_key_can_be_set(key: str, tmp_path: Path) -> None:
    """Each key is read as its type, changes its own field and no other."""
    given, expected = OTHERS[key]
    config = _parsed(key, given, tmp_path)
    assert _of(config, key) == expected != _of(DEFAULTS, key)
    assert [other for other in OTHERS if _of(config, other) != _of(DEFAULTS, other)] == [key]


@pytest.mark.parametrize("key", OTHERS)
def test_a_value_of_another_type_is_refused(key: str, tmp_path: Path) -> None:
    """A value that cannot be meant is an error in one line that names file and key."""
    with pytest.raises(ConfigError) as caught:
        _parsed(key, {"nonsense": 1}, tmp_path)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("linkwatch.toml: ")
    assert key in str(caught.value)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"chek": {}}, "unknown key 'chek'; did you mean 'check'?"),
        ({"check": {"concurency": 1}}, "unknown key 'check.concurency'; did you mean 'concurrency'?"),
        ({"network": {"nameserver": "x"}}, "unknown key 'network.nameserver'; did you mean 'nameservers'?"),
        ({"archive": {"secret_key": "x"}}, "unknown key 'archive.secret_key'"),
        ({"root": "/"}, "unknown key 'root'"),
        ({"policy": {"gone_check": 1}}, "did you mean 'gone_checks'?"),
        (
            {"check": {"exclude": [{"patern": "x", "reason": "y"}]}},
            "unknown key 'check.exclude.patern'; did you mean 'pattern'?",
        ),
    ],
)
def test_unknown_keys(table: dict[str, Any], said: str, tmp_path: Path) -> None:
    """An unknown key is an error that names the nearest known one."""
    with pytest.raises(ConfigError, match=re.escape(said)):
        parse(table, root=tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("check.timeout", "soon"),
        ("check.timeout", -1),
        ("check.timeout", 0),
        ("check.connect_timeout", 0),
        ("check.per_host_interval", -1),
        ("check.concurrency", 0),
        ("check.per_host_concurrency", 0),
        ("check.concurrency", "many"),
        ("check.max_redirects", -1),
        ("check.retries", -1),
        ("check.body_limit", -1),
        ("check.robots", "respect"),
        ("check.scopes", ["external"]),
        ("check.exclude", [{"pattern": "x"}]),
        ("check.hosts", [{"interval": 1}]),
        ("check.hosts", [{"pattern": "x", "interval": -1}]),
        ("check.hosts", [{"pattern": "x", "interval": "soon"}]),
        ("check.hosts", [{"pattern": "x", "concurrency": 0}]),
        ("network.connect_to", "a:80:b:81"),
        ("network.allow_private", "yes"),
        ("network.user_agent", "two\nlines"),
        ("network.proxy", "proxy.example:3128"),
        ("network.canaries", ["www.example.org"]),
        ("network.canaries", ["http://"]),
        ("network.canaries", ["http:// /"]),
        ("site.hosts", ["https://www.example.org/"]),
        ("site.hosts", ["www.example.org:8000"]),
        ("report.fail_on", "always"),
        ("archive.captures_per_minute", 0),
        ("archive.lookups_per_minute", -1),
        ("policy.recheck_jitter", 2),
        ("policy.gone_checks", 0),
        ("policy.retry_wait", -1),
        ("check.timeout", float("nan")),
        ("check.retries", True),
        ("check.per_domain_per_night", 10**30),
        ("check.concurrency", 10**30),
        ("check.retries", 10**30),
        ("policy.gone_checks", 10**30),
    ],
)
def test_values_that_cannot_be_meant(key: str, value: Any, tmp_path: Path) -> None:
    """A value with which no run could work is refused before the run, in one line naming the key."""
    with pytest.raises(ConfigError) as caught:
        _parsed(key, value, tmp_path)
    assert key in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_section_is_a_table(tmp_path: Path) -> None:
    """A section that is a plain value is an error, not a crash."""
    with pytest.raises(ConfigError, match="check must be a table"):
        parse({"check": 3}, root=tmp_path)


@pytest.mark.parametrize("text", ["[check", "[check]\nretries = ", "\udce4", "a = 1\na = 2"])
def test_broken_files(text: str, tmp_path: Path) -> None:
    """A file that is not TOML, or not UTF-8, is one clear line."""
    path = tmp_path / "linkwatch.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=r"linkwatch\.toml: not valid TOML"):
        load(path, tmp_path)


def test_a_missing_file_that_was_named(tmp_path: Path) -> None:
    """A configuration that was named and is not there is an error, not the defaults."""
    with pytest.raises(ConfigError, match=r"other\.toml: cannot be read"):
        load(tmp_path / "other.toml", tmp_path)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    """No configuration is needed; relative paths then start from here."""
    assert load(None, tmp_path) == Config(root=tmp_path)


def test_the_nearest_file_upward(tmp_path: Path) -> None:
    """The file is looked for upward; relative paths start where it lies."""
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "linkwatch.toml").write_text("[check]\nretries = 9\n")
    config = load(None, below)
    assert (config.check.retries, config.root) == (9, tmp_path.resolve())


def test_pyproject_serves_too(tmp_path: Path) -> None:
    """[tool.linkwatch] in pyproject.toml is read; one without that table is passed by."""
    below = tmp_path / "a"
    below.mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.linkwatch.check]\nretries = 8\n")
    (below / "pyproject.toml").write_text("[tool.other]\n")
    assert find(below) == tmp_path / "pyproject.toml"
    assert load(None, below).check.retries == 8
    (tmp_path / "pyproject.toml").write_text("[tool.linkwatch.chek]\n")
    with pytest.raises(ConfigError, match=r"pyproject\.toml: unknown key"):
        load(None, below)


@pytest.mark.parametrize(
    "text", ["tool = 1", "[tool]", "[tool.linkwatch]", "[tool.other]\nlinkwatch = 1", ""]
)
def test_other_peoples_pyproject(text: str, tmp_path: Path) -> None:
    """A pyproject.toml that says nothing of linkwatch is passed by, whatever else is in it."""
    (tmp_path / "pyproject.toml").write_text(text)
    assert load(None, tmp_path) == load(tmp_path / "pyproject.toml", tmp_path) == Config(root=tmp_path)


@pytest.mark.parametrize("value", ["3", "[]", '"x"', "true"])
def test_pyproject_with_no_table(value: str, tmp_path: Path) -> None:
    """[tool] linkwatch that is a plain value is one clear line."""
    (tmp_path / "pyproject.toml").write_text(f"[tool]\nlinkwatch = {value}")
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: the configuration must be a table$"):
        load(None, tmp_path)


def test_a_byte_order_mark(tmp_path: Path) -> None:
    """A file saved by a Windows editor is read."""
    (tmp_path / "linkwatch.toml").write_text("[check]\nretries = 7\n", encoding="utf-8-sig")
    assert load(None, tmp_path).check.retries == 7


def test_keys_of_the_archive_come_from_the_environment_only() -> None:
    """No key of the configuration could hold a secret."""
    assert not [key for key in OTHERS if re.search("secret|password|access|_key|token", key)]


def _uncommented() -> dict[str, Any]:
    """The template with every setting in force, the examples of a table array left out."""
    plain = TEMPLATE.partition("# [[check.exclude]]")
    rest = plain[2].partition("\n[network]")
    text = plain[0] + rest[1] + rest[2]
    return tomllib.loads(re.sub(r"(?m)^# (?=\w+ = )", "", text))


def test_the_template_as_it_stands_changes_nothing(tmp_path: Path) -> None:
    """A freshly written linkwatch.toml is the defaults."""
    assert parse(tomllib.loads(TEMPLATE), root=tmp_path) == Config(root=tmp_path)


def test_the_template_shows_the_defaults(tmp_path: Path) -> None:
    """Each line shows the default; what has none by default is shown by an example."""
    config = parse(_uncommented(), root=tmp_path)
    different = [key for key in _keys(config) if _of(config, key) != _of(DEFAULTS, key)]
    assert different == [key for key in different if _of(DEFAULTS, key) is None]


def test_the_template_shows_every_key() -> None:
    """Every key of every section, thresholds too, is there to be uncommented."""
    table = _uncommented()
    shown = {f"{section}.{key}" for section, keys in table.items() for key in keys}
    assert set(_keys(DEFAULTS)) - shown == NOT_SHOWN


# Tables that stand there as an example of their own.
NOT_SHOWN = {"check.exclude", "check.hosts"}


def test_the_examples_of_tables_are_right(tmp_path: Path) -> None:
    """The tables of the template parse once their lines are uncommented."""
    lines = TEMPLATE[TEMPLATE.index("# [[check.exclude]]") : TEMPLATE.index("\n[network]")]
    config = parse(tomllib.loads(re.sub(r"(?m)^# (?=\w+ = |\[\[)", "", lines)), root=tmp_path)
    assert config.check.hosts == (HostPace("*.gov.cn", 1, 2.0),)
    assert [(each.pattern, each.until) for each in config.check.exclude] == [
        ("https://intranet.example/*", date(2027, 1, 31))
    ]


def test_thresholds_are_settings() -> None:
    """Every threshold of the policy can be set by its name."""
    assert {f"policy.{each.name}" for each in fields(Policy)} <= set(OTHERS)


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e300", "'9999999999d'"])
@pytest.mark.parametrize("key", ["check.timeout", "policy.dead_recheck"])
def test_no_time_without_an_end(tmp_path: Path, key: str, value: str) -> None:
    """What no date can be reckoned with is refused in one line that names the key."""
    section, name = key.split(".")
    (tmp_path / "linkwatch.toml").write_text(f"[{section}]\n{name} = {value}\n")
    with pytest.raises(ConfigError, match=f"{key}: .* no length of time within a hundred years"):
        load(None, tmp_path)
