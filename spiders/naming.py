"""Which file a page is kept in: the same for the same address, and safe whatever the address holds."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

# Bytes of one name: file systems take 255, encrypted ones 143, and a hash and a suffix come on top.
NAME_LIMIT = 120
DEPTH_LIMIT = 12
_UNSAFE = re.compile(r"[^\w.~-]+")
_SUFFIX = re.compile(r"\.(x?html?)$")
# Names that Windows keeps for devices, whatever their suffix.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def file_name(url: str, *, distinct: bool = False) -> PurePosixPath:
    """The file for a page, relative to the output directory: host, then path.

    Where the address cannot be told from such a name (a query, capitals, signs that some file
    system does not take, great length), or when ``distinct`` asks for it, a hash of the address
    is part of the name.
    """
    parts = urlsplit(url)
    *folders, leaf = parts.path.lstrip("/").split("/")
    wanted = [unquote(each) for each in folders] + [unquote(_SUFFIX.sub("", leaf)) or "index"]
    names = [_safe(each) for each in wanted]
    if distinct or parts.query or names != wanted or len(names) > DEPTH_LIMIT:
        names[-1] += f"-{_digest(url)}"
    return PurePosixPath(_host(parts.netloc), *names[:-1][:DEPTH_LIMIT], f"{names[-1]}.html")


def _host(netloc: str) -> str:
    return _safe(netloc.rpartition("@")[2].replace(":", "-"))


def _safe(name: str) -> str:
    """The nearest name that every file system takes, tells from others, and gives no folder a page's name."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())
    text = _SUFFIX.sub(r"-\1", _UNSAFE.sub("-", text).strip(".-"))
    text = text.encode()[:NAME_LIMIT].decode(errors="ignore").rstrip(".-") or "_"
    return f"_{text}" if _DEVICE.fullmatch(text) else text


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:8]
