"""How Datasette shows what came from the web: links that are safe to follow, states in colour.

Datasette loads this file by itself (``--plugins-dir``); the functions are its hooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from datasette import hookimpl
from markupsafe import Markup

from linkwatch.model import State
from linkwatch.report import safe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Scope = MutableMapping[str, Any]
    Application = Callable[[Scope, Any, Any], Awaitable[None]]

ADDRESSES = frozenset({"url", "final_url", "new_url", "memento_url", "best_memento", "raw"})
STATES = frozenset({"state", "from_state", "to_state"})

# Light text on dark ground or dark on light, each at a contrast of at least 4.5 to 1.
COLOURS = {
    State.ALIVE: ("#1a7f37", "#ffffff"),
    State.MOVED: ("#0969da", "#ffffff"),
    State.DRIFTED: ("#8250df", "#ffffff"),
    State.BLOCKED: ("#ffd33d", "#1f2328"),
    State.SUSPECT: ("#ffd33d", "#1f2328"),
    State.DEAD: ("#b3261e", "#ffffff"),
    State.SKIPPED: ("#d0d7de", "#1f2328"),
    State.UNCHECKED: ("#d0d7de", "#1f2328"),
}

LINK = Markup('<a href="{}" rel="noopener noreferrer nofollow ugc">{}</a>')
HISTORY = Markup(' <a href="{}" title="every check of this URL">history</a>')
CITATIONS = Markup(' <a href="{}" title="the articles that cite this URL">cited</a>')
BADGE = Markup('<span style="background:{};color:{};padding:1px 6px;border-radius:8px">{}</span>')

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: object, column: str, table: str | None, datasette: Any) -> Markup | None:
    """A cell as HTML; None leaves it to Datasette, which shows it as text."""
    if not isinstance(value, str):
        return None
    if column in STATES and value in COLOURS:
        return BADGE.format(*COLOURS[State(value)], value)
    if column in ADDRESSES:
        return _address(value, column, table, datasette)
    return Markup("{}").format(safe.plain(value, safe.URL_LIMIT))


def _address(value: str, column: str, table: str | None, datasette: Any) -> Markup:
    target = safe.href(value)
    shown = safe.plain(value, safe.URL_LIMIT)
    link = LINK.format(target, shown) if target else Markup("{}").format(shown)
    if column != "url" or table in ("articles", "hops"):
        return link
    ask = quote(value, safe="")
    history = HISTORY.format(datasette.urls.path(f"/linkwatch/url_history?url={ask}"))
    return link + history + CITATIONS.format(datasette.urls.path(f"/linkwatch/citations_of_url?url={ask}"))


@hookimpl  # type: ignore[untyped-decorator]
def extra_css_urls(datasette: Any) -> list[str]:
    """The style sheet that ``linkwatch browse`` mounts beside Datasette's own."""
    return [datasette.urls.path("/assets/linkwatch.css")]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[Application], Application]:
    """Every answer forbids what the pages do not need."""

    def wrap(app: Application) -> Application:
        async def guarded(scope: Scope, receive: Any, send: Any) -> None:
            async def sending(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message.get("headers", ()), *HEADERS]
                await send(message)

            await app(scope, receive, sending)

        return guarded

    return wrap
