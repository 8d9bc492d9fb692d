"""Bytes to text: marks, declarations, detection, and what is no text at all."""

from __future__ import annotations

import codecs
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.harvest.encoding import UndecodableError, decode, decoded

CHINESE = "朝鲜领导人本月前往俄罗斯，讨论军事合作的可能性。"
GERMAN = "Übermäßig größere Städte fördern die Kälte für alle Bürger."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (CHINESE.encode(), CHINESE),
        (codecs.BOM_UTF8 + CHINESE.encode(), CHINESE),
        (codecs.BOM_UTF16_LE + CHINESE.encode("utf-16-le"), CHINESE),
        (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), CHINESE),
        (codecs.BOM_UTF32_LE + CHINESE.encode("utf-32-le"), CHINESE),
        (f"<meta charset=gb2312>{CHINESE}".encode("gb18030"), f"<meta charset=gb2312>{CHINESE}"),
        (
            f'<?xml version="1.0" encoding="big5"?>{"論文"}'.encode("big5"),
            '<?xml version="1.0" encoding="big5"?>論文',
        ),
        (f"<meta charset='iso-8859-1'>“{GERMAN}".encode("cp1252"), f"<meta charset='iso-8859-1'>“{GERMAN}"),
        (CHINESE.encode("gb18030"), CHINESE),
        (GERMAN.encode("cp1252"), GERMAN),
        (f"<meta charset=utf-8>{CHINESE}".encode("gb18030"), f"<meta charset=utf-8>{CHINESE}"),
        (
            f"<meta charset=no-such-thing>{CHINESE}".encode("gb18030"),
            f"<meta charset=no-such-thing>{CHINESE}",
        ),
        ((CHINESE * 2).encode()[:-1], (CHINESE * 2)[:-1] + "\udce3\udc80"),
        (CHINESE.encode() + b"\xff" + CHINESE.encode(), f"{CHINESE}\udcff{CHINESE}"),
        (b"", ""),
    ],
)
def test_text_is_read_in_its_encoding(data: bytes, text: str) -> None:
    """By mark, as UTF-8, as declared, as detected: in that order, and a false declaration is seen through."""
    assert decoded(data).text == text
    assert decode(data) == re.sub("[\udc80-\udcff]", "\ufffd", text)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a binary file, not text"),
        (codecs.BOM_UTF16_LE + b"\0\xd8a", "not valid UTF-16-LE at byte"),
        (bytes(range(1, 256)) * 4, "cannot be recognised"),
    ],
)
def test_what_is_no_text_says_why(data: bytes, reason: str) -> None:
    """A file that cannot be decoded is told in one line."""
    with pytest.raises(UndecodableError, match=reason) as error:
        decode(data)
    assert "\n" not in str(error.value)


def test_stray_bytes_are_written_back() -> None:
    """What could not be decoded comes out as it was when another part of the file is changed."""
    data = CHINESE.encode() + b"\xff" + CHINESE.encode()[:-2]
    found = decoded(data)
    assert found.encoded(found.text.replace("朝鲜", "Korea")) == data.replace("朝鲜".encode(), b"Korea")


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    """No bytes make it fail in another way, and what is read can be written as UTF-8."""
    try:
        decode(data).encode()
    except UndecodableError:
        return
