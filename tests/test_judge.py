"""What one observation shows: one row a case, and of each rule what it must leave alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from conftest import NIGHT
from hypothesis import given
from hypothesis import strategies as st

from linkwatch import reasons
from linkwatch.check.judging.judge import judge
from linkwatch.model import Answer, Failure, Hop, Observation, Verdict
from linkwatch.policy import Policy

POLICY = Policy()
URL = "https://site.example/2012/story.html"
PROSE = "The harbour was quiet that morning, and nobody had yet heard the news from the north. "
PROSE_ZH = "那天早晨港口很安静,还没有人听到北方传来的消息。老人坐在码头上,看着船只慢慢离开。"
LONG, SHORT = PROSE * 12, PROSE
HTML = "text/html; charset=utf-8"


def html(title: str, text: str = LONG, *, head: str = "", tail: str = "") -> str:
    """A page with a title and a heading of the same words."""
    return bare(title, f"<h1>{title}</h1><p>{text}</p>{tail}", head)


def bare(title: str, body: str = "", head: str = "") -> str:
    """A page that says no more than its title and a line."""
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def answered(
    status: int, body: str | bytes = "", *way: str | int, kind: str | None = HTML, **headers: str
) -> Observation:
    """What is seen of an answer; ``way`` are the statuses and addresses of the redirects before it."""
    steps: list[str | int] = [URL, *way] if not way or isinstance(way[0], int) else list(way)
    raw = body.encode() if isinstance(body, str) else body
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    statuses = [*steps[1::2], status]
    hops = tuple(Hop(str(url), int(code)) for url, code in zip(steps[::2], statuses, strict=True))
    return Observation(hops[0].url, NIGHT, hops, Answer(status, named, raw, len(raw), kind), 10)


def page(body: str | bytes = "", *way: str | int, kind: str | None = HTML, **headers: str) -> Observation:
    """What is seen of an answer that the server calls a success."""
    return answered(200, body, *way, kind=kind, **headers)


def answered_at(url: str, body: str) -> Observation:
    """What is seen of a page at another address."""
    return replace(page(body), url=url, hops=(Hop(url, 200),))


def failed(reason: str) -> Observation:
    """What is seen where no usable answer came."""
    return Observation(URL, NIGHT, (Hop(URL, None),), Failure(reason, "the detail"), 10)


@dataclass(frozen=True)
class Case:
    """One observation and what it shows; a trap is one that a hasty rule would get wrong."""

    name: str
    seen: Observation
    verdict: Verdict
    reason: str
    trap: bool = False


A, M, G = Verdict.ALIVE, Verdict.MOVED, Verdict.GONE
B, U, S = Verdict.BLOCKED, Verdict.UNREACHABLE, Verdict.SKIPPED
HOME, DEEP = "https://site.example/", "https://site.example/archive/story"
CF_MARKUP = "<script>window._cf_chl_opt={cvId:'3'}</script>"
CF_LOADER = "<script>a.src='/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js'</script>"
IMPERVA = (
    "<iframe src='/_Incapsula_Resource?CWUDNSAI=9'>Request unsuccessful. Incapsula incident ID: 1-2</iframe>"
)
ANUBIS = '<script id="anubis_challenge" type="application/json">{}</script>'
SEDO = "<script src='//img.sedoparking.com/js/x.js'></script>"
PASSWORD = "<form><input name=user><input type=password></form>"

NOT_FREE = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
)
PART_NOT_FREE = (
    '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "isAccessibleForFree": false, '
    '"hasPart": {"isAccessibleForFree": false, "cssSelector": ".wall"}}]}</script>'
)
COSTLY_PART = PART_NOT_FREE.replace(".wall", "p:has(~ q)")

T = True  # a trap
CASES = [
    # Plain answers.
    Case("page", page(html("A story")), A, "ok"),
    Case("no body", page(), A, "ok"),
    Case("204", answered(204), A, "ok"),
    Case("206", answered(206, html("A story")), A, "ok"),
    Case("PDF", page(b"%PDF-1.7", kind="application/pdf"), A, "ok"),
    Case("image without a type", page(b"\x89PNG\r\n", kind=None), A, "ok"),
    Case("short text", page("ok", kind="text/plain"), A, "ok"),
    # Statuses.
    Case("400", answered(400), U, "http_400"),
    Case("401", answered(401, bare("Log in")), B, "http_401"),
    Case("402", answered(402), B, "http_402"),
    Case("403", answered(403, bare("Forbidden")), B, "http_403", T),
    Case("404", answered(404), G, "http_404"),
    Case("405", answered(405), U, "http_405", T),
    Case("406", answered(406), U, "http_406", T),
    Case("407", answered(407), B, "http_407"),
    Case("410", answered(410), G, "http_410"),
    Case("418", answered(418), U, "http_418", T),
    Case("429", answered(429), B, "rate_limited", T),
    Case("451", answered(451), B, "http_451", T),
    Case("500", answered(500, bare("Page not found")), U, "http_500", T),
    Case("503", answered(503), U, "http_503", T),
    Case("520", answered(520), U, "http_520"),
    Case("999", answered(999), B, "http_999", T),
    Case("301 to nowhere", answered(301), U, "http_301"),
    Case("404 with a full page", answered(404, html("A story")), G, "http_404"),
    # Failures.
    Case("NXDOMAIN", failed("dns_nxdomain"), G, "dns_nxdomain"),
    Case("SERVFAIL", failed("dns_failure"), U, "dns_failure", T),
    Case("timeout", failed("read_timeout"), U, "read_timeout", T),
    Case("reset", failed("connection_reset"), U, "connection_reset"),
    Case("expired certificate", failed("tls_expired"), U, "tls_expired", T),
    Case("endless redirects", failed("too_many_redirects"), U, "too_many_redirects"),
    Case("private address", failed("private_address"), S, "private_address"),
    # Walls that stand where the page should be.
    Case("a login in its place", page(bare("Log in - Site", PASSWORD)), B, "login_wall"),
    Case("a login in Chinese", page(bare("用户登录", PASSWORD)), B, "login_wall"),
    Case("a login at the front door", answered_at(HOME, bare("Sign in", PASSWORD)), A, "ok", T),
    Case("a login that was asked for", answered_at(HOME + "login", bare("Sign in", PASSWORD)), A, "ok", T),
    Case("an article beside a login", page(html("Log in", tail=PASSWORD)), A, "ok", T),
    Case("not free, not there", page(bare("A story", NOT_FREE + SHORT)), B, "paywall"),
    Case("its part not there", page(html("A story", tail=PART_NOT_FREE + "<p class=wall>")), B, "paywall"),
    Case("not free, but all there", page(html("A story", tail=NOT_FREE)), A, "ok", T),
    Case("its part there", page(bare("A story", f"{PART_NOT_FREE}<p class=wall>{LONG}")), A, "ok", T),
    Case("free, and said so", page(bare("A story", NOT_FREE.replace("False", "True") + SHORT)), A, "ok", T),
    Case("not free in broken JSON", page(bare("A story", NOT_FREE.replace("}", "") + SHORT)), A, "ok", T),
    Case("a selector of none", page(bare("A story", PART_NOT_FREE.replace(".wall", "]["))), B, "paywall"),
    Case("a selector that takes seconds", page(html("A story", tail=COSTLY_PART)), A, "ok"),
    Case("sold elsewhere", page(html("Offers"), 302, HOME + "subscribe/now?from=x"), B, "paywall"),
    Case("a page about subscribing", page(html("Offers"), 302, HOME + "subscribe-now"), A, "ok", T),
    # Gates, whatever the status.
    Case("Cloudflare by header, 403", answered(403, cf_mitigated="challenge"), B, "bot_challenge"),
    Case("Cloudflare by header, 503", answered(503, cf_mitigated="challenge"), B, "bot_challenge"),
    Case("Cloudflare by header, 404", answered(404, cf_mitigated="challenge"), B, "bot_challenge", T),
    Case("Cloudflare by markup, 200", page(bare("Just a moment...", CF_MARKUP)), B, "bot_challenge"),
    Case("AWS WAF, 202", answered(202, "", x_amzn_waf_action="challenge"), B, "bot_challenge"),
    Case("AWS WAF, 405", answered(405, "", x_amzn_waf_action="captcha"), B, "bot_challenge"),
    Case("Akamai", answered(403, "", rimon="rwc_block"), B, "bot_challenge"),
    Case("Imperva, 200", page(IMPERVA), B, "bot_challenge"),
    Case("Anubis, 200", page(bare("Making sure you're not a bot!", ANUBIS)), B, "bot_challenge"),
    Case("another header of Cloudflare", page(html("A story"), cf_mitigated="none"), A, "ok", T),
    Case("article on challenges", page(html("How challenges work", LONG, tail=CF_MARKUP)), A, "ok", T),
    Case("quoted markup", page(html("Anubis", LONG + "&lt;script id=\"anubis_challenge\"&gt;")), A, "ok", T),
    Case("thin page with Cloudflare's sensor",
         page(bare("App", "<div id=app></div>" + CF_LOADER)), A, "ok", T),
    Case("404 with Cloudflare's sensor", answered(404, bare("Not found", CF_LOADER)), G, "http_404", T),
    Case("thin page with Imperva's sensor",
         page(bare("App", "<p>Hello<script src='/_Incapsula_Resource?SWJIYLWA=7'></script>")), A, "ok", T),
    # Logins.
    Case("to a login",
         page(bare("Log in", PASSWORD), 302, "https://site.example/login"), B, "redirect_to_login"),
    Case("to a login with a way back",
         page(html("Welcome"), 302, "https://site.example/users/sign_in?next=%2F2012"),
         B, "redirect_to_login"),
    Case("to a login that says much",
         page(html("Log in", tail=PASSWORD), 302, "https://site.example/signin"), B, "redirect_to_login"),
    Case("to a host for logins",
         page(html("Sign in"), 302, "https://sso.site.example/?s=1"), B, "redirect_to_login"),
    Case("to a consent page",
         page(html("We care"), 302, "https://consent.site.example/v2?s=1"), B, "redirect_to_login"),
    Case("to a login for good",
         page(bare("Log in"), 301, "https://site.example/login"), B, "redirect_to_login"),
    Case("article that is called login",
         page(html("OAuth"), 301, "https://site.example/wiki/OAuth"), M, "permanent_redirect", T),
    Case("article about logins",
         page(html("Safe logins"), 302, "https://site.example/how-to-login-safely"), A, "ok", T),
    Case("a login that was cited",
         page(bare("Log in", PASSWORD), "https://site.example/login", 302, "https://site.example/login/"),
         A, "ok", T),
    Case("page with a form in its corner", page(html("A story", tail=PASSWORD)), A, "ok", T),
    # Home pages.
    Case("to the home page", page(html("The Site"), 302, HOME), G, "redirect_to_home"),
    Case("to the home page for good", page(html("The Site"), 301, HOME), G, "redirect_to_home"),
    Case("to the home page by steps", page(html("The Site"), 301, DEEP, 302, HOME), G, "redirect_to_home"),
    Case("to the home page in a language",
         page(html("The Site"), 302, HOME + "zh-hans/"), G, "redirect_to_home"),
    Case("short link to a home page",
         page(html("The Site"), "https://sho.rt/3xYz", 301, HOME), M, "permanent_redirect", T),
    Case("home page in one language",
         page(html("The Site"), "https://site.example/zh-hans/", 302, HOME), A, "ok", T),
    Case("home page to www",
         page(html("The Site"), HOME, 301, "https://www.site.example/"), M, "permanent_redirect", T),
    Case("home page with a query", page(html("A story"), 302, HOME + "?p=12"), A, "ok", T),
    # Moves.
    Case("301", page(html("A story"), 301, DEEP), M, "permanent_redirect"),
    Case("308", page(html("A story"), 308, DEEP), M, "permanent_redirect"),
    Case("302", page(html("A story"), 302, DEEP), A, "ok", T),
    Case("307", page(html("A story"), 307, DEEP), A, "ok"),
    Case("302 then 301", page(html("A story"), 302, DEEP, 301, DEEP + "/"), A, "ok", T),
    Case("301 to 404", answered(404, bare("Not found"), 301, DEEP), G, "http_404"),
    Case("301 to 403", answered(403, "", 301, DEEP), B, "http_403", T),
    Case("301 to a soft 404", page(bare("Page not found"), 301, DEEP), G, "soft_404"),
    Case("cookie test", page(html("A story"), 301, URL), A, "ok", T),
    # Error pages served as success.
    Case("soft 404", page(bare("Page not found | The Site", "<p>Try the search.")), G, "soft_404"),
    Case("soft 404, site first", page(bare("The Site - 404 Not Found")), G, "soft_404"),
    Case("soft 404 by heading",
         page(bare("The Site", "<h1>Sorry, this page isn’t available.</h1>")), G, "soft_404"),
    Case("soft 404, curly", page(bare("Oops! That page can’t be found.")), G, "soft_404"),
    Case("soft 404, Chinese", page(bare("抱歉,您访问的页面不存在 - 新闻网", "<p>返回首页")), G, "soft_404"),
    Case("soft 404, GBK",
         page(bare("页面不存在").encode("gbk"), kind="text/html; charset=gbk"), G, "soft_404"),
    Case("soft 404, traditional", page(bare("找不到網頁")), G, "soft_404"),
    Case("deleted by its author, Chinese", page(bare("", "<h2>该内容已被发布者删除</h2>")), G, "soft_404"),
    Case("soft 404, Japanese", page(bare("お探しのページは見つかりませんでした")), G, "soft_404"),
    Case("soft 404, German", page(bare("Seite nicht gefunden – Zeitung")), G, "soft_404"),
    Case("soft 404, French", page(bare("Erreur 404 | Journal")), G, "soft_404"),
    Case("soft 404, Russian", page(bare("Страница не найдена")), G, "soft_404"),
    Case("article on error pages", page(html("How we designed our 404 page")), A, "ok", T),
    Case("encyclopedia on 404", page(html("404 Not Found - Encyclopedia")), A, "ok", T),
    Case("short article on error pages", page(html("404 pages that made us smile", SHORT)), A, "ok", T),
    Case("404 as a number", page(html("404-bed hospital opens in Wuhan", SHORT)), A, "ok", T),
    Case("404 as an address", page(html("404, rue de Rivoli", SHORT)), A, "ok", T),
    Case("not found, a story", page(html("Not found: the lost city", SHORT)), A, "ok", T),
    Case("withheld in a region", page(bare("This content is not available in your region")), A, "ok", T),
    Case("Chinese story on deletion", page(html("文章被删除之后", PROSE_ZH * 3)), A, "ok", T),
    Case("Chinese news of deletion", page(html("文章被删除,作者被拘留", PROSE_ZH * 3)), A, "ok", T),
    Case("Chinese story on finding", page(html("找不到工作的年轻人", PROSE_ZH)), A, "ok", T),
    Case("short Chinese story", page(html("港口的早晨", PROSE_ZH)), A, "ok", T),
    Case("words in the text only", page(html("A story", SHORT + "The page was not found.")), A, "ok", T),
    Case("words in a second heading", page(bare("News", "<h1>News</h1><h2>Page not found</h2>")), A, "ok", T),
    Case("words in a drawing", page(bare("", "<h1>News</h1><svg><title>404</title></svg>")), A, "ok", T),
    Case("words in a script", page(bare("App", "<script>'<h1>Page not found</h1>'</script>")), A, "ok", T),
    Case("words in plain text", page("404 Not Found", kind="text/plain"), A, "ok", T),
    Case("single-page application", page(bare("App", "<div id=root></div>")), A, "ok", T),
    # Parked domains.
    Case("parked by markup", page(bare("site.example", SEDO)), G, "parked_domain"),
    Case("parked by redirect",
         page(html("Buy it"), 302, "https://www.hugedomains.com/domain_profile.cfm?d=site"),
         G, "parked_domain"),
    Case("parked behind a 301",
         page(html("Buy it"), 301, "https://www.afternic.com/forsale/site.example"), G, "parked_domain"),
    Case("domain for sale, a story", page(html("This domain is for sale", LONG)), A, "ok", T),
    Case("domain for sale, a short story",
         page(html("A name for sale", SHORT, tail="<a href='https://www.hugedomains.com/domain_profile.cfm?d=x'>x</a>")),
         A, "ok", T),
    Case("a story with a parker's script", page(html("On parking", LONG, head=SEDO)), A, "ok", T),
    Case("a parker that was cited",
         page(html("Sedo"), "https://sedo.com/us/", 302, "https://www.sedo.com/us/park"), A, "ok", T),
    Case("a host that ends like a parker",
         page(html("A story"), 302, "https://notsedo.com/2012/story"), A, "ok", T),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases(case: Case) -> None:
    """Verdict and reason of each case."""
    found = judge(case.seen, POLICY)
    assert (found.verdict, found.reason) == (case.verdict, case.reason), found.evidence


def test_the_table_is_fair() -> None:
    """At least sixty cases, none twice, and at least a third of them traps."""
    assert len(CASES) == len({case.name for case in CASES}) >= 60
    assert sum(case.trap for case in CASES) * 3 >= len(CASES)


@pytest.mark.parametrize("case", [each for each in CASES if each.reason != "ok"], ids=lambda case: case.name)
def test_whatever_is_not_well_has_evidence(case: Case) -> None:
    """Every verdict but a plain "alive" says in one line what was seen."""
    evidence = judge(case.seen, POLICY).evidence
    assert evidence
    assert "\n" not in evidence


@pytest.mark.parametrize(
    ("seen", "evidence"),
    [
        (answered(403, cf_mitigated="challenge"), "Cloudflare challenge: header cf-mitigated: challenge"),
        (answered(200, IMPERVA), "Imperva: its markup on a page with HTTP 200"),
        (answered(404), "HTTP 404"),
        (answered(429, retry_after="120"), "HTTP 429, Retry-After: 120"),
        (answered(429), "HTTP 429, Retry-After: not said"),
        (answered(200, html("x"), 301, DEEP), f"HTTP 301 to {DEEP}"),
        (answered(200, html("x"), 302, HOME), f"redirected to {HOME}"),
        (answered(200, bare("Page not found")), "the page answers 200 but says: Page not found"),
        (answered(200, bare("x", SEDO)), "Sedo: its markup on the page"),
        (failed("connection_reset"), "the detail"),
    ],
)
def test_evidence(seen: Observation, evidence: str) -> None:
    """The evidence names the rule's source and what it saw."""
    assert judge(seen, POLICY).evidence == evidence


