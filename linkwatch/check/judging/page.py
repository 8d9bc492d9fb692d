"""What a fetched page says: its title, its visible text, its refresh. Pure; never fails."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import turbohtml

from linkwatch.check.judging.bearable import bearable
from linkwatch.check.judging.linked_data import things

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkwatch.model import Answer

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
LINKED_DATA = 'script[type="application/ld+json"]'  # where a page describes itself
_PACKED = b"\x1f\x8b"  # gzip (RFC 1952, 2.3.1): packed more often than was said
_HTML_TYPES = ("text/html", "application/xhtml+xml")
# Pages have one; each costs a way up a tree as deep as its bytes allow.
REFRESHES = 8
# So does each heading, and way down; what a page says first is in the first of them.
HEADINGS = 16
# Elements of one selector that are read: the paragraphs of an article, and more.
PARTS = 256
_UNSEEN = {"Mn", "Cf", "Cc"}  # accents, soft hyphens, joiners, controls
_COMMON = 0xFFFF  # the last character of the first plane, in which nearly all that is written is
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_UNHEARD = ", ".join(_SILENT)
# What stands around a page's own text: menus, mastheads, margins, forms; and links, of which menus and
# lists of other pages are made wherever they stand (HTML, 4.3; boilerplate is told by its links:
# Kohlschütter et al. 2010, "Boilerplate detection using shallow text features").
_AROUND = ", ".join([
    *_SILENT, "a", "aside", "button", "datalist", "dialog", "fieldset", "footer", "form", "header", "iframe",
    "menu", "nav", "option", "select", "textarea",
    *(f'[role="{each}"]'
      for each in ("banner", "complementary", "contentinfo", "dialog", "navigation", "search")),
])  # fmt: skip


class _Seen(dict[int, int | None]):
    """What ``letters`` makes of each character: itself, or nothing.

    Worked out where a character is met first, which takes a third of the time of doing so each time. Those of
    the rarer planes are not remembered: there are a million of them, and a page may hold any.
    """

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        unseen = character.isspace() or unicodedata.category(character) in _UNSEEN
        kept = None if unseen else code
        if code <= _COMMON:
            self[code] = kept
        return kept


_SEEN = _Seen()


class _Own(NamedTuple):
    """A page's own text, and whether a reader sees all of it."""

    text: str
    is_seen: bool


