"""From the raw text of a link to the URL that is fetched, or to why nothing can be fetched.

The WHATWG URL standard decides (through ada), as in a browser: no character is repaired. What
identifies a resource is that normal form without fragment and without tracking parameters.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ada_url import join_url, normalize_url

from linkwatch.model import Scope, SkipReason
from linkwatch.tracking import trackers

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

    from linkwatch.tracking import Trackers

_C0_OR_SPACE = "".join(map(chr, range(0x21)))
_NEWLINES = str.maketrans("", "", "\t\n\r")
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?:[/\\]{2}", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{|\{%(?![0-9A-F]{2})|<%|\$\{|^\{.*\}$|^<\?", re.DOTALL)
# A second scheme where the host should end: https://a.comhttps://b/, http://https//b/, http:https://b/
_FUSED = re.compile(r"https?:[/\\]*[^/\\?#]*?https?:?[/\\]{2}", re.IGNORECASE)
_FUSED_MAIL = re.compile(r"https?:[/\\]+[^/\\?#@]*mailto:[^/\\?#]*@", re.IGNORECASE)
# What is in normal form as it stands, as most links are: seen in a tenth of the time that ada takes to
# say so. A host in lower case with nothing to decode, no port, no dot segments, no second address in it.
# Its groups are the host and the fragment.
_PLAIN_CHARACTER = r"A-Za-z0-9_!$&()*+,.:;=@~%-"
PLAIN = re.compile(
    r"https?://((?:(?!xn--)[a-z0-9][a-z0-9-]*+\.)+[a-z]+)"
    rf"(?:/(?![/.]|%2[eE])[{_PLAIN_CHARACTER}]*+)++"
    rf"(?:\?[/?{_PLAIN_CHARACTER}]++)?(?:#([/?{_PLAIN_CHARACTER}]++))?"
)
_USERINFO = re.compile(r"^(https?://)[^/?#]*@")
_IPV4 = re.compile(r"\d+\.\d+\.\d+\.\d+")
_TABLE = trackers()


class Resolved(NamedTuple):
    """What one raw link comes to: a URL, or a reason why there is none; and its fragment."""

    url: str | None
    fragment: str | None = None
    skip_reason: SkipReason | None = None
    host: str = ""  # of the URL


def resolve(raw: str, base: str | None = None, tracking: Trackers = _TABLE) -> Resolved:
    """The URL that ``raw`` stands for in a page at ``base``. Never raises."""
    plain = PLAIN.fullmatch(raw)
    if plain is not None:
        host, fragment = plain.groups()
        return _identified(raw if fragment is None else raw.partition("#")[0], host, fragment, tracking)
    text = raw.strip(_C0_OR_SPACE)
    if "\n" in text or "\t" in text or "\r" in text:
        text = text.translate(_NEWLINES)
    if _ABSOLUTE.match(text):
        return _absolute(text, tracking)
    reason = _unusable(text)
    if reason is None and base is None and not _SCHEME.match(text):
        reason = SkipReason.NO_BASE
    if reason is not None:
        return Resolved(None, text[1:] or None if text.startswith("#") else None, reason)
    return _finished(text, whatwg(text, base), tracking)


def is_absolute(raw: str) -> bool:
    """Whether a raw link needs no base: it has scheme and host of its own."""
    return _ABSOLUTE.match(raw) is not None


def whatwg(text: str, base: str | None = None) -> str | None:
    """The normal form by the WHATWG standard, fragment and all; None where it rejects the text."""
    if PLAIN.fullmatch(text):
        return text
    try:
        return normalize_url(text) if base is None else join_url(base, text)
    except ValueError:  # UnicodeEncodeError included: a lone surrogate has no UTF-8
        return None


def without_userinfo(url: str) -> str:
    """A URL in normal form as people may see it: without a name and a password before its host."""
    return _USERINFO.sub(r"\1", url) if "@" in url else url


def host_of(url: str) -> str:
    """The host of a URL in normal form, without port; IPv6 addresses without brackets."""
    authority = url.split("/", 3)[2] if url.count("/") > 1 else ""
    host = authority.rpartition("@")[2]
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


@lru_cache(maxsize=65_536)
def domain_of(host: str) -> str:
    """The registrable domain of a host by the Public Suffix List; the host itself where there is none."""
    if ":" in host or _IPV4.fullmatch(host):
        return host
    name: str | None = _suffixes().privatesuffix(host.rstrip("."))
    return name or host


def is_suffix(host: str) -> bool:
    """Whether nobody can own a host, as "com" and "co.uk": a public suffix."""
    return _suffixes().privatesuffix(host.strip(".")) is None


@lru_cache(maxsize=65_536)
def scope_of(host: str, hosts: frozenset[str]) -> str:
    """Where a host lies, seen from the hosts of the publication: the value of a Scope."""
    if host in hosts:
        return Scope.INTERNAL.value
    if domain_of(host) in {domain_of(each) for each in hosts}:
        return Scope.SIBLING.value
    return Scope.OUTBOUND.value


def _absolute(text: str, tracking: Trackers) -> Resolved:
    return _finished(text, None if _is_fused(text) or _is_template(text) else whatwg(text), tracking)


def _unusable(text: str) -> SkipReason | None:
    """Why a text cannot be a link to the web, seen before it is parsed."""
    if not text:
        return SkipReason.EMPTY
    if text.startswith("#"):
        return SkipReason.FRAGMENT_ONLY
    if _is_template(text):
        return SkipReason.TEMPLATE
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return SkipReason.UNSUPPORTED_SCHEME
    return SkipReason.FUSED_URL if _is_fused(text) else None


def _is_template(text: str) -> bool:
    return ("{" in text or "<" in text) and _TEMPLATE.search(text) is not None


def _is_fused(text: str) -> bool:
    low = text.lower()
    if low.find("http", 4) > 0:
        return _FUSED.match(text) is not None
    return "mailto:" in low and _FUSED_MAIL.match(text) is not None


def _finished(text: str, href: str | None, tracking: Trackers) -> Resolved:
    if href is None:
        return Resolved(None, None, _unusable(text) or SkipReason.INVALID_URL)
    url, _, fragment = href.partition("#")
    if not url.startswith(("https://", "http://")):  # the base is not of the web either
        return Resolved(None, fragment or None, SkipReason.UNSUPPORTED_SCHEME)
    host = host_of(url)
    reason = _implausible(host)
    if reason is not None:
        return Resolved(None, fragment or None, reason)
    return _identified(url, host, fragment or None, tracking)


def _identified(url: str, host: str, fragment: str | None, tracking: Trackers) -> Resolved:
    return Resolved(tracking.strip(url, host) if "?" in url else url, fragment, None, host)


def _implausible(host: str) -> SkipReason | None:
    """Why a host that the standard accepts is none on the web."""
    if "." in host.rstrip(".") or ":" in host or host == "localhost":
        return None
    return SkipReason.NOT_A_URL if host.startswith("xn--") else SkipReason.SINGLE_LABEL_HOST


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
