"""``linkwatch why``: the story of one URL, found however it is spelt."""

from __future__ import annotations

import difflib
import re
from itertools import islice
from typing import TYPE_CHECKING

from linkwatch.errors import UnknownUrlError, UsageError
from linkwatch.report import safe
from linkwatch.report.evidence import Story, tell
from linkwatch.report.stage import nearest
from linkwatch.store import story as store
from linkwatch.urls import host_of, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlite_utils import Database

SUGGESTIONS = 3
SIMILAR = 0.6  # of 1: below this, difflib's own default, a suggestion is a guess
_PLACE = re.compile(r"(?P<path>.+):(?P<line>\d+)")


def story(db: Database, url_or_text: str, *, now: datetime) -> Story:
    """All that is known of one URL: in any spelling, or as ``path:line`` of an article that cites it.

    Raises UnknownUrlError with the nearest known URLs where there is none, UsageError where an
    article's line cites several.
    """
    text = url_or_text.strip()
    rows = store.find(db, [*_at_place(db, text), *spellings(text)])
    if rows is None:
        raise UnknownUrlError(_unknown(db, text))
    return tell(rows, now=now, choose=nearest)


def spellings(text: str) -> Iterator[str]:
    """The URLs in normal form that a person may mean by a text, the likeliest first."""
    yield text
    for whole in (text,) if "://" in text else (f"https://{text}", f"http://{text}"):
        url = resolve(whole).url
        if url is not None:
            yield url
            yield url.removesuffix("/") if url.endswith("/") else f"{url}/"


def _at_place(db: Database, text: str) -> list[str]:
    place = _PLACE.fullmatch(text)
    if place is None or "://" in text:
        return []
    found = store.at_place(db, place["path"], int(place["line"]))
    if len(found) > 1:
        shown = ", ".join(safe.plain(url, safe.URL_LIMIT) for url in found)
        raise UsageError(f"{safe.plain(text)} cites {len(found)} URLs; name one of them: {shown}")
    return found


def _unknown(db: Database, text: str) -> str:
    line = f"{safe.plain(text, safe.URL_LIMIT)}: no article cites this URL"
    host = host_of(next(islice(spellings(text), 1, None), text))
    close = difflib.get_close_matches(text, store.near(db, text, host), n=SUGGESTIONS, cutoff=SIMILAR)
    if not close:
        return f"{line}; 'linkwatch harvest' reads the articles"
    return f"{line}; did you mean {' or '.join(safe.plain(url, safe.URL_LIMIT) for url in close)}?"
