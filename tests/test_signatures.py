"""Every row of the tables of signatures: it knows its own, and not what only looks alike."""

from __future__ import annotations

import re
import time
from itertools import groupby

import pytest

from linkwatch.check.signatures import (
    FOR_SALE,
    GATES,
    LOG_IN,
    LOGIN_LABELS,
    LOGIN_SEGMENTS,
    NOT_HERE,
    PARKERS,
    SEPARATOR,
    Gate,
    Parker,
)

LONG = 100_000

# One sample and one trap a row of GATES, in its order.
GATE_ROWS: list[tuple[str, str, str]] = [
    ("Cloudflare challenge", "challenge", "none"),
    (
        "Cloudflare challenge",
        "<script>(function(){window._cf_chl_opt={cvId: '3'};</script>",
        "<script>a.src='/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js'</script>",
    ),
    ("AWS WAF", "challenge", "allow"),
    ("Akamai", "rwc_block", "rwc_pass"),
    (
        "DataDome",
        "<script src='https://ct.captcha-delivery.com/c.js'></script>",
        "<script src='https://js.datadome.co/tags.js'></script><p>captcha-delivery.com/ is theirs</p>",
    ),
    (
        "Imperva",
        '<iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=2"></iframe>',
        '<script src="/_Incapsula_Resource?SWJIYLWA=719d&ns=2"></script>',
    ),
    ("Imperva", "Request unsuccessful. Incapsula incident ID: 12-34", "What an Incapsula incident ID is"),
    (
        "Imperva",
        '<head><script src="/_Incapsula_Resource?SWJIYLWA=719d"></script></head><body></body>',
        '<head><script src="/_Incapsula_Resource?SWJIYLWA=719d"></script></head><body><p>Hello</p></body>',
    ),
    ("PerimeterX", '<div id="px-captcha"></div>', '<p class="lpx-captcha">px-captcha</p>'),
    ("Anubis", '<script id="anubis_challenge" type="application/json">', "<p>anubis_challenge</p>"),
    ("Sucuri", "<script>sucuri_cloudproxy_js='';</script>", "<p>sucuri_cloudproxy_js</p>"),
]


def _holds(gate: Gate, said: str) -> bool:
    if gate.markup:
        return gate.markup.search(said.encode()) is not None
    return re.search(gate.value, said, re.IGNORECASE) is not None


def test_every_gate_is_tried() -> None:
    """A row that is added is added here too."""
    assert [gate.name for gate in GATES] == [name for name, _, _ in GATE_ROWS]


@pytest.mark.parametrize(
    ("gate", "sample", "trap"),
    [(gate, sample, trap) for gate, (_, sample, trap) in zip(GATES, GATE_ROWS, strict=True)],
)
def test_gates(gate: Gate, sample: str, trap: str) -> None:
    """A gate knows its own challenge, and not the scripts its maker puts into every page."""
    assert _holds(gate, sample)
    assert not _holds(gate, trap)


@pytest.mark.parametrize("gate", GATES)
def test_gates_are_said_once(gate: Gate) -> None:
    """A row is by header or by markup, header names are in lower case, and a source is named."""
    assert bool(gate.header) is bool(gate.value)
    assert bool(gate.header) is not bool(gate.markup)
    assert gate.header == (gate.header.lower() if gate.header else None)
    assert gate.source


