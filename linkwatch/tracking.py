"""Query parameters that follow the reader and say nothing of the page.

One row per name: ``*`` at the end stands for anything, a host limits the row to that host and
those below it, because elsewhere the same name may mean something. Two addresses that differ in
these alone are one URL. The source of each row is the vendor that sets the parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Tracker:
    """A parameter that tracks, who sets it, and on which host it means that."""

    name: str
    source: str
    host: str = ""


TRACKERS = (
    Tracker("utm_*", "Google Analytics, campaign parameters"),
    Tracker("_ga", "Google Analytics, cross-domain measurement"),
    Tracker("_gl", "Google tag, cross-domain linker"),
    Tracker("gclid", "Google Ads, click identifier"),
    Tracker("gclsrc", "Google Ads, where the click identifier comes from"),
    Tracker("dclid", "Google Display & Video 360"),
    Tracker("gbraid", "Google Ads, app campaigns"),
    Tracker("wbraid", "Google Ads, web to app"),
    Tracker("gad_source", "Google Ads, aggregate identifier"),
    Tracker("gad_campaignid", "Google Ads"),
    Tracker("srsltid", "Google Merchant Center, automatic tagging"),
    Tracker("usqp", "Google AMP Cache, its viewer"),
    Tracker("amp_gsa", "Google AMP Cache, its viewer"),
    Tracker("amp_js_v", "Google AMP Cache, version of its scripts"),
    Tracker("fbclid", "Facebook, click identifier"),
    Tracker("igshid", "Instagram, sharing"),
    Tracker("igsh", "Instagram, sharing"),
    Tracker("msclkid", "Microsoft Advertising, click identifier"),
    Tracker("twclid", "X (Twitter) Ads, click identifier"),
    Tracker("ref_src", "Twitter, embedded tweets"),
    Tracker("ref_url", "Twitter, embedded tweets"),
    Tracker("ttclid", "TikTok Ads, click identifier"),
    Tracker("li_fat_id", "LinkedIn Ads"),
    Tracker("yclid", "Yandex Direct, click identifier"),
    Tracker("ysclid", "Yandex Search"),
    Tracker("rb_clickid", "Russian ad network VK Ads"),
    Tracker("mc_cid", "Mailchimp, campaign"),
    Tracker("mc_eid", "Mailchimp, recipient"),
    Tracker("mkt_tok", "Marketo, recipient"),
    Tracker("_hsenc", "HubSpot, recipient"),
    Tracker("_hsmi", "HubSpot, message"),
    Tracker("vero_id", "Vero, recipient"),
    Tracker("oly_anon_id", "Omeda Olytics"),
    Tracker("oly_enc_id", "Omeda Olytics"),
    Tracker("ml_subscriber", "MailerLite"),
    Tracker("ml_subscriber_hash", "MailerLite"),
    Tracker("epik", "Pinterest Ads"),
    Tracker("irclickid", "Impact Radius"),
    Tracker("smid", "New York Times, share buttons"),
    Tracker("smtyp", "New York Times, share buttons", "nytimes.com"),
    Tracker("emc", "New York Times, e-mail sharing", "nytimes.com"),
    Tracker("partner", "New York Times, feeds", "nytimes.com"),
    Tracker("referringSource", "New York Times, share buttons", "nytimes.com"),
    Tracker("ocid", "BBC, campaign", "bbc.com"),
    Tracker("ocid", "BBC, campaign", "bbc.co.uk"),
    Tracker("at_*", "BBC, AT Internet", "bbc.com"),
    Tracker("at_*", "BBC, AT Internet", "bbc.co.uk"),
    Tracker("ns_*", "BBC, comScore", "bbc.com"),
    Tracker("ns_*", "BBC, comScore", "bbc.co.uk"),
    Tracker("CMP", "Guardian, campaign", "theguardian.com"),
    Tracker("si", "YouTube, share button", "youtube.com"),
    Tracker("si", "YouTube, share button", "youtu.be"),
    Tracker("feature", "YouTube, where the link was made", "youtube.com"),
    Tracker("feature", "YouTube, where the link was made", "youtu.be"),
    Tracker("s", "Twitter, which client shared", "twitter.com"),
    Tracker("s", "X, which client shared", "x.com"),
    Tracker("spm", "Alibaba, position of the click", "taobao.com"),
    Tracker("spm", "Alibaba, position of the click", "tmall.com"),
    Tracker("spm_id_from", "Bilibili, position of the click", "bilibili.com"),
    Tracker("vd_source", "Bilibili, share button", "bilibili.com"),
    Tracker("share_source", "Bilibili, share button", "bilibili.com"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Trackers:
    """The rows in force: by exact name, and by prefix where the name ends in a star."""

    exact: Mapping[str, tuple[str, ...]]  # name -> hosts
    prefixes: tuple[tuple[str, str], ...]  # prefix, host
    starts: tuple[str, ...]  # the prefixes alone
    keep: frozenset[str]

    def strip(self, url: str, host: str) -> str:
        """A URL in normal form, without fragment, and without what only tracks; the rest byte by byte."""
        start = url.find("?")
        if start < 0:
            return url
        pairs = url[start + 1 :].split("&")
        kept = [pair for pair in pairs if not self._tracks(pair.partition("=")[0], host)]
        if len(kept) == len(pairs):
            return url
        query = "&".join(kept)
        return f"{url[:start]}?{query}" if query else url[:start]

    def _tracks(self, name: str, host: str) -> bool:
        if name in self.keep:
            return False
        if name in self.exact and any(_below(host, each) for each in self.exact[name]):
            return True
        if not name.startswith(self.starts):
            return False
        return any(name.startswith(prefix) and _below(host, each) for prefix, each in self.prefixes)


@cache
def trackers(extra: tuple[str, ...] = (), keep: tuple[str, ...] = ()) -> Trackers:
    """The table with what a publication adds to it, and without what it keeps."""
    rows = (*TRACKERS, *(Tracker(name, "configuration") for name in extra))
    exact: dict[str, tuple[str, ...]] = {}
    for row in rows:
        exact[row.name] = (*exact.get(row.name, ()), row.host)
    prefixes = tuple((row.name[:-1], row.host) for row in rows if row.name.endswith("*"))
    return Trackers(exact, prefixes, tuple(prefix for prefix, _ in prefixes), frozenset(keep))


def _below(host: str, suffix: str) -> bool:
    return not suffix or host == suffix or host.endswith(f".{suffix}")
