"""reStructuredText: documents, Python Enhancement Proposals, posts of Pelican and Nikola.

docutils reads the markup; what Sphinx and other builders add to it is read in ``docutils_tree``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch.harvest import plaintext
from linkwatch.harvest.dates import moment
from linkwatch.harvest.document import Document, Metadata
from linkwatch.harvest.source import located, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkwatch.harvest.document import Context

NAME = "rst"

SUFFIXES = (".rst", ".rest", ".restx")
_SAMPLE = 8192
# docutils stops at 10,000 characters a line, since its patterns slow down with length
LINE_LIMIT = 50_000
# docutils looks for the end of each mark to the end of its paragraph: 4,000 marks without end in
# 12,000 characters take it a second.
EFFORT_LIMIT = 50_000_000  # marks in a paragraph times its characters

_OTHER_MARKUP = re.compile(r"\ufeff?\s*(?:<!doctype|<html|<\?xml|[{\[])", re.IGNORECASE)
_SIGNS = re.compile(
    r"""^PEP:\s*\d+$\n^[A-Z][\w-]+:            # header of a proposal
    | ^[ ]*\.\.[ ]+(?:\|[^|\n]+\|[ ]+)?[\w:+.-]+::(?:\s|$)   # directive
    | ^[ ]*\.\.[ ]+_[^:\n]+:(?:\s|$)            # target
    | ^[ ]*\.\.[ ]+\[[\w#*.-]+\][ ]            # footnote
    | `[^`\n]+[ ]<[^>\n]+>`__?                 # link
    | :[\w:+.-]+:`[^`\n]+`                     # role
    """,
    re.MULTILINE | re.VERBOSE,
)
_SEPARATOR = re.compile(r"\s*(?:[;\n]|,(?!\s*(?:Jr|Sr|I+)\b))\s*")
_ADDRESS = re.compile(r"<[^>]*>|\S+@\S+|\S+\s+at\s+\S+\.\w+\b")
_NAME_IN_BRACKETS = re.compile(r"\S+@\S+\s*\(([^)]+)\)")


def looks_like(text: str, path: str) -> bool:
    """Whether the text has marks that no other format has, or the name says so and nothing speaks against."""
    head = text[:_SAMPLE]
    if path.lower().endswith(SUFFIXES):
        return _OTHER_MARKUP.match(head) is None
    return _OTHER_MARKUP.match(head) is None and _SIGNS.search(head) is not None


def read(text: str, context: Context) -> list[Document]:
    """The one article that a text is."""
    if max(map(len, text.split("\n"))) > LINE_LIMIT or _effort(text) > EFFORT_LIMIT:
        return plaintext.read(text, context)
    from linkwatch.harvest import docutils_tree

    tree = docutils_tree.parse(text.removeprefix("\ufeff"))
    if tree is None:
        return plaintext.read(text, context)
    return [
        Document(
            metadata=_metadata(docutils_tree.fields(tree), docutils_tree.title(tree), context),
            links=located(docutils_tree.spots(tree, text), text),
        )
    ]


def _effort(text: str) -> int:
    """What the worst paragraph may cost."""
    return max(len(each) * sum(map(each.count, "`*|[")) for each in text.split("\n\n"))


def _metadata(said: Mapping[str, str], heading: str | None, context: Context) -> Metadata:
    """What the fields at the top say, in the names that PEPs, Pelican and Nikola give them."""
    return Metadata(
        title=one_line(said.get("title") or heading or "") or None,
        authors=_names(said.get("authors") or said.get("author") or ""),
        published_at=next(
            filter(
                None, (moment(said.get(key), context.timezone) for key in ("date", "created", "published"))
            ),
            None,
        ),
        language=said.get("lang") or said.get("language") or None,
    )


def _names(written: str) -> tuple[str, ...]:
    """The names in a list of authors, without their addresses."""
    plain = _ADDRESS.sub("", _NAME_IN_BRACKETS.sub(r"\1", written))
    return tuple(name for part in _SEPARATOR.split(plain) if (name := one_line(part)))
