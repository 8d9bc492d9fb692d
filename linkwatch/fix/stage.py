"""The fix stage: what the database knows of broken links, put into the articles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from linkwatch.archive.choose import best
from linkwatch.archive.unfit import unfit
from linkwatch.errors import ConfigError
from linkwatch.fix.changing import Change, Picture, Seen, applied, holding
from linkwatch.fix.plan import FIXABLE, Fix, LeftAlone, decide
from linkwatch.fix.spelling import FORMS, Spot, annotation, spelled
from linkwatch.harvest import corpus
from linkwatch.harvest.document import Context
from linkwatch.harvest.encoding import UndecodableError, decoded
from linkwatch.harvest.extract import documents
from linkwatch.harvest.reading import reader
from linkwatch.harvest.source import encodable, plain_newlines
from linkwatch.model import State
from linkwatch.report.ignored import ignoring
from linkwatch.store import fixing, mementos
from linkwatch.urls import is_absolute

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date, datetime

    from sqlite_utils import Database

    from linkwatch.config import Config
    from linkwatch.fix.plan import Article, Choose, Cited
    from linkwatch.fix.spelling import Edit
    from linkwatch.harvest.encoding import Decoded
    from linkwatch.model import Memento

CHANGED = "changed since it was harvested; run 'linkwatch harvest' first"
UNPLAIN = "the source does not show plainly where its address stands"
NOT_BACK = "its encoding cannot be written back as it is"


@dataclass(frozen=True, slots=True)
class Fixed:
    """What is to become of one file."""

    path: str
    location: Path
    refused: str | None = None  # why nothing in it is touched
    before: bytes = b""
    after: bytes = b""
    fixes: tuple[Fix, ...] = ()
    left: tuple[LeftAlone, ...] = ()


def fix(
    db: Database,
    config: Config,
    paths: Sequence[Path],
    *,
    today: date,
    only: Collection[State] = FIXABLE,
    article: str | None = None,
    robust: bool = False,
) -> Iterator[Fixed]:
    """What every article would be with its broken links repaired, file by file; writes nothing.

    ``paths`` are files or directories, by default those of the corpus; ``article`` narrows to a
    path, a glob of paths or an address; ``robust`` annotates HTML anchors as Robust Links.
    Raises CorpusError for a path that does not exist.
    """
    roots = corpus.roots(_named(config, paths), config.root)
    mender = _Mender(db, config, today, only, robust=robust)
    refused = set()
    for each, rows in fixing.articles(db, only, article):
        location = _location(each, roots)
        if location is None:
            continue
        fixed = mender.mend(each, location, rows)
        if fixed.refused is None or fixed.path not in refused:  # a file of many articles: once
            refused.add(fixed.path)
            yield fixed


def _named(config: Config, paths: Sequence[Path]) -> list[Path]:
    return list(paths) or [config.root / path for path in config.corpus.paths] or [config.root]


def _file_of(article: Article) -> str:
    return article.path if article.part is None else article.path[: -len(article.part) - 1]


def _location(article: Article, roots: Sequence[corpus.Root]) -> Path | None:
    """Where the file of an article lies; None where it is not below what was named."""
    path = _file_of(article)
    for root in roots:
        if corpus.covers([root], path):
            inner = path[len(root.path) :].lstrip("/") if root.path else path
            return Path(root.location, inner) if inner else Path(root.location)
    return None


class _Mender:
    """Mends articles as one set of settings asks for."""

    def __init__(
        self, db: Database, config: Config, today: date, only: Collection[State], *, robust: bool
    ) -> None:
        self.only = only
        self.robust = robust
        self.choose = _chooser(db)
        self.excludes = config.check.exclude
        self.today = today
        try:
            self.reader = reader(config)
        except (KeyError, ValueError, OSError):
            raise ConfigError(f"corpus.timezone: unknown zone '{config.corpus.timezone}'") from None

    def mend(self, article: Article, location: Path, rows: Sequence[Cited]) -> Fixed:
        """One article with its links repaired, or why it is left as it is."""
        fixed = Fixed(_file_of(article), location)
        wanted, left = self._wanted(article, rows)
        if not wanted:
            return replace(fixed, left=tuple(left))
        if article.format not in FORMS:
            return replace(fixed, refused=f"{article.format} files are not written to; mend their source")
        opened = _opened(location, article.sha256)
        if isinstance(opened, str):
            return replace(fixed, refused=opened)
        data, file = opened
        kept = self._kept(article, file.text, wanted)
        done = tuple(each.fix for each in kept)
        left += [LeftAlone(each.line, each.url, UNPLAIN) for each in wanted if each not in done]
        after = file.encoded(applied(file.text, kept))
        return replace(fixed, before=data, after=after, fixes=done, left=tuple(left))

    def _wanted(self, article: Article, rows: Sequence[Cited]) -> tuple[list[Fix], list[LeftAlone]]:
        """What is to be said at each place, and which broken links stay."""
        fixes: list[Fix] = []
        left: list[LeftAlone] = []
        for _, group in groupby(rows, lambda row: (row.line, row.column)):
            told = [self._unless_excluded(row) for row in group]
            match decide(told, article.cited_at, choose=self.choose, unfit=unfit, only=self.only):
                case Fix() as found:
                    fixes.append(found)
                case LeftAlone() as kept:
                    left.append(kept)
                case None:
                    pass
        return fixes, left

    def _unless_excluded(self, row: Cited) -> Cited:
        known = ignoring(row.url, row.host, self.excludes, self.today)
        return replace(row, state=State.SKIPPED) if known else row

    def _kept(self, article: Article, text: str, wanted: Sequence[Fix]) -> list[Change]:
        """The changes of a text that were seen to do what they should, and nothing else."""
        context = Context(_file_of(article), self.reader.timezone, self.reader.timezone_is_set)

        def read(changed: str) -> Picture:
            return _picture(changed, context)

        plain = plain_newlines(encodable(text))
        offsets = _offsets(plain)
        seen = {(each.line, each.column): each for each in read(text).links}
        changes = []
        for fix in wanted:
            there = seen.get((fix.line, fix.column))
            if there is not None and there.raw == fix.raw:
                spot = Spot(plain, offsets[fix.line - 1] + fix.column - 1, fix.raw, there.attribute, fix.new)
                changes.append(Change(fix, tuple(self._edits(article, fix, spot))))
        return holding(text, [each for each in changes if each.edits], read)

    def _edits(self, article: Article, fix: Fix, spot: Spot) -> Iterator[Edit]:
        edit = spelled(spot, article.format)
        if edit is None:
            return
        yield edit
        if self.robust and (added := annotation(spot, edit, self._said(article, fix))):
            yield added

    def _said(self, article: Article, fix: Fix) -> dict[str, str]:
        """What a Robust Link says: what was cited, as of when, and a snapshot of it where one is known.

        The time is the article's day; a more precise one would be made up.
        """
        chosen = fix.memento or self.choose(fix.url_id, article.cited_at)
        day = chosen.captured_at if chosen and not article.dated else article.cited_at
        said = {"data-originalurl": fix.raw if is_absolute(fix.raw) else fix.url}
        said["data-versiondate"] = day.date().isoformat()
        return said if chosen is None else {**said, "data-versionurl": chosen.memento_url}


def _opened(location: Path, digest: str) -> tuple[bytes, Decoded] | str:
    """The bytes of a file and its text, or why it is not to be touched."""
    try:
        data = location.read_bytes()
        file = decoded(data)
        if sha256(data).hexdigest() != digest:
            return CHANGED
        return (data, file) if file.encoded(file.text) == data else NOT_BACK
    except OSError as error:
        return f"cannot be read: {(error.strerror or str(error)).lower()}"
    except UnicodeEncodeError:
        return NOT_BACK
    except UndecodableError as error:
        return str(error)


def _picture(text: str, context: Context) -> Picture:
    """What a harvest would read out of a text."""
    name, found = documents(encodable(text), context)
    said = (name, [(each.part, each.metadata.url, each.base) for each in found])
    links = chain.from_iterable(each.links for each in found)
    return Picture(
        said, tuple(Seen(encodable(e.raw), e.element, e.attribute, e.line, e.column) for e in links)
    )


def _offsets(plain: str) -> list[int]:
    """Where each line begins, in characters."""
    return [0, *(match.end() for match in re.finditer("\n", plain))]


def _chooser(db: Database) -> Choose:
    """The memento of a URL for an article of a time."""

    @lru_cache(maxsize=4096)
    def held(url_id: int) -> list[Memento]:
        return mementos.of_url(db, url_id)

    def choose(url_id: int, at: datetime) -> Memento | None:
        choice = best(held(url_id), at)
        return choice.best if choice else None

    return choose
