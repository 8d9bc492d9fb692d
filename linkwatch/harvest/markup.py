"""The links of an HTML tree: one table of which attributes hold them, and how they are read.

The tree is the one a browser builds (WHATWG HTML), so what it takes for text is no link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from turbohtml import DocumentFragment, Namespace, parse

from linkwatch.harvest.attributes import span_of, tag_end, value_span, written
from linkwatch.harvest.source import Spot, line_starts, one_line, plain_newlines
from linkwatch.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from turbohtml import Document, Element


class Place(NamedTuple):
    """An attribute that holds links, what part they play, how it splits into URLs, and when it counts."""

    attribute: str
    kind: Kind
    split: Callable[[str], list[tuple[int, str]]] | None = None  # None: the whole value is one URL
    when: Callable[[Element], bool] | None = None  # None: always


_CANDIDATE = re.compile(r"[\t\n\f\r ,]*([^\t\n\f\r ,][^\t\n\f\r ]*)")
_DESCRIPTORS = re.compile(r"(?:\([^)]*+(?:\)|\Z)|[^,(])*+,?")
_REFRESH = re.compile(
    r"\s*[0-9.]+(?:\s*[;,]|\s)\s*(?:url\s*=\s*)?(['\"]?)(.*)", re.ASCII | re.IGNORECASE | re.DOTALL
)
# What a style may say that only looks like url(), a comment or a string, is an alternative without group.
_CSS_URL = re.compile(
    r"""/\*.*?(?:\*/|\Z)|(?<![\w-])url\(\s*(?:"((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)'"""
    r"""|((?:[^\s"'()\\]|\\(?:[0-9a-f]{1,6}\s?|.))*+))\s*(?:\)|\Z)|"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?""",
    re.IGNORECASE | re.DOTALL,
)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|\n|(.))", re.IGNORECASE | re.DOTALL)
_NO_BASE = re.compile(r"[\0- ]*(?:data|javascript):", re.IGNORECASE)
_LAST_CHARACTER = 0x10FFFF


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
    """What ``url()`` names in a style (CSS Syntax 3, 4.3.5 to 4.3.7)."""
    if "url(" not in value.lower():
        return []
    return [
        (match.start(match.lastindex), _CSS_ESCAPE.sub(_unescaped, match[match.lastindex]))
        for match in _CSS_URL.finditer(value)
        if match.lastindex and match[match.lastindex]
    ]


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return escape[2] or ""
    code = int(escape[1], 16)
    return chr(code) if 0 < code <= _LAST_CHARACTER and not 0xD800 <= code < 0xE000 else "\ufffd"


def _is_refresh(element: Element) -> bool:
    return (element.attr("http-equiv") or "").lower() == "refresh"


def _is_picture(element: Element) -> bool:
    return (element.attr("type") or "").lower() == "image"


def _is_drawn(element: Element) -> bool:
    """Whether SVG's old attribute counts: in a drawing, and where the new one does not take its place."""
    return element.namespace is Namespace.SVG and element.attr("href") is None


_LAZY = tuple(
    Place(name, Kind.IMAGES)
    for name in ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-original-src")
)
_LAZY_SETS = tuple(Place(name, Kind.IMAGES, srcset) for name in ("data-srcset", "data-lazy-srcset"))
_CITE = (Place("cite", Kind.CITATIONS),)
_IMAGE = (Place("src", Kind.IMAGES), Place("srcset", Kind.IMAGES, srcset), *_LAZY, *_LAZY_SETS)
_FRAME = (Place("src", Kind.EMBEDS), Place("data-src", Kind.EMBEDS))
_MEDIA = (*_FRAME, Place("poster", Kind.IMAGES))
_SVG = (Place("href", Kind.IMAGES), Place("xlink:href", Kind.IMAGES, when=_is_drawn))

PLACES: dict[str, tuple[Place, ...]] = {
    "a": (Place("href", Kind.ANCHORS), Place("xlink:href", Kind.ANCHORS, when=_is_drawn)),
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
    "input": (Place("src", Kind.IMAGES, when=_is_picture),),
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
    "meta": (Place("content", Kind.METADATA, refresh, _is_refresh),),
    "form": (Place("action", Kind.METADATA),),
    "blockquote": _CITE,
    "q": _CITE,
    "del": _CITE,
    "ins": _CITE,
}
_ELEMENTS = tuple(PLACES)
_NOWHERE = -1  # the offset of an element that no tag was written for


