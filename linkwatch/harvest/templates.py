"""What template languages leave in articles that are not built yet: Liquid, Jinja, Go's templates, MDX.

What a template would fill in is not known, and the code that it shows to readers holds no links.
"""

from __future__ import annotations

import re

# No tag holds the beginning of another: looked for to the end, thousands without an end would take for ever.
_TAG = re.compile(r"\{%(?:(?!\{%).)*?%\}|\{\{.*?\}\}|\{\{.*|<%(?:(?!<%).)*?%>", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")

# Blocks whose inside is shown as code or not at all. Each begins and ends a line: tags that an article
# only talks about stand inside one.
_CODE = ("highlight", "code-toggle", "comment")
_BLOCKS = re.compile(
    rf"""^[ \t]*\{{(?:%-?|\{{[<%])[ ]*({"|".join(_CODE)})\b[^\n]*\n
    ((?:(?![ \t]*\{{(?:%-?|\{{[<%])[ ]*/?[ ]*(?:end)?\1\b)[^\n]*\n)*)
    [ \t]*\{{(?:%-?[ ]*end|\{{[<%][ ]*/[ ]*)\1\b""",
    re.MULTILINE | re.VERBOSE,
)
# Imports and exports at the head of an MDX file, each up to a blank line. Further down they might be
# what a block of code shows.
_HEAD = re.compile(r"\A\s*(?:(?:import|export)[ {][^\n]*(?:\n[^\n]+)*\s*)+")
_ANYTHING = re.compile(r"\S")


def known(text: str | None) -> str | None:
    """A text without what a template would fill in; None where nothing is left that says anything."""
    if text is None or not ("{" in text or "<%" in text):
        return text
    rest = " ".join(_TAG.sub(" ", text).split())
    return rest if any(map(str.isalnum, rest)) else None


def known_language(text: str | None) -> str | None:
    """The language a text names, in the form that codes of languages have; None where it names none."""
    return text if text is not None and _LANGUAGE.fullmatch(text) else None


def without_code(text: str) -> str:
    """The text with blanks for the code in it that templates show, each line as long as before."""
    if "{" not in text:  # one character is found at once, two are looked for ten times as long
        return text
    return _BLOCKS.sub(_blanked, text)


def without_script(text: str) -> str:
    """The text of an MDX file with blanks for the program at its head, each line as long as before."""
    return _HEAD.sub(lambda found: _ANYTHING.sub(" ", found[0]), text)


def _blanked(block: re.Match[str]) -> str:
    start, end = (place - block.start() for place in block.span(2))
    whole = block[0]
    return whole[:start] + _ANYTHING.sub(" ", block[2]) + whole[end:]
