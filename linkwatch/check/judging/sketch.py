"""How much of a text is still there, from half a kilobyte kept of each. Pure; the same in every process.

Of all shingles of a text (Broder 1997, "On the resemblance and containment of documents") those with
the smallest hashes are kept: a sample that any two texts draw alike, so that what both kept shows what
both hold. The measure is containment in either direction: a page that was extended, or cut down to its
first paragraph, still holds what the other holds, and is like it.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator

Sketch = tuple[int, ...]  # the smallest hashes of a text's shingles, ascending

# Hashes kept: 512 bytes a page. The error of a share of 0.1 measured on them is 0.03.
KEPT = 128
HASHES = 2**32
# Of fewer shingles that both sides could hold nothing is measured: the share would be a matter of luck.
FEWEST = 16
# Tokens of one shingle: unrelated articles of one site share three words in a row, or three Chinese
# characters, in few places beside set phrases.
SIZE = 3
# Scripts that write without spaces, where each letter is a token: Thai, Lao, Myanmar, Khmer, and Chinese
# and Japanese with the rarer planes. Letters of other scripts make words. Numbers are none: counters,
# dates and prices change on pages that stay what they are.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(f"[{_UNSPACED}]|[^\\W\\d_{_UNSPACED}]+")
_LETTER = re.compile(f"[{_UNSPACED}]")
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# What stands between the words of Chinese and Japanese, and what NFKC makes of it: in 101 of 105 articles
# nothing else is changed by it, and to see so takes a tenth of the time that it takes.
_WIDE = (
    ("\u3000", " "), ("\u00a0", " "), ("\uff0c", ","), ("\uff1a", ":"), ("\uff1b", ";"), ("\uff01", "!"),
    ("\uff1f", "?"), ("\uff08", "("), ("\uff09", ")"), ("\uff05", "%"), ("\uff5e", "~"), ("\u2026", "..."),
)  # fmt: skip
# Of plain ASCII one table does what else five steps do, and of texts with nothing beside it but what
# typesetters put between words: most of what is written in English is one or the other.
_BESIDE = re.compile("[^\x00-\x7f\u00a0\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026]")
_PLAIN = bytes(ord(chr(each).lower()) if chr(each).isalpha() else ord(" ") for each in range(128)).ljust(256)


def tokens(text: str) -> list[str]:
    """The words of a text, and its letters where words are not set apart; without case, marks, numbers."""
    return [each.decode("utf-8", "surrogatepass") for each in _tokens(text)]


def _tokens(text: str) -> list[bytes]:
    """The tokens as UTF-8, of which hashes are made."""
    if text.isascii() or _BESIDE.search(text) is None:
        return text.encode("ascii", "replace").translate(_PLAIN).split()
    text = _composed(text)
    for mark in _UNSEEN:
        text = text.replace(mark, "")
    return " ".join(_TOKEN.findall(text.casefold())).encode("utf-8", "surrogatepass").split()


def _composed(text: str) -> str:
    """A text in NFKC, where letters that look alike are one."""
    for wide, plain in _WIDE:
        text = text.replace(wide, plain)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def sketch(text: str) -> Sketch:
    """What is kept of a text."""
    words = _tokens(text)
    # Hashes lie anywhere alike often: below this are half as many more as are kept, nearly always.
    likely = 3 * KEPT * HASHES // (2 * len(words) or 1)
    few = {each for each in _hashes(words) if each < likely}
    return tuple(sorted(few if len(few) >= KEPT else set(_hashes(words)))[:KEPT])


def _hashes(words: list[bytes]) -> Iterator[int]:
    """Of each shingle, in their order. Most of what a sketch takes, and so no line of Python for each."""
    return map(crc32, map(b" ".join, zip(*(words[start:] for start in range(SIZE)), strict=False)))


def similarity(one: Sketch, other: Sketch) -> float | None:
    """From 0 (nothing in common) to 1 (one text holds the other); None where too little is known.

    Both samples are whole below the smaller of their largest hashes: what lies there is compared.
    """
    if one == other:
        return 1.0 if len(one) >= FEWEST else None
    limit = min(_reach(one), _reach(other))
    first, second = (frozenset(each for each in side if each <= limit) for side in (one, other))
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer >= FEWEST else None


def alike(one: str, other: str) -> float:
    """How much of the shorter of two short texts (titles) stands in the other, word by word, from 0 to 1."""
    first, second = set(_pairs(one)), set(_pairs(other))
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else 1.0


def packed(kept: Sketch) -> bytes:
    """A sketch as bytes, four of each hash."""
    return struct.pack(f">{len(kept)}I", *kept)


def unpacked(data: bytes) -> Sketch:
    """The sketch that these bytes hold."""
    return struct.unpack(f">{len(data) // 4}I", data)


def _reach(kept: Sketch) -> int:
    """Up to which hash a sketch knows all of its text: one that is not full knows it whole."""
    return kept[-1] if len(kept) >= KEPT else HASHES


def _pairs(text: str) -> list[str]:
    """Words; of unspaced scripts two letters together, which are about a word."""
    words = tokens(text)
    return [
        f"{word}{after}" if _LETTER.match(word) else word
        for word, after in zip(words, [*words[1:], ""], strict=False)
    ]
