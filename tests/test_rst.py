"""reStructuredText."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from textwrap import dedent
from typing import TYPE_CHECKING

import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.harvest import docutils_tree, rst
from linkwatch.harvest.document import Context
from linkwatch.model import Kind

if TYPE_CHECKING:
    from pathlib import Path


def found(text: str) -> list[tuple[str, str, int, int]]:
    (document,) = rst.read(text, Context())
    return [(link.raw, link.text, link.line, link.column) for link in document.links]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://a.example/b.", [("https://a.example/b", "https://a.example/b", 1, 5)]),
        ("`one <https://a.example/>`_ `two <https://b.example/>`__", [
            ("https://a.example/", "one", 1, 7), ("https://b.example/", "two", 1, 35)]),
        ("`a long\nname <https://a.example/x>`_", [("https://a.example/x", "a long name", 2, 7)]),
        ("Fish_ and `fish`_.\n\n.. _fish: https://a.example/", [
            ("https://a.example/", "Fish", 3, 11), ("https://a.example/", "fish", 3, 11)]),
        ("x__\n\n__ https://a.example/", [("https://a.example/", "x", 3, 4)]),
        ("`x`_\n\n.. _x: https://a.example/\n   b/c", [("https://a.example/b/c", "x", 3, 8)]),
        ("A [1]_.\n\n.. [1] Note (https://a.example/)", [
            ("https://a.example/", "https://a.example/", 3, 14)]),
        ("|x|_ z\n\n.. |x| replace:: words\n.. _x: https://a.example/", [
            ("https://a.example/", "words", 4, 8)]),
        (r"`x <https://a.example/a\_b>`_", [("https://a.example/a_b", "x", 1, 5)]),
        ("https://a.example/ and\n\nagain https://a.example/", [
            ("https://a.example/", "https://a.example/", 1, 1),
            ("https://a.example/", "https://a.example/", 3, 7)]),
        ("x https://a.example/b https://a.example/", [
            ("https://a.example/b", "https://a.example/b", 1, 3),
            ("https://a.example/", "https://a.example/", 1, 23)]),
    ],
)  # fmt: skip
def test_links_and_their_places(text: str, expected: list[tuple[str, str, int, int]]) -> None:
    """Each form of link is found, once for each time it is seen, placed where its address is written."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        ".. sidebar-card:: Words\n\n   `x <https://a.example/>`_",
        ".. unknown:directive::\n   :option: https://a.example/",
        ".. button-link:: https://a.example/\n   :color: red",
        "- .. versionadded:: 3 see https://a.example/",
        ":strange:role:`x <https://a.example/>`",
        ":url:`https://a.example/`",
        ".. toctree::\n\n   intro\n   Site <https://a.example/>",
        ".. figure:: /i.png\n   :target: https://a.example/",
        ".. raw:: html\n\n   <p><a href='https://a.example/'>x</a></p>",
        ".. list-table::\n   :widths: many\n\n   * - https://a.example/",
        "=====  =====\na      b\n=====  =====\n1      https://a.example/\n=====  =====",
        "+---+\n| https://a.example/ |\n+--",
    ],
)
def test_no_link_is_lost(text: str) -> None:
    """Directives and roles of other builders, tables, raw HTML, what is broken: the link inside counts."""
    assert "https://a.example/" in [raw for raw, *_ in found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "``https://a.example/``",
        "::\n\n  https://a.example/",
        ".. code-block:: sh\n\n   curl https://a.example/",
        ".. prompt:: bash\n\n   curl https://a.example/",
        ".. https://a.example/ in a comment",
        ":samp:`https://a.example/`",
        ".. include:: /etc/passwd",
        ".. csv-table::\n   :file: /etc/passwd",
        ".. raw:: html\n   :file: /etc/passwd",
        ":rfc:`2119` and :PEP:`8`",
        ".. _unused: https://a.example/",
    ],
)
def test_what_is_no_link(text: str) -> None:
    """Code, comments, addresses no reader sees, and what would come from elsewhere."""
    assert found(text) == []


def test_images() -> None:
    """A picture is one, also where a substitution names it."""
    text = ".. image:: https://a.example/i.png\n   :alt: fish\n\n|i|\n\n.. |i| image:: j.png\n"
    (document,) = rst.read(text, Context())
    assert [(link.raw, link.element, link.kind, link.text, link.line) for link in document.links] == [
        ("https://a.example/i.png", "img", Kind.IMAGES, "fish", 1),
        ("j.png", "img", Kind.IMAGES, "i", 6),
    ]


