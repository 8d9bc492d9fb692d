"""One pass over CommonMark events: the Markdown links, and what is left for the HTML parser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from pyromark import Markdown, Options

from linkwatch.harvest.autolinks import entities
from linkwatch.harvest.source import Spot, one_line
from linkwatch.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

PARSER = Markdown(
    options=Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM
)
# "<" of literal text, as the HTML parser is given it: a private character, so that it stays text.
LESS = "\ue3c1"

# CommonMark 0.31, 4.6: what begins a block of HTML that goes on until a blank line (start condition 6).
_HTML_BLOCK = re.compile(
    r"(?:[ \t]*\n)*+ {0,3}(?=</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|"
    r"colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|"
    r"head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|"
    r"search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:[ \t\n>]|/>|\Z))",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")

_GAP = rb"[ \t]*(?:\n[ \t>]*)?<?"  # a new line begins with the marks of the quotation it is in
_BEFORE_DESTINATION = re.compile(rb"\]\(" + _GAP)
_BEFORE_DEFINED = re.compile(rb"(?<!\\)\]:" + _GAP)
_OPENS_ANCHOR = re.compile(r"<a\s[^>]*href", re.IGNORECASE)
# Between two pieces of text that are one word: a backslash escape, or emphasis as in "a?_gl=1*b*c".
_GOES_ON = re.compile(rb".(?:\\|[*_~]{1,3}(?=[\w/%?&=+.#-])).", re.DOTALL)
_GAP_LIMIT = 3  # bytes of what stands between
_INLINE = frozenset({"Emphasis", "Strong", "Strikethrough"})  # what else begins is a block


@dataclass(slots=True)
class _Open:
    """A link or image whose end has not come yet."""

    element: str
    start: int
    children_end: int
    link: dict[str, Any]
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Walk:
    """What the events of a text come to. Every offset is one of bytes in ``source``."""

    source: bytes
    links: list[Spot] = field(default_factory=list)
    references: list[tuple[str, Spot]] = field(default_factory=list)  # label, and the use of it
    pieces: list[tuple[int, int, str | None]] = field(default_factory=list)  # for the HTML parser
    runs: list[list[int]] = field(default_factory=list)  # literal text outside links
    has_html: bool = False
    heading: str | None = None  # the first of level one
    _words: list[str] | None = None  # of that heading, while it lasts
    _open: list[_Open] = field(default_factory=list)
    _in_code: bool = False
    _in_anchor: bool = False

    def takers(self) -> dict[str, Callable[[Any, int, int], None]]:
        """What adds an event to the picture, by the name of the event; what has none adds nothing."""
        return {
            "Text": self._text,
            "Code": partial(self._text, literal=False),
            "Html": self._html,
            "InlineHtml": self._html,
            "Start": self._start,
            "End": self._end,
        }

    def _text(self, words: str, start: int, end: int, *, literal: bool = True) -> None:
        if self._in_code:
            return
        self.pieces.append((start, end, None))
        if self._words is not None:
            self._words.append(words)
        if self._open:
            self._said(words, end)
        elif literal and not self._in_anchor:
            self._run(start, end)

    def _said(self, words: str, end: int) -> None:
        for each in self._open:
            each.words.append(words)
            each.children_end = end

    def _run(self, start: int, end: int) -> None:
        if self.runs:
            last = self.runs[-1][1]
            if start - last <= _GAP_LIMIT and (
                start == last or _GOES_ON.fullmatch(self.source, last - 1, start + 1)
            ):
                self.runs[-1][1] = end
                return
        self.runs.append([start, end])

    def _html(self, markup: str, start: int, end: int) -> None:
        for each in self._open:
            each.children_end = end
        if self._open and self._in_image():
            return
        self.has_html = True
        self.pieces.append((start, end, markup))
        if _OPENS_ANCHOR.match(markup):
            self._in_anchor = True
        elif markup[:3].lower() == "</a":
            self._in_anchor = False

    def _in_image(self) -> bool:
        """Whether what comes is the description of an image, which shows its text only."""
        return any(each.element == "img" for each in self._open)

    def _start(self, tag: Any, start: int, _end: int) -> None:
        if isinstance(tag, str):
            self._in_anchor &= tag in _INLINE
            return
        if "Link" in tag:
            self._open.append(_Open("a", start, start, tag["Link"]))
            return
        if "Image" in tag:
            self._open.append(_Open("img", start, start + 1, tag["Image"]))
            return
        self._in_anchor = False
        if "CodeBlock" in tag:
            self._in_code = True
        elif "Heading" in tag and self.heading is None and tag["Heading"]["level"] == "H1":
            self._words = []

    def _end(self, tag: Any, _start: int, end: int) -> None:
        if tag == "CodeBlock":
            self._in_code = False
        elif tag in ("Link", "Image") and self._open:
            done = self._open.pop()
            if not self._in_image():
                self._close(done, end)
        elif self._words is not None and isinstance(tag, dict) and "Heading" in tag:
            self.heading, self._words = one_line("".join(self._words)) or None, None
        for each in self._open:
            each.children_end = end

    def _close(self, done: _Open, end: int) -> None:
        attribute, kind = ("href", Kind.ANCHORS) if done.element == "a" else ("src", Kind.IMAGES)
        text = one_line("".join(done.words))
        spot = Spot(done.start, done.link["dest_url"], done.element, attribute, kind, text)
        match done.link["link_type"]:
            case "Inline":
                found = _BEFORE_DESTINATION.search(self.source, done.children_end, end)
                self.links.append(spot._replace(offset=found.end()) if found else spot)
            case "Autolink":
                self.links.append(spot._replace(offset=done.start + 1, raw=entities(spot.raw)))
            case "Email":
                self.links.append(spot._replace(offset=done.start + 1, raw=f"mailto:{spot.raw}"))
            case _:
                self.references.append((done.link["id"], spot))


def is_html(text: str) -> bool:
    """Whether a text with LF line endings is one block of HTML: mirrored articles are, below their header."""
    block = _HTML_BLOCK.match(text)
    if block is None:
        return False
    end = len(text.rstrip(" \t\n"))
    line = text.find("\n", block.end(), end)  # most such bodies are one line
    return line < 0 or _BLANK_LINE.search(text, line, end) is None


_BREAK = (("Text", " "),)  # what an event without a value is: the end of a line, a rule


def walk(text: str) -> Walk:
    """The picture of a whole text with LF line endings."""
    seen = Walk(text.encode())
    takers = seen.takers()
    for event, span in PARSER.events_with_range(text):
        for name, value in _BREAK if isinstance(event, str) else event.items():
            if name in takers:
                takers[name](value, span["start"], span["end"])
    return seen


def definitions(text: str, source: bytes) -> dict[str, int]:
    """Where the address of each link reference definition stands, by its label."""
    places = {}
    for label, definition in PARSER.reference_definitions(text).items():
        start, end = definition["span"]["start"], definition["span"]["end"]
        found = _BEFORE_DEFINED.search(source, start, end)
        places[" ".join(label.casefold().split())] = found.end() if found else start
    return places
