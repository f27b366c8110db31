"""The people in the fake Telegram, the updates they cause, and how these reach the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import pytest
from aiohttp import web

from tests.contract.telegram_wire import JSON, Clock, Raw, keyboard
from tests.fakes.telegram import FakeTelegram, Person

HOOK: Final = "https://bot.example/hook"


async def _poll(raw: Raw, **params: Any) -> list[JSON]:
    updates: list[JSON] = await raw.call("getUpdates", **params)
    return updates


def _ids(updates: list[JSON]) -> list[int]:
    return [update["update_id"] for update in updates]


async def test_says(raw: Raw, tg: FakeTelegram) -> None:
    """People write as their clients do: commands are marked, long texts are split, links carry a payload."""
    alice = tg.person("Alice", language_code="de", username="alice_b")
    await alice.starts("r_1-A")
    await alice.says("字" * 5000)
    start, first, second = [update["message"] for update in await _poll(raw)]
    assert start["text"] == "/start r_1-A"
    assert start["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert start["from"]["language_code"] == "de"
    assert start["chat"] == {"id": alice.id, "type": "private", "first_name": "Alice", "username": "alice_b"}
    assert (len(first["text"]), len(second["text"])) == (4096, 904)
    for payload in ("a b", "x" * 65, "字"):
        with pytest.raises(AssertionError, match="not a start parameter"):
            await alice.starts(payload)


async def test_presses(tg: FakeTelegram, raw: Raw, alice: Person) -> None:
    """People press what they see, what they saw before, and what nobody ever offered."""
    sent = await raw.call("sendMessage", chat_id=alice.id, text="Q", reply_markup=keyboard({"Yes ✅": "y", "No": "n"}))
    seen = await alice.hears("Q")
    target = {"chat_id": alice.id, "message_id": sent["message_id"]}
    link = {"inline_keyboard": [[{"text": "Open", "url": "https://a.example"}]]}
    await raw.call("editMessageReplyMarkup", **target, reply_markup=link)
    for button in ("Yes", "Open"):
        with pytest.raises(AssertionError, match=r"sees no button 'Yes'|sends nothing"):
            await alice.presses(button)
    await alice.presses("Yes", on=seen)
    await alice.presses(lambda button: button.data == "n", on=seen)
    await alice.forges("admin:drop")
    await raw.call("deleteMessage", **target)
    await alice.presses("n", on=seen)
    _, *presses = await _poll(raw)
    queries = [update["callback_query"] for update in presses]
    assert [query["data"] for query in queries] == ["y", "n", "admin:drop", "n"]
    assert queries[0]["message"]["reply_markup"]["inline_keyboard"][0][0]["text"] == "Open"
    assert queries[3]["message"]["date"] == 0
    assert len({query["id"] for query in queries}) == 4
    assert tg.violations == []


async def test_hears(raw: Raw, tg: FakeTelegram, alice: Person) -> None:
    """People hear each message once, hear edits, and hear only what came after they last did something."""
    sent = await raw.call("sendMessage", chat_id=alice.id, text="one", disable_notification=True)
    target = {"chat_id": alice.id, "message_id": sent["message_id"]}
    assert (await alice.hears("one")).silent
    await raw.call("editMessageText", **target, text="one more")
    assert (await alice.hears("one")).edited
    with pytest.raises(AssertionError, match=r"(?s)Alice waits to hear 'one'.*sendMessage.*one more"):
        await alice.hears("one", within=0)
    await raw.call("editMessageText", **target, text="one too early")
    await alice.says("next")
    hearing = asyncio.create_task(alice.hears("one"))
    await raw.call("sendMessage", chat_id=alice.id, text="one in time")
    assert (await hearing).text == "one in time"
    assert alice.last is not None
    assert [shown.text for shown in tg.messages(alice)] == ["/start", "one too early", "next", "one in time"]


async def test_blocking(raw: Raw, alice: Person) -> None:
    """Blocking and coming back are told as changes of the bot's membership."""
    await alice.blocks()
    await alice.unblocks()
    _, blocked, back = await _poll(raw)
    statuses = [
        (
            update["my_chat_member"]["old_chat_member"]["status"],
            update["my_chat_member"]["new_chat_member"]["status"],
        )
        for update in (blocked, back)
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]
    await raw.call("sendMessage", chat_id=alice.id, text="welcome back")


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("good morning", False),
        ("@xueban_test_bot hello", False),
        ("/quiz", True),
        ("/quiz@xueban_test_bot now", True),
        ("/quiz@other_bot", False),
        ("see /quiz", False),
    ],
)
async def test_privacy(raw: Raw, tg: FakeTelegram, alice: Person, text: str, *, reaches: bool) -> None:
    """In a group the bot gets its commands and the replies to it; as an administrator it gets everything."""
    group = tg.group("Study", alice)
    await group.adds_bot(alice)
    sent = await raw.call("sendMessage", chat_id=group.id, text="Q")
    await _poll(raw, offset=-1)
    before = len(tg.updates)
    await alice.says(text, at=group)
    assert len(tg.updates) - before == reaches
    (question,) = [shown for shown in group.messages() if shown.id == sent["message_id"]]
    await alice.says(text, at=group, reply_to=question)
    await group.promotes_bot(alice)
    await alice.says(text, at=group)
    kinds = [[*update][-1] for update in tg.updates[before + reaches :]]
    assert kinds == ["message", "my_chat_member", "message"]
    assert tg.updates[before + reaches]["message"]["reply_to_message"]["text"] == "Q"


