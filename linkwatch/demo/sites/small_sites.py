"""Invented small sites (``.example``), where most links die; and hosts that fail as a whole."""

from __future__ import annotations

from linkwatch.demo.behaviours import (
    another,
    fault,
    for_sale,
    home,
    missing,
    moved,
    page,
    parked,
    picture,
    reset,
    silence,
    soft_missing,
)
from linkwatch.demo.sites.institutions import BACK
from linkwatch.demo.sites.press import SINCE
from linkwatch.demo.world import Host, Reach, Row

_LETTERS = page("Letters of 1942", "Two hundred letters from a family of bakers, with photographs.")
_SUNDIAL = page("The sundial of the old school", "How it was built, broken and built again.")
_READERS = page(
    "阅览人次",
    "二〇二〇年各月阅览人次。一月照常开放，来馆的多是备考的学生，靠窗的座位天一亮就有人占下。二月起闭馆，"
    "读者在门外的箱子里还书，馆员隔天取回，晾过再上架。五月恢复预约，每次只放三十人进来，进门先量体温。"
    "到了秋天，老读者陆续回到原来的位子上，只是茶水间再没有开过。年底清点，全年人次不到往年的三成，"
    "外借的册数却比上一年还多，大约是因为人们把书带回家里去读了。",
    lang="zh",
)
_LOANS = another(
    "低息贷款当天到账",
    "无需抵押，凭身份证即可申请，审核快，放款快，利率低至想象不到。本公司与多家机构合作，提供个人周转、"
    "装修分期、车辆融资等多种方案，客户经理一对一服务，让您足不出户轻松办理。现在注册还可领取新人礼包，"
    "邀请好友再得奖励，名额有限，先到先得。如有疑问请联系在线客服，二十四小时恭候，节假日不休息。"
    "温馨提示：请合理安排资金，按时还款，保持良好的信用记录，借款有风险，申请需谨慎。",
    lang="zh",
)

