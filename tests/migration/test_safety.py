"""What a bad migration cannot do: lose rows, delete children, stop half-way, or leave the owner without a backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, make_url
from sqlalchemy.exc import DBAPIError

from bot.store import MigrationError, migrate
from bot.store.migrate import revision_of
from tests.migration.conftest import AddVersion
from tests.migration.rows import ONE_OF_EACH, counted, fill

REBUILD = """with op.batch_alter_table("learners") as batch:
        batch.alter_column("name", type_=sa.String(99))
        batch.add_column(sa.Column("nickname", sa.String(9), nullable=False, server_default=""))"""
LOSE = 'op.execute("DELETE FROM log")'
ORPHAN = 'op.execute("UPDATE cards SET learner_id = 404")'
BREAK = """op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("DELETE FROM facts")
    op.execute("INSERT INTO nowhere VALUES (1)")"""


@pytest.fixture
def filled(database: str, engine: Engine) -> str:
    """Return the address of a database at the newest shipped version, with a row in every table."""
    migrate(database)
    fill(engine)
    return database


def columns(engine: Engine) -> set[str]:
    """Return the columns of `learners`."""
    return {column["name"] for column in inspect(engine).get_columns("learners")}


def test_a_rebuilt_table_keeps_its_children(filled: str, engine: Engine, add_version: AddVersion) -> None:
    """A version that rebuilds `learners` keeps every row that belongs to a learner."""
    before = revision_of(engine)
    add_version(REBUILD)
    migrate(filled)
    assert revision_of(engine) == "9999" != before
    assert "nickname" in columns(engine)
    assert counted(engine) == ONE_OF_EACH
    with engine.begin() as connection, pytest.raises(DBAPIError):
        connection.exec_driver_sql("UPDATE cards SET learner_id = 404")


def test_losing_rows_is_refused(filled: str, engine: Engine, add_version: AddVersion) -> None:
    """A version after which a table has fewer rows is undone, and the message names the table."""
    before = revision_of(engine)
    add_version(LOSE)
    with pytest.raises(MigrationError, match="rows would be lost in log: nothing was changed"):
        migrate(filled)
    assert revision_of(engine) == before
    assert counted(engine) == ONE_OF_EACH


def test_orphans_are_refused(filled: str, engine: Engine, add_version: AddVersion) -> None:
    """A version that leaves rows pointing at nobody is undone."""
    before = revision_of(engine)
    add_version(ORPHAN)
    with pytest.raises((MigrationError, DBAPIError)):
        migrate(filled)
    assert revision_of(engine) == before
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT learner_id FROM cards").scalar_one() == 1


def test_a_failing_migration_rolls_back_whole(filled: str, engine: Engine, add_version: AddVersion) -> None:
    """A version that fails in its last statement leaves nothing of its first ones."""
    before = revision_of(engine)
    add_version(BREAK)
    with pytest.raises(MigrationError):
        migrate(filled)
    assert revision_of(engine) == before
    assert "half" not in inspect(engine).get_table_names()
    assert counted(engine) == ONE_OF_EACH


def test_the_backup_is_usable(filled: str, engine: Engine, add_version: AddVersion) -> None:
    """Before SQLite is changed a copy of it stands beside it, complete, readable by its owner only, and working."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL is backed up by its owner's own means")
    before = revision_of(engine)
    path = Path(str(make_url(filled).database))
    backup = path.with_name(f"{path.name}.before-{before}.bak")
    assert not backup.exists()
    add_version(REBUILD)
    migrate(filled)
    assert backup.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    restored = create_engine(f"sqlite:///{backup}")
    assert counted(restored) == ONE_OF_EACH
    assert revision_of(restored) == before
    restored.dispose()
    migrate(f"sqlite:///{backup}")


def test_no_backup_of_nothing(database: str, engine: Engine, tmp_path: Path) -> None:
    """A new database needs no backup, and neither does one that is up to date."""
    migrate(database)
    fill(engine)
    migrate(database)
    assert list(tmp_path.glob("*.bak")) == []


def test_the_migration_is_backed_up_before_it_fails(filled: str, engine: Engine, add_version: AddVersion) -> None:
    """Also before a version that fails there is a backup."""
    add_version(BREAK)
    with pytest.raises(MigrationError):
        migrate(filled)
    backups = list(Path(str(make_url(filled).database)).parent.glob("*.bak")) if "sqlite" in filled else [Path()]
    assert len(backups) == 1
    assert counted(engine) == ONE_OF_EACH
