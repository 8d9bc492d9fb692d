"""Docs cannot lie: what they show is made from, or compared with, the thing itself."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import goldens
import pytest
import readme

from linkwatch import __version__
from linkwatch.config import FILE_NAME, parse

ROOT = Path(__file__).resolve().parents[1]
TEXT = readme.README.read_text(encoding="utf-8")


def test_the_readme_shows_the_help_as_it_is() -> None:
    """The pages of help in the README are those the commands print; ``make docs`` renews them."""
    assert readme.rendered(TEXT) == TEXT


def test_the_readme_begins_with_what_one_types() -> None:
    """Whoever opens the README sees within its first lines how to run and how to test."""
    head = "\n".join(TEXT.splitlines()[:30])
    assert "make run" in head
    assert "make test" in head


def test_the_readme_shows_what_the_demo_reports() -> None:
    """The entry in its first lines stands in the demo's report, line by line and in this order."""
    (block,) = re.findall(r"```text\n(Still dead.*?)```", TEXT, re.DOTALL)
    shown = [goldens.masked(line) for line in block.splitlines()]
    report = (goldens.FOLDER / goldens.FILES["terminal"]).read_text(encoding="utf-8").splitlines()
    assert report[report.index(shown[0]) :][: len(shown)] == shown


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL))
def test_settings_in_the_readme_are_valid(block: str) -> None:
    """Every piece of linkwatch.toml in the README is accepted as it stands."""
    parse(tomllib.loads(block), root=ROOT, name=FILE_NAME)


def test_one_version() -> None:
    """The package, its metadata and the template of the settings name the same version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    assert f"linkwatch/{__version__} " in (ROOT / "linkwatch" / "linkwatch.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXT))
def test_files_the_readme_points_to_exist(target: str) -> None:
    """Every relative link of the README leads to a file of the project."""
    assert (ROOT / target).exists()


def test_every_format_of_a_report_can_be_asked_for() -> None:
    """The command line offers the formats there are, no more and no fewer."""
    from linkwatch.cli import FORMATS
    from linkwatch.report.formats import NAMES

    assert tuple(FORMATS.choices) == NAMES
