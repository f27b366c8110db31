"""Tests of replies: in order, once, edited in place, to whom they are meant, through every failure."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.message import Choice, Message, Picture
from bot.study.requests import Command, Press, Request, Typed
from tests.fakes.telegram import FakeTelegram, Group, Person
from tests.platforms.telegram.conftest import PNG, House

CARD = Message("Question", ((Choice("A", "answer:a"), Choice("B", "answer:b")),))
PRIVATE = Message("This button is not yours.", private=True)


def quiz(request: Request) -> tuple[Message, ...]:
    """Ask on a command, and put the verdict in the question's place on a press."""
    match request.body:
        case Command():
            return (CARD,)
        case Press(action):
            return (Message(f"**Verdict** on {action}", replaces=True), Message("Next"))
        case Typed(text):
            return (Message(text),)


async def asked(house: House, telegram: FakeTelegram) -> Person:
    """Let Alice have a question on her screen."""
    alice = telegram.person("Alice")
    house.study.script = quiz
    await house.opens()
    await alice.says("/quiz")
    await alice.hears("Question")
    return alice


async def grouped(house: House, telegram: FakeTelegram, *, started: bool) -> tuple[Person, Group]:
    """Let Alice have a question in a group; perhaps she has `started` the bot in private, too."""
    alice = telegram.person("Alice")
    group = telegram.group("Readers", alice)
    house.study.script = quiz
    await house.opens()
    if started:
        await alice.says("hello")
        await alice.hears("hello")
    await group.adds_bot(alice)
    await alice.says("/quiz", at=group)
    await alice.hears("Question", at=group)
    return alice, group


async def test_edit_in_place(house: House, telegram: FakeTelegram) -> None:
    """A reply that replaces takes the pressed message's place, text and buttons; the next one is new."""
    alice = await asked(house, telegram)
    press = await alice.presses("A")
    await press.answer()
    shown = await alice.hears("Verdict on answer:a")
    assert (shown.edited, shown.labels, shown.preview) == (True, (), False)
    await alice.hears("Next")
    assert [one.text for one in telegram.bot_messages(alice)] == ["Verdict on answer:a", "Next"]


async def test_a_press_is_answered_first(house: House, telegram: FakeTelegram) -> None:
    """The little clock ends although the reply to the press cannot go out yet."""
    alice = await asked(house, telegram)
    hold = telegram.holds("editMessageText")
    press = await alice.presses("A")
    await press.answer()
    await hold.reached()
    hold.release()
    await alice.hears("Verdict")


async def test_an_edit_that_changes_nothing(house: House, telegram: FakeTelegram) -> None:
    """An edit that changes nothing has succeeded: nothing new is sent, and the press is answered."""
    alice = await asked(house, telegram)
    house.study.script = lambda _: (Message(CARD.text, CARD.rows, replaces=True), Message("still here"))
    press = await alice.presses("A")
    await press.answer()
    await alice.hears("still here")
    assert [one.text for one in telegram.bot_messages(alice)] == ["Question", "still here"]


async def test_a_deleted_message(house: House, telegram: FakeTelegram) -> None:
    """Where the pressed message is gone, its replacement is a new message."""
    alice = await asked(house, telegram)
    card = alice.last
    assert card is not None
    await alice.deletes(card)
    await alice.presses("A", on=card)
    shown = await alice.hears("Verdict")
    assert shown.id != card.id


async def test_pictures_replace_texts_and_back(house: House, telegram: FakeTelegram) -> None:
    """A picture may take a text's place; a text that cannot take a picture's place comes after it."""
    alice = await asked(house, telegram)
    row = ((Choice("back", "back"),),)
    house.study.script = lambda _: (Message("Week", row, Picture(PNG, "five days"), replaces=True),)
    await alice.presses("A")
    shown = await alice.hears("Week\nfive days")
    assert (shown.photo, shown.edited, shown.labels) == (PNG, True, ("back",))
    house.study.script = lambda _: (Message("Words", replaces=True),)
    await alice.presses("back")
    after = await alice.hears("Words")
    assert after.id != shown.id


async def test_a_new_picture_with_a_long_text(house: House, telegram: FakeTelegram) -> None:
    """A picture with a long text is a photo and the text after it, which has the buttons."""
    alice = telegram.person("Alice")
    house.study.script = lambda _: (Message("word " * 400, CARD.rows, Picture(PNG, "a map"), silent=True),)
    await house.opens()
    await alice.says("/map")
    photo = await alice.hears("a map")
    text = await alice.hears("word")
    assert (photo.photo, photo.labels, photo.silent) == (PNG, (), True)
    assert (text.labels, text.silent) == (("A", "B"), True)


