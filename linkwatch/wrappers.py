"""Addresses that hold another address: proxies, redirectors, snapshots, and what they wrap.

One table, one row per wrapper: a pattern over the whole URL in normal form, whose group ``inner``
is the address inside, and a word that must be in its host (in its path, if the word begins with a
slash), so that most URLs are passed over quickly. A new wrapper is one row, and one row in its test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from linkwatch.model import Via

if TYPE_CHECKING:
    from collections.abc import Callable

DEPTH = 4  # wrappers inside wrappers; a URL with more is a trap


@dataclass(frozen=True, slots=True)
class Wrapper:
    """One kind of address that holds another."""

    name: str
    via: Via
    word: str  # in the host of every such address, or with a slash in the path
    pattern: re.Pattern[str]
    take: Callable[[re.Match[str]], str]  # what was matched -> the address inside


class Wrapped(NamedTuple):
    """An address found inside another; ``captured_at`` where that is a snapshot with a full date."""

    raw: str
    via: Via
    captured_at: datetime | None = None


def unwrap(url: str, host: str) -> Wrapped | None:
    """The address inside a URL in normal form on this host, or None where it holds none."""
    for row in _of_host(host):
        if row.word in url and (match := row.pattern.match(url)):
            return Wrapped(row.take(match), row.via, _captured_at(match))
    return None


def is_snapshot(url: str, host: str) -> bool:
    """Whether a URL in normal form is itself a page in an archive: nothing to check, nothing to capture."""
    if not _is_archive(host):
        return False
    if _OPAQUE.match(url):
        return True
    inner = unwrap(url, host)
    return inner is not None and inner.via is Via.MEMENTO


@lru_cache(maxsize=65_536)
def _of_host(host: str) -> tuple[Wrapper, ...]:
    return tuple(row for row in WRAPPERS if row.word in host or row.word.startswith("/"))


@lru_cache(maxsize=65_536)
def _is_archive(host: str) -> bool:
    return any(word in host for word in ARCHIVES)


def _captured_at(match: re.Match[str]) -> datetime | None:
    stamp = match.groupdict().get("stamp") or ""
    if len(stamp) != _STAMP_DIGITS:
        return None
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


# How the inner address is taken out of what a pattern matched.


def as_is(match: re.Match[str]) -> str:
    """The inner address as it stands, with https where it has no scheme."""
    return _with_scheme(match["inner"])


def decoded(match: re.Match[str]) -> str:
    """The inner address out of a query parameter: percent-decoded once, plus signs as spaces."""
    return _with_scheme(_decode(match["inner"].replace("+", "%20")))


def decoded_path(match: re.Match[str]) -> str:
    """The inner address at the end of a path: percent-decoded where its own slashes are."""
    inner = match["inner"]
    return _with_scheme(_decode(inner) if _ENCODED.match(inner) else inner)


def unencoded_query(match: re.Match[str]) -> str:
    """The inner address where writers left it unencoded, so that the proxy's options run into its own."""
    pairs = match["inner"].split("&")
    while len(pairs) > 1 and _WESERV_OPTION.match(pairs[-1]):
        pairs.pop()
    inner = "&".join(pairs) if "?" in pairs[0] else pairs[0]
    return _with_scheme(_decode(inner) if _ENCODED.match(inner) else inner)


def dashed(match: re.Match[str]) -> str:
    """Proofpoint URL Defense 2: percent signs as dashes, slashes as underscores."""
    return _with_scheme(_decode(match["inner"].replace("-", "%").replace("_", "/")))


def flagged(match: re.Match[str]) -> str:
    """The inner address of a cache that says with a flag whether it was https."""
    return f"http{'s' if match['https'] else ''}://{match['inner']}"


def _with_scheme(text: str) -> str:
    if text.startswith("//"):
        return f"https:{text}"
    return text if _HAS_SCHEME.match(text) else f"https://{text}"


def _decode(text: str) -> str:
    """Percent-decoded; bytes that are no UTF-8 (old Chinese sites) stay encoded."""
    plain = unquote(text, errors="surrogateescape")
    return _STRAY_BYTE.sub(lambda match: f"%{ord(match[0]) - 0xDC00:02X}", plain)


_STAMP_DIGITS = 14  # yyyymmddhhmmss; archives also take shorter ones and answer with the nearest
_STRAY_BYTE = re.compile("[\udc80-\udcff]")
_HAS_SCHEME = re.compile(r"https?:/", re.IGNORECASE)
_ENCODED = re.compile(r"https?%3A|[^/?]*%2F", re.IGNORECASE)
# images.weserv.nl/docs: the options a writer may have put behind the address.
_WESERV_OPTION = re.compile(
    r"(?:w|h|dpr|fit|cbg|a|crop|c[xywh]|align|mask|mtrim|mbg|flip|flop|ro|rbg|con|gam|mod|sat|hue|sharp|bri|blur|filt|"
    r"tint|start|stop|maxage|af|il|l|n|output|pages?|q|ll|tpl|trim|we|default|errorredirect|filename|encoding|fp[xy])"
    r"(?:=|$)"
)


