"""Fetches articles from a live site into files, by a Scrapy spider.

Articles are files, so that git can watch them: a crawl writes what is new or has changed, leaves
the rest alone, and the harvest reads the files. Spiders import linkwatch and are named here as
text only, so that everything else works without Scrapy.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linkwatch.errors import LinkwatchError, MissingExtraError, UsageError
from linkwatch.urls import domain_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrapy.crawler import AsyncCrawlerRunner, Crawler
    from scrapy.settings import Settings
    from twisted.python.failure import Failure

    from linkwatch.config import Config

# A list says itself whether it is a sitemap or a feed, so one spider reads both.
SPIDERS = {"sitemap": "sitemap.SitemapSpider", "feed": "sitemap.SitemapSpider"}

# What these say with a traceback, the summary says in a line, or is raised when the crawl ends.
_TOLD_ELSEWHERE = ("scrapy.core.scraper", "scrapy.downloadermiddlewares.robotstxt")


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """What a crawl did."""

    written: int  # files that are new or have changed
    unchanged: int
    troubles: tuple[tuple[str, str], ...]  # addresses that gave no article, each with a sentence


def crawl(
    spider: str, start: Sequence[str], output: Path, config: Config, *, limit: int = sys.maxsize
) -> CrawlSummary:
    """Fetches what the lists at ``start`` name into files below ``output``, at most ``limit`` pages.

    Raises UsageError where the call makes no sense, MissingExtraError without Scrapy, and
    LinkwatchError where no list could be read or a file not be written.
    """
    _refuse_nonsense(spider, start, output)
    if find_spec("scrapy") is None:
        raise MissingExtraError("'linkwatch crawl' needs Scrapy: pip install 'linkwatch[spiders]'")
    return asyncio.run(_crawled(f"{_package()}.{SPIDERS[spider]}", start, output, config, limit))


def _refuse_nonsense(spider: str, start: Sequence[str], output: Path) -> None:
    if spider not in SPIDERS:
        raise UsageError(f"no spider is called {spider!r}; there are: {', '.join(SPIDERS)}")
    for url in start:
        if not url.startswith(("http://", "https://")) or not urlsplit(url).hostname:
            raise UsageError(f"{url!r} is not an address to start from; write it with http:// or https://")
    if not start:
        raise UsageError("nothing to start from; name the address of a sitemap or a feed")
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output}: not a directory; name one with --output")


def _package() -> str:
    """Where the spiders lie: inside the installed package, or beside it in a checkout."""
    return "linkwatch._shipped.spiders" if find_spec("linkwatch._shipped") else "spiders"


async def _crawled(path: str, start: Sequence[str], output: Path, config: Config, limit: int) -> CrawlSummary:
    """One crawl in the running loop. When it is cancelled, what was fetched is kept."""
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.utils.misc import load_object

    for name in _TOLD_ELSEWHERE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    faults: list[BaseException] = []

    def remember(failure: Failure) -> None:
        if failure.value is not None:
            faults.append(failure.value)

    runner = AsyncCrawlerRunner(_settings(path.rpartition(".")[0].rpartition(".")[0], output, config))
    crawler = runner.create_crawler(load_object(path))
    for signal in (signals.item_error, signals.spider_error):
        crawler.signals.connect(remember, signal)
    crawling = runner.crawl(crawler, start=start, domains=_domains(start, config), limit=limit)
    try:
        await asyncio.shield(crawling)
    except asyncio.CancelledError:
        await _interrupt(runner, crawler)
        raise
    _raise_ours(faults)
    return _summary(crawler, start)


async def _interrupt(runner: AsyncCrawlerRunner, crawler: Crawler) -> None:
    """Ends a crawl at once and in order: Scrapy waits for requests under way, so those are hung up."""
    spider: Any = crawler.spider
    for session in spider.sessions:
        await session.close()
    await runner.stop()


def _settings(package: str, output: Path, config: Config) -> Settings:
    """The spiders' own settings, and what the publication decides."""
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule(f"{package}.settings")
    settings.setdict(
        {
            "LINKWATCH_CONFIG": config,
            "LINKWATCH_OUTPUT": output,
            "USER_AGENT": config.network.user_agent,
            "CONCURRENT_REQUESTS_PER_DOMAIN": config.check.per_host_concurrency,
            "DOWNLOAD_DELAY": config.check.per_host_interval,
            "AUTOTHROTTLE_START_DELAY": config.check.per_host_interval,
            "REDIRECT_MAX_TIMES": config.check.max_redirects,
            "RETRY_TIMES": config.check.retries,
        }
    )
    return settings


def _domains(start: Sequence[str], config: Config) -> list[str]:
    """The sites that a crawl stays on: those it starts from and the publication's own."""
    hosts = [urlsplit(url).hostname or "" for url in start]
    return sorted({*map(domain_of, hosts), *config.site.hosts})


def _raise_ours(faults: Sequence[BaseException]) -> None:
    """Raises the first of our own faults: a full disk in a line, a mistake of the code as it is."""
    for fault in faults:
        if isinstance(fault, OSError):
            raise LinkwatchError(f"{fault.filename}: cannot be written: {fault.strerror}") from fault
        raise fault


def _summary(crawler: Crawler, start: Sequence[str]) -> CrawlSummary:
    spider: Any = crawler.spider
    if not spider.listings:
        url, why = next(iter(spider.troubles.items()), (start[0], "nothing came back"))
        raise LinkwatchError(
            f"{url}: {_printable(why).rstrip('.')}; name a sitemap or a feed that can be fetched"
        )
    count = crawler.stats.get_value
    return CrawlSummary(
        written=count("articles/written", 0),
        unchanged=count("articles/unchanged", 0),
        troubles=tuple((url, _printable(why)) for url, why in sorted(spider.troubles.items())),
    )


def _printable(text: str) -> str:
    """One line that moves no terminal: a fault may quote what the remote sent."""
    return "".join(each if each.isprintable() else " " for each in text)
