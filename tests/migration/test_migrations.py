"""The shipped migrations: one line of versions that ends in exactly the tables the store uses, up and down."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from bot.store import MigrationError, expected_revision, migrate
from bot.store.migrate import SCRIPTS, revision_of
from bot.store.tables import metadata
from tests.migration.rows import ONE_OF_EACH, ROWS, counted, fill


def versions() -> list[str]:
    """Return the shipped versions, oldest first."""
    return [script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()][::-1]


def tables(engine: Engine) -> set[str]:
    """Return the tables there are, but Alembic's own."""
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_one_line_of_versions() -> None:
    """There is one newest version, and each builds on the one before."""
    script = ScriptDirectory(str(SCRIPTS))
    assert script.get_heads() == [expected_revision()]
    assert script.get_bases() == versions()[:1]
    assert all(script.get_revision(name).down_revision == before for before, name in itertools.pairwise(versions()))


def test_migrations_equal_the_tables(database: str, engine: Engine) -> None:
    """After all migrations the database holds exactly the tables, columns, types, keys and indexes of the store."""
    migrate(database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    assert tables(engine) == set(metadata.tables)


def test_every_foreign_key_is_there(database: str, engine: Engine) -> None:
    """Every row that belongs to a learner goes when the learner goes."""
    migrate(database)
    for table in metadata.sorted_tables:
        wanted = {key.column.table.name for key in table.foreign_keys}
        found = inspect(engine).get_foreign_keys(table.name)
        assert {key["referred_table"] for key in found} == wanted
        assert all(key["options"].get("ondelete") == "CASCADE" for key in found)


def test_up_and_down_and_up_with_data(database: str, engine: Engine) -> None:
    """With rows in every table the way down to nothing and up again works; going up to where we are changes nothing."""
    assert set(ROWS) == set(metadata.tables)
    migrate(database)
    fill(engine)
    migrate(database)
    assert counted(engine) == ONE_OF_EACH
    migrate(database, "base")
    assert tables(engine) == set()
    assert revision_of(engine) is None
    migrate(database)
    assert set(counted(engine).values()) == {0}


def test_stairway(database: str, engine: Engine) -> None:
    """Every version can be reached from the one before, undone, and reached again."""
    for before, version in itertools.pairwise(["base", *versions()]):
        migrate(database, version)
        migrate(database, before)
        assert revision_of(engine) == (None if before == "base" else before)
        migrate(database, version)
        assert revision_of(engine) == version


def test_going_down_from_nothing(database: str, engine: Engine) -> None:
    """An empty database can be brought down to nothing, which it is."""
    migrate(database, "base")
    assert tables(engine) == set()


def test_the_newer_version_is_refused(database: str, engine: Engine) -> None:
    """A database of a version this program does not know is left alone, with a message that says what to do."""
    migrate(database)
    fill(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '8888'")
    with pytest.raises(MigrationError, match="version 8888, which this Xueban does not know: install the newer"):
        migrate(database)
    assert revision_of(engine) == "8888"
    assert counted(engine) == ONE_OF_EACH


def test_the_folder_is_made(tmp_path: Path) -> None:
    """A database in a folder that is not there yet gets one that only its owner can open."""
    migrate(f"sqlite:///{tmp_path / 'new' / 'deep' / 'xueban.db'}")
    assert (tmp_path / "new" / "deep").stat().st_mode & 0o777 == 0o700
