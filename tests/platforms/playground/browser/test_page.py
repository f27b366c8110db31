"""The page in headless Chromium, as people see and use it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args

import pytest
from playwright.async_api import Browser, expect

from bot.core.language import LANGUAGES
from bot.core.message import Message
from bot.platforms.playground.bridge import PlaygroundBridge, PlaygroundSettings
from bot.platforms.playground.frames import Fault
from bot.platforms.playground.turning import TurnedClock
from bot.study.requests import Command
from tests.platforms.playground.browsing import CONTRAST, NAMELESS, WIDE, Reader, visit
from tests.platforms.playground.conftest import opened
from tests.platforms.playground.lessons import LessonStudy

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

START = {"en-GB": "Start", "zh-CN": "开始"}
PLACES = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone", "small"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
async def test_looks(
    browser: Browser, bridge: PlaygroundBridge, tmp_path: Path, locale: str, size: str, scheme: Literal["light", "dark"]
) -> None:
    """In either language, on any screen, light and dark: all is readable, named, in its place and from here."""
    reader = await visit(browser, bridge.url, locale=locale, size=size, scheme=scheme)
    who = "alice" if locale == "en-GB" else "xiaoming"

    async def look(name: str) -> None:
        await reader.page.screenshot(path=tmp_path / f"{name}.png")
        assert await reader.page.evaluate(CONTRAST) == [], name
        assert await reader.page.evaluate(NAMELESS) == [], name
        assert await reader.page.evaluate(WIDE) == [], name

    await expect(reader.room(who)).to_be_in_viewport()
    await look("empty")
    await reader.press(who, START[locale])
    await expect(reader.bot(who)).to_have_count(1)
    await look("started")
    await reader.field(who).fill("/")
    await expect(reader.room(who).get_by_role("option")).to_have_count(4)
    await look("commands")
    await reader.say(who, "/progress")
    await expect(reader.room(who).get_by_role("img")).to_be_visible()
    await reader.say(who, "/today")
    await reader.press(who, "5.4")
    await expect(reader.room(who).locator(".tone-bad")).to_be_visible()
    await look("answered")
    await reader.page.locator(".step-push").click()
    await expect(reader.room(who).locator(".bell")).to_be_visible()
    await look("pushed")
    await reader.page.locator(".tab-add:visible, .adder:visible").click()
    await look("joining")
    await reader.page.keyboard.press("Escape")
    assert await reader.page.evaluate("document.documentElement.lang") == {"en-GB": "en", "zh-CN": "zh-CN"}[locale]
    await reader.page.context.close()
    assert reader.wrongs == []


async def test_keyboard(reader: Reader) -> None:
    """Everything goes without a mouse: start, press, type, choose a command, turn the clock."""
    keys = reader.page.keyboard
    await reader.room("alice").get_by_role("button", name="Start").focus()
    await keys.press("Enter")
    await expect(reader.bot("alice")).to_have_count(1)
    await expect(reader.field("alice")).to_be_focused()
    await keys.press("Shift+Tab")
    await keys.press("Shift+Tab")
    await expect(reader.page.get_by_role("link", name="Open the course page")).to_be_focused()
    await keys.press("Shift+Tab")
    await keys.press("Shift+Tab")
    await expect(reader.room("alice").get_by_role("button", name="Try a question")).to_be_focused()
    await keys.press("Space")
    await expect(reader.bot("alice")).to_have_count(2)
    await reader.field("alice").focus()
    await keys.type("one")
    await keys.press("Shift+Enter")
    await keys.type("two")
    await keys.press("Enter")
    await expect(reader.room("alice").locator(".mine").last).to_contain_text("one\ntwo")
    await keys.type("/")
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(reader.room("alice").locator(".mine").last).to_contain_text("/progress")
    await reader.page.locator(".step-day").focus()
    await keys.press("Enter")
    await expect(reader.room("alice").locator(".bell")).to_be_visible()


async def test_skip_link(reader: Reader) -> None:
    """The first Tab offers to skip the clock."""
    await reader.page.keyboard.press("Tab")
    await expect(reader.page.get_by_role("link", name="Skip")).to_be_focused()


async def test_entry(reader: Reader) -> None:
    """An invitation to type brings the keyboard to the field and shows the hint there, until it is answered."""
    await reader.say("alice", "/today")
    await reader.press("alice", "4.6")
    await reader.press("alice", "Go on")
    await expect(reader.field("alice")).to_be_focused()
    await expect(reader.field("alice")).to_have_attribute("placeholder", "Because …")
    await reader.page.keyboard.type("it points uphill")
    await reader.page.keyboard.press("Enter")
    await expect(reader.bot("alice").last).to_contain_text("it points uphill")
    await expect(reader.field("alice")).to_have_attribute("placeholder", "Write a message")


async def test_argument(reader: Reader) -> None:
    """A command with an argument waits for it and says what it wants."""
    await reader.field("xiaoming").press_sequentially("/笔")
    await reader.page.keyboard.press("Enter")
    await expect(reader.field("xiaoming")).to_have_value("/笔记 ")
    await expect(reader.room("xiaoming").get_by_text("要记的话")).to_be_visible()
    await reader.page.keyboard.type("买牛奶")
    await reader.page.keyboard.press("Enter")
    await expect(reader.bot("xiaoming")).to_contain_text("note(买牛奶)")


async def test_words(reader: Reader) -> None:
    """The page's own words are there in both languages, with the same places to fill in, and for every fault."""
    tables = {}
    for each in LANGUAGES:
        table = await reader.page.evaluate(f"import('/static/strings.{each}.js').then((it) => it.default)")
        tables[each] = {key: sorted(PLACES.findall(str(words))) for key, words in table.items() if key != "faults"}
        assert sorted(table["faults"]) == sorted(get_args(Fault))
        assert all(table["faults"].values())
    assert tables["zh"] == tables["en"]