async def test_order_through_floods(house: House, telegram: FakeTelegram) -> None:
    """A flooded chat gets its replies later, in order; nobody else waits with it."""
    alice, bob = telegram.person("Alice"), telegram.person("Bob")
    await house.opens()
    telegram.floods("sendMessage", retry_after=40, place=alice, times=2)
    for number in range(3):
        await alice.says(f"Alice {number}")
    await bob.says("Bob")
    await bob.hears("Bob")
    await alice.hears("Alice 2")
    assert [one.text for one in telegram.bot_messages(alice)] == [f"you said: Alice {n}" for n in range(3)]
    assert house.clock.seconds >= 80


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
@pytest.mark.parametrize("code", [500, 502])
async def test_server_faults(house: House, telegram: FakeTelegram, method: str, code: int) -> None:
    """A reply that the server failed to take comes through when it has recovered."""
    alice = await asked(house, telegram)
    telegram.fails(method, code, times=3)
    await alice.presses("A")
    await alice.hears("Next")
    assert [one.text for one in telegram.bot_messages(alice)] == ["Verdict on answer:a", "Next"]


async def test_lost_answers(house: House, telegram: FakeTelegram) -> None:
    """Where the connection broke, an edit is repeated and a new message is not: nothing is shown twice."""
    alice = await asked(house, telegram)
    telegram.loses("editMessageText")
    telegram.resets("editMessageText", times=2)
    lost = telegram.loses("sendMessage")
    press = await alice.presses("A")
    await press.answer()
    await alice.hears("Next")
    await house.until(lambda: not house.study.waiting)
    assert lost.hits == 1
    assert [one.text for one in telegram.bot_messages(alice)] == ["Verdict on answer:a", "Next"]


async def test_an_edit_that_never_arrived(house: House, telegram: FakeTelegram) -> None:
    """An edit whose connection broke before it had any effect is made again."""
    alice = await asked(house, telegram)
    telegram.resets("editMessageText", times=3)
    await alice.presses("A")
    await alice.hears("Verdict")


async def test_a_lost_answer_to_a_press(house: House, telegram: FakeTelegram) -> None:
    """An answer to a press whose connection broke is given again; that it is too late then is fine."""
    alice = await asked(house, telegram)
    telegram.loses("answerCallbackQuery")
    await alice.presses("A")
    await alice.hears("Next")
    await telegram.until_called("answerCallbackQuery", 1)
    assert house.study.aside == {}


