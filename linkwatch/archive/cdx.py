"""Asking a CDX index and reading its answer: archived, not archived, or unknown.

Only an index that says so has said "not archived": an empty JSON list, or well-formed rows of
other pages. An empty body, HTML, a broken-off list and every status but 200 are unknown.
Query and rows go through waybackpy, whose models are sound; nothing here fetches.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from linkwatch.archive.addresses import memento_url, same
from linkwatch.archive.limits import CANDIDATES
from linkwatch.archive.timestamps import from_stamp, to_stamp
from linkwatch.model import LookupAnswer, Memento

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

PATH = "/cdx/search/cdx"
FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
GOOD = "statuscode:200"
NOT_BAD = "!statuscode:[345].."  # 200 and revisits, whose status the index does not repeat
ANYTHING = ""  # errors too: where the question is what the archive itself was told last
CAME_BY = "!statuscode:[45].."  # redirects too: where the question is only whether the archive came by
EXCLUDED = "excluded from the archive"
_BLOCKED = "AdministrativeAccessControlException"


@dataclass(frozen=True, slots=True)
class Question:
    """One look-up: captures of a URL, those nearest to a time first."""

    url: str
    near: datetime
    only: str = GOOD
    limit: int = CANDIDATES


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over HTTP; status None where nothing did, the cause in ``text``."""

    status: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """What an index said of one URL: unknown is not "no"."""

    answer: LookupAnswer
    mementos: tuple[Memento, ...] = ()
    error: str | None = None  # why it is unknown
    status: int | None = None  # HTTP status of the answer


def query(base: str, question: Question) -> str:
    """The address that asks a question of the Wayback Machine at ``base``."""
    from waybackpy import WaybackMachineCDXServerAPI
    from waybackpy.cdx_utils import full_url

    api = WaybackMachineCDXServerAPI(
        question.url,
        closest=to_stamp(question.near),
        sort="closest",
        filters=[question.only] if question.only else [],
    )
    payload: dict[str, str] = {"output": "json", "limit": str(question.limit)}
    api.add_payload(payload)
    return str(full_url(base.rstrip("/") + PATH, payload))


def interpret(question: Question, reply: Reply, base: str) -> Lookup:
    """What a reply says of the URL that was asked for."""
    if reply.status != 200:
        return Lookup(LookupAnswer.UNKNOWN, error=_refusal(reply), status=reply.status)
    rows = json_rows(reply.text)
    if rows is None:
        return Lookup(LookupAnswer.UNKNOWN, error="an answer that is no CDX list", status=200)
    found = mementos(rows, question.url, base)
    if found:
        return Lookup(LookupAnswer.ARCHIVED, tuple(found), status=200)
    if doubt := _doubt(rows, question):
        return Lookup(LookupAnswer.UNKNOWN, error=doubt, status=200)
    return Lookup(LookupAnswer.NOT_ARCHIVED, status=200)


def json_rows(text: str) -> list[dict[str, str]] | None:
    """The rows of a JSON answer by field name; None where it is not such an answer at all."""
    try:
        table = json.loads(text)
    except ValueError:
        return None
    if not isinstance(table, list):
        return None
    if not table:
        return []
    header, *rest = table
    if not (isinstance(header, list) and "timestamp" in header and "original" in header):
        return None
    rows = takewhile(bool, rest)  # an empty row comes before a resume key
    return [row for each in rows if (row := _row(header, each))]


def text_rows(text: str) -> list[dict[str, str]]:
    """The rows of a plain text answer with all seven fields; what is no such row is left out."""
    rows = takewhile(str.strip, text.splitlines())
    return [row for each in rows if (row := _row(FIELDS, each.split(" ")))]


def mementos(rows: Iterable[dict[str, str]], url: str, base: str) -> list[Memento]:
    """The snapshots of ``url`` among index rows: no nonsense times, no other pages, none twice."""
    found: dict[str, Memento] = {}
    for row in rows:
        memento = _memento(row, url, base)
        if memento is not None:
            found.setdefault(memento.memento_url, memento)
    return list(found.values())


def _memento(row: dict[str, str], url: str, base: str) -> Memento | None:
    from waybackpy.cdx_snapshot import CDXSnapshot

    moment = from_stamp(row["timestamp"])
    if moment is None or not same(row["original"], url):
        return None
    snapshot = CDXSnapshot({**dict.fromkeys(FIELDS, "-"), **row})
    return Memento(
        url=url,
        memento_url=memento_url(base, snapshot.timestamp, snapshot.original),
        captured_at=moment,
        http_status=int(snapshot.statuscode) if snapshot.statuscode.isdecimal() else None,
        digest=snapshot.digest if snapshot.digest != "-" else None,
        length=int(snapshot.length) if snapshot.length.isdecimal() else None,
    )


def _row(names: Sequence[str], values: Any) -> dict[str, str] | None:
    if not isinstance(values, list) or len(values) != len(names):
        return None
    return {str(name): str(value) for name, value in zip(names, values, strict=True)}


def _doubt(rows: list[dict[str, str]], question: Question) -> str | None:
    """Why rows without a snapshot of the URL do not yet mean that there is none."""
    if len(rows) >= question.limit:
        return "the index listed other pages only, and not all of them"
    if any(from_stamp(row["timestamp"]) is None and same(row["original"], question.url) for row in rows):
        return "the index lists the page at times that do not exist"
    return None


def _refusal(reply: Reply) -> str:
    if reply.status is None:
        return reply.text
    return EXCLUDED if reply.status == 403 and _BLOCKED in reply.text else f"HTTP {reply.status}"
