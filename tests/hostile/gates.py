"""Gates: what stands between us and a page that may well be there, and what only looks like one."""

from __future__ import annotations

from hostile.case import PROSE, Case, always, html, http, ok, paper, short, story

GATE, OK = ("bot_challenge",), ("ok",)
_WAIT = short("Just a moment...", "Checking that you are human before the page is shown.")
_CHALLENGE = html("Just a moment...", "<script>window._cf_chl_opt={cvId: '3'}</script><p>Wait.</p>")
_PASSWORD = "<form action=/in><input name=user><input type=password name=word></form>"
_NOT_FREE = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'


def _in_story(markup: str) -> bytes:
    return ok(story().replace("</body>", f"{markup}</body>"))


CASES = [
    Case("cf-403", "Cloudflare's challenge, by its header", always(http("403 Forbidden", _WAIT, cf_mitigated="challenge")),
         GATE, trap=True),
    Case("cf-503", "Cloudflare's challenge with 503", always(http("503 X", _WAIT, cf_mitigated="challenge")), GATE,
         trap=True),
    Case("cf-404", "Cloudflare's challenge with 404", always(http("404 X", _WAIT, cf_mitigated="challenge")), GATE,
         trap=True),
    Case("cf-200", "Cloudflare's challenge with 200, by its markup", always(ok(_CHALLENGE)), GATE, trap=True),
    Case("aws-202", "AWS WAF's challenge with 202",
         always(http("202 Accepted", "", x_amzn_waf_action="challenge")), GATE, trap=True),
    Case("aws-405", "AWS WAF's captcha with 405",
         always(http("405 X", short("Human Verification"), x_amzn_waf_action="captcha")), GATE, trap=True),
    Case("datadome", "DataDome's captcha", always(http("403 Forbidden", html("paper-lwt.net",
         "<script src='https://ct.captcha-delivery.com/c.js'></script>"))), GATE, trap=True),
    Case("imperva", "Imperva's block page with 200", always(ok(html("", "<iframe id=main-iframe "
         "src='/_Incapsula_Resource?CWUDNSAI=9'>Incapsula incident ID: 12-34</iframe>"))), GATE, trap=True),
    Case("perimeterx", "PerimeterX's press and hold", always(http("403 Forbidden", html("Access denied",
         "<div id='px-captcha'></div>"))), GATE, trap=True),
    Case("anubis", "Anubis, which answers 200", always(ok(html("Making sure you're not a bot!",
         '<script id="anubis_challenge" type="application/json">{}</script>'))), GATE, trap=True),
    Case("sucuri", "Sucuri's check of the browser", always(ok(html("You are being redirected...",
         "<script>sucuri_cloudproxy_js='';</script>"))), GATE, trap=True),
    Case("login-here", "a login where the page should be", paper(ok(html("Log in - The Paper", _PASSWORD))),
         ("login_wall",), trap=True),
    Case("login-chinese", "the same in Chinese", paper(ok(html("用户登录", _PASSWORD))), ("login_wall",), trap=True),
    Case("pay-here", "a price where the text should be",
         paper(ok(html("A story", f"{_NOT_FREE}<p>The first line of it.</p>"))), ("paywall",), trap=True),
    # Pages, whatever they have in common with gates.
    Case("behind-cf", "an article with the script that Cloudflare puts into every page",
         paper(_in_story("<script>a.src='/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js'</script>")), OK,
         trap=True),
    Case("behind-imperva", "an article with Imperva's script",
         paper(_in_story("<script src='/_Incapsula_Resource?SWJIYLWA=719d'></script>")), OK, trap=True),
    Case("about-captchas", "an article that quotes a challenge",
         paper(ok(story("Just a moment...", "The page said: window._cf_chl_opt and px-captcha. " + PROSE))), OK,
         trap=True),
    Case("login-in-the-head", "an article with a form to log in above it", paper(_in_story(_PASSWORD)), OK,
         trap=True),
    Case("login-cited", "a login is what the article cites",
         paper(ok(html("Log in", _PASSWORD)), path="/login"), OK, trap=True, path="/login"),
    Case("not-free-but-there", "an article that says of itself that it is not free, and is there",
         paper(_in_story(_NOT_FREE)), OK, trap=True),
    Case("asks-to-subscribe", "an article that asks for money at its end",
         paper(_in_story("<div class=paywall>Subscribe now! Already a reader? Log in.</div>")), OK, trap=True),
]  # fmt: skip
