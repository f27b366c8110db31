"""Tests of what people do on Telegram and which request becomes of it."""

from __future__ import annotations

from bot.study.requests import Account, Command, Press, Typed
from tests.fakes.telegram import FakeTelegram
from tests.platforms.telegram.conftest import House


async def test_text_in_private(house: House, telegram: FakeTelegram) -> None:
    """A text in the private chat is typed text, with who, where, in which language, and the way back."""
    ming = telegram.person("小明", last_name="王", language_code="zh-hans")
    await house.opens()
    await ming.says("你好 & <b>")
    await ming.hears("you said: 你好 & <b>")
    (request,) = house.study.applied
    assert request.body == Typed("你好 & <b>")
    assert request.account == Account("telegram", str(ming.id))
    assert (request.chat, request.home, request.home_url) == (str(ming.id), str(ming.id), "")
    assert (request.private, request.locale, request.name) == (True, "zh-hans", "小明 王")
    assert request.key == str(telegram.updates[0]["update_id"])


async def test_commands_in_private(house: House, telegram: FakeTelegram) -> None:
    """A command carries its name in small letters and the text after it; a deep link is the command start."""
    alice = telegram.person("Alice")
    await house.opens()
    await alice.starts("join-42")
    await alice.says(f"/Today@{telegram.username}  part 2\nplease ")
    await alice.says("/help@another_bot")
    await alice.says("/今天")
    await alice.says("/usr/bin is a folder")
    await telegram.until_drained()
    assert [request.body for request in house.study.applied] == [
        Command("start", "join-42"),
        Command("today", "part 2\nplease"),
        Command("help"),
        Command("今天"),
        Typed("/usr/bin is a folder"),
    ]


async def test_commands_in_groups(house: House, telegram: FakeTelegram) -> None:
    """In a group only commands to us or to everybody count; the way home is a link."""
    alice = telegram.person("Alice")
    group = telegram.group("Readers", alice, kind="supergroup")
    await house.opens()
    await group.adds_bot(alice, as_admin=True)
    await alice.says("/quiz@some_other_bot", at=group)
    await alice.says("just chatting", at=group)
    await alice.says(f"/quiz@{telegram.username} 2", at=group)
    await alice.says("/today", at=group)
    await telegram.until_drained()
    first, second = house.study.applied
    assert (first.body, second.body) == (Command("quiz", "2"), Command("today"))
    assert (first.private, first.chat, first.home) == (False, str(group.id), "")
    assert first.home_url == f"https://t.me/{telegram.username}?start=hello"


async def test_reply_in_group(house: House, telegram: FakeTelegram) -> None:
    """In a group a text is meant for us when it replies to a message of ours."""
    alice = telegram.person("Alice")
    group = telegram.group("Readers", alice)
    await house.opens()
    await group.adds_bot(alice)
    await alice.says("/quiz", at=group)
    asked = await alice.hears("you did", at=group)
    await alice.says("42", at=group, reply_to=asked)
    await alice.hears("you said: 42", at=group)
    assert house.study.texts == ["42"]


async def test_topic_of_a_forum(house: House, telegram: FakeTelegram) -> None:
    """A question in a topic of a forum is answered in that topic, whose name as a chat is its own."""
    alice = telegram.person("Alice")
    group = telegram.group("Forum", alice, forum=True)
    await house.opens()
    await group.adds_bot(alice)
    thread = await group.opens_topic(alice, "Week 1")
    await alice.says("/quiz", at=group, thread_id=thread)
    shown = await alice.hears("you did", at=group)
    assert shown.thread_id == thread
    assert house.study.applied[0].chat == f"{group.id}/{thread}"


