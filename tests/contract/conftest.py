"""Fixtures of the contract tests: a fake Telegram, the real library, a client without manners, and Alice."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
import telegram

from tests.contract.telegram_wire import Clock, Raw
from tests.fakes.telegram import FakeTelegram, Person


@pytest.fixture(autouse=True)
def no_token_is_logged() -> None:
    """Let the bare libraries log what they like: here no code of ours runs."""


@pytest.fixture
def clock() -> Clock:
    """The fake's clock."""
    return Clock()


@pytest.fixture
async def tg(clock: Clock) -> AsyncIterator[FakeTelegram]:
    """A fake Telegram."""
    async with FakeTelegram(now=clock) as fake:
        yield fake


@pytest.fixture
async def bot(tg: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[telegram.Bot]:
    """The real library, talking to it."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it every RetryAfter comes with a deprecation warning
    async with telegram.Bot(tg.token, base_url=tg.base_url) as library:
        yield library


@pytest.fixture
async def raw(tg: FakeTelegram) -> AsyncIterator[Raw]:
    """A client without manners."""
    async with aiohttp.ClientSession() as session:
        yield Raw(tg, session)


@pytest.fixture
async def alice(tg: FakeTelegram) -> Person:
    """Alice, who has started the bot."""
    person = tg.person("Alice", language_code="de", id=6_000_000_001)
    await person.starts()
    return person