async def test_contrast_is_measured(reader: Reader) -> None:
    """The measure of contrast above does find faint text, in a field too."""
    await reader.page.evaluate("document.documentElement.style.setProperty('--soft', '#c0b8ac')")
    faint = await reader.page.evaluate(CONTRAST)
    assert any(found.startswith("TEXTAREA") for found in faint)
    assert any(found.startswith("P.about") for found in faint)


async def test_group(reader: Reader) -> None:
    """In the group one speaks as one of several, and sees what is private only as oneself."""
    await expect(reader.room("group")).to_contain_text("studying together is on its way")
    await reader.press("group", "Try it")
    await reader.press("group", "Just for me")
    mark = reader.room("group").get_by_text("Only Alice sees this")
    await expect(mark).to_be_visible()
    await reader.room("group").get_by_role("radio", name="小明").check()
    await expect(mark).to_have_count(0)
    await reader.say("group", "大家好")
    await expect(reader.room("group").locator(".mine")).to_have_count(1)
    await reader.room("group").get_by_role("radio", name="Alice").check()
    await expect(mark).to_be_visible()
    await expect(reader.room("group").locator(".theirs .who")).to_contain_text("小明")


async def test_reload(reader: Reader) -> None:
    """After a reload all is there again, in the same places, with the newest in view."""
    await reader.press("alice", "Start")
    await reader.press("alice", "Try a question")
    await expect(reader.bot("alice")).to_have_count(2)
    before = await reader.room("alice").locator(".lines").inner_text()
    await reader.page.reload()
    await expect(reader.bot("alice")).to_have_count(2)
    assert await reader.room("alice").locator(".lines").inner_text() == before
    await expect(reader.bot("alice").last.get_by_role("button").last).to_be_in_viewport()


async def test_play(reader: Reader, clock: TurnedClock) -> None:
    """Play lets day after day pass until it is stopped."""
    await reader.press("alice", "Start")
    await expect(reader.bot("alice")).to_have_count(1)
    await reader.page.get_by_role("button", name="Play").click()
    await expect(reader.room("alice").locator(".bell").nth(2)).to_be_attached()
    await reader.page.get_by_role("button", name="Stop").click()
    await expect(reader.page.get_by_role("button", name="Play")).to_be_visible()
    await expect(reader.page.locator(".step-day")).to_be_enabled()
    stopped = clock.now()
    await reader.say("alice", "hello")
    await expect(reader.bot("alice").last).to_contain_text("hello")
    assert clock.now() == stopped


async def test_nothing_planned(reader: Reader) -> None:
    """Before anybody started, the next push is explained, not awaited."""
    await reader.page.locator(".step-push").click()
    await expect(reader.page.locator("#clock-news")).to_have_text("Nothing is planned. Somebody has to start first.")


