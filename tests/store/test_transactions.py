"""Transactions lose nothing: concurrent changes all count, a fault changes nothing, foreign keys hold."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.core.learner import Account, Learner
from bot.core.memory import Card
from bot.store import Store, StoreConflictError
from tests.conftest import NOW
from tests.store.conftest import ALICE, BOB, Opener


class ChangedMindError(Exception):
    """Somebody changed their mind in the middle of a transaction."""


async def add_a_minute(store: Store, learner_id: int) -> None:
    """Read a learner, add a minute, write them back."""
    async with store.write() as transaction:
        learner = await transaction.learners.get(learner_id)
        assert learner is not None
        await transaction.learners.save(replace(learner, push_minute=learner.push_minute + 1))


async def test_no_update_is_lost(store: Store, alice: Learner) -> None:
    """Two hundred concurrent read-modify-writes of one row add up to two hundred."""
    async with store.write() as transaction:
        await transaction.learners.save(replace(alice, push_minute=0))
    await asyncio.gather(*(add_a_minute(store, alice.id) for _ in range(200)))
    async with store.read() as transaction:
        learner = await transaction.learners.of(ALICE)
    assert learner is not None
    assert learner.push_minute == 200


async def test_no_update_is_lost_between_processes(store: Store, alice: Learner, another: Opener) -> None:
    """The same holds for several stores on one database."""
    stores = [store, await another(), await another()]
    await asyncio.gather(*(add_a_minute(stores[number % 3], alice.id) for number in range(60)))
    async with store.read() as transaction:
        learner = await transaction.learners.get(alice.id)
    assert learner is not None
    assert learner.push_minute == alice.push_minute + 60


async def test_a_fault_changes_nothing(store: Store, alice: Learner) -> None:
    """What was written before a fault inside the transaction is gone with it."""
    with suppress(ChangedMindError):
        async with store.write() as transaction:
            await transaction.learners.save(replace(alice, name="Mallory"))
            await transaction.facts.put("greeting", "hello")
            raise ChangedMindError
    async with store.read() as transaction:
        assert await transaction.facts.get("greeting") is None
        assert await transaction.learners.get(alice.id) == alice


async def test_a_cancelled_change_changes_nothing(store: Store, alice: Learner) -> None:
    """A task that is cancelled in the middle of a transaction leaves no trace and blocks nobody after it."""
    inside = asyncio.Event()

    async def hesitates() -> None:
        async with store.write() as transaction:
            await transaction.learners.save(replace(alice, name="Mallory"))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hesitates())
    await inside.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await add_a_minute(store, alice.id)
    async with store.read() as transaction:
        assert await transaction.learners.get(alice.id) == replace(alice, push_minute=alice.push_minute + 1)


async def test_foreign_keys_are_on(store: Store) -> None:
    """A row cannot belong to a learner who does not exist."""
    with pytest.raises(StoreConflictError):
        async with store.write() as transaction:
            await transaction.cards.save(404, Card("a/1", NOW, {}))


async def test_two_newcomers_with_one_account(store: Store, another: Opener) -> None:
    """Two first requests of one person make one learner: the second hears of a conflict and finds the first."""
    stores = [store, await another()]

    async def arrives(where: Store) -> bool:
        try:
            async with where.write() as transaction:
                await transaction.learners.add(BOB, "en", "Asia/Kolkata", NOW)
        except StoreConflictError:
            return False
        return True

    arrived = await asyncio.gather(*(arrives(where) for where in stores * 5))
    assert sorted(arrived) == [False] * 9 + [True]
    async with store.read() as transaction:
        assert await transaction.learners.count() == 1


async def test_facts_are_overwritten(store: Store) -> None:
    """A fact is what was put last."""
    for value in ("one", "two"):
        async with store.write() as transaction:
            await transaction.facts.put("greeting", value)
    async with store.read() as transaction:
        assert await transaction.facts.get("greeting") == "two"


async def test_readers_see_no_half_change(store: Store, alice: Learner) -> None:
    """While a change is under way a reader sees the state before it, and is not kept waiting."""
    async with store.write() as writing:
        await writing.facts.put("greeting", "hello")
        await writing.learners.save(replace(alice, name="Mallory"))
        async with store.read() as reading:
            assert await reading.facts.get("greeting") is None


async def test_every_setting_is_kept(store: Store, alice: Learner) -> None:
    """A learner comes back as they were saved, every field of them."""
    changed = Learner(
        id=alice.id,
        language="zh",
        zone="Asia/Shanghai",
        track="two-months",
        branch="nlp",
        minutes_a_day=45,
        weekdays=frozenset({0, 2, 6}),
        push_minute=1439,
        stage="ready",
        started_on=NOW.date(),
        awaiting="zone",
        paused=True,
        paused_until=NOW.date(),
        next_push_at=NOW,
        name="小明 <b> \\ '; --",
    )
    async with store.write() as transaction:
        await transaction.learners.save(changed)
    async with store.read() as transaction:
        assert await transaction.learners.get(alice.id) == changed


async def test_the_account_used_last_is_home(store: Store, alice: Learner) -> None:
    """Pushes go to a reachable account on a platform this process serves, and to nobody's chat that is muted."""
    async with store.read() as transaction:
        assert await transaction.learners.home(alice.id, ("discord",)) is None
        assert await transaction.learners.home(alice.id, ("discord", "telegram")) == (ALICE, f"chat-{ALICE.id}")
    async with store.write() as transaction:
        await transaction.learners.mute_chat("telegram", f"chat-{ALICE.id}", "blocked")
    async with store.read() as transaction:
        assert await transaction.learners.home(alice.id, ("telegram",)) is None


async def test_a_chat_moves(store: Store, alice: Learner) -> None:
    """A chat's new id replaces the old one on its platform only; moving again is harmless."""
    old = f"chat-{ALICE.id}"
    for _ in range(2):
        async with store.write() as transaction:
            await transaction.learners.move("telegram", old, "new")
            await transaction.learners.move("discord", "new", "elsewhere")
    async with store.read() as transaction:
        assert await transaction.learners.home(alice.id, ("telegram",)) == (ALICE, "new")
        assert await transaction.learners.of(Account("discord", ALICE.id)) is None
