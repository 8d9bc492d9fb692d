"""The hostile web: every case checked once by a real run, and each judged rightly."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from hostile.table import AREAS, CASES, hosts
from hostile.web import served
from rawweb import QUICK

from linkwatch import reasons
from linkwatch.check.stage import check
from linkwatch.config import Config, Network
from linkwatch.net import resolver
from linkwatch.policy import Policy
from linkwatch.store import checks, database, runs

if TYPE_CHECKING:
    from pathlib import Path

    from hostile.case import Case

# Few at once: the servers and the name server share the processor with who asks them.
PATIENT = replace(QUICK, retries=1, timeout=4.0, connect_timeout=4.0, concurrency=32)
Seen = dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The reason and the evidence of each URL, from one run over all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resolver, "TIMEOUT", 1.0)  # the name server shares our loop, and CI its cores
        patch.setattr(resolver, "TRIES", 1)
        return asyncio.run(_seen(tmp_path_factory.mktemp("hostile"), patch))


async def _seen(directory: Path, patch: pytest.MonkeyPatch) -> Seen:
    async with served(hosts()) as web:
        ca = directory / "ca.pem"
        ca.write_bytes(web.ca_pem)
        patch.setenv("SSL_CERT_FILE", str(ca))
        network = Network(
            connect_to=(f":80::{web.http}", f":443::{web.https}"),
            nameservers=(web.names,),
            allow_private=True,
            canaries=(),
        )
        config = Config(network=network, check=PATIENT, policy=Policy(retry_wait=0.0))
        with database.open_for_writing(directory / "links.db", NIGHT) as db:
            due = checks.named(db, [(case.url, case.host) for case in CASES], NIGHT)
            run_id = runs.begin(db, "check", NIGHT)
            await check(db, config, run_id=run_id, clock=lambda: NIGHT, targets=due)
            rows = db.execute(
                """select urls.url, checks.reason, coalesce(checks.error, '')
                   from checks join urls on urls.id = checks.url_id"""
            )
            return {url: (reason, evidence) for url, reason, evidence in rows}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=[pytest.mark.xfail(reason=case.known, strict=True)] if case.known else [])
        for case in CASES
    ],
    ids=lambda case: case.label,
)
def test_cases(seen: Seen, case: Case) -> None:
    """The right verdict, for one of the right reasons, whatever the host does."""
    reason, evidence = seen[case.url]
    assert reason in case.accepted, f"{case.why}: {reason} ({evidence})"


CERTIFICATES = ["past", "not-yet", "other-name", "own-hand", "stranger", "half-a-chain"]


@pytest.mark.parametrize("label", CERTIFICATES)
def test_what_lies_behind_a_certificate_is_told(seen: Seen, label: str) -> None:
    """Whether content would be there: its status and its title, as evidence."""
    _, evidence = seen[f"https://{label}-lwt.net/2012/story.html"]
    assert "behind the certificate: HTTP 200, titled 'The harbour at night - The Paper'" in evidence


def test_the_table_is_whole() -> None:
    """At least 120 cases, each with a host of its own and one verdict; a third of them are traps."""
    assert len(CASES) >= 120
    assert len({case.host for case in CASES}) == len(CASES)
    assert sum(case.trap for case in CASES) * 3 >= len(CASES)
    assert all(AREAS.values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_rows(case: Case) -> None:
    """A row says why, in a sentence, and all its reasons stand for one verdict."""
    assert case.why

    assert {reasons.cause(each).verdict for each in case.accepted} == {case.verdict}
