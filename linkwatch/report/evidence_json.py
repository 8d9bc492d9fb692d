"""The story of one URL for programs: JSON with a stable layout.

::

    {"schema": "linkwatch.story/1", "told_at", "url", "host", "domain", "state", "since", "why",
     "reason", "http_status", "final_url", "failures", "failing_since", "first_seen_at",
     "last_checked_at", "last_alive_at", "next_check_at",
     "witness": as in a report,
     "citations": as in a report,
     "checks": [{"checked_at", "verdict", "reason", "sentence", "http_status", "final_url", "content_type",
                 "elapsed_ms", "bytes", "title", "error", "similarity",
                 "hops": [{"url", "http_status"}, …]}, …],
     "transitions": [{"changed_at", "from", "to"}, …],
     "mementos": [{"memento_url", "captured_at", "http_status", "source", "digest", "length",
                   "shared_by"}, …],
     "captures": [{"state", "submitted_at", "finished_at", "error", "attempts", "memento_url"}, …],
     "lookups": [{"source", "asked_at", "answer", "error"}, …]}

Lists are oldest first. Times are UTC ISO 8601 with ``Z``.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from linkwatch.report import safe
from linkwatch.report.json import citation, witness
from linkwatch.report.words import sentence
from linkwatch.times import optional_text, to_text

if TYPE_CHECKING:
    from linkwatch.model import Memento
    from linkwatch.report.evidence import Story
    from linkwatch.report.rows import CaptureRow, CheckRow, LookupRow, TransitionRow

SCHEMA = "linkwatch.story/1"


def render(story: Story) -> str:
    """The story as one JSON object."""
    return safe.json(json.dumps(tree(story), ensure_ascii=False, indent=2)) + "\n"


def tree(story: Story) -> dict[str, Any]:
    """The story as plain values, laid out as above."""
    row = story.url
    return {
        "schema": SCHEMA,
        "told_at": to_text(story.told_at),
        "url": row.url,
        "host": row.host,
        "domain": row.domain,
        "state": row.state,
        "since": optional_text(row.state_since),
        "why": story.why,
        "reason": row.reason,
        "http_status": row.http_status,
        "final_url": row.final_url,
        "failures": row.failures,
        "failing_since": optional_text(row.failing_since),
        "first_seen_at": to_text(story.first_seen_at),
        "last_checked_at": optional_text(row.last_checked_at),
        "last_alive_at": optional_text(row.last_alive_at),
        "next_check_at": optional_text(row.next_check_at),
        "witness": witness(story.witness),
        "citations": [citation(each) for each in story.citations],
        "checks": [_check(each) for each in story.checks],
        "transitions": [_transition(each) for each in story.transitions],
        "mementos": [_memento(each) for each in story.mementos],
        "captures": [_plain(each) for each in story.captures],
        "lookups": [_plain(each) for each in story.lookups],
    }


def _check(row: CheckRow) -> dict[str, Any]:
    return _plain(row) | {"sentence": sentence(row.reason)}


def _transition(row: TransitionRow) -> dict[str, Any]:
    return {"changed_at": to_text(row.changed_at), "from": row.from_state, "to": row.to_state}


def _memento(memento: Memento) -> dict[str, Any]:
    values = _plain(memento)
    del values["url"]
    return values


def _plain(row: CheckRow | CaptureRow | LookupRow | Memento) -> dict[str, Any]:
    """Field by field, times as text."""
    values = asdict(row)
    return {name: to_text(value) if isinstance(value, datetime) else value for name, value in values.items()}
