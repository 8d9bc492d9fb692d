"""The links of an HTML tree: one table of which attributes hold them, and how they are read.

The tree is the one a browser builds (WHATWG HTML), so what it takes for text is no link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from turbohtml import parse

from linkwatch.harvest.source import Spot, one_line
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
_CSS_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^\s"')]*))\s*\)""", re.IGNORECASE)
_VALUE = re.compile(r"""[^=]*=\s*["']?""")


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


def tree(markup: str) -> Document:
    """The tree a browser without scripting builds. Offsets in it are those of ``markup``."""
    return parse(markup, source_locations=True)


def spots(document: Document, markup: str) -> Iterator[Spot]:
    """Every link in the tree of ``markup``. What an unclosed tag repeats in the tree comes once."""
    for element in document.iter_elements(PLACES):
        tag = element.tag
        for place in PLACES[tag]:
            value = element.attr(place.attribute)
            if value is not None and (tag != "meta" or _is_refresh(element)):
                yield from _spots_of(element, place, value, markup)
    if "url(" in markup.lower():
        yield from _styles(document, markup)


def _spots_of(element: Element, place: Place, value: str, markup: str) -> Iterator[Spot]:
    location = element.source_location
    if location is None:
        return
    attribute, kind, split = place
    span = location.attrs[attribute]
    match = _VALUE.match(markup, span.start_offset, span.end_offset)
    start = match.end() if match else span.start_offset
    tag = element.tag
    text = one_line(element.text if tag == "a" else element.attr("alt") or "")
    if split is None:
        yield Spot(start, value, tag, attribute, kind, text)
    else:
        for at, url in split(value):
            yield Spot(min(start + at, span.end_offset), url, tag, attribute, kind, text)


def _is_refresh(element: Element) -> bool:
    return (element.attr("http-equiv") or "").lower() == "refresh"


def _styles(document: Document, markup: str) -> Iterator[Spot]:
    for element in document.iter_elements():
        value = element.attr("style")
        if value is not None and "(" in value:
            yield from _spots_of(element, _STYLE, value, markup)
        if element.tag == "style" and (location := element.source_location):
            start = location.start_tag.end_offset
            for at, url in css(element.text):
                yield Spot(start + at, url, "style", "", Kind.STYLES)
