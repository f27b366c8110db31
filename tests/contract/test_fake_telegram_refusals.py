"""What the real server refuses, the fake refuses too, in the same words."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any, Final

import aiohttp
import pytest

from tests.contract.telegram_wire import JSON, Clock, Raw, keyboard, png
from tests.fakes.telegram import FakeTelegram, Person, wire

GONE: Final = "query is too old and response timeout expired or query ID is invalid"
SAME: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
NO_DATA: Final = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


def _url(url: str) -> JSON:
    return {"inline_keyboard": [[{"text": "Open", "url": url}]]}


def _button(**fields: Any) -> JSON:
    return {"inline_keyboard": [[{"text": "B"} | fields]]}


def _command(command: str, description: str = "does it") -> JSON:
    return {"commands": [{"command": command, "description": description}]}


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\u200b\u3000 "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "字" * 4097}, "message is too long"),
        ({"text": "字" * 10923}, "text is too long"),
        ({"parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            {"entities": [{"type": "loud", "offset": 0, "length": 1}]},
            "can't parse MessageEntity: unsupported type",
        ),
        (
            {"entities": [{"type": "bold", "offset": -1, "length": 1}]},
            "receive an entity with incorrect offset -1",
        ),
        ({"chat_id": 999}, "chat not found"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"message_thread_id": 5}, "message thread not found"),
        ({"reply_markup": keyboard({"A": "字" * 22})}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": keyboard({"A": ""})}, NO_DATA),
        ({"reply_markup": keyboard({" ": "a"})}, "inline keyboard button text must be non-empty"),
        ({"reply_markup": keyboard(*({str(n): "a"} for n in range(101)))}, "reply markup is too long"),
        (
            {"reply_markup": _url("http://localhost:8080/")},
            "inline keyboard button URL 'http://localhost:8080/' is invalid: Wrong HTTP URL",
        ),
        ({"reply_markup": _url("ftp://a.example")}, "is invalid: Unsupported URL protocol"),
        ({"reply_markup": _url("https://")}, "is invalid: URL host is empty"),
        (
            {"reply_markup": _url("https://a.example:99999")},
            "is invalid: Wrong port number specified in the URL",
        ),
        ({"reply_markup": _url("https://a b.example")}, "is invalid: Disallowed character in URL host"),
        ({"reply_markup": _button(callback_data="a", style="loud")}, "invalid button style specified"),
        ({"reply_markup": _button(copy_text={"text": "x" * 257})}, "BUTTON_COPY_TEXT_INVALID"),
        ({"reply_markup": _button(web_app={"url": "http://a.example"})}, "Only HTTPS links are allowed"),
        ({"reply_markup": {"keyboard": [[{"text": ""}]]}}, "keyboard button text must be non-empty"),
    ],
)
async def test_send(tg: FakeTelegram, raw: Raw, alice: Person, params: JSON, reason: str) -> None:
    """A message that the server does not take is refused, and leaves nothing in the chat."""
    assert reason in await raw.refused("sendMessage", **({"chat_id": alice.id, "text": "hello"} | params))
    assert tg.bot_messages(alice) == []
    assert tg.violations == []
    assert len(tg.refusals) == 1


@pytest.mark.parametrize(
    "markup",
    [keyboard({str(n): "a" for n in range(9)}), _button(callback_data="a", url="https://a.example")],
    ids=["nine in a row", "two things at once"],
)
async def test_doubtful(tg: FakeTelegram, raw: Raw, alice: Person, markup: JSON) -> None:
    """Keyboards that are taken but never shown as meant are violations."""
    await raw.call("sendMessage", chat_id=alice.id, text="x", reply_markup=markup)
    assert len(tg.violations) == 1


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("sendMessage", {"text": "x", "colour": "red"}, "sendMessage has no parameter 'colour'"),
        ("sendMessage", {"text": 5}, "text must be String, not 5"),
        (
            "sendMessage",
            {"text": "x", "disable_notification": "maybe"},
            "disable_notification must be Boolean",
        ),
        ("sendMessage", {}, "message text is empty"),
        ("sendMessage", {"text": "x", "chat_id": None}, "chat_id is empty"),
        ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"rows": []}},
            "reply_markup must be InlineKeyboardMarkup",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": _button(data="x")},
            "InlineKeyboardButton has no field 'data'",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{}]]}},
            'Can\'t find field "text"',
        ),
        (
            "sendMessage",
            {"text": "x", "link_preview_options": {"off": True}},
            "LinkPreviewOptions has no field",
        ),
        (
            "sendMessage",
            {"text": "x", "message_thread_id": "one"},
            "can't parse message_thread_id JSON object",
        ),
        ("sendMessage", {"text": "x", "parse_mode": "MarkdownV2"}, "MarkdownV2 is not modelled"),
        (
            "sendMessage",
            {"text": "x", "business_connection_id": "b"},
            "business_connection_id is not modelled",
        ),
        (
            "sendMessage",
            {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
            "an entity reaches out of the text",
        ),
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendPhoto", {"photo": "https://a.example/p.png"}, "failed to get HTTP URL content"),
        ("sendChatAction", {}, "wrong parameter action in request"),
        ("deleteMessage", {}, "message identifier is not specified"),
        ("editMessageText", {"text": "x", "chat_id": None}, "message identifier is not specified"),
        (
            "editMessageText",
            {"text": "x", "inline_message_id": "i"},
            "inline and business messages are not modelled",
        ),
        ("editMessageMedia", {"media": {"type": "video", "media": "x"}}, "only photos are modelled"),
    ],
)
async def test_wrong(tg: FakeTelegram, raw: Raw, alice: Person, method: str, params: JSON, reason: str) -> None:
    """What no correct bot sends is refused, and kept as a violation."""
    assert reason in await raw.refused(method, **({"chat_id": alice.id} | params))
    assert len(tg.violations) == 1


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("sendChatAction", {"action": "dance"}, "wrong parameter action in request"),
        ("getChat", {"chat_id": 999}, "chat not found"),
        ("getChatMember", {"user_id": 999}, "invalid user_id specified"),
        ("leaveChat", {}, "chat member status can't be changed in private chats"),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        ("editMessageText", {"message_id": 99, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
        ("editMessageText", {"message_id": 2, "text": ""}, "message text is empty"),
        ("editMessageText", {"message_id": 2, "text": "old", "reply_markup": keyboard({"A": "a"})}, SAME),
        ("editMessageReplyMarkup", {"message_id": 2, "reply_markup": keyboard({"A": "a"})}, SAME),
        (
            "editMessageCaption",
            {"message_id": 2, "caption": "x"},
            "there is no caption in the message to edit",
        ),
        ("editMessageText", {"message_id": 3, "text": "x"}, "there is no text in the message to edit"),
        ("editMessageCaption", {"message_id": 3, "caption": "old"}, SAME),
        ("editMessageCaption", {"message_id": 3, "caption": "x" * 1025}, "message caption is too long"),
        (
            "editMessageMedia",
            {"message_id": 3, "media": {"type": "photo", "media": "x"}},
            "wrong remote file",
        ),
        ("editMessageText", {"message_id": 4, "text": "x"}, "message can't be edited"),
        ("deleteMessages", {"message_ids": [*range(1, 102)]}, "too many message identifiers specified"),
    ],
)
async def test_existing(raw: Raw, alice: Person, method: str, params: JSON, reason: str) -> None:
    """What is in the chat can be changed only where the server would change it."""
    chat = {"chat_id": alice.id}
    await raw.call("sendMessage", text="old", reply_markup=keyboard({"A": "a"}), **chat)
    form = aiohttp.FormData({"chat_id": str(alice.id), "caption": "old"})
    form.add_field("photo", png(), filename="p.png")
    await raw.post("sendPhoto", data=form)
    await raw.call("sendMessage", text="old", reply_markup={"keyboard": [[{"text": "Yes"}]]}, **chat)
    before = alice.messages()
    assert reason in await raw.refused(method, **(chat | params))
    assert alice.messages() == before


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file must be non-empty"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (b"x" * (10 * 1024 * 1024 + 1), "file of size 10485761 bytes is too big for a photo"),
    ],
)
async def test_photo(raw: Raw, alice: Person, data: bytes, reason: str) -> None:
    """A photo has limits of size and shape."""
    form = aiohttp.FormData({"chat_id": str(alice.id)})
    form.add_field("photo", io.BytesIO(data), filename="p.png")
    status, answer = await raw.post("sendPhoto", data=form)
    assert (status, reason in answer["description"]) == (400, True)


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("setMyCommands", _command("Quiz"), "BOT_COMMAND_INVALID"),
        ("setMyCommands", _command("q" * 33), "command length must not exceed 32"),
        ("setMyCommands", _command("/"), "command must be non-empty"),
        ("setMyCommands", _command("quiz", " "), "command description must be non-empty"),
        ("setMyCommands", _command("quiz", "x" * 257), "command description length must not exceed 256"),
        ("setMyCommands", {"commands": _command("quiz")["commands"] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ("setMyCommands", _command("quiz") | {"language_code": "zh-hans"}, "invalid language code specified"),
        ("setMyCommands", _command("quiz") | {"scope": {"type": "all"}}, "Unsupported type specified"),
        ("getMyCommands", {"scope": {"type": "chat", "chat_id": 999}}, "chat not found"),
        ("setMyName", {"name": "x" * 65}, "BOT_TITLE_TOO_LONG"),
        ("setMyDescription", {"description": "x" * 513}, "BOT_DESCRIPTION_TOO_LONG"),
        ("setMyShortDescription", {"short_description": "x" * 121}, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, GONE),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
        ("answerCallbackQuery", {"callback_query_id": "1", "url": "https://a.example"}, "URL_INVALID"),
        (
            "setWebhook",
            {"url": "http://bot.example"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        ("setWebhook", {"url": "https://bot.example:9"}, "only on ports 80, 88, 443 or 8443"),
        ("setWebhook", {"url": "https://bot.example"}, "bad webhook: Failed to resolve host"),
        ("setWebhook", {"url": "https://", "secret_token": "s"}, "invalid webhook URL specified"),
        ("setWebhook", {"url": "https://b.example", "secret_token": "s s"}, "unallowed characters"),
        ("setWebhook", {"url": "https://b.example", "secret_token": "s" * 257}, "secret token is too long"),
    ],
)
async def test_settings(raw: Raw, method: str, params: JSON, reason: str) -> None:
    """The bot's own settings have their limits too."""
    assert reason in await raw.refused(method, **params)


