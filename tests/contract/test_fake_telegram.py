"""The fake Telegram, held to the published reference and driven by the real client library."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from tests.contract.telegram_wire import JSON, Raw, keyboard, png
from tests.fakes.telegram import FakeTelegram, Group, Person
from tests.fakes.telegram.rules import METHODS, OBJECTS, Field
from tests.fakes.telegram.server import HANDLERS

SPEC: Final = Path(__file__).parents[3] / "shared" / "specs" / "telegram-bot-api.json"
HOOK: Final = "https://bot.example/hook"


@pytest.fixture(scope="module")
def spec() -> JSON:
    """The machine-readable reference."""
    if not SPEC.exists():
        pytest.skip(f"the Bot API reference is not here: {SPEC}")
    loaded: JSON = json.loads(SPEC.read_text(encoding="utf-8"))
    return loaded


def _short(kind: str) -> str:
    while kind.startswith("Array of "):
        kind = kind.removeprefix("Array of ") + "[]"
    return kind


def _fields(entry: JSON) -> dict[str, Field]:
    return {
        field["name"]: Field(tuple(_short(kind) for kind in field["types"]), field["required"])
        for field in entry.get("fields", [])
    }


@pytest.mark.parametrize("name", METHODS)
def test_methods(spec: JSON, name: str) -> None:
    """A method takes exactly the parameters of the reference, of the same types, and requires the same."""
    assert METHODS[name] == _fields(spec["methods"][name])


@pytest.mark.parametrize("name", OBJECTS)
def test_objects(spec: JSON, name: str) -> None:
    """An object in a request has exactly the fields of the reference."""
    assert OBJECTS[name] == _fields(spec["types"][name])


def test_every_method_is_done() -> None:
    """Whatever the table lists is carried out."""
    elsewhere = {"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"}
    assert {*HANDLERS, *elsewhere} == set(METHODS)


def _wrong(spec: JSON, kind: str, value: Any, path: str) -> list[str]:
    """List what in `value` is not as the reference says."""
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        return [fault for item in value for fault in _wrong(spec, inner, item, f"{path}[]")]
    plain = {"Integer": int, "String": str, "Boolean": bool, "Float": float}.get(kind)
    if plain is not None:
        return [] if type(value) is plain else [f"{path}: {value!r} is not {kind}"]
    entry = spec["types"][kind]
    if "subtypes" in entry:
        return _least_wrong(spec, entry["subtypes"], value, path)
    fields = {field["name"]: field for field in entry.get("fields", [])}
    faults = [f"{path}: {kind} has no {name}" for name in value if name not in fields]
    faults += [f"{path}: {name} is missing" for name in fields if fields[name]["required"] and name not in value]
    for name in value.keys() & fields.keys():
        faults += _least_wrong(spec, fields[name]["types"], value[name], f"{path}.{name}")
    return faults


def _least_wrong(spec: JSON, kinds: list[str], value: Any, path: str) -> list[str]:
    """Hold `value` to the kind that fits it best."""
    return min((_wrong(spec, kind, value, path) for kind in kinds), key=len)


async def _everything_people_do(tg: FakeTelegram, alice: Person) -> Group:
    bob = tg.person("Bob", username="bob_k")
    group = tg.group("Study", alice, bob)
    await group.adds_bot(alice)
    said = await alice.says("/quiz@xueban_test_bot now", at=group)
    await alice.edits(said, "/quiz 2 https://example.org")
    await bob.says("me too", at=group, reply_to=said)
    await alice.sends_photo("look: #tag")
    await alice.sends_sticker()
    await alice.sends_voice()
    await group.loses(bob)
    await group.welcomes(bob)
    await group.promotes_bot(alice)
    await group.migrates(alice)
    await group.kicks_bot(alice)
    forum = tg.group("Forum", alice, forum=True)
    await forum.adds_bot(alice)
    await forum.closes_topic(alice, await forum.opens_topic(alice, "Week 1"))
    await alice.blocks()
    await alice.unblocks()
    return forum


async def _everything_bots_do(tg: FakeTelegram, raw: Raw, alice: Person) -> None:
    markup = keyboard({"A": "a"})
    html = {"text": "<b>Q</b>", "parse_mode": "HTML"}
    sent = await raw.call("sendMessage", chat_id=alice.id, reply_markup=markup, **html)
    reply = {"message_id": sent["message_id"]}
    upload = aiohttp.FormData({"chat_id": str(alice.id), "caption": "c", "reply_parameters": json.dumps(reply)})
    upload.add_field("photo", png(), filename="p.png")
    picture = (await raw.post("sendPhoto", data=upload))[1]["result"]
    press = await alice.presses("A")
    target = {"chat_id": alice.id, "message_id": sent["message_id"]}
    photo = {"chat_id": alice.id, "message_id": picture["message_id"]}
    media = {
        "type": "photo",
        "media": picture["photo"][0]["file_id"],
        "caption": "<i>x</i>",
        "parse_mode": "HTML",
    }
    command = {"command": "quiz", "description": "A quiz"}
    calls: list[tuple[str, JSON]] = [
        ("getMe", {}),
        ("getUpdates", {}),
        ("getWebhookInfo", {}),
        ("setWebhook", {"url": HOOK}),
        ("deleteWebhook", {}),
        ("sendChatAction", {"chat_id": alice.id, "action": "typing"}),
        ("editMessageText", target | {"text": "Q2", "reply_markup": markup}),
        ("editMessageReplyMarkup", target),
        ("editMessageCaption", photo | {"caption": "d"}),
        ("editMessageMedia", photo | {"media": media}),
        ("answerCallbackQuery", {"callback_query_id": press.id, "text": "yes", "show_alert": True}),
        ("setMyCommands", {"commands": [command]}),
        ("getMyCommands", {}),
        ("deleteMyCommands", {}),
        ("getChat", {"chat_id": alice.id}),
        ("getChatMember", {"chat_id": alice.id, "user_id": alice.id}),
        *((f"setMy{name}", {}) for name in ("Name", "Description", "ShortDescription")),
        *((f"getMy{name}", {}) for name in ("Name", "Description", "ShortDescription")),
        ("deleteMessage", photo),
        ("deleteMessages", {"chat_id": alice.id, "message_ids": [sent["message_id"]]}),
    ]
    tg.webhook.routes["https://bot.example"] = "http://127.0.0.1:9"
    for method, params in calls:
        await raw.call(method, **params)
    assert press.alert


async def test_emitted(spec: JSON, tg: FakeTelegram, raw: Raw, alice: Person) -> None:
    """Everything the fake sends has only fields of the reference, the required ones, and the right types."""
    forum = await _everything_people_do(tg, alice)
    await _everything_bots_do(tg, raw, alice)
    await raw.call("getChatMember", chat_id=forum.id, user_id=tg.world.bot.id)
    await raw.call("leaveChat", chat_id=forum.id)
    faults = [fault for update in tg.updates for fault in _wrong(spec, "Update", update, "update")]
    for call in tg.calls:
        faults += _least_wrong(spec, spec["methods"][call.method]["returns"], call.result, call.method)
    assert faults == []
    assert {call.method for call in tg.calls} == set(METHODS)
    assert tg.violations == []


async def test_library(tg: FakeTelegram, bot: telegram.Bot, alice: Person) -> None:
    """The library gets updates, sends, edits, answers and deletes, and reads back what it sent."""
    (start,) = await bot.get_updates(timeout=10)
    assert start.message is not None
    assert start.message.text == "/start"
    assert start.message.parse_entities(["bot_command"])
    markup = telegram.InlineKeyboardMarkup.from_column(
        [telegram.InlineKeyboardButton(label, callback_data=label.lower()) for label in ("Yes", "No")]
    )
    text = "<b>学伴 😀</b> a &lt; b <code>x</code>"
    quiet = telegram.LinkPreviewOptions(is_disabled=True)
    sent = await bot.send_message(alice.id, text, parse_mode="HTML", reply_markup=markup, link_preview_options=quiet)
    shown = await alice.hears("a < b")
    assert (shown.text, shown.html, shown.labels) == ("学伴 😀 a < b x", text, ("Yes", "No"))
    assert not shown.preview
    assert (shown.marked("bold"), shown.marked("code"), sent.text_html) == (("学伴 😀",), ("x",), text)
    press = await alice.presses("No")
    (pressed,) = await bot.get_updates(offset=start.update_id + 1, timeout=10)
    assert pressed.callback_query is not None
    assert pressed.callback_query.data == "no"
    await pressed.callback_query.answer("noted", show_alert=True)
    assert (await press.answer(), press.alert) == ("noted", True)
    await pressed.callback_query.edit_message_text("done")
    edited = await alice.hears("done")
    assert (edited.id, edited.edited, edited.labels) == (shown.id, True, ())
    assert await bot.delete_message(alice.id, edited.id)
    assert tg.bot_messages(alice) == []
    assert tg.violations == []


async def test_library_photo(tg: FakeTelegram, bot: telegram.Bot, alice: Person) -> None:
    """The library uploads a photo, sends it again by its id, and puts another in its place."""
    first = await bot.send_photo(alice.id, png(), caption="<i>one</i>", parse_mode="HTML", disable_notification=True)
    shown = await alice.hears("one")
    assert (shown.photo, shown.silent, shown.marked("italic")) == (png(), True, ("one",))
    again = await bot.send_photo(alice.id, first.photo[-1].file_id)
    assert again.photo[-1].file_id == first.photo[-1].file_id
    await bot.edit_message_caption(alice.id, first.id, caption="two")
    await bot.edit_message_media(telegram.InputMediaPhoto(png(8, 8), caption="three"), alice.id, first.id)
    assert [(seen.text, seen.photo) for seen in tg.bot_messages(alice)] == [("three", png(8, 8)), ("", png())]
    assert tg.violations == []


async def test_library_settings(tg: FakeTelegram, bot: telegram.Bot, alice: Person) -> None:
    """The library sets menus and descriptions for each scope and language, and looks people up."""
    me = await bot.get_me()
    assert (me.username, me.can_read_all_group_messages) == (tg.username, False)
    scope = telegram.BotCommandScopeAllGroupChats()
    await bot.set_my_commands([("quiz", "测验")], scope=scope, language_code="zh")
    await bot.set_my_commands([telegram.BotCommand("start", "Begin")])
    assert tg.menu("all_group_chats", "zh") == [("quiz", "测验")]
    assert tg.menu() == [("start", "Begin")]
    assert await bot.get_my_commands() == (telegram.BotCommand("start", "Begin"),)
    await bot.delete_my_commands(scope=scope, language_code="zh")
    assert tg.menu("all_group_chats", "zh") == []
    await bot.set_my_description("学伴", language_code="zh")
    assert (await bot.get_my_description("zh")).description == "学伴"
    assert await bot.set_my_short_description("A study buddy")
    assert (await bot.get_my_short_description("de")).short_description == "A study buddy"
    assert (await bot.get_chat(alice.id)).first_name == "Alice"
    assert (await bot.get_chat_member(alice.id, alice.id)).status == "member"
    assert await bot.send_chat_action(alice.id, "typing")
    assert tg.violations == []


async def _blocked(_: FakeTelegram, alice: Person) -> None:
    await alice.blocks()


async def _deactivated(_: FakeTelegram, alice: Person) -> None:
    await alice.deactivates()


def _fault(name: str, *args: Any, **kwargs: Any) -> Callable[[FakeTelegram, Person], Awaitable[None]]:
    async def prepare(tg: FakeTelegram, alice: Person) -> None:
        getattr(tg, name)("sendMessage", *args, place=alice, **kwargs)

    return prepare


@pytest.mark.parametrize(
    ("prepare", "expected", "text"),
    [
        (_blocked, Forbidden, "Forbidden: bot was blocked by the user"),
        (_deactivated, Forbidden, "Forbidden: user is deactivated"),
        (_fault("floods", retry_after=30), RetryAfter, "Flood control exceeded. Retry in 0:00:30"),
        (_fault("fails", 500), NetworkError, "Internal Server Error"),
        (_fault("fails", 502), NetworkError, "Bad Gateway"),
        (_fault("fails", 401), InvalidToken, "Unauthorized"),
        (_fault("fails", 404), InvalidToken, "Not Found"),
        (_fault("fails", 409), Conflict, "Conflict: terminated by other getUpdates request"),
        (_fault("fails", 400, "Bad Request: chat not found"), BadRequest, "Chat not found"),
        (_fault("resets"), NetworkError, "ReadError"),
        (_fault("loses"), NetworkError, "ReadError"),
    ],
)
async def test_library_errors(
    tg: FakeTelegram,
    bot: telegram.Bot,
    alice: Person,
    prepare: Callable[[FakeTelegram, Person], Awaitable[None]],
    expected: type[Exception],
    text: str,
) -> None:
    """Each way to fail becomes the library's exception for it, once, and for this chat only."""
    bob = tg.person("Bob")
    await bob.starts()
    await prepare(tg, alice)
    await bot.send_message(bob.id, "unharmed")
    with pytest.raises(expected, match=text) as caught:
        await bot.send_message(alice.id, "hello")
    assert type(caught.value) is expected
    (call,) = tg.calls_of("sendMessage", alice)
    assert call.processed == (call.fault == "lost")
    assert [shown.text for shown in tg.bot_messages(alice)] == ["hello"] * call.processed


