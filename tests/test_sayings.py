"""What pages say: every row knows the wordings of its language, and no headline that only holds the words."""

from __future__ import annotations

import time
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwatch.check.judging.sayings import (
    CODE,
    FOR_SALE,
    LOG_IN,
    MAY_DENY,
    NOT_HERE,
    SEPARATOR,
    TAKEN_DOWN,
    TERSE,
)

if TYPE_CHECKING:
    import re

LONG = 100_000

# For each row of NOT_HERE, in its order: titles it must know.
SAYINGS: list[tuple[str, list[str]]] = [
    ("any", ["404", "Error 404", "404 Not Found", "404 Error", "Erreur 404", "Fehler 404", "错误 404", "Błąd 404",
             "エラー 404", "오류 404", "خطأ 404"]),
    ("any", ["404: This page could not be found", "404 page not found", "Error 404: the file not found"]),
    ("any", ["404,您访问的页面不存在", "404 页面不存在", "404:頁面找不到", "404 您访问的页面搬家了"]),
    ("en", ["Page not found", "Page Not Found.", "The requested URL was not found on this server",
            "Oops! That page can’t be found.", "Sorry, this page isn't available.", "File not found",
            "Sorry, the page you are looking for does not exist", "This page doesn't exist",
            "Page no longer exists", "This video is no longer available", "Post not found",
            "The page you requested could not be found", "This article is no longer available",
            "This story has been removed", "The page cannot be found", "Error: page not found"]),
    ("en", ["Product not found", "The requested resource was not found"]),
    ("en", ["Not Found", "Nothing found", "Nothing was found", "Sorry, not found"]),
    ("en", ["Video unavailable", "This video is unavailable", "410 Gone"]),
    ("en", ["Page missing", "Whoops, that page is gone", "Sorry, we can't find what you're looking for"]),
    ("en", ["We can't find that page", "Sorry, we couldn’t find the page you were looking for"]),
    ("zh", ["页面不存在", "抱歉,您访问的页面不存在", "很抱歉,您要访问的页面不存在", "該頁面不存在",
            "对不起,您所查找的页面未找到", "页面不见了", "内容不存在或已被删除", "该页无法显示", "文章不存在",
            "您访问的页面不存在,请返回首页", "抱歉，指定的主题不存在或已被删除或正在被审核"]),
    ("zh", ["该文章已删除", "您访问的网页已被删除", "该内容已被发布者删除", "该视频已下线", "此链接已失效", "該新聞已下架"]),
    ("zh", ["视频去哪了呢", "页面去哪了"]),
    ("zh", ["找不到页面", "抱歉,找不到您要访问的页面", "無法找到頁面", "未找到该网页", "找不到该页"]),
    ("fr", ["Page introuvable", "Page non trouvée", "Cette page n’existe pas", "Oups, page introuvable",
            "La page demandée n'a pas été trouvée", "La page que vous recherchez n'existe plus"]),
    ("de", ["Seite nicht gefunden", "Diese Seite konnte leider nicht gefunden werden", "Artikel nicht gefunden"]),
    ("de", ["Diese Seite existiert nicht mehr", "Die gesuchte Seite ist leider nicht mehr verfügbar"]),
    ("es", ["Página no encontrada", "La página no existe", "La página que buscas no existe"]),
    ("es", ["No se encontró la página", "No hemos encontrado la página"]),
    ("pt", ["Página não encontrada", "Esta página não existe", "Página não localizada"]),
    ("it", ["Pagina non trovata", "La pagina non esiste", "Pagina inesistente"]),
    ("nl", ["Pagina niet gevonden", "Deze pagina is niet gevonden", "Deze pagina bestaat niet meer"]),
    ("ca", ["Pàgina no trobada", "No s'ha trobat la pàgina"]),
    ("ro", ["Pagina nu a fost găsită", "Pagina nu există"]),
    ("pl", ["Nie znaleziono strony", "Strona nie została znaleziona", "Strona nie istnieje", "Nie znaleziono"]),
    ("cs", ["Stránka nenalezena", "Stránka nebyla nalezena", "Požadovaná stránka neexistuje"]),
    ("sk", ["Stránka sa nenašla", "Stránka nebola nájdená"]),
    ("hu", ["Az oldal nem található", "A keresett oldal nem található"]),
    ("sv", ["Sidan hittades inte", "Sidan kunde inte hittas", "Sidan du söker finns inte"]),
    ("da", ["Siden blev ikke fundet", "Siden findes ikke"]),
    ("no", ["Siden ble ikke funnet", "Fant ikke siden"]),
    ("fi", ["Sivua ei löydy", "Etsimääsi sivua ei löytynyt"]),
    ("el", ["Η σελίδα δεν βρέθηκε", "Η σελίδα που ζητήσατε δεν υπάρχει"]),
    ("tr", ["Sayfa bulunamadı", "Aradığınız sayfa bulunamadı", "SAYFA BULUNAMADI"]),
    ("ru", ["Страница не найдена", "Запрашиваемая страница не существует", "Такой страницы нет", "Страница удалена"]),
    ("uk", ["Сторінку не знайдено", "Сторінка не існує"]),
    ("ar", ["الصفحة غير موجودة", "عذراً، الصفحة المطلوبة غير موجودة", "الصفحة التي تبحث عنها غير موجودة"]),
    ("ar", ["لم يتم العثور على الصفحة", "عذرا، لم نتمكن من العثور على هذه الصفحة"]),
    ("fa", ["صفحه یافت نشد", "صفحه مورد نظر شما پیدا نشد", "متاسفانه صفحه مورد نظر یافت نشد"]),
    ("he", ["הדף לא נמצא", "העמוד המבוקש אינו קיים"]),
    ("hi", ["पृष्ठ नहीं मिला", "क्षमा करें, यह पेज मौजूद नहीं है"]),
    ("th", ["ไม่พบหน้าที่คุณต้องการ", "ขออภัย ไม่พบหน้านี้"]),
    ("vi", ["Không tìm thấy trang", "Trang bạn yêu cầu không tồn tại", "Rất tiếc, trang này không tồn tại"]),
    ("id", ["Halaman tidak ditemukan", "Maaf, halaman yang Anda cari tidak ditemukan"]),
    ("ja", ["ページが見つかりません", "お探しのページは見つかりませんでした", "ページが存在しません",
            "このページは削除されました", "指定されたページは存在しないか、すでに削除されています"]),
    ("ko", ["페이지를 찾을 수 없습니다", "요청하신 페이지를 찾을 수 없습니다", "존재하지 않는 페이지입니다",
            "삭제되었거나 존재하지 않는 기사입니다"]),
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
    视频去哪了观众就去哪
    此内容因违规无法查看的背后
    波音-747
    中国-东盟
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
    ページが存在しない図書館の物語
    존재하지 않는 페이지의 역사
    内容删除规则
    视频下架风波
    链接已失效怎么办
    页面不存在时如何设计
    主题公园已下线的项目
    Product no longer available: what shops should do
    This product is no longer available
    Video unavailable to the court, judge rules
    Ojciec nie znaleziony
    Strona nie istnieje w naturze
    Nie znaleziono winnych katastrofy
    Sayfa bulunamadı denen şehir
    Kayıp sayfa
    Сторінку історії не знайдено в архіві
    Сторінка історії
    Страница удалена из учебника
    Не найдена страница дневника
    الصفحة الأولى
    الصفحة غير موجودة في كتب التاريخ
    لم يتم العثور على الطائرة
    صفحه اول روزنامه
    صفحه یافت نشده تاریخ
    पृष्ठ और इतिहास
    लापता पृष्ठ नहीं मिला इतिहासकारों को
    Không tìm thấy trang phục cưới
    Trang không tồn tại trong lịch sử
    Halaman rumah tidak ditemukan emas
    Halaman yang hilang
    הדף הראשון
    הדף לא נמצא בספרייה
    ไม่พบหน้ากากในร้าน
    หน้าแรก
    Az oldal nem található meg a könyvben
    Stránka dějin nenalezena
    Sidan tre finns inte i boken
    Siden findes ikke i bogen
    Sivua ei löydy kirjasta
    Η σελίδα δεν βρέθηκε στο βιβλίο
    Pagina nu există în carte
    Pàgina no trobada del diari
    La page que vous lisez
    No se encontró la página perdida del diario
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
    assert len(order) == len(set(order)) >= 30


@pytest.mark.parametrize("said", ["404", "Not Found", "Error 404", "404 Not Found", "http 404"])
def test_what_may_be_a_name(said: str) -> None:
    """Bands, novels and works of art are called so."""
    assert TERSE.fullmatch(said)


@pytest.mark.parametrize(
    "said",
    [
        "Page not found",
        "This page does not exist",
        "页面不存在",
        "The page was not found",
        "Video unavailable",
    ],
)
def test_what_speaks_to_a_visitor_is_no_name(said: str) -> None:
    """Whole sentences are meant."""
    assert not TERSE.fullmatch(said)


@pytest.mark.parametrize(
    "piece",
    ["a", " ", "404 ", "page ", "the page you ", "sorry, ", "not ", "you word ", "的", "页面", "找不到该此您",
     "| ", " - ", "! ", "\t", "الصفحة ", "trang ", "strona ", "ページが"],
)  # fmt: skip
def test_patterns_take_time_in_proportion(piece: str) -> None:
    """However long what it nearly fits, no pattern reads it over and over."""
    said = piece * (LONG // len(piece))
    started = time.process_time()
    for saying in NOT_HERE:
        saying.pattern.fullmatch(said)
        saying.pattern.fullmatch("the page " + said)
    SEPARATOR.split(said)
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
    "said",
    [
        "Chateau is for sale",
        "The house is for sale",
        "This domain is for sale, and nobody wants it",
        "Why domains are for sale",
        "出售",
    ],
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


@pytest.mark.parametrize("said", [
    "该内容已被发布者删除", "此内容因违规无法查看", "该公众号已迁移", "抱歉，此微博已被作者删除", "This post was deleted by its author",
    "This video has been removed",
])  # fmt: skip
def test_what_was_taken_down_is_known(said: str) -> None:
    """What platforms say in the place of what was there."""
    assert TAKEN_DOWN.fullmatch(said)


@pytest.mark.parametrize(
    "said",
    [
        "该内容已被发布者删除的原因",
        "This post was deleted by mistake",
        "此内容很长",
        "The statue was removed",
    ],
)
def test_what_only_speaks_of_it_was_not(said: str) -> None:
    """A sentence of a story is none."""
    assert not TAKEN_DOWN.fullmatch(said)


@pytest.mark.parametrize(
    "said",
    ["Seite nicht gefunden (404)", "ページが見つかりません（404エラー）", "Page introuvable (Erreur 404)"],
)
def test_a_number_in_brackets_is_no_part_of_it(said: str) -> None:
    """What stands before it is what is said."""
    assert any(saying.pattern.fullmatch(CODE.sub("", said)) for saying in NOT_HERE)


@settings(max_examples=50 * len(NOT_HERE), deadline=None)
@given(st.one_of(*(st.from_regex(saying.pattern, fullmatch=True) for saying in NOT_HERE)))
def test_whatever_denies_holds_one_of_the_words_that_are_looked_for_first(said: str) -> None:
    """The quick look at a title never passes over what a wording of any language fits."""
    assert MAY_DENY.search(said.casefold())


@pytest.mark.parametrize(("language", "titles"), SAYINGS)
def test_every_title_that_denies_holds_one_of_these_words(language: str, titles: list[str]) -> None:
    """The quick look passes over no title that must be known."""
    assert [said for said in titles if not MAY_DENY.search(said.casefold())] == [], language
