"""The certificate authority of the simulated web, made anew each time and trusted for its lifetime only.

aiohttp reads whom to trust once, when it is imported. So this module knows nothing of aiohttp, and
whoever wants a checker in the same process to trust the simulated web comes here first.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "SSL_CERT_FILE"


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs the certificates of the simulated web; ``ca_file`` is what to trust."""

    ca: trustme.CA
    ca_file: Path


@contextmanager
def new_authority() -> Iterator[Authority]:
    """An authority whose certificate lies in a temporary file until the block ends."""
    with TemporaryDirectory(prefix="linkwatch-web-") as directory:
        authority = Authority(trustme.CA(), Path(directory, "ca.pem"))
        authority.ca.cert_pem.write_to_path(str(authority.ca_file))
        yield authority


@contextmanager
def trusted(authority: Authority) -> Iterator[None]:
    """Makes ``SSL_CERT_FILE`` name the authority, and nothing else, until the block ends."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(authority.ca_file)
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before