async def test_answer_once(tg: FakeTelegram, raw: Raw, alice: Person, clock: Clock) -> None:
    """A press is answered once and in time, or it is too late."""
    await raw.call("sendMessage", chat_id=alice.id, text="Q", reply_markup=keyboard({"A": "a"}))
    once, late = await alice.presses("A"), await alice.presses("A")
    await raw.call("answerCallbackQuery", callback_query_id=once.id)
    assert once.answered
    clock.time += timedelta(seconds=16)
    for press in (once, late):
        assert await raw.refused("answerCallbackQuery", callback_query_id=press.id) == GONE
    assert not late.answered
    assert tg.violations == []


async def test_forbidden(tg: FakeTelegram, raw: Raw, alice: Person) -> None:
    """The bot writes only where it may: after a start, where it is a member, in places that exist."""
    bob, stranger = tg.person("Bob"), tg.person("Charlie", known=False)
    group, supergroup = tg.group("Kicked", alice), tg.group("Left", alice, kind="supergroup")
    for place in (group, supergroup):
        await place.adds_bot(alice)
    await group.kicks_bot(alice)
    await raw.call("leaveChat", chat_id=supergroup.id)
    deleted = tg.group("Deleted", alice)
    await deleted.adds_bot(alice)
    await deleted.is_deleted()
    expected = {
        bob.id: (403, "Forbidden: bot can't initiate conversation with a user"),
        stranger.id: (400, "Bad Request: chat not found"),
        group.id: (403, "Forbidden: bot was kicked from the group chat"),
        supergroup.id: (403, "Forbidden: bot is not a member of the supergroup chat"),
        deleted.id: (403, "Forbidden: the group chat was deleted"),
    }
    for chat_id, (code, description) in expected.items():
        status, answer = await raw.post("sendMessage", json={"chat_id": chat_id, "text": "x"})
        assert (status, answer["description"]) == (code, description)


