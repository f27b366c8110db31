"""Learners and their accounts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.language import Language
from bot.core.learner import Account, Learner
from bot.store.tables import accounts, learners


class Learners:
    """Finds, creates and changes learners inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, account: Account) -> Learner | None:
        """Return the learner behind an account, their row locked until the transaction ends; None for a newcomer."""
        query = (
            select(learners)
            .join(accounts, accounts.c.learner_id == learners.c.id)
            .where(accounts.c.platform == account.platform, accounts.c.account_id == account.id)
            .with_for_update(of=learners)
        )
        return await self._one(query)

    async def get(self, learner_id: int) -> Learner | None:
        """Return a learner by number, their row locked until the transaction ends."""
        return await self._one(select(learners).where(learners.c.id == learner_id).with_for_update())

    async def _one(self, query: Select[Any]) -> Learner | None:
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else learner_from(row)

    async def add(self, account: Account, language: Language, zone: str, now: datetime) -> Learner:
        """Create the learner behind a new account."""
        new = Learner(id=0, language=language, zone=zone)
        query = insert(learners).values(**_columns(new), created_at=now).returning(learners.c.id)
        learner_id = (await self._connection.execute(query)).scalar_one()
        await self._connection.execute(
            insert(accounts).values(
                platform=account.platform,
                account_id=account.id,
                learner_id=learner_id,
                home="",
                seen_at=now,
                muted="",
            )
        )
        return Learner(id=learner_id, language=language, zone=zone)

    async def save(self, learner: Learner) -> None:
        """Write all of a learner's settings."""
        query = update(learners).where(learners.c.id == learner.id).values(**_columns(learner))
        await self._connection.execute(query)

    async def seen(self, account: Account, home: str, now: datetime) -> bool:
        """Note that a person acted: pushes go to this account from now on; return whether a mute ended with it."""
        muted = (await self._connection.execute(select(accounts.c.muted).where(*_is(account)))).scalar_one_or_none()
        values: dict[str, object] = {"seen_at": now, "muted": ""}
        if home:
            values["home"] = home
        await self._connection.execute(update(accounts).where(*_is(account)).values(**values))
        return bool(muted)

    async def mute(self, account: Account, reason: str) -> None:
        """Stop pushes to an account ("" starts them again)."""
        await self._connection.execute(update(accounts).where(*_is(account)).values(muted=reason[:200]))

    async def mute_chat(self, platform: str, home: str, reason: str) -> None:
        """Stop pushes to the accounts that are reached in a chat."""
        query = update(accounts).where(accounts.c.platform == platform, accounts.c.home == home)
        await self._connection.execute(query.values(muted=reason[:200]))

    async def move(self, platform: str, old: str, new: str) -> None:
        """Rewrite a chat's id."""
        query = update(accounts).where(accounts.c.platform == platform, accounts.c.home == old)
        await self._connection.execute(query.values(home=new))

    async def home(self, learner_id: int, platforms: tuple[str, ...]) -> tuple[Account, str] | None:
        """Return the account a push should go to, with its chat: the one used last that can be reached."""
        query = (
            select(accounts)
            .where(
                accounts.c.learner_id == learner_id,
                accounts.c.platform.in_(platforms),
                accounts.c.home != "",
                accounts.c.muted == "",
            )
            .order_by(accounts.c.seen_at.desc(), accounts.c.platform)
            .limit(1)
        )
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else (Account(row["platform"], row["account_id"]), row["home"])

    async def seen_since(self, learner_id: int, moment: datetime) -> bool:
        """Whether the learner did anything at or after `moment`."""
        query = select(func.count()).where(accounts.c.learner_id == learner_id, accounts.c.seen_at >= moment)
        return bool((await self._connection.execute(query)).scalar_one())

    async def count(self) -> int:
        """Return how many learners there are."""
        return int((await self._connection.execute(select(func.count()).select_from(learners))).scalar_one())


def _is(account: Account) -> tuple[Any, Any]:
    return accounts.c.platform == account.platform, accounts.c.account_id == account.id


def _columns(learner: Learner) -> dict[str, Any]:
    values = asdict(learner)
    del values["id"]
    values["weekdays"] = sum(1 << day for day in learner.weekdays)
    return values


def learner_from(row: RowMapping) -> Learner:
    """Return the learner a row of `learners` holds."""
    values: dict[str, Any] = {name: row[name] for name in _columns(Learner(0, "en", "UTC"))}
    values["weekdays"] = frozenset(day for day in range(7) if row["weekdays"] >> day & 1)
    return Learner(id=row["id"], **values)
