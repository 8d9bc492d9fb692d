"""Where the data that ships with linkwatch lies: sample articles, lists, spiders, Datasette's settings.

A wheel carries them inside the package (``_shipped``, as ``pyproject.toml`` maps them); a checkout
has them in its own folders.
"""

from __future__ import annotations

from pathlib import Path

from linkwatch.errors import LinkwatchError

PACKAGE = Path(__file__).resolve().parent


def path(name: str, package: Path = PACKAGE) -> Path:
    """The file or folder that ships under a name such as ``seeds/articles``.

    Raises LinkwatchError where this installation lacks it.
    """
    for root in (package / "_shipped", package.parent):
        if (root / name).exists():
            return root / name
    raise LinkwatchError(f"{name} is missing from this installation; install linkwatch again")


def template() -> str:
    """The commented ``linkwatch.toml`` that ``linkwatch init`` writes: every key with its default."""
    return (PACKAGE / "linkwatch.toml").read_text(encoding="utf-8")
