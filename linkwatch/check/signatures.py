"""How pages that are not the page look: gates, error pages served as 200, parked domains.

One row per cause, each with its source. Precision comes first: a false "gone" costs more than a
missed one, so what a page says counts only where the page has little else to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """A page that stands between us and the page: by a header, or by markup nothing else has."""

    name: str
    source: str
    header: str | None = None  # name, in lower case
    value: str = ""  # regular expression the header's value holds
    markup: bytes = b""  # stands in the body


GATES = (
    Gate("Cloudflare challenge", "developers.cloudflare.com: Detect a Challenge Page response",
         header="cf-mitigated", value="challenge"),
    Gate("Cloudflare challenge", "markup of the managed challenge, 2022 on",
         markup=b"/cdn-cgi/challenge-platform/h/"),
    Gate("AWS WAF", "docs.aws.amazon.com: CAPTCHA and Challenge in AWS WAF",
         header="x-amzn-waf-action", value="challenge|captcha"),
    Gate("Akamai", "EDGI web-monitoring-processing, snapshot quality rules (2026)",
         header="rimon", value="rwc_block"),
    Gate("DataDome", "docs.datadome.co: block page", markup=b"captcha-delivery.com/"),
    Gate("Imperva", "docs.imperva.com: block and challenge pages", markup=b"_Incapsula_Resource"),
    Gate("PerimeterX", "docs.humansecurity.com: human challenge", markup=b"px-captcha"),
    Gate("Anubis", "TecharoHQ/anubis: challenge page served with 200", markup=b'id="anubis_challenge"'),
    Gate("Sucuri", "docs.sucuri.net: browser check", markup=b"sucuri_cloudproxy_js"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saying:
    """What a page says in its title or main heading, in one language."""

    language: str
    pattern: re.Pattern[str]


def _saying(language: str, pattern: str) -> Saying:
    return Saying(language, re.compile(pattern, re.IGNORECASE))


# A title that says "not here", from its first word on, so that "How we designed our 404 page"
# is an article. Wordings as the servers and content systems of each language ship them.
NOT_HERE = (
    _saying("any", r"(?:error\s*)?404(?:$|\s*[-–—|:·!.,]|\s+(?:error|not\s+found|page|错误|页面|頁面))"),
    _saying("en", r"(?:sorry,?\s+)?(?:the\s+|this\s+|that\s+|your\s+)?(?:requested\s+)?"
                  r"(?:page|file|article|story|document|content|url)\s+(?:you\s+\w+(?:\s+\w+)?\s+)?"
                  r"(?:is\s+|was\s+|has\s+|could\s+|can\s?|does\s+)?"
                  r"(?:not\s+(?:be\s+)?(?:found|exist|available)|no\s+longer\s+(?:available|exists?)|"
                  r"been\s+(?:removed|deleted)|not\s+found)"),
    _saying("en", r"(?:page|file|article)\s+(?:doesn['’]t|does\s+not)\s+exist"),
    _saying("en", r"(?:not\s+found|page\s+not\s+found|nothing\s+(?:was\s+)?found)(?:$|\W)"),
    _saying("zh", r"(?:抱歉|对不起|很抱歉|對不起)?[,，!！。 ]*(?:您|你)?(?:所)?(?:要)?"
                  r"(?:访问|请求|查找|訪問|瀏覽|浏览)?的?"
                  r"(?:页面|网页|文章|内容|頁面|網頁|內容)(?:已)?(?:不存在|未找到|找不到|无法找到|無法找到|没有找到|"
                  r"被删除|已删除|已被删除|不見了|不见了)"),
    _saying("zh", r"(?:找不到|未找到|没有找到|無法找到|无法找到)"
                  r"(?:该|此|您|你|要|訪問|访问|请求|的|這個|这个)*"
                  r"(?:页面|网页|文章|頁面|網頁)"),
    _saying("fr", r"(?:la\s+)?page\s+(?:introuvable|non\s+trouvée|inexistante)"),
    _saying("de", r"(?:die\s+)?seite\s+(?:wurde\s+)?nicht\s+gefunden"),
    _saying("es", r"(?:la\s+)?página\s+no\s+(?:encontrada|existe|disponible)"),
    _saying("ru", r"страница\s+не\s+(?:найдена|существует)"),
    _saying("ja", r"(?:お探しの)?ページが?(?:見つかりません|存在しません)"),
    _saying("ko", r"페이지를\s*찾을\s*수\s*없습니다"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parker:
    """A service that holds domains without content."""

    name: str
    hosts: tuple[str, ...] = ()  # it is reached by redirects to these registrable domains
    markup: bytes = b""  # or stands in the page


# Services after Vissers et al. 2015, "Parking Sensors", and those that took their place.
PARKERS = (
    Parker("Sedo", hosts=("sedo.com", "sedoparking.com"), markup=b"sedoparking.com/"),
    Parker("Bodis", hosts=("bodis.com",), markup=b"bodiscdn.com"),
    Parker("ParkingCrew", hosts=("parkingcrew.net",), markup=b"parkingcrew.net/"),
    Parker("Above", hosts=("above.com",), markup=b"//www.above.com/marketplace"),
    Parker("HugeDomains", hosts=("hugedomains.com",), markup=b"hugedomains.com/domain_profile"),
    Parker("Dan", hosts=("dan.com", "undeveloped.com"), markup=b"cdn.dan.com"),
    Parker("Afternic", hosts=("afternic.com",), markup=b"afternic.com/forsale"),
    Parker("GoDaddy", hosts=("forsale.godaddy.com",), markup=b"img1.wsimg.com/parking-lander"),
)

# Paths and hosts that ask who we are. Matched on whole path segments and host labels.
LOGIN_SEGMENTS = frozenset(
    {"login", "signin", "sign-in", "sign_in", "log-in", "logon", "oauth", "sso", "saml", "consent", "cas"}
)
LOGIN_LABELS = frozenset(
    {"login", "signin", "accounts", "sso", "auth", "consent", "guce", "myaccount", "idp"}
)
# What a home page is called besides "/".
HOME_PATHS = frozenset(
    {"", "index.html", "index.htm", "index.php", "index.asp", "index.aspx", "index.jsp", "default.aspx",
     "default.htm", "home", "home.html", "main", "start"}
)  # fmt: skip
