"""Gates: what stands between us and a page that may well be there, and what only looks like one."""

from __future__ import annotations

from hostile.case import PROSE, Case, always, html, http, ok, paper, short, story, to

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
    Case("login-by-mail", "a login that asks for an address first",
         paper(ok(html("Sign in to continue", "<form><input type=email name=mail><button>Next</button></form>"))), ("login_wall",),
         trap=True),
    Case("newsletter", "a short page under a form for a newsletter",
         paper(ok(html("A note on tea", "<p>It was green.</p><form><input type=email name=mail></form>"))), OK, trap=True),
    Case("pay-unmarked", "a price where the text should be, on a page that marks nothing",
         paper(ok(html("A story", f"<p>{PROSE}</p><div>Subscribe to read on. From 1 a week.</div><script src=/a.js></script>"))),
         ("paywall",), trap=True, known="a page that marks no part as not free is read as a short one"),
    Case("new-gate", "a challenge whose maker no table knows, with 200",
         paper(ok("<title>One moment</title><div id=x></div><script src=/guard/probe.js></script><noscript>Turn scripts on.</noscript>")),
         GATE, trap=True, known="what only its own script says is not read"),
    Case("login-chinese", "the same in Chinese", paper(ok(html("用户登录", _PASSWORD))), ("login_wall",), trap=True),
    Case("pay-here", "a price where the text should be",
         paper(ok(html("A story", f"{_NOT_FREE}<p>The first line of it.</p>"))), ("paywall",), trap=True),
    Case("akamai", "Akamai's refusal, with 200", always(ok("<TITLE>Access Denied</TITLE><H1>Access Denied</H1>You don't have "
         "permission to access it.<P>Reference&#32;&#35;18&#46;53071002&#46;1600")), GATE, trap=True),
    Case("cloudfront-404", "CloudFront's refusal, with 404", always(http("404 X", "<TITLE>ERROR: The request could not be satisfied"
         "</TITLE><H1>404 ERROR</H1>Request blocked. We can't connect to the server.")), GATE, trap=True),
    Case("cf-1020", "Cloudflare's refusal, with 200",
         always(ok("<title>Access denied</title><div id='cf-error-details'>Error 1020</div>")), GATE, trap=True),
    Case("vercel", "Vercel's checkpoint, with 429", always(http("429 X", "<title>Vercel Security Checkpoint</title>",
         x_vercel_mitigated="challenge")), ("bot_challenge", "rate_limited"), trap=True),
    Case("fastly", "Fastly's challenge, with 200", always(ok('<title>Client Challenge</title><link '
         'href="/_fs-ch-1T1wmsGaOgGaSxcX/assets/styles.css"><p>JavaScript is disabled in your browser.')), GATE, trap=True),
    Case("kasada", "Kasada's first answer, with 429", always(http("429 X", "<script>window.KPSDK={};</script><script src='/149e9513-01fa-"
         "4fb0-aad4-566afd725d1b/2d206a39-8ed7-437e-a3be-862e0f06eea3/ips.js'></script>")), ("bot_challenge", "rate_limited"),
         trap=True),
    Case("f5", "F5's refusal, with 200", always(ok("<title>Request Rejected</title>The requested URL was rejected. Please consult "
         "with your administrator.<br><br>Your support ID is: 17")), GATE, trap=True),
    Case("wordfence", "Wordfence's refusal, with 503", always(http("503 X", "<title>Your access to this site has been limited</title>"
         "<p><em>Generated by Wordfence at Sun, 1 Mar 2026 3:17:00 GMT</em></p>")), GATE, trap=True),
    Case("ddos-guard", "DDoS-Guard's check, with 403", always(http("403 X", "<title>DDoS-Guard</title><script defer "
         "src='/.well-known/ddos-guard/js-challenge/index.js'></script>")), ("bot_challenge", "http_403"), trap=True),
    Case("qrator", "Qrator's check, with 401", always(http("401 X", "<script src='/__qrator/qauth_utm_v2d.js'></script>")),
         ("bot_challenge", "http_401"), trap=True),
    Case("siteground", "SiteGround's captcha, by a page with 202 that goes on to it",
         paper(http("202 Accepted", "<meta http-equiv=refresh content='0;/.well-known/sgcaptcha/?r=%2F'>"),
               **{".well-known__sgcaptcha__": http("202 Accepted", "<title>Robot Challenge Screen</title>")}), GATE, trap=True),
    Case("radware", "Radware's captcha, elsewhere", always(to("http://validate.perfdrive.com/64b926/?ssc=x")), GATE, trap=True),
    Case("jiasule", "Jiasule's check, with 521",
         always(http("521 X", "<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=location.pathname</script>")),
         GATE, trap=True),
    Case("ruishu", "Ruishu's check, with 412", always(http("412 X", "<meta id=a content=b r=m><script r='m'>$_ts=window['$_ts'];"
         "if(!$_ts)$_ts={};</script>")), GATE, trap=True),
    Case("acw", "Alibaba's check, with 200", always(ok(f"<html><script>var arg1='{'A1' * 20}';</script></html>")), GATE, trap=True),
    Case("aliyun-405", "Alibaba's refusal, with 405", always(http("405 X", "<title>405</title><img "
         "src='https://errors.aliyun.com/images/TB1.png'><p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。")),
         GATE, trap=True),
    Case("baidu", "Baidu's check, with 200", always(ok("<title>百度安全验证</title><p>网络不给力，请稍后重试")), GATE, trap=True),
    Case("wechat", "WeChat's check, elsewhere", always(to("http://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=1")), GATE,
         trap=True),
    Case("passport", "a login on the host that keeps it", paper(to("http://passport.elsewhere-lwt.net/visitor?url=x")),
         ("redirect_to_login",), trap=True),
    Case("over-18", "asked for his age first", paper(to("/ask/over18?from=%2F2012%2Fstory.html"),
         ask__over18=ok(short("本網站已依網站內容分級規定處理", "我同意，我已年滿十八歲"))), ("redirect_to_login",), trap=True),
    Case("part-not-free", "the part of an article that is not free is not there", paper(ok(html("A story",
         '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","isAccessibleForFree":"False","hasPart":'
         '{"@type":"WebPageElement","isAccessibleForFree":"False","cssSelector":".paid"}}]}</script>'
         f"<p>{PROSE * 9}</p><div class=paid></div>"))), ("paywall",), trap=True),
    # Pages, whatever they have in common with gates.
    Case("museum", "a museum that is not free to enter", paper(ok(html("The Harbour Museum", '<script type="application/ld+json">'
         '{"@type":"Museum","isAccessibleForFree":false}</script><p>Open every day but Monday.'))), OK, trap=True),
    Case("teasers", "a short list of articles of which one is not free", paper(ok(html("Latest", '<script type="application/ld+json">'
         '[{"@type":"NewsArticle","isAccessibleForFree":false},{"@type":"NewsArticle","isAccessibleForFree":true}]</script>'
         "<p>A story. Another story."))), OK, trap=True),
    Case("bad-selector", "an article whose paid part is named by what is no selector", paper(ok(story().replace("<body>",
         '<body><script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false,"hasPart":'
         '{"isAccessibleForFree":false,"cssSelector":"[[["}}</script>'))), OK, trap=True),
    Case("to-password", "a shop that asks for its password first", paper(to("/password"),
         password=ok(html("Opening soon", "<form><input type=password></form><p>Enter the password of the store."))),
         ("redirect_to_login",), trap=True),
    Case("about-gates", "an article that quotes the refusals of half a dozen gates", paper(_in_story(
         "<pre>Reference&#32;&#35;18&#46;5 &lt;em>Generated by Wordfence at noon $_ts=window['$_ts'] "
         "The requested URL was rejected. Please consult with your administrator.<br></pre>")), OK, trap=True),
    Case("cf-named", "a short note on Cloudflare", paper(ok(short("Cloudflare: just a moment", "Error 1020 means you have been "
         "blocked. Checking your browser before accessing."))), OK, trap=True),
    Case("captcha-form", "a contact form with a captcha",
         paper(ok(html("Write to us", "<form><div class=g-recaptcha></div><div class=cf-turnstile></div></form><p>Our address."))),
         OK, trap=True),
    Case("consent-bar", "an article under a question of consent",
         paper(ok(story().replace("<body>", "<body><div id=consent>We value your privacy. Accept all?</div>"))), OK, trap=True),
    Case("about-logins", "an article moved to /news/sso-explained", paper(to("/news/sso-explained"),
         **{"news__sso-explained": ok(story("SSO explained"))}), OK, trap=True),
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

# Hosts that nobody cites, where gates stand.
OTHERS = {
    "validate.perfdrive.com": always(ok(short("Radware Captcha Page", "Are you for real?"))),
    "mp.weixin.qq.com": always(ok(short("环境异常", "完成验证后即可继续访问。"))),
    "passport.elsewhere-lwt.net": always(ok(short("Visitor System", "One moment."))),
}