async def test_delete(raw: Raw, tg: FakeTelegram, alice: Person, clock: Clock) -> None:
    """The bot deletes its own messages for 48 hours, and others' in groups only as an administrator."""
    group = tg.group("Study", alice, kind="supergroup")
    await group.adds_bot(alice)
    said = await alice.says("/hi", at=group)
    own = await raw.call("sendMessage", chat_id=group.id, text="hi")
    target = {"chat_id": group.id, "message_id": said.id}
    assert await raw.refused("deleteMessage", **target) == "message can't be deleted"
    clock.time += timedelta(hours=48)
    assert (
        await raw.refused("deleteMessage", **target | {"message_id": own["message_id"]}) == "message can't be deleted"
    )
    await group.promotes_bot(alice)
    assert await raw.call("deleteMessage", **target)


async def test_topics(tg: FakeTelegram, raw: Raw, alice: Person) -> None:
    """In a forum the thread must exist, be open, and not be the general one; elsewhere it is ignored."""
    forum, group = tg.group("Forum", alice, forum=True), tg.group("Study", alice)
    for place in (forum, group):
        await place.adds_bot(alice)
    open_topic, closed = await forum.opens_topic(alice, "Week 1"), await forum.opens_topic(alice, "Week 2")
    await forum.closes_topic(alice, closed)
    reasons = {1: "message thread not found", 999: "message thread not found", closed: "TOPIC_CLOSED"}
    for thread, reason in reasons.items():
        params = {"chat_id": forum.id, "text": "x", "message_thread_id": thread}
        assert await raw.refused("sendMessage", **params) == reason
    sent = await raw.call("sendMessage", chat_id=forum.id, text="x", message_thread_id=open_topic)
    assert sent["message_thread_id"] == open_topic
    assert "message_thread_id" not in await raw.call("sendMessage", chat_id=group.id, text="x", message_thread_id=7)


