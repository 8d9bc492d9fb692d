"""Where fetched pages go: into files that git can watch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .naming import file_name
from .page import origin, rendered, same_page

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from .page import Page


class ArticleFiles:
    """Writes each page to its file below the output directory, unless it stands there already."""

    def __init__(self, output: Path, stats: StatsCollector) -> None:
        self._output = output
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes its pipelines."""
        return cls(Path(crawler.settings["LINKWATCH_OUTPUT"]), crawler.stats)

    def process_item(self, item: Page) -> Page:
        """Keeps one page, and counts whether that changed anything."""
        path, held = self._place(item.url)
        text = rendered(item)
        if held is not None and same_page(held, text):
            self._stats.inc_value("articles/unchanged")
        else:
            _write(path, text)
            self._stats.inc_value("articles/written")
        return item

    def _place(self, url: str) -> tuple[Path, str | None]:
        """The file of a page, and what it holds. A file of another page, or a person's, is left alone."""
        path = self._output / file_name(url)
        held = _read(path)
        if held is None or _same_address(origin(held), url):
            return path, held
        path = self._output / file_name(url, distinct=True)
        return path, _read(path)


def _same_address(one: str | None, other: str) -> bool:
    """A site that turns to https keeps its files."""
    return one is not None and one.partition("://")[2] == other.replace(">", "%3E").partition("://")[2]


def _read(path: Path) -> str | None:
    # Line ends stay as they are: a page is compared byte for byte.
    try:
        with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _write(path: Path, text: str) -> None:
    """All of the text or nothing: an interrupted crawl leaves no half page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
    draft.replace(path)
