"""What every test may ask for: a roadmap, a store on a fresh SQLite file, the use cases, a moment in time."""

from __future__ import annotations

import logging
import random
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import pin_time_zones
from bot.core.roadmap import Roadmap
from bot.curriculum import load
from bot.store import Store, migrate
from bot.study.desk import Study
from tests.fakes.discord.server import CANARY as DISCORD_CANARY
from tests.fakes.telegram.fake import CANARY as TELEGRAM_CANARY

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
"""A Monday: 14:05 in Shanghai, 11:35 in Kolkata, 07:05 in Berlin, 03:05 in Santiago."""

pin_time_zones()


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say plainly which tests are skipped because Debian's Chromium is not there."""
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed (Debian's package chromium)"))


class _Watch(logging.Handler):
    """Looks for the fakes' bot tokens in every line that is logged, whoever logs it, at any level."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.leaks: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Note a line that holds a token."""
        line = self.format(record)
        if TELEGRAM_CANARY in line or DISCORD_CANARY in line:
            self.leaks.append(f"{record.name} {record.levelname} at {record.pathname}:{record.lineno}")


@pytest.fixture(autouse=True)
def no_token_is_logged() -> Iterator[None]:
    """Fail every test during which a bot token reached a log line at DEBUG or above."""
    watch, root = _Watch(), logging.getLogger()
    before = root.level
    root.addHandler(watch)
    root.setLevel(logging.DEBUG)
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)  # two lines for each statement, of which none has a token
    yield
    root.removeHandler(watch)
    root.setLevel(before)
    assert watch.leaks == []


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
    return Study(store, roadmap, random.Random(7))  # noqa: S311 - repeatable on purpose
