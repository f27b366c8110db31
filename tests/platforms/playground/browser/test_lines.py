"""What stands in the rooms of the page: lines, buttons, code and pictures, in headless Chromium."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from playwright.async_api import Browser, expect

from bot.core.message import Choice, Link, Message
from bot.platforms.playground.bridge import PlaygroundBridge
from bot.study.requests import Command
from tests.platforms.playground.browsing import WIDE, Reader, visit
from tests.platforms.playground.lessons import LessonStudy

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script> **not bold** [x](javascript:1)'


async def test_replaced_in_place(reader: Reader) -> None:
    """A replaced message stays where it is, and the keyboard stays with it."""
    await reader.say("alice", "/today")
    await reader.room("alice").get_by_role("button", name="5.4").focus()
    await reader.page.keyboard.press("Enter")
    await expect(reader.room("alice").get_by_role("button", name="Think again")).to_be_focused()
    await expect(reader.bot("alice")).to_have_count(1)
    await expect(reader.bot("alice")).to_contain_text("Not quite.")


@pytest.mark.parametrize("typed", ["/today", "/今天", "/Today"])
async def test_echo(reader: Reader, study: LessonStudy, typed: str) -> None:
    """A command that was typed in full shows as it was typed; one picked from the menu in the person's language."""
    await reader.field("xiaoming").press_sequentially(typed)
    await reader.page.keyboard.press("Enter")
    await expect(reader.room("xiaoming").locator(".mine")).to_have_text(re.compile(f"^{typed}"))
    await reader.field("xiaoming").press_sequentially("/tod")
    await reader.page.keyboard.press("Enter")
    await expect(reader.room("xiaoming").locator(".mine").last).to_have_text(re.compile("^/今天"))
    await expect(reader.bot("xiaoming")).to_have_count(2)
    assert {request.body for request in study.applied} == {Command("today")}


async def test_rows(browser: Browser, bridge: PlaygroundBridge) -> None:
    """Buttons that do not fit into a row stand in even columns; those that fit share the row."""
    reader = await visit(browser, bridge.url, size="phone")
    week, few = [f"✓ Day {number}" for number in range(7)], ["‹ Back", "On ›"]
    rows = tuple(tuple(Choice(label, "x") for label in labels) for labels in (week, few))
    await bridge.push("alice", Message("Which?", rows), key="k")
    await bridge.push("xiaoming", Message("Which?", rows), key="k2")
    for who in ("alice", "xiaoming"):
        await reader.page.locator(f".tab[data-room={who}]").click()
        boxes = [await each.bounding_box() for each in await reader.room(who).locator(".row .button").all()]
        lefts, widths, tops = (Counter(round(box[side]) for box in boxes if box) for side in ("x", "width", "y"))
        assert list(tops.values()) == [3, 3, 1, 2]
        assert sorted(widths.values()) == [1, 1, 7]
        assert len(lefts) == 4
    assert await reader.page.evaluate(WIDE) == []
    await reader.page.context.close()


async def test_wide_code(reader: Reader, bridge: PlaygroundBridge) -> None:
    """Code that is wider than its bubble says at which edge it goes on; nothing lies on its text."""
    await bridge.push("alice", Message("```py\n" + "x" * 200 + "\n```"), key="wide")
    await bridge.push("alice", Message("```\nx = 1\n```"), key="narrow")
    wide, narrow = (reader.bot("alice").nth(at).locator(".code-body") for at in (0, 1))
    await expect(wide).to_have_class("code-body goes-on")
    await expect(narrow).to_have_class("code-body")
    await wide.locator("pre").evaluate("node => node.scrollTo(30, 0)")
    await expect(wide).to_have_class("code-body goes-on came-from")
    await wide.locator("pre").evaluate("node => node.scrollTo(9999, 0)")
    await expect(wide).to_have_class("code-body came-from")
    for code in await reader.bot("alice").locator(".code").all():
        copy, text = await code.locator(".copy").bounding_box(), await code.locator("pre").bounding_box()
        assert copy
        assert text
        assert copy["y"] + copy["height"] <= text["y"] + 1


async def test_hostile(reader: Reader) -> None:
    """What a person typed is text: as their line, in the answer, and as their name."""
    await reader.say("alice", HOSTILE)
    await expect(reader.room("alice").locator(".mine")).to_contain_text(HOSTILE)
    await expect(reader.bot("alice")).to_contain_text(HOSTILE)
    await reader.page.locator(".adder").click()
    await reader.page.get_by_label("Name", exact=True).fill("<b>Bob</b>")
    await reader.page.get_by_role("button", name="Add", exact=True).click()
    await expect(reader.room("b-bob-b").get_by_role("heading")).to_have_text("<b>Bob</b>")
    assert await reader.page.locator("b, .lines script, .lines img, .lines a").count() == 0
    assert await reader.page.title() == "Xueban · Playground"


async def test_strange_buttons(reader: Reader, study: LessonStudy) -> None:
    """A link that is no web address is no link, and the longest label stays inside its bubble."""
    odd = ((Link("Odd", "javascript:alert(1)"),), (Choice("x" * 300, "odd"),))
    study.answers["answer:right"] = (Message("see", odd),)
    await reader.say("alice", "/today")
    await reader.press("alice", "4.6")
    await expect(reader.bot("alice").last.get_by_text("Odd")).to_be_visible()
    assert await reader.bot("alice").last.locator("a").count() == 0
    assert await reader.page.evaluate(WIDE) == []


async def test_days(reader: Reader) -> None:
    """Pushes come with a bell, in the turned time of each person's zone, parted by days."""
    await reader.press("alice", "Start")
    await reader.press("xiaoming", "Start")
    await expect(reader.bot("xiaoming")).to_have_count(1)
    await reader.page.locator(".step-week").click()
    for who, time in (("alice", "09:00"), ("xiaoming", "15:00")):
        await expect(reader.room(who).locator(".bell")).to_have_count(7)
        await expect(reader.room(who).locator(".pushed time").last).to_have_text(time)
        await expect(reader.room(who).locator(".day")).to_have_count(8)
    await expect(reader.page.locator("#clock-news")).to_have_text("New for Alice (7), 小明 (7)")
    await expect(reader.page.locator("#clock-time")).to_contain_text("Mon 11 May 2026")


async def test_picture(reader: Reader) -> None:
    """A picture shows large at a press and goes away with Escape."""
    await reader.say("alice", "/progress")
    await reader.room("alice").get_by_role("button", name="3 of 5 days").click()
    await expect(reader.page.locator("#large")).to_be_visible()
    await reader.page.keyboard.press("Escape")
    await expect(reader.page.locator("#large")).to_be_hidden()


async def test_reading_on(reader: Reader) -> None:
    """Who scrolled back to read is left there, and told that something came."""
    await reader.press("alice", "Start")
    for _ in range(2):
        await reader.say("alice", "/today")
    await expect(reader.bot("alice")).to_have_count(3)
    await reader.room("alice").locator(".scroller").evaluate("node => node.scrollTo(0, 0)")
    await reader.page.locator(".step-push").click()
    below = reader.room("alice").get_by_role("button", name="New messages")
    await expect(below).to_be_visible()
    await expect(reader.room("alice").locator(".day").first).to_be_in_viewport()
    await below.click()
    await expect(below).to_be_hidden()
    await expect(reader.bot("alice").last).to_be_in_viewport()
