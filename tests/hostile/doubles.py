"""Pages that say what error pages say and are none, and error pages that say it in a way of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hostile.case import (
    FRONT,
    LOST,
    MENU,
    PROSE,
    PROSE_ZH,
    STORY,
    Case,
    always,
    html,
    http,
    ok,
    paper,
    short,
    story,
    to,
)

if TYPE_CHECKING:
    from asyncio import StreamWriter

    from hostile.web import Request

OK, SOFT, HOME, PARKED = ("ok",), ("soft_404",), ("redirect_to_home",), ("parked_domain",)
_301 = "301 Moved Permanently"
_BACK = ok("<script>alert('抱歉，您访问的页面不存在！');history.go(-1);</script>")
_HOME_BY_SCRIPT = ok("<script>alert('文章已删除');window.location.href='/';</script>")
_LOST_PAGE = ok(html("The Paper", f"{MENU}<h1>Nothing here, sorry</h1>{PROSE * 3}"))


def _recommends(path: str) -> bytes:
    """An error page that recommends other stories each time, by links."""
    number = sum(map(ord, path))
    links = "".join(
        f"<li><a href=/{n}>Story {n * number} of the {n}th of May, as told</a>" for n in range(40)
    )
    return ok(
        html(
            "Page not found - The Paper",
            f"{MENU}<h1>Page not found</h1><p>Try one of these.</p><ul>{links}</ul>",
        )
    )


async def _head_and_get(request: Request, writer: StreamWriter) -> None:
    """200 to who asks for the head, 404 to who asks for the page."""
    writer.write(ok("") if request.method == "HEAD" else LOST)


async def _searches(request: Request, writer: StreamWriter) -> None:
    """A site that searches for the words of an address it does not know."""
    words = request.path.rpartition("/")[2].partition(".")[0].replace("-", " ")
    found = ok(html(f"{words} - The Paper", f"{MENU}<h1>Page not found</h1><p>We have searched for {words} in all of our archive, "
                    "and there was nothing of the kind in it.</p>"))  # fmt: skip
    writer.write(FRONT if request.path == "/" else found)


CASES = [
    # Pages, whatever they are called.
    Case("art", "a work of art of the net, titled 404", paper(ok(short("404", "A work by nobody, 2004."))), OK, trap=True),
    Case("band", "a band of that name", paper(ok(short("Not Found - Records", "Third album, out on vinyl."))), OK, trap=True),
    Case("famous", "an error page that is cited for its beauty",
         paper(ok(short("Page not found", "But look at the bears.")), http("404 X", short("Page not found", "But look at the bears.")),
               path="/404.html"), OK, trap=True, path="/404.html"),
    Case("error-log", "a story about an error log", paper(ok(story("Error 404 in our logs"))), OK, trap=True),
    Case("essay-zh", "an essay on deleted articles", paper(ok(story("该文章已删除", PROSE_ZH))), OK, trap=True),
    Case("essay-on-wechat", "a short note on what WeChat says",
         paper(ok(short("微信审查笔记", "“此内容因违规无法查看”这句话出现得越来越多。我们统计了一年的数据。"))), OK, trap=True),
    Case("note-zh", "a short note that begins so in Chinese", paper(ok(short("页面设计的五条原则", "一、留白。"))), OK, trap=True),
    Case("rules-zh", "rules for the deletion of content", paper(ok(short("内容删除规则", "第一条。"))), OK, trap=True),
    Case("search-empty", "a search that finds nothing", paper(ok(short("Nothing Found", "Try another word.")),
         ok(short("Nothing Found", "Try another word.")), path="/"), OK, trap=True, path="/?s=harbour"),
    Case("tag-empty", "a tag without posts yet", paper(ok(short("Nothing found", "No results yet.")), path="/tag/harbour/"),
         OK, trap=True, path="/tag/harbour/"),
    Case("sold-out", "a thing that is no longer sold, and is shown",
         paper(ok(short("Blue vase", "This product is no longer available. Stoneware, 30 cm, 1962."))), OK, trap=True),
    Case("sold-out-title", "the same as its heading",
         paper(ok(short("This product is no longer available", "Blue vase, stoneware, 30 cm, 1962."))), OK, trap=True),
    Case("not-for-you", "a film that is not shown where we are",
         paper(ok(short("This video is not available in your country", "Sorry."))), OK, trap=True),
    Case("sentence", "a short story with the sentence in it",
         paper(ok(short("The library", "He asked for it. The page was not found. He went home."))), OK, trap=True),
    Case("denied-album", "an album called so", paper(ok(short("Access Denied", "By the Firewalls, 1999."))), OK, trap=True),
    Case("moment-poem", "a poem that begins like a challenge", paper(ok(short("Just a moment...", "The sea was still."))), OK,
         trap=True),
    Case("bare-front", "a front door with three words", paper(LOST, **{"": ok(short("Hello", "We moved in."))}), OK, trap=True,
         path="/"),
    Case("404-front", "the front door of a band called so", paper(LOST, **{"": ok(short("404 Not Found", "A band."))}), OK,
         trap=True, path="/"),
    Case("house", "a house that is for sale, on a site of one page", always(ok(short("Chateau is for sale", "Twelve rooms by the sea."))),
         OK, trap=True),
    Case("sale-essay", "an essay on a domain for sale",
         paper(ok(story("This domain is for sale", "He had sold the domain for a million. " + PROSE))), OK, trap=True),
    Case("film-id", "a film found by its number, in an application",
         always(ok("<title>- Films</title><div id=app></div><script>var id=1</script>")), OK, trap=True, path="/watch?v=abc"),
    Case("wiki", "an entry of a wiki that knows what it lacks",
         paper(ok(story("HTTP 404")), http("404 X", short("No such entry")), path="/wiki/HTTP_404"), OK, trap=True,
         path="/wiki/HTTP_404"),
    Case("wiki-moved", "an entry of that name that was moved",
         paper(to("/wiki/HTTP_404", _301), path="/wiki/Error_404", wiki__HTTP_404=ok(story("HTTP 404"))),
         ("permanent_redirect",), trap=True, path="/wiki/Error_404"),
    Case("stories-404", "an article moved to an address that ends in 404",
         paper(to("/articles/404", _301), path="/blog/404", articles__404=STORY), ("permanent_redirect",), trap=True,
         path="/blog/404"),
    Case("docs-moved", "two versions of a manual sent to the front of the manual",
         paper(to("/docs/"), lambda path: to("/docs/") if path.startswith("/docs/1.0/i") else LOST, path="/docs/1.0/install",
               docs__=ok(html("Manual", MENU + PROSE * 9))), OK, trap=True, path="/docs/1.0/install"),
    Case("no-such-region", "whoever comes is asked for his country first, at the front door too",
         always(ok(short("Choose your country", "Germany, France, Japan or another one."))), OK, trap=True),
    Case("script-app", "an application that goes on by a script with more in it",
         paper(ok("<title>App</title><script>if(!window.x){window.location.href='/';}</script>")), OK, trap=True),
    Case("script-with-words", "a page with words that goes on by a script",
         paper(ok(f"<title>A</title><p>{PROSE}</p><script>window.location.href='/'</script>")), OK, trap=True),
    Case("asks-cookies", "an unknown gate of few words before everything but the front door",
         paper(*(ok(short("One moment", "Cookies must be enabled to read this page.")),) * 2), OK, trap=True),
    Case("works", "works on the site, said with 200 at every address but the front door",
         paper(*(ok(short("Works", "We are upgrading our archive and will be back on Monday.")),) * 2), OK, trap=True),
    Case("works-zh", "the same in Chinese", paper(*(ok(short("通知", "系统维护中，请稍后再访问本站的内容。")),) * 2), OK, trap=True),
    Case("country", "not for the country we are in, at every address but the front door",
         paper(*(ok(short("Sorry", "This newspaper is not available in your country.")),) * 2), OK, trap=True),
    Case("slow-down", "asked too often, said with 200", paper(*(ok(short("Slow down", "Too many requests from your network.")),) * 2),
         OK, trap=True),
    Case("to-registration", "whoever asks for a page is sent to register", paper(to("/welcome"), to("/welcome"),
         welcome=ok(html("Welcome", f"{MENU}<h1>Register to read on</h1>{PROSE * 9}"))), OK, trap=True),
    # Gone.
    Case("searches-instead", "a search for the words of the address, whatever it is",
         _searches, SOFT, path="/2012/harbour-at-night.html"),
    Case("suspended", "sent to the page of a site that was switched off",
         paper(to("/cgi-sys/suspendedpage.cgi"), **{"cgi-sys__suspendedpage_dot_cgi": ok(short("Account Suspended", "Contact your host."))}),
         ("site_suspended",)),
    Case("suspended-here", "switched off, at every address", always(ok(short("This Account has been suspended", "Contact your host."))),
         ("site_suspended",)),
    Case("wiki-red", "an entry that nobody has written", paper(http("404 X", story("No such entry")), path="/wiki/Nobody"),
         ("http_404",), path="/wiki/Nobody"),
    Case("head-200", "HEAD says 200, GET says 404", _head_and_get, ("http_404",)),
    Case("to-404", "sent to /404.html, which answers 200",
         paper(to("/404.html"), to("/404.html"), **{"404_dot_html": _LOST_PAGE}), SOFT),
    Case("picture-removed", "a picture sent to the one that says that it was removed",
         paper(to("/removed.png"), LOST, path="/7.png", removed_dot_png=ok(b"\x89PNG\r\n\x1a\n", "image/png")), SOFT, path="/7.png"),
    Case("film-removed", "a film that was removed, which only the application says",
         always(ok("<title> - Films</title><div id=app></div><script>var answer={status:'ERROR',reason:'Video unavailable'}</script>")),
         SOFT, path="/watch?v=abc", known="what only a script says is not read"),
    Case("no-such-route", "an application that answers every path alike and then says that it has not this one",
         paper(*(ok("<title>Docs</title><div id=root></div><script src=/app.js></script>"),) * 2), SOFT,
         known="what only a script says is not read"),
    Case("unknown-under-a-menu", "words that no table knows, under a long menu at every address",
         paper(*(ok(html("The Paper", f"{MENU}<h1>Ooh</h1><p>The thing you came for went away in the great clearing.</p>")),) * 2),
         SOFT, known="a page of many words without a denial raises no suspicion"),
    Case("taken-over", "a shop in the place of an article, on the same address",
         always(ok(html("Cheap watches", f"{MENU}<h1>Cheap watches</h1><p>{'Buy a watch today at half the price. ' * 30}</p>"))),
         ("content_changed",), known="at a first check there is nothing to compare with"),
    Case("to-section", "an article sent to the front of its section, on a site that knows what it never had",
         paper(to("/news/"), path="/news/2012/story.html", news__=ok(html("News", MENU + PROSE * 9))), SOFT,
         path="/news/2012/story.html", known="one page sent to the front of its section may be there under another name"),
    Case("to-notfound", "sent to /errors/not-found, which says so",
         paper(to("/errors/not-found"), LOST, **{"errors__not-found": ok(html("Page not found", MENU + PROSE * 9))}), SOFT),
    Case("home-with-error", "sent to the front door with a question behind it, as for every address",
         paper(to("/?error=404"), to("/?error=404"), **{"?error=404": FRONT}), HOME),
    Case("home-by-script", "a script says that it is deleted and goes home", paper(_HOME_BY_SCRIPT), HOME),
    Case("back-by-script", "a script says that it does not exist and goes back", paper(_BACK), SOFT),
    Case("home-by-replace", "nothing but a script that goes home",
         paper(ok("<html><head><script>location.replace('/');</script></head><body></body></html>")), HOME),
    Case("discuz", "a forum says it in a sentence, under scripts, at every address",
         paper(*(ok(html("提示信息", "<script src=/a.js></script><div id=messagetext><p>抱歉，指定的主题不存在或已被删除或正在被审核</p></div>")),) * 2),
         SOFT, path="/thread-77-1-1.html"),
    Case("recommends", "it denies under a long menu and recommends other stories each time",
         paper(_recommends("/2012/story.html"), _recommends), SOFT),
    Case("gone-film", "a film that is unavailable, as any made-up one is",
         paper(*(ok(short("Video unavailable", "This video is no longer available.")),) * 2, path="/watch"), SOFT,
         path="/watch?v=abc"),
    Case("wechat-rules", "taken down by the platform, said under its scripts in no heading, on a site that says else elsewhere",
         paper(ok("<title></title><div class='weui-msg__title warn'>此内容因违规无法查看</div><p>由用户投诉并经平台审核</p><script src=/a.js></script>"),
               ok(short("参数错误")), path="/s/abc"), SOFT, path="/s/abc"),
    Case("weibo-deleted", "deleted by its author, said in a sentence",
         paper(ok(html("微博-出错了", "<p>抱歉，此微博已被作者删除。</p><p>返回首页</p><script src=/a.js></script>"))), SOFT),
    Case("zh-joined", "a Chinese title joined by a hyphen", paper(*(ok(short("404-页面不存在", "三秒后返回")),) * 2), SOFT),
    Case("app-says-404", "an application whose server titles it so",
         paper(*(ok("<title>404: This page could not be found</title><div id=app></div><script src=/a.js></script>"),) * 2), SOFT),
    Case("deleted-wechat", "deleted by its author, on a site that knows other addresses",
         paper(ok(short("该内容已被发布者删除", "Weixin Official Accounts Platform"))), SOFT),
    Case("named-by-sedo", "parked with a parker's name servers and no other sign",
         always(ok(html("named-by-sedo-lwt.net", "<script src=/x.js></script><p>Loans. Travel. Insurance.</p>"))), PARKED,
         servers=("ns1.sedoparking.com", "ns2.sedoparking.com")),
    Case("story-on-parked", "a whole article on a domain with a parker's name servers",
         paper(STORY), OK, trap=True, servers=("ns1.sedoparking.com", "ns2.sedoparking.com")),
    Case("afd", "advertisements for domains", always(ok(html("a", "<script src='//www.google.com/adsense/domains/caf.js'></script>"))),
         PARKED),
    Case("lander", "a script leads to the registrar's lander",
         paper(ok('<html><head><script>window.onload=function(){window.location.href="/lander"}</script></head></html>'),
               lander=ok("<script>window.LANDER_SYSTEM='PW'</script><script src='https://img1.wsimg.com/parking-lander/static/js/main.js'></script>")),
         PARKED),
    Case("for-sale-zh", "for sale in Chinese", always(ok(short("此域名正在出售", "联系我们。"))), PARKED),
] + [
    Case(f"says-{language}", f'"not here" with 200, {title}', paper(ok(short(title, text)), ok(short(title, text))), SOFT)
    for language, title, text in (
        ("ar", "الصفحة غير موجودة", "عذراً."), ("fa", "صفحه مورد نظر یافت نشد", "متاسفیم."), ("hi", "पृष्ठ नहीं मिला", "क्षमा करें।"),
        ("tr", "Sayfa bulunamadı", "Üzgünüz."), ("pl", "Nie znaleziono strony", "Przepraszamy."),
        ("uk", "Сторінку не знайдено", "Вибачте."), ("vi", "Không tìm thấy trang", "Rất tiếc."),
        ("id", "Halaman tidak ditemukan", "Maaf."), ("th", "ไม่พบหน้าที่คุณต้องการ", "ขออภัย"), ("he", "הדף לא נמצא", "סליחה."),
        ("el", "Η σελίδα δεν βρέθηκε", "Λυπούμαστε."), ("cs", "Stránka nenalezena", "Litujeme."), ("sv", "Sidan hittades inte", "Tyvärr."),
    )
] + [
    Case(f"titled-{language}", f"a short page that only holds the words, {title}", paper(ok(short(title, text))), OK, trap=True)
    for language, title, text in (
        ("ar", "الصفحة الأولى", "خبر قصير."), ("fa", "صفحه اول روزنامه", "خبر کوتاه."), ("hi", "पृष्ठ और इतिहास", "एक टिप्पणी।"),
        ("tr", "Kayıp sayfa", "Kısa bir not."), ("pl", "Nie znaleziono winnych katastrofy", "Krótka nota."),
        ("uk", "Сторінка історії", "Коротка нотатка."), ("vi", "Không tìm thấy trang phục cưới", "Ghi chú."),
        ("id", "Halaman rumah di Jakarta", "Catatan pendek."), ("hans", "找不到工作的年轻人", "短评。"), ("ja", "ページをめくる", "短いメモ。"),
        ("ko", "페이지의 역사", "짧은 메모."), ("ru", "Страница истории", "Короткая заметка."),
    )
]  # fmt: skip
