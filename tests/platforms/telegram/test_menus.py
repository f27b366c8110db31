"""Tests of what Telegram shows beside the chat: told once in both languages, again when it changed."""

from __future__ import annotations

from bot.core.language import Text
from bot.study.desk import MenuRow
from tests.fakes.telegram import FakeTelegram
from tests.platforms.echo import MENU
from tests.platforms.telegram.conftest import House

CALLS = 12
"""Two scopes and two descriptions, for everybody, in Chinese and in English."""


def told(telegram: FakeTelegram) -> int:
    """Return how many calls told Telegram what to show."""
    return sum(call.method.startswith("setMy") for call in telegram.calls)


async def test_both_languages(house: House, telegram: FakeTelegram) -> None:
    """Private chats and groups show each reader the commands in their language, others in English."""
    await house.opens()
    await house.until(lambda: house.study.facts)
    english = [(row.name, row.description.en) for row in MENU]
    for scope in ("all_private_chats", "all_group_chats"):
        assert telegram.menu(scope, "zh") == [(row.name, row.description.zh) for row in MENU]
        assert telegram.menu(scope, "en") == telegram.menu(scope, "") == english
    texts = telegram.world.texts
    assert texts["description", "zh"] == "zh: bot-description"
    assert texts["short_description", ""] == "en: bot-short-description"


async def test_told_once(house: House, telegram: FakeTelegram) -> None:
    """A second start tells nothing; a start with another menu tells everything."""
    await house.opens()
    await house.until(lambda: house.study.facts)
    await house.closes()
    await house.opens()
    await telegram.until_polling()
    await house.closes()
    assert told(telegram) == CALLS
    before = dict(house.study.facts)
    house.study.rows = (*MENU, MenuRow("help", Text("帮助", "help"), Text("怎么用", "How it works")))
    await house.opens()
    await house.until(lambda: house.study.facts != before)
    assert told(telegram) == 2 * CALLS
    assert ("help", "怎么用") in telegram.menu("all_group_chats", "zh")


async def test_failure_stops_nothing(house: House, telegram: FakeTelegram) -> None:
    """A menu that Telegram does not take is told again at the next start, and the bot works all the same."""
    alice = telegram.person("Alice")
    broken = telegram.fails("setMyDescription", 500)
    await house.opens()
    await telegram.until(lambda: broken.left == 0)
    await alice.says("hello")
    await alice.hears("hello")
    assert house.study.facts == {}
    await house.closes()
    await house.opens()
    await house.until(lambda: house.study.facts)


async def test_what_telegram_cannot_show(house: House, telegram: FakeTelegram) -> None:
    """Names that Telegram does not know as commands are left out, and long descriptions are cut."""
    odd = MenuRow("今天", Text("今天", "today"), Text("一", "one"))
    house.study.rows = (odd, MenuRow("long", Text("长", "long"), Text("长" * 300, "long " * 100)))
    await house.opens()
    await house.until(lambda: house.study.facts)
    assert telegram.menu("all_private_chats", "zh") == [("long", "长" * 256)]
