"""The registrable domain of a host: whose site it is, by the Public Suffix List.

The list is shipped inside a package, so nothing is fetched. Private suffixes count: two blogs on
github.io are two sites.
"""

from __future__ import annotations

from functools import cache

from publicsuffixlist import PublicSuffixList


@cache
def registrable(host: str) -> str:
    """The registrable domain of a host name; the host itself where there is none (an address)."""
    return _list().privatesuffix(host.lower().rstrip(".")) or host


@cache
def _list() -> PublicSuffixList:
    return PublicSuffixList()
