"""What nobody asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.message import Choice, Message
from bot.platforms.discord.breaker import LIMIT
from bot.platforms.discord.courier import nonce
from bot.study.chat import Bug, Chat, Gone, NotSent, Outcome, Sent, Unknown, Wait
from tests.fakes.discord import FakeDiscord, Guild, Person
from tests.fakes.discord.model import SEND, VIEW
from tests.platforms.discord.conftest import PICTURE, House
from tests.platforms.discord.test_requests import OFFER

SENDING = "POST /channels/*/messages"
LESSON = Message("**Today**", OFFER.rows, silent=True)
LONG = Message("word " * 2000, OFFER.rows)


@pytest.fixture
async def chat(dc: FakeDiscord, house: House, bob: Person) -> str:
    """Bob's private chat, and a bridge that is open but does not listen."""
    await house.opens()
    return dc.world.dm_of(bob).id


async def test_push(dc: FakeDiscord, house: House, chat: str, bob: Person) -> None:
    """A push arrives without the gateway, with everything it has, under its key."""
    outcome = await house.pushes(chat, Message(LESSON.text, LESSON.rows, PICTURE, silent=True), key="push-1")
    [message] = bob.sees()
    assert outcome == Sent(message.id)
    assert (message.text, message.labels, message.nonce) == ("**Today**", ["This", "That"], "push-1.0")
    assert (message.silent, message.ephemeral) == (True, False)
    assert not dc.gateway.identifies
    dc.check()


async def test_bridge_is_a_chat(house: House) -> None:
    """The bridge is what the use cases push through."""
    bridge: Chat = house.builds()
    assert (bridge.platform, bridge.repeatable) == ("discord", True)


async def test_same_key(dc: FakeDiscord, house: House, chat: str, bob: Person) -> None:
    """Pushed again under the same key, even a long message is shown once."""
    first, again = await house.pushes(chat, LONG), await house.pushes(chat, LONG)
    assert first == again
    assert len(bob.sees()) == 3
    await house.pushes(chat, LONG, key="push-2")
    assert len(bob.sees()) == 6
    dc.check()


async def test_lost_answer(dc: FakeDiscord, house: House, chat: str, bob: Person) -> None:
    """When the answer got lost nobody knows; the repeat finds the message there."""
    dc.faults.lose_answer(SENDING)
    assert isinstance(await house.pushes(chat, LESSON), Unknown)
    assert isinstance(await house.pushes(chat, LESSON), Sent)
    assert len(bob.sees("Today")) == 1


async def test_lost_and_deleted(dc: FakeDiscord, house: House, chat: str, bob: Person) -> None:
    """A repeat of a message that was deleted meanwhile counts as sent."""
    await house.pushes(chat, LESSON)
    dc.remove(bob.sees()[0])
    assert await house.pushes(chat, LESSON) == Sent("")


async def test_second_part_lost(dc: FakeDiscord, house: House, chat: str, bob: Person) -> None:
    """When only some parts arrived nobody may say that nothing did; the repeat adds the others."""
    outcome = await pushes_with_fault(dc, house, chat)
    assert isinstance(outcome, Unknown)
    assert isinstance(await house.pushes(chat, LONG), Sent)
    assert len(bob.sees("word")) == 3
    dc.check()


async def pushes_with_fault(dc: FakeDiscord, house: House, chat: str) -> Outcome:
    """Push a long message whose second part fails."""
    take, seen = dc.faults.take, 0

    def second(request: str) -> Any:
        nonlocal seen
        if request.endswith("/messages"):
            seen += 1
            if seen == 2:
                dc.faults.fail(SENDING, status=503)
        return take(request)

    dc.faults.take = second  # type: ignore[method-assign]  # the fake counts no requests
    try:
        return await house.pushes(chat, LONG)
    finally:
        dc.faults.take = take  # type: ignore[method-assign]


@pytest.mark.parametrize("why", ["closed", "stranger"])
async def test_people_who_are_gone(dc: FakeDiscord, house: House, chat: str, bob: Person, why: str) -> None:
    """Who takes no messages, or has no server with us any more, is gone, after one try."""
    if why == "closed":
        bob.closes_dms()
    else:
        bob.uninstalls()
    before = len(dc.calls)
    outcome = await house.pushes(chat, LESSON)
    assert isinstance(outcome, Gone)
    assert ("50007" if why == "closed" else "50278") in outcome.reason
    assert len(dc.calls) == before + 1