async def test_our_markup_is_wrong(house: House, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    """Markup that Telegram cannot read is sent again as plain text, and logged as our bug."""
    alice = await asked(house, telegram)
    reason = "Bad Request: can't parse entities: Unsupported start tag"
    telegram.fails("sendMessage", 400, reason)
    telegram.fails("editMessageText", 400, reason)
    await alice.presses("A")
    await alice.hears("Next")
    assert [one.text for one in telegram.bot_messages(alice)] == ["Verdict on answer:a", "Next"]
    assert caplog.text.count("our own bug") == 2


async def test_who_blocks_is_left_alone(house: House, telegram: FakeTelegram) -> None:
    """A reply to somebody who blocked the bot meanwhile is tried once and forgotten."""
    alice = telegram.person("Alice")
    await alice.says("hi")
    await alice.blocks()
    await house.opens()
    await house.until(lambda: house.study.applied and not house.study.waiting)
    assert len(telegram.calls_of("sendMessage")) == 1


async def test_moved_group(house: House, telegram: FakeTelegram) -> None:
    """A reply to a group that has just moved is sent to its new place, which is told to the study."""
    alice = telegram.person("Alice")
    group = telegram.group("Readers", alice)
    house.study.script = quiz
    await group.adds_bot(alice)
    await alice.says("/quiz", at=group)
    old = group.id
    await group.migrates(alice, announced=False)
    await house.opens()
    await alice.hears("Question", at=group)
    assert house.study.notes == [("moved", "telegram", str(old), str(group.id))]


async def test_closed_topic(house: House, telegram: FakeTelegram) -> None:
    """A reply into a topic that was closed goes to the general one."""
    alice = telegram.person("Alice")
    group = telegram.group("Forum", alice, forum=True)
    await group.adds_bot(alice)
    thread = await group.opens_topic(alice, "Week 1")
    await alice.says("/quiz", at=group, thread_id=thread)
    await group.closes_topic(alice, thread)
    await house.opens()
    shown = await alice.hears("you did", at=group)
    assert shown.thread_id is None


async def test_private_word_in_a_group(house: House, telegram: FakeTelegram) -> None:
    """A short private reply to a press in a group is an alert that only the presser sees."""
    alice, group = await grouped(house, telegram, started=False)
    house.study.script = lambda _: (PRIVATE,)
    press = await alice.presses("A", at=group)
    assert await press.answer() == PRIVATE.text
    assert press.alert
    await house.until(lambda: not house.study.waiting)
    assert len(telegram.bot_messages(group)) == 1
    assert telegram.bot_messages(alice) == []


async def test_private_page_in_a_group(house: House, telegram: FakeTelegram) -> None:
    """A longer private reply goes to the private chat, also when it would replace something."""
    alice, group = await grouped(house, telegram, started=True)
    page = Message("word " * 100, CARD.rows, private=True, replaces=True)
    house.study.script = lambda _: (page, Message("for all"))
    press = await alice.presses("A", at=group)
    assert await press.answer() == ""
    await alice.hears("word word")
    await alice.hears("for all", at=group)


async def test_private_page_for_a_stranger(house: House, telegram: FakeTelegram) -> None:
    """Who has never started the bot is shown the way to the private chat, and nobody reads the page."""
    alice, group = await grouped(house, telegram, started=False)
    house.study.script = lambda _: (Message("secret " * 100, private=True),)
    await alice.says("/progress", at=group)
    await alice.hears(f"https://t.me/{telegram.username}?start=hello", at=group)
    assert all("secret" not in one.text for one in telegram.bot_messages(group))


async def test_replies_outlive_the_process(house: House, telegram: FakeTelegram) -> None:
    """Replies that were decided but not sent go out after the next start, once."""
    alice = await asked(house, telegram)
    hold = telegram.holds("sendMessage")
    await alice.says("one")
    await alice.says("two")
    await hold.reached()
    await telegram.until_drained()
    await house.dies()
    hold.release()
    await house.opens()
    await alice.hears("two")
    await house.until(lambda: not house.study.waiting)
    await house.closes()
    await house.opens()
    await telegram.until_polling()
    texts = [one.text for one in telegram.bot_messages(alice)]
    assert texts.count("two") == 1
    assert [text for text in texts if text in ("one", "two")][-2:] == ["one", "two"]


async def test_a_private_reply_whose_asker_is_forgotten(house: House, telegram: FakeTelegram) -> None:
    """After a restart a private reply in a group has no address any more, and is not shown to all."""
    alice, group = await grouped(house, telegram, started=False)
    await house.until(lambda: not house.study.waiting)
    house.study.script = lambda _: (Message("secret " * 100, private=True),)
    hold = telegram.holds("sendMessage", place=alice)
    await alice.says("/progress", at=group)
    await hold.reached()
    await house.dies()
    hold.release()
    assert house.study.waiting
    await house.opens()
    await house.until(lambda: not house.study.waiting)
    assert all("secret" not in one.text for one in telegram.bot_messages(group))


async def test_recovery_resends(house: House, telegram: FakeTelegram) -> None:
    """Replies that could not be sent for long are sent when Telegram can be reached again."""
    alice = telegram.person("Alice")
    await house.opens()
    telegram.fails("sendMessage", 500, times=8)
    await alice.says("hello")
    async with asyncio.timeout(10):
        while not telegram.bot_messages(alice):
            telegram.fails("getUpdates", 500)
            telegram.end_poll()
            await telegram.until_polling()
    await house.until(lambda: not house.study.waiting)
    assert len(telegram.bot_messages(alice)) == 1


async def test_closing_gives_up_in_time(house: House, telegram: FakeTelegram) -> None:
    """Closing waits for no reply that does not go out, and keeps it for the next start."""
    alice = telegram.person("Alice")
    bridge = await house.opens()
    hold = telegram.holds("sendMessage")
    await alice.says("hello")
    await hold.reached()
    await house.dies()
    assert bridge.last_poll is not None
    assert len(house.study.waiting) == 1
    hold.release()
