"""Writing an article back whole or not at all, and what git says of it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_GIT_SECONDS = 60.0  # a status of a repository of a million files takes a few seconds


def replace(location: Path, data: bytes) -> None:
    """Puts ``data`` in place of a file, its mode kept. A crash leaves the old file or the new one.

    A symbolic link stays one: the file it leads to is replaced. Raises OSError.
    """
    target = location.resolve(strict=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def uncommitted(locations: Iterable[Path]) -> set[Path]:
    """Which of these files hold what git does not: changed, or never added. None of them without git."""
    found: set[Path] = set()
    resolved = [each.resolve() for each in locations]
    tops = {parent: _top(parent) for parent in {each.parent for each in resolved}}
    changed = {top: _changed(top) for top in set(tops.values()) if top is not None}
    for each in resolved:
        top = tops[each.parent]
        if top is not None and each in changed[top]:
            found.add(each)
    return found


def _top(directory: Path) -> Path | None:
    said = _git(directory, "rev-parse", "--show-toplevel")
    return Path(os.fsdecode(said.rstrip(b"\n"))).resolve() if said else None


def _changed(top: Path) -> set[Path]:
    """Every file below ``top`` that is not as the last commit has it."""
    said = _git(top, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
    return {top / os.fsdecode(entry[3:]) for entry in (said or b"").split(b"\0") if entry}


def _git(directory: Path, *arguments: str) -> bytes | None:
    """What git says in a directory; None where there is no git, or no repository."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and no word of it from outside
            ["git", "--no-optional-locks", "-C", str(directory), *arguments],  # noqa: S607
            capture_output=True,
            check=False,
            timeout=_GIT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
