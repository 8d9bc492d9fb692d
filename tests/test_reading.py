"""Files as they lie on the disk: whatever their bytes and format, they are read, and places are true."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwatch.config import Config
from linkwatch.harvest.corpus import File, Task
from linkwatch.harvest.document import Context
from linkwatch.harvest.extract import documents
from linkwatch.harvest.reading import reader
from linkwatch.urls import resolve

# One name for each format, and words of each that its reader looks for.
NAMES = ("a.md", "a.mdx", "a.html", "a.rst", "a.adoc", "a.ipynb", "a.xml", "a.txt")
WORDS = (
    *(b"<a href='", b"' srcset=x>", b"</a>", b"<svg>", b"<template>", b"<base href=", b"<style>url("),
    *(
        b"<!--",
        b"<meta charset=gbk>",
        b"&amp;",
        b"&region=",
        b"&#xD800;",
        b"%",
        b"https://x.example/",
        b"//x",
    ),
    *(b"[a](b)", b"[a]: ", b"![", b"](", b"[^1]", b"| a |\n|---|\n", b"```\n", b"> ", b"---\n", b"+++\n"),
    *(b"{\n", b"{{ x }}", b"{% highlight %}\n", b"import a\n", b"mailto:", b"\n------\n"),
    *(b"<!--1693890422000-->\n[", b"](https://x.example/)\n------\n"),
    *(b".. image:: ", b"`a <", b">`_", b"::\n\n", b"|a|", b":pep:`1`"),
    *(b"= T\n\n", b"link:", b"[b]", b":a: ", b"----\n", b"++++\n"),
    *(b'{"cells": [{"cell_type": "markdown", "source": ["', b'"]}]}', b"\\u003c", b"\\n"),
    *(b"<rss><channel><item>", b"<description>", b"<![CDATA[", b"]]>", b"&lt;a href=", b"<feed xmlns='"),
    *(
        b"<urlset><url><loc>",
        b"\n",
        b"\r\n",
        b"\r",
        b"\t",
        b" ",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
    ),
    *("\u4e2d\U0001f600\u00a0".encode(), "\u4e2d\u6587".encode("gb18030")),
)
BYTES = st.lists(st.sampled_from(WORDS) | st.binary(max_size=4), max_size=12).map(b"".join)


@settings(deadline=None)
@given(st.sampled_from(NAMES), BYTES)
def test_any_file_is_read_or_told(name: str, data: bytes) -> None:
    """No bytes end a harvest: each file gives a row, or one line that says why not."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / name
        path.write_bytes(data)
        state = path.stat()
        task = Task(File(name, str(path), state.st_size, state.st_mtime_ns), None)
        batch = reader(Config()).batch([task])
    assert len(batch.files) + len(batch.troubles) == 1
    assert all("\n" not in trouble.reason for trouble in batch.troubles)
    assert all(resolve(row[0]).url == row[0] for row in batch.urls)


@pytest.mark.parametrize("size", [0, 7, 5_000, 20_000])
def test_a_file_that_is_being_written_is_read_whole(tmp_path: Path, size: int) -> None:
    """What is there when a file is opened is read, whatever its size was when it was looked at."""
    path = tmp_path / "a.md"
    path.write_text("<https://a.example/>" + "\n" * 9_000 + "<https://b.example/>", encoding="utf-8")
    batch = reader(Config()).batch([Task(File("a.md", str(path), size, 0), None)])
    assert [row[0] for row in batch.urls] == ["https://a.example/", "https://b.example/"]


# What stands for itself in every format: the raw text is the text at the place.
PLAIN = st.sampled_from(["https://x.example/a", "https://y.example/b?c=d", "https://z.example/%E4%B8%AD/"])
WRITTEN = {
    "a.md": ("[t]({})", "<{}>", "{} ", "![t]({} 'x')", "<a href='{}'>t</a>", "\n\n> [t](\n> {})\n\n"),
    "a.html": (
        "<a href={}>t</a>",
        "<img srcset='a&amp;b 1x, {} 2x'>",
        "<p style='x: url(&quot;{}&quot;)'>t</p>",
        '<template><a href=no></template><iframe src="{}"></iframe>',
    ),
    "a.rst": ("`t <{}>`__ ", "{} ", "\n\n.. image:: {}\n\n", "\n\n.. note:: See {}\n\n"),
    "a.adoc": ("{}[t] ", "link:{}[t] ", "image:{}[t] ", "\n\nterm::\n\n  {}[t]\n\n", "{} "),
    "a.txt": ("{} ", "({}) ", "<{}>\n"),
}
BEFORE = st.sampled_from(["\u4e2d\U0001f600 ", "text ", "a\nb "])
HEADS = {"a.html": "<!doctype html><p>", "a.rst": "T\n=\n\n.. _x:\n\n", "a.adoc": "= T\n\n"}


@pytest.mark.parametrize("name", WRITTEN)
@settings(deadline=None)
@given(data=st.data())
def test_places_are_those_of_the_raw_text(name: str, data: st.DataObject) -> None:
    """Each link is found once, in order, and its line and column lead to its raw text in the file."""
    form = st.tuples(st.sampled_from(WRITTEN[name]), PLAIN, BEFORE)
    parts = data.draw(st.lists(form, min_size=1, max_size=5))
    text = HEADS.get(name, "") + "".join(before + shape.format(url) + "\n" for shape, url, before in parts)
    _, (document, *_) = documents(text, Context(name))
    links = [link for link in document.links if link.raw.startswith("https:")]
    assert [link.raw for link in links] == [url for _, url, _ in parts]
    lines = text.split("\n")
    assert all(lines[link.line - 1][link.column - 1 :].startswith(link.raw) for link in links)
