"""Gates: pages that stand between us and the page, told by what nothing else has. One row a sign.

Precision comes first. The makers of gates put their names, cookies and scripts into every page they
guard, so those are no sign: only what a challenge or a block page itself holds is. By markup a page is
known only where it says little else, so that an article that quotes a challenge is an article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """One sign of a gate: a header, markup, or the address that visitors are sent to."""

    name: str
    source: str
    header: str | None = None  # name, in lower case
    value: str = ""  # regular expression the header's value holds
    markup: re.Pattern[bytes] | None = None  # found in the body of a page that says little
    needle: bytes = b""  # in lower case, a part of every such markup: quick to look for
    address: re.Pattern[str] | None = None  # found in the URL where redirects ended

    def is_in(self, body: bytes, lowered: bytes) -> bool:
        """Whether its markup is in a body, which is also given in lower case."""
        return self.markup is not None and self.needle in lowered and self.markup.search(body) is not None


# Challenges are short, whatever a page holds.
LONGEST = 262_144


def _markup(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


def _address(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


GATES = (
    Gate("Cloudflare challenge", "developers.cloudflare.com: Detect a Challenge Page response",
         header="cf-mitigated", value="challenge"),
    Gate("Cloudflare challenge", "markup of the managed challenge, 2021 on",
         needle=b"_cf_chl_opt", markup=_markup(rb"window\._cf_chl_opt\s*=")),
    Gate("Cloudflare challenge", "script of the managed challenge, 2021 on",
         needle=b"/orchestrate", markup=_markup(rb"/cdn-cgi/challenge-platform/h/\w{1,3}/orchestrate")),
    Gate("Cloudflare block", "developers.cloudflare.com: errors 1006, 1010, 1015, 1020",
         needle=b"cf-error-details", markup=_markup(rb"id=[\"']?cf-error-details\b.{0,1500}(?:you have been blocked|error 10(?:06|07|08|10|12|15|20)\b)")),
    Gate("AWS WAF", "docs.aws.amazon.com: CAPTCHA and Challenge in AWS WAF",
         header="x-amzn-waf-action", value="challenge|captcha"),
    Gate("CloudFront block", "docs.aws.amazon.com: HTTP 403 from CloudFront",
         needle=b"the request could not be satisfied", markup=_markup(rb"<title>ERROR: The request could not be satisfied</title>.{0,1500}"
                        rb"(?:Request blocked\.|configured to block access from your country)")),
    Gate("Akamai", "EDGI web-monitoring-processing, snapshot quality rules (2026)",
         header="rimon", value="rwc_block"),
    Gate("Akamai block", "edge page of a denied request; those of faults have other titles",
         needle=b"<title>access denied", markup=_markup(rb"<title>Access Denied</title>.{0,900}Reference(?:&#32;|\s)(?:&#35;|#)\w{1,4}(?:&#46;|\.)")),
    Gate("Vercel", "vercel.com/docs: Vercel Firewall, attack challenge mode",
         header="x-vercel-mitigated", value="challenge|deny"),
    Gate("Fastly", "fastly.com/documentation: client challenges",
         needle=b"/_fs-ch-", markup=_markup(rb"(?:src|href)=[\"']?/_fs-ch-\w{8,64}/")),
    Gate("DataDome", "microlinkhq/is-antibot, recorded answers", header="x-dd-b", value=r"^\d"),
    Gate("DataDome", "docs.datadome.co: block page",
         needle=b"captcha-delivery.com/", markup=_markup(rb"src=[\"']?https?://[\w.-]{0,40}captcha-delivery\.com/")),
    Gate("Imperva", "docs.imperva.com: block page", needle=b"wudnsai=", markup=_markup(rb"/_Incapsula_Resource\?[CS]WUDNSAI=")),
    Gate("Imperva", "docs.imperva.com: block page", needle=b"incapsula incident id", markup=_markup(rb"Incapsula incident ID: ?\d")),
    Gate("Imperva", "a page that holds nothing but the challenge's script",
         needle=b"/_incapsula_resource", markup=_markup(rb"<script[^>]{0,99}/_Incapsula_Resource[^>]{0,99}></script>\s{0,9}"
                        rb"(?:</head>)?\s{0,9}<body>\s{0,9}</body>")),
    Gate("PerimeterX", "docs.humansecurity.com: human challenge", needle=b"px-captcha", markup=_markup(rb"id=[\"']?px-captcha\b")),
    Gate("Kasada", "the script of its first answer, at the same address on every site",
         needle=b"/ips.js", markup=_markup(rb"/2d206a39-8ed7-437e-a3be-862e0f06eea3/ips\.js")),
    Gate("Federal Register", "EDGI web-monitoring-processing, snapshot quality rules (2026)",
         address=_address(r"^https?://unblock\.federalregister\.gov/")),
    Gate("Radware", "its validation service", address=_address(r"^https?://validate\.perfdrive\.com/")),
    Gate("Reblaze", "curiefense, acl tests: the seed of the challenge", needle=b"window.rbzns", markup=_markup(rb"window\.rbzns\s*=\s*\{")),
    Gate("F5", "my.f5.com: default blocking page of BIG-IP and NGINX App Protect",
         needle=b"please consult with your administrator", markup=_markup(rb"The requested URL was rejected\. Please consult with your administrator\.<br")),
    Gate("F5", "my.f5.com: browser challenge of BIG-IP",
         needle=b"your support id is", markup=_markup(rb"Please enable JavaScript to view the page content\.<br ?/?>\s{0,9}Your support ID is")),
    Gate("Sucuri", "docs.sucuri.net: browser check", needle=b"sucuri_cloudproxy_js", markup=_markup(rb"sucuri_cloudproxy_js\s*=")),
    Gate("Sucuri", "docs.sucuri.net: block page", needle=b"<title>sucuri web", markup=_markup(rb"<title>Sucuri Web ?site Firewall\b")),
    Gate("Wordfence", "wordfence plugin, waf/src/views: foot of its block pages",
         needle=b"<em>generated by wordfence", markup=_markup(rb"<em>Generated by Wordfence at ")),
    Gate("DDoS-Guard", "its challenge and captcha pages",
         needle=b"/.well-known/ddos-guard/", markup=_markup(rb"/\.well-known/ddos-guard/(?:js-challenge|ddg-captcha-page)/")),
    Gate("Qrator", "its browser check", needle=b"/__qrator/qauth_", markup=_markup(rb"src=[\"']?/__qrator/qauth_")),
    Gate("SiteGround", "its captcha, where a page with 202 leads",
         address=_address(r"^https?://[^/]+/\.well-known/(?:sg)?captcha/")),
    Gate("Anubis", "TecharoHQ/anubis: challenge page served with 200",
         needle=b"anubis_challenge", markup=_markup(rb"id=[\"']?anubis_challenge\b")),
    Gate("Anubis", "TecharoHQ/anubis: its own files, on refusals too",
         needle=b"/cmd/anubis/static/", markup=_markup(rb"/\.within\.website/x/cmd/anubis/static/")),
    Gate("go-away", "git.gammaspectra.live/git/go-away: challenge page",
         needle=b"/git/go-away/", markup=_markup(rb"/\.well-known/\.git\.gammaspectra\.live/git/go-away/cmd/go-away/")),
    # Of China's sites and clouds.
    Gate("Alibaba Cloud WAF", "the cookie acw_sc__v2 and what it is made of",
         needle=b"var arg1", markup=_markup(rb"<script>\s{0,9}var arg1\s?=\s?'[0-9A-F]{40}'")),
    Gate("Alibaba Cloud WAF", "its block page with 405", needle=b"errors.aliyun.com/", markup=_markup(rb"https?://errors\.aliyun\.com/")),
    Gate("Alibaba punish page", "where Taobao, AliExpress and their kin send robots",
         address=_address(r"/_____tmd_____/punish\?")),
    Gate("Jiasule", "Knownsec: the cookie __jsl_clearance, with 521, first step",
         needle=b"('_')+('_')", markup=_markup(rb"^\s{0,9}<script>document\.cookie=\('_'\)\+\('_'\)\+\('j'\)")),
    Gate("Jiasule", "Knownsec: the cookie __jsl_clearance, with 521, second step",
         needle=b'go({"bts"', markup=_markup(rb"go\(\{\"bts\":\[")),
    Gate("Ruishu", "River Security: with 412, 202 or 200", needle=b"$_ts", markup=_markup(rb"\$_ts ?= ?window\[['\"]\$_ts['\"]\]")),
    Gate("Baidu", "its safety check", address=_address(r"^https?://wappass\.baidu\.com/static/captcha")),
    Gate("Baidu", "its safety check, in place",
         needle="百度安全验证".encode(), markup=_markup("<title>百度安全验证</title>".encode())),
    Gate("WeChat", "where articles lead visitors it does not know",
         address=_address(r"^https?://mp\.weixin\.qq\.com/mp/wappoc_appmsgcaptcha")),
    Gate("Douban", "its safety check", address=_address(r"^https?://sec\.douban\.com/")),
    Gate("Zhihu", "its safety check", address=_address(r"^https?://www\.zhihu\.com/account/unhuman")),
    Gate("Google", "unusual traffic", address=_address(r"^https?://\w{1,5}\.google\.[a-z.]{2,6}/sorry/")),
)  # fmt: skip
HEADERS = frozenset(each.header for each in GATES if each.header)
