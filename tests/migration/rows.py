"""One row of somebody's life in every table."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine, func, insert, select

from bot.store.tables import metadata
from tests.conftest import NOW

_DAY: Final = NOW.date()
ROWS: Final[dict[str, dict[str, Any]]] = {
    "learners": {
        "id": 1,
        "created_at": NOW,
        "name": "小明",
        "language": "zh",
        "zone": "Asia/Shanghai",
        "track": "five-months",
        "branch": "",
        "minutes_a_day": 60,
        "weekdays": 127,
        "push_minute": 480,
        "stage": "ready",
        "started_on": _DAY,
        "awaiting": "",
        "paused": False,
        "paused_until": None,
        "next_push_at": NOW,
    },
    "accounts": {
        "platform": "telegram",
        "account_id": "7",
        "learner_id": 1,
        "home": "7",
        "seen_at": NOW,
        "muted": "",
    },
    "log": {"learner_id": 1, "at": NOW, "study_day": _DAY, "kind": "done", "subject": "a", "detail": {"k": 1}},
    "asked": {
        "id": "0123456789abcdef",
        "learner_id": 1,
        "question": "a/q",
        "digest": "d",
        "purpose": "lesson",
        "seed": 2**48 - 1,
        "asked_at": NOW,
        "study_day": _DAY,
        "answered_at": None,
        "reply": None,
        "correct": None,
    },
    "cards": {"learner_id": 1, "question": "a/q", "due_at": NOW, "state": {"stability": 2.5}},
    "pushes": {
        "learner_id": 1,
        "study_day": _DAY,
        "due_at": NOW,
        "platform": "telegram",
        "state": "sent",
        "not_before": None,
        "attempts": 1,
        "reason": "",
    },
    "receipts": {"platform": "telegram", "key": "1", "at": NOW, "chat": "7", "replies": [{"text": "早"}]},
    "set_aside": {"platform": "telegram", "key": "2", "at": NOW, "raw": "{", "error": "ValueError"},
    "facts": {"name": "menu", "value": "abc"},
}


def fill(engine: Engine) -> None:
    """Put one row into every table."""
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(insert(table).values(**ROWS[table.name]))


def counted(engine: Engine) -> dict[str, int]:
    """Return how many rows every table has."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


ONE_OF_EACH: Final = dict.fromkeys((table.name for table in metadata.sorted_tables), 1)
