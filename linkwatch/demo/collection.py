"""What the simulated archive held before the first night, and what its crawler meets out there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yarl import URL

from linkwatch.demo.savepagenow import Visit
from linkwatch.demo.world import Promise, Reach, Sight

if TYPE_CHECKING:
    from linkwatch.demo.wayback import SimulatedArchive
    from linkwatch.demo.world import World

HOPS = 3  # Save Page Now follows so many redirects (API document)

# Address → when it was captured with status 200. What is cited at several times has captures near
# each; what is missing here was never archived, and some of it dies unarchived.
CAPTURES = {
    "http://courtwatch.example/opinions/2012/appendix-b.html": (
        "20120903101500",
        "20131002064210",
        "20161118220107",
        "20190611031544",
    ),
    "http://www.cjh.com.cn/": ("20141207031230",),
    "http://www.un.org/millenniumgoals/": ("20150906081334",),
    "https://www.thepaper.cn/newsDetail_forward_8688010": ("20200815041925",),
    "https://port-diary.example/2018/06/ferry-timetable": ("20180702110000", "20190117093012"),
    "http://boards.quarry-forum.example/viewtopic.php?t=4821": ("20170519143355", "20210328201741"),
    "http://boards.quarry-forum.example/faq.php": ("20190401072210",),
    "http://stonecutters.example/guild/rules.htm": ("20161030190028",),
    "https://hanover-historical.example/collections/1911-flood/": ("20200222120000",),
    "https://answers.yahoo.com/question/index?qid=20110304085312AAbXs3C": (
        "20120710232323",
        "20210501003054",
    ),
    "https://notices.citylibrary.example/2019/closure.pdf": ("20190815080000",),
    "http://timetravel.mementoweb.org/about/": ("20161104154500", "20250822061133"),
    "http://toolshed.example/downloads/linkcheck-0.3.tar.gz": ("20101111111111",),
    "https://old-wiki.example/Main_Page": ("20190420101010",),
    "https://reading-room.example/opening-hours": ("20211015000312",),
    "http://xxfb.mwr.cn/sq_djdh.html": ("20150322051801",),
    "https://vladivostok.travel/en/todo/midday-gun-shot/": ("20230907120004",),
    "https://data.gov/climate/old-portal/": ("20250130174452",),
    "https://en.wikipedia.org/wiki/Link_rot": ("20131001000000", "20240601000000"),
}

_FAILURES = {
    Sight.NO_SUCH_NAME: "invalid-host-resolution",
    Sight.NO_LOOKUP: "invalid-host-resolution",
    Sight.SILENCE: "read-timeout",
}


def fill(archive: SimulatedArchive) -> None:
    """Gives an archive the captures of the table."""
    for url, stamps in CAPTURES.items():
        archive.hold(url, *stamps, body=f"<title>{url}</title>")


def _nothing(world: World, url: URL) -> Promise:
    """What is met at an address without a row of its own."""
    if world.reach(url.host or "") is Reach.NO_SUCH_NAME:
        return Promise(sight=Sight.NO_SUCH_NAME)
    return Promise(404)


def crawler_visit(world: World, url: str) -> Visit:
    """What the archive's crawler meets at an address today, redirects followed."""
    at = URL(url)
    for _ in range(HOPS + 1):
        row = world.find(at)
        promise = world.promise(row) if row else _nothing(world, at)
        if promise.sight is not None:
            return Visit(failure=_FAILURES.get(promise.sight, "cannot-fetch"))
        if promise.location is None:
            return Visit(promise.status or 200, None if at == URL(url) else str(at))
        at = at.join(URL(promise.location))
    return Visit(failure="too-many-redirects")
