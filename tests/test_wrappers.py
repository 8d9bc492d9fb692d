"""Addresses inside addresses: one row of this table for each row of the other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.model import Via
from linkwatch.urls import host_of, resolve
from linkwatch.wrappers import WRAPPERS, Wrapped, is_snapshot, unwrap

M, P, W = Via.MEMENTO, Via.PROXY, Via.WRAPPER
PAGE = "https://example.org/a?b=c"
COATED = "https%3A%2F%2Fexample.org%2Fa%3Fb%3Dc"
ROWS = [
    ("wayback", M, f"https://web.archive.org/web/20210208105906/{PAGE}", PAGE),
    ("wayback", M, f"https://web.archive.org/web/20210208105906id_/{PAGE}", PAGE),
    ("wayback", M, "http://archive.org/wayback/2012/http:/example.org/", "http://example.org/"),
    ("wayback", M, "https://web.archive.org/web/example.org/a", "https://example.org/a"),
    ("archive.today", M, f"https://archive.is/20200101000000/{PAGE}", PAGE),
    ("archive.today", M, f"https://archive.ph/2020.01.02-030405/{PAGE}", PAGE),
    ("archive.today", M, f"https://archive.today/newest/{PAGE}", PAGE),
    ("archive.today", M, f"https://archive.md/o/AbCdE/{PAGE}", PAGE),
    ("archive.today newest", M, f"https://archive.is/{PAGE}", PAGE),
    ("wayback save", W, f"https://web.archive.org/save/{PAGE}", PAGE),
    ("wayback save", W, "https://web.archive.org/save/_embed/example.org/a", "https://example.org/a"),
    ("google translate", W, f"https://translate.google.com/translate?sl=de&u={COATED}", PAGE),
    ("href.li", W, f"https://href.li/?{PAGE}", PAGE),
    ("arquivo.pt", M, f"https://arquivo.pt/wayback/20150101000000/{PAGE}", PAGE),
    ("uk web archive", M, f"https://www.webarchive.org.uk/wayback/en/archive/20150101000000/{PAGE}", PAGE),
    ("uk government", M, f"https://webarchive.nationalarchives.gov.uk/ukgwa/20150101000000/{PAGE}", PAGE),
    ("us congress", M, f"https://webarchive.loc.gov/all/20150101000000/{PAGE}", PAGE),
    ("archive-it", M, f"https://wayback.archive-it.org/1068/20150101000000/{PAGE}", PAGE),
    ("google cache", M, "http://webcache.googleusercontent.com/search?q=cache:nq3-XYZ12abC:example.org/a+&hl=en",
     "https://example.org/a"),
    ("google cache", M, "http://webcache.googleusercontent.com/search?q=cache:https://example.org/a",
     "https://example.org/a"),
    ("weserv", P, "https://images.weserv.nl/?url=img.example.org/a.jpg", "https://img.example.org/a.jpg"),
    ("weserv", P, "https://images.weserv.nl?url=img.example.org/a.jpg", "https://img.example.org/a.jpg"),
    ("weserv", P, "https://images.weserv.nl/?url=img.example.org/a?b=c&d=e&w=300&h=200",
     "https://img.example.org/a?b=c&d=e"),
    ("weserv", P, "https://images.weserv.nl/?w=300&url=https%3A%2F%2Fimg.example.org%2Fa", "https://img.example.org/a"),
    ("wsrv", P, "https://wsrv.nl/?url=img.example.org/a.jpg&w=300", "https://img.example.org/a.jpg"),
    ("photon", P, "https://i0.wp.com/img.example.org/a.jpg?resize=300", "https://img.example.org/a.jpg"),
    ("substack", P, f"https://substackcdn.com/image/fetch/w_1456,c_limit/{COATED}", PAGE),
    ("cloudinary", P, "https://res.cloudinary.com/x/image/fetch/w_10/https://example.org/a", "https://example.org/a"),
    ("duckduckgo images", P, f"https://external-content.duckduckgo.com/iu/?u={COATED}&f=1", PAGE),
    ("next.js images", P, f"https://blog.example/_next/image?url={COATED}&w=640&q=75", PAGE),
    ("gadgets proxy", P, f"https://images1-focus-opensocial.googleusercontent.com/gadgets/proxy?container=x&url={COATED}",
     PAGE),
    ("amp images", P, "https://example-org.cdn.ampproject.org/i/s/example.org/a.png", "https://example.org/a.png"),
    ("google amp", W, "https://www.google.com/amp/s/example.org/a", "https://example.org/a"),
    ("amp cache", W, "https://example-org.cdn.ampproject.org/c/example.org/a", "http://example.org/a"),
    ("google", W, f"https://www.google.com/url?sa=t&q={COATED}&usg=x", PAGE),
    ("google", W, f"https://www.google.com.hk/url?url={COATED}", PAGE),
    ("google images", W, f"https://www.google.de/imgres?imgurl={COATED}", PAGE),
    ("facebook", W, f"https://l.facebook.com/l.php?u={COATED}&h=AT1", PAGE),
    ("facebook share", W, f"https://www.facebook.com/sharer/sharer.php?u={COATED}", PAGE),
    ("instagram", W, f"https://l.instagram.com/?u={COATED}&e=x", PAGE),
    ("safelinks", W, f"https://nam02.safelinks.protection.outlook.com/?url={COATED}&data=04", PAGE),
    ("proofpoint 2", W, "https://urldefense.com/v2/url?u=https-3A__example.org_a-3Fb-3Dc&d=x", PAGE),
    ("proofpoint 3", W, f"https://urldefense.com/v3/__{PAGE}__;!!x", PAGE),
    ("youtube", W, f"https://www.youtube.com/redirect?event=x&q={COATED}", PAGE),
    ("twitter share", W, f"https://twitter.com/intent/tweet?text=x&url={COATED}", PAGE),
    ("reddit", W, f"https://out.reddit.com/t3_x?url={COATED}", PAGE),
    ("tumblr", W, f"https://t.umblr.com/redirect?z={COATED}&t=x", PAGE),
    ("linkedin", W, f"https://www.linkedin.com/redir/redirect?url={COATED}", PAGE),
    ("vk", W, f"https://vk.com/away.php?to={COATED}", PAGE),
    ("steam", W, f"https://steamcommunity.com/linkfilter/?u={COATED}", PAGE),
    ("slack", W, f"https://slack-redir.net/link?url={COATED}", PAGE),
    ("duckduckgo", W, f"https://duckduckgo.com/l/?uddg={COATED}", PAGE),
    ("pocket", W, f"https://getpocket.com/redirect?url={COATED}", PAGE),
    ("zhihu", W, f"https://link.zhihu.com/?target={COATED}", PAGE),
    ("weibo", W, f"https://weibo.cn/sinaurl?u={COATED}", PAGE),
    ("weibo share", W, f"http://service.weibo.com/share/share.php?url={COATED}", PAGE),
    ("sina share", W, f"http://v.t.sina.com.cn/share/share.php?url={COATED}", PAGE),
    ("douban", W, f"https://www.douban.com/link2/?url={COATED}", PAGE),
    ("jianshu", W, f"https://links.jianshu.com/go?to={COATED}", PAGE),
    ("juejin", W, f"https://link.juejin.cn/?target={COATED}", PAGE),
    ("csdn", W, f"https://link.csdn.net/?target={COATED}", PAGE),
    ("qq", W, f"https://c.pc.qq.com/middlem.html?pfurl={COATED}", PAGE),
]  # fmt: skip
PLAIN = (
    "https://web.archive.org/web/*/https://example.org/",
    "https://web.archive.org/save/x",
    "https://archive.org/details/book",
    "https://www.google.com/search?q=https://example.org/",
    "https://example.org/url?q=https%3A%2F%2Fexample.com%2F",
    "https://notweserv.nl/?url=a.example/b",
)


def _inside(url: str) -> Wrapped | None:
    return unwrap(url, host_of(url))


@pytest.mark.parametrize(("name", "via", "url", "inner"), ROWS)
def test_wrapper_is_undone(name: str, via: Via, url: str, inner: str) -> None:
    """The address inside comes out, under the wrapper's own row."""
    outer = resolve(url).url
    assert outer is not None
    found = _inside(outer)
    assert found is not None
    assert (resolve(found.raw).url, found.via) == (inner, via)
    assert name == next(row.name for row in WRAPPERS if row.pattern.match(outer))


