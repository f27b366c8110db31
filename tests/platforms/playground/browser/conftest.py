"""Debian's Chromium, a playground in its loop, and an English reader at a desk."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.platforms.playground.bridge import PlaygroundBridge
from bot.platforms.playground.turning import TurnedClock
from tests.platforms.playground.browsing import Reader, visit
from tests.platforms.playground.conftest import opened
from tests.platforms.playground.lessons import LessonStudy

CHROMIUM = "/usr/bin/chromium"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Debian's own Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def bridge(study: LessonStudy, clock: TurnedClock) -> AsyncIterator[PlaygroundBridge]:
    """A playground in the loop that all tests here share with the browser, which takes long to start."""
    async with opened(study, clock) as bridge:
        yield bridge


@pytest_asyncio.fixture(loop_scope="module")
async def reader(browser: Browser, bridge: PlaygroundBridge) -> AsyncIterator[Reader]:
    """An English reader at a desk; at the end nothing has gone wrong."""
    reader = await visit(browser, bridge.url)
    yield reader
    await reader.page.context.close()
    assert reader.wrongs == []
