"""Claims of due pushes: race-free, one per study day, the next time stored before sending, leased while worked on."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.core.learner import Account, Learner
from bot.core.push import Push
from bot.store import Store
from tests.conftest import NOW
from tests.store.conftest import ALICE, BOB, Opener, joins
from tests.store.dying import BOTH, LEASE, schedule

TODAY = NOW.date()
TOMORROW = NOW + timedelta(days=1)


async def claim(store: Store, platforms: tuple[str, ...] = BOTH, *, limit: int = 500) -> int:
    """Claim in one transaction."""
    async with store.write() as transaction:
        return await transaction.pushes.claim(NOW, platforms, schedule, limit=limit)


async def ready(
    store: Store, now: datetime = NOW, platforms: tuple[str, ...] = BOTH, *, limit: int = 500
) -> list[Push]:
    """Lease in one transaction."""
    async with store.write() as transaction:
        return list(await transaction.pushes.ready(now, platforms, limit=limit, lease=LEASE))


async def pushes_of(store: Store, learner: Learner) -> tuple[Push, ...]:
    """Return a learner's pushes."""
    async with store.read() as transaction:
        return await transaction.pushes.of(learner.id)


async def test_nobody_is_claimed_twice(store: Store, another: Opener) -> None:
    """Whatever several processes claim at the same time in small batches, each due learner gets one push."""
    people = [await joins(store, Account("telegram", str(number))) for number in range(40)]
    stores = [store, await another(), await another(), await another()]

    async def claims_until_done(where: Store) -> int:
        claimed = 0
        while some := await claim(where, limit=3):
            claimed += some
        return claimed

    claimed = await asyncio.gather(*(claims_until_done(where) for where in stores))
    while rest := await claim(store):  # rows that were locked by others when the last of them looked
        claimed.append(rest)
    assert sum(claimed) == len(people)
    assert [len(await pushes_of(store, person)) for person in people] == [1] * len(people)


async def test_nobody_is_leased_twice(store: Store, another: Opener) -> None:
    """Whatever several processes take up at the same time, each push is in the hands of one of them."""
    for number in range(40):
        await joins(store, Account("telegram", str(number)))
    await claim(store)
    stores = [store, await another(), await another(), await another()]

    async def takes_until_done(where: Store) -> list[int]:
        taken: list[int] = []
        while some := await ready(where, limit=3):
            taken.extend(push.id for push in some)
        return taken

    taken = [
        number for found in await asyncio.gather(*(takes_until_done(where) for where in stores)) for number in found
    ]
    taken.extend(push.id for push in await ready(store))
    assert len(taken) == len(set(taken)) == 40


async def test_a_study_day_is_claimed_once(store: Store, alice: Learner) -> None:
    """A learner who is due again for a study day that was claimed gets no second push, but the next time is stored."""
    assert await claim(store) == 1
    first = await pushes_of(store, alice)
    async with store.write() as transaction:
        await transaction.learners.save(alice)
    assert await claim(store) == 1
    assert await pushes_of(store, alice) == first
    assert await claim(store) == 0


async def test_the_next_time_is_stored_before_sending(store: Store, alice: Learner) -> None:
    """After a claim the learner's next push is tomorrow and this one is written down, unsent."""
    await claim(store)
    (push,) = await pushes_of(store, alice)
    assert (push.state, push.attempts, push.study_day, push.platform) == ("claimed", 0, TODAY, "telegram")
    assert push.due_at == alice.next_push_at
    async with store.read() as transaction:
        learner = await transaction.learners.get(alice.id)
        assert await transaction.pushes.days(alice.id) == {TODAY}
    assert learner is not None
    assert learner.next_push_at == TOMORROW


async def test_other_platforms_people_are_left_alone(store: Store, alice: Learner) -> None:
    """Who is reached only on a platform of another process stays due for that process."""
    assert await claim(store, ("discord",)) == 0
    assert await pushes_of(store, alice) == ()
    assert await claim(store, ("telegram",)) == 1


