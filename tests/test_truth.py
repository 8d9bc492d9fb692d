"""The harvester against real files whose links are known: nothing missed, nothing invented.

The truth was made by other parsers than ours (its README says how). Evaluation data only: these
tests skip where it is absent.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from linkwatch.harvest.document import Context
from linkwatch.harvest.encoding import decode
from linkwatch.harvest.extract import documents
from linkwatch.harvest.links import Publication, Resolver
from linkwatch.model import Kind, SkipReason
from linkwatch.times import to_text
from linkwatch.urls import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from linkwatch.harvest.document import Metadata


class Link(NamedTuple):
    """What the harvest records of a link, with its URL itself in place of that one's number."""

    url: str | None
    raw: str
    fragment: str | None
    element: str
    attribute: str
    kind: str
    text: str
    line: int
    column: int
    scope: str | None
    skip_reason: str | None
    via: str | None


KINDS = {
    "anchor": {Kind.ANCHORS},
    "image": {Kind.IMAGES},
    "lazy": {Kind.IMAGES, Kind.EMBEDS},
    "embed": {Kind.EMBEDS},
    "other": {Kind.METADATA, Kind.CITATIONS},
    "title": {Kind.TITLE},
}
MARKDOWN_AND_HTML = (
    "articles/",
    "other/til-markdown/",
    "other/18f-eleventy-posts/",
    "other/letsencrypt-hugo/",
    "other/obsidian-help/",
    "other/kentcdodds-mdx/",
)

# What the truth counts as URLs and we record without one, each with its reason: the WHATWG
# standard accepts these, but they name no host that can exist on the web.
UNFETCHABLE = (
    ("http://香港两大记者组织就警暴问题向联合国求助", SkipReason.NOT_A_URL),  # a headline
    ("http://https://lawrenceli.me", SkipReason.FUSED_URL),
    ("https://www.economist.commailto:", SkipReason.FUSED_URL),
    ("https://www.economist.comhttp", SkipReason.FUSED_URL),  # a root-relative link made absolute twice
)