async def test_join(reader: Reader) -> None:
    """Somebody new gets a column, and the group knows them."""
    await reader.page.locator(".adder").click()
    await reader.page.get_by_label("Name", exact=True).fill("Charlie")
    await reader.page.get_by_role("radio", name="中文").check()
    await reader.page.get_by_label("Time zone").select_option("America/Santiago")
    await reader.page.get_by_role("button", name="Add", exact=True).click()
    await expect(reader.room("charlie")).to_be_in_viewport()
    await expect(reader.room("charlie").locator(".about").first).to_have_text("中文")
    await expect(reader.room("group").get_by_role("radio", name="Charlie")).to_be_attached()
    await reader.press("charlie", "Start")
    await expect(reader.bot("charlie")).to_contain_text("我是学伴")
    await expect(reader.bot("charlie").locator("time")).to_have_attribute(
        "title", "Monday 4 May 2026 08:00 · Chile Time"
    )


async def test_preferences(reader: Reader) -> None:
    """Language and theme switch at once, and are remembered."""
    await reader.page.get_by_role("button", name="中文").click()
    await expect(reader.room("alice").get_by_role("button", name="开始")).to_be_visible()
    theme = reader.page.locator("#theme")
    for name in ("主题：浅色", "主题：深色"):
        await theme.click()
        await expect(theme).to_have_attribute("aria-label", name)
    await reader.page.reload()
    await expect(theme).to_have_attribute("aria-label", "主题：深色")
    assert await reader.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(25, 23, 20)"


async def test_composing(reader: Reader) -> None:
    """While an input method composes Chinese, Enter picks the characters and sends nothing."""
    await reader.field("xiaoming").fill("nihao")
    await reader.field("xiaoming").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await expect(reader.field("xiaoming")).to_have_value("nihao")
    await reader.field("xiaoming").press("Enter")
    await expect(reader.room("xiaoming").locator(".mine .typed")).to_have_text("nihao")


async def test_switcher(browser: Browser, bridge: PlaygroundBridge) -> None:
    """On a phone one conversation is seen at a time, and the others show that something came."""
    reader = await visit(browser, bridge.url, size="phone")
    await expect(reader.room("alice")).to_be_visible()
    await expect(reader.room("xiaoming")).to_be_hidden()
    await bridge.push("xiaoming", Message("早"), key="k")
    tab = reader.page.get_by_role("button", name="小明")
    await expect(tab).to_have_class("tab has-news")
    await tab.click()
    await expect(reader.room("xiaoming")).to_be_visible()
    await expect(tab).to_have_class("tab")
    await reader.page.context.close()
    assert reader.wrongs == []


async def test_try_again(reader: Reader, study: LessonStudy, caplog: pytest.LogCaptureFixture) -> None:
    """When something broke the page says so kindly and can try the very same request again."""
    study.broken = True
    await reader.say("alice", "hello")
    await expect(reader.room("alice").get_by_role("alert")).to_contain_text("Nothing is lost")
    study.broken = False
    await reader.press("alice", "Try again")
    await expect(reader.bot("alice")).to_contain_text("hello")
    assert len(study.applied) == 1
    assert "out of reach" in caplog.text


async def test_welcome_back(browser: Browser, study: LessonStudy, clock: TurnedClock) -> None:
    """Who talked before the playground was opened again is not taken for a newcomer."""
    async with opened(study, clock) as bridge:
        reader = await visit(browser, bridge.url)
        await reader.say("alice", "hello")
        await expect(reader.bot("alice")).to_have_count(1)
        await reader.page.context.close()
    async with opened(study, clock) as bridge:
        reader = await visit(browser, bridge.url)
        await expect(reader.room("alice")).to_contain_text("Welcome back.")
        await expect(reader.room("xiaoming")).to_contain_text("Press Start")
        await reader.press("alice", "Today")
        await expect(reader.bot("alice")).to_contain_text("Gradient descent")
        assert study.applied[-1].body == Command("today")
        await reader.page.context.close()


async def test_comes_back(browser: Browser, study: LessonStudy, clock: TurnedClock) -> None:
    """When the playground restarts the page finds it again and hands in what was not answered."""
    first = PlaygroundBridge(study, PlaygroundSettings(port=0), clock)
    await first.open()
    port = int(first.url.rstrip("/").rsplit(":", 1)[1])
    reader = await visit(browser, first.url)
    await first.close()
    await expect(reader.page.locator("#offline")).to_be_visible()
    await reader.say("alice", "are you there?")
    second = PlaygroundBridge(study, PlaygroundSettings(port=port), clock)
    await second.open()
    await expect(reader.bot("alice")).to_contain_text("are you there?")
    await expect(reader.page.locator("#offline")).to_be_hidden()
    await reader.page.context.close()
    await second.close()
