"""Addresses that stand bare in Markdown text, and the double brackets of wikis.

Bare addresses follow the extension "autolinks" of GitHub Flavored Markdown 0.29, 6.9, as its
reference implementation reads it. It departs where a reader means otherwise: an address also ends
at Chinese punctuation, at stars with Chinese behind them, before a bracket that nothing opened and
at the middle of a link that is none ("](" of one with a space in it); an entity in it is the
character it stands for; "www." may follow anything but a letter or digit.
"""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import TYPE_CHECKING

from linkwatch.harvest.source import Spot
from linkwatch.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_STOP = r"\s<>\]*，。；：！？、（）【】《》「」『』“”‘’\x00-\x1f"
_ADDRESS = re.compile(
    rf"(?:(?<![a-z])(?:https?|ftp)://|(?<![a-z0-9+.\-/@])www\.)(?:[^{_STOP}]+|\](?![(\[])|\*(?!\*?[^\0-\x7f]))+",
    re.IGNORECASE,
)
_HOST = re.compile(r"\w+://(?:[^/?#@]*@)?[^\W_]|www\.[^/?#:@.]", re.IGNORECASE)
_PUNCTUATION = "?!.,:;*_~'\"|`\\"
_OPENING = {")": "(", "]": "[", "}": "{"}
_ENTITY_AT_END = re.compile(r"&[a-z0-9]+;\Z", re.IGNORECASE)
_ENTITY_LENGTH = 40  # characters; the longest name of HTML 5 has 33 with its marks
# A backslash escape or a whole entity: "&region=" of a query is none without its semicolon (CommonMark 2.5).
_ENTITY = r"&(?P<entity>#[0-9]{1,7};|#x[0-9a-f]{1,6};|[a-z][a-z0-9]*;)"
_ENTITIES = re.compile(_ENTITY, re.IGNORECASE)
_MEANT = re.compile(rf"\\(?P<escaped>[!-/:-@\[-`{{-~])|{_ENTITY}", re.IGNORECASE)
_WIKI = re.compile(r"(!?)\[\[(?!\s)([^\[\]|\n]+)(?:\|([^\[\]\n]*))?\]\]")


def spots(text: str, offset: int) -> Iterator[Spot]:
    """The bare addresses and wiki links of a run of Markdown text that starts at ``offset``."""
    if "[[" in text:
        yield from _wiki_links(text, offset)
    if "://" in text or "ww." in text.lower():
        yield from _addresses(text, offset)


def _addresses(text: str, offset: int) -> Iterator[Spot]:
    for match in _ADDRESS.finditer(text):
        written = _trimmed(match[0])
        if _HOST.match(written):
            raw = _MEANT.sub(_meant, written)
            target = raw if "://" in raw[:8] else f"http://{raw}"
            yield Spot(offset + match.start(), target, "a", "href", Kind.ANCHORS, raw)


def entities(text: str) -> str:
    """The text with the characters that its entities stand for."""
    return _ENTITIES.sub(_character, text) if "&" in text else text


def _meant(match: re.Match[str]) -> str:
    return match["escaped"] or _character(match)


def _character(match: re.Match[str]) -> str:
    name = match["entity"]
    return html.unescape(match[0]) if name.startswith("#") or name in html5 else match[0]


def _trimmed(url: str) -> str:
    """The address without the punctuation that belongs to the sentence around it."""
    end = len(url)
    unopened = {close: url.count(close) - url.count(opening) for close, opening in _OPENING.items()}
    while end:
        last = url[end - 1]
        if last == ";" and (entity := _ENTITY_AT_END.search(url, max(0, end - _ENTITY_LENGTH), end)):
            end = entity.start()
        elif last in _PUNCTUATION:
            end -= 1
        elif unopened.get(last, 0) > 0:
            unopened[last] -= 1
            end -= 1
        else:
            break
    return url[:end]


def _wiki_links(text: str, offset: int) -> Iterator[Spot]:
    for match in _WIKI.finditer(text):
        element, kind = ("img", Kind.IMAGES) if match[1] else ("a", Kind.ANCHORS)
        note = match[2].rstrip("\\").strip()  # in tables the bar before what is shown is escaped
        yield Spot(offset + match.start(2), note, element, "wikilink", kind, match[3] or note)
