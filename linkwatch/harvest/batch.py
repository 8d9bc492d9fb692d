"""What readers hand over: a module of its own, because who only writes it does without the parsers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkwatch.harvest.corpus import Trouble
    from linkwatch.store.rows import FileRow, UrlRow


@dataclass(slots=True)
class Batch:
    """What came of some files."""

    files: list[FileRow] = field(default_factory=list)
    urls: list[UrlRow] = field(default_factory=list)  # links and mementos name them by their place here
    troubles: list[Trouble] = field(default_factory=list)
