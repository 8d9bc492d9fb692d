"""The one table of reasons: complete, plain, and consistent."""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from linkwatch import reasons
from linkwatch.check import failures
from linkwatch.check.judging import judge, redirects
from linkwatch.model import Verdict

if TYPE_CHECKING:
    from types import ModuleType

PROMISED = """
    ok permanent_redirect fragment_missing text_fragment_missing content_changed soft_404 parked_domain
    redirect_to_home redirect_to_login redirect_loop too_many_redirects dns_nxdomain dns_failure
    connect_timeout read_timeout connection_refused connection_reset tls_expired tls_hostname tls_untrusted
    tls_error malformed_response body_error bot_challenge paywall rate_limited robots_disallowed invalid_url
    unsupported_scheme private_address excluded http_404
"""
TABLES = {
    "exceptions": failures.REASONS.values(),
    "errors of the system": failures.ERRNOS.values(),
    "faults of names": failures.DNS_REASONS.values(),
    "certificates": failures.CERTIFICATE_REASONS.values(),
}
STATUSES = range(100, 1000)


@pytest.mark.parametrize("reason", PROMISED.split())
def test_promised_reasons(reason: str) -> None:
    """Every reason that people write SQL against is there."""
    assert reasons.cause(reason).verdict in Verdict


@pytest.mark.parametrize("name", TABLES)
def test_every_table_leads_here(name: str) -> None:
    """Each reason that another table names has its row in this one."""
    assert {each for each in TABLES[name] if each not in reasons.CAUSES} == set()


def _failures_named(source: str) -> set[str]:
    """The reasons of every ``Failure("…")`` in a module."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Failure"
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


def test_every_failure_leads_here() -> None:
    """Each failure that a module of the checker makes by name has its row."""
    rooms = [files("linkwatch") / "check", files("linkwatch.check") / "judging", files("linkwatch") / "net"]
    sources = [each for room in rooms for each in room.iterdir() if each.name.endswith(".py")]
    named = set().union(*(_failures_named(each.read_text(encoding="utf-8")) for each in sources))
    assert {"redirect_loop", "too_many_redirects"} <= named <= reasons.CAUSES.keys()


@pytest.mark.parametrize("module", [judge, redirects], ids=lambda module: module.__name__)
def test_every_rule_leads_here(module: ModuleType) -> None:
    """Each reason that a rule returns with its evidence has its row."""
    source = (
        files("linkwatch.check.judging")
        .joinpath(f"{module.__name__.rpartition('.')[2]}.py")
        .read_text("utf-8")
    )
    named = {
        node.elts[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Tuple) and len(node.elts) == 2
        if isinstance(node.elts[0], ast.Constant) and isinstance(node.elts[0].value, str)
    }
    assert named
    assert named <= reasons.CAUSES.keys()


def _sentences() -> dict[str, str]:
    every = [*reasons.CAUSES, *map(reasons.http, STATUSES)]
    return {each: reasons.cause(each).sentence for each in every}


def test_sentences_are_for_people() -> None:
    """Each is one plain sentence: a capital first, a period last, no word of our code in it."""
    plain = re.compile(r"[A-Z](?:[^.\n_`{}<>=]|\.(?=\w))+\.")
    assert {reason: said for reason, said in _sentences().items() if not plain.fullmatch(said)} == {}
    words = re.compile(
        r"\b(?:none|null|verdict|enum|exception|errno|http_\d+|nxdomain|servfail)\b", re.IGNORECASE
    )
    assert {reason: said for reason, said in _sentences().items() if words.search(said)} == {}


def test_sentences_tell_causes_apart() -> None:
    """No two causes share a sentence."""
    said = list(_sentences().values())
    assert sorted(said) == sorted(set(said))


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        (range(200, 300), Verdict.ALIVE),
        ([404, 410], Verdict.GONE),
        ([401, 402, 403, 407, 429, 451, 999], Verdict.BLOCKED),
        (
            [400, 405, 406, 408, 409, 411, 412, 414, 415, 418, 421, 422, 425, 426, 428, 431],
            Verdict.UNREACHABLE,
        ),
        ([*range(500, 511), *range(512, 600)], Verdict.UNREACHABLE),
        ([511], Verdict.SKIPPED),  # what a network between says, ours above all
        ([300], Verdict.ALIVE),  # a page with a choice
        (range(301, 400), Verdict.UNREACHABLE),  # without an address to go on to
        ([*range(100, 200), *range(600, 999)], Verdict.UNREACHABLE),
    ],
    ids=str,
)
def test_statuses(statuses: list[int], verdict: Verdict) -> None:
    """Only 404 and 410 are evidence that a page is gone; a refusal is a gate; the rest is no answer."""
    assert {each for each in statuses if reasons.cause(reasons.http(each)).verdict is not verdict} == set()


def test_every_status_has_a_verdict_and_its_number() -> None:
    """Whatever number a server sends, it means something and is named in the sentence."""
    for status in STATUSES:
        cause = reasons.cause(reasons.http(status))
        assert cause.verdict in Verdict
        assert f"({status})" in cause.sentence


def test_death_by_status_is_rare() -> None:
    """Two statuses in nine hundred say "gone"."""
    gone = [each for each in STATUSES if reasons.cause(reasons.http(each)).verdict is Verdict.GONE]
    assert gone == [404, 410]


@pytest.mark.parametrize("reason", reasons.CAUSES)
def test_flags_agree(reason: str) -> None:
    """What is our own fault is held against no URL; what is tried again came to no answer; a network of ours
    can shut or hide a page, not show one."""
    cause = reasons.CAUSES[reason]
    assert not cause.ours or cause.verdict is Verdict.SKIPPED
    assert not cause.transient or cause.verdict in (Verdict.UNREACHABLE, Verdict.BLOCKED)
    assert not cause.network or cause.verdict not in (Verdict.ALIVE, Verdict.MOVED, Verdict.DRIFTED)


@pytest.mark.parametrize("reason", ["", "nonsense", "http_", "http_abc", "http_-1", "HTTP_404", "OK"])
def test_unknown_reasons(reason: str) -> None:
    """A reason that no table knows is an error of ours, not a guess."""
    with pytest.raises(KeyError):
        reasons.cause(reason)
