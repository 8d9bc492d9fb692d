"""WordPress exports (WXR): each post and page an article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkwatch.harvest import plaintext, xmltree
from linkwatch.harvest.dates import moment
from linkwatch.harvest.document import Document, Metadata
from linkwatch.harvest.feed import distinct
from linkwatch.harvest.source import Spot, located, one_line
from linkwatch.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from linkwatch.harvest.document import Context
    from linkwatch.harvest.embedded import Embedded
    from linkwatch.harvest.xmltree import Node

NAME = "wxr"

# What WordPress keeps as posts though nobody reads it as an article (create_initial_post_types).
NOT_ARTICLES = frozenset(
    {
        "attachment",
        "revision",
        "nav_menu_item",
        "custom_css",
        "customize_changeset",
        "oembed_cache",
        "user_request",
    }
)
_NOT_ARTICLE_PREFIX = "wp_"  # wp_template, wp_navigation, wp_global_styles, …
THROWN_AWAY = frozenset({"trash", "auto-draft"})

# WordPress turns an address that stands alone on its line or in its paragraph, or in [embed], into what
# it shows (WP_Embed::autoembed), and those in the attributes of [audio] and [video] into a player.
_EMBED = re.compile(
    r"(?:^[ \t]*|<p(?:\s[^<>]*)?>\s*|\[embed[^\]]*\]\s*)(https?://[^\s<>\"\[\]]+)"
    r"(?:[ \t]*\r?$|\s*</p>|\s*\[/embed\])",
    re.MULTILINE,
)
_PLAYER = re.compile(r"(?<!\[)\[(audio|video)\s([^\[\]]{1,4000})\]")
_PLAYED = re.compile(r"""(poster\s*=\s*["']?)?(?<![^\s"'=])(https?://[^\s"'<>]+)""", re.IGNORECASE)


def looks_like(text: str, path: str) -> bool:  # noqa: ARG001 -- the namespaces tell
    """Whether the root is RSS with the namespaces of an export."""
    return xmltree.root_tag(text)[0] == "rss" and "wordpress.org/export/" in text[: xmltree.SAMPLE]


def read(text: str, context: Context) -> list[Document]:
    """The posts and pages of an export."""
    root = xmltree.parse(text)
    channel = root.first("channel") if root else None
    if channel is None:
        return []
    names = {
        login: author.said("wp:author_display_name") or login
        for author in channel.all("wp:author")
        if (login := author.said("wp:author_login"))
    }
    language = channel.said("language")
    return distinct(
        _document(item, names, language, text, context) for item in channel.all("item") if _is_article(item)
    )


def _is_article(item: Node) -> bool:
    kind = item.said("wp:post_type") or "post"
    return not (
        kind in NOT_ARTICLES or kind.startswith(_NOT_ARTICLE_PREFIX) or item.said("wp:status") in THROWN_AWAY
    )


def _document(
    item: Node, names: dict[str, str], language: str | None, text: str, context: Context
) -> Document:
    creator = item.said("dc:creator")
    metadata = Metadata(
        url=item.said("link"),
        title=one_line(item.said("title") or "") or None,
        authors=(one_line(names.get(creator, creator)),) if creator else (),
        published_at=_published(item, context),
        language=language,
    )
    content = item.first("content:encoded")
    found = () if content is None else _spots(content.embedded)
    return Document(metadata=metadata, links=located(found, text), part=item.said("wp:post_id", "guid"))


def _published(item: Node, context: Context) -> datetime | None:
    """When a post appeared. Drafts carry the years 0 and -1, which name no time."""
    gmt = item.said("wp:post_date_gmt")
    return (
        moment(f"{gmt}Z" if gmt else None, context.timezone)
        or moment(item.said("pubDate"), context.timezone)
        or moment(item.said("wp:post_date"), context.timezone)
    )


def _spots(content: Embedded) -> Iterator[Spot]:
    yield from content.html_spots()
    for found in _EMBED.finditer(content.text):
        url = plaintext.trimmed(found[1])
        yield Spot(content.origin(found.start(1)), url, "embed", "src", Kind.EMBEDS, url)
    for player in _PLAYER.finditer(content.text):
        for found in _PLAYED.finditer(content.text, *player.span(2)):
            attribute, kind = ("poster", Kind.IMAGES) if found[1] else ("src", Kind.EMBEDS)
            yield Spot(content.origin(found.start(2)), found[2], player[1], attribute, kind)
