"""What every format module gives: the documents in a file, as they stand.

A format is one module with ``NAME`` and ``read(text, context) -> list[Document]``. The text is as
``decode`` gives it, without lone surrogates. Reading is pure and never fails: what cannot be
understood yields fewer links, not an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from linkwatch.model import RawLink


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know besides the text."""

    path: str = ""  # relative to the corpus root: file names carry dates and formats
    timezone: tzinfo = UTC  # of times written without a zone
    timezone_is_set: bool = False  # by configuration; otherwise what is known of a publication counts


class Metadata(NamedTuple):  # like Document made so often that the making counts
    """What a document says of itself. None and empty mean "not said"."""

    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None  # aware, UTC
    captured_at: datetime | None = None  # aware, UTC
    language: str | None = None


class Document(NamedTuple):
    """One article as read from a file: what it says of itself, and its links in order."""

    metadata: Metadata = Metadata()
    links: tuple[RawLink, ...] = ()
    base: str | None = None  # ``<base href>``: what relative links start from before the article's URL
    part: str | None = None  # which of several documents in one file: a post's id or address
