"""From the bytes of a file to its text: byte order mark, UTF-8, what is declared, what is likely.

A file cut short in the middle of a character, or with a stray byte, is UTF-8 all the same: what
cannot be decoded can be kept as lone surrogates, so that the bytes can be written back as they were.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from turbohtml.detect import detect

from linkwatch.harvest.source import encodable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]*?charset\s*=\s*["']?([\w.:-]+)|"""
    rb"""coding[:=]\s*([\w.-]+)""",
    re.IGNORECASE,
)
_SAMPLE = 4096  # bytes in which a declaration is looked for; browsers take 1024
# Of random bytes the detector is 0.0 sure, of a line of prose in a legacy encoding 0.5 and more.
_SURE = 0.3
# Characters of UTF-8 beyond ASCII for each stray byte, at least: other encodings have hardly any by chance.
_WHOLE = 20
_STRAY = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


class UndecodableError(ValueError):
    """The bytes are no text that can be read; the message says why, for people."""


class Decoded(NamedTuple):
    """The text of a file, and what its bytes are made of."""

    text: str  # without byte order mark
    codec: str
    mark: bytes = b""
    sound: bool = True  # decoded as Unicode without a fault: there are no lone surrogates in it

    def encoded(self, text: str) -> bytes:
        """Another text as this file would hold it. Raises UnicodeEncodeError."""
        return self.mark + text.encode(self.codec, "surrogateescape" if self.codec == "utf-8" else "strict")


def decode(data: bytes) -> str:
    """The text of a file, without byte order mark and lone surrogates. Raises UndecodableError."""
    found = decoded(data)
    return found.text if found.sound else encodable(found.text)


def decoded(data: bytes) -> Decoded:
    """The text of a file, and how it is encoded. Raises UndecodableError."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data[len(mark) :], name), name, mark)
    if b"\0" in data:
        raise UndecodableError("a binary file, not text")
    try:
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError:
        return _legacy(data)


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise UndecodableError(f"not valid {name.upper()} at byte {error.start}") from None


def _legacy(data: bytes) -> Decoded:
    nearly = data.decode("utf-8", "surrogateescape")
    stray = len(_STRAY.findall(nearly))
    if len(_BEYOND_ASCII.findall(nearly)) - stray >= _WHOLE * stray:
        return Decoded(nearly, "utf-8", sound=False)
    declared = _DECLARED.search(data[:_SAMPLE])
    if declared is not None:
        named = next(filter(None, declared.groups())).decode("ascii", "replace")
        found = _tried(data, named)
        if found is not None:
            return found
    # Without the declaration, which the detector would believe.
    guess = detect(data if declared is None else data.replace(declared[0], b"", 1))
    found = _tried(data, guess.encoding) if guess.encoding and guess.confidence >= _SURE else None
    if found is None:
        raise UndecodableError("its encoding is not UTF-8, is not declared and cannot be recognised")
    return found


def _tried(data: bytes, name: str) -> Decoded | None:
    codec = _as_browsers_take_it(name)
    try:
        return Decoded(data.decode(codec), codec, sound=False)
    except (ValueError, LookupError):  # UnicodeError is a ValueError
        return None


def _as_browsers_take_it(name: str) -> str:
    """The codec for a label: what pages call GB2312 or Latin 1 is more (WHATWG Encoding, 4.2)."""
    return _LABELS.get(name.lower(), name)


_LABELS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
}
