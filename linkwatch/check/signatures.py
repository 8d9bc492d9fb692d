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
    markup: re.Pattern[bytes] | None = None  # found in the body


def _markup(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.IGNORECASE)


# Cloudflare and Imperva put scripts of theirs into every page they serve, so their names alone
# are no sign: only what the challenge itself loads is.
GATES = (
    Gate("Cloudflare challenge", "developers.cloudflare.com: Detect a Challenge Page response",
         header="cf-mitigated", value="challenge"),
    Gate("Cloudflare challenge", "markup of the managed challenge, 2021 on",
         markup=_markup(rb"window\._cf_chl_opt\s*=|/cdn-cgi/challenge-platform/h/\w{1,3}/orchestrate")),
    Gate("AWS WAF", "docs.aws.amazon.com: CAPTCHA and Challenge in AWS WAF",
         header="x-amzn-waf-action", value="challenge|captcha"),
    Gate("Akamai", "EDGI web-monitoring-processing, snapshot quality rules (2026)",
         header="rimon", value="rwc_block"),
    Gate("DataDome", "docs.datadome.co: block page",
         markup=_markup(rb"src=[\"']?https?://[\w.-]{0,40}captcha-delivery\.com/")),
    Gate("Imperva", "docs.imperva.com: block page", markup=_markup(rb"/_Incapsula_Resource\?[CS]WUDNSAI=")),
    Gate("Imperva", "docs.imperva.com: block page", markup=_markup(rb"Incapsula incident ID: ?\d")),
    Gate("Imperva", "a page that holds nothing but the challenge's script",
         markup=_markup(rb"<script[^>]{0,99}/_Incapsula_Resource[^>]{0,99}></script>\s{0,9}"
                        rb"(?:</head>)?\s{0,9}<body>\s{0,9}</body>")),
    Gate("PerimeterX", "docs.humansecurity.com: human challenge", markup=_markup(rb"id=[\"']?px-captcha\b")),
    Gate("Anubis", "TecharoHQ/anubis: challenge page served with 200",
         markup=_markup(rb"id=[\"']?anubis_challenge\b")),
    Gate("Sucuri", "docs.sucuri.net: browser check", markup=_markup(rb"sucuri_cloudproxy_js\s*=")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saying:
    """What a page says in its title or main heading, in one language."""

    language: str
    pattern: re.Pattern[str]


def _saying(language: str, pattern: str) -> Saying:
    return Saying(language, re.compile(pattern, re.IGNORECASE))


# Where a title ends and the site's name begins, and where a sentence ends; in text of single spaces.
SEPARATOR = re.compile(r" [-–—]+ | ?[|｜·•»«] ?|_+|[.!?]+(?: |$)|[。！？…]+ ?")

# What says "not here" when it is a whole piece of a title, so that "How we designed our 404 page",
# "404-bed hospital opens" and "This content is not available in your region" are none. Wordings as
# the servers and content systems of each language ship them.
_SORRY = r"(?:(?:we['’]re\s+|i['’]m\s+)?sorry|oops|whoops|uh[ -]oh|error)?[,:]?\s*(?:but\s+)?"
_YOU = r"(?:(?:that\s+)?you(?:['’]re|['’]ve)?\s+(?:\w+\s+){1,4})?"
_NO = r"(?:is|was|has|could|ca|can|does|did)\s*n(?:o|['’])t\s+(?:be\s+)?(?:found|located|exist|available)"
NOT_HERE = (
    _saying("any", r"(?:http\s+)?(?:error|erreur|fehler|erro|errore|ошибка|错误|錯誤)?[:\s]*404\s*"
                   r"(?::?\s*(?:error|not\s+found|page|error\s+page|错误|錯誤|页面|頁面))?"),
    _saying("any", r"(?:error\s*)?404\s*:?\s*(?:this\s+|the\s+)?(?:page|file)\s+"
                   r"(?:could\s+)?not\s+(?:be\s+)?found"),
    _saying("any", r"404\s*[:：,，]?\s*(?:您|你)?(?:访问|訪問)?的?(?:页面|网页|頁面|網頁)"
                   r"(?:不存在|未找到|找不到|没有找到|沒有找到|不见了|不見了)(?:了)?"),
    _saying("en", _SORRY + r"(?:the\s+|this\s+|that\s+|your\s+)?(?:requested\s+)?"
                  r"(?:web\s?page|page|file|article|story|document|content|url)\s+" + _YOU + r"(?:" + _NO +
                  r"|not\s+(?:found|available)|(?:is\s+)?no\s+longer\s+(?:available|exists?|here)|"
                  r"(?:has\s+been|was|is)\s+(?:removed|deleted))"
                  r"(?:\s+(?:on|from)\s+(?:this|our|the)\s+(?:server|site|website))?"),
    _saying("en", _SORRY + r"(?:not|nothing(?:\s+was)?)\s+found"),
    _saying("en", _SORRY + r"we\s+(?:can['’]t|cannot|could\s*n(?:o|['’])t)\s+find\s+(?:the|that|your)\s+page"
                  r"(?:\s+you(?:['’]re)?(?:\s+\w+){1,4})?"),
    _saying("zh", r"(?:很?抱歉|对不起|對不起|哎呀)?[,，、 ]*(?:您|你)?(?:所|要|想)?"
                  r"(?:访问|请求|查找|查看|打开|寻找|浏览|訪問|請求|瀏覽|查詢)?的?(?:该|該|此|这个|這個)?"
                  r"(?:页面|网页|文章|内容|頁面|網頁|內容)(?:已经|已經|已)?"
                  r"(?:不存在|未找到|找不到|无法找到|無法找到|没有找到|沒有找到|不见|不見|"
                  r"被(?:发布者|作者)?(?:删除|刪除)|删除|刪除)了?"
                  r"(?:或(?:已被?|者)?(?:删除|刪除|移除))?(?:[,，][请請].{0,20})?"),
    _saying("zh", r"(?:很?抱歉|对不起|對不起)?[,，、 ]*(?:找不到|未找到|没有找到|沒有找到|無法找到|无法找到)"
                  r"(?:该|該|此|您|你|要|所|想|訪問|访问|请求|查看|的|這個|这个)*(?:页面|网页|文章|頁面|網頁)"),
    _saying("fr", r"(?:oups|désolé)?[,!\s]*(?:(?:la|cette)\s+)?page\s+"
                  r"(?:introuvable|non\s+trouvée|inexistante|n['’]existe\s+(?:pas|plus)|est\s+introuvable)"),
    _saying("de", r"(?:diese?\s+)?seite\s+(?:wurde\s+|konnte\s+)?(?:leider\s+)?nicht\s+gefunden(?: werden)?"),
    _saying("de", r"(?:die|diese)\s+seite\s+existiert\s+(?:leider\s+)?nicht(?:\s+mehr)?"),
    _saying("es", r"(?:(?:la|esta)\s+)?página\s+no\s+(?:ha\s+sido\s+)?(?:encontrada|existe|disponible)"),
    _saying("pt", r"(?:(?:a|esta)\s+)?página\s+não\s+(?:foi\s+)?(?:encontrada|existe)"),
    _saying("it", r"(?:(?:la|questa)\s+)?pagina\s+non\s+(?:è\s+stata\s+)?(?:trovata|esiste)"),
    _saying("nl", r"(?:(?:de|deze)\s+)?pagina\s+(?:is\s+|werd\s+)?niet\s+gevonden"),
    _saying("ru", r"(?:(?:запрашиваемая|эта)\s+)?страница\s+не\s+(?:найдена|существует)"),
    _saying("ja", r"(?:お探しの|ご指定の)?ページ(?:が|は)?(?:見つかりません(?:でした)?|存在しません)"),
    _saying("ko", r"(?:요청하신\s+)?페이지를\s*찾을\s*수\s*없습니다"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parker:
    """A service that holds domains without content."""

    name: str
    hosts: tuple[str, ...] = ()  # it is reached by redirects to these registrable domains
    markup: bytes = b""  # or stands in the page; nothing that a story could link to


# Services after Vissers et al. 2015, "Parking Sensors", and those that took their place.
PARKERS = (
    Parker("Sedo", hosts=("sedo.com", "sedoparking.com"), markup=b"sedoparking.com/"),
    Parker("Bodis", hosts=("bodis.com",), markup=b"bodiscdn.com"),
    Parker("ParkingCrew", hosts=("parkingcrew.net",), markup=b"parkingcrew.net/"),
    Parker("Above", hosts=("above.com",)),
    Parker("HugeDomains", hosts=("hugedomains.com",)),
    Parker("Dan", hosts=("dan.com", "undeveloped.com"), markup=b"cdn.dan.com"),
    Parker("Afternic", hosts=("afternic.com",)),
    Parker("GoDaddy", hosts=("forsale.godaddy.com",), markup=b"img1.wsimg.com/parking-lander"),
)

# Paths and hosts that ask who we are. Matched on whole path segments and host labels.
LOGIN_SEGMENTS = frozenset(
    {"login", "signin", "sign-in", "sign_in", "log-in", "logon", "oauth", "sso", "saml", "consent", "cas"}
)
LOGIN_LABELS = frozenset(
    {"login", "signin", "accounts", "sso", "auth", "consent", "guce", "myaccount", "idp"}
)
# Paths of pages that sell access. Matched on whole path segments.
PAYWALL_SEGMENTS = frozenset(
    {"subscribe", "subscription", "subscriptions", "paywall", "abonnement", "abonnieren", "suscripcion"}
)
# What a login is called, when it is a whole piece of a title.
LOG_IN = re.compile(
    r"(?:please\s+|you\s+(?:must|need\s+to)\s+(?:be\s+)?)?(?:log(?:ged)?\s?-?in|sign(?:ed)?\s?-?in)"
    r"(?:\s+(?:required|to\s+(?:continue|your\s+account|view\s+this\s+page)))?|"
    r"(?:请|請)?(?:先)?(?:用户|用戶|会员|會員)?(?:登录|登陆|登錄|登入)|"
    r"anmelden|anmeldung|einloggen|connexion|se\s+connecter|identifiez-vous|iniciar\s+sesión|"
    r"acceder|accedi|entrar|inloggen|вход|войти|ログイン|로그인",
    re.IGNORECASE,
)
# What a domain without an owner who cares says as its whole title or heading. A story may say the same:
# only what stands at every address of the host is the domain's own word.
FOR_SALE = re.compile(
    r"(?:(?:the\s+|this\s+)?(?:premium\s+)?(?:domain(?:\s+name)?\s+)?(?:[\w-]{1,63}\.){0,5}[\w-]{1,63}\s+(?:is|may\s+be)\s+"
    r"(?:now\s+)?(?:for\s+sale|available\s+for\s+(?:sale|purchase))|buy\s+this\s+domain|domain\s+for\s+sale|"
    r"(?:该|此|本)?域名(?:正在)?(?:出售|转让|待售)(?:中)?|(?:diese\s+)?domain\s+(?:ist\s+zu\s+verkaufen|kaufen)|"
    r"ce\s+(?:nom\s+de\s+)?domaine\s+est\s+à\s+vendre)[.!。！]?",
    re.IGNORECASE,
)
# What a home page is called besides "/".
HOME_PATHS = frozenset(
    {"", "index.html", "index.htm", "index.php", "index.asp", "index.aspx", "index.jsp", "default.aspx",
     "default.htm", "home", "home.html", "main", "start"}
)  # fmt: skip
