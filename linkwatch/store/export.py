"""Tables and views as JSON, row by row: for a host that serves files only."""

# ruff: noqa: S608 - the names come from the list below

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from linkwatch.store.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

# Checks and hops are left out: a million of them are no page's data. The database holds them.
TABLES = ("articles", "urls", "links", "mementos", "captures", "transitions", "runs")
DRAWN = ("state_history", "link_survival")
NAMES = (*TABLES, *VIEWS, *DRAWN)


def rows(db: Database, name: str) -> Iterator[str]:
    """One of ``NAMES`` as the text of a JSON array, a row in a line."""
    yield from array(db, f"select * from {name}")


def array(db: Database, statement: str, parameters: Iterable[str] = ()) -> Iterator[str]:
    """What a statement finds as the text of a JSON array; its parameters are empty."""
    cursor = db.execute(statement, dict.fromkeys(parameters, ""))
    heads = [each[0] for each in cursor.description]
    yield "["
    for number, row in enumerate(cursor):
        yield ("," if number else "") + "\n" + json.dumps(dict(zip(heads, row, strict=True)))
    yield "\n]\n"
