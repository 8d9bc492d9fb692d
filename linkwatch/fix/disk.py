"""Writing an article back whole or not at all, and what git says of it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

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


@dataclass(slots=True)
class Uncommitted:
    """Which files hold what git does not: changed, or never added. Each repository is asked once."""

    _tops: dict[Path, Path | None] = field(default_factory=dict)
    _changed: dict[Path, set[Path] | None] = field(default_factory=dict)

    def __contains__(self, location: Path) -> bool:
        """Whether git could not bring a file back; False where there is no git, or no repository."""
        file = location.resolve()
        if file.parent not in self._tops:
            self._tops[file.parent] = _top(file.parent)
        top = self._tops[file.parent]
        if top is None:
            return False
        if top not in self._changed:
            self._changed[top] = _changed(top)
        changed = self._changed[top]
        return changed is None or file in changed


def _top(directory: Path) -> Path | None:
    said = _git(directory, "rev-parse", "--show-toplevel")
    return Path(os.fsdecode(said.rstrip(b"\n"))).resolve() if said else None


def _changed(top: Path) -> set[Path] | None:
    """Every file below ``top`` that is not as the last commit has it; None where git cannot say."""
    said = _git(top, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
    if said is None:
        return None
    return {top / os.fsdecode(entry[3:]) for entry in said.split(b"\0") if entry}


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
