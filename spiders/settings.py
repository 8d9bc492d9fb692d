"""Scrapy's settings: one visitor on one's own site, slow, honest and quiet.

What a publication decides (user agent, pace, time-outs) comes from ``linkwatch.toml`` and is set
by ``linkwatch.crawl``; here stands what holds for every crawl.
"""

from __future__ import annotations

# Inside the wheel this package lies deeper, so its name is not written out.
PACKAGE = __name__.rpartition(".")[0]

BOT_NAME = "linkwatch"

# Runs in linkwatch's own event loop, over linkwatch's own sessions: the same routes, name servers
# and guard against private addresses as the checker's.
TWISTED_REACTOR_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": f"{PACKAGE}.handler.SessionHandler",
    "https": f"{PACKAGE}.handler.SessionHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
COMPRESSION_ENABLED = False  # the session unpacks
HTTPPROXY_ENABLED = False  # the session knows the proxy

ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    f"{PACKAGE}.offsite.OnSite": 50,
}

# A sitemap may be 50 MB unpacked (sitemaps.org); no article comes near it.
DOWNLOAD_MAXSIZE = 52_428_800
# robots.txt → index → sitemap → page is 3; an index of indexes adds one.
DEPTH_LIMIT = 5

# What goes wrong is told in the summary, so answers of every status reach the spider.
HTTPERROR_ALLOW_ALL = True
RETRY_GIVE_UP_LOG_LEVEL = "INFO"

HTTPCACHE_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
MEMUSAGE_ENABLED = False
LOG_ENABLED = False  # logging is the command line's
STATS_DUMP = False

ITEM_PIPELINES = {f"{PACKAGE}.pipelines.ArticleFiles": 100}