async def test_library_timeout(tg: FakeTelegram, bot: telegram.Bot, alice: Person) -> None:
    """An answer that never comes is a timeout for the library, although the message was delivered."""
    hold = tg.holds("sendMessage", processed=True)
    with pytest.raises(TimedOut):
        await bot.send_message(alice.id, "hello", read_timeout=0.01)
    await hold.reached()
    assert (await alice.hears("hello")).from_bot
    hold.release()
    await bot.send_message(alice.id, "again")


async def test_library_migration(tg: FakeTelegram, bot: telegram.Bot, alice: Person) -> None:
    """A group that became a supergroup tells its new id in the refusal."""
    group = tg.group("Study", alice)
    await group.adds_bot(alice)
    new_id = await group.migrates(alice, announced=False)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(str(group.former_id), "hello")
    assert caught.value.new_chat_id == new_id == group.id
    await bot.send_message(new_id, "hello")
    assert (await alice.hears("hello", at=group)).chat_id == new_id


async def test_library_token(tg: FakeTelegram) -> None:
    """Another token is unauthorized, and something that is no token is not found."""
    for token in (tg.token + "x", "nonsense"):
        with pytest.raises(InvalidToken):
            async with telegram.Bot(token, base_url=tg.base_url):
                pass


async def test_library_malformed(tg: FakeTelegram, bot: telegram.Bot) -> None:
    """An update that the library cannot read comes anyway."""
    tg.raw_update({"message": {"message_id": "one", "chat": 5, "date": "today"}})
    with pytest.raises((TypeError, AttributeError)):
        await bot.get_updates()
