"""Content decides which format a file is; its name only where content leaves it open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from linkwatch.harvest.document import Context
from linkwatch.harvest.extract import documents, format_of

if TYPE_CHECKING:
    from pathlib import Path

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://a.example/"/></entry></feed>'
KINDS = [
    ("<!--1693890422000-->\n[T](https://a.example/)\n------\n", "000.txt", "markdown"),
    ("<!doctype html><p><a href=x>", "page.txt", "html"),
    ("<!-- a note --><html><body>", "page.xml", "html"),
    (ATOM, "feed.xml", "feed"),
    (f"<!-- made by hand -->\n{ATOM}", "feed.xml", "feed"),
    (f'<?xml version="1.0"?><!-- x -->{ATOM}', "whatever.txt", "feed"),
    (ATOM.replace("<feed xmlns", "<a:feed xmlns:a").replace("</feed>", "</a:feed>"), "feed.xml", "feed"),
    ('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>', "x.xml", "sitemap"),
    ('{"cells": [], "nbformat": 4, "metadata": {}}', "book.ipynb", "notebook"),
    ("Title\n=====\n\n.. image:: x.png\n", "page.rst", "rst"),
    ("= Title\n\nhttps://a.example/[text]\n", "page.adoc", "asciidoc"),
    ("See https://a.example/ for more.", "note.txt", "plaintext"),
    ("", "empty.txt", "plaintext"),
]


@pytest.mark.parametrize(("text", "path", "name"), KINDS)
def test_content_decides(text: str, path: str, name: str) -> None:
    """A text is what it looks like, whatever its file is called."""
    assert format_of(text, path) == name
    assert documents(text, Context(path))[0] == name


def test_feeds_that_begin_with_a_comment_are_feeds(shared: Path) -> None:
    """Every well-formed feed of the public suite is read as a feed."""
    wrong = [
        path.name
        for path in sorted((shared / "conformance" / "feeds" / "wellformed").rglob("*.xml"))
        if format_of(path.read_text(encoding="utf-8", errors="replace"), path.name) != "feed"
    ]
    assert wrong == []


HOSTILE = {
    "closing brackets": ("a.md", "http://a.example/" + ")" * 60_000),
    "entities": ("a.md", "http://a.example/" + "&gt;" * 20_000),
    "open marks": ("a.rst", "Title\n=====\n\n" + "`a\n" * 20_000),
    "references": ("a.adoc", "= T\n\n" + "xref:a[" * 20_000),
    "comments": ("a.xml", '<?xml version="1.0"?>' + "<!-- a -->\n" * 60 + "<web-app/>"),
    "styles": ("a.html", '<html><p style="' + "url(" * 20_000 + '">'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_one_go(name: str) -> None:
    """What once took minutes, or never ended, ends well before the time a test has."""
    path, text = HOSTILE[name]
    assert documents(text, Context(path))[1]