def _row(
    name: str, via: Via, word: str, pattern: str, take: Callable[[re.Match[str]], str] = as_is
) -> Wrapper:
    return Wrapper(name, via, word, re.compile(rf"https?://{pattern}", re.IGNORECASE | re.DOTALL), take)


def _query(name: str, via: Via, word: str, place: str, *parameters: str) -> Wrapper:
    """A wrapper that keeps the address percent-encoded in a query parameter."""
    names = "|".join(map(re.escape, parameters))
    return _row(name, via, word, rf"{place}\?(?:[^#]*&)?(?:{names})=(?P<inner>[^&#]+)", decoded)


_M, _P, _W = Via.MEMENTO, Via.PROXY, Via.WRAPPER
_STAMP = r"(?P<stamp>\d{4,14})(?:[a-z]{2}_)?"
_PAGE = r"(?P<inner>(?:https?:/|[^/?#]+\.[^/?#]).*)"
_TODAY = r"(?:www\.)?archive\.(?:today|is|ph|li|fo|md|vn)"
_SHORT = r"(?P<inner>[^/?#]+\.[^/?#].*)"
_TAIL = r"(?:[^/]+/)*?(?P<inner>https?(?::|%3A).+)"

WRAPPERS = (
    # Archives (RFC 7089 calls the inner address the original resource).
    _row(
        "wayback", _M, "archive.org", rf"(?:web\.|www\.)?archive\.org/(?:web|wayback)/(?:{_STAMP}/)?{_PAGE}"
    ),
    _row("archive.today", _M, "archive.", rf"{_TODAY}/(?:{_STAMP}|[\d.]+-\d+|newest|oldest|o/\w+)/{_PAGE}"),
    _row("arquivo.pt", _M, "arquivo.pt", rf"(?:www\.)?arquivo\.pt/(?:no)?wayback/{_STAMP}/{_PAGE}"),
    _row(
        "uk web archive",
        _M,
        "webarchive",
        rf"www\.webarchive\.org\.uk/wayback/(?:en/)?archive/{_STAMP}/{_PAGE}",
    ),
    _row(
        "uk government",
        _M,
        "webarchive",
        rf"webarchive\.nationalarchives\.gov\.uk/(?:ukgwa/)?{_STAMP}/{_PAGE}",
    ),
    _row("us congress", _M, "webarchive", rf"webarchive\.loc\.gov/all/{_STAMP}/{_PAGE}"),
    _row("archive-it", _M, "archive-it", rf"wayback\.archive-it\.org/\w+/{_STAMP}/{_PAGE}"),
    _row(
        "google cache",
        _M,
        "webcache",
        r"webcache\.googleusercontent\.com/search\?(?:[^#]*&)?q=cache(?::|%3A)(?:[\w-]{8,}(?::|%3A))?"
        r"(?P<inner>(?:https?(?::|%3A)|[^&#+:]+\.)[^&#+]+)",
        decoded,
    ),
    _row("archive.today newest", _M, "archive.", rf"{_TODAY}/(?P<inner>https?:/.+)"),
    # Opened, these make a snapshot: they are shown to readers, and never fetched.
    _row("wayback save", _W, "archive.org", rf"(?:web\.)?archive\.org/save/(?:_embed/)?{_PAGE}"),
    # Image proxies and resizers.
    _row(
        "weserv",
        _P,
        "weserv.nl",
        r"images\.weserv\.nl/?\?(?:[^#]*&)?url=(?:ssl:)?(?P<inner>.+)",
        unencoded_query,
    ),
    _row("wsrv", _P, "wsrv.nl", r"wsrv\.nl/?\?(?:[^#]*&)?url=(?P<inner>.+)", unencoded_query),
    _row("photon", _P, ".wp.com", r"i\d\.wp\.com/(?P<inner>[^/?#]+\.[^?#]+)"),
    _row(
        "substack", _P, "substack", rf"(?:cdn\.substack|substackcdn)\.com/image/fetch/{_TAIL}", decoded_path
    ),
    _row("cloudinary", _P, "cloudinary", rf"res\.cloudinary\.com/[^/]+/image/fetch/{_TAIL}", decoded_path),
    _query("duckduckgo images", _P, "duckduckgo", r"(?:external-content|proxy)\.duckduckgo\.com/iu/", "u"),
    _query("next.js images", _P, "/_next/image", r"[^/?#]+/_next/image/?", "url"),
    _query("gadgets proxy", _P, "googleusercontent", r"[\w-]+\.googleusercontent\.com/gadgets/proxy", "url"),
    _row("amp images", _P, "ampproject", rf"[\w-]+\.cdn\.ampproject\.org/i/(?P<https>s/)?{_SHORT}", flagged),
    # Copies of pages that a search engine serves.
    _row("google amp", _W, "google.", rf"(?:www\.)?google\.[a-z.]+/amp/(?P<https>s/)?{_SHORT}", flagged),
    _row(
        "amp cache", _W, "ampproject", rf"[\w-]+\.cdn\.ampproject\.org/[cv]/(?P<https>s/)?{_SHORT}", flagged
    ),
    _query("google translate", _W, "translate.google", r"translate\.google\.[a-z.]+/translate", "u"),
    # Redirectors and click counters.
    _row("href.li", _W, "href.li", r"(?:www\.)?href\.li/\?(?P<inner>https?:.+)"),
    _query("google", _W, "google.", r"(?:www\.)?google\.[a-z.]+/url", "q", "url"),
    _query("google images", _W, "google.", r"(?:www\.)?google\.[a-z.]+/imgres", "imgurl"),
    _query("facebook", _W, "facebook.com", r"(?:l|lm|www|m)\.facebook\.com/l(?:\.php|/)?", "u"),
    _query(
        "facebook share", _W, "facebook.com", r"(?:www\.|m\.)?facebook\.com/share(?:r(?:/sharer)?)?\.php", "u"
    ),
    _query("instagram", _W, "instagram", r"l\.instagram\.com/", "u"),
    _query("safelinks", _W, "safelinks", r"[\w.-]+\.safelinks\.protection\.outlook\.com/", "url"),
    _row(
        "proofpoint 2",
        _W,
        "urldefense",
        r"urldefense(?:\.proofpoint)?\.com/v2/url\?u=(?P<inner>[^&#]+)",
        dashed,
    ),
    _row("proofpoint 3", _W, "urldefense", r"urldefense(?:\.proofpoint)?\.(?:com|us)/v3/__(?P<inner>.+?)__;"),
    _query("youtube", _W, "youtube.com", r"(?:www\.|m\.)?youtube\.com/redirect", "q"),
    _query("twitter share", _W, "twitter.com", r"(?:www\.)?twitter\.com/(?:share|intent/tweet)", "url"),
    _query("reddit", _W, "out.reddit", r"out\.reddit\.com/[^?#]*", "url"),
    _query("tumblr", _W, "t.umblr", r"t\.umblr\.com/redirect", "z"),
    _query("linkedin", _W, "linkedin.com", r"(?:www\.)?linkedin\.com/(?:redir/redirect|safety/go)", "url"),
    _query("vk", _W, "vk.com", r"(?:m\.)?vk\.com/away\.php", "to"),
    _query("steam", _W, "steamcommunity", r"steamcommunity\.com/linkfilter/?", "url", "u"),
    _query("slack", _W, "slack-redir", r"(?:www\.)?slack-redir\.net/link", "url"),
    _query("duckduckgo", _W, "duckduckgo", r"(?:www\.|html\.)?duckduckgo\.com/l/?", "uddg"),
    _query("pocket", _W, "getpocket", r"(?:www\.)?getpocket\.com/redirect", "url"),
    _query("zhihu", _W, "link.zhihu", r"link\.zhihu\.com/", "target"),
    _query("weibo", _W, "weibo.c", r"(?:www\.)?weibo\.c(?:n|om)/sinaurl", "u", "toasturl"),
    _query("weibo share", _W, "weibo.com", r"service\.weibo\.com/share/share\.php", "url"),
    _query("sina share", _W, "sina.com.cn", r"v\.t\.sina\.com\.cn/share/share\.php", "url"),
    _query("douban", _W, "douban.com", r"(?:www\.)?douban\.com/link2/", "url"),
    _query("jianshu", _W, "jianshu.com", r"(?:links?|www)\.jianshu\.com/go(?:-wild)?", "to", "url"),
    _query("juejin", _W, "juejin", r"link\.juejin\.(?:cn|im)/", "target"),
    _query("csdn", _W, "csdn.net", r"link\.csdn\.net/", "target"),
    _query("qq", _W, ".qq.com", r"c\.pc\.qq\.com/(?:middlem|ios)\.html", "pfurl", "url"),
)

# Words of the hosts of archives.
ARCHIVES = frozenset(row.word for row in WRAPPERS if row.via is Via.MEMENTO) | {
    "perma.cc", "webcitation.org", "ghostarchive.org", "megalodon.jp",
}  # fmt: skip
# Pages of archives whose addresses do not say what they hold: snapshots by number, calendars, forms.
_OPAQUE = re.compile(
    rf"https?://(?:(?:web\.)?archive\.org/(?:web/\d*\*|save(?:[/?#]|$))|{_TODAY}/\w{{4,6}}(?:[/?#]|$)|perma\.cc/[\w-]+|"
    r"(?:www\.)?webcitation\.org/\w|ghostarchive\.org/(?:archive|varchive)/|megalodon\.jp/[\d-]+/)",
    re.IGNORECASE,
)
