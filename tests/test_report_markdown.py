"""The report in Markdown: inert on GitHub, within its limit, true in its counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from history import History, at
from markdown_it import MarkdownIt
from sample import GONE, MEMENTO_2023, sample

from linkwatch.config import Config
from linkwatch.report import markdown
from linkwatch.report.safe import BREAK
from linkwatch.report.stage import build

if TYPE_CHECKING:
    from markdown_it.token import Token
    from sqlite_utils import Database

    from linkwatch.report.model import Report


def tokens(text: str) -> list[Token]:
    return [
        inner for outer in MarkdownIt("gfm-like").parse(text) for inner in (outer, *(outer.children or ()))
    ]


def many(db: Database, number: int) -> Report:
    """A report on a great many dead and moved links."""
    history = History(db)
    history.run("2026-02-28")
    article = history.article("one.md", title="普京" * 20)
    with db.atomic():
        for each in range(number):
            state = "dead" if each % 2 else "moved"
            url = history.url(f"https://{each}.example/", state, state_since="2026-01-01", reason="http_404")
            history.link(article, url, line=each)
    return build(db, Config(), now=at("2026-03-01"))


def test_links_go_to_the_web_only(db: Database) -> None:
    """Parsed as GitHub does, every link is http or https, and there is no image and no HTML of others."""
    found = tokens(markdown.render(sample(db)))
    links = [str(token.attrs["href"]) for token in found if token.type == "link_open"]
    assert GONE in links
    assert MEMENTO_2023 in links
    assert all(link.startswith(("http://", "https://")) for link in links)
    assert not [token for token in found if token.type == "image"]
    html = {token.content.strip() for token in found if token.type in ("html_block", "html_inline")}
    assert html == {"<details><summary>Show</summary>", "</details>"}


def test_nothing_is_mentioned(db: Database) -> None:
    """No person is called and no issue referred to outside code and links."""
    text = "".join(token.content for token in tokens(markdown.render(sample(db))) if token.type == "text")
    assert "octocat" in text
    assert not re.search(r"@\w|#\d", text)
    assert f"@{BREAK}octocat" in text


def test_the_headings(db: Database) -> None:
    """Each section that holds anything has a heading with its count."""
    headings = re.findall(r"^## (.*)$", markdown.render(sample(db)), re.MULTILINE)
    assert headings == [
        "Newly dead (1)",
        "Recovered (1)",
        "Still dead (2)",
        "Suspect (1)",
        "Moved (2)",
        "Blocked (1)",
        "Drifted (1)",
        "Ignored (1)",
    ]


@pytest.mark.parametrize("limit", [0, 20, 200, 1_000, 5_000, 65_536])
def test_it_fits(db: Database, limit: int) -> None:
    """However small the limit, in bytes and so in characters, the text stays within."""
    assert len(markdown.render(many(db, 1_000), limit=limit).encode()) <= limit


def test_what_is_cut_is_said_and_the_counts_stay_true(db: Database) -> None:
    """A cut section names its full count, and what is missing adds up."""
    text = markdown.render(many(db, 2_000), limit=65_536)
    for title in ("Still dead", "Moved"):
        section = re.search(rf"## {title} \(([\d,]+)\)(.*?)(?=\n## |\Z)", text, re.DOTALL)
        assert section
        assert section[1] == "1,000"
        shown = len(re.findall(r"^- ", section[2], re.MULTILINE))
        missing = re.search(r"\*([\d,]+) (?:more )?links? left out", section[2])
        assert missing
        assert shown + int(missing[1].replace(",", "")) == 1_000
    assert text.count("<details>") == text.count("</details>") == 1


def test_a_tiny_limit_still_says_what_was_found(db: Database) -> None:
    """Where no section fits, one line with the numbers is left."""
    assert markdown.render(many(db, 100), limit=120).startswith("50 still dead, 50 moved")
