"""Where an address stands in a source, character by character, and how another one is written there.

Three forms: the value of an HTML attribute, the destination of a Markdown link or definition, and
the bare address. Each knows where it ends and what it must escape; a form that is not certain to
be there is none.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Form = Callable[["Spot"], "Edit | None"]

_REACH = 2_000  # characters in front of an address in which its attribute begins
_UNQUOTED = re.compile(r"[^\s>]+")
_NEEDS_QUOTES = re.compile(r"[\s\"'=<>`]")
_CANDIDATE = re.compile(r"[^\s\"'<>]+")
_OPENS = re.compile(r"(?:\]\(|\]:)\s*(<?)\Z")
_ANGLED = re.compile(r"(?:[^<>\\\n]|\\.)*(?=>)")
_ENTITY = re.compile(r"&(?=[#a-z0-9]+;)", re.IGNORECASE)
_ENTITY_WHOLE = re.compile(r"&[#a-z0-9]+;", re.IGNORECASE)
_ESCAPE = re.compile(r"[\\|<>]")
_SPACE = re.compile(r"\s")
_ANNOTATED = ("data-originalurl", "data-versionurl", "data-versiondate")


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of a source and what takes their place."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """An address in a source with LF line endings, and the one that is to stand there."""

    source: str
    offset: int
    raw: str
    attribute: str
    new: str


def spelled(spot: Spot, format_: str) -> Edit | None:
    """The edit that writes the new address; None where the old one is not plain to see."""
    forms = FORMS.get(format_, ())
    return next((edit for form in forms if (edit := form(spot)) is not None), None)


def annotation(spot: Spot, edit: Edit, said: dict[str, str]) -> Edit | None:
    """Attributes added behind the attribute that ``edit`` changes; None where the tag has them already."""
    source, at = spot.source, edit.end
    if spot.attribute != "href" or _quote_before(spot) is None:
        return None
    tag = source[max(0, source.rfind("<", 0, spot.offset)) : source.find(">", at) + 1].lower()
    if not re.match(r"<a\s", tag) or any(name in tag for name in _ANNOTATED):
        return None
    behind = at + 1 if source[at : at + 1] == _quote_before(spot) else at
    added = "".join(f' {name}="{_escaped(value, chr(34))}"' for name, value in said.items())
    return Edit(behind, behind, added)


def _quote_before(spot: Spot) -> str | None:
    """The quote that opens the attribute's value, empty where it has none; None for no such attribute."""
    name = re.escape(spot.attribute)
    opens = re.compile(rf"(?<![\w:-]){name}\s*=\s*([\"']?)\Z", re.IGNORECASE)
    found = opens.search(spot.source, max(0, spot.offset - _REACH), spot.offset)
    return found[1] if found else None


def attribute_value(spot: Spot) -> Edit | None:
    """The whole value of an HTML attribute."""
    quote = _quote_before(spot)
    if quote is None:
        return None
    if quote:
        end = spot.source.find(quote, spot.offset)
        return Edit(spot.offset, end, _escaped(spot.new, quote)) if end >= 0 else None
    value = _UNQUOTED.match(spot.source, spot.offset)
    if value is None:
        return None
    plain = _escaped(spot.new, '"')
    return Edit(spot.offset, value.end(), f'"{plain}"' if _NEEDS_QUOTES.search(spot.new) else plain)


def candidate(spot: Spot) -> Edit | None:
    """One of the addresses in a ``srcset``."""
    if not spot.attribute.endswith("srcset"):
        return None
    name = re.escape(spot.attribute)
    opens = re.compile(rf"(?<![\w:-]){name}\s*=\s*(?:\"[^\"]*|'[^']*)\Z", re.IGNORECASE)
    value = _CANDIDATE.match(spot.source, spot.offset)
    if value is None or not opens.search(spot.source, max(0, spot.offset - _REACH), spot.offset):
        return None
    written = value[0].rstrip(",")
    # In an attribute "&region=" is no entity (WHATWG HTML, 13.2.5.73).
    if _ENTITY_WHOLE.sub(lambda found: html.unescape(found[0]), written) != spot.raw:
        return None
    return Edit(spot.offset, spot.offset + len(written), html.escape(spot.new))


def destination(spot: Spot) -> Edit | None:
    """The destination of a Markdown link, image or definition (CommonMark 0.31, 6.3)."""
    opens = _OPENS.search(spot.source, max(0, spot.offset - _REACH), spot.offset)
    if opens is None:
        return None
    new = _ENTITY.sub(r"\\&", _ESCAPE.sub(r"\\\g<0>", spot.new))
    if opens[1]:
        angled = _ANGLED.match(spot.source, spot.offset)
        return Edit(spot.offset, angled.end(), new) if angled else None
    end = _bare_end(spot.source, spot.offset)
    if end == spot.offset:
        return None
    bare = new and not _SPACE.search(new) and _bare_end(f"{new} ", 0) == len(new)
    return Edit(spot.offset, end, new if bare else f"<{new}>")


def _bare_end(source: str, start: int) -> int:
    """Where a destination without angle brackets ends: at white space or at the link's own bracket.

    Where it started when its brackets are not balanced: then it is no destination.
    """
    depth, at = 0, start
    while at < len(source) and not source[at].isspace():
        match source[at]:
            case "\\":
                at += 1
            case "(":
                depth += 1
            case ")" if depth == 0:
                break
            case ")":
                depth -= 1
            case _:
                pass
        at += 1
    return min(at, len(source)) if depth == 0 else start


def verbatim(spot: Spot) -> Edit | None:
    """An address that stands in the text as it is."""
    # "www.example.org" is http by convention; Markdown may spell its ampersands out.
    for written in (spot.raw, spot.raw.removeprefix("http://"), spot.raw.replace("&", "&amp;")):
        if written and spot.source.startswith(written, spot.offset):
            return Edit(spot.offset, spot.offset + len(written), spot.new)
    return None


def _escaped(value: str, quote: str) -> str:
    plain = value.replace("&", "&amp;")
    return plain.replace('"', "&quot;") if quote == '"' else plain.replace("'", "&#39;")


# Of each format that is written to: its forms, the most certain first.
FORMS: dict[str, tuple[Form, ...]] = {
    "html": (candidate, attribute_value),
    "markdown": (candidate, attribute_value, destination, verbatim),
    "rst": (verbatim,),
    "asciidoc": (verbatim,),
    "plaintext": (verbatim,),
}
