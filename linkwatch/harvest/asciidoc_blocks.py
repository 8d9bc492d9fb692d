"""The blocks of an AsciiDoc text: what is text to read, what is raw HTML, what is neither."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkwatch.harvest.embedded import Embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"(?:-{4,}|\.{4,}|/{4,}|\+{4,}|```.*)$")
_ANY_DELIMITER = re.compile(r"(?:-{4,}|\.{4,}|/{4,}|\+{4,}|={4,}|\*{4,}|_{4,}|--|```.*)$")
_VERBATIM_STYLE = re.compile(r"\[(?:source|listing|literal|comment|stem|latexmath|asciimath|,)[^\]]*\]$")
_PASS_STYLE = re.compile(r"\[pass[^\]]*\]$")
_BLOCK_LINE = re.compile(r"\[[^\]]*\]$|\.[^\s.].*$")  # attributes or title of the block that follows
_DIRECTIVE = re.compile(r"(?:include|ifdef|ifndef|ifeval|endif)::\S*\[.*\]$")
_LIST_ITEM = re.compile(r"\s+(?:[*.-]+|\d+\.|[A-Za-z]\.)\s|.*?::+(?:\s|$)")
_TITLE = re.compile(r"^\.(?=[^\s.])")  # the mark of a block's title
_TERM = re.compile(r".*\S(?:::+|;;)$")  # of a description that begins in the lines below
_ATTRIBUTE = re.compile(r":(!?[A-Za-z0-9_][\w-]*!?):(?:[ \t]+(.*))?$")
_GOES_ON = " \\"
_REFERENCE = re.compile(r"(?<!\\)\{([A-Za-z0-9_][\w-]*)\}")
_LONGEST = 2000  # characters of an attribute's value once those in it are filled in


@dataclass(slots=True)
class Blocks:
    """What a text is made of."""

    prose: Embedded = field(default_factory=Embedded)  # all that is text, attributes filled in
    raw: list[tuple[int, int]] = field(default_factory=list)  # where HTML is passed through
    attributes: dict[str, str] = field(default_factory=dict)


def blocks(text: str, start: int) -> Blocks:
    """The blocks of a text with LF line endings, from an offset on."""
    reader = _Reader()
    at = start
    for line in text[start:].split("\n"):
        reader.take(line.rstrip(), at)
        at += len(line) + 1
    return Blocks(Embedded.of(reader.pieces), reader.raw, reader.attributes)


@dataclass(slots=True)
class _Reader:
    """One pass over the lines."""

    pieces: list[tuple[str, int]] = field(default_factory=list)
    raw: list[tuple[int, int]] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    fence: str = ""  # the line that ends the verbatim block we are in; " " for a blank one
    is_raw: bool = False  # that block is passed through
    style: str = ""  # what the line of attributes above says of the next block
    was_blank: bool = True
    after_term: bool = False  # the last line of text was a term: an indented paragraph describes it
    continues: str = ""  # the attribute whose value goes on in the next line

    def take(self, line: str, at: int) -> None:
        """Read one line, without its end, that begins at an offset."""
        if self.continues:
            self._define(self.continues, line.strip())
        elif self.fence:
            self._inside(line, at)
        elif not line:
            self.pieces.append(("\n\n", at))
        elif not self._opens(line, at) and not self._is_said_to_the_processor(line):
            line = _TITLE.sub(" ", line)
            self.pieces += _filled(line, at, self.attributes)
            self.pieces.append(("\n", at + len(line)))
            self.after_term = _TERM.match(line) is not None
        self.was_blank = not line

    def _inside(self, line: str, at: int) -> None:
        if line == self.fence.rstrip():
            self.fence, self.style = "", ""
        elif self.is_raw:
            self.raw.append((at, at + len(line)))

    def _opens(self, line: str, at: int) -> bool:
        """Whether a block begins here that is no text to read."""
        style, self.style = self.style, ""
        if _VERBATIM_STYLE.match(line) or _PASS_STYLE.match(line):
            self.style = line
            return True
        if _BLOCK_LINE.match(line) and style:  # more attributes, or a title, between style and block
            self.style = style
            return False
        self.is_raw = bool(_PASS_STYLE.match(style)) or (line.startswith("++++") and not style)
        if _FENCE.match(line) or (style and _ANY_DELIMITER.match(line)):
            self.fence = "```" if line.startswith("```") else line
        elif style or (line[0] in " \t" and self._is_apart(line)):
            self.fence = " "  # a paragraph in that style, or an indented one: to the next blank line
            self._inside(line, at)
        return bool(self.fence)

    def _is_apart(self, line: str) -> bool:
        """Whether an indented line begins a paragraph of its own, which is code."""
        return self.was_blank and not self.after_term and _LIST_ITEM.match(line) is None

    def _is_said_to_the_processor(self, line: str) -> bool:
        if found := _ATTRIBUTE.match(line):
            self._define(found[1], found[2] or "")
            return True
        return (line.startswith("//") and not line.startswith("///")) or _DIRECTIVE.match(line) is not None

    def _define(self, name: str, value: str) -> None:
        before = self.attributes.get(name.lower(), "") if self.continues else ""
        self.continues = name if value.endswith(_GOES_ON) else ""
        whole = f"{before} {value.removesuffix(_GOES_ON).strip()}".strip()
        if name.startswith("!") or name.endswith("!"):
            self.attributes.pop(name.strip("!").lower(), None)
        else:
            filled = "".join(piece for piece, _ in _filled(whole, 0, self.attributes))
            self.attributes[name.lower()] = filled[:_LONGEST]


def _filled(line: str, at: int, attributes: dict[str, str]) -> Iterator[tuple[str, int]]:
    """A line with its attributes filled in, in pieces with their places."""
    end = 0
    for found in _REFERENCE.finditer(line):
        value = attributes.get(found[1].lower())
        if value is not None:
            yield line[end : found.start()], at + end
            yield value, at + found.start()
            end = found.end()
    yield line[end:], at + end
