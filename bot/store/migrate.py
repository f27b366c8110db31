"""Brings a database to the tables this version expects, with a backup first and every row counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.store.engine import set_up_sqlite, sync_url

SCRIPTS: Final = Path(__file__).resolve().parents[2] / "migrations"
_LOCK_NUMBER: Final = 0x58756562
"""Any fixed number: PostgreSQL's advisory lock that lets one process migrate while others wait."""


class MigrationError(Exception):
    """The database cannot be brought to this version; the message says why and what to do."""


def migrate(database: str, revision: str = "head") -> None:
    """Bring the database at `database` up (or down) to `revision`; harmless when it is there already.

    SQLite: a backup is written beside the file first (when it holds anything), foreign keys are off while tables are
    rebuilt (a rebuild would delete the children of every row), checked before the commit, and the rows of every
    table that stays are counted before and after. PostgreSQL: one process migrates, the others wait.

    Raises:
        MigrationError: the database is of a newer version, or rows would be lost.
    """
    engine = create_engine(sync_url(database))
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        set_up_sqlite(engine, begin="BEGIN IMMEDIATE", foreign_keys=False)
        _make_folder(engine)
    try:
        current = revision_of(engine)
        script = ScriptDirectory(str(SCRIPTS))
        known = {found.revision for found in script.walk_revisions()}
        if current is not None and current not in known:
            raise MigrationError(
                f"the database is at version {current}, which this Xueban does not know: install the newer Xueban again"
            )
        wanted = script.get_current_head() if revision == "head" else revision
        if current == wanted:
            return
        if sqlite and current is not None:
            _back_up(engine, current)
        with engine.begin() as connection:
            _run(connection, revision, down=_is_older(script, wanted, current))
    except DBAPIError as fault:
        raise MigrationError(f"the database cannot be read or changed ({type(fault.orig).__name__})") from fault
    finally:
        engine.dispose()


def revision_of(engine: Engine) -> str | None:
    """Return the version the database is at, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def current_revision(database: str) -> str | None:
    """Return the version the database at `database` is at, None for an empty one."""
    engine = create_engine(sync_url(database))
    try:
        return revision_of(engine)
    finally:
        engine.dispose()


def expected_revision() -> str | None:
    """Return the version this Xueban works with."""
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def _run(connection: Connection, revision: str, *, down: bool) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _nothing_lost(connection):
        (command.downgrade if down else command.upgrade)(config, revision)


@contextmanager
def _nothing_lost(connection: Connection) -> Iterator[None]:
    before = _count(connection)
    yield
    after = _count(connection)
    lost = [name for name, rows in before.items() if name in after and after[name] < rows]
    if lost:
        raise MigrationError(f"rows would be lost in {', '.join(lost)}: nothing was changed; please report this")
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise MigrationError("rows would point at nothing: nothing was changed; please report this")


def _count(connection: Connection) -> dict[str, int]:
    names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    quote = connection.dialect.identifier_preparer.quote
    return {
        name: connection.exec_driver_sql(f"SELECT count(*) FROM {quote(name)}").scalar_one()  # noqa: S608 - own names
        for name in names
    }


def _is_older(script: ScriptDirectory, wanted: str | None, current: str | None) -> bool:
    if wanted == "base":
        return True
    if current is None or wanted is None:
        return False
    return wanted in {found.revision for found in script.iterate_revisions(current, "base")}


def _make_folder(engine: Engine) -> None:
    if engine.url.database and engine.url.database != ":memory:":
        Path(engine.url.database).expanduser().parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _back_up(engine: Engine, current: str) -> Path:
    """Write a copy of an SQLite database beside it with SQLite's own online backup, and return its path."""
    source = Path(str(engine.url.database))
    target = source.with_name(f"{source.name}.before-{current}.bak")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    target.chmod(0o600)
    return target
