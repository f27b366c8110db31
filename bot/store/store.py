"""The Store: transactions over the database, each with the learners, the log, questions, cards, pushes and receipts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.deliveries import Facts, Pushes, Receipts
from bot.store.engine import reading_engine, writing_engine
from bot.store.learners import Learners
from bot.store.studies import Cards, Log, Questions

_OUT_OF_REACH: Final = (OperationalError, InterfaceError, PoolTimeoutError, OSError)
"""Locked, gone, or every connection of the pool in use for too long."""


class StoreBusyError(Exception):
    """The database is out of reach or locked for too long; nothing was changed."""


class StoreConflictError(Exception):
    """Another transaction wrote the same row first; nothing was changed, doing it again will see that row."""


class Transaction:
    """Everything that is read and written together."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.learners = Learners(connection)
        self.log = Log(connection)
        self.questions = Questions(connection)
        self.cards = Cards(connection)
        self.pushes = Pushes(connection)
        self.receipts = Receipts(connection)
        self.facts = Facts(connection)


class Store:
    """One database. `async with store.write() as transaction` commits at the end or changes nothing."""

    def __init__(self, database: str) -> None:
        self._writing = writing_engine(database)
        self._reading = reading_engine(database)
        # SQLite has one writer; queueing here in order is fairer than its busy handler, which polls.
        self._turn = asyncio.Lock() if self._writing.dialect.name == "sqlite" else None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Yield a transaction that changes things.

        Raises:
            StoreBusyError: the database is out of reach.
            StoreConflictError: another transaction wrote the same row first.
        """
        if self._turn is None:
            async with _transaction(self._writing) as transaction:
                yield transaction
            return
        async with self._turn, _transaction(self._writing) as transaction:
            yield transaction

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """Yield a transaction that only looks.

        Raises:
            StoreBusyError: the database is out of reach.
        """
        async with _transaction(self._reading) as transaction:
            yield transaction

    async def ping(self) -> None:
        """Make sure that the database answers.

        Raises:
            StoreBusyError: it does not.
        """
        try:
            async with self._reading.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except _OUT_OF_REACH as fault:
            raise StoreBusyError(type(fault).__name__) from fault

    async def close(self) -> None:
        """Close every connection."""
        await self._writing.dispose()
        await self._reading.dispose()


@asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncIterator[Transaction]:
    try:
        async with engine.begin() as connection:
            yield Transaction(connection)
    except IntegrityError as fault:
        raise StoreConflictError(str(fault.orig)) from fault
    except _OUT_OF_REACH as fault:
        raise StoreBusyError(type(fault).__name__) from fault
    except DBAPIError as fault:
        if fault.connection_invalidated:
            raise StoreBusyError(type(fault).__name__) from fault
        raise
