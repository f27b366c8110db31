"""Tests of pushes: once, with the outcome told, and never in the way of a reply."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.core.message import Choice, Message, Picture
from bot.study.chat import Bug, Chat, Gone, Moved, NotSent, Sent, Unknown, Wait
from tests.fakes.telegram import FakeTelegram, Person
from tests.platforms.telegram.conftest import PNG, House

CARD = Message("Today: **gradients**", ((Choice("Start", "lesson:1"),),), silent=True)


async def reader(house: House, telegram: FakeTelegram) -> tuple[Chat, Person]:
    """Return a bridge that listens, and Alice who has started the bot."""
    alice = telegram.person("Alice")
    house.study.script = lambda _: ()
    bridge = await house.opens()
    await alice.starts()
    await telegram.until_drained()
    return bridge, alice


async def test_sent(house: House, telegram: FakeTelegram) -> None:
    """A push arrives as it is meant, and its number is told."""
    chat, alice = await reader(house, telegram)
    outcome = await chat.push(str(alice.id), CARD, key="k")
    (shown,) = telegram.bot_messages(alice)
    assert outcome == Sent(str(shown.id))
    assert (shown.marked("bold"), shown.labels, shown.silent) == (("gradients",), ("Start",), True)
    assert (chat.platform, chat.repeatable) == ("telegram", False)


async def test_picture_and_long_text(house: House, telegram: FakeTelegram) -> None:
    """A push of several parts arrives whole and in order; the number is that of the first."""
    chat, alice = await reader(house, telegram)
    outcome = await chat.push(str(alice.id), Message("word " * 900, CARD.rows, Picture(PNG, "a map")), key="k")
    await telegram.until(lambda: len(telegram.bot_messages(alice)) == 3, "all three parts")
    photo, first, second = telegram.bot_messages(alice)
    assert (photo.photo, first.labels, second.labels) == (PNG, (), ("Start",))
    assert outcome == Sent(str(photo.id))


async def test_gone(house: House, telegram: FakeTelegram) -> None:
    """Who blocked the bot, left, never came, or is unknown cannot be reached."""
    chat, alice = await reader(house, telegram)
    await alice.blocks()
    bob, stranger = telegram.person("Bob"), telegram.person("Eve", known=False)
    group = telegram.group("Readers", alice)
    await group.adds_bot(alice)
    await group.kicks_bot(alice)
    for place in (alice.id, bob.id, stranger.id, group.id):
        assert isinstance(await chat.push(str(place), CARD, key="k"), Gone)


async def test_moved(house: House, telegram: FakeTelegram) -> None:
    """A group that moved is told by its new id, and nothing is sent there yet."""
    chat, alice = await reader(house, telegram)
    group = telegram.group("Readers", alice)
    await group.adds_bot(alice)
    old = group.id
    await group.migrates(alice, announced=False)
    assert await chat.push(str(old), CARD, key="k") == Moved(str(group.id))
    assert telegram.bot_messages(group) == []


async def test_flooded(house: House, telegram: FakeTelegram) -> None:
    """A flooded chat is not asked again before its time; others are not held up."""
    chat, alice = await reader(house, telegram)
    bob = telegram.person("Bob")
    await bob.starts()
    telegram.floods("sendMessage", retry_after=90, place=alice)
    assert await chat.push(str(alice.id), CARD, key="k") == Wait(timedelta(seconds=90))
    again = await chat.push(str(alice.id), CARD, key="k")
    assert isinstance(again, Wait)
    assert timedelta(seconds=89) < again.delay <= timedelta(seconds=90)
    assert len(telegram.calls_of("sendMessage", alice)) == 1
    assert isinstance(await chat.push(str(bob.id), CARD, key="k"), Sent)
    assert house.clock.seconds < 1


@pytest.mark.parametrize("trouble", ["resets", "loses"])
async def test_unknown(house: House, telegram: FakeTelegram, trouble: str) -> None:
    """A push whose connection broke may have arrived; it is not sent again from here."""
    chat, alice = await reader(house, telegram)
    getattr(telegram, trouble)("sendMessage")
    assert isinstance(await chat.push(str(alice.id), CARD, key="k"), Unknown)
    assert len(telegram.calls_of("sendMessage")) == 1


async def test_server_fault(house: House, telegram: FakeTelegram) -> None:
    """A push that a failing server answered may have arrived, too."""
    chat, alice = await reader(house, telegram)
    telegram.fails("sendMessage", 502)
    assert isinstance(await chat.push(str(alice.id), CARD, key="k"), Unknown)


async def test_half_sent(house: House, telegram: FakeTelegram) -> None:
    """A push that began to arrive is there; what became of its other parts holds up nobody, and is logged."""
    chat, alice = await reader(house, telegram)
    telegram.holds("sendMessage")
    outcome = await chat.push(str(alice.id), Message("word " * 300, picture=Picture(PNG, "a map")), key="k")
    assert isinstance(outcome, Sent)
    assert len(telegram.bot_messages(alice)) == 1


async def test_the_rest_is_tried_again(house: House, telegram: FakeTelegram) -> None:
    """What follows the first part is tried again until it is there."""
    chat, alice = await reader(house, telegram)
    telegram.fails("sendMessage", 500, times=2)
    message = Message("word " * 300, picture=Picture(PNG, "a map"))
    assert isinstance(await chat.push(str(alice.id), message, key="k"), Sent)
    await telegram.until(lambda: len(telegram.bot_messages(alice)) == 2, "the rest of the push")


async def test_bug(house: House, telegram: FakeTelegram) -> None:
    """What Telegram will never take, and a place that is none, are bugs of ours."""
    chat, alice = await reader(house, telegram)
    telegram.fails("sendMessage", 400, "Bad Request: message is too long")
    assert isinstance(await chat.push(str(alice.id), CARD, key="k"), Bug)
    assert isinstance(await chat.push("nowhere", CARD, key="k"), Bug)


async def test_our_markup_is_wrong(house: House, telegram: FakeTelegram) -> None:
    """A push whose markup Telegram cannot read arrives as plain text."""
    chat, alice = await reader(house, telegram)
    telegram.fails("sendMessage", 400, "Bad Request: can't parse entities: Unclosed start tag")
    assert isinstance(await chat.push(str(alice.id), CARD, key="k"), Sent)
    (shown,) = telegram.bot_messages(alice)
    assert (shown.text, shown.marked("bold")) == ("Today: gradients", ())


async def test_topic(house: House, telegram: FakeTelegram) -> None:
    """A push to a topic arrives there, and in the general one when the topic is closed."""
    chat, alice = await reader(house, telegram)
    group = telegram.group("Forum", alice, forum=True)
    await group.adds_bot(alice)
    thread = await group.opens_topic(alice, "Week 1")
    place = f"{group.id}/{thread}"
    assert isinstance(await chat.push(place, CARD, key="k"), Sent)
    await group.closes_topic(alice, thread)
    assert isinstance(await chat.push(place, CARD, key="k"), Sent)
    assert [shown.thread_id for shown in telegram.bot_messages(group)] == [thread, None]


async def test_before_opening_and_after_closing(house: House, telegram: FakeTelegram) -> None:
    """A bridge that is not open says that nothing was sent."""
    alice = telegram.person("Alice")
    await alice.starts()
    bridge = house.builds()
    assert isinstance(await bridge.push(str(alice.id), CARD, key="k"), NotSent)
    await bridge.open()
    assert isinstance(await bridge.push(str(alice.id), CARD, key="k"), Sent)
    await bridge.close()
    assert isinstance(await bridge.push(str(alice.id), CARD, key="k"), NotSent)


async def test_replies_overtake_pushes(house: House, telegram: FakeTelegram) -> None:
    """A reply does not queue behind the pushes that wait for their turn."""
    chat, alice = await reader(house, telegram)
    house.study.script = lambda _: (Message("reply"),)
    hold = telegram.holds("sendMessage", place=alice, times=None)
    crowd = [asyncio.create_task(chat.push(str(alice.id), CARD, key=str(number))) for number in range(200)]
    await hold.reached()
    bob = telegram.person("Bob")
    await bob.says("hi")
    await bob.hears("reply")
    assert len([task for task in crowd if task.done()]) == 0
    hold.release()
    outcomes = await asyncio.gather(*crowd)
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
