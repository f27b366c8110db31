"""Receipts: a request is applied once, its replies are kept until they arrived, what cannot be handled is set aside."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.store import Store, StoreConflictError
from tests.conftest import NOW
from tests.store.conftest import Opener

REPLIES = [{"text": "早 \\*", "rows": []}, {"text": "\x00 \ud800", "rows": [[{"label": "\u202e"}]]}]


async def add(store: Store, key: str, replies: object = REPLIES, *, hours: int = 0) -> None:
    """Note a request on Telegram."""
    async with store.write() as transaction:
        await transaction.receipts.add("telegram", key, "chat", replies, NOW + timedelta(hours=hours))


async def test_replies_are_kept_until_delivered(store: Store) -> None:
    """A receipt gives its replies back to the letter until they were delivered; then it only knows the request."""
    await add(store, "1")
    async with store.read() as transaction:
        assert await transaction.receipts.get("telegram", "1") == (True, REPLIES)
    async with store.write() as transaction:
        await transaction.receipts.delivered("telegram", "1")
    async with store.read() as transaction:
        assert await transaction.receipts.get("telegram", "1") == (True, None)
        assert await transaction.receipts.get("telegram", "2") == (False, None)
        assert await transaction.receipts.get("discord", "1") == (False, None)


async def test_the_same_key_is_noted_once(store: Store) -> None:
    """The second note of one key is a conflict and keeps the first."""
    await add(store, "1")
    with pytest.raises(StoreConflictError):
        await add(store, "1", [])
    async with store.read() as transaction:
        assert await transaction.receipts.get("telegram", "1") == (True, REPLIES)


async def test_the_same_key_at_the_same_moment(store: Store, another: Opener) -> None:
    """Of many who apply one request at the same moment, one succeeds and the others hear of a conflict."""
    stores = [store, await another()]

    async def applies(where: Store) -> bool:
        try:
            async with where.write() as transaction:
                await transaction.receipts.get("telegram", "1")
                await transaction.receipts.add("telegram", "1", "chat", [], NOW)
        except StoreConflictError:
            return False
        return True

    assert sorted(await asyncio.gather(*(applies(where) for where in stores * 5))) == [False] * 9 + [True]


async def test_undelivered_in_order(store: Store) -> None:
    """What was decided but perhaps never arrived is listed oldest first, within the time asked for."""
    for key, hours in (("late", 2), ("old", -2), ("early", 1), ("done", 1)):
        await add(store, key, hours=hours)
    async with store.write() as transaction:
        await transaction.receipts.delivered("telegram", "done")
    async with store.read() as transaction:
        rows = await transaction.receipts.undelivered("telegram", NOW)
        assert await transaction.receipts.undelivered("discord", NOW) == []
    assert rows == [("early", "chat", REPLIES), ("late", "chat", REPLIES)]


async def test_old_receipts_are_forgotten(store: Store) -> None:
    """Receipts from before a moment go, the others stay."""
    await add(store, "old", hours=-1)
    await add(store, "new")
    async with store.write() as transaction:
        assert await transaction.receipts.forget(NOW) == 1
    async with store.read() as transaction:
        assert (await transaction.receipts.get("telegram", "old"))[0] is False
        assert (await transaction.receipts.get("telegram", "new"))[0] is True


@pytest.mark.parametrize("raw", ["{", "\x00", "\ud800 half a pair", "x" * 100_000, "\u202e", "💥"])
async def test_anything_can_be_set_aside(store: Store, raw: str) -> None:
    """What cannot be handled can always be put away, once per key, whatever bytes it holds."""
    for _ in range(2):
        async with store.write() as transaction:
            await transaction.receipts.set_aside("telegram", "1", raw, f"ValueError({raw!r})", NOW)
            await transaction.receipts.set_aside("telegram", "2", "fine", raw, NOW)
    async with store.read() as transaction:
        assert await transaction.receipts.count_set_aside() == 2