@pytest.mark.parametrize("new_first", [False, True])
async def test_migration(raw: Raw, tg: FakeTelegram, alice: Person, *, new_first: bool) -> None:
    """A migrating group says so in both chats, in either order, and goes on under its new id."""
    group = tg.group("Study", alice)
    await group.adds_bot(alice)
    before = len(tg.updates)
    new_id = await group.migrates(alice, new_first=new_first)
    told = [update["message"] for update in tg.updates[before:]]
    fields = [(message.get("migrate_to_chat_id"), message.get("migrate_from_chat_id")) for message in told]
    expected = [(new_id, None), (None, group.former_id)]
    assert fields == (expected[::-1] if new_first else expected)
    status, answer = await raw.post("sendMessage", json={"chat_id": group.former_id, "text": "x"})
    assert (status, answer["parameters"]) == (400, {"migrate_to_chat_id": new_id})


async def test_offset(raw: Raw, alice: Person) -> None:
    """Updates come again until an offset confirms them; a negative one keeps the last, one far ahead does nothing."""
    for text in "abcd":
        await alice.says(text)
    first = await _poll(raw, limit=2)
    assert _ids(await _poll(raw, limit=2)) == _ids(first)
    assert _ids(await _poll(raw, offset=first[-1]["update_id"] + 1, limit=1)) == [first[-1]["update_id"] + 1]
    last = await _poll(raw, offset=-1)
    assert [update["message"]["text"] for update in last] == ["d"]
    assert await _poll(raw, offset=last[0]["update_id"] + 100) == last
    assert await _poll(raw, offset=last[0]["update_id"] + 1) == []


async def test_age(raw: Raw, alice: Person, clock: Clock) -> None:
    """After 24 hours an update is gone."""
    clock.time += timedelta(hours=24)
    await alice.says("fresh")
    assert [update["message"]["text"] for update in await _poll(raw)] == ["fresh"]


async def test_allowed(raw: Raw, tg: FakeTelegram, alice: Person) -> None:
    """Kinds that are not wanted are never queued; the setting stays; none at all restores the default."""
    await _poll(raw, offset=-1, allowed_updates=["message"])
    before = len(tg.updates)
    await alice.blocks()
    await _poll(raw)
    await alice.unblocks()
    assert len(tg.updates) == before
    await _poll(raw, allowed_updates=[])
    await alice.blocks()
    assert "my_chat_member" in tg.updates[-1]
    await _poll(raw, allowed_updates=["mesage"])
    assert tg.violations == ["no such kinds of update: ['mesage']"]


async def test_long_poll(raw: Raw, tg: FakeTelegram, alice: Person) -> None:
    """A long poll wakes as soon as something happens, and ends empty when its time is up."""
    (start,) = await _poll(raw)
    offset = start["update_id"] + 1
    polling = asyncio.create_task(_poll(raw, offset=offset, timeout=50))
    await tg.until_polling()
    await alice.says("hello")
    (said,) = await polling
    assert said["message"]["text"] == "hello"
    polling = asyncio.create_task(_poll(raw, offset=offset + 1, timeout=50))
    await tg.until_polling()
    tg.end_poll()
    assert await polling == []
    tg.repeats(said)
    assert await _poll(raw, offset=offset + 1) == [said]
    await tg.until_drained()