# For each row of NOT_HERE, in its order: titles it must know.
SAYINGS: list[tuple[str, list[str]]] = [
    ("any", ["404", "Error 404", "404 Not Found", "404 Error", "Erreur 404", "Fehler 404", "错误 404"]),
    ("any", ["404: This page could not be found", "404 page not found", "Error 404: the file not found"]),
    ("any", ["404,您访问的页面不存在", "404 页面不存在", "404:頁面找不到"]),
    (
        "en",
        [
            "Page not found", "Page Not Found.", "The requested URL was not found on this server",
            "Oops! That page can’t be found.", "Sorry, this page isn't available.", "File not found",
            "Sorry, the page you are looking for does not exist", "This page doesn't exist",
            "Page no longer exists",
            "The page you requested could not be found", "This article is no longer available",
            "This story has been removed", "The page cannot be found", "Error: page not found",
        ],
    ),
    ("en", ["Not Found", "Nothing found", "Nothing was found", "Sorry, not found"]),
    ("en", ["We can't find that page", "Sorry, we couldn’t find the page you were looking for"]),
    (
        "zh",
        [
            "页面不存在", "抱歉,您访问的页面不存在", "很抱歉,您要访问的页面不存在", "该文章已删除",
            "您访问的网页已被删除", "該頁面不存在", "对不起,您所查找的页面未找到", "页面不见了",
            "该内容已被发布者删除", "内容不存在或已被删除", "您访问的页面不存在,请返回首页",
        ],
    ),
    ("zh", ["找不到页面", "抱歉,找不到您要访问的页面", "無法找到頁面", "未找到该网页"]),
    ("fr", ["Page introuvable", "Page non trouvée", "Cette page n’existe pas", "Oups, page introuvable"]),
    ("de", ["Seite nicht gefunden", "Diese Seite konnte leider nicht gefunden werden"]),
    ("de", ["Diese Seite existiert nicht mehr"]),
    ("es", ["Página no encontrada", "La página no existe"]),
    ("pt", ["Página não encontrada", "Esta página não existe"]),
    ("it", ["Pagina non trovata", "La pagina non esiste"]),
    ("nl", ["Pagina niet gevonden", "Deze pagina is niet gevonden"]),
    ("ru", ["Страница не найдена", "Запрашиваемая страница не существует"]),
    ("ja", ["ページが見つかりません", "お探しのページは見つかりませんでした", "ページが存在しません"]),
    ("ko", ["페이지를 찾을 수 없습니다", "요청하신 페이지를 찾을 수 없습니다"]),
]  # fmt: skip

# Titles of pages that are there.
TITLES_OF_PAGES = """
    How we designed our 404 page
    404 pages that made us smile
    404-bed hospital opens in Wuhan
    404.5 million users
    404, rue de Rivoli
    404: the story of an error
    404 Media
    Room 404
    The 404 error explained
    Why "page not found" is the best known error of the web
    Not found: the lost city of Atlantis
    Found: a page of history
    Nothing found its way home
    Lost and not found in translation
    This content is not available in your region
    This page is not available in your country
    Document not found in archive puzzles historians
    The page that could not be found in any library
    The article you wrote changed my mind
    The file on John Doe was not found guilty
    Page one
    Story of a removed page
    A sorry page in history
    页面不存在的艺术
    文章被删除之后
    文章被删除,作者被拘留
    网页设计入门
    找不到工作的年轻人
    找不到文章的人
    内容为王
    404页面设计大赏
    404教室
    La page introuvable du roman
    La page blanche
    Seite an Seite
    Die Seite der Opfer
    La página que no existe en los mapas
    Страница истории
    ページをめくる
    페이지의 역사
""".strip().splitlines()


def _says(said: str) -> list[int]:
    """The rows of NOT_HERE that fit a whole piece of what is said."""
    pieces = SEPARATOR.split(said)
    return [n for n, row in enumerate(NOT_HERE) if any(row.pattern.fullmatch(piece) for piece in pieces)]


def test_every_saying_is_tried() -> None:
    """A row that is added is added here too."""
    assert [saying.language for saying in NOT_HERE] == [language for language, _ in SAYINGS]


@pytest.mark.parametrize(
    ("row", "said"), [(row, said) for row, (_, titles) in enumerate(SAYINGS) for said in titles]
)
@pytest.mark.parametrize(
    "frame", ["{}", "{} | The Site", "{} - The Site", "The Site – {}", "{}!", "The Site · {}"]
)
def test_sayings(row: int, said: str, frame: str) -> None:
    """A row knows its wording alone and beside the name of the site."""
    assert row in _says(frame.format(said))


@pytest.mark.parametrize("title", [each.strip() for each in TITLES_OF_PAGES])
def test_sayings_leave_articles_alone(title: str) -> None:
    """A headline that holds the words is not one that says "not here"."""
    assert _says(title) == []


def test_languages() -> None:
    """Chinese comes right after English, and no language is split up."""
    order = [language for language, _ in groupby(saying.language for saying in NOT_HERE)]
    assert order[:3] == ["any", "en", "zh"]
    assert len(order) == len(set(order)) >= 11


