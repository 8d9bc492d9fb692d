"""Readers begun ahead: they load the parsers while the database of a first harvest is being made."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from linkwatch.harvest import corpus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from linkwatch.config import Config

_SAMPLE = 2_000  # files that are looked at; a corpus of more that are tiny can wait for its readers


def begin_readers(config: Config, paths: Sequence[Path], database: Path) -> None:
    """Begins the processes that read where there is no database yet, and work enough for them.

    Raises CorpusError as the harvest would: for a path that does not exist no database is made.
    """
    if database.exists():
        return
    from linkwatch.harvest import pool

    found = chain.from_iterable(corpus.walk(root, config.corpus) for root in corpus.named(paths, config))
    files = (each for each in islice(found, _SAMPLE) if isinstance(each, corpus.File))
    if sum(file.size for file in files) >= pool.ALONE_BYTES:
        pool.begin()
