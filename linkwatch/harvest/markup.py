"""The links of an HTML tree: one table of which attributes hold them, and how they are read.

The tree is the one a browser builds (WHATWG HTML), so what it takes for text is no link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from turbohtml import parse

from linkwatch.harvest.attributes import tag_end, value_span
from linkwatch.harvest.source import Spot, line_starts, one_line
from linkwatch.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from turbohtml import Document, Element


class Place(NamedTuple):
    """An attribute that holds links, what part they play, and how its value splits into URLs."""

    attribute: str
    kind: Kind
    split: Callable[[str], list[tuple[int, str]]] | None = None  # None: the whole value is one URL


_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")
_DESCRIPTORS = re.compile(r"(?:\([^)]*\)|[^,(])*,?")
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?(['\"]?)(.*)", re.IGNORECASE | re.DOTALL)
_CSS_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^\s"'()]*+))\s*\)""", re.IGNORECASE)


def srcset(value: str) -> list[tuple[int, str]]:
    """The candidates of a ``srcset`` with their offsets (WHATWG HTML, 4.8.4.2.2)."""
    found, at = [], 0
    while match := _CANDIDATE.match(value, at):
        url = match[1].rstrip(",")
        found.append((match.start(1), url))
        at = match.end()
        if len(url) == len(match[1]):  # a comma right after the URL ends the candidate
            descriptors = _DESCRIPTORS.match(value, at)
            at = descriptors.end() if descriptors else at
    return found


def refresh(value: str) -> list[tuple[int, str]]:
    """The URL a ``<meta http-equiv=refresh>`` leads to (WHATWG HTML, 4.2.5.3)."""
    match = _REFRESH.match(value)
    if match is None:
        return []
    url = match[2].split(match[1], 1)[0] if match[1] else match[2].rstrip()
    return [(match.start(2), url)] if url else []


def css(value: str) -> list[tuple[int, str]]:
    """What ``url()`` names in a style."""
    return [
        (match.start(match.lastindex), match[match.lastindex])
        for match in _CSS_URL.finditer(value)
        if match.lastindex and match[match.lastindex]
    ]


_LAZY = tuple(
    Place(name, Kind.IMAGES)
    for name in ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-original-src")
)
_LAZY_SETS = tuple(Place(name, Kind.IMAGES, srcset) for name in ("data-srcset", "data-lazy-srcset"))
_CITE = (Place("cite", Kind.CITATIONS),)
_IMAGE = (Place("src", Kind.IMAGES), Place("srcset", Kind.IMAGES, srcset), *_LAZY, *_LAZY_SETS)
_FRAME = (Place("src", Kind.EMBEDS), Place("data-src", Kind.EMBEDS))
_MEDIA = (*_FRAME, Place("poster", Kind.IMAGES))
_SVG = (Place("href", Kind.IMAGES), Place("xlink:href", Kind.IMAGES))

PLACES: dict[str, tuple[Place, ...]] = {
    "a": (Place("href", Kind.ANCHORS), Place("xlink:href", Kind.ANCHORS)),
    "area": (Place("href", Kind.ANCHORS),),
    "img": _IMAGE,
    "amp-img": _IMAGE,
    "source": (
        Place("src", Kind.EMBEDS),
        Place("srcset", Kind.IMAGES, srcset),
        Place("data-src", Kind.EMBEDS),
        *_LAZY_SETS,
    ),
    "image": _SVG,
    "input": (Place("src", Kind.IMAGES),),
    "iframe": _FRAME,
    "amp-iframe": _FRAME,
    "frame": _FRAME,
    "video": _MEDIA,
    "amp-video": _MEDIA,
    "audio": _MEDIA,
    "track": (Place("src", Kind.EMBEDS),),
    "embed": (Place("src", Kind.EMBEDS),),
    "object": (Place("data", Kind.EMBEDS),),
    "script": (Place("src", Kind.EMBEDS),),
    "link": (Place("href", Kind.METADATA),),
    "meta": (Place("content", Kind.METADATA, refresh),),
    "form": (Place("action", Kind.METADATA),),
    "blockquote": _CITE,
    "q": _CITE,
    "del": _CITE,
    "ins": _CITE,
}
_STYLE = Place("style", Kind.STYLES, css)
_NOWHERE = -1  # the offset of an element that no tag was written for


def tree(markup: str) -> Document:
    """The tree a browser without scripting builds. Lines and columns in it are those of ``markup``."""
    return parse(markup)


def spots(document: Document, markup: str) -> list[Spot]:
    """Every link in the tree of ``markup``. What an unclosed tag repeats in the tree comes once."""
    starts, seen = line_starts(markup), {_NOWHERE}
    found: list[Spot] = []
    for element in document.iter_elements(PLACES):
        tag = _start(element, starts)
        if tag not in seen:
            seen.add(tag)
            for place in PLACES[element.tag]:
                value = element.attr(place.attribute)
                if value is not None:
                    found += _spots_of(element, place, value, markup, tag)
    found += _styles(document, markup, starts)
    return found


def _start(element: Element, starts: list[int]) -> int:
    """The offset of the tag that an element was made of."""
    line, column = element.source_line, element.source_col
    return _NOWHERE if line is None or column is None else starts[line - 1] + column


def _spots_of(element: Element, place: Place, value: str, markup: str, tag: int) -> list[Spot]:
    attribute, kind, split = place
    name = element.tag
    start, end = value_span(markup, tag, attribute)
    words = element.text if name == "a" else element.attr("alt")
    text = one_line(words) if words else ""
    if split is None:
        return [Spot(start, value, name, attribute, kind, text)]
    if name == "meta" and not _is_refresh(element):
        return []
    return [Spot(min(start + at, end), url, name, attribute, kind, text) for at, url in split(value)]


def _is_refresh(element: Element) -> bool:
    return (element.attr("http-equiv") or "").lower() == "refresh"


def _styles(document: Document, markup: str, starts: list[int]) -> Iterator[Spot]:
    seen = {_NOWHERE}
    for element in document.select("style, [style]"):
        tag = _start(element, starts)
        if tag in seen:
            continue
        seen.add(tag)
        value = element.attr("style")
        if value is not None:
            yield from _spots_of(element, _STYLE, value, markup, tag)
        if element.tag == "style":
            begin = tag_end(markup, tag)
            for at, url in css(element.text):
                yield Spot(begin + at, url, "style", "", Kind.STYLES)
