"""Articles that are templates still: what is known of them, and what of them is code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.harvest import html, markdown
from linkwatch.harvest.document import Context
from linkwatch.harvest.templates import known, known_language, without_code, without_script


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Title", "Title"),
        ("{{ page.title }} - {{ site.title }}", None),
        ("{{ title | default: 'x'", None),
        ("<%= title %>", None),
        ('Computed Data {% addedin "0.11.0" %}', "Computed Data"),
        ("Hello, {{ name }}", "Hello,"),
        ("Sets { a, b }", "Sets { a, b }"),
        (None, None),
    ],
)
def test_what_a_template_would_fill_in_is_not_known(text: str | None, expected: str | None) -> None:
    """Of a title only the words that are there are known, and of tags alone nothing."""
    assert known(text) == expected


@pytest.mark.parametrize("text", ["en", "en-GB", "zh_Hant_TW", "de-CH-1996"])
def test_languages(text: str) -> None:
    """A language is what has the form of a code."""
    assert known_language(text) == text
    assert known_language(f"{{{{ {text} }}}}") is None
    assert known_language("") is None


def test_pages_and_texts_that_are_templates() -> None:
    """A layout says nothing of itself that its template would fill in."""
    page = "<html lang={{site.lang}}><title>{{ page.title }}</title><meta name=author content='{{ AUTHOR }}'>"
    (document,) = html.read(page, Context())
    assert (document.metadata.title, document.metadata.authors, document.metadata.language) == (
        None,
        (),
        None,
    )
    (document,) = markdown.read("---\ntitle: '{{ x }}'\nlang: en\n---\n# Heading\n", Context())
    assert (document.metadata.title, document.metadata.language) == ("Heading", "en")


CODE = "[no](no) http://no.example/ <a href=no>\n\n    [[no]]\n"


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("{% highlight html linenos %}", "{% endhighlight %}"),
        ("{%- highlight html -%}", "{%- endhighlight -%}"),
        ('{{< highlight html "hl_lines=2" >}}', "{{< /highlight >}}"),
        ("{{% highlight go %}}", "{{% /highlight %}}"),
        ("{{< code-toggle file=hugo >}}", "{{</ code-toggle >}}"),
        ("  {% comment %}", "  {% endcomment %}"),
    ],
)
def test_code_that_a_template_shows_holds_no_links(opening: str, closing: str) -> None:
    """What stands between the tags is code to readers; what follows is text, at the place it has."""
    (document,) = markdown.read(f"{opening}\n{CODE}{closing}\n\n[yes](a)\n", Context())
    assert [(link.raw, link.line, link.column) for link in document.links] == [("a", 7, 7)]


@pytest.mark.parametrize(
    "text",
    [
        "Use `{% highlight %}`.\n\n[yes](a)\n\n{% highlight c %}\nhttp://no.example/\n{% endhighlight %}",
        "{% highlight c %}\n[yes](a)\n",
        "{% highlight c %}\n[yes](a)\n{% highlight c %}\nhttp://no.example/\n{% endhighlight %}\n",
    ],
)
def test_tags_without_their_end_hide_nothing(text: str) -> None:
    """An article that writes about the tags keeps its links."""
    assert [link.raw for link in markdown.read(text, Context())[0].links] == ["a"]


MDX = """---
title: x
---
import A from 'https://no.example/a'
export const meta = {
  url: "https://no.example/b",
}

import B from 'https://no.example/c'

Text [yes](a)

```js
import C from 'https://no.example/d'

import D from 'https://no.example/e'
```
export https://yes.example/
"""


def test_programs_in_mdx_hold_no_links() -> None:
    """Imports and exports at the head are no text; the same words further down are what they look like."""
    (document,) = markdown.read(MDX, Context("a.mdx"))
    assert [(link.raw, link.line, link.column) for link in document.links] == [
        ("a", 11, 12),
        ("https://yes.example/", 18, 8),
    ]
    assert len(markdown.read(MDX, Context("a.md"))[0].links) > 2


@given(st.text(st.sampled_from("{%<highlightendcommentrxp/* >}\nx-")))
def test_places_stay_where_they_are(text: str) -> None:
    """Nothing is moved, whatever the text."""
    for plain in (without_code(text), without_script(text)):
        assert [len(line) for line in plain.split("\n")] == [len(line) for line in text.split("\n")]


def test_many_tags_take_one_look() -> None:
    """A hostile text is read in time that grows with its length."""
    assert without_code("{% highlight %}\n" * 100_000).count("highlight") == 100_000
    assert known("a{% <%" * 100_000) == "a{% <%" * 100_000
