"""What an HTML page says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkwatch.harvest.document import Metadata
from linkwatch.harvest.source import one_line

if TYPE_CHECKING:
    from turbohtml import Document as Page

    from linkwatch.harvest.document import Context


def of_page(page: Page, context: Context) -> Metadata:  # noqa: ARG001
    """The metadata of a page."""
    title = page.find("title")
    return Metadata(title=one_line(title.text) if title is not None else None)
