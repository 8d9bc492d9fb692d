"""A directory of templates changes how the report looks, and cannot make it dangerous by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sample import HOSTILE_TITLE, sample

from linkwatch.errors import ConfigError
from linkwatch.report import formats

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

EVERY_TITLE = (
    "{% for section in report.sections %}{% for entry in section.entries %}"
    "{% for one in entry.citations %}{{ one.title }}\n{% endfor %}{% endfor %}{% endfor %}"
)


def test_html_of_ones_own(db: Database, tmp_path: Path) -> None:
    """The directory's report.html is used, and what it writes is escaped."""
    (tmp_path / "report.html").write_text(f"<title>Ours</title>{EVERY_TITLE}")
    html = formats.render("html", sample(db), templates=str(tmp_path))
    assert html.startswith("<title>Ours</title>")
    assert "<script>" not in html


def test_a_part_of_ones_own(db: Database, tmp_path: Path) -> None:
    """What the directory does not hold is ours; a directory without a report.md changes no Markdown."""
    report = sample(db)
    (tmp_path / "notes.txt").write_text("not a template of a report")
    assert formats.render("html", report, templates=str(tmp_path)) == formats.render("html", report)
    assert formats.render("markdown", report, templates=str(tmp_path)) == formats.render("markdown", report)


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_directory_that_is_not_there(db: Database, tmp_path: Path, form: str) -> None:
    """A mistyped directory, or one with nothing in it, is said and not passed over in silence."""
    with pytest.raises(ConfigError, match="no such directory, or an empty one"):
        formats.render(form, sample(db), templates=str(tmp_path / "tempaltes"))


def test_markdown_of_ones_own(db: Database, tmp_path: Path) -> None:
    """Values are inert by themselves; links and code are asked for by name."""
    (tmp_path / "report.md").write_text(
        "# Ours & theirs\n" + EVERY_TITLE + "{{ report.sections[0].entries[0].url | link }}\n"
        "{{ report.sections[0].entries[0].url | code }}\n"
    )
    text = formats.render("markdown", sample(db), templates=str(tmp_path))
    assert text.startswith("# Ours & theirs\n")
    assert "<script>" not in text
    assert "@octocat" not in text
    assert "](<https://www.example.org/" in text
    assert HOSTILE_TITLE not in text


def test_long_markdown_is_cut_with_a_notice(db: Database, tmp_path: Path) -> None:
    """At a line, within the limit, and it says what was found."""
    (tmp_path / "report.md").write_text(EVERY_TITLE * 50)
    text = formats.render("markdown", sample(db), templates=str(tmp_path), limit=2000)
    assert len(text.encode()) <= 2000
    assert "1 newly dead" in text.splitlines()[-1]


@pytest.mark.parametrize("wrong", ["{% if %}", "{{ report.nothing }}", "{% include 'missing.html' %}"])
def test_a_wrong_template_is_our_fault(db: Database, tmp_path: Path, wrong: str) -> None:
    """One line that names the setting."""
    report = sample(db)
    for name, form in (("report.html", "html"), ("report.md", "markdown")):
        (tmp_path / name).write_text(wrong)
        with pytest.raises(ConfigError, match=r"\[report\] templates"):
            formats.render(form, report, templates=str(tmp_path))
