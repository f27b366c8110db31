"""The first conversation: five taps from hello to the first lesson, six with the other language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.actions import encode
from bot.core.learner import EVERY_DAY, Stage
from bot.core.message import Button, Choice, Entry, Message
from bot.study.places import find_zone, is_zone, short_list
from bot.study.visit import Visit
from bot.study.words import Markup

MINUTES: Final = (30, 45, 60, 90, 120, 150, 180, 240)
HOURS: Final = (7 * 60, 8 * 60, 12 * 60 + 30, 18 * 60 + 30, 20 * 60, 21 * 60 + 30)
_MON_TO_SAT: Final = frozenset(range(6))
_MON_TO_FRI: Final = frozenset(range(5))
_LAST_MINUTE: Final = 24 * 60 - 1
_HALVES: Final = dict.fromkeys(("am", "早上", "上午", "凌晨"), 0) | dict.fromkeys(
    ("pm", "中午", "下午", "晚上", "傍晚"), 12
)
_CLOCK: Final = re.compile(r"(早上|上午|凌晨|中午|下午|晚上|傍晚)?(\d{1,2})(?:[:.点时h](\d{2})?分?)?(am|pm)?")
_CHINESE_HOURS: Final = {
    word: hour
    for hour, word in enumerate(["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"])
} | {"两": 2}
_CHINESE_HOUR: Final = re.compile("(十一|十二|[零一二两三四五六七八九十])点")


def mask(days: Collection[int]) -> int:
    """Return weekdays as a number: bit 0 is Monday."""
    return sum(1 << day for day in days)


def unmask(number: int) -> frozenset[int]:
    """Return the weekdays a number stands for."""
    return frozenset(day for day in range(7) if number >> day & 1)


async def greet(visit: Visit) -> list[Message]:
    """Say hello to a newcomer, or go on where the first conversation stopped."""
    return [await question(visit, replaces=False)]


async def question(visit: Visit, *, replaces: bool) -> Message:
    """Return the open question of the first conversation."""
    stage = visit.learner.stage
    if stage == "minutes":
        return ask_minutes(visit, "min", replaces=replaces, intro=True)
    if stage == "days":
        return ask_days(visit, "days", replaces=replaces)
    if stage == "zone":
        await visit.change(awaiting="zone")
        return ask_zone(visit, replaces=replaces)
    if stage == "hour":
        await visit.change(awaiting="hour")
        return ask_hour(visit, replaces=replaces)
    return ask_track(visit, replaces=replaces, greeting=True)


def ask_track(visit: Visit, *, replaces: bool, greeting: bool = False) -> Message:
    """Return the article's first question with the three tracks and the other language."""
    words = visit.words
    tracks = [
        (
            Choice(
                words.say("track-button", title=Markup(track.title.in_(words.language))),
                encode("track", track.id),
                "primary",
            ),
        )
        for track in visit.roadmap.outline.tracks
    ]
    other = Choice(words.say("other-language"), encode("lang", "en" if words.language == "zh" else "zh"))
    rows: tuple[tuple[Button, ...], ...] = (*tracks, (other,)) if greeting else tuple(tracks)
    name = Markup(words.say("welcome-name", name=visit.name)) if visit.name else Markup("")
    text = words.say("welcome", name=name) if greeting else words.say("set-track")
    return Message(text, rows, replaces=replaces)


def ask_minutes(visit: Visit, verb: str, *, replaces: bool, intro: bool = False) -> Message:
    """Return the question for minutes a day."""
    words = visit.words
    buttons: list[Button] = [
        Choice(words.say("minutes-button", minutes=minutes), encode(verb, minutes)) for minutes in MINUTES
    ]
    if intro:
        track = visit.track
        text = words.say(
            "ask-minutes",
            track=Markup(track.title.in_(words.language)),
            summary=Markup(track.summary.in_(words.language)),
        )
    else:
        text = words.say("set-minutes")
    return Message(text, in_rows(buttons, 4), replaces=replaces)


def ask_days(visit: Visit, verb: str, *, replaces: bool) -> Message:
    """Return the question for the study days of the week."""
    words = visit.words
    rows: tuple[tuple[Button, ...], ...] = (
        (
            Choice(words.say("days-all"), encode(verb, mask(EVERY_DAY))),
            Choice(words.say("days-mon-sat"), encode(verb, mask(_MON_TO_SAT))),
        ),
        (
            Choice(words.say("days-mon-fri"), encode(verb, mask(_MON_TO_FRI))),
            Choice(words.say("days-pick"), encode("pick", mask(_MON_TO_FRI))),
        ),
    )
    return Message(words.say("ask-days", minutes=visit.learner.minutes_a_day), rows, replaces=replaces)