@pytest.mark.parametrize("denied", [SEND, VIEW])
async def test_channels_that_are_gone(dc: FakeDiscord, house: House, school: Guild, denied: int) -> None:
    """A channel where we may not write is gone; so is one that was deleted."""
    await house.opens()
    [channel] = school.channels
    dc.forbid(channel, denied)
    assert isinstance(await house.pushes(channel.id, LESSON), Gone)
    dc.allow(channel)
    assert isinstance(await house.pushes(channel.id, LESSON), Sent)
    dc.remove(channel)
    assert isinstance(await house.pushes(channel.id, LESSON), Gone)


async def test_faults(dc: FakeDiscord, house: House, chat: str, bob: Person) -> None:
    """Trouble at Discord's, a broken connection and a refusal of what we built are told apart."""
    dc.faults.fail(SENDING, status=503)
    assert isinstance(await house.pushes(chat, LESSON), Unknown)
    dc.faults.reset(SENDING)
    assert isinstance(await house.pushes(chat, LESSON), Unknown)
    assert isinstance(await house.pushes("#general", LESSON), Bug)
    dc.faults.fail(SENDING, status=400, code=50035)
    assert isinstance(await house.pushes(chat, LESSON), Bug)
    assert not bob.sees()


async def test_rate_limits(dc: FakeDiscord, house: House, chat: str, ming: Person) -> None:
    """A short limit is waited out, a long one parks this chat and no other."""
    dc.faults.rate_limit(SENDING)
    assert isinstance(await house.pushes(chat, LESSON), Sent)
    dc.faults.rate_limit(SENDING, retry_after=120)
    assert await house.pushes(chat, LESSON) == Wait(timedelta(seconds=120))
    assert await house.pushes(chat, LESSON) == Wait(timedelta(seconds=120))
    assert isinstance(await house.pushes(dc.world.dm_of(ming).id, LESSON, key="other"), Sent)


async def test_ban(dc: FakeDiscord, house: House, chat: str, ming: Person) -> None:
    """When the wall before Discord refuses, nothing is pushed to anybody for ten minutes."""
    dc.faults.rate_limit(SENDING, via=False)
    assert await house.pushes(chat, LESSON) == Wait(timedelta(minutes=10))
    calls = len(dc.calls)
    other = dc.world.dm_of(ming).id
    assert await house.pushes(other, LESSON, key="other") == Wait(timedelta(minutes=10))
    assert len(dc.calls) == calls
    house.clock.seconds += 600
    assert isinstance(await house.pushes(other, LESSON, key="other"), Sent)


async def test_breaker(house: House, chat: str, bob: Person) -> None:
    """After a hundred refusals pushes pause, so that Discord does not shut us out."""
    bob.closes_dms()
    outcomes = [await house.pushes(chat, LESSON, key=str(number)) for number in range(LIMIT + 1)]
    assert {type(outcome) for outcome in outcomes[:-1]} == {Gone}
    assert isinstance(outcomes[-1], Wait)


async def test_not_open(house: House) -> None:
    """Before it is open and after it was closed, a bridge certainly sends nothing."""
    bridge = house.bridge = house.builds()
    assert isinstance(await bridge.push("1", LESSON, key="x"), NotSent)
    await bridge.open()
    await bridge.close()
    assert isinstance(await bridge.push("1", LESSON, key="x"), NotSent)


async def test_server_away(dc: FakeDiscord, house: House, chat: str) -> None:
    """When the connection breaks nobody knows; when nobody answers the door, it certainly did not arrive."""
    await dc.__aexit__(None, None, None)
    outcomes = [await house.pushes(chat, LESSON) for _ in range(2)]
    assert [type(outcome) for outcome in outcomes] == [Unknown, NotSent]


async def test_many_buttons(dc: FakeDiscord, house: House, chat: str, bob: Person) -> None:
    """Any number of buttons arrives."""
    rows = tuple(tuple(Choice(f"{row}.{n}", f"pick:{row}:{n}") for n in range(8)) for row in range(25))
    assert isinstance(await house.pushes(chat, Message("?", rows)), Sent)
    assert sum(len(menu["options"]) for message in bob.sees() for menu in message.selects) == 200
    dc.check()


def test_nonces() -> None:
    """A nonce names key and part in at most 25 characters."""
    assert nonce("123", 0) == "123.0"
    keys = [f"{prefix}{'x' * 40}" for prefix in "ab"]
    names = {nonce(key, part) for key in keys for part in range(12)}
    assert len(names) == 24
    assert max(map(len, names)) <= 25