async def test_the_unreachable_are_moved_on(store: Store, alice: Learner) -> None:
    """Who cannot be reached anywhere gets no push, and does not stay due for ever."""
    async with store.write() as transaction:
        await transaction.learners.mute(ALICE, "blocked")
    assert await claim(store, ("discord",)) == 1
    assert await pushes_of(store, alice) == ()
    assert await claim(store) == 0


async def test_the_claim_goes_where_they_were_last(store: Store, alice: Learner) -> None:
    """Of a learner's accounts on the platforms of this process, the reachable one used last gets the push."""
    async with store.write() as transaction:
        other = await transaction.learners.add(BOB, "en", "UTC", NOW)
        await transaction.learners.seen(BOB, "bob", NOW + timedelta(seconds=1))
    async with store.write() as transaction:
        await transaction.learners.save(Learner(id=other.id, language="en", zone="UTC", next_push_at=NOW))
    await claim(store)
    (bobs,) = await pushes_of(store, other)
    (hers,) = await pushes_of(store, alice)
    assert (bobs.platform, hers.platform) == ("discord", "telegram")


async def test_a_batch_is_limited_and_in_order(store: Store) -> None:
    """A batch takes those who have waited longest."""
    late = await joins(store, ALICE, due=NOW - timedelta(hours=1))
    soon = await joins(store, BOB, due=NOW)
    assert await claim(store, limit=1) == 1
    assert len(await pushes_of(store, late)) == 1
    assert await pushes_of(store, soon) == ()


async def test_who_is_not_due_is_not_claimed(store: Store) -> None:
    """A push that is due later, or never, is not claimed."""
    await joins(store, ALICE, due=NOW + timedelta(microseconds=1))
    await joins(store, BOB, due=None)
    assert await claim(store) == 0


@pytest.mark.usefixtures("alice")
async def test_a_lease_runs_out(store: Store) -> None:
    """A push that somebody works on is left alone until its lease is over, then it comes back once."""
    await claim(store)
    (push,) = await ready(store)
    assert await ready(store, NOW + LEASE - timedelta(seconds=1)) == []
    assert await ready(store, NOW + LEASE) == [push]
    assert await ready(store, NOW + LEASE) == []


@pytest.mark.usefixtures("alice")
async def test_a_lease_is_for_this_process_platforms(store: Store) -> None:
    """A push is taken up by a process that serves its platform."""
    await claim(store)
    assert await ready(store, platforms=("discord",)) == []
    assert len(await ready(store, platforms=("telegram",))) == 1


async def test_a_settled_push_rests(store: Store, alice: Learner) -> None:
    """A push with an outcome and no time to look again never comes back; one with a time comes back then."""
    await claim(store)
    (push,) = await ready(store)
    again = NOW + timedelta(minutes=1)
    async with store.write() as transaction:
        await transaction.pushes.settle(push.id, "retry", reason="no route" * 100, not_before=again, attempts=1)
    assert await ready(store, again - timedelta(seconds=1)) == []
    (retried,) = await ready(store, again)
    assert (retried.state, retried.attempts, len(retried.reason)) == ("retry", 1, 500)
    async with store.write() as transaction:
        await transaction.pushes.settle(push.id, "sent")
    assert await ready(store, NOW + timedelta(days=9)) == []
    (sent,) = await pushes_of(store, alice)
    assert (sent.state, sent.attempts) == ("sent", 1)


async def test_next_due_is_the_earliest(store: Store, alice: Learner) -> None:
    """The clock is told the next moment there is something to do: a claim, or a push to look at again."""
    async with store.read() as transaction:
        assert await transaction.pushes.next_due() == alice.next_push_at
    await claim(store)
    await ready(store)
    async with store.read() as transaction:
        assert await transaction.pushes.next_due() == NOW + LEASE


async def test_nothing_is_due_in_an_empty_house(store: Store) -> None:
    """Without learners there is no next moment."""
    async with store.read() as transaction:
        assert await transaction.pushes.next_due() is None