def pick_days(visit: Visit, chosen: frozenset[int]) -> Message:
    """Return seven buttons to switch on and off; the choice so far travels in the buttons themselves."""
    words = visit.words
    buttons: list[Button] = [
        Choice(
            f"✓ {words.weekday(day)}" if day in chosen else words.weekday(day),
            encode("pick", mask(chosen ^ {day})),
            "primary" if day in chosen else "plain",
        )
        for day in range(7)
    ]
    if chosen:
        buttons.append(Choice(words.say("days-done"), encode("days", mask(chosen)), "good"))
    return Message(words.say("pick-days"), in_rows(buttons, 4), replaces=True)


def ask_zone(visit: Visit, *, replaces: bool) -> Message:
    """Return "for you it is 14:05, right?" with a short list of cities; a city may be typed instead."""
    words, zone = visit.words, visit.learner.zone
    known = zone != "UTC"
    rows: list[tuple[Button, ...]] = []
    if known:
        rows.append((Choice(words.say("zone-yes", clock=words.clock(visit.local)), encode("zone", zone), "primary"),))
    cities: list[Button] = [
        Choice(
            words.say(
                "zone-button",
                city=Markup(city.name.in_(words.language)),
                clock=words.clock(visit.now.astimezone(ZoneInfo(city.zone))),
            ),
            encode("zone", city.zone),
        )
        for city in short_list(words.language)
        if city.zone != zone
    ]
    rows.extend(in_rows(cities, 2))
    text = words.say("ask-zone", clock=words.clock(visit.local), zone=zone) if known else words.say("ask-zone-unknown")
    entry = Entry("zone", words.say("zone-type"), words.say("zone-title"), words.say("zone-hint"))
    return Message(text, tuple(rows), entry=entry, replaces=replaces)


def ask_hour(visit: Visit, *, replaces: bool) -> Message:
    """Return the question for the hour of the daily push; a time may be typed instead."""
    words = visit.words
    buttons: list[Button] = [Choice(words.minute(minute), encode("hour", minute)) for minute in HOURS]
    entry = Entry("hour", words.say("hour-type"), words.say("hour-title"), words.say("hour-hint"))
    return Message(words.say("ask-hour"), in_rows(buttons, 3), entry=entry, replaces=replaces)


async def advance(visit: Visit, stage: Stage) -> list[Message]:
    """Go on to a stage of the first conversation."""
    await visit.change(stage=stage, awaiting="")
    return [await question(visit, replaces=True)]


async def begin(visit: Visit) -> None:
    """End the first conversation: the road starts today, or on the next study day."""
    # Today's lesson comes with this very conversation, so the first push is for a later study day.
    await visit.change(
        stage="ready",
        awaiting="",
        started_on=visit.today,
        next_push_at=visit.push_on_or_after(visit.today + timedelta(days=1)),
    )
    plan = await visit.forecast()
    detail = visit.settings() | {"first_day": visit.today.isoformat(), "finish": plan.finish.isoformat()}
    await visit.note("started", visit.learner.track, **detail)


def read_hour(typed: str) -> int | None:
    """Return the minutes after midnight of a typed time ("7:30", "2115", "8点半", "晚上九点", "9pm"), None for none."""
    text = unicodedata.normalize("NFKC", typed[:16]).strip().lower().replace(" ", "")
    text = (
        _CHINESE_HOUR.sub(lambda found: f"{_CHINESE_HOURS[found[1]]}点", text)
        .replace("点半", ":30")
        .replace("点钟", "点")
    )
    if text.isascii() and text.isdecimal() and len(text) == 4:  # noqa: PLR2004 - hours and minutes without a colon
        text = f"{text[:2]}:{text[2:]}"
    if (match := _CLOCK.fullmatch(text)) is None:
        return None
    hour, minute = int(match[2]), int(match[3] or 0)
    half = _HALVES.get(match[1] or match[4] or "")
    if match[4] and not 1 <= hour <= 12:  # noqa: PLR2004 - the hours of a 12-hour clock
        return None
    if half is not None and hour <= 12:  # noqa: PLR2004 - 晚上 21 点 is said, too
        hour = hour % 12 + half
    total = hour * 60 + minute
    return total if minute < 60 and total <= _LAST_MINUTE else None  # noqa: PLR2004 - minutes of an hour


def read_zone(typed: str) -> str | None:
    """Return the zone a button or a person named, None when there is none of that name."""
    return typed if is_zone(typed) else find_zone(typed)


def in_rows(buttons: Sequence[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    """Return buttons in rows of `width`."""
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))