async def test_no_text(house: House, telegram: FakeTelegram) -> None:
    """Stickers, photos and voices in private are an empty text; in groups they are nothing."""
    alice = telegram.person("Alice")
    group = telegram.group("Readers", alice)
    await house.opens()
    await group.adds_bot(alice, as_admin=True)
    await alice.sends_sticker()
    await alice.sends_photo("look")
    await alice.sends_voice()
    await alice.sends_sticker(at=group)
    await telegram.until_drained()
    assert house.study.texts == ["", "", ""]


async def test_edits_are_ignored(house: House, telegram: FakeTelegram) -> None:
    """Who edits a message has not said anything new."""
    alice = telegram.person("Alice")
    await house.opens()
    said = await alice.says("two")
    await alice.hears("you said: two")
    await alice.edits(said, "three")
    telegram.raw_update({"edited_message": {"anything": "at all"}})
    await telegram.until_drained()
    assert house.study.texts == ["two"]


async def test_press(house: House, telegram: FakeTelegram) -> None:
    """A press carries what its button carried, even a forged one, and is answered."""
    alice = telegram.person("Alice")
    await house.opens()
    await alice.says("hello")
    await alice.hears("hello")
    press = await alice.forges("drop:tables;--")
    await press.answer()
    await telegram.until_drained()
    assert house.study.applied[-1].body == Press("drop:tables;--")


async def test_press_without_a_message(house: House, telegram: FakeTelegram) -> None:
    """A press on what is not a message of ours changes nothing and stops nothing."""
    alice = telegram.person("Alice")
    await house.opens()
    telegram.raw_update({"callback_query": {"id": "1", "from": alice.user.json(), "chat_instance": "1", "data": "x"}})
    await alice.says("still there?")
    await alice.hears("still there?")
    assert len(house.study.applied) == 1
    assert house.study.aside == {}


async def test_block_and_return(house: House, telegram: FakeTelegram) -> None:
    """Who blocks the bot is unreachable, who unblocks it is reachable; a group is neither."""
    alice = telegram.person("Alice")
    group = telegram.group("Readers", alice)
    await house.opens()
    await group.adds_bot(alice)
    await alice.says("hi")
    await alice.hears("hi")
    await alice.blocks()
    await alice.unblocks()
    await group.kicks_bot(alice)
    await telegram.until_drained()
    account = ("telegram", str(alice.id))
    assert house.study.notes == [("unreachable", *account), ("reachable", *account)]


async def test_migration(house: House, telegram: FakeTelegram) -> None:
    """A group that becomes a supergroup is told of twice, in either order, always from old to new."""
    alice = telegram.person("Alice")
    group = telegram.group("Readers", alice)
    await house.opens()
    await group.adds_bot(alice)
    old = group.id
    new = await group.migrates(alice, new_first=True)
    await telegram.until_drained()
    assert house.study.notes == [("moved", "telegram", str(old), str(new))] * 2


async def test_nobody(house: House, telegram: FakeTelegram) -> None:
    """Other bots, channels and anonymous administrators are nobody who learns."""
    alice = telegram.person("Alice")
    group = telegram.group("Readers", alice)
    head = {"message_id": 5, "date": 1, "chat": group.chat.json(), "text": "/quiz"}
    await house.opens()
    telegram.raw_update({"message": head | {"from": alice.user.json() | {"is_bot": True}}})
    telegram.raw_update({"message": head | {"from": alice.user.json(), "sender_chat": group.chat.json()}})
    telegram.raw_update({"message": head})
    await telegram.until_drained()
    assert house.study.applied == []
    assert house.study.aside == {}


async def test_half_characters(house: House, telegram: FakeTelegram) -> None:
    """Half a character and NUL, which no database takes, become the mark for unknown characters."""
    alice = telegram.person("Alice")
    head = {"message_id": 5, "date": 1, "chat": alice.chat.json(), "from": alice.user.json()}
    await house.opens()
    telegram.raw_update({"message": head | {"text": "a\ud83db\0c"}})
    await telegram.until_drained()
    assert house.study.texts == ["a\ufffdb\ufffdc"]
