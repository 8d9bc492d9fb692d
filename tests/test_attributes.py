"""Where the value of an attribute stands in a start tag, compared with what the parser itself says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turbohtml import parse

from linkwatch.harvest.attributes import tag_end, value_span
from linkwatch.harvest.source import line_starts

SPACE = st.sampled_from(["", " ", "\n", "\t", "\f ", "/", " / "])
NAME = st.sampled_from(["href", "HREF", "src", "data-src", "title", "=x", "é", "a'b", 'a"b', "`"])
VALUE = st.sampled_from(["x", "https://a.b/c?d=e&f", "", "é😀", "a>b", "a b", "/", "=", "'", '"', "href=y"])
EQUALS = st.sampled_from(["=", " = ", "=\n", " ="])


@st.composite
def attributes(draw: st.DrawFn) -> str:
    """One attribute, well written or not, with what may stand before it."""
    name, value = draw(NAME), draw(VALUE)
    written = draw(st.sampled_from(['"{}"', "'{}'", "{}", None]))
    said = "" if written is None else draw(EQUALS) + written.format(value)
    return draw(SPACE) + name + said


@st.composite
def tags(draw: st.DrawFn) -> str:
    """A start tag and what follows it."""
    before = draw(st.sampled_from(["", "text ", "é\n😀 ", "<p>"]))
    inside = "".join(draw(st.lists(attributes(), max_size=5)))
    return f"{before}<{draw(st.sampled_from(['a', 'img', 'x-y']))} {inside}{draw(SPACE)}>{draw(VALUE)}</a>"


@given(tags())
def test_spans_are_those_of_the_parser(markup: str) -> None:
    """Each attribute is found in the part of the tag that the parser gives it, and its value is its value."""
    starts = line_starts(markup)
    for element in parse(markup, source_locations=True).iter_elements():
        where = element.source_location
        if where is None or element.source_line is None or element.source_col is None:
            continue
        tag = starts[element.source_line - 1] + element.source_col
        assert tag == where.start_tag.start_offset
        assert tag_end(markup, tag) == where.start_tag.end_offset
        for name, span in where.attrs.items():
            start, end = value_span(markup, tag, name)
            assert span.start_offset <= start <= end <= span.end_offset
            if value := element.attr(name):
                assert markup[start:end] == value


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<a href=x>", "x"),
        ("<a title='href=y' href = 'x'>", "x"),
        ("<a HREF=x href=y>", "x"),
        ("<a/href=x>", "x"),
        ("<a href>", "href"),
        ("<a hrefs=y>", ""),
        ("<a title=y", ""),
    ],
)
def test_value(markup: str, found: str) -> None:
    """The first attribute of the name counts, in any case; without a value it is the name that is shown."""
    start, end = value_span(markup, 0, "href")
    assert markup[start:end] == found


def test_a_tag_of_a_megabyte_takes_one_look() -> None:
    """A hostile tag is read from left to right once: quadratic work would take hours."""
    markup = "<a " + "x " * 500_000 + "'" * 1000 + ">"
    assert value_span(markup, 0, "href") == (0, 0)
    assert tag_end(markup, 0) == len(markup)
