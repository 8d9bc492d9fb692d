"""Redirects: where they lead, and what that says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hostile.case import (
    FRONT,
    LOST,
    MENU,
    STORY,
    Case,
    always,
    html,
    http,
    in_turn,
    ok,
    paper,
    short,
    story,
    to,
)
from hostile.web import Tls

if TYPE_CHECKING:
    from asyncio import StreamWriter

    from hostile.web import Request

OK, MOVED, HOME = ("ok",), ("permanent_redirect",), ("redirect_to_home",)
LOGIN, NONSENSE = ("redirect_to_login",), ("malformed_response",)
_301, _303, _307, _308 = "301 Moved Permanently", "303 See Other", "307 Temporary Redirect", "308 Permanent"
_LOGIN = http("200 OK", html("Log in", "<h1>Log in</h1><form><input name=u><input type=password></form>"))


async def wanders(request: Request, writer: StreamWriter) -> None:
    """Another redirect each time, without an end."""
    number = int("".join(each for each in request.path if each.isdigit()) or 0)
    writer.write(to(f"/step/{number + 1}"))


async def goes_twelve_steps(request: Request, writer: StreamWriter) -> None:
    """Twelve redirects and then the page, as browsers follow them."""
    number = int(request.path.rpartition("/")[2]) if "step" in request.path else 0
    writer.write(STORY if number == 12 else to(f"/step/{number + 1}"))


async def goes_ten_steps(request: Request, writer: StreamWriter) -> None:
    """Nine redirects and then the page."""
    number = int(request.path.rpartition("/")[2]) if "step" in request.path else 0
    writer.write(STORY if number == 9 else to(f"/step/{number + 1}"))


def refresh(seconds: int, url: str, text: str = "This page is elsewhere.") -> bytes:
    """A page that goes on by itself."""
    return ok(f'<meta http-equiv="refresh" content="{seconds}; url={url}"><title>Moved</title><p>{text}</p>')


CASES = [
    # Moved for good: alive, and the link should be updated.
    Case("moved", "301 to another page", paper(to("/new/story.html", _301), new__story_dot_html=STORY), MOVED),
    Case("moved-308", "308 to another page", paper(to("/new/story.html", _308), new__story_dot_html=STORY), MOVED),
    Case("moved-away", "301 to the same article at another domain",
         paper(to("http://elsewhere-lwt.net/2012/story.html", _301)), MOVED),
    Case("only-https", "301 to https, which is noise", paper(to("https://only-https-lwt.net/2012/story", _301),
         path="/2012/story.html", **{"2012__story": STORY}), MOVED),
    Case("only-slash", "301 to the same with a slash", paper(to("/2012/story/", _301), path="/2012/story",
         **{"2012__story__": STORY}), MOVED, path="/2012/story"),
    Case("raw-location", "301 to an address with a blank and letters beyond ASCII",
         paper(to("/neu/größe und maß", _301), lambda path: STORY if "gr%C3%B6%C3%9Fe%20und" in path else LOST),
         MOVED, trap=True),
    Case("no-scheme", "301 to //host/path",
         paper(to("//elsewhere-lwt.net/2012/story.html", _301)), MOVED, trap=True),
    Case("named-login", "301 to an article whose address begins like a login",
         paper(to("/news/login-scandal", _301), news__loginscandal=STORY,
               **{"news__login-scandal": STORY}), MOVED, trap=True),
    # For now: the address stays right.
    Case("for-now", "302 to another page", paper(to("/new/story.html"), new__story_dot_html=STORY), OK, trap=True),
    Case("see-other", "303 to another page", paper(to("/new/story.html", _303), new__story_dot_html=STORY), OK,
         trap=True),
    Case("temporary", "307 to another page", paper(to("/new/story.html", _307), new__story_dot_html=STORY), OK,
         trap=True),
    Case("ten-steps", "nine redirects and then the page", goes_ten_steps, OK, trap=True),
    Case("twelve-steps", "twelve redirects and then the page", goes_twelve_steps, OK, trap=True),
    Case("refreshed", "a page that goes on to the article at once",
         paper(refresh(0, "/new/story.html"), new__story_dot_html=STORY), OK, trap=True),
    Case("reloads", "a news page that loads itself anew every five minutes",
         paper(ok('<meta http-equiv="refresh" content="300; url=/">' + story())), OK, trap=True),
    Case("short-link", "a short link that is meant to lead to a front page",
         paper(to("http://elsewhere-lwt.net/"), path="/x7Yz"), OK, trap=True, path="/x7Yz"),
    Case("front-to-locale", "a front page that chooses a language", paper(LOST, **{"": to("/zh-hans/"),
         "zh-hans__": FRONT}), OK, trap=True, path="/"),
    Case("backslashes", "302 to \\\\host\\path", paper(to("\\\\elsewhere-lwt.net\\2012\\story.html")), OK, trap=True),
    Case("tabbed", "302 to an address with a tab in it and blanks around it",
         paper(to("  /new/\tstory.html \t"), new__story_dot_html=STORY), OK, trap=True),
    Case("fragment", "302 to a part of another page", paper(to("/new/story.html#part"), new__story_dot_html=STORY), OK,
         trap=True),
    Case("no-place", "302 with an empty address, over a page", paper(http("302 Found", story(), Location=" ")), ("http_302",)),
    Case("choices", "300 with a choice of pages", paper(http("300 Multiple Choices", short("Which one?", "a or b"))), ("http_300",),
         trap=True),
    Case("to-login-name", "302 to an address with a name and a password in it",
         paper(to("http://user:secret@elsewhere-lwt.net/2012/story.html")), OK, trap=True),
    Case("twice-round", "sent to itself once, for a cookie, and then to the page",
         in_turn(to("/2012/story.html", Set_Cookie="a=1"), STORY), OK, trap=True),
    # Gone.
    Case("home-of-a-country", "to the front page of a country and a language",
         paper(to("/us/en/"), us__en__=FRONT), HOME),
    Case("moved-and-lost", "301 to a page that does not exist", paper(to("/new/story.html", _301)), ("http_404",)),
    Case("home", "302 from deep in the site to its front page", paper(to("/")), HOME),
    Case("home-for-good", "301 from deep in the site to its front page", paper(to("/", _301)), HOME),
    Case("home-by-name", "to /index.html", paper(to("/index.html"), index_dot_html=FRONT), HOME),
    Case("home-in-chinese", "to the front page of a language",
         paper(to("/zh-hans/"), **{"zh-hans__": FRONT}), HOME),
    Case("home-elsewhere", "to the front page of the new owner", paper(to("http://elsewhere-lwt.net/", _301)), HOME),
    Case("home-by-refresh", "a page that goes on to the front page", paper(refresh(0, "/")), HOME),
    Case("refreshed-to-nothing", "a page that goes on to one that does not exist",
         paper(refresh(1, "/new/story.html")), ("http_404",)),
    Case("to-a-dealer", "sent to a dealer in domains",
         always(to("http://www.sedo.com/search/details/?domain=to-a-dealer-lwt.net")), ("parked_domain",)),
    Case("to-no-host", "301 to a host that does not exist any more", always(to("http://no-host-lwt.net/a", _301)),
         ("dns_nxdomain",)),
    # No usable answer.
    Case("circle", "a circle of redirects", paper(to("/b"), b=to("/2012/story.html")), ("redirect_loop",)),
    Case("no-end", "redirects without an end", wanders, ("too_many_redirects",)),
    Case("to-ftp", "to another protocol", paper(to("ftp://elsewhere-lwt.net/story")), NONSENSE),
    Case("to-data", "to a page written in the address", paper(to("data:text/html,hello")), NONSENSE),
    Case("to-port-0", "to a port that nobody can have", paper(to("http://elsewhere-lwt.net:0/")),
         ("connection_refused", "host_unreachable", "connect_timeout")),
    Case("to-mail", "to a scheme that is not of the web", paper(to("mailto:a@b-lwt.net")), NONSENSE),
    Case("to-script", "to a script", paper(to("javascript:alert(1)")), NONSENSE),
    Case("to-nonsense", "to what is no address", paper(to("http://")), NONSENSE),
    Case("to-nowhere", "a redirect that does not say where to", paper(http(_301)), ("http_301",)),
    Case("to-expired", "to a host whose certificate has expired",
         paper(to("https://past-date-lwt.net/2012/story.html", _301)), ("tls_expired",)),
    # Blocked.
    Case("to-login", "sent to a login", paper(to("/login?next=/2012/story.html"), login=_LOGIN), LOGIN, trap=True),
    Case("to-accounts", "sent to the host that keeps the accounts",
         paper(to("http://accounts.elsewhere-lwt.net/?continue=story")), LOGIN, trap=True),
    Case("to-consent", "sent to a question of consent",
         paper(to("/consent?back=%2F2012%2Fstory.html"), consent=ok(short("Before you go on", "We value it."))),
         LOGIN, trap=True),
    Case("to-the-till", "sent to an offer of subscriptions",
         paper(to("/subscribe?from=%2F2012%2Fstory.html"), subscribe=ok(html("Offers", MENU + "A year for 10."))),
         ("paywall",), trap=True),
]  # fmt: skip

# Hosts that nobody cites, where redirects lead.
OTHERS = {
    "elsewhere-lwt.net": paper(STORY),
    "accounts.elsewhere-lwt.net": always(_LOGIN),
    "www.sedo.com": always(ok(html("Domain names for sale", "<p>Buy it.</p>"))),
    "past-date-lwt.net": paper(STORY),
}
TLS = {"past-date-lwt.net": Tls.EXPIRED}
