"""What goes out: claims of due pushes and their outcomes; receipts of requests with the replies still to deliver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.learner import Learner
from bot.core.push import Push, PushState
from bot.store.learners import learner_from
from bot.store.tables import accounts, facts, learners, pushes, receipts, set_aside

Scheduled = tuple[Learner, date, datetime | None]
"""A due learner, the study day their push is for, and when the next one is due (None: no more)."""


class Pushes:
    """Claims and outcomes of pushes."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(
        self,
        now: datetime,
        platforms: tuple[str, ...],
        schedule: Callable[[Learner], tuple[date, datetime | None]],
        *,
        limit: int,
    ) -> int:
        """Claim up to `limit` learners whose push is due and who are reached on one of `platforms`.

        The next time is stored and the push written in this same transaction, before anything is sent; two processes
        never claim the same learner (SKIP LOCKED on PostgreSQL, the single writer on SQLite), and a study day that was
        claimed once is never claimed again.

        Args:
            now: aware.
            platforms: those this process can send to.
            schedule: gives a due learner's study day and the next moment one is due.
            limit: the size of the batch.

        Returns:
            How many learners were due in this batch.
        """
        reached = (
            select(accounts.c.platform)
            .where(accounts.c.learner_id == learners.c.id, accounts.c.platform.in_(platforms))
            .where(accounts.c.home != "", accounts.c.muted == "")
            .order_by(accounts.c.seen_at.desc(), accounts.c.platform)
            .limit(1)
            .scalar_subquery()
        )
        # Who can be reached only by another process is left to it; who cannot be reached at all is just moved on.
        reachable = exists().where(
            accounts.c.learner_id == learners.c.id, accounts.c.home != "", accounts.c.muted == ""
        )
        due = (
            select(learners, reached.label("platform"))
            .where(learners.c.next_push_at <= now, or_(reached.is_not(None), ~reachable))
            .order_by(learners.c.next_push_at)
            .limit(limit)
            .with_for_update(skip_locked=True, of=learners)
        )
        rows = (await self._connection.execute(due)).mappings().all()
        if not rows:
            return 0
        planned = [(row, learner_from(row), *schedule(learner_from(row))) for row in rows]
        await self._connection.execute(
            update(learners).where(learners.c.id == bindparam("claimed_id")).values(next_push_at=bindparam("next_at")),
            [{"claimed_id": learner.id, "next_at": following} for _, learner, _, following in planned],
        )
        new = [_new_push(row, day, now) for row, _, day, _ in planned if row["platform"] is not None]
        if new:
            write = sqlite_insert if self._connection.dialect.name == "sqlite" else postgresql_insert
            await self._connection.execute(write(pushes).on_conflict_do_nothing(), new)
        return len(rows)

    async def ready(
        self, now: datetime, platforms: tuple[str, ...], *, limit: int, lease: timedelta
    ) -> tuple[Push, ...]:
        """Return pushes to look at now, and lease them: fresh claims, those to try again, those a crash left behind."""
        query = (
            select(pushes)
            .where(pushes.c.not_before <= now, pushes.c.platform.in_(platforms))
            .order_by(pushes.c.not_before, pushes.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = tuple(_push(row) for row in (await self._connection.execute(query)).mappings())
        if found:
            leased = update(pushes).where(pushes.c.id.in_([push.id for push in found]))
            await self._connection.execute(leased.values(not_before=now + lease))
        return found

    async def standing(self, push_id: int) -> tuple[PushState, int] | None:
        """Return state and attempts of a push as they are now."""
        row = (
            await self._connection.execute(select(pushes.c.state, pushes.c.attempts).where(pushes.c.id == push_id))
        ).first()
        return None if row is None else (row[0], row[1])

    async def settle(
        self,
        push_id: int,
        state: PushState,
        *,
        reason: str = "",
        not_before: datetime | None = None,
        attempts: int | None = None,
    ) -> None:
        """Record what became of a push; `not_before` None means it is never looked at again."""
        values: dict[str, Any] = {"state": state, "reason": reason[:500], "not_before": not_before}
        if attempts is not None:
            values["attempts"] = attempts
        await self._connection.execute(update(pushes).where(pushes.c.id == push_id).values(**values))

    async def next_due(self) -> datetime | None:
        """Return the earliest moment at which there is something to claim or to look at, None when there is nothing."""
        claims = (await self._connection.execute(select(func.min(learners.c.next_push_at)))).scalar_one()
        again = (await self._connection.execute(select(func.min(pushes.c.not_before)))).scalar_one()
        return min((moment for moment in (claims, again) if moment is not None), default=None)

    async def days(self, learner_id: int) -> frozenset[date]:
        """Return the study days for which the learner had a push."""
        query = select(pushes.c.study_day).where(pushes.c.learner_id == learner_id)
        return frozenset((await self._connection.execute(query)).scalars())

    async def of(self, learner_id: int) -> tuple[Push, ...]:
        """Return a learner's pushes, oldest first."""
        query = select(pushes).where(pushes.c.learner_id == learner_id).order_by(pushes.c.id)
        return tuple(_push(row) for row in (await self._connection.execute(query)).mappings())


class Receipts:
    """Which requests were applied, and which replies are still to be delivered."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, platform: str, key: str) -> tuple[bool, Any]:
        """Return whether the request was applied, and its undelivered replies (None when there are none)."""
        query = select(receipts.c.replies).where(receipts.c.platform == platform, receipts.c.key == key)
        row = (await self._connection.execute(query)).first()
        return (False, None) if row is None else (True, row[0])

    async def add(self, platform: str, key: str, chat: str, replies: Any, now: datetime) -> None:
        """Note that a request is applied in this transaction, with the replies it gave."""
        values = {"platform": platform, "key": key, "chat": chat, "replies": replies, "at": now}
        await self._connection.execute(insert(receipts).values(**values))

    async def delivered(self, platform: str, key: str) -> None:
        """Forget the replies: they arrived."""
        query = update(receipts).where(receipts.c.platform == platform, receipts.c.key == key)
        await self._connection.execute(query.values(replies=None))

    async def undelivered(self, platform: str, since: datetime) -> Sequence[tuple[str, str, Any]]:
        """Return key, chat and replies of the requests since `since` whose replies may not have arrived."""
        query = (
            select(receipts.c.key, receipts.c.chat, receipts.c.replies)
            .where(receipts.c.platform == platform, receipts.c.at >= since, receipts.c.replies.is_not(None))
            .order_by(receipts.c.at)
        )
        return [(key, chat, replies) for key, chat, replies in (await self._connection.execute(query)).all()]

    async def forget(self, before: datetime) -> int:
        """Drop receipts older than any platform repeats an event, and return how many."""
        return (await self._connection.execute(delete(receipts).where(receipts.c.at < before))).rowcount

    async def set_aside(self, platform: str, key: str, raw: str, error: str, now: datetime) -> None:
        """Keep an update that could not be handled."""
        where = (set_aside.c.platform == platform, set_aside.c.key == key)
        await self._connection.execute(delete(set_aside).where(*where))
        values = {
            "platform": platform,
            "key": key,
            "raw": _storable(raw)[:20_000],
            "error": _storable(error)[:2_000],
            "at": now,
        }
        await self._connection.execute(insert(set_aside).values(**values))

    async def count_set_aside(self) -> int:
        """Return how many updates wait for the owner's look."""
        return int((await self._connection.execute(select(func.count()).select_from(set_aside))).scalar_one())


class Facts:
    """Small things to remember across restarts, by name."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, name: str) -> str | None:
        """Return the value, None when there is none."""
        query = select(facts.c.value).where(facts.c.name == name)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def put(self, name: str, value: str) -> None:
        """Write the value."""
        await self._connection.execute(delete(facts).where(facts.c.name == name))
        await self._connection.execute(insert(facts).values(name=name, value=value))


def _storable(text: str) -> str:
    """Return `text` with what a database refuses (NUL, half a surrogate pair) written as escapes."""
    return text.encode(errors="backslashreplace").decode().replace("\x00", "\\x00")


def _new_push(row: RowMapping, day: date, now: datetime) -> dict[str, Any]:
    return {
        "learner_id": row["id"],
        "study_day": day,
        "due_at": row["next_push_at"],
        "platform": row["platform"],
        "state": "claimed",
        "not_before": now,
        "attempts": 0,
        "reason": "",
    }


def _push(row: RowMapping) -> Push:
    return Push(**{name: row[name] for name in Push.__dataclass_fields__})
