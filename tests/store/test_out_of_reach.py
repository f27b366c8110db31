"""A database that is locked, gone or full of waiting people: the store says so in one word and stays usable."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.core.learner import Learner
from bot.store import Store, StoreBusyError
from bot.store.engine import async_url, sync_url
from bot.store.store import _transaction  # how waiting for a connection ends can only be seen with a tiny pool


@pytest.fixture
def impatient() -> Iterator[None]:
    """Let nobody wait for a lock: SQLite gives up at once, PostgreSQL after a millisecond."""

    def begun(connection: Connection) -> None:
        sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql("PRAGMA busy_timeout=0" if sqlite else "SET lock_timeout='1ms'")

    event.listen(Engine, "begin", begun)
    yield
    event.remove(Engine, "begin", begun)


@pytest.mark.usefixtures("impatient")
async def test_busy(store: Store, database: str, alice: Learner) -> None:
    """While another connection holds the lock a change says busy; afterwards all is as before."""
    with _locked(database), pytest.raises(StoreBusyError):
        await _touch(store, alice)
    await _touch(store, alice)


async def test_gone_from_the_beginning(tmp_path: Path) -> None:
    """A database that cannot be opened is out of reach, for every door of the store."""
    before = set(threading.enumerate())
    for address in (f"sqlite:///{tmp_path}/no/such/folder/x.db", f"postgresql://postgres@/x?host={tmp_path}"):
        store = Store(address)
        with pytest.raises(StoreBusyError):
            await store.ping()
        with pytest.raises(StoreBusyError):
            async with store.read():
                pass
        with pytest.raises(StoreBusyError):
            async with store.write():
                pass
        await store.close()
    for thread in set(threading.enumerate()) - before:
        thread.join()  # the driver's thread still tells this loop that its connection failed


async def test_gone_in_the_middle(store: Store, database: str, alice: Learner) -> None:
    """When the database goes away inside a transaction the change is refused as busy; a new one works again."""
    if database.startswith("sqlite"):
        pytest.skip("an open SQLite file does not go away")
    with pytest.raises(StoreBusyError):
        await _touch(store, alice, meanwhile=lambda: _end_connections(database))
    await _touch(store, alice)
    await store.ping()


async def test_full_disk(store: Store, database: str, alice: Learner) -> None:
    """When the file may not grow any more, changes say busy, nothing is half done, and reading goes on."""
    if database.startswith("postgres"):
        pytest.skip("only an SQLite file can be kept from growing here")

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=1")

    event.listen(Engine, "begin", begun)
    try:
        with pytest.raises(StoreBusyError):
            async with store.write() as transaction:
                await transaction.facts.put("long", "x" * 1_000_000)
    finally:
        event.remove(Engine, "begin", begun)
    async with store.read() as transaction:
        assert await transaction.facts.get("long") is None
        assert await transaction.learners.get(alice.id) == alice


async def test_too_many_waiting(database: str) -> None:
    """Who waits too long for a free connection hears busy, not an error of the pool."""
    engine = create_async_engine(async_url(database), pool_size=1, max_overflow=0, pool_timeout=0)
    async with _transaction(engine):
        with pytest.raises(StoreBusyError):
            async with _transaction(engine):
                pass
    await engine.dispose()


async def test_many_readers_wait_their_turn(store: Store, alice: Learner) -> None:
    """More readers than connections are all served."""

    async def looks() -> Learner | None:
        async with store.read() as transaction:
            return await transaction.learners.get(alice.id)

    assert await asyncio.gather(*(looks() for _ in range(60))) == [alice] * 60


async def test_ping(store: Store) -> None:
    """A database that answers pings in silence, also while somebody writes."""
    async with store.write():
        await store.ping()


async def test_durable_settings(store: Store, database: str) -> None:
    """SQLite runs with a write-ahead log and full synchronisation, so that no commit is lost."""
    if database.startswith("postgres"):
        pytest.skip("these are SQLite's settings")
    await store.ping()
    with closing(sqlite3.connect(str(make_url(database).database))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("address", ["mysql://localhost/x", "nonsense", "oracle://x"])
def test_other_databases_are_refused(address: str) -> None:
    """Only SQLite and PostgreSQL are understood, and the message says so."""
    with pytest.raises(Exception, match=r"sqlite:/// or postgresql://|Could not parse"):
        async_url(address)


def test_both_spellings_of_postgresql() -> None:
    """The short spelling that hosters hand out means the same."""
    assert async_url("postgres://x/y") == async_url("postgresql://x/y")


async def _touch(store: Store, learner: Learner, meanwhile: Callable[[], None] = lambda: None) -> None:
    async with store.write() as transaction:
        assert await transaction.learners.get(learner.id) is not None
        meanwhile()
        await transaction.learners.save(learner)


@contextmanager
def _locked(database: str) -> Iterator[None]:
    engine = create_engine(sync_url(database), isolation_level="AUTOCOMMIT")
    sqlite = engine.dialect.name == "sqlite"
    lock = ("BEGIN EXCLUSIVE",) if sqlite else ("BEGIN", "LOCK TABLE learners IN ACCESS EXCLUSIVE MODE")
    with engine.connect() as connection:
        for statement in lock:
            connection.exec_driver_sql(statement)
        yield
        connection.exec_driver_sql("ROLLBACK")
    engine.dispose()


def _end_connections(database: str) -> None:
    engine = create_engine(sync_url(database))
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()
