"""The tables of the simulated web, one module per neighbourhood. To grow it, add a row.

``ROWS`` and ``HOSTS`` together are the web that ``linkwatch demo`` runs against; the sample
articles cite it. Day 0 is the first night; the nights of the demo are ``linkwatch.demo.run.NIGHTS``.
"""

from __future__ import annotations

from linkwatch.demo.sites import institutions, newsroom, press, small_sites
from linkwatch.demo.world import World

ROWS = (*press.ROWS, *institutions.ROWS, *small_sites.ROWS, *newsroom.ROWS)
HOSTS = small_sites.HOSTS


def world() -> World:
    """The simulated web on day 0, with nobody having come by yet."""
    return World(ROWS, HOSTS)
