"""The tables. Settings live in `learners`; everything a learner did is in `log` and `asked`, and is never changed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.types import UtcDateTime

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only in a column declared exactly INTEGER PRIMARY KEY.
_Id: Final = BigInteger().with_variant(Integer(), "sqlite")


def _learner_column(*, primary_key: bool = False) -> Column[int]:
    return Column(
        "learner_id",
        _Id,
        ForeignKey("learners.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


learners: Final = Table(
    "learners",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("name", String(64), nullable=False),
    Column("language", String(2), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("track", String(64), nullable=False),
    Column("branch", String(16), nullable=False),
    Column("minutes_a_day", SmallInteger, nullable=False),
    Column("weekdays", SmallInteger, nullable=False, comment="bit 0 is Monday"),
    Column("push_minute", SmallInteger, nullable=False, comment="minutes after local midnight"),
    Column("stage", String(16), nullable=False),
    Column("started_on", Date, nullable=True),
    Column("awaiting", String(64), nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("paused_until", Date, nullable=True),
    Column("next_push_at", UtcDateTime, nullable=True, index=True),
)

accounts: Final = Table(
    "accounts",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("account_id", String(64), primary_key=True),
    _learner_column(),
    Column("home", String(64), nullable=False, comment="the chat pushes go to, '' while unknown"),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("muted", String(200), nullable=False, comment="why pushes stopped, '' while they flow"),
    Index(None, "learner_id"),
    Index(None, "platform", "home"),
)

log: Final = Table(
    "log",
    metadata,
    Column("id", _Id, primary_key=True),
    _learner_column(),
    Column("at", UtcDateTime, nullable=False),
    Column("study_day", Date, nullable=False, comment="local, in the zone of that moment"),
    Column("kind", String(16), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("detail", JSON, nullable=False),
    Index(None, "learner_id", "id"),
)

asked: Final = Table(
    "asked",
    metadata,
    Column("id", String(16), primary_key=True),
    _learner_column(),
    Column("question", String(128), nullable=False),
    Column("digest", String(16), nullable=False, comment="hash of the question as it was put"),
    Column("purpose", String(16), nullable=False),
    Column("seed", BigInteger, nullable=False, comment="decides the order of the options"),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("study_day", Date, nullable=False),
    Column("answered_at", UtcDateTime, nullable=True),
    Column("reply", String(128), nullable=True),
    Column("correct", Boolean, nullable=True),
    Index(None, "learner_id", "answered_at"),
)

cards: Final = Table(
    "cards",
    metadata,
    _learner_column(primary_key=True),
    Column("question", String(128), primary_key=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", JSON, nullable=False),
    Index(None, "learner_id", "due_at"),
)

pushes: Final = Table(
    "pushes",
    metadata,
    Column("id", _Id, primary_key=True),
    _learner_column(),
    Column("study_day", Date, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("platform", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("not_before", UtcDateTime, nullable=True, comment="when to look at it again; empty once it is settled"),
    Column("attempts", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("learner_id", "study_day"),
    Index(None, "not_before"),
)

receipts: Final = Table(
    "receipts",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("chat", String(64), nullable=False),
    Column(
        "replies",
        JSON(none_as_null=True),
        nullable=True,
        comment="what is still to be delivered; empty once it was",
    ),
    Index(None, "at"),
)

set_aside: Final = Table(
    "set_aside",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("raw", Text, nullable=False),
    Column("error", Text, nullable=False),
)

facts: Final = Table(
    "facts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
