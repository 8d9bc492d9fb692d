"""Pages that answer "success" and are not the page: error pages, parked domains, and their doubles."""

from __future__ import annotations

from hostile.case import LOST, MENU, PROSE, PROSE_ZH, STORY, Case, always, html, ok, paper, short, story, to

OK, SOFT, PARKED = ("ok",), ("soft_404",), ("parked_domain",)
_SHELL = ok("<title>Guide</title><div id=app></div><script src=/app.js></script><p>Loading the guide.</p>")
_AWAY = ok(short("Ooh", "The thing you came for went away in the great clearing of the year."))
_DENIES = ok(html("The Paper", f"{MENU}<h1>Page not found</h1><p>Perhaps the search can help.</p>"))


def _sale(domain: str) -> bytes:
    return ok(short(f"{domain} is for sale", "Related searches: loans, travel, insurance."))


SAYINGS = [
    Case(
        f"says-{language}",
        f'"not here" with 200, {title}',
        paper(ok(short(title, text)), ok(short(title, text))),
        SOFT,
    )
    for language, title, text in (
        ("en", "Page not found", "Sorry, the page you are looking for does not exist."),
        ("404", "404 - The Paper", "Sorry."),
        ("oops", "Oops! That page can’t be found.", "It looks like nothing was found here."),
        ("hans", "页面不存在", "抱歉，您访问的页面不存在或已被删除。"),
        ("hant", "找不到您要的網頁", "很抱歉。"),
        ("hans-site", "404错误页面不存在 - 某某新闻网", "三秒后返回首页"),
        ("fr", "Page introuvable", "Désolé."),
        ("de", "Seite nicht gefunden", "Leider."),
        ("es", "Página no encontrada", "Lo sentimos."),
        ("pt", "Página não encontrada", "Desculpe."),
        ("it", "Pagina non trovata", "Spiacenti."),
        ("nl", "Pagina niet gevonden", "Helaas."),
        ("ru", "Страница не найдена", "Извините."),
        ("ja", "お探しのページが見つかりませんでした", "申し訳ございません。"),
        ("ko", "페이지를 찾을 수 없습니다", "죄송합니다."),
    )
]

CASES = [
    *SAYINGS,
    Case("says-gbk", "the same in GBK, declared in the page",
         paper(ok('<meta charset="gbk"><title>您访问的页面不存在</title>'.encode("gbk"), "text/html")), SOFT),
    Case("under-a-menu", "it denies under a long menu, at every address", paper(_DENIES, _DENIES), SOFT),
    Case("unknown-words", "words that no table knows, at every address", paper(_AWAY, _AWAY), SOFT),
    Case("one-notice", "whatever is not there is sent to one page",
         paper(to("/notice.html"), to("/notice.html"), notice_dot_html=ok(html("Old", MENU + PROSE * 9))), SOFT),
    Case("unknown-query", "the query names the page, and it is not there",
         paper(_DENIES, _DENIES, path="/news.php"), SOFT, path="/news.php?id=77"),
    Case("sedo", "parked, by the dealer's script",
         always(ok(html("sedo-lwt.net", "<script src='//img.sedoparking.com/js/x.js'></script><p>Loans</p>"))), PARKED),
    Case("bodis", "parked, by the dealer's script",
         always(ok(html("bodis-lwt.net", "<script src='//bodiscdn.com/x.js'></script>"))), PARKED),
    Case("parkingcrew", "parked, by the dealer's script",
         always(ok(html("a", "<script src='http://c.parkingcrew.net/s.js'></script>"))), PARKED),
    Case("dan", "parked, by the dealer's style",
         always(ok(html("a", "<link rel=stylesheet href='//cdn.dan.com/a.css'><p>Buy</p>"))), PARKED),
    Case("godaddy", "parked, by the registrar's script",
         always(ok(html("a", "<script src='//img1.wsimg.com/parking-lander/x.js'></script>"))), PARKED),
    Case("huge", "sent to a dealer", always(to("http://www.hugedomains.com/domain_profile.cfm?d=huge")), PARKED),
    Case("for-sale", "for sale by nobody that a table knows", always(_sale("for-sale-lwt.net")), PARKED),
    Case("for-sale-front", "the same at its front door", always(_sale("for-sale-front-lwt.net")), PARKED, path="/"),
    # Pages, whatever they say.
    Case("about-404", "an article about error pages", paper(ok(story("How we made our 404 page"))), OK, trap=True),
    Case("titled-404", "an article of just that title", paper(ok(story("Page not found"))), OK, trap=True),
    Case("titled-zh", "an article whose title begins so in Chinese",
         paper(ok(story("页面不存在的年代", PROSE_ZH))), OK, trap=True),
    Case("404-beds", "a number", paper(ok(short("A hospital of 404 beds opens", "On Monday."))), OK, trap=True),
    Case("region", "not available where we are",
         paper(ok(short("This content is not available in your region", "Sorry."))), OK, trap=True),
    Case("no-results", "a search without results is a page", paper(ok(html("Search", f"{MENU}<h1>Search</h1>"
         "<p>No results were found.</p>"))), OK, trap=True),
    Case("app", "an application that answers every path alike", always(_SHELL), OK, trap=True),
    Case("app-behind-front", "the same behind a front page made on the server", paper(_SHELL, _SHELL), OK, trap=True),
    Case("short-note", "a short page of a site that knows what it has not",
         paper(ok(short("A note on tea", "It was green."))), OK, trap=True),
    Case("one-page", "a site of one short page",
         always(ok(short("Closed for the summer", "See you in the autumn, and have a good time."))), OK, trap=True),
    Case("by-number", "found by its number, whatever the words",
         paper(STORY, lambda path: ok(short("A knot", "How to tie a knot in a wet rope."))
               if path.startswith("/77/") else LOST, path="/x"), OK, trap=True, path="/77/knots"),
    Case("latest", "every release leads to the newest",
         paper(LOST, lambda path: to("/download/latest") if path.startswith("/download/") else LOST,
               download__latest=ok(html("Download", MENU + PROSE * 9))), OK, trap=True, path="/download/2.1"),
    Case("sale-in-the-news", "a story of a sale", paper(ok(story("paper-lwt.net is for sale"))), OK, trap=True),
    Case("short-sale-news", "a short story of a sale", paper(_sale("paper-lwt.net")), OK, trap=True),
    Case("links-a-dealer", "an article with a link to a dealer",
         paper(ok(story().replace("</p>", " <a href='https://sedoparking.com/x'>parked</a></p>"))), OK, trap=True),
    Case("at-a-dealer", "a page of a dealer that the article cites", paper(ok(story("How domains are sold"))), OK,
         trap=True),
]  # fmt: skip

OTHERS = {"www.hugedomains.com": always(ok(html("HugeDomains", "<p>Buy it.</p>")))}
