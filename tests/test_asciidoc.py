"""AsciiDoc."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.harvest import asciidoc
from linkwatch.harvest.document import Context
from linkwatch.model import Kind


def found(text: str) -> list[tuple[str, str]]:
    """The raw text and the words of each link of a text, each checked to stand where it is said to."""
    (document,) = asciidoc.read(text, Context())
    return [(link.raw, link.text) for link in document.links]


@pytest.mark.parametrize(
    ("text", "raw", "words"),
    [
        ("See https://a.example/b[the page].", "https://a.example/b", "the page"),
        ("https://a.example/b[]", "https://a.example/b", "https://a.example/b"),
        ("https://a.example/b[the\npage^]", "https://a.example/b", "the page"),
        ('https://a.example/b["one, two", window=_blank]', "https://a.example/b", "one, two"),
        ("https://a.example/b[one, two, role=x]", "https://a.example/b", "one, two"),
        (r"https://a.example/b[a [1\] note]", "https://a.example/b", "a [1] note"),
        ("link:other.html#part[there]", "other.html#part", "there"),
        ("link:++https://a.example/x y[z]++[odd]", "https://a.example/x y[z]", "odd"),
        ("Go to https://a.example/b.", "https://a.example/b", "https://a.example/b"),
        ("(<https://a.example/b>)", "https://a.example/b", "https://a.example/b"),
        ("* https://a.example/b", "https://a.example/b", "https://a.example/b"),
        ("  * https://a.example/b", "https://a.example/b", "https://a.example/b"),
        ("|===\n|x |https://a.example/b[y]\n|===", "https://a.example/b", "y"),
        ("----\ncode\n----\nhttps://a.example/b[y]", "https://a.example/b", "y"),
        ("[source]\ncode\n\nhttps://a.example/b[y]", "https://a.example/b", "y"),
        ("[quote,Ana,https://a.example/b]\nWords", "https://a.example/b", "https://a.example/b"),
        (".About https://a.example/b[y]\n----\ncode\n----", "https://a.example/b", "y"),
        ("====\nhttps://a.example/b[y]\n====", "https://a.example/b", "y"),
        ("++++\n<a href='https://a.example/b'>y</a>\n++++", "https://a.example/b", "y"),
        ("[pass]\n<a href='https://a.example/b'>y</a>", "https://a.example/b", "y"),
        ("x +++<a href='https://a.example/b'>y</a>+++ z", "https://a.example/b", "y"),
        ("mailto:ana@a.example[write]", "mailto:ana@a.example", "write"),
        ("`https://a.example/b[y]`", "https://a.example/b", "y"),
        ("term::\n\n  about https://a.example/b[y]", "https://a.example/b", "y"),
        ("term:::\n  https://a.example/b[y]", "https://a.example/b", "y"),
        (".https://a.example/b[y]\n----\ncode\n----", "https://a.example/b", "y"),
    ],
)
def test_links(text: str, raw: str, words: str) -> None:
    """Each form of link is found with its words, and its place is that of its address."""
    whole = f"= Title\n\n{text}\n"
    ((link,),) = [document.links for document in asciidoc.read(whole, Context())]
    assert (link.raw, link.text) == (raw, words)
    assert whole.split("\n")[link.line - 1][link.column - 1 :].startswith(raw)


@pytest.mark.parametrize(
    "text",
    [
        "----\nhttps://a.example/\n----",
        "[source,sh]\n----\nhttps://a.example/\n\nhttps://b.example/\n----",
        "[source]\n--\nhttps://a.example/\n\nhttps://b.example/\n--",
        "[source,sh]\n.Title\n----\nhttps://a.example/\n----",
        "[source]\nhttps://a.example/",
        "....\nhttps://a.example/\n....",
        "////\nhttps://a.example/\n////",
        "```sh\nhttps://a.example/\n```",
        "// https://a.example/",
        " https://a.example/",
        "[stem]\n++++\n<a href='https://a.example/'>x</a>\n++++",
        r"\https://a.example/[x]",
        "`+https://a.example/+`",
        "include::https://a.example/x.adoc[]",
        "xref:other.adoc[https://a.example/]",
        ":unused: https://a.example/",
    ],
)
def test_what_is_no_link(text: str) -> None:
    """Code, literal text, comments, formulas, what is escaped and what only the processor reads."""
    assert found(f"= Title\n\n{text}\n") == []


def test_attributes_are_filled_in() -> None:
    """Attributes may spell an address, from their definition on; the reference is the place."""
    text = (
        ":site: https://a.example\n:deep: {site}/deep \\\n  er\n\nx {site}/b[one] {deep}[two] {none}\n"
        ":site: https://c.example\n{site}[three]\n:!site:\n{site}[four]"
    )
    (document,) = asciidoc.read(text, Context())
    assert [(link.raw, link.text, link.line, link.column) for link in document.links] == [
        ("https://a.example/b", "one", 5, 3),
        ("https://a.example/deep", "https://a.example/deep", 5, 17),
        ("https://c.example", "three", 7, 1),
    ]


def test_an_escaped_sign_is_no_part_of_an_address() -> None:
    """A backslash keeps dots from becoming an ellipsis; it is not fetched."""
    assert found("= Title\n\nhttps://a.example/v1\\...v2[all]") == [("https://a.example/v1...v2", "all")]


def test_attributes_that_multiply_are_bounded() -> None:
    """Attributes made of attributes grow to no more than a bound."""
    lines = [":a0: https://a.example/"] + [f":a{n}: {{a{n - 1}}}{{a{n - 1}}}" for n in range(1, 60)]
    assert len(found("\n".join([*lines, "", "{a59}"]))) == 1


def test_pictures_and_films() -> None:
    """Pictures with the link they are, films by address; a film by number is no address."""
    text = (
        "image::https://a.example/i.png[A fish,300,link=https://a.example/]\n\nSee image:icon.svg[].\n\n"
        "video::https://a.example/v.mp4[]\n\nvideo::123[vimeo]\n\naudio::a.ogg[]\n"
    )
    (document,) = asciidoc.read(text, Context())
    assert [(link.raw, link.element, link.kind, link.text) for link in document.links] == [
        ("https://a.example/i.png", "img", Kind.IMAGES, "A fish"),
        ("https://a.example/", "a", Kind.ANCHORS, "A fish"),
        ("icon.svg", "img", Kind.IMAGES, ""),
        ("https://a.example/v.mp4", "video", Kind.EMBEDS, ""),
        ("a.ogg", "audio", Kind.EMBEDS, ""),
    ]


@pytest.mark.parametrize(
    ("header", "authors"),
    [
        ("// note\n= Counting fish\nAna M. Ríos <ana@a.example>; Ben de_Vries\nv1.0, 2024-05-05: first", 2),
        ("= Counting fish\nAna M. Ríos\n2024-05-05", 1),
        ("= Counting fish\n:author: Ana M. Ríos\n:revdate: 2024-05-05", 1),
        (":doctitle: Counting fish\n:author: Ana M. Ríos\n:revdate: 2024-05-05", 1),
        ("---\ntitle: Counting fish\nauthor: Ana M. Ríos\ndate: 2024-05-05\n---\n\nText.", 1),
    ],
)
def test_headers(header: str, authors: int) -> None:
    """Title, authors and date from the header's lines, its attributes, or front matter."""
    (document,) = asciidoc.read(header + "\n\nText.", Context())
    said = document.metadata
    assert said.title == "Counting fish"
    assert said.authors == ("Ana M. Ríos", "Ben de Vries")[:authors]
    assert said.published_at == datetime(2024, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("= T\n:url: https://a.example/t\n\nx", "https://a.example/t"),
        ("= T\n:url: https://a.example/t\n\n{url}/x[y]", None),
        ("= T\n:page-canonical-url: https://a.example/c\n:url: https://a.example/t\n", "https://a.example/c"),
        ("= T\nText, not an author.\n", None),
    ],
)
def test_the_article_s_own_address(text: str, expected: str | None) -> None:
    """``url`` is the article's address unless the text spells other addresses with it."""
    (document,) = asciidoc.read(text, Context())
    assert document.metadata.url == expected
    assert document.metadata.authors == ()


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("= Title\n:toc:\n\nx", "a.txt", True),
        ("== Part\n\nhttps://a.example/[x]", "a", True),
        ("words", "a.adoc", True),
        ("-----BEGIN PGP SIGNATURE-----", "a.asc", False),
        ("<html>", "a.adoc", False),
        ("# Title\n\n[x](https://a.example/)", "a.txt", False),
        ("words", "a.txt", False),
    ],
)
def test_what_is_asciidoc(text: str, path: str, expected: bool) -> None:
    """Headings together with other marks tell; the suffix helps."""
    assert asciidoc.looks_like(text, path) is expected


@given(st.text(alphabet=st.sampled_from("[]{}+-=:;/\\.*_|`'\"<>ahtpslink \n\t\r\0\ud800é"), max_size=120))
def test_no_input_crashes(text: str) -> None:
    """Any text is read."""
    assert len(asciidoc.read(f"= T\n:a: {text}\n\n{{a}} {text}", Context())) == 1


@pytest.mark.parametrize(
    "piece", ["link:x[", "https://", "+++", "image::x", "{a}", "`+x", ":a: {a}\n", "pass:[", "$$x"]
)
def test_no_text_costs_much(piece: str) -> None:
    """What is repeated many times is still read in about one pass."""
    assert len(asciidoc.read(piece * 5000, Context())) == 1
