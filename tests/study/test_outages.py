"""Outages, crashes and two processes at work: exactly one lesson, whatever happened in between."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.core.push import PushState
from bot.store import Store
from bot.study.desk import Study
from tests.study.chats import RoomChat
from tests.study.conftest import Faults
from tests.study.people import Person, dice
from tests.study.small import SMALL
from tests.study.test_pushes import DAY, EIGHT, MINUTE, pushes_of, state_of

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=5)


class DiedError(Exception):
    """The process died here."""


async def _dies() -> None:
    raise DiedError


async def states(store: Store, person: Person) -> list[PushState]:
    """Return the states of a person's pushes."""
    return [push.state for push in await pushes_of(store, person)]


@pytest.mark.parametrize("away", [3 * HOUR, 3 * DAY + 3 * HOUR, 30 * DAY + HOUR])
async def test_one_lesson_after_an_outage(alice: Person, study: Study, telegram: RoomChat, away: timedelta) -> None:
    """After hours or weeks away exactly one lesson comes, today's, and the next one tomorrow at its hour."""
    await alice.settles_in()
    await study.tick(EIGHT + away, [telegram])
    await study.tick(EIGHT + away + MINUTE, [telegram])
    assert len(telegram.got) == 1
    assert ("out of order" in telegram.got[0].message.text) == (away > DAY)
    await study.tick(EIGHT + timedelta(days=away.days + 1), [telegram])
    assert len(telegram.got) == 2
    assert "out of order" not in telegram.got[1].message.text


@pytest.mark.parametrize("back_at", [22 - 7, 23 - 7, 24 + 1 - 7])
async def test_not_into_the_night(alice: Person, study: Study, store: Store, telegram: RoomChat, back_at: int) -> None:
    """A lesson that is hours late wakes nobody up: after an outage that ends at night the next comes in its time."""
    await alice.settles_in()
    await study.tick(EIGHT + (back_at - 1) * HOUR, [telegram])
    assert telegram.got == []
    assert await state_of(store, alice) == ("skipped", "too late for today")
    await study.tick(EIGHT + DAY, [telegram])
    assert len(telegram.got) == 1


async def test_back_before_the_hour(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """Back in the morning, before today's hour, yesterday's lesson is let go and today's comes in its time."""
    await alice.settles_in()
    await study.tick(EIGHT + DAY - HOUR, [telegram])
    assert telegram.got == []
    assert await state_of(store, alice) == ("skipped", "its day is over")
    await study.tick(EIGHT + DAY, [telegram])
    assert len(telegram.got) == 1


async def test_an_hour_at_night_is_kept(alice: Person, study: Study, telegram: RoomChat) -> None:
    """Who chose an hour at night gets the lesson then."""
    await alice.settles_in()
    await alice.presses("hour:1410")
    due = await study.next_due()
    assert due is not None
    await study.tick(due, [telegram])
    assert len(telegram.got) == 1


async def test_a_crash_while_sending(
    alice: Person, study: Study, store: Store, telegram: RoomChat, faults: Faults
) -> None:
    """After a crash between sending and its outcome nothing is doubled at once; hours later the reminder makes up."""
    await alice.settles_in()
    telegram.before = _dies
    await study.tick(EIGHT, [telegram])
    faults.clear()
    assert await states(store, alice) == ["sending"]
    reborn, chat = Study(store, SMALL, dice(1)), RoomChat()
    await reborn.tick(EIGHT + LEASE, [chat])
    assert chat.got == []
    assert await states(store, alice) == ["unknown"]
    await reborn.tick(EIGHT + LEASE + 3 * HOUR, [chat])
    assert len(chat.got) == 1
    assert await states(store, alice) == ["sent"]


async def test_a_crash_where_a_key_protects(
    bob: Person, study: Study, store: Store, discord: RoomChat, faults: Faults
) -> None:
    """Where the same key shows nothing twice the push is sent again under the same key when its lease is over."""
    await bob.settles_in()
    due = await study.next_due()
    assert due is not None
    discord.before = _dies
    await study.tick(due, [discord])
    faults.clear()
    reborn, chat = Study(store, SMALL, dice(1)), RoomChat("discord", repeatable=True)
    await reborn.tick(due + LEASE - MINUTE, [chat])
    assert chat.got == []
    await reborn.tick(due + LEASE, [chat])
    assert chat.keys == discord.keys
    assert await states(store, bob) == ["sent"]


async def test_two_ticks_at_once(alice: Person, ming: Person, study: Study, database: str) -> None:
    """Two clocks that tick at the same moment, in one process and in two, send once to each."""
    for person in (alice, ming):
        person.zone = "Europe/Berlin"
        await person.settles_in()
    second = Store(database)
    other, telegram = Study(second, SMALL, dice(2)), RoomChat()
    ticks = [where.tick(EIGHT, [telegram]) for where in (study, study, other, other)]
    await asyncio.gather(*ticks)
    await second.close()
    assert sorted(delivery.chat for delivery in telegram.got) == ["chat-6000000001", "chat-6000000003"]


async def test_a_tick_that_takes_long(study: Study, database: str) -> None:
    """Who waits in the queue of a long tick while the lease runs out is not sent to by both processes."""
    people = [Person(study, "telegram", str(number), zone="Europe/Berlin") for number in range(30)]
    for person in people:
        await person.settles_in()
    slow, quick, second = RoomChat(), RoomChat(), Store(database)
    waiting, go_on = asyncio.Event(), asyncio.Event()

    async def hesitates() -> None:
        waiting.set()
        await go_on.wait()

    slow.before = hesitates
    long_tick = asyncio.create_task(study.tick(EIGHT, [slow]))
    await waiting.wait()
    await Study(second, SMALL, dice(2)).tick(EIGHT + LEASE, [quick])
    go_on.set()
    await long_tick
    await second.close()
    assert quick.got
    reached = sorted(delivery.chat for delivery in (*slow.got, *quick.got))
    assert reached == sorted(f"chat-{person.account.id}" for person in people)


async def test_a_late_outcome(alice: Person, study: Study, store: Store) -> None:
    """An outcome that comes after its lease ran out is still believed: the reminder stays away."""
    await alice.settles_in()
    slow, quick = RoomChat(), RoomChat()
    waiting, go_on = asyncio.Event(), asyncio.Event()

    async def hesitates() -> None:
        waiting.set()
        await go_on.wait()

    slow.before = hesitates
    long_tick = asyncio.create_task(study.tick(EIGHT, [slow]))
    await waiting.wait()
    await study.tick(EIGHT + LEASE, [quick])
    go_on.set()
    await long_tick
    await study.tick(EIGHT + 4 * HOUR, [quick])
    assert (len(slow.got), len(quick.got)) == (1, 0)
    assert await states(store, alice) == ["sent"]
