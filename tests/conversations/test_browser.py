"""The playground as a newcomer meets it, in headless Chromium with the real use cases, in both languages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from bot.core.language import Language
from bot.core.roadmap import Roadmap
from bot.platforms.playground.bridge import PlaygroundBridge, PlaygroundSettings
from bot.platforms.playground.turning import TurnedClock
from bot.study.desk import Study
from bot.study.words import words
from tests.conftest import CHROMIUM, NOW
from tests.platforms.playground.browsing import CONTRAST, WIDE, Reader, visit

pytestmark = pytest.mark.browser

_TAPS = {
    "zh": ("开始", "五个月", "60 分钟", "周一到周六", "对，就是 14:05", "08:00"),
    "en": ("Start", "Five months", "60 min", "Mon–Sat", "Yes, 07:05", "08:00"),
}
_PUSHES = {"zh": 6, "en": 5}
"""From Monday to the same time next Monday, Sunday off: at 14:05 the day's push has come, at 07:05 it has not."""

_SCREENS = {"zh": ("zh-CN", "desktop"), "en": ("en-GB", "phone")}
_WHO = {"zh": "xiaoming", "en": "alice"}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Yield Debian's own Chromium."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        await started.close()


@pytest.fixture
async def playground(study: Study) -> AsyncIterator[PlaygroundBridge]:
    """Yield an open playground whose clock stands still until it is turned."""
    clock = TurnedClock(NOW, seconds=lambda: 0.0)
    bridge = PlaygroundBridge(study, PlaygroundSettings(port=0), clock)
    await bridge.open()
    listening = asyncio.create_task(bridge.listen())
    yield bridge
    await bridge.close()
    await asyncio.gather(listening, return_exceptions=True)


async def answers_the_lesson(reader: Reader, who: str, language: Language, roadmap: Roadmap) -> None:
    """Answer the three questions of the first lesson, tapping and typing."""
    lesson = roadmap.lessons["start-0"]
    for number, question in enumerate(lesson.questions[:3]):
        await expect(reader.bot(who).last).to_contain_text("❓")
        if question.kind == "numeric":
            await reader.say(who, str(question.answer_value()))
        else:
            await reader.press(who, "A")
        await expect(reader.bot(who).filter(has_text="📖")).to_have_count(number + 1)
    await expect(reader.bot(who).last).to_contain_text("🎉")
    await expect(reader.bot(who).last).to_contain_text(lesson.title.in_(language))


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_first_week(
    browser: Browser, playground: PlaygroundBridge, roadmap: Roadmap, tmp_path: Path, language: Language
) -> None:
    """A newcomer taps to the first lesson, answers it, and turning the clock a week brings a push each study day."""
    locale, size = _SCREENS[language]
    reader, who = await visit(browser, playground.url, locale=locale, size=size), _WHO[language]
    for label in _TAPS[language]:
        await reader.press(who, label)
    await expect(reader.bot(who).last).to_contain_text(roadmap.lessons["start-0"].title.in_(language))
    for key in ("more-button", "questions-button"):
        await reader.press(who, words(language).say(key))
    await answers_the_lesson(reader, who, language, roadmap)
    await reader.page.screenshot(path=tmp_path / "answered.png")
    await reader.page.locator(".step-week").click()
    await expect(reader.room(who).locator(".bell")).to_have_count(_PUSHES[language])
    await reader.say(who, "/progress")
    await expect(reader.bot(who).last).to_contain_text("📊")
    await reader.page.screenshot(path=tmp_path / "week.png")
    assert await reader.page.evaluate(CONTRAST) == []
    assert await reader.page.evaluate(WIDE) == []
    await reader.page.context.close()
    assert reader.wrongs == []
