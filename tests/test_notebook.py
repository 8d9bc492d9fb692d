"""Jupyter notebooks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.harvest import notebook
from linkwatch.harvest.document import Context
from linkwatch.model import Kind

if TYPE_CHECKING:
    from pathlib import Path


def written(*cells: dict[str, Any], **options: Any) -> str:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, **options)


def markdown(*lines: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": list(lines)}


def seen(text: str, expected: str) -> list[tuple[str, bool]]:
    """Each link's raw text, and whether the expected text stands at its place."""
    (document,) = notebook.read(text, Context())
    lines = text.split("\n")
    return [
        (link.raw, lines[link.line - 1][link.column - 1 :].startswith(expected)) for link in document.links
    ]


@pytest.mark.parametrize("options", [{}, {"indent": 1}, {"ensure_ascii": False, "indent": 2}])
def test_places_are_those_of_the_file(options: dict[str, Any]) -> None:
    """Line and column lead to the raw text, however the JSON is written and whatever is escaped in front."""
    text = written(markdown('# 鱼 "and"\t😀\n', "\n", "😀 [one](https://a.example/b) x"), **options)
    assert seen(text, "https://a.example/b)") == [("https://a.example/b", True)]


def test_html_written_with_escaped_brackets() -> None:
    """Some editors write ``<`` as an escape; the link is found all the same."""
    text = written(markdown('<a href="https://a.example/é">x</a>')).replace("<", "\\u003c")
    assert seen(text, "https://a.example/\\u00e9") == [("https://a.example/é", True)]


def test_cells_are_rendered_alone() -> None:
    """A definition holds in its own cell only; a source may be one string."""
    text = written(
        markdown("[x]: https://a.example/"),
        {"cell_type": "markdown", "source": "[x]\n\n<https://b.example/>"},
    )
    assert seen(text, "https://b.example/") == [("https://b.example/", True)]


def test_only_what_the_author_wrote_for_readers() -> None:
    """Code, its output, raw cells and attachments hold no links of the article."""
    output = {"output_type": "display_data", "data": {"text/html": ['<a href="https://no.example/">x</a>']}}
    text = written(
        {"cell_type": "code", "source": ["# https://no.example/"], "outputs": [output]},
        {"cell_type": "raw", "source": "https://no.example/"},
        markdown("![](attachment:a.png) ![yes](https://a.example/i.png)"),
    )
    (document,) = notebook.read(text, Context())
    assert [(link.raw, link.kind) for link in document.links] == [("https://a.example/i.png", Kind.IMAGES)]


def test_worksheets_of_old_notebooks() -> None:
    """The layout of nbformat 3 is read too."""
    cells = [{"cell_type": "markdown", "source": ["[x](https://a.example/)"]}]
    text = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]})
    assert seen(text, "https://a.example/") == [("https://a.example/", True)]


def test_title_is_the_first_heading() -> None:
    """The first heading of level one is the title, in whatever cell; a deeper one is none."""
    assert notebook.read(written(markdown("\n# Fish\n", "text")), Context())[0].metadata.title == "Fish"
    book = written(
        markdown("text <b>x</b>\n"), {"cell_type": "code", "source": "# no"}, markdown("# *Fish*\n")
    )
    assert notebook.read(book, Context())[0].metadata.title == "Fish"
    assert notebook.read(written(markdown("## Fish")), Context())[0].metadata.title is None


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (written(markdown("x")), "a.txt", True),
        (written(), "a.ipynb", True),
        ('{"cells": [], "rows": 3}', "a.json", False),
        ('[{"cell_type": "markdown"}]', "a.ipynb", False),
        ("# cell_type", "a.ipynb", False),
    ],
)
def test_what_is_a_notebook(text: str, path: str, expected: bool) -> None:
    """The layout of the JSON tells, not the suffix alone."""
    assert notebook.looks_like(text, path) is expected


@given(st.text(alphabet=st.sampled_from('{}[]:,"\\u0dD8celsourc_typ \n\ufffd'), max_size=200))
def test_no_input_crashes(text: str) -> None:
    """Any text is read, valid JSON or not."""
    for whole in (text, f'{{"cells": [{{"cell_type": "markdown", "source": ["{text}"]}}'):
        assert len(notebook.read(whole, Context())) == 1


def test_deep_nesting_is_harmless() -> None:
    """No stack of calls grows with the depth of the JSON."""
    assert notebook.read("[" * 200_000 + '{"cells":' * 1000, Context())[0].links == ()


def test_unterminated_strings_cost_one_pass() -> None:
    """A string without an end is read once."""
    assert notebook.read('"\\' * 200_000, Context())[0].links == ()


@given(st.lists(st.text(max_size=30), max_size=5))
def test_sources_are_decoded_as_json_is(lines: list[str]) -> None:
    """The pieces of a source make the text that a JSON parser reads."""
    (cell,) = notebook._cells(written(markdown(*lines)))
    assert cell.source.text == "".join(lines)


def test_true_links_of_real_notebooks(shared: Path) -> None:
    """All true links of public notebooks, each where its raw text stands."""
    rows = [json.loads(line) for line in (shared / "corpus/truth.jsonl").read_text().splitlines()]
    expected = {
        (row["file"], row["url"])
        for row in rows
        if "jupyter" in row["file"] and row["t"] == "link" and row["counted"]
    }
    found = set()
    for path in sorted((shared / "corpus/other/jupyter-pdsh").rglob("*.ipynb")):
        text = path.read_text()
        lines = text.split("\n")
        for link in notebook.read(text, Context())[0].links:
            assert lines[link.line - 1][link.column - 1 :].startswith(link.raw)
            if ada_url.check_url(link.raw):
                found.add((str(path.relative_to(shared / "corpus")), ada_url.URL(link.raw).href))
    assert expected <= found