@cache
def _truth(shared: Path) -> dict[str, dict[str, list[dict[str, Any]]]]:
    rows: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    with (shared / "corpus" / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            rows[row["file"]][row["t"]].append(row)
    return rows


@cache
def _harvested(shared: Path, file: str) -> tuple[Metadata, list[Link]]:
    text = decode((shared / "corpus" / file).read_bytes())
    _, found = documents(text, Context(path=file))
    resolver = Resolver(Publication())
    rows = [row for each in found for row in resolver.resolved(each)[0]]
    return found[0].metadata, [
        Link(None if place is None else resolver.urls[place][0], *said) for place, *said in rows
    ]


def _files(shared: Path, *beginnings: str) -> list[str]:
    return [file for file in _truth(shared) if file.startswith(beginnings)]


def _key(url: str) -> str:
    """A URL of the truth as we write it: without tracking parameters, fragment apart."""
    found = resolve(url)
    return url if found.url is None else _joined(found.url, found.fragment)


def _joined(url: str, fragment: str | None) -> str:
    return url if fragment is None else f"{url}#{fragment}"


def _take(links: list[Link], urls: set[str], kinds: set[Kind]) -> Link | None:
    """The first link left that leads to one of these URLs."""
    for link in links:
        if link.url is not None and link.kind in kinds and _joined(link.url, link.fragment) in urls:
            links.remove(link)
            return link
    return None


def _unfetchable(link: Link) -> bool:
    return any(link.raw.startswith(raw) and link.skip_reason == reason for raw, reason in UNFETCHABLE)


def _missed(shared: Path, file: str) -> Iterator[str]:
    """What the truth counts in a file and we have not; each occurrence in the articles by itself."""
    left = list(_harvested(shared, file)[1])
    for row in _truth(shared)[file]["link"]:
        kinds = KINDS[row["kind"]]
        if not row.get("counted") and row["kind"] != "title":
            continue
        if any(link.raw == row.get("raw") and _unfetchable(link) for link in left):
            continue
        urls = {_key(url) for url in (row["url"], *row.get("inner", ()))}
        if _take(left, urls, kinds) is None:
            yield f"{file}: {row['kind']} {row['url']}"


def _invented(shared: Path, file: str) -> Iterator[str]:
    """What we have in a file and the truth neither counts nor lets pass."""
    rows = _truth(shared)[file]
    known = Counter(_key(row["url"]) for row in rows["link"] if row["url"])
    free = {_key(row["url"]) for row in rows["also"]}
    free |= {_key(row["url"]) for row in rows["link"] if row["url"] and not row.get("counted")}
    once = not file.startswith("articles/")
    for link in _harvested(shared, file)[1]:
        if link.url is None or link.via is not None:
            continue
        key = _joined(link.url, link.fragment)
        if key in free or (once and key in known):
            continue
        if once and not link.raw.startswith(("http:", "https:", "//")):
            continue  # the truth of these files has absolute addresses only
        known[key] -= 1
        if known[key] < 0:
            yield f"{file}: {link.line}:{link.column} <{link.element} {link.attribute}> {link.raw}"


@pytest.mark.parametrize("beginning", MARKDOWN_AND_HTML)
def test_every_link_is_found(shared: Path, beginning: str) -> None:
    """Recall per (file, URL, kind) is 1.000 on Markdown and HTML."""
    files = _files(shared, beginning)
    assert files
    assert [each for file in files for each in _missed(shared, file)] == []


@pytest.mark.parametrize("beginning", MARKDOWN_AND_HTML)
def test_no_link_is_invented(shared: Path, beginning: str) -> None:
    """Precision per (file, URL, kind) is 1.000 on Markdown and HTML."""
    assert [each for file in _files(shared, beginning) for each in _invented(shared, file)] == []


def test_wrapped_addresses_are_unwrapped(shared: Path) -> None:
    """Each proxy, wrapper and snapshot of the corpus is recorded with what it holds."""
    missing = []
    for file in _files(shared, "articles/"):
        inner = {(link.via, link.url) for link in _harvested(shared, file)[1] if link.via}
        missing += [
            (file, row["url"])
            for row in _truth(shared)[file]["link"]
            if row.get("via") and not inner & {(row["via"], resolve(url).url) for url in row["inner"]}
        ]
    assert missing == []


def test_what_articles_say_of_themselves(shared: Path) -> None:
    """Address, title, times and authors are those of the truth wherever it knows them."""
    wrong = []
    for file in _files(shared, "articles/"):
        said, _ = _harvested(shared, file)
        (row,) = _truth(shared)[file]["article"]
        stamps = [
            said.published_at and to_text(said.published_at),
            said.captured_at and to_text(said.captured_at),
        ]
        wrong += [
            (file, name, found, wanted)
            for name, found, wanted in (
                ("url", said.url and resolve(said.url).url, [resolve(row["url"]).url]),
                ("title", said.title, [row["title"]] if row["title"] else []),
                ("published", stamps[0], row["published"]),
                ("captured", stamps[1], [row["captured"]] if row["captured"] else []),
                ("authors", list(said.authors), row["authors"]),
            )
            if wanted and found not in wanted
        ]
    assert wrong == []


def test_places_point_at_the_raw_text(shared: Path) -> None:
    """Line and column lead to the raw text in the source, wherever it stands there as it is."""
    astray = []
    for file in _files(shared, "articles/"):
        lines = decode((shared / "corpus" / file).read_bytes()).split("\n")
        for link in _harvested(shared, file)[1]:
            there = lines[link.line - 1][link.column - 1 :]
            if not there.startswith(link.raw) and "&" not in there[: len(link.raw) + 1]:
                astray.append((file, link.line, link.column, link.raw))
    assert astray == []