def test_every_wrapper_has_a_row() -> None:
    """No wrapper is in the table without a test."""
    assert {row.name for row in WRAPPERS} == {name for name, *_ in ROWS}


@pytest.mark.parametrize("url", PLAIN)
def test_what_only_looks_like_a_wrapper(url: str) -> None:
    """Calendars, searches and other people's parameters hold no address."""
    assert _inside(url) is None


def test_time_of_a_snapshot() -> None:
    """A full timestamp is the time of capture; a shortened one or an impossible one says nothing sure."""
    full = _inside("https://web.archive.org/web/20210208105906/https://example.org/")
    assert full is not None
    assert full.captured_at == datetime(2021, 2, 8, 10, 59, 6, tzinfo=UTC)
    for stamp in ("2021", "20211399999999"):
        found = _inside(f"https://web.archive.org/web/{stamp}/https://example.org/")
        assert found is not None
        assert found.captured_at is None


def test_bytes_of_old_encodings_survive() -> None:
    """What is percent-encoded inside in GBK stays so: it is no UTF-8, and the server wants it so."""
    found = _inside("https://www.google.com/url?q=http%3A%2F%2Fexample.org%2F%C4%E3")
    assert found is not None
    assert found.raw == "http://example.org/%C4%E3"


@pytest.mark.parametrize(
    ("url", "snapshot"),
    [
        ("https://web.archive.org/web/2020/https://example.org/", True),
        ("https://archive.ph/AbC12", True),
        ("https://perma.cc/ABCD-1234", True),
        ("https://web.archive.org/web/*/https://example.org/", True),
        ("https://web.archive.org/web/2020*/https://example.org/", True),
        ("https://web.archive.org/save/https://example.org/", True),
        ("https://archive.org/saved", False),
        ("https://archive.org/details/book", False),
        ("https://images.weserv.nl/?url=a.example/b", False),
    ],
)
def test_snapshots_are_known(url: str, snapshot: bool) -> None:
    """A page in an archive is neither checked nor captured, whether snapshot, calendar or order for one."""
    assert is_snapshot(url, host_of(url)) is snapshot


@given(st.text(), st.sampled_from([url for _, _, url, _ in ROWS]))
def test_unwrapping_never_fails(text: str, url: str) -> None:
    """Whatever stands behind a wrapper's prefix, the answer is a value."""
    _inside(url + text)
    _inside(url[: len(url) // 2] + text)
