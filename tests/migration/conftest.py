"""Databases without tables, on both engines, and a folder of migrations that may be spoilt."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from bot.store.engine import set_up_sqlite, sync_url
from bot.store.migrate import SCRIPTS, expected_revision
from tests.store.postgres import server_of

AddVersion = Callable[[str], None]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the address of a database of this test's own that has no tables yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'xueban.db'}"
        return
    server = server_of(request.config)
    name = server.fresh(migrated=False)
    yield server.address(name)
    server.drop(name)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """Yield an engine on that database, with foreign keys on."""
    made = create_engine(sync_url(database))
    if made.dialect.name == "sqlite":
        set_up_sqlite(made, begin="BEGIN IMMEDIATE")
    yield made
    made.dispose()


@pytest.fixture
def add_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AddVersion:
    """Return a way to give the migrations a next version, in a copy of their folder."""
    scripts = tmp_path / "migrations"
    newest = expected_revision()
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    # The package's function `migrate` hides the module of that name.
    monkeypatch.setattr(sys.modules["bot.store.migrate"], "SCRIPTS", scripts)

    def added(body: str) -> None:
        text = _VERSION.format(newest=newest, body=body)
        (scripts / "versions" / "9999_the_next.py").write_text(text, "utf-8")

    return added


_VERSION = '''"""The next."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade() -> None:
    """Go up."""
    {body}


def downgrade() -> None:
    """Go down."""
'''