@pytest.mark.parametrize(
    ("token", "method", "expected"),
    [
        (None, "sendRocket", (404, "Not Found: method not found")),
        (None, "sendmessage", (404, "Not Found: method not found")),
        ("123:wrong", "getMe", (401, "Unauthorized")),
        ("nonsense", "getMe", (404, "Not Found")),
    ],
)
async def test_addresses(raw: Raw, token: str | None, method: str, expected: tuple[int, str]) -> None:
    """An unknown method, a wrong token and no token at all are three different errors."""
    status, answer = await raw.post(method, token=token)
    assert (status, answer["description"]) == expected


@pytest.mark.parametrize("encoding", ["json", "data", "params"])
async def test_encodings(raw: Raw, alice: Person, encoding: str) -> None:
    """Parameters may come as JSON, as a form, or in the address; objects in a form are JSON texts."""
    markup = keyboard({"A": "a"})
    values = {
        "chat_id": str(alice.id),
        "text": "hi",
        "disable_notification": "true",
        "reply_markup": json.dumps(markup),
    }
    body: dict[str, Any] = {encoding: values}
    status, _ = await raw.post("sendMessage", **body)
    shown = await alice.hears("hi")
    assert (status, shown.silent, shown.labels) == (200, True, ("A",))


@pytest.mark.parametrize(
    "body", [{"data": "[1]", "headers": {"Content-Type": "application/json"}}, {"data": "x"}, {"json": [1]}]
)
async def test_bodies(raw: Raw, body: dict[str, Any]) -> None:
    """A body that is none of these is refused."""
    assert (await raw.post("sendMessage", **body))[0] == 400


async def test_upload_limit(raw: Raw, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than 50 MB in one request is too large an entity."""
    assert wire.MAX_UPLOAD_BYTES == 50 * 1024 * 1024
    monkeypatch.setattr(wire, "MAX_UPLOAD_BYTES", len(png()) - 1)
    form = aiohttp.FormData({"chat_id": str(alice.id)})
    form.add_field("photo", png(), filename="p.png")
    assert (await raw.post("sendPhoto", data=form))[0] == 413
