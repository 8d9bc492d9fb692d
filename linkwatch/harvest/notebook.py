"""Jupyter notebooks: the links of their Markdown cells, as the author wrote them.

What code printed and what is attached to a cell are no links of the author's.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkwatch.harvest import markdown
from linkwatch.harvest.document import Document, Metadata
from linkwatch.harvest.embedded import Embedded
from linkwatch.harvest.source import encodable, located, plain_newlines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.harvest.document import Context
    from linkwatch.harvest.source import Spot

NAME = "notebook"

_SAMPLE = 8192
_TOKEN = re.compile(r'("(?:[^"\\]++|\\.?)*+(?:"|\Z))(\s*:)?|[\[\]{},]', re.DOTALL)
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL
)
_DEEPEST = 8  # levels of JSON that can matter: worksheets, number, cells, number, source, number
_ATTACHMENT = "attachment:"  # lies in the notebook itself

Path = tuple[str | int, ...]


def looks_like(text: str, path: str) -> bool:
    """Whether the JSON has the layout of a notebook."""
    head = text[:_SAMPLE]
    if not head.lstrip("\ufeff \t\r\n").startswith("{"):
        return False
    return '"cell_type"' in head or (
        ('"cells"' in head or path.endswith(".ipynb")) and '"nbformat"' in head + text[-_SAMPLE:]
    )


def read(text: str, context: Context) -> list[Document]:  # noqa: ARG001 -- a notebook carries no time
    """The one article that a notebook is."""
    spots: list[Spot] = []
    title = None
    for cell in _cells(text):
        if cell.kind == "markdown":
            source = cell.source
            page = markdown.scan(plain_newlines(source.text))
            spots += source.placed(spot for spot in page.spots if not spot.raw.startswith(_ATTACHMENT))
            title = title or page.heading
    return [Document(metadata=Metadata(title=title), links=located(spots, text))]


@dataclass(slots=True)
class _Cell:
    """One cell while its parts are read, in whatever order they come."""

    kind: str = ""
    pieces: list[tuple[str, int]] = field(default_factory=list)

    @property
    def source(self) -> Embedded:
        return Embedded.of(self.pieces)


def _cells(text: str) -> Iterator[_Cell]:
    """The cells of a notebook in order (nbformat 4, and 3 with its worksheets)."""
    cells: dict[Path, _Cell] = {}
    for path, start, end in _strings(text):
        depth = 4 if path[:1] == ("worksheets",) else 2
        if path[depth - 2 : depth - 1] != ("cells",):
            continue
        cell = cells.setdefault(path[:depth], _Cell())
        if path[depth:] == ("cell_type",):
            cell.kind = _decoded(text[start:end])
        elif path[depth : depth + 1] == ("source",):
            cell.pieces += _pieces(text, start, end)
    yield from cells.values()


def _strings(text: str) -> Iterator[tuple[Path, int, int]]:
    """Each string value of a JSON text: the keys and numbers that lead to it, and where it stands.

    Needs no valid JSON, and no stack of calls, so no notebook is too deep or too broken for it.
    """
    path: list[str | int] = []
    for token in _TOKEN.finditer(text):
        string, colon = token.groups()
        if string and not colon:
            if len(path) <= _DEEPEST:
                yield tuple(path), token.start(), token.end()
        elif string:
            path[-1:] = [_decoded(string)]
        else:
            _step(path, token[0])


def _step(path: list[str | int], sign: str) -> None:
    """Follow one sign of JSON's structure."""
    match sign:
        case "{":
            path.append("")
        case "[":
            path.append(0)
        case "}" | "]":
            del path[-1:]
        case _:
            if path and isinstance(path[-1], int):
                path[-1] += 1


def _decoded(string: str) -> str:
    try:
        return str(json.loads(string, strict=False))
    except ValueError:
        return ""


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """What the JSON string between two offsets says, in runs that count as the file does."""
    at = start + 1
    for escape in _ESCAPE.finditer(text, at, end - 1):
        if escape.start() > at:
            yield text[at : escape.start()], at
        yield encodable(_decoded(f'"{escape[0]}"')), escape.start()
        at = escape.end()
    if at < end - 1:
        yield text[at : end - 1], at