PEP = """\
PEP: 9999
Title: Counting fish
Author: Ana Ríos <ana@a.example>, ben@a.example (Ben)
Created: 22-Oct-2025

Abstract
========
"""
PELICAN = """\
Counting fish
#############

:date: 2024-05-05 10:00
:authors: Ana Ríos; Ben
:lang: es

Text.
"""
NIKOLA = """\
.. title: Counting fish
.. date: 2024-05-05 10:00:00 UTC
.. author: Ana Ríos

Text.
"""


@pytest.mark.parametrize(
    ("text", "authors", "published", "language"),
    [
        (PEP, ("Ana Ríos", "Ben"), datetime(2025, 10, 22, tzinfo=UTC), None),
        (PELICAN, ("Ana Ríos", "Ben"), datetime(2024, 5, 5, 10, tzinfo=UTC), "es"),
        (NIKOLA, ("Ana Ríos",), datetime(2024, 5, 5, 10, tzinfo=UTC), None),
    ],
)
def test_headers(text: str, authors: tuple[str, ...], published: datetime, language: str | None) -> None:
    """The headers of proposals, Pelican and Nikola tell title, authors, time and language."""
    (document,) = rst.read(text, Context())
    said = document.metadata
    assert said.title == "Counting fish"
    assert (said.authors, said.published_at, said.language) == (authors, published, language)


def test_one_text_does_not_colour_the_next() -> None:
    """A role that one text defines is unknown again in the next."""
    found(".. role:: fish(literal)\n\n:fish:`x`")
    assert found(":fish:`x <https://a.example/>`") == [("https://a.example/", "x", 1, 11)]


def test_very_long_lines_are_read_as_plain_text() -> None:
    """A line too long for docutils still gives its addresses."""
    assert len(found("x " * rst.LINE_LIMIT + "https://a.example/")) == 1


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (PEP, "pep-9999.txt", True),
        ("x\n\n.. note:: y", "a.txt", True),
        ("`x <https://a.example/>`_", "a", True),
        ("plain words", "a.rst", True),
        ("plain words", "a.txt", False),
        ("<!DOCTYPE html><p>`x <y>`_", "a.rst", False),
        ("[x](https://a.example/)\n=====\n", "a.md", False),
    ],
)
def test_what_is_restructured_text(text: str, path: str, expected: bool) -> None:
    """Marks that no other format has tell; the suffix helps."""
    assert rst.looks_like(text, path) is expected


@given(st.text(alphabet=st.sampled_from("`_.:|*[]<>=-+\\ \n\t\0\ud800\x0c#1aé"), max_size=80))
def test_no_input_crashes(text: str) -> None:
    """Any text is read."""
    assert len(rst.read(f"{text}\n.. a:: {text}\n", Context())) == 1


def test_what_docutils_fails_on_is_read_as_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception inside docutils costs the markup, not the links."""
    monkeypatch.setattr(docutils_tree.core, "publish_doctree", lambda *_, **__: 1 / 0)
    assert found(dedent("https://a.example/")) == [("https://a.example/", "https://a.example/", 1, 1)]


def test_true_links_of_real_proposals(shared: Path) -> None:
    """All true links of public PEPs and no others, each web address where it is written."""
    rows = [json.loads(line) for line in (shared / "corpus/truth.jsonl").read_text().splitlines()]
    mine = [row for row in rows if "peps-rst" in row["file"] and row["t"] != "article"]
    expected = {(row["file"], row["url"]) for row in mine if row["t"] == "link" and row["counted"]}
    allowed = {(row["file"], row["url"]) for row in mine}
    seen = set()
    for path in sorted((shared / "corpus/other/peps-rst").rglob("*.rst")):
        text = path.read_text()
        lines = text.split("\n")
        for link in rst.read(text, Context())[0].links:
            if link.raw.startswith("http"):
                assert lines[link.line - 1][link.column - 1 :].startswith(link.raw)
                seen.add((str(path.relative_to(shared / "corpus")), ada_url.URL(link.raw).href))
    assert expected <= seen <= allowed
