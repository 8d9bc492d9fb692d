"""Governments, libraries, archives, standards, encyclopedias, code: alive and moving house."""

from __future__ import annotations

from linkwatch.demo.behaviours import (
    challenge,
    home,
    missing,
    moved,
    page,
    refused,
    slow,
)
from linkwatch.demo.sites.press import SINCE
from linkwatch.demo.world import Row

BACK = 38  # the day on which things that had vanished are back

ROWS = (
    Row(
        "https://forumvostok.ru/en/about-the-forum/",
        {
            0: page("About the forum", "A meeting in September, on an island near a port."),
            SINCE: moved("https://forumvostok.ru/en/about/"),
        },
        "alive for long, then moved for good",
    ),
    Row(
        "https://forumvostok.ru/en/about/",
        page("About", "A meeting in September, on an island near a port, under a new address."),
        "where a permanent redirect leads",
    ),
    Row(
        "https://vladivostok.travel/en/todo/midday-gun-shot/",
        {0: page("The midday gun", "Every day at noon a gun is fired from a hill."), SINCE: missing()},
        "alive for long, then 404: newly dead once confirmed",
    ),
    Row(
        "http://en.kremlin.ru/events/president/news/58537",
        refused(403),
        "a plain 403 says nothing of the page",
    ),
    Row(
        "http://www.w3.org/Provider/Style/URI",
        moved("https://www.w3.org/Provider/Style/URI"),
        "moved from http to https, which is only noise, and moved",
    ),
    Row(
        "https://www.w3.org/Provider/Style/URI",
        page("Addresses that last", "What a good address leaves out, so that it need never change."),
        "alive, where a redirect to https leads",
    ),
    Row("https://www.w3.org/", page("Standards for the web", "News of the working groups."), "a canary"),
    Row("https://www.iana.org/", page("Numbers and names", "Registries, by protocol."), "a canary"),
    Row("https://www.wikipedia.org/", page("An encyclopedia", "Choose a language."), "a canary"),
    Row("https://perma.cc/", page("Links that last", "A library keeps what a court cites."), "alive"),
    Row(
        "http://papers.ssrn.com/sol3/papers.cfm?abstract_id=2329161",
        challenge(),
        "a challenge to prove being human, over plain HTTP",
    ),
    Row(
        "https://en.wikipedia.org/wiki/Link_rot",
        page(
            "Link rot",
            "Links cease to point to what they were made for, the sooner the deeper they go.",
            ids=("Prevalence", "Causes", "Prevention_and_detection"),
        ),
        "alive, cited by several articles of different years, with and without a fragment",
    ),
    Row(
        "https://en.wikipedia.org/wiki/Digital_preservation",
        page(
            "Digital preservation",
            "What it takes to keep a file readable.",
            ids=("Fundamentals", "Strategies"),
        ),
        "alive, but the fragment an article cites is not on the page",
    ),
    Row(
        "https://zh.wikipedia.org/wiki/长江",
        page("长江", "亚洲第一长河，自西向东流入东海。", lang="zh"),
        "alive, with an address that is not ASCII as written",
    ),
    Row(
        "http://xxfb.mwr.cn/sq_djdh.html",
        page("大江大河水情", "各主要水文站的水位与流量。", lang="zh"),
        "its host picks up no more: see the hosts",
    ),
    Row(
        "http://www.stats.gov.cn/tjsj/ndsj/",
        moved("https://www.stats.gov.cn/sj/ndsj/"),
        "a statistical yearbook under a new address",
    ),
    Row(
        "https://www.stats.gov.cn/sj/ndsj/",
        page("统计年鉴", "历年年鉴目录，可按年份查阅。", lang="zh"),
        "where a permanent redirect leads",
    ),
    Row(
        "http://www.cjh.com.cn/",
        slow(0.4, page("水文信息", "今日水情、预报和公告。", lang="zh")),
        "slow, Chinese, and cited through a snapshot in an archive",
    ),
    Row(
        "http://www.un.org/millenniumgoals/",
        page("Eight goals", "Goals for fifteen years, and how far they were reached."),
        "alive, cited through a snapshot in an archive",
    ),
    Row(
        "https://www.loc.gov/webarchiving/",
        moved("https://www.loc.gov/programs/web-archiving/about-this-program/"),
        "a library's programme under a new address",
    ),
    Row(
        "https://www.loc.gov/programs/web-archiving/about-this-program/",
        page("Archiving the web", "What a national library collects, and why."),
        "where a permanent redirect leads",
    ),
    Row(
        "https://blog.archive.org/2013/10/25/fixing-broken-links/",
        page("Fixing broken links", "An archive offers its copies to those who run into errors."),
        "alive, a post of 2013",
    ),
    Row(
        "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0115253",
        page("Scholarly context not found", "One in five articles suffers from references that rot."),
        "alive, with a query that names the page",
    ),
    Row(
        "http://robustlinks.mementoweb.org/spec/",
        {0: page("Links that carry a date", "Attributes for links that say when."), SINCE: missing(410)},
        "alive for long, then 410: newly dead once confirmed",
    ),
    Row(
        "http://timetravel.mementoweb.org/about/",
        page("One search for many archives", "Where to find an old copy of a page."),
        "its host refuses connections: see the hosts",
    ),
    Row(
        "https://www.gwern.net/Archiving-URLs",
        moved("https://gwern.net/archiving"),
        "a personal site under a shorter name",
    ),
    Row(
        "https://gwern.net/archiving",
        page("Archiving addresses", "How one site keeps copies of all it cites."),
        "where a permanent redirect leads",
    ),
    Row(
        "https://github.com/internetarchive/wayback",
        page("internetarchive/wayback", "A repository with its files and a page that explains them."),
        "alive, a code repository",
    ),
    Row(
        "https://github.com/internetarchive/wayback/blob/master/wayback-cdx-server/README.md",
        page(
            "README.md",
            "How to ask for captures.",
            ids=("user-content-filtering", "user-content-basic-usage"),
        ),
        "alive; fragments there carry a prefix that browsers are told to add",
    ),
    Row("https://www.rfc-editor.org/rfc/rfc7089", page("RFC 7089", "Time travel for the web."), "alive"),
    Row(
        "https://tools.ietf.org/html/rfc7089",
        moved("https://datatracker.ietf.org/doc/html/rfc7089"),
        "moved, and the fragment of the link still holds there",
    ),
    Row(
        "https://datatracker.ietf.org/doc/html/rfc7089",
        page("RFC 7089", "Time travel for the web, with its history.", ids=("section-4", "section-5")),
        "where a permanent redirect leads",
    ),
    Row(
        "https://www.who.int/emergencies/diseases/novel-coronavirus-2019",
        page("An outbreak", "Situation reports and advice, by date."),
        "alive",
    ),
    Row(
        "http://www.gov.cn/xinwen/2020-01/26/content_5472235.htm",
        {
            0: page("一则通知", "通知的全文和发布日期。", lang="zh"),
            5: missing(),
            BACK: page("一则通知", "通知的全文和发布日期。", lang="zh"),
        },
        "dead for a month, then back: recovered",
    ),
    Row(
        "https://arquivo.pt/", page("A national web archive", "Pages since 1996, to search by date."), "alive"
    ),
    Row(
        "https://harvardlawreview.org/forum/no-volume/perma-scoping-and-addressing-the-problem-of-link-and-reference-rot-in-legal-citations/",
        page("Scoping the problem", "How many citations of law journals still lead anywhere."),
        "alive",
    ),
    Row(
        "https://www.pewresearch.org/data-labs/2024/05/17/when-online-content-disappears/",
        page("When content disappears", "A quarter of the pages of ten years is no longer there."),
        "alive",
    ),
    Row(
        "https://www.nature.com/articles/d41586-024-00616-5",
        page("Papers without a copy", "Millions of papers are kept nowhere but at their publisher."),
        "alive",
    ),
    Row("https://www.census.gov/data.html", page("Data", "Tables, maps and how they were counted."), "alive"),
    Row(
        "https://www.climate.gov/news-features/understanding-climate/climate-change-global-temperature",
        {
            0: page("Global temperature", "A curve since 1850, and how it is measured."),
            SINCE: moved("https://www.noaa.gov/climate/global-temperature"),
        },
        "alive for long, then moved for good to another host",
    ),
    Row(
        "https://www.noaa.gov/climate/global-temperature",
        page("Global temperature", "A curve since 1850, kept by another office."),
        "where a permanent redirect leads",
    ),
    Row(
        "https://data.gov/climate/old-portal/",
        home(301),
        "a permanent redirect to the front page is not where the page moved",
    ),
    Row("https://answers.yahoo.com/question/index?qid=20110304085312AAbXs3C", missing(), "see the hosts"),
)
