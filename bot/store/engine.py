"""Engines and transactions: SQLite set up so that it loses nothing, PostgreSQL with the same promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)
"""WAL lets readers go on while one writes; FULL loses no commit at a power cut; the rest distrusts a damaged file."""


def async_url(text: str) -> URL:
    """Return the address with the driver for asynchronous use.

    Raises:
        ValueError: the address is neither of SQLite nor of PostgreSQL.
    """
    url = make_url(text)
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+psycopg",
        "postgres": "postgresql+psycopg",
    }
    backend = url.drivername.partition("+")[0]
    if backend not in drivers:
        raise ValueError("the database address starts with sqlite:/// or postgresql://")
    return url.set(drivername=drivers[backend])


def sync_url(text: str) -> URL:
    """Return the address with the driver that migrations use."""
    url = async_url(text)
    return url.set(drivername="sqlite" if url.drivername.startswith("sqlite") else "postgresql+psycopg")


def sqlite_file(text: str) -> Path | None:
    """Return the file of an SQLite database, None when the address is of PostgreSQL (or of memory)."""
    url = async_url(text)
    if not url.drivername.startswith("sqlite") or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database)).expanduser()


def writing_engine(text: str) -> AsyncEngine:
    """Return the engine for transactions that change something."""
    return _engine(text, begin="BEGIN IMMEDIATE")


def reading_engine(text: str) -> AsyncEngine:
    """Return the engine for transactions that only look."""
    return _engine(text, begin="BEGIN")


def _engine(text: str, *, begin: str) -> AsyncEngine:
    url = async_url(text)
    if not url.drivername.startswith("sqlite"):
        return create_async_engine(url, pool_pre_ping=True, hide_parameters=True, pool_size=10)
    engine = create_async_engine(url, hide_parameters=True)
    set_up_sqlite(engine.sync_engine, begin=begin)
    return engine


def set_up_sqlite(engine: Any, *, begin: str, foreign_keys: bool = True) -> None:
    """Make an SQLite engine begin its transactions with `begin` and set the pragmas on each connection.

    The driver itself begins a transaction only before the first change, so that two who read and then write would
    overwrite each other. SQLAlchemy's documentation of the pysqlite dialect describes this recipe.
    """

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        if not foreign_keys:
            cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.close()

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