ROWS = (
    Row(
        "http://courtwatch.example/opinions/2012/appendix-b.html",
        missing(),
        "404 every night, cited by articles of three years: dead, with a memento near each",
    ),
    Row(
        "https://img.gazette.example/2013/09/courthouse.png",
        picture(),
        "an image of the publication itself, behind a proxy",
    ),
    Row("https://img.gazette.example/*", picture(), "all other images of the publication"),
    Row(
        "http://hydro.riverbank.example/stations/yichang.html",
        page("宜昌站水位", "今日八时水位与流量。", lang="zh"),
        "alive until its host name is given up: see the hosts",
    ),
    Row(
        "https://marginalia-notes.example/2014/02/counting-broken-links/",
        {
            0: page("Counting broken links", "A diary of one blog's links."),
            SINCE: parked("marginalia-notes.example"),
        },
        "alive for long, then the domain is parked: newly dead once confirmed",
    ),
    Row(
        "https://marginalia-notes.example/*",
        {0: missing(), SINCE: parked("marginalia-notes.example")},
        "a parked domain shows the same page at every address",
    ),
    Row(
        "https://port-diary.example/2018/06/ferry-timetable",
        soft_missing("en", "Port Diary"),
        "the answer is 200, the page says that it does not exist",
    ),
    Row("https://port-diary.example/*", soft_missing("en", "Port Diary"), "so does every other address"),
    Row(
        "http://toolshed.example/downloads/linkcheck-0.3.tar.gz",
        fault(500),
        "a server with a fault every night: dead after two weeks, not before",
    ),
    Row(
        "https://old-wiki.example/Main_Page",
        page("Main page", "A wiki that nobody edits any more."),
        "a certificate that ran out: see the hosts",
    ),
    Row(
        "https://self-made.example/recipes/",
        page("Recipes", "Soup, bread and a cake."),
        "a certificate of the owner's own making: see the hosts",
    ),
    Row(
        "https://archive-room.example/visitors/2020.html",
        {
            0: _READERS,
            8: fault(503),
            10: _READERS,
            SINCE: _LOANS,
        },
        "down for two nights and back: never dead; weeks later somebody else has the domain: drifted",
    ),
    Row(
        "http://boards.quarry-forum.example/viewtopic.php?t=4821",
        parked("quarry-forum.example"),
        "a forum whose domain was not renewed",
    ),
    Row(
        "http://boards.quarry-forum.example/faq.php",
        parked("quarry-forum.example"),
        "another page of the same forum, cited as well",
    ),
    Row("http://boards.quarry-forum.example/*", parked("quarry-forum.example"), "the same at every address"),
    Row(
        "http://stonecutters.example/guild/rules.htm",
        for_sale("stonecutters.example"),
        "a domain that leads to a dealer in domains",
    ),
    Row(
        "https://www.sedo.com/search/details/?domain=stonecutters.example",
        parked("stonecutters.example"),
        "the dealer's offer",
    ),
    Row(
        "https://hanover-historical.example/collections/1911-flood/",
        home(),
        "what is gone leads to the front page",
    ),
    Row("https://hanover-historical.example/*", home(), "so does every other address"),
    Row(
        "https://hanover-historical.example/",
        page("A historical society", "Open on Sundays. Exhibitions and talks."),
        "a front page, alive",
    ),
    Row(
        "https://letters-project.example/1942/",
        {0: _LETTERS, 5: soft_missing("en"), BACK: _LETTERS},
        "a soft 404 for a month, then back: recovered",
    ),
    Row(
        "https://sundial-museum.example/school",
        _SUNDIAL,
        "its host name lapses for a month and is renewed: see the hosts",
    ),
    Row(
        "https://docs.shelfmark.example/v1/guide",
        moved("https://docs.shelfmark.example/v2/guide", 308),
        "a manual under a new version",
    ),
    Row(
        "https://docs.shelfmark.example/v2/guide",
        page("Guide", "How to shelve and how to find.", ids=("call-numbers",)),
        "where a permanent redirect leads",
    ),
    Row(
        "https://reading-room.example/opening-hours",
        reset(),
        "breaks off every connection: dead after two weeks, not before",
    ),
    Row(
        "http://gauges.lowland.example/live",
        silence(),
        "picks up and never answers: dead after two weeks, not before",
    ),
    Row("https://notices.citylibrary.example/2019/closure.pdf", missing(410), "gone for good, and says so"),
    Row(
        "https://stacks.citylibrary.example/catalogue",
        {0: page("馆藏目录", "可按书名、作者和索书号检索。", lang="zh"), SINCE: fault(503)},
        "alive for long, then out of order: suspect, not yet dead",
    ),
    Row(
        "https://observatory.harbour-city.example/tides/2024",
        {0: page("Tides of 2024", "High and low water, day by day."), SINCE: soft_missing("en")},
        "alive for long, then a soft 404: newly dead once confirmed",
    ),
)

HOSTS = (
    Host("answers.yahoo.com", Reach.NO_SUCH_NAME, "a service closed for good: its name leads nowhere"),
    Host(
        "hydro.riverbank.example",
        {0: Reach.SERVED, SINCE: Reach.NO_SUCH_NAME},
        "a name given up: newly dead once confirmed",
    ),
    Host(
        "sundial-museum.example",
        {0: Reach.SERVED, 5: Reach.NO_SUCH_NAME, BACK: Reach.SERVED},
        "a name that lapses for a month and is renewed: recovered",
    ),
    Host("timetravel.mementoweb.org", Reach.REFUSED, "the machine is there, the service is not"),
    Host("xxfb.mwr.cn", Reach.NO_LOOKUP, "the name server of the domain fails: that is not 'no such name'"),
    Host("old-wiki.example", Reach.EXPIRED, "a certificate that ran out"),
    Host("self-made.example", Reach.SELF_SIGNED, "a certificate of the owner's own making"),
)
