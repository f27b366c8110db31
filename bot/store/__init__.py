"""Floor 1: SQLAlchemy stops here; public methods speak only floor-0 types."""

from bot.store.engine import sqlite_file
from bot.store.migrate import MigrationError, current_revision, expected_revision, migrate
from bot.store.store import Store, StoreBusyError, StoreConflictError, Transaction

__all__ = [
    "MigrationError",
    "Store",
    "StoreBusyError",
    "StoreConflictError",
    "Transaction",
    "current_revision",
    "expected_revision",
    "migrate",
    "sqlite_file",
]
