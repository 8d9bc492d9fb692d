"""Data that ships is found in a checkout and in an installed wheel alike."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from linkwatch import shipped
from linkwatch.errors import LinkwatchError

ROOT = Path(__file__).resolve().parents[1]


def test_a_checkout_uses_its_own_folders() -> None:
    """Nothing is copied into the package where the repository's own folders are there."""
    assert shipped.path("seeds/articles") == ROOT / "seeds" / "articles"


def test_an_installed_package_uses_what_the_wheel_carries(tmp_path: Path) -> None:
    """What lies inside the package wins over folders that happen to lie beside it."""
    package = tmp_path / "linkwatch"
    inside = package / "_shipped" / "seeds"
    inside.mkdir(parents=True)
    (tmp_path / "seeds").mkdir()
    assert shipped.path("seeds", package) == inside


def test_what_is_missing_is_said_in_one_line(tmp_path: Path) -> None:
    """A broken installation gets one line that says what to do."""
    with pytest.raises(LinkwatchError, match=r"^seeds/nothing is missing .*install linkwatch again$"):
        shipped.path("seeds/nothing", tmp_path)


@pytest.mark.parametrize("name", ["seeds/articles", "seeds/lists", "spiders", "db/metadata.yml"])
def test_what_is_asked_for_is_mapped_into_the_wheel(name: str) -> None:
    """Each name lies under a folder or file that the wheel carries under ``_shipped``."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mapped = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    sources = {source: target for source, target in mapped.items() if (name + "/").startswith(source + "/")}
    assert [f"linkwatch/_shipped/{source}" for source in sources] == list(sources.values()) != []
    assert shipped.path(name).exists()
