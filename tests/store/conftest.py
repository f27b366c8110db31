"""Every test of this folder runs twice: on a fresh SQLite file and on a fresh PostgreSQL database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.learner import Account, Learner
from bot.store import Store
from tests.conftest import NOW
from tests.store.postgres import server_of

ALICE = Account("telegram", "6000000001")
BOB = Account("discord", "700000000000000002")
Opener = Callable[[], Awaitable[Store]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path) -> Iterator[str]:
    """Yield the address of a fresh database of this test's own."""
    if request.param == "sqlite":
        path = tmp_path / "xueban.db"
        path.write_bytes(empty_database.read_bytes())
        yield f"sqlite:///{path}"
        return
    server = server_of(request.config)
    name = server.fresh(migrated=True)
    yield server.address(name)
    server.drop(name)


@pytest.fixture
async def another(database: str) -> AsyncIterator[Opener]:
    """Return a way to open more stores on the same database, each as another process would have it."""
    async with AsyncExitStack() as stack:

        async def opened() -> Store:
            store = Store(database)
            stack.push_async_callback(store.close)
            return store

        yield opened


@pytest.fixture
async def alice(store: Store) -> Learner:
    """Alice, who is on her way in Berlin and can be reached on Telegram; her push was due a minute ago."""
    return await joins(store, ALICE)


async def joins(store: Store, account: Account, *, due: datetime | None = NOW - timedelta(minutes=1)) -> Learner:
    """Add a learner who is reached on `account`, with a push due at `due`."""
    async with store.write() as transaction:
        learner = await transaction.learners.add(account, "en", "Europe/Berlin", NOW)
        await transaction.learners.seen(account, f"chat-{account.id}", NOW)
        due_learner = Learner(
            id=learner.id, language="en", zone="Europe/Berlin", track="t", stage="ready", next_push_at=due
        )
        await transaction.learners.save(due_learner)
    return due_learner