@dataclass(frozen=True)
class Page:
    """An answer's body read as a browser would. Empty where it is not HTML."""

    answer: Answer
    _measured: dict[int, bool] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def is_html(self) -> bool:
        """Whether the server calls it HTML, or says nothing and it looks like it."""
        kind = (self.answer.content_type or "").partition(";")[0].strip().lower()
        if self.answer.body.startswith(_PACKED):
            return False
        return kind in _HTML_TYPES or (not kind and b"<" in self.answer.body[:512])

    @cached_property
    def _markup(self) -> bytes:
        return bearable(self.answer.body)

    @property
    def is_cut(self) -> bool:
        """Whether the page may say more than was read of it."""
        return self.answer.cut or len(self._markup) < len(self.answer.body)

    @cached_property
    def _document(self) -> turbohtml.Document:
        body = self._markup if self.is_html else b""
        found = _CHARSET.search(self.answer.content_type or "")
        try:
            return _parsed(body, found.group(1) if found else None)
        except (LookupError, UnicodeError):  # a charset nobody knows, or one in bytes beyond ASCII
            return _parsed(body, None)

    @cached_property
    def title(self) -> str | None:
        """The text of the title element in one line; drawings have titles of their own."""
        titles = (
            each for each in self._document.find_all("title") if each.namespace is turbohtml.Namespace.HTML
        )
        element = next(titles, None)
        return _one_line(element.text) or None if element is not None else None

    @cached_property
    def text(self) -> str:
        """The text a reader sees, in one line."""
        return _one_line(" ".join(self._visible))

    @cached_property
    def _visible(self) -> list[str]:
        return _visible(self._document.find("body"))

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The texts a reader sees, each element's own in a line."""
        found = map(_one_line, self._visible)
        return tuple(each for each in found if each)

    def main_text(self, longest: int) -> str:
        """The beginning of the page's own text: what a reader sees without links and what stands around.

        White space stands as it came where the text is short enough with it.
        """
        text = self._own.text
        return text if len(text) <= longest else _one_line(text)[:longest]

    @cached_property
    def _own(self) -> _Own:
        root = self._document.find("main") or self._document.find("body")
        if root is None:
            return _Own("", is_seen=True)
        own = deepcopy(root).remove(_AROUND).strings
        return _Own(" ".join(own), is_seen=root.closest(_UNHEARD) is None)  # a template may hold a main part

    @cached_property
    def language(self) -> str | None:
        """The language that the page says it is in, without its region: "zh" of "zh-Hans-CN"."""
        root = self._document.find("html")
        said = str(root.attrs["lang"]) if root is not None and "lang" in root.attrs else ""
        return said.strip().lower().partition("-")[0][:8] or None

    @cached_property
    def letters(self) -> str:
        """The text a reader sees, as ``letters`` compares it."""
        return letters(self.text)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What a fragment can name: each id, and the name of each a element."""
        ids = {str(each.attrs["id"]) for each in self._document.find_all(True) if "id" in each.attrs}
        names = {str(each.attrs["name"]) for each in self._document.find_all("a") if "name" in each.attrs}
        return frozenset(ids | names)

    @cached_property
    def refreshes(self) -> tuple[str, ...]:
        """What the page's refresh elements say, those left out that a browser with scripts ignores."""
        metas = self._document.select("meta[http-equiv][content]")
        found = [each for each in metas if str(each.attrs["http-equiv"]).lower() == "refresh"]
        return tuple(str(each.attrs["content"]) for each in found[:REFRESHES] if not _is_inert(each))

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The texts of its scripts that stand in the page itself."""
        return tuple(each.text for each in self._document.find_all("script") if "src" not in each.attrs)

    @cached_property
    def base(self) -> str:
        """What its relative addresses are relative to, where it says so; else nothing."""
        element = self._document.select_one("base[href]")
        return "" if element is None else str(element.attrs["href"])

    def says_less_than(self, length: int) -> bool:
        """Whether a reader sees fewer characters than this; of a long page little is looked at."""
        if length not in self._measured:
            self._measured[length] = self._has_less_than(length)
        return self._measured[length]

    def _has_less_than(self, length: int) -> bool:
        if self._own.is_seen and len(_one_line(self._own.text[: 2 * length])) >= length:
            return False
        said = 0
        for piece in self._visible:
            said += len(_one_line(piece)) + 1
            if said >= length:
                return False
        return True

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The texts of the first main headings, without those that a browser with scripts leaves out."""
        headings = self._document.select("h1, h2")[:HEADINGS]
        found = (_one_line(each.text) for each in headings if not _is_inert(each))
        return tuple(text for text in found if text)

    @cached_property
    def linked_data(self) -> tuple[dict[str, Any], ...]:
        """What its JSON-LD scripts describe."""
        return things([each.text for each in self._document.select(LINKED_DATA)])

    def texts(self, selector: str) -> str:
        """The visible texts of the first elements that fit a CSS selector; nothing where it is none."""
        try:
            found = self._document.select(selector)[:PARTS]
        except ValueError:
            return ""
        return _one_line(" ".join(text for each in _outermost(found) for text in _visible(each)))

    def knows(self, selector: str) -> bool:
        """Whether a text is a CSS selector."""
        try:
            self._document.select_one(selector)
        except ValueError:
            return False
        return True

    def has(self, selector: str) -> bool:
        """Whether an element fits a CSS selector."""
        return self._document.select_one(selector) is not None


_LATEST: deque[Page] = deque(maxlen=8)


def read(answer: Answer) -> Page:
    """The page of an answer, read once however many look at it one after another."""
    for page in _LATEST:
        if page.answer is answer:
            return page
    page = Page(answer)
    _LATEST.appendleft(page)
    return page


def letters(text: str) -> str:
    """A text for comparing: without case, accents, marks nobody sees, and any white space.

    White space goes wholly because an element's edge may or may not be one to a reader.
    """
    return unicodedata.normalize("NFKD", text).casefold().translate(_SEEN)


def _parsed(body: bytes, charset: str | None) -> turbohtml.Document:
    """As a browser with scripts; a charset that nobody declares is told by the letters."""
    return turbohtml.parse(body, encoding=charset, detect_encoding=True, scripting=True)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _is_inert(node: turbohtml.Node) -> bool:
    """Whether an element stands in noscript, or apart from the document as what template holds does."""
    above = node.parent
    while isinstance(above, turbohtml.Element):
        if above.tag in ("noscript", "template"):
            return True
        above = above.parent
    return not isinstance(above, turbohtml.Document)


def _outermost(elements: Sequence[turbohtml.Element]) -> list[turbohtml.Element]:
    """Those that stand in no other of them, in the order of the document."""
    known = set(elements)
    return [each for each in elements if known.isdisjoint(each.ancestors)]


def _visible(root: turbohtml.Element | None) -> list[str]:
    """The texts in their order, of a copy that is rid of all that is silent.

    That takes a fifth of what walking through the tree step by step would.
    """
    if root is None or root.tag in _SILENT:
        return []
    return list(deepcopy(root).remove(_UNHEARD).strings)
