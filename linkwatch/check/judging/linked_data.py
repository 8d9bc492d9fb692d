"""What a page says of itself in JSON-LD (W3C, JSON-LD 1.1, section 7). Pure; never fails."""

from __future__ import annotations

import json
from typing import Any


def things(scripts: list[str]) -> tuple[dict[str, Any], ...]:
    """What JSON-LD scripts describe; one that cannot be read describes nothing."""
    found: list[dict[str, Any]] = []
    for each in scripts:
        try:
            said = json.loads(each)
        except (ValueError, RecursionError):
            continue
        found += _described(said)
    return tuple(found)


def _described(said: Any) -> list[dict[str, Any]]:
    several = said if isinstance(said, list) else said.get("@graph", said) if isinstance(said, dict) else []
    return [each for each in (several if isinstance(several, list) else [several]) if isinstance(each, dict)]
