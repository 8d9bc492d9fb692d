"""Newspapers, agencies and social networks: mostly alive, often behind a gate."""

from __future__ import annotations

from linkwatch.demo.behaviours import (
    challenge,
    found,
    login,
    missing,
    moved,
    page,
    picture,
    refused,
    slow,
    soft_missing,
)
from linkwatch.demo.world import Row

SINCE = 36  # the day on which things change that were fine so far

ROWS = (
    Row(
        "https://cn.nytimes.com/world/20230905/putin-kim-meeting-russia-north-korea-weapons/",
        page(
            "两国领导人或将会面", "官员们说，会面可能在九月举行，地点是一座太平洋沿岸的港口城市。", lang="zh"
        ),
        "an article's own address",
    ),
    Row(
        "https://cn.nytimes.com/world/20220907/russia-north-korea-artillery/",
        page("炮弹从哪里来", "一份解密的评估谈到了火炮弹药的来源。", lang="zh"),
        "alive, Chinese, on the publication's own host",
    ),
    Row(
        "https://cn.nytimes.com/world/20230224/intelligence-russia-us-ukraine-china/",
        page("情报为何提前公开", "文章梳理了一年来几次提前公布情报的经过。", lang="zh"),
        "alive, Chinese, on the publication's own host",
    ),
    Row(
        "https://www.nytimes.com/live/2023/08/30/world/russia-ukraine-news/high-level-discussions-may-continue-in-coming-months-al-white-house-spokesman-john-kirby-says",
        page("Talks may go on in the coming months", "An entry of a live page, with the time it was posted."),
        "alive, cited with a query that only says how it was shared",
    ),
    Row(
        "https://www.nytimes.com/2022/06/09/world/europe/putin-peter-the-great.html",
        page("A comparison with an emperor", "A speech at an exhibition drew a long line through history."),
        "alive, a plain article",
    ),
    Row(
        "https://www.nytimes.com/2019/03/02/world/asia/trump-kim-jong-un-summit.html",
        page("How a summit ended early", "The lunch table was set, and nobody sat down at it."),
        "alive, a plain article",
    ),
    Row(
        "https://www.nytimes.com/2022/11/02/world/europe/russia-ukraine-north-korea-ammunition.html",
        page("Shells by a long way round", "Officials described shipments that took an indirect route."),
        "alive, cited with a query that only says how it was shared",
    ),
    Row(
        "https://www.nytimes.com/live/2023/07/14/world/russia-ukraine-news",
        page(
            "A day of news, as it came in",
            "Entries follow one another, the newest first.",
            ids=(
                "biden-official-says-the-us-will-continue-to-declassify-and-share-data-when-it-provides-forewarning",
            ),
        ),
        "alive, and the part its fragment names is there",
    ),
    Row(
        "https://www.nytimes.com/by/edward-wong",
        page("Articles by one reporter", "The newest articles of one author, with their dates."),
        "alive, cited twice in one article with a long query that changes nothing",
    ),
    Row(
        "https://www.nytimes.com/by/julian-e-barnes",
        page("Articles by another reporter", "The newest articles of one author, with their dates."),
        "alive, an author's page",
    ),
    Row(
        "https://www.nytimes.com/2023/09/04/us/politics/putin-kim-meeting-russia-north-korea-weapons.html",
        page("Two leaders may meet", "Officials say that a meeting may take place in a port on the Pacific."),
        "alive, the original of a translation",
    ),
    Row(
        "https://www.nytimes.com/2013/09/24/us/politics/in-supreme-court-opinions-clicks-that-lead-nowhere.html",
        page("Clicks that lead nowhere", "A study looked at the web addresses that judges put in footnotes."),
        "alive for more than ten years",
    ),
    Row(
        "https://static01.nyt.com/images/2023/09/04/multimedia/04dc-putin-kim-02-jwcz/04dc-putin-kim-02-jwcz-master1050.jpg",
        picture(),
        "an image behind a proxy: the origin is there",
    ),
    Row(
        "https://static01.nyt.com/images/2023/09/04/multimedia/04dc-putin-kim-01-jwcz/04dc-putin-kim-01-jwcz-master1050.jpg",
        {0: picture(), SINCE: missing()},
        "an image behind a proxy whose origin is taken down",
    ),
    Row("https://images.weserv.nl/*", picture(), "an image proxy answers for every image"),
    Row(
        "https://www.reuters.com/world/europe/putin-speaks-economic-forum-russian-far-east-2022-09-07/",
        refused(401),
        "a 401 to machines is a gate, whatever people see",
    ),
    Row(
        "https://www.theguardian.com/world/2019/apr/24/kim-jong-un-arrives-in-vladivostok-by-train-for-putin-summit",
        page(
            "A train arrives in Vladivostok",
            "Reporters waited on the platform. As Kim Jong-un arrived, a ramp was found to be too short for "
            "the door, and guards wiped the handrails that a guest might touch exiting the carriage.",
        ),
        "alive, and the words its text fragment quotes are there",
    ),
    Row(
        "https://www.aljazeera.com/news/2023/7/27/north-koreas-kim-shows-off-banned-missiles-to-russias-shoigu",
        slow(0.4, page("An exhibition of weapons", "Guests were led past launchers and drones.")),
        "slow is not dead",
    ),
    Row(
        "https://www.nknews.org/2018/09/is-north-koreas-99-foundation-day-its-most-important-holiday/",
        refused(402),
        "a pay wall is a gate",
    ),
    Row(
        "https://kcnawatch.org/newstream/1686521388-398467602/greetings-to-russian-president/",
        challenge(),
        "a challenge to prove being human, told by its header",
    ),
    Row(
        "https://www.bbc.com/zhongwen/simp/world-48193216",
        refused(451),
        "withheld for legal reasons is not gone",
    ),
    Row(
        "https://www.thepaper.cn/newsDetail_forward_8688010",
        soft_missing("zh"),
        "the answer is 200, the page says in Chinese that it does not exist",
    ),
    Row("https://www.thepaper.cn/*", soft_missing("zh"), "so does every other address of that host"),
    Row(
        "http://news.xinhuanet.com/",
        moved("http://www.news.cn/"),
        "a news agency under a new name, by a permanent redirect",
    ),
    Row(
        "http://www.news.cn/",
        page("新闻首页", "今日要闻、地方新闻和图片，按时间排列。", lang="zh"),
        "alive, Chinese",
    ),
    Row(
        "https://weibo.com/1974576991/IvKJ8xqyB",
        login("https://passport.weibo.com/sso/signin?entry=miniblog&url=https%3A%2F%2Fweibo.com%2F"),
        "visitors are sent to a login first",
    ),
    Row(
        "https://passport.weibo.com/sso/signin?entry=miniblog&url=https%3A%2F%2Fweibo.com%2F",
        page("登录", "请先登录，再继续浏览。", lang="zh", body='<form><input type="password"></form>'),
        "a login page",
    ),
    Row("https://www.zhihu.com/question/20263749", refused(403), "a plain 403 says nothing of the page"),
    Row(
        "https://www.facebook.com/internetarchive",
        login("https://www.facebook.com/login/?next=https%3A%2F%2Fwww.facebook.com%2Finternetarchive"),
        "visitors are sent to a login first",
    ),
    Row(
        "https://www.facebook.com/login/?next=https%3A%2F%2Fwww.facebook.com%2Finternetarchive",
        page("Log in", "You must log in to continue.", body='<form><input type="password"></form>'),
        "a login page",
    ),
    Row(
        "https://www.linkedin.com/company/internet-archive",
        refused(999),
        "999 is how one network turns machines away",
    ),
    Row(
        "https://www.researchgate.net/publication/270513420",
        refused(429, {"Retry-After": "3600"}),
        "asked to come back in an hour: for another night",
    ),
    Row(
        "https://www.vl.ru/",
        slow(0.4, page("City portal", "Weather, ferries and the harbour, for a city on the Pacific.")),
        "slow is not dead",
    ),
    Row(
        "https://www.dvfu.ru/en/",
        found("https://www.dvfu.ru/en/home/"),
        "a temporary redirect: the address stays right",
    ),
    Row(
        "https://www.dvfu.ru/en/home/",
        page("A university on an island", "Faculties, halls of residence and a bridge to the city."),
        "where a temporary redirect leads",
    ),
)
