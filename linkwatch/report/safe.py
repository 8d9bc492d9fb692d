"""Hostile text made inert: one function for each output it may reach.

Titles, anchor texts, URLs, headers and file names come from the web. ``plain`` is the floor
under all of them; each output then disarms what only it would act upon.
"""

from __future__ import annotations

import re
import unicodedata
from json import dumps
from urllib.parse import quote, urlsplit

ELLIPSIS = "…"
REPLACEMENT = "\ufffd"
BREAK = "\u200b"  # parts two characters that would mean something together
TITLE_LIMIT = 200  # characters: the longest headline anyone reads
URL_LIMIT = 2_000  # characters: beyond this browsers and feed readers begin to refuse

# Cc control, Cs half a surrogate pair, Cn no character: something was meant to go wrong here.
_DANGEROUS = frozenset({"Cc", "Cs", "Cn"})
# Cf format: bidi marks and what is invisible, but for the joiners of Persian, Hindi and emoji.
_UNSHOWN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]"
    "|[\U000e0000-\U000e007f]"
)
_JOINERS = "\u200c\u200d"
_BLANK = re.compile(r"[\s\u2028\u2029]+")
_UNSAFE_IN_URL = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
# What GitHub links by itself: @people, #1, GH-1, addresses.
_MARKDOWN_LINKS = re.compile(
    r"(?<=@)(?=\w)|(?<=#)(?=\d)|(?<=\bGH)(?=-\d)|(?<=:)(?=//)|(?<=\bwww)(?=\.)", re.IGNORECASE
)
# An address here makes GitHub write "mentioned" into the other project's issue.
_CROSS_REFERENCE = re.compile(
    r"https?://(?:www\.)?github\.com/[^/]+/[^/]+/(?:issues|pull|discussions|commit)/", re.IGNORECASE
)

# What spreadsheets take for the beginning of a formula, in both widths.
_FORMULA = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def plain(text: str, limit: int = TITLE_LIMIT) -> str:
    """One line of visible text: nothing that moves a cursor, turns the reading direction or hides."""
    cut = text[: limit + 1]
    line = _BLANK.sub(" ", cut).strip()
    # As nearly all: what is printable is neither dangerous nor hidden.
    shown = line if line.isprintable() else "".join(_visible(character) for character in line)
    return shown if len(text) <= limit else shown[: limit - 1].rstrip() + ELLIPSIS


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" and character not in _JOINERS:
        return ""
    return REPLACEMENT if category in _DANGEROUS else character


def href(url: str | None) -> str | None:
    """A URL that may be followed: http or https, a host, no password, in ASCII; otherwise None."""
    if url is None or len(url) > URL_LIMIT:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return ascii_url(url)


def ascii_url(url: str) -> str:
    """A URL with everything that URLs do not hold percent-encoded."""
    return _UNSAFE_IN_URL.sub(lambda found: quote(found[0], safe="", errors="replace"), url)


def terminal(text: str, limit: int = TITLE_LIMIT) -> str:
    """For a terminal: no control characters, so no escape sequences."""
    return plain(text, limit)


def markdown(text: str, limit: int = TITLE_LIMIT) -> str:
    """For running text in Markdown on GitHub: no markup, mention, issue reference or link."""
    parted = _MARKDOWN_LINKS.sub(BREAK, plain(text, limit))
    return _MARKDOWN_SPECIAL.sub(r"\\\1", parted)


def markdown_code(text: str, limit: int = TITLE_LIMIT) -> str:
    """For Markdown, as code: its fence is longer than any run of backticks within."""
    line = plain(text, limit) or " "
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def markdown_link(url: str) -> str:
    """A URL in Markdown: a link where it is safe to follow and to mention, otherwise code."""
    target = href(url)
    if target is None or _CROSS_REFERENCE.match(target):
        return markdown_code(url, URL_LIMIT)
    shown = _MARKDOWN_SPECIAL.sub(r"\\\1", plain(url, TITLE_LIMIT))
    return f"[{shown}](<{target}>)"


def csv(text: str, limit: int = URL_LIMIT) -> str:
    """For a cell of a spreadsheet: never a formula."""
    line = plain(text, limit)
    return f"'{line}" if _FORMULA.match(line) else line


def json(serialized: str) -> str:
    """For JSON that may be shown on a terminal: what is invisible or dangerous as an escape of JSON."""
    return _UNSHOWN.sub(lambda found: dumps(found[0])[1:-1], serialized)


def workflow(text: str, limit: int = TITLE_LIMIT) -> str:
    """For the message of a GitHub workflow command."""
    return plain(text, limit).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str, limit: int = URL_LIMIT) -> str:
    """For a property of a GitHub workflow command, where colons and commas end the value."""
    return workflow(text, limit).replace(":", "%3A").replace(",", "%2C")
