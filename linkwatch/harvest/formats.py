"""The formats of articles and the file name endings they go by: what is known without opening a file."""

from __future__ import annotations

from typing import NamedTuple


class Format(NamedTuple):
    """A format: its module, and the file name endings it goes by."""

    name: str
    suffixes: tuple[str, ...]


FORMATS = (
    Format("markdown", (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".qmd", ".rmd")),
    Format("html", (".html", ".htm", ".xhtml", ".shtml")),
    Format("rst", (".rst", ".rest")),
    Format("asciidoc", (".adoc", ".asciidoc", ".asc")),
    Format("notebook", (".ipynb",)),
    Format("wxr", (".wxr",)),
    Format("feed", (".rss", ".atom", ".rdf")),
    Format("sitemap", ()),
    Format("plaintext", (".txt", ".text")),
)
# ".xml" is shared by several formats.
SUFFIXES = frozenset(suffix for each in FORMATS for suffix in each.suffixes) | {".xml"}

BY_SUFFIX = {suffix: each.name for each in FORMATS for suffix in each.suffixes}


def suffix_of(path: str) -> str:
    """The ending of a file name in lower case, dot included; empty where there is none."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""
