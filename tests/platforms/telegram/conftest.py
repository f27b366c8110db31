"""The stage: a strict fake Telegram, a study that echoes, and bridges that open, die and come back."""

from __future__ import annotations

import asyncio
import base64
import logging
import random
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from bot.platforms.pacer import Pacer
from bot.platforms.telegram import TelegramBridge, TelegramSettings
from tests.fakes.telegram import FakeTelegram
from tests.platforms.echo import EchoStudy

PNG: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
START: Final = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WEBHOOK_SECRET: Final = "webhook-canary-0123456789"
AT_ONCE: Final = timedelta(0)


class Clock:
    """A clock that moves only when somebody waits, and then at once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waits: list[float] = []

    def now(self) -> datetime:
        """Return the date and time."""
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Return the seconds since the start."""
        return self.seconds

    async def wait(self, seconds: float) -> None:
        """Let time pass, without any passing."""
        self.waits.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


class House:
    """One bot's home: what survives a process is the study; bridges come and go."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self.telegram = telegram
        self.study = EchoStudy()
        self.clock = Clock()
        self.bridge: TelegramBridge | None = None
        self.listening: asyncio.Task[None] | None = None

    def builds(self, **settings: Any) -> TelegramBridge:
        """Build a bridge that is not open yet."""
        chosen = {"token": self.telegram.token, "api_root": self.telegram.root} | settings
        return TelegramBridge(
            self.study,
            TelegramSettings(**chosen),
            now=self.clock.now,
            rng=random.Random(7),  # noqa: S311 - jitter
            wait=self.clock.wait,
            pacer=Pacer(now=self.clock.monotonic, sleep=self.clock.wait),
        )

    async def opens(self, **settings: Any) -> TelegramBridge:
        """Start a process: open a bridge and let it listen."""
        return await self.takes(self.builds(**settings))

    async def takes(self, bridge: TelegramBridge) -> TelegramBridge:
        """Open a bridge and let it listen."""
        self.bridge = bridge
        await bridge.open()
        self.listening = asyncio.create_task(bridge.listen())
        return bridge

    async def until(self, look: Callable[[], object]) -> None:
        """Let everything go on until the study is as `look` wants it."""
        async with asyncio.timeout(10):
            while not look():  # noqa: ASYNC110 - the study tells nobody that it changed
                await asyncio.sleep(0)

    async def closes(self) -> None:
        """End the process in good order."""
        bridge, self.bridge = self.bridge, None
        if bridge is not None and self.listening is not None:
            await bridge.close()
            await asyncio.gather(self.listening, return_exceptions=True)

    async def dies(self) -> None:
        """Kill the process: whatever it was doing ends now."""
        bridge, self.bridge = self.bridge, None
        if bridge is not None and self.listening is not None:
            self.listening.cancel()
            await asyncio.gather(self.listening, return_exceptions=True)
            await bridge.close(grace=AT_ONCE)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """A fake Telegram that nobody may break a rule of."""
    async with FakeTelegram() as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture
async def house(telegram: FakeTelegram, caplog: pytest.LogCaptureFixture) -> AsyncIterator[House]:
    """A bot's home; its token never reaches a log line, however much is logged."""
    caplog.set_level(logging.DEBUG)
    home = House(telegram)
    yield home
    await home.closes()
    logged = "\n".join(
        record.getMessage() + str(record.exc_info or "")
        for phase in ("setup", "call", "teardown")
        for record in caplog.get_records(phase)
    )
    assert logged
    for secret in (telegram.token, telegram.token.partition(":")[2], WEBHOOK_SECRET):
        assert secret not in logged