def tree(markup: str) -> Document:
    """The tree a browser without scripting builds. Lines and columns in it are those of ``markup``."""
    return parse(markup, allow_declarative_shadow_roots=False)


def spots(document: Document, markup: str) -> list[Spot]:
    """Every link in the tree of ``markup``, and in the pages that its frames hold in ``srcdoc``."""
    starts = line_starts(markup)
    unseen = _unseen(document, starts)
    found = _in_tree(document, markup, starts, unseen)
    for frame in document.select("iframe[srcdoc]"):
        tag = _start(frame, starts)
        if tag not in unseen:
            found += _framed(frame.attr("srcdoc") or "", markup, tag)
    return found


def _framed(page: str, markup: str, tag: int) -> Iterator[Spot]:
    """The links of a page written in the ``srcdoc`` of the tag at ``tag``. Frames in it are not opened."""
    start, end = value_span(markup, tag, "srcdoc")
    plain = plain_newlines(page)
    document, starts = tree(plain), line_starts(plain)
    inner = sorted(_in_tree(document, plain, starts, _unseen(document, starts)))
    places = written(markup[start:end], [spot.offset for spot in inner])
    return (spot._replace(offset=start + at) for at, spot in zip(places, inner, strict=True))


def _in_tree(document: Document, markup: str, starts: list[int], unseen: set[int]) -> list[Spot]:
    """What an unclosed tag repeats in the tree comes once."""
    seen = set(unseen)
    found: list[Spot] = []
    for element in document.iter_elements(_ELEMENTS):
        tag = _start(element, starts)
        if tag in seen:
            continue
        seen.add(tag)
        name = element.tag
        for attribute, kind, split, when in PLACES[name]:
            value = element.attr(attribute)
            if value is None or (when is not None and not when(element)):
                continue
            start, end = span_of(markup, tag, name, attribute, value)
            # As Spot(…), without the call of the Python function that it is: half the time.
            spot = tuple.__new__(Spot, (start, value, name, attribute, kind, _text(element, name)))
            if split is None:
                found.append(spot)
            else:
                found += _parts(spot, split(value), markup[start:end])
    found += _styles(document, markup, starts, unseen)
    return found


def base(document: Document) -> str | None:
    """What relative addresses in the tree start from, where it says so (WHATWG HTML, 4.2.3)."""
    for element in document.select("base"):
        address = element.attr("href")
        if address is not None and element.namespace is Namespace.HTML and not _is_inert(element):
            return None if _NO_BASE.match(address) else address
    return None


def _is_inert(element: Element) -> bool:
    return any(isinstance(each, DocumentFragment) for each in element.ancestors)


def _unseen(document: Document, starts: list[int]) -> set[int]:
    """The tags inside templates, which a browser shows only where one is the inside of an element."""
    unseen = {_NOWHERE}
    for template in document.select("template:not([shadowrootmode])"):
        if template.namespace is Namespace.HTML and _start(template, starts) not in unseen:
            unseen.update(_start(element, starts) for element in template.iter_elements())
    return unseen


def _start(element: Element, starts: list[int]) -> int:
    """The offset of the tag that an element was made of."""
    line, column = element.source_line, element.source_col
    return _NOWHERE if line is None or column is None else starts[line - 1] + column


def _text(element: Element, name: str) -> str:
    """What stands for a link of an element: what is shown, or would be."""
    words = element.text if name == "a" else element.attr("alt")
    return one_line(words) if words else ""


def _parts(spot: Spot, parts: list[tuple[int, str]], source: str) -> Iterator[Spot]:
    """The links that the value of an attribute splits into; ``source`` is how it is written."""
    places = written(source, [at for at, _ in parts])
    return (
        spot._replace(offset=spot.offset + at, raw=url) for at, (_, url) in zip(places, parts, strict=True)
    )


def _styles(document: Document, markup: str, starts: list[int], unseen: set[int]) -> Iterator[Spot]:
    seen = set(unseen)
    for element in document.select("style, [style]"):
        tag = _start(element, starts)
        if tag in seen:
            continue
        seen.add(tag)
        name, value = element.tag, element.attr("style")
        if value is not None:
            start, end = value_span(markup, tag, "style")
            spot = Spot(start, value, name, "style", Kind.STYLES, _text(element, name))
            yield from _parts(spot, css(value), markup[start:end])
        if name == "style":
            begin = tag_end(markup, tag)
            for at, url in css(element.text):
                yield Spot(begin + at, url, "style", "", Kind.STYLES)
