"""What learners did: the log, the questions put to them, and the memory of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.history import Asked, Entry, EntryKind
from bot.core.memory import Card
from bot.store.tables import asked, cards, log


class Log:
    """The append-only log of one transaction's learners."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, learner_id: int, entry: Entry) -> None:
        """Append a line."""
        values = asdict(entry) | {"learner_id": learner_id, "detail": dict(entry.detail)}
        await self._connection.execute(insert(log).values(**values))

    async def of(self, learner_id: int, kinds: Sequence[EntryKind] = ()) -> tuple[Entry, ...]:
        """Return a learner's lines in order; only those of `kinds` when some are named."""
        query = select(log).where(log.c.learner_id == learner_id).order_by(log.c.id)
        if kinds:
            query = query.where(log.c.kind.in_(kinds))
        rows = (await self._connection.execute(query)).mappings()
        return tuple(Entry(row["at"], row["study_day"], row["kind"], row["subject"], row["detail"]) for row in rows)


class Questions:
    """The questions put to learners."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, question: Asked) -> None:
        """Keep a question that is about to be put."""
        await self._connection.execute(insert(asked).values(**asdict(question)))

    async def get(self, asked_id: str) -> Asked | None:
        """Return a question that was put, its row locked until the transaction ends."""
        query = select(asked).where(asked.c.id == asked_id).with_for_update()
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else _asked(row)

    async def answer(self, asked_id: str, reply: str, *, correct: bool, now: datetime) -> bool:
        """Record the answer if there was none yet, and return whether it was recorded."""
        query = (
            update(asked)
            .where(asked.c.id == asked_id, asked.c.answered_at.is_(None))
            .values(answered_at=now, reply=reply[:128], correct=correct)
        )
        return (await self._connection.execute(query)).rowcount == 1

    async def open(self, learner_id: int, question: str = "") -> Asked | None:
        """Return the learner's newest unanswered question; that of one full id when it is named."""
        query = (
            select(asked)
            .where(asked.c.learner_id == learner_id, asked.c.answered_at.is_(None))
            .order_by(asked.c.asked_at.desc(), asked.c.id)
            .limit(1)
        )
        if question:
            query = query.where(asked.c.question == question)
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else _asked(row)

    async def answered(self, learner_id: int, lesson_id: str) -> tuple[Asked, ...]:
        """Return the learner's answered questions of a lesson, oldest first."""
        query = (
            select(asked)
            .where(
                asked.c.learner_id == learner_id,
                asked.c.answered_at.is_not(None),
                asked.c.question.startswith(f"{lesson_id}/", autoescape=True),
            )
            .order_by(asked.c.answered_at)
        )
        return tuple(_asked(row) for row in (await self._connection.execute(query)).mappings())

    async def recalls_on(self, learner_id: int, study_day: Any) -> int:
        """Return how many recall questions were put on a study day."""
        query = select(func.count()).where(
            asked.c.learner_id == learner_id, asked.c.study_day == study_day, asked.c.purpose == "recall"
        )
        return int((await self._connection.execute(query)).scalar_one())


class Cards:
    """Memory of questions."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, learner_id: int, question: str) -> Card | None:
        """Return the memory of one question, None when there is none."""
        query = select(cards).where(cards.c.learner_id == learner_id, cards.c.question == question)
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else Card(row["question"], row["due_at"], row["state"])

    async def save(self, learner_id: int, card: Card) -> None:
        """Write the memory of one question."""
        await self._connection.execute(
            delete(cards).where(cards.c.learner_id == learner_id, cards.c.question == card.question)
        )
        await self._connection.execute(
            insert(cards).values(
                learner_id=learner_id, question=card.question, due_at=card.due_at, state=dict(card.state)
            )
        )

    async def add(self, learner_id: int, new: Iterable[Card]) -> None:
        """Write the memory of questions that have none yet; those that have are left alone."""
        for card in new:
            if await self.get(learner_id, card.question) is None:
                await self.save(learner_id, card)

    async def due(self, learner_id: int, now: datetime, limit: int) -> tuple[Card, ...]:
        """Return what is due at `now`, longest overdue first."""
        query = (
            select(cards)
            .where(cards.c.learner_id == learner_id, cards.c.due_at <= now)
            .order_by(cards.c.due_at, cards.c.question)
            .limit(limit)
        )
        rows = (await self._connection.execute(query)).mappings()
        return tuple(Card(row["question"], row["due_at"], row["state"]) for row in rows)


def _asked(row: RowMapping) -> Asked:
    return Asked(**{name: row[name] for name in Asked.__dataclass_fields__})
