"""The publications: the pages the sample articles were made from, and a site for the spiders."""

from __future__ import annotations

import json
from dataclasses import dataclass

from linkwatch.demo import pages
from linkwatch.demo.behaviours import article, document, page
from linkwatch.demo.world import Behaviour, Row

SITE = "https://news.example"


@dataclass(frozen=True, slots=True)
class Story:
    """One article of the spiders' site: its path, title, time of publication, and its links."""

    path: str
    title: str
    published: str
    body: str


STORIES = (
    Story(
        "2024/11/05/harbour-ferry",
        "The harbour ferry gets a timetable again",
        "2024-11-05T08:30:00+00:00",
        """For six years the ferry left when it was full. Now it leaves on the hour, as
        <a href="https://www.vl.ru/">the city portal</a> announced, and an old
        <a href="https://port-diary.example/2018/06/ferry-timetable">timetable of 2018</a> is no
        guide any more.""",
    ),
    Story(
        "2025/02/11/link-rot-at-the-library",
        "A librarian and her list of broken links",
        "2025-02-11T06:00:00+00:00",
        """She began with a spreadsheet. <a href="https://en.wikipedia.org/wiki/Link_rot#Causes">Links
        rot</a>, she says, and a <a href="http://courtwatch.example/opinions/2012/appendix-b.html">court's
        appendix</a> was the first on her list.""",
    ),
    Story(
        "2025/06/30/yearbook",
        "统计年鉴换了地址",
        "2025-06-30T02:15:00+00:00",
        """年鉴的<a href="http://www.stats.gov.cn/tjsj/ndsj/">旧地址</a>还在许多文章里，<a
        href="https://stacks.citylibrary.example/catalogue">馆藏目录</a>里也是。""",
    ),
)
ADDRESSES = tuple(f"{SITE}/{each.path}/" for each in STORIES)


def _page(story: Story, address: str) -> Behaviour:
    about = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published,
        "author": [{"@type": "Person", "name": "Sample Desk"}],
    }
    head = (
        f'<link rel="canonical" href="{address}">'
        f'<meta property="article:published_time" content="{story.published}">'
        f'<script type="application/ld+json">{json.dumps(about, ensure_ascii=False)}</script>'
    )
    lang = "en" if story.title.isascii() else "zh"
    return article(story.title, "From our sample desk.", lang=lang, head=head, body=f"<p>{story.body}</p>")


_FEED = pages.feed(
    "News of the sample desk",
    f"{SITE}/",
    tuple((s.title, a) for s, a in zip(STORIES, ADDRESSES, strict=True)),
)

ROWS = (
    *(
        Row(address, _page(story, address), "an article for the spiders to fetch")
        for story, address in zip(STORIES, ADDRESSES, strict=True)
    ),
    Row(
        f"{SITE}/robots.txt",
        document(f"User-agent: *\nDisallow: /drafts/\n\nSitemap: {SITE}/sitemap.xml\n", "text/plain"),
        "what spiders may fetch, and where the sitemap lies",
    ),
    Row(
        f"{SITE}/sitemap.xml",
        document(pages.sitemap(ADDRESSES), "application/xml"),
        "a sitemap of the articles",
    ),
    Row(f"{SITE}/feed.xml", document(_FEED, "application/rss+xml"), "a feed of the articles"),
    Row(
        "https://gazette.example/2013/09/26/court-links/",
        page("When a court cites a web page", "The article as it stands on the publication's own site."),
        "an internal link from one article to another",
    ),
    Row(
        "https://gazette.example/about/",
        page("About the Gazette", "A sample publication that sends nobody to the harbour."),
        "an internal link to a page that is no article",
    ),
    Row(
        "https://zh.gazette.example/20150318/river-gauges/",
        page("汛期之前，水位站的网页去了哪里", "文章在本站的原文。", lang="zh"),
        "an internal link from one article to another",
    ),
)
