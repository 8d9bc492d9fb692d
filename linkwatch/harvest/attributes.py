"""Where in a start tag the value of an attribute stands.

The tokenizer of WHATWG HTML (13.2.5.32 to 13.2.5.39) is regular inside a tag, so one expression
is all of it; its groups are atomic, so that no tag takes longer than its length. The tree knows at
which line and column a tag begins; asking it for the span of every attribute costs more than the
parsing.
"""

from __future__ import annotations

import re
from functools import cache
from html.entities import html5
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPACE = r"[\t\n\f\r ]*+"
_OPENING = r"<[^\t\n\f\r />]*+"
_VALUE = rf"""{_SPACE}={_SPACE}(?:"([^"]*+)"|'([^']*+)'|([^\t\n\f\r >"'][^\t\n\f\r >]*+)?)"""
_ANY_VALUE = re.sub(r"\((?!\?)", "(?:", _VALUE)  # the same without groups
_ATTRIBUTE = rf"(?>[\t\n\f\r /]*[^\t\n\f\r />][^\t\n\f\r />=]*(?:{_ANY_VALUE})?)"
_TAG = re.compile(rf"{_OPENING}{_ATTRIBUTE}*[^>]*>")
# In an attribute a name without its semicolon is text before a letter, a digit or "=" (13.2.5.73).
_REFERENCE = re.compile(
    r"&(?:#(?:[0-9]+|x[0-9a-f]+);?|([a-z][a-z0-9]*(?:;|(?![a-z0-9=]))))", re.ASCII | re.IGNORECASE
)


def span_of(markup: str, tag: int, element: str, name: str, value: str) -> tuple[int, int]:
    """``value_span``, found faster where the value is known: most come first in their tag, as they are."""
    opening = f'<{element} {name}="'
    if markup.startswith(f'{opening}{value}"', tag):
        start = tag + len(opening)
        return start, start + len(value)
    return value_span(markup, tag, name)


def value_span(markup: str, tag: int, name: str) -> tuple[int, int]:
    """From where to where the value of an attribute stands in the start tag at ``tag``, in characters.

    Its name where it has no value; nothing, at the tag's own offset, where there is no such attribute.
    """
    found = _expression(name).match(markup, tag)
    return (tag, tag) if found is None else found.span(found.lastindex or 0)


def tag_end(markup: str, tag: int) -> int:
    """The offset right after the start tag at offset ``tag``."""
    found = _TAG.match(markup, tag)
    return tag if found is None else found.end()


def written(value: str, offsets: Sequence[int]) -> list[int]:
    """Where the characters at ascending offsets of a value's meaning stand in the value as it is written."""
    if "&" not in value:
        return list(offsets)
    found: list[int] = []
    longer = 0  # how much longer the writing is than what it means, up to here
    for reference in _REFERENCE.finditer(value):
        while len(found) < len(offsets) and offsets[len(found)] + longer <= reference.start():
            found.append(offsets[len(found)] + longer)
        meaning = 1 if reference[1] is None else len(html5.get(reference[1], reference[0]))
        longer += len(reference[0]) - meaning
    return found + [offset + longer for offset in offsets[len(found) :]]


@cache
def _expression(name: str) -> re.Pattern[str]:
    """The attributes before the one called ``name``, and then that one."""
    this = rf"[\t\n\f\r /]*+((?i:{re.escape(name)}))(?:{_VALUE}|(?=[\t\n\f\r />]))"
    return re.compile(rf"{_OPENING}{_ATTRIBUTE}*?{this}")
