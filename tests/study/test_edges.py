"""Days with odd edges: clocks that jump over the hour of a push, and days on which the road itself rests."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.core.history import Entry
from bot.core.progress import planned_days, streak
from bot.study.desk import Study
from tests.study.chats import RoomChat
from tests.study.people import Person


async def test_a_push_the_clock_jumps_over(alice: Person, study: Study, telegram: RoomChat) -> None:
    """Where the clock jumps from 03:00 to 04:00 the lesson of 03:30 comes at 04:00, although a new study day begins."""
    alice.zone, alice.now = "Europe/Helsinki", datetime(2027, 3, 26, 10, tzinfo=UTC)
    await alice.settles_in()
    await alice.types("3:30", action="hour")
    await study.tick(datetime(2027, 3, 28, 0, 59, tzinfo=UTC), [telegram])
    before = len(telegram.got)
    assert await study.next_due() == datetime(2027, 3, 28, 1, tzinfo=UTC)
    await study.tick(datetime(2027, 3, 28, 1, tzinfo=UTC), [telegram])
    assert len(telegram.got) == before + 1


def test_rest_days_break_no_streak() -> None:
    """A day on which the track itself rests neither adds to the streak nor breaks it, and is not counted as planned."""

    def entry(day: int, kind: str, subject: str = "") -> Entry:
        return Entry(datetime(2026, 11, day, 12, tzinfo=UTC), date(2026, 11, day), kind, subject)  # type: ignore[arg-type]  # a kind

    history = [entry(23, "started"), entry(23, "answered"), entry(24, "rested", "7"), entry(25, "answered")]
    assert streak(history, date(2026, 11, 25)) == 2
    assert planned_days(history, date(2026, 11, 25)) == 2


@pytest.mark.parametrize("typed", ["a", "Ｂ.", "C", "q1 right (en)", "Q1 RIGHT (EN)"])
async def test_an_option_may_be_typed(alice: Person, typed: str) -> None:
    """Whoever types an option's letter, in any width or case, or its words, has answered with it."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    await alice.types(typed)
    assert "✅" in alice.text or "❌" in alice.text
    assert ("✅" in alice.text) or "right" not in typed.casefold()


async def test_a_setting_is_not_awaited_for_ever(alice: Person) -> None:
    """Once the learner does something else, a typed number no longer changes the hour that was asked for before."""
    await alice.settles_in()
    await alice.presses("set:hour")
    await alice.sends("progress")
    await alice.types("21:15")
    assert "not waiting" in alice.text
    await alice.sends("settings")
    assert "08:00" in alice.text


async def test_a_first_word_without_a_locale(study: Study) -> None:
    """Who first typed something, which tells no locale, is greeted in their language at /start."""
    ming = Person(study, "discord", "9", locale="")
    await ming.types("hi")
    assert "Xueban" in ming.text
    ming.locale = "zh-CN"
    await ming.sends("start")
    assert "你有多少时间" in ming.text


async def test_today_on_a_break(alice: Person) -> None:
    """Who looks at today while on a break is told until when it lasts, and may study all the same."""
    await alice.settles_in()
    await alice.sends("pause", "7")
    await alice.sends("today")
    assert "Paused until Mon 30 November 2026" in alice.text
    assert alice.offered("resume")
    assert "Lesson a" in alice.text