def test_the_title_is_kept() -> None:
    """The title goes along whatever the verdict, for people to recognise the page by."""
    assert judge(answered(200, html("A story")), POLICY).title == "A story"
    assert judge(answered(404, bare("Not found")), POLICY).title == "Not found"
    assert judge(failed("read_timeout"), POLICY).title is None


def test_how_thin_is_the_policys() -> None:
    """How little text makes a page thin is a threshold like any other."""
    seen = answered(200, html("Page not found", SHORT))
    assert judge(seen, Policy(thin_page=1000)).reason == "soft_404"
    assert judge(seen, Policy(thin_page=20)).reason == "ok"


@pytest.mark.parametrize("reason", [name for name, cause in reasons.CAUSES.items() if not cause.ours])
def test_every_failure_is_judged_by_its_row(reason: str) -> None:
    """A failure's verdict is that of the table."""
    found = judge(failed(reason), POLICY)
    assert (found.verdict, found.reason) == (reasons.CAUSES[reason].verdict, reason)


BODIES = [case.seen.outcome.body for case in CASES if isinstance(case.seen.outcome, Answer)]


@given(
    st.integers(200, 999),
    st.binary(max_size=99) | st.sampled_from(BODIES),
    st.none() | st.sampled_from([HTML, "text/plain", "text/html; charset=x"]) | st.text(max_size=9),
    st.lists(st.tuples(st.sampled_from(["cf-mitigated", "retry-after"]), st.text(max_size=9)), max_size=3),
)  # fmt: skip
def test_nothing_a_server_sends_can_break_it(
    status: int, body: bytes, kind: str | None, headers: list[tuple[str, str]]
) -> None:
    """Whatever comes back, there is one verdict, and it is that of its reason."""
    answer = Answer(status, tuple(headers), body, len(body), kind)
    found = judge(Observation(URL, NIGHT, (Hop(URL, status),), answer, 1), POLICY)
    assert found.verdict is reasons.cause(found.reason).verdict
    assert found.verdict is not Verdict.SKIPPED or status == 511
    assert status >= 300 or found.verdict in {A, B, G}
    assert found.verdict is not G or status < 300 or status in {404, 410}
