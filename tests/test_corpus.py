"""The walk over a corpus: what is an article, what it is called, and what cannot do harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linkwatch.config import Corpus
from linkwatch.errors import CorpusError
from linkwatch.harvest.corpus import File, Trouble, covers, roots, walk


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")


def found(root: Path, *paths: Path, corpus: Corpus | None = None) -> list[str]:
    return [
        each.path if isinstance(each, File) else f"! {each.path}"
        for start in roots(paths or (root,), root)
        for each in walk(start, corpus or Corpus())
    ]


def test_articles_by_name_in_order(tmp_path: Path) -> None:
    """Every file of a known format, below directories too, in the order of names; nothing else."""
    make(tmp_path, "b.md", "a.html", "posts/c.txt", "posts/d.ipynb", "style.css", "photo.jpg", "README")
    assert found(tmp_path) == ["a.html", "b.md", "posts/c.txt", "posts/d.ipynb"]


def test_directories_that_hold_no_articles(tmp_path: Path) -> None:
    """Hidden directories and those of package managers are not entered."""
    make(tmp_path, ".git/a.md", "node_modules/a.md", ".venv/a.md", "venv/a.md", ".hidden.md", "b.md")
    assert found(tmp_path) == ["b.md"]


def test_include_and_exclude(tmp_path: Path) -> None:
    """Globs choose by name or path; an excluded directory is left out whole."""
    make(tmp_path, "a.md", "a.custom", "drafts/b.md", "old/c.md", "old/deep/d.md")
    assert found(tmp_path, corpus=Corpus(exclude=("drafts/*", "old"))) == ["a.md"]
    assert found(tmp_path, corpus=Corpus(include=("*.custom",))) == ["a.custom"]


def test_names_are_relative_to_the_configuration_or_to_what_was_named(tmp_path: Path) -> None:
    """Below the configuration's directory a name starts there, elsewhere at the parent of the named path."""
    make(tmp_path, "site/content/a.md", "other/b.md")
    site = tmp_path / "site"
    assert found(site, site / "content", tmp_path / "other", tmp_path / "other" / "b.md") == [
        "content/a.md",
        "other/b.md",
        "b.md",
    ]


def test_named_file_is_read_whatever_its_ending(tmp_path: Path) -> None:
    """Naming a file says that it is an article."""
    make(tmp_path, "article")
    assert found(tmp_path, tmp_path / "article") == ["article"]


def test_missing_path_is_an_error(tmp_path: Path) -> None:
    """A path that does not exist stops the harvest with one line, also when its name has line breaks."""
    with pytest.raises(CorpusError, match=r"no such file or directory") as error:
        roots([tmp_path / "a\nb"], tmp_path)
    assert "\n" not in str(error.value)


def test_odd_names_survive(tmp_path: Path) -> None:
    """Line breaks, percent signs, question marks and bytes that are no UTF-8 are part of a name."""
    make(tmp_path, "a\nb.md", "100%.md", "what?.md", "中文 [x] | y.md")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).write_text("text")
    assert sorted(found(tmp_path)) == sorted(
        ["a\nb.md", "100%.md", "what?.md", "中文 [x] | y.md", "\\xff.md"]
    )


def test_symbolic_links_that_lead_in_circles(tmp_path: Path) -> None:
    """Each directory is entered once, however many links lead to it; a link to nothing is a line."""
    make(tmp_path, "posts/a.md")
    (tmp_path / "posts" / "loop").symlink_to(tmp_path)
    (tmp_path / "self.md").symlink_to(tmp_path / "self.md")
    (tmp_path / "nowhere.md").symlink_to(tmp_path / "missing")
    assert found(tmp_path) == ["! nowhere.md", "posts/a.md", "! self.md"]


def test_pipes_and_devices_are_not_read(tmp_path: Path) -> None:
    """What is no regular file would keep the harvest waiting for ever: it is told, and the rest goes on."""
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "zeros.md").symlink_to("/dev/zero")
    make(tmp_path, "a.md")
    assert found(tmp_path) == ["a.md", "! pipe.md", "! zeros.md"]
    assert found(tmp_path, tmp_path / "pipe.md") == ["! pipe.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_unreadable_directory_is_one_line(tmp_path: Path) -> None:
    """What may not be read is told, and the rest goes on."""
    make(tmp_path, "a.md", "closed/b.md")
    (tmp_path / "closed").chmod(0)
    try:
        assert found(tmp_path) == ["a.md", "! closed"]
    finally:
        (tmp_path / "closed").chmod(0o755)


def test_covers_by_whole_names(tmp_path: Path) -> None:
    """A root covers what lies below it, not what begins with the same letters."""
    make(tmp_path, "post/a.md", "posts/b.md")
    named = roots([tmp_path / "post"], tmp_path)
    assert covers(named, "post/a.md")
    assert not covers(named, "posts/b.md")
    assert covers(roots([tmp_path], tmp_path), "anything")


def test_trouble_is_told_in_words(tmp_path: Path) -> None:
    """The reason is a sentence of the system, without its numbers."""
    (tmp_path / "a.md").symlink_to(tmp_path / "missing")
    assert [*walk(roots([tmp_path], tmp_path)[0], Corpus())] == [
        Trouble("a.md", "cannot be read: no such file or directory")
    ]
