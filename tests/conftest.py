"""What every test may ask for: a roadmap, a store on a fresh SQLite file, the use cases, a moment in time."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import pin_time_zones
from bot.core.roadmap import Roadmap
from bot.curriculum import load
from bot.store import Store, migrate
from bot.study.desk import Study

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
"""A Monday: 14:05 in Shanghai, 11:35 in Kolkata, 07:05 in Berlin, 03:05 in Santiago."""

pin_time_zones()


@pytest.fixture(scope="session")
def roadmap() -> Roadmap:
    """Return the roadmap as shipped."""
    return load(ROOT / "curriculum")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> str:
    """Return the address of a fresh database of this test's own."""
    path = tmp_path / "xueban.db"
    path.write_bytes(empty_database.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """Yield a store on the fresh database."""
    opened = Store(database)
    yield opened
    await opened.close()


@pytest.fixture
def study(store: Store, roadmap: Roadmap) -> Study:
    """Return the use cases on the fresh database, with reproducible ids."""
    return Study(store, roadmap, random.Random(7))