async def test_two_polls(raw: Raw, tg: FakeTelegram) -> None:
    """Of two long polls the newer wins, and a webhook ends them all."""
    tg.webhook.routes["https://bot.example"] = "http://127.0.0.1:9"
    polls = []
    for _ in range(2):
        polls.append(asyncio.create_task(raw.post("getUpdates", json={"timeout": 50})))
        await tg.until(lambda: len(tg.calls_of("getUpdates")) == len(polls) and tg.world.queue.polling)
    status, answer = await polls[0]
    assert (status, answer["description"].split(";")[0]) == (
        409,
        "Conflict: terminated by other getUpdates request",
    )
    await raw.call("setWebhook", url=HOOK)
    status, answer = await polls[1]
    assert (status, answer["description"]) == (409, "Conflict: terminated by setWebhook request")
    status, answer = await raw.post("getUpdates")
    assert (status, "while webhook is active" in answer["description"]) == (409, True)
    await raw.call("deleteWebhook", drop_pending_updates=True)
    assert await _poll(raw) == []


class Receiver:
    """A bot's end of a webhook, which answers what it is told to."""

    def __init__(self) -> None:
        self.updates: list[JSON] = []
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []

    async def take(self, request: web.Request) -> web.Response:
        """Take an update."""
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return self.answers.pop(0) if self.answers else web.Response()


@pytest.fixture
async def receiver(tg: FakeTelegram) -> AsyncIterator[Receiver]:
    """A receiver, to which `https://bot.example` leads."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    tg.webhook.routes["https://bot.example"] = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield receiver
    await runner.cleanup()


async def test_webhook(raw: Raw, tg: FakeTelegram, alice: Person, receiver: Receiver) -> None:
    """Updates go to the webhook with its secret, and a method named in the answer is carried out."""
    call = {"method": "sendMessage", "chat_id": alice.id, "text": "at once"}
    receiver.answers = [web.json_response(call)]
    await raw.call("setWebhook", url=HOOK, secret_token="s-1", max_connections=7, allowed_updates=["message"])
    await alice.hears("at once")
    await alice.says("hello")
    await tg.until_drained()
    assert [update["message"]["text"] for update in receiver.updates] == ["/start", "hello"]
    assert receiver.secrets == ["s-1", "s-1"]
    info = await raw.call("getWebhookInfo")
    assert (info["url"], info["max_connections"], info["allowed_updates"]) == (HOOK, 7, ["message"])
    tg.repeats(receiver.updates[0])
    await tg.until_drained()
    assert receiver.updates[2] == receiver.updates[0]
    assert tg.violations == []


async def test_webhook_failure(raw: Raw, tg: FakeTelegram, alice: Person, receiver: Receiver) -> None:
    """What the bot does not accept waits, and with it what follows in that chat, until it is tried again."""
    receiver.answers = [web.Response(status=500)]
    await raw.call("setWebhook", url=HOOK)
    await tg.until(lambda: tg.webhook.failures)
    bob = tg.person("Bob")
    await bob.starts()
    await alice.says("still there?")
    await tg.until(lambda: len(tg.world.queue.pending) == 2)
    info = await raw.call("getWebhookInfo")
    assert "500" in info["last_error_message"]
    tg.webhook.redeliver()
    await tg.until_drained()
    texts = [(update["message"]["from"]["first_name"], update["message"]["text"]) for update in receiver.updates]
    assert texts == [("Alice", "/start"), ("Bob", "/start"), ("Alice", "/start"), ("Alice", "still there?")]


async def test_hold(raw: Raw, tg: FakeTelegram, alice: Person) -> None:
    """A held call does nothing until it is released, and only as many are held as were asked for."""
    hold = tg.holds("sendMessage")
    held = asyncio.create_task(raw.call("sendMessage", chat_id=alice.id, text="late"))
    await hold.reached()
    await raw.call("sendMessage", chat_id=alice.id, text="early")
    hold.release()
    await held
    assert [shown.text for shown in tg.bot_messages(alice)] == ["early", "late"]
    assert [call.fault for call in await tg.until_called("sendMessage", 2)] == ["hold before", None]


async def test_fault_clear(raw: Raw, tg: FakeTelegram, alice: Person) -> None:
    """A failure for ever lasts until it is cleared, and counts how often it struck."""
    fault = tg.floods("*", retry_after=3, times=None)
    for _ in range(2):
        status, answer = await raw.post("sendMessage", json={"chat_id": alice.id, "text": "x"})
        assert (status, answer["parameters"]) == (429, {"retry_after": 3})
    fault.clear()
    await raw.call("sendMessage", chat_id=alice.id, text="x")
    assert (fault.hits, tg.refusals) == (2, [])
