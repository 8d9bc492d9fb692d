"""SQL of landing pages: where the redirects of one host's URLs have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def known(db: Database, host: str) -> tuple[list[tuple[str, str]], bool]:
    """Of one host's URLs: which of them were led to which address, and whether any is shown where it is."""
    rows = db.execute(
        """select url, final_url from urls
           where host = ? and final_url is not null and verdict in ('alive', 'moved', 'gone')
           order by id""",
        [host],
    ).fetchall()
    return [(url, final) for url, final in rows if url != final], any(url == final for url, final in rows)
