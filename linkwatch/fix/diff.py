"""A change of a file as a unified diff that ``git apply`` and ``patch`` take: bytes, as files hold them."""

from __future__ import annotations

from difflib import diff_bytes, unified_diff

_NO_NEWLINE = b"\n\\ No newline at end of file\n"


def unified(name: str, before: bytes, after: bytes) -> bytes:
    """The diff of a file called ``name``; empty where nothing changed."""
    old, new = f"a/{name}".encode(), f"b/{name}".encode()
    lines = diff_bytes(unified_diff, _lines(before), _lines(after), old, new)
    return b"".join(_ended(line) for line in lines)


def shown(diff: bytes) -> str:
    """A diff for a terminal: articles hold what strangers wrote, so nothing in it moves a cursor."""
    text = diff.decode(errors="replace").replace("\t", "    ")
    return "".join(
        each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text
    )


def _lines(data: bytes) -> list[bytes]:
    """Lines as diff tools count them: ended by LF alone."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _ended(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + _NO_NEWLINE
