"""Articles and their links as readers hand them over: apart from what writes them, which they do without."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from linkwatch.times import optional_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkwatch.harvest.document import Metadata


# A link: the place of its URL in the batch (None: nothing to fetch), raw, fragment, element, attribute,
# kind, text, line, column, scope, skip_reason, via. Plain tuples of plain values, because hundreds of
# thousands of them come from other processes.
LinkRow = tuple[
    int | None, str, str | None, str, str, str, str, int, int, str | None, str | None, str | None
]  # fmt: skip
# A URL, its scheme, host and domain, and whether it is itself a page in an archive: neither checked
# nor captured.
UrlRow = tuple[str, str, str, str, bool]
# A snapshot that an article cites: the place of the URL in the batch, the snapshot's address, its time.
MementoRow = tuple[int, str, str]


class ArticleRow(NamedTuple):
    """One article as read: what it says of itself as ``article_values`` has it, and what it cites."""

    part: str | None
    values: tuple[Any, ...]
    links: Sequence[LinkRow]
    mementos: Sequence[MementoRow]


class FileRow(NamedTuple):
    """One file as read. No articles: its bytes are as they were, only its times have changed."""

    path: str
    size: int
    modified_ns: int
    sha256: str
    format: str
    articles: list[ArticleRow]


_AUTHORS = json.JSONEncoder(ensure_ascii=False)


def article_values(file: FileRow, part: str | None, said: Metadata) -> tuple[Any, ...]:
    """The columns of an article that come from its file, in the order of the statements below."""
    return (
        file.path if part is None else f"{file.path}#{part}",
        part,
        said.url,
        said.title,
        _AUTHORS.encode(said.authors),
        optional_text(said.published_at),
        optional_text(said.captured_at),
        said.language,
        file.format,
        file.sha256,
        file.size,
        file.modified_ns,
    )
