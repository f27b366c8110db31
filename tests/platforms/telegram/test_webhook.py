"""Tests of the webhook: who is let in, and that an acknowledged update is a committed one."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import aiohttp
import pytest

from bot.platforms.telegram import SetupRefusedError, TelegramSettings
from tests.fakes.telegram import FakeTelegram
from tests.platforms.telegram.conftest import WEBHOOK_SECRET, House

PUBLIC: Final = "https://bot.example"
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


async def opens(house: House, telegram: FakeTelegram) -> str:
    """Let a bridge listen at a webhook and return its loopback address."""
    bridge = house.builds(mode="webhook", webhook_url=f"{PUBLIC}/hook", webhook_port=0, webhook_secret=WEBHOOK_SECRET)
    telegram.webhook.routes[PUBLIC] = "http://127.0.0.1:1"
    await house.takes(bridge)
    await telegram.until_called("setWebhook")
    root = f"http://127.0.0.1:{bridge.webhook_port}"
    telegram.webhook.routes[PUBLIC] = root
    return f"{root}/hook"


async def post(url: str, secret: str | None, **body: Any) -> int:
    """Post something to the webhook, and return the status of the answer."""
    headers = {} if secret is None else {HEADER: secret}
    async with aiohttp.ClientSession() as session, session.post(url, headers=headers, **body) as answer:
        return answer.status


async def test_conversation(house: House, telegram: FakeTelegram) -> None:
    """Updates that Telegram brings are answered, and confirmed by their acknowledgement."""
    alice = telegram.person("Alice")
    await opens(house, telegram)
    for number in range(3):
        await alice.says(f"number {number}")
    await alice.hears("number 2")
    await telegram.until_drained()
    assert house.study.texts == [f"number {number}" for number in range(3)]
    assert house.bridge is not None
    assert house.bridge.last_poll == house.clock.now()
    (call,) = telegram.calls_of("setWebhook")
    assert call.params["secret_token"] == WEBHOOK_SECRET
    assert call.params["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
    assert telegram.calls_of("getUpdates") == []


@pytest.mark.parametrize("secret", [None, "", "wrong", WEBHOOK_SECRET + "x", "秘密"])
async def test_strangers(house: House, telegram: FakeTelegram, secret: str | None) -> None:
    """Who does not know the secret is sent away before anything is read."""
    url = await opens(house, telegram)
    assert await post(url, secret, data=b"no JSON at all") == 403
    assert await post(url, secret, data=BytesIO(b" " * (2 * 1024 * 1024))) == 403
    assert house.study.aside == {}
    assert house.bridge is not None
    assert house.bridge.last_poll is None


async def test_big_bodies(house: House, telegram: FakeTelegram) -> None:
    """More than a megabyte is not read, whether its length is told or not."""
    url = await opens(house, telegram)

    async def drip() -> Any:
        for _ in range(33):
            yield b" " * 65536

    assert await post(url, WEBHOOK_SECRET, data=BytesIO(b" " * (1024 * 1024 + 1))) == 413
    assert await post(url, WEBHOOK_SECRET, data=drip()) == 413
    assert house.study.aside == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"[" * 200_000, b"\xff", b'{"update_id": 5, "message": 1}'])
async def test_poison(house: House, telegram: FakeTelegram, body: bytes) -> None:
    """What cannot be used is set aside once and acknowledged, so that it does not come again for ever."""
    url = await opens(house, telegram)
    assert await post(url, WEBHOOK_SECRET, data=body) == 200
    assert await post(url, WEBHOOK_SECRET, data=body) == 200
    assert len(house.study.aside) == 1
    assert await post(url, WEBHOOK_SECRET, json={"update_id": 6, "poll": {}}) == 200


async def test_other_doors(house: House, telegram: FakeTelegram) -> None:
    """There is one address and one method."""
    url = await opens(house, telegram)
    assert await post(f"{url}/more", WEBHOOK_SECRET, data=b"{}") == 404
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 405


async def test_busy_store(house: House, telegram: FakeTelegram) -> None:
    """An update that cannot be committed is not acknowledged; it is applied once when it comes again."""
    alice = telegram.person("Alice")
    await opens(house, telegram)
    house.study.busy = 1
    await alice.says("hello")
    await telegram.until(lambda: telegram.webhook.failures)
    assert house.study.applied == []
    telegram.webhook.redeliver()
    await alice.hears("hello")
    assert house.study.texts == ["hello"]


async def test_the_same_update_again(house: House, telegram: FakeTelegram) -> None:
    """An update that Telegram brings twice is applied and answered once."""
    alice = telegram.person("Alice")
    url = await opens(house, telegram)
    hold = telegram.holds("sendMessage")
    await alice.says("hello")
    await hold.reached()
    assert await post(url, WEBHOOK_SECRET, json=telegram.updates[0]) == 200
    hold.release()
    await alice.hears("hello")
    await alice.says("more")
    await alice.hears("more")
    assert len(telegram.bot_messages(alice)) == 2


async def test_refused_address(house: House) -> None:
    """An address that Telegram does not take ends the listening with Telegram's reason."""
    await house.opens(mode="webhook", webhook_url="https://bot.example:1234/", webhook_port=0, webhook_secret="secret")
    assert house.listening is not None
    with pytest.raises(SetupRefusedError, match="ports"):
        await house.listening


async def test_unreachable_telegram(house: House, telegram: FakeTelegram) -> None:
    """Setting the webhook is tried until Telegram answers."""
    telegram.fails("setWebhook", 502, times=3)
    alice = telegram.person("Alice")
    await alice.says("hello")
    await opens(house, telegram)
    await telegram.until_called("setWebhook", 4)
    telegram.webhook.redeliver()
    await alice.hears("hello")


def test_settings() -> None:
    """Settings without what they need are refused, and nothing secret is shown."""
    with pytest.raises(ValueError, match="token"):
        TelegramSettings("")
    with pytest.raises(ValueError, match="public address"):
        TelegramSettings("1:a", mode="webhook", webhook_secret="secret")
    for secret in ("", "not allowed!", "x" * 257):
        with pytest.raises(ValueError, match="secret"):
            TelegramSettings("1:a", mode="webhook", webhook_url=PUBLIC, webhook_secret=secret)
    good = TelegramSettings("1:canary", mode="webhook", webhook_url=PUBLIC, webhook_secret="canary")
    assert "canary" not in repr(good)
    assert good.webhook_host == "127.0.0.1"