PARKER_MARKUP = {
    "Sedo": (b'<script src="//img.sedoparking.com/js/x.js">', b'<a href="https://sedo.com/search/">'),
    "Bodis": (b'<script src="https://bodiscdn.com/x.js">', b'<a href="https://www.bodis.com/">'),
    "ParkingCrew": (b'<script src="//c.parkingcrew.net/x.js">', b"<p>ParkingCrew, they said</p>"),
    "Dan": (b'<link href="https://cdn.dan.com/x.css">', b'<a href="https://dan.com/buy-domain/a.example">'),
    "GoDaddy": (b'<script src="https://img1.wsimg.com/parking-lander/x.js">', b'<img src="https://img1.wsimg.com/a.png">'),
}  # fmt: skip


def test_every_parkers_markup_is_tried() -> None:
    """A markup that is added is added here too."""
    assert {parker.name for parker in PARKERS if parker.markup} == set(PARKER_MARKUP)


@pytest.mark.parametrize(
    "parker", [parker for parker in PARKERS if parker.markup], ids=lambda each: each.name
)
def test_parkers_markup(parker: Parker) -> None:
    """A parker's page is known by what it loads, not by what a story could link to."""
    sample, trap = PARKER_MARKUP[parker.name]
    assert parker.markup in sample
    assert parker.markup not in trap


@pytest.mark.parametrize("parker", PARKERS, ids=lambda each: each.name)
def test_parkers_hosts(parker: Parker) -> None:
    """Every parker is known by where it redirects to: plain domains in lower case."""
    assert parker.hosts
    assert all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) for host in parker.hosts)


def test_words_for_logins() -> None:
    """Whole words in lower case, as they are compared."""
    assert all(
        each == each.lower() and "/" not in each and "." not in each for each in LOGIN_SEGMENTS | LOGIN_LABELS
    )


@pytest.mark.parametrize(
    "piece",
    ["a", " ", "404 ", "page ", "the page you ", "sorry, ", "not ", "you word ", "的", "页面", "找不到该此您",
     "| ", " - ", "! ", "<script ", "src=https://", "src='https://a.", "/_Incapsula_Resource", "</script> ",
     "window._cf_chl_opt", "\t"],
)  # fmt: skip
def test_patterns_take_time_in_proportion(piece: str) -> None:
    """However long what it nearly fits, no pattern reads it over and over."""
    said = piece * (LONG // len(piece))
    body = said.encode()
    started = time.process_time()
    for saying in NOT_HERE:
        saying.pattern.fullmatch(said)
        saying.pattern.fullmatch("the page " + said)
    SEPARATOR.split(said)
    for gate in GATES:
        if gate.markup:
            gate.markup.search(body)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("said", [
    "Log in", "Please sign in", "Sign in to continue", "You must be logged in", "请先登录", "會員登入",
    "Anmelden", "Connexion", "Войти", "ログイン",
])  # fmt: skip
def test_logins_are_known(said: str) -> None:
    """What a login is called, in several languages."""
    assert LOG_IN.fullmatch(said)


@pytest.mark.parametrize("said", ["Logging in the rain forest", "Sign", "The sign in the window", "登录月球"])
def test_what_only_begins_like_a_login_is_none(said: str) -> None:
    """A story is not a login."""
    assert not LOG_IN.fullmatch(said)


@pytest.mark.parametrize("said", [
    "paper.example is for sale!", "The domain name paper.co.uk is for sale", "Buy this domain", "域名出售",
    "此域名正在出售", "Diese Domain ist zu verkaufen", "This domain may be for sale",
])  # fmt: skip
def test_offers_are_known(said: str) -> None:
    """What a domain says that is for sale."""
    assert FOR_SALE.fullmatch(said)


@pytest.mark.parametrize(
    "said", ["This domain is for sale, and nobody wants it", "Why domains are for sale", "出售"]
)
def test_what_only_speaks_of_sales_is_no_offer(said: str) -> None:
    """A story is not an offer."""
    assert not FOR_SALE.fullmatch(said)


@pytest.mark.parametrize("pattern", [LOG_IN, FOR_SALE])
def test_no_title_takes_long(pattern: re.Pattern[str]) -> None:
    """A hostile title costs no more than its length."""
    began = time.process_time()
    for said in ("a" * 300, "a." * 150, "the domain name " + "a-" * 140 + " is", "please " * 40):
        pattern.fullmatch(said)
    assert time.process_time() - began < 0.5
