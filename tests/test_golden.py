"""The demo's report in every format is what somebody has read and found good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from goldens import FILES, FOLDER, demo, rendered

from linkwatch.report import formats

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("golden") / "demo.db"
    demo(where)
    return where


@pytest.mark.parametrize("form", formats.NAMES)
def test_the_report_is_the_one_that_was_read(path: Path, form: str) -> None:
    """After a wanted change: ``python tests/goldens.py``, and read the difference."""
    golden = (FOLDER / FILES[form]).read_bytes().decode()
    assert rendered(path, form) == golden
