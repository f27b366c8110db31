"""What tests of the curriculum ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.curriculum.small import write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of a small curriculum without a fault, to be spoilt."""
    return write(tmp_path / "curriculum")
