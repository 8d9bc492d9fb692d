"""What every reader needs, loaded once by the process that readers are forked from."""

from __future__ import annotations

import gc

import linkwatch.config
import linkwatch.harvest.html
import linkwatch.harvest.markdown
import linkwatch.harvest.reading  # noqa: F401
from linkwatch.urls import domain_of

domain_of("www.example.org")  # reads the list of public suffixes
gc.freeze()  # what is here stays: no reader looks for cycles in it, or copies its pages in doing so
