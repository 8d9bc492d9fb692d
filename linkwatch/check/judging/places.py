"""What addresses are called: home pages, logins, offers, pages that say "not here", searches.

Matched on whole segments of a path, without their suffix and in lower case, and on whole labels of a host.
"""

from __future__ import annotations

import re

# Paths and hosts that ask who we are.
LOGIN_SEGMENTS = frozenset(
    {"login", "signin", "sign-in", "sign_in", "log-in", "logon", "password", "oauth", "sso", "saml", "consent", "cas",
     # consent, age and registration asked for before a page
     "privacy-gate", "privacy-wall", "privacywall", "cookie-consent", "cookiewall", "cookie-wall", "gdpr-consent",
     "age-gate", "agegate", "age-verification", "over18", "regwall"}
)  # fmt: skip
LOGIN_LABELS = frozenset(
    {"login", "signin", "accounts", "sso", "auth", "consent", "guce", "myaccount", "idp", "passport", "myprivacy"}
)  # fmt: skip
# Paths of pages that sell access.
PAYWALL_SEGMENTS = frozenset(
    {"subscribe", "subscription", "subscriptions", "paywall", "abonnement", "abonnieren", "suscripcion"}
)
# What the page is called that is shown for those that are not there.
LOST_SEGMENTS = frozenset(
    {"404", "404error", "404-error", "404_error", "404page", "404-page", "404-not-found", "404notfound", "error404",
     "error-404", "error_404", "err404", "errors-404", "http404", "not-found", "not_found", "notfound", "page404",
     "page-not-found", "page_not_found", "removed", "image-not-found", "pagenotfound", "file-not-found", "filenotfound", "article-not-found"}
)  # fmt: skip
# Where cPanel sends visitors of a site that has none.
SUSPENDED = re.compile(r"^https?://[^/]+/cgi-sys/(?:suspendedpage|defaultwebpage)\.cgi(?:$|\?)")
# What a home page is called besides "/".
HOME_PATHS = frozenset(
    {"", "index.html", "index.htm", "index.php", "index.asp", "index.aspx", "index.jsp", "default.aspx",
     "default.htm", "home", "home.html", "main", "start"}
)  # fmt: skip
# One of the two in "/us/en/" is a language (ISO 639-1, those that sites are kept in).
LANGUAGES = frozenset(
    {"ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja",
     "ko", "lt", "lv", "ms", "nb", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh"}
)  # fmt: skip
# By which a search or a list that may well be empty is asked for.
SEARCH_KEYS = frozenset({"keyword", "keywords", "kw", "q", "query", "s", "search", "searchterm", "tag", "wd"})
SEARCH_SEGMENTS = frozenset({"search", "suche", "recherche", "buscar", "sousuo", "tag", "tags", "label"})
