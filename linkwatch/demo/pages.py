"""The words of the simulated web: HTML pages, a sitemap, a feed, a picture. Pure text."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from xml.sax.saxutils import escape as xml

# A grey dot: one pixel, GIF.
PICTURE = base64.b64decode("R0lGODlhAQABAIAAAICAgAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==")

_ABOUT = {
    "en": (
        "This page belongs to a simulated web. It stands in for a page of the same address, "
        "says nothing of the real one, and is served to the machine it runs on and to nobody else. "
        "It is long enough to be a page with a text of its own: a heading, a few paragraphs, a way "
        "back to the front page, and a line at the foot, as pages of its kind have them. The text "
        "stays the same from night to night unless the table of the simulated web says otherwise."
    ),
    "zh": (
        "本页属于一个模拟的网络，只代替同一地址的网页出现，与真实网站的内容无关，也只供本机访问。"
        "为了像一个真正的网页，它有标题，有几段正文，有返回首页的链接，页脚还有一行小字。"
        "除非模拟网络的表格另有安排，这里的文字每夜都不变：今天读到的，和上一次读到的一样，"
        "下一次来访时也仍旧如此。读者若从一篇旧文章里点进来，看到的应当还是当年引用的那一页。"
    ),
}
_HOME = {"en": "Front page", "zh": "首页"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be written: its title, its own words, and what it is marked up with."""

    title: str
    text: str
    lang: str = "en"
    ids: tuple[str, ...] = ()  # of sections, for fragments
    head: str = ""  # markup for the head
    body: str = ""  # markup for the end of the article


def html(page: Page) -> str:
    """A whole HTML document with the page's words, and enough of them to be a page."""
    sections = "".join(
        f'<h2 id="{escape(each)}">{escape(each.replace("-", " "))}</h2><p>{escape(page.title)}.</p>'
        for each in page.ids
    )
    return (
        f'<!doctype html><html lang="{page.lang}"><head><meta charset="utf-8">'
        f"<title>{escape(page.title)}</title>{page.head}</head><body>"
        f'<nav><a href="/">{_HOME[page.lang]}</a></nav><main><article><h1>{escape(page.title)}</h1>'
        f"<p>{escape(page.text)}</p>{sections}{page.body}</article></main>"
        f"<footer><p>{_ABOUT[page.lang]}</p></footer></body></html>"
    )


def bare(title: str, text: str, *, lang: str = "en", head: str = "") -> str:
    """A short page that says one thing, as error pages, gates and parkers have it."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"{head}</head><body><h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>"
    )


def sitemap(urls: tuple[str, ...]) -> str:
    """A sitemap (sitemaps.org 0.9) of these addresses."""
    entries = "".join(f"<url><loc>{xml(url)}</loc></url>" for url in urls)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{space}">{entries}</urlset>'


def feed(title: str, home: str, items: tuple[tuple[str, str], ...]) -> str:
    """An RSS 2.0 feed of (title, address)."""
    entries = "".join(
        f"<item><title>{xml(name)}</title><link>{xml(url)}</link><guid>{xml(url)}</guid></item>"
        for name, url in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{xml(title)}</title><link>{xml(home)}</link><description>{xml(title)}</description>"
        f"{entries}</channel></rss>"
    )
