"""Tests of the wire: whether a request ever left, and what the library gets to know."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.platforms.telegram.errors import (
    FloodError,
    LostError,
    NeverLeftError,
    RefusedError,
    ServerFaultError,
)
from bot.platforms.telegram.wire import TOKEN, AiohttpWire, Secrets
from tests.fakes.telegram import FakeTelegram, Person
from tests.platforms.telegram.conftest import PNG


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    """The library's bot on our wire."""
    wire = AiohttpWire(Secrets(telegram.token), connections=1)
    async with Bot(TOKEN, base_url=f"{telegram.root}/bot", request=wire) as bot:
        yield bot


@pytest.fixture
async def alice(telegram: FakeTelegram) -> Person:
    """Somebody who has started the bot."""
    person = telegram.person("Alice")
    await person.starts()
    return person


async def test_texts_and_files(bot: Bot, telegram: FakeTelegram, alice: Person) -> None:
    """Texts in every script and files arrive as they are."""
    await bot.send_message(alice.id, "θ ≈ 0.5 & 梯度 = 😀")
    await bot.send_photo(alice.id, PNG, caption="图")
    text, photo = telegram.bot_messages(alice)
    assert text.text == "θ ≈ 0.5 & 梯度 = 😀"
    assert (photo.photo, photo.text) == (PNG, "图")


async def test_nobody_listens(telegram: FakeTelegram) -> None:
    """Where no connection can be had, the request never left."""
    wire = AiohttpWire(Secrets(telegram.token), connections=1)
    await wire.initialize()
    with pytest.raises(NeverLeftError, match="no connection"):
        await wire.post(f"http://127.0.0.1:1/bot{TOKEN}/getMe")
    with pytest.raises(NeverLeftError):
        await wire.post(f"nonsense://{TOKEN}")
    await wire.shutdown()
    with pytest.raises(NeverLeftError, match="closed"):
        await wire.post(f"{telegram.root}/bot{TOKEN}/getMe")


async def test_no_free_connection(bot: Bot, telegram: FakeTelegram, alice: Person) -> None:
    """A request that waited in vain for a free connection never left."""
    hold = telegram.holds("sendMessage")
    first = asyncio.create_task(bot.send_message(alice.id, "one"))
    await hold.reached()
    with pytest.raises(NeverLeftError):
        await bot.send_message(alice.id, "two", connect_timeout=0.001)
    hold.release()
    await first
    assert [shown.text for shown in telegram.bot_messages(alice)] == ["one"]


async def test_silence(bot: Bot, telegram: FakeTelegram, alice: Person) -> None:
    """A request whose answer does not come may have been heard."""
    hold = telegram.holds("sendMessage", processed=True)
    with pytest.raises(LostError):
        await bot.send_message(alice.id, "one", read_timeout=0.001, write_timeout=0.001)
    await hold.reached()
    hold.release()


@pytest.mark.parametrize("trouble", ["resets", "loses"])
async def test_broken_connection(bot: Bot, telegram: FakeTelegram, alice: Person, trouble: str) -> None:
    """A connection that breaks after sending leaves it open what became of the request; it is not repeated."""
    getattr(telegram, trouble)("sendMessage")
    with pytest.raises(LostError):
        await bot.send_message(alice.id, "one")
    assert len(telegram.calls_of("sendMessage")) == 1


@pytest.mark.parametrize(
    ("code", "description", "kind"),
    [
        (400, "Bad Request: chat not found", BadRequest),
        (401, "Unauthorized", InvalidToken),
        (413, "Request Entity Too Large", RefusedError),
        (500, "Internal Server Error", ServerFaultError),
        (502, None, ServerFaultError),
    ],
)
async def test_refusals(
    bot: Bot, telegram: FakeTelegram, alice: Person, code: int, description: str | None, kind: type[Exception]
) -> None:
    """An answer that says no is told apart by its status, be it JSON or a proxy's page."""
    telegram.fails("sendMessage", code, description)
    with pytest.raises(kind) as caught:
        await bot.send_message(alice.id, "one")
    assert "<html>" not in str(caught.value)


async def test_flood(bot: Bot, telegram: FakeTelegram, alice: Person) -> None:
    """A flood tells how long to wait, without the library's warnings."""
    telegram.floods("sendMessage", retry_after=33)
    with pytest.raises(FloodError) as caught:
        await bot.send_message(alice.id, "one")
    assert caught.value.delay.total_seconds() == 33


@pytest.mark.parametrize("payload", [b"", b"<html>", b"[]", b"{}", b'{"ok": true}', b"\xff\xfe"])
def test_senseless_answers(payload: bytes) -> None:
    """A good status with a senseless body is an error of the library's kind, and the body is not quoted."""
    with pytest.raises(TelegramError, match="makes no sense"):
        AiohttpWire.parse_json_payload(payload)


async def test_the_library_does_not_know_the_token(bot: Bot, telegram: FakeTelegram) -> None:
    """The token is on the wire and nowhere else."""
    telegram.fails("getMe", 401)
    with pytest.raises(InvalidToken) as caught:
        await bot.get_me()
    known = f"{bot!r} {bot.base_url} {bot.token} {caught.value!r} {Secrets(telegram.token)!r}"
    assert telegram.token not in known


async def test_big_files(bot: Bot, telegram: FakeTelegram, alice: Person) -> None:
    """A file of more than a megabyte goes out without holding up the loop."""
    comment = b"tEXt" + bytes(2 * 1024 * 1024)
    chunk = struct.pack(">I", len(comment) - 4) + comment + struct.pack(">I", zlib.crc32(comment))
    big = PNG[:33] + chunk + PNG[33:]
    await bot.send_photo(alice.id, big)
    (shown,) = telegram.bot_messages(alice)
    assert shown.photo == big
