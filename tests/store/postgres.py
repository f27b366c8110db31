"""A PostgreSQL server of the tests' own: Debian's programs, a temporary folder, a Unix socket, no network."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psycopg
import pytest

from bot.store import migrate

_INSTALLED: Final = Path("/usr/lib/postgresql")
_TEMPLATE: Final = "migrated"
_FAST: Final = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
_SERVER: Final = pytest.StashKey["Server"]()


class NoServerError(Exception):
    """This machine cannot run a PostgreSQL server for the tests; the message says why."""


class Server:
    """One running server; `fresh` gives each test a database of its own."""

    def __init__(self) -> None:
        self._programs = _newest_programs()
        self._folder = Path(tempfile.mkdtemp(prefix="xueban-pg-", dir="/tmp"))
        self._user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        self._numbers = itertools.count(1)
        self._data = self._folder / "data"
        self._call("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "-D", self._data)
        options = f"-k {self._folder} -c listen_addresses='' {_FAST}"
        self._call("pg_ctl", "-D", self._data, "-l", self._folder / "log", "-o", options, "-w", "start")
        self._execute(f'CREATE DATABASE "{_TEMPLATE}"')
        migrate(self.address(_TEMPLATE))

    def address(self, name: str) -> str:
        """Return the address of the database `name`."""
        return f"postgresql://postgres@/{name}?host={self._folder}"

    def fresh(self, *, migrated: bool) -> str:
        """Create a database and return its name; it has the current tables, or none."""
        name = f"test_{next(self._numbers)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{_TEMPLATE if migrated else "template0"}"')
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected; harmless when it is gone."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop the server and remove everything it wrote."""
        self._call("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _call(self, program: str, *args: str | Path) -> None:
        command: Sequence[str | Path] = (self._programs / program, *args)
        with (self._folder / "calls").open("ab") as output:
            subprocess.run(  # noqa: S603 - Debian's own programs
                command, check=True, user=self._user, cwd=self._folder, stdout=output, stderr=output
            )


def server_of(config: pytest.Config) -> Server:
    """Return the session's one server, started at the first call and stopped at the session's end; skip without one."""
    if _SERVER not in config.stash:
        try:
            config.stash[_SERVER] = started = Server()
        except NoServerError as fault:
            pytest.skip(str(fault))
        config.add_cleanup(started.stop)
    return config.stash[_SERVER]


def _newest_programs() -> Path:
    found = [folder for folder in _INSTALLED.glob("*/bin") if (folder / "initdb").is_file()]
    if not found:
        raise NoServerError(f"no PostgreSQL server in {_INSTALLED}: install Debian's package postgresql")
    return max(found, key=lambda folder: float(folder.parent.name))
