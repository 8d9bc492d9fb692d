"""Which format a text is, and the documents in it.

Content decides, the file name only where content leaves it open: mirrored articles are Markdown
named ``.txt``. Each format is one module, imported when its first file comes.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from linkwatch.harvest.document import Document
from linkwatch.harvest.formats import BY_SUFFIX, suffix_of
from linkwatch.harvest.xmltree import root_tag

if TYPE_CHECKING:
    from linkwatch.harvest.document import Context


# These two are told by their name alone: nearly any text is valid Markdown, and quick to say so.
_PLAIN_TO_SEE = {".md", ".markdown", ".mdx", ".ipynb"}
_DECLARED = re.compile(r"\s*<\?xml\b", re.IGNORECASE)
_LISTS = frozenset({"rss", "feed", "urlset", "sitemapindex", "rdf"})  # roots of what lists articles
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKDOWN = re.compile(
    r"""\A\s*(?:<!--\s*\d{10,16}\s*-->|\[[^\]\n]{1,300}\]\(https?://)"""
    r"""|^---\n(?:.*\n)*?---\n|^\#{1,6}[ ]\S|\]\((?:https?:/)?/|^```|<(?:a|img|p|div)[\s>]""",
    re.MULTILINE,
)
_SAMPLE = 20_000  # characters looked at


def documents(text: str, context: Context) -> tuple[str, list[Document]]:
    """The name of a text's format, and the documents in it: one at least, empty where it says nothing.

    The text is as ``decode`` gives it: without lone surrogates.
    """
    name = format_of(text, context.path)
    found: list[Document] = _module(name).read(text, context)
    return name, found or [Document()]


def format_of(text: str, path: str) -> str:
    """The format of a text in a file called ``path``."""
    suffix = suffix_of(path)
    if suffix in _PLAIN_TO_SEE:
        return BY_SUFFIX[suffix]
    head = text[:_SAMPLE]
    if _PAGE.match(head):
        return "html"
    if _DECLARED.match(head) or _is_list(head):
        return next((name for name in ("wxr", "feed", "sitemap") if _is(name, text, path)), "html")
    if head.lstrip().startswith("{") and _is("notebook", text, path):
        return "notebook"
    named = BY_SUFFIX.get(suffix)
    if named not in (None, "plaintext"):
        return named if named not in ("wxr", "feed", "notebook") else "plaintext"
    return _unnamed(text, head, path)


def _unnamed(text: str, head: str, path: str) -> str:
    """The format of a text whose name says nothing, such as ``.txt``."""
    if _is("sitemap", text, path):
        return "sitemap"
    if _MARKDOWN.search(head):
        return "markdown"
    return next((name for name in ("rst", "asciidoc") if _is(name, text, path)), "plaintext")


def _is_list(head: str) -> bool:
    """Whether the first tag, past comments and whatever its prefix, opens a feed or a sitemap."""
    if not head.lstrip().startswith("<"):
        return False
    return root_tag(head)[0].rpartition(":")[2].lower() in _LISTS


def _is(name: str, text: str, path: str) -> bool:
    answer: bool = _module(name).looks_like(text, path)
    return answer


@cache
def _module(name: str) -> Any:
    return import_module(f"linkwatch.harvest.{name}")
