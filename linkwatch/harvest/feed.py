"""Feeds (RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0) as lists of articles, each entry one."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import ada_url

from linkwatch.harvest import markup, plaintext, xmltree
from linkwatch.harvest.dates import moment
from linkwatch.harvest.document import Document, Metadata
from linkwatch.harvest.embedded import Embedded
from linkwatch.harvest.source import Spot, encodable, located, one_line
from linkwatch.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkwatch.harvest.document import Context
    from linkwatch.harvest.xmltree import Node

NAME = "feed"

CONTENT = ("content:encoded", "content", "xhtml:body", "description", "summary")  # the fullest first
PUBLISHED = (
    "pubDate",
    "published",
    "issued",
    "dc:date",
    "date",
    "dc:issued",
    "dc:created",
    "created",
    "updated",
)
# Attributes of an entry's own elements that show or play something, and what part that plays.
SHOWN = {
    "enclosure": ("url", Kind.EMBEDS),
    "media:content": ("url", Kind.EMBEDS),
    "media:thumbnail": ("url", Kind.IMAGES),
    "content": ("src", Kind.EMBEDS),
}
RELATIONS = {"enclosure": Kind.EMBEDS, "via": Kind.ANCHORS, "related": Kind.ANCHORS}

_PREFIXED_TAG = re.compile(r"<(/?)[\w.-]+:(?=[A-Za-z])([\w.-]+)")
_MAIL_AND_NAME = re.compile(r"\S+@\S+\s*\((.+)\)")
_LITERAL_TYPES = frozenset({"text", "text/plain"})
_ESCAPED_TYPES = frozenset({"html", "text/html"})


def looks_like(text: str, path: str) -> bool:  # noqa: ARG001 -- the root element tells
    """Whether the root is that of a feed, and not of a WordPress export."""
    name, attributes = xmltree.root_tag(text)
    root, head = name.rpartition(":")[2].lower(), text[: xmltree.SAMPLE]
    return (
        (root == "rss" and "wordpress.org/export/" not in head)
        or (root == "rdf" and ("purl.org/rss/" in attributes or "netscape.com/" in attributes))
        or (root == "feed" and ("atom" in attributes.lower() or "<entry" in head))
    )


def read(text: str, context: Context) -> list[Document]:
    """The articles that a feed lists."""
    root = xmltree.parse(text)
    if root is None:
        return []
    channel = root.first("channel") or root
    around = _Around.of(root, channel)
    entries = chain(root.all("item", "entry"), () if channel is root else channel.all("item", "entry"))
    return distinct(_document(entry, around, text, context) for entry in entries)


def distinct(documents: Iterable[Document]) -> list[Document]:
    """The documents of one file, each with a part of its own: its own, or one made from its place."""
    seen: set[str] = set()
    named = []
    for number, document in enumerate(documents, start=1):
        part = document.part or f"{number}"
        part = f"{part} ({number})" if part in seen else part
        seen.add(part)
        named.append(document._replace(part=part))
    return named


@dataclass(frozen=True, slots=True)
class _Around:
    """What a feed says for all of its entries."""

    base: str | None  # xml:base
    home: str | None  # the site's address: what an entry's relative address starts from
    language: str | None
    authors: tuple[str, ...]

    @classmethod
    def of(cls, root: Node, channel: Node) -> _Around:
        base = joined(joined(None, root.attributes.get("xml:base")), channel.attributes.get("xml:base"))
        home = base or joined(None, _address(channel)) or joined(None, _self(channel))
        language = channel.said("language", "dc:language") or root.attributes.get("xml:lang")
        return cls(base, home, language, _authors(channel) if root is channel else ())


def joined(base: str | None, reference: str | None) -> str | None:
    """A reference against a base, as browsers join them; None where no absolute URL comes of it."""
    if reference is None:
        return base
    try:
        return ada_url.join_url(base, reference) if base else ada_url.URL(reference).href
    except ValueError:
        return base


def _document(entry: Node, around: _Around, text: str, context: Context) -> Document:
    base = joined(around.base, entry.attributes.get("xml:base"))
    content = entry.first(*CONTENT)
    address = _address(entry)
    metadata = Metadata(
        url=_absolute(base or around.home, address),
        title=_title(entry.first("title"), text),
        authors=_authors(entry) or around.authors,
        published_at=next(filter(None, (moment(entry.said(n), context.timezone) for n in PUBLISHED)), None),
        language=entry.attributes.get("xml:lang") or around.language,
    )
    found = chain(_shown(entry, text), () if content is None else content_spots(content, text))
    return Document(
        metadata=metadata,
        links=located(found, text),
        base=base if content is None else joined(base, content.attributes.get("xml:base")),
        part=entry.said("guid", "id") or address,
    )


def _absolute(base: str | None, address: str | None) -> str | None:
    """An address in full, as written where it is that already."""
    if not address:
        return None
    if ada_url.check_url(address):
        return address
    return joined(base, address) if base else None


def _address(node: Node) -> str | None:
    """The page that an entry or a feed stands for."""
    if original := node.said("feedburner:origLink"):
        return original
    for link in node.all("link"):
        if link.attributes.get("rel", "alternate") == "alternate" and (
            found := link.attributes.get("href", "").strip() or link.text
        ):
            return found
    guid = node.first("guid")
    if guid is not None and guid.attributes.get("isPermaLink", "true").lower() == "true":
        return guid.text or None
    return node.attributes.get("rdf:about")


def _self(node: Node) -> str | None:
    links = node.all("link", "atom:link")
    return next((link.attributes.get("href") for link in links if link.attributes.get("rel") == "self"), None)


def _authors(node: Node) -> tuple[str, ...]:
    """Names only, each once: an e-mail address is no name."""
    names = [
        author.said("name") or _MAIL_AND_NAME.sub(r"\1", author.text)
        for author in node.all("author", "dc:creator", "managingEditor")
    ]
    return tuple(dict.fromkeys(one_line(name) for name in names if name and "@" not in name))


def _title(node: Node | None, text: str) -> str | None:
    """A title in plain text, from whatever markup it was written in."""
    if node is None:
        return None
    written = _markup_of(node, text).text
    if "<" in written:
        written = markup.tree(encodable(written)).text
    return one_line(html.unescape(written)) or None


def _shown(entry: Node, text: str) -> Iterator[Spot]:
    """What an entry shows or points to besides its content."""
    for node in entry.children:
        relation = RELATIONS.get(node.attributes.get("rel", ""))
        attribute, kind = ("href", relation) if node.name == "link" else SHOWN.get(node.name, ("", None))
        value = node.attributes.get(attribute)
        if kind is not None and value:
            words = one_line(node.attributes.get("title", ""))
            yield Spot(_place(text, node, value), value, node.name, attribute, kind, words)


def _place(text: str, node: Node, value: str) -> int:
    """Where an attribute's value stands in a start tag, or the tag where it is written with entities."""
    found = text.find(value, node.offset, max(node.begin, node.offset + len(value) + 200))
    return node.offset if found < 0 else found


def content_spots(content: Node, text: str) -> Iterator[Spot]:
    """The links of an entry's content, with their offsets in the file."""
    embedded = _markup_of(content, text)
    if content.attributes.get("type") in _LITERAL_TYPES:
        return embedded.placed(plaintext.spots(embedded.text))
    return embedded.html_spots()


def _markup_of(node: Node, text: str) -> Embedded:
    """The markup that an element holds: escaped in its text, or as elements of its own."""
    if node.attributes.get("mode") == "base64":  # Atom 0.3 allowed it; nobody was seen to write it
        return Embedded()
    if not node.children:
        return node.embedded
    if node.attributes.get("type") in _ESCAPED_TYPES:  # escaped markup inside a real <div>, as TypePad wrote
        return Embedded.of(sorted(node.all_pieces(), key=lambda piece: piece[1]))
    inner = _PREFIXED_TAG.sub(_without_prefix, text[node.begin : node.end])
    return Embedded.of([(inner, node.begin)])


def _without_prefix(found: re.Match[str]) -> str:
    """The tag as HTML names it, just as long."""
    return f"<{found[1]}{found[2]}".ljust(len(found[0]))
