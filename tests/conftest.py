"""What the tests share: a fresh database, a fixed time, and the data beside the project."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linkwatch.store.database import in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

SHARED = Path(__file__).resolve().parents[2] / "shared"
NIGHT = datetime(2026, 3, 1, 3, 17, tzinfo=UTC)


@pytest.fixture
def db() -> Iterator[Database]:
    """A fresh database at the current schema."""
    database = in_memory()
    yield database
    database.close()


@pytest.fixture
def shared() -> Path:
    """The evaluation data beside the project; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("no evaluation data beside the project")
    return SHARED
