"""Pages made to hold up who reads them. Pure.

Each tag that opens the document again adds its attributes to the first one's, and the parser looks through
all of these each time: 230 kB of such tags take it 2 seconds, a megabyte more than a minute (measured, with
turbohtml 1.15), while nothing else gets on and no signal is heard.
"""

from __future__ import annotations

import re
from itertools import islice

# A page has one of either. In UTF-16 there are zeros between its letters.
_OPENING = re.compile(rb"<\0?(?:h\0?t\0?m\0?l|b\0?o\0?d\0?y)\0?[\s/]", re.IGNORECASE)
OPENINGS = 100
# Bytes in which all the tags that there is room for take a third of a second.
HARMLESS = 65_536


def bearable(body: bytes) -> bytes:
    """As much of a body as the parser comes through in good time: all, but of such pages."""
    if len(body) <= HARMLESS:
        return body
    openings = (each.start() for each in _OPENING.finditer(body))
    return body[: next(islice(openings, OPENINGS, None), None)]
