"""Tests of study days and pushes: against a brute-force walk of every zone's wall clock, through every clock change."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendar import day_start, instant, next_push, push_day, push_instant, study_day
from bot.core.learner import EVERY_DAY
from tests.core.effort import DEEP, QUICK
from tests.core.wall_clock import (
    DAY,
    MINUTE,
    Change,
    Walk,
    changes,
    distinct,
    names,
    utc,
    walked,
    walked_around,
    wall,
)

START, END = utc("2026-12-01"), utc("2028-12-01")
QUARTERS = frozenset(range(0, 1440, 15))
ALWAYS = frozenset({0, 1, 180, 225, 239, 240, 241, 480, 1425, 1439})
"""Midnight, the rollover, breakfast."""

ODDITIES = {
    "Lord Howe turns by 30 minutes (spring)": ("Australia/Lord_Howe", "2025-10-04"),
    "Lord Howe turns by 30 minutes (autumn)": ("Australia/Lord_Howe", "2025-04-05"),
    "Cairo skips midnight": ("Africa/Cairo", "2023-04-28"),
    "Cairo repeats the hour before midnight": ("Africa/Cairo", "2023-10-26"),
    "Beirut skips midnight": ("Asia/Beirut", "2025-03-29"),
    "Beirut repeats the hour before midnight": ("Asia/Beirut", "2025-10-25"),
    "Santiago skips midnight": ("America/Santiago", "2025-09-07"),
    "Santiago repeats the hour before midnight": ("America/Santiago", "2025-04-06"),
    "Havana skips midnight": ("America/Havana", "2025-03-09"),
    "Havana repeats the hour after midnight": ("America/Havana", "2025-11-02"),
    "Asunción stops turning": ("America/Asuncion", "2024-10-06"),
    "Helsinki jumps to the rollover": ("Europe/Helsinki", "2025-03-30"),
    "Helsinki falls back from the rollover": ("Europe/Helsinki", "2025-10-26"),
    "Troll turns by two hours (spring)": ("Antarctica/Troll", "2025-03-30"),
    "Troll turns by two hours (autumn)": ("Antarctica/Troll", "2025-10-26"),
    "Scoresbysund repeats the hour before midnight": ("America/Scoresbysund", "2024-10-27"),
    "Casey jumps three hours": ("Antarctica/Casey", "2009-10-17"),
    "Casey falls back three hours": ("Antarctica/Casey", "2010-03-04"),
    "Vostok falls back seven hours": ("Antarctica/Vostok", "1994-01-31"),
    "Apia skips a date": ("Pacific/Apia", "2011-12-30"),
    "Fakaofo skips a date": ("Pacific/Fakaofo", "2011-12-30"),
    "Kwajalein skips a date": ("Pacific/Kwajalein", "1993-08-21"),
    "Kiritimati skips New Year's Eve": ("Pacific/Kiritimati", "1994-12-31"),
    "Morocco turns back before Ramadan": ("Africa/Casablanca", "2026-02-15"),
    "Morocco turns again after Ramadan": ("Africa/Casablanca", "2026-03-22"),
    "Dublin's winter is the exception": ("Europe/Dublin", "2025-10-26"),
    "Caracas moves half an hour": ("America/Caracas", "2016-05-01"),
    "Pyongyang moves half an hour": ("Asia/Pyongyang", "2018-05-04"),
    "Kathmandu moves a quarter": ("Asia/Kathmandu", "1985-12-31"),
}


def followed(after: datetime, until: datetime, push_minute: int, zone: ZoneInfo) -> list[tuple[date, datetime]]:
    """Return the pushes one gets by asking for the next one after each."""
    found = []
    while (pushed := next_push(after, push_minute, EVERY_DAY, zone)) is not None and pushed[1] <= until:
        found.append(pushed)
        after = pushed[1]
    return found


def faults(zone: ZoneInfo, walk: Walk, push_minutes: Iterable[int]) -> list[str]:
    """Return where the calendar and the walk disagree."""
    found = []
    for push_minute in push_minutes:
        expected = walk.pushes(push_minute)
        (_, first), *later = expected
        if followed(first, walk.end, push_minute, zone) != later:
            found.append(f"{zone} at minute {push_minute}: not {expected}")
        for day, moment in expected:
            if push_instant(day, push_minute, zone) != moment or push_day(moment, push_minute, zone) != day:
                found.append(f"{zone} at minute {push_minute}: {day} is not at {moment}")
    return found


def risky(change: Change) -> Collection[int]:
    """Return the quarter hours from an hour before to an hour after what a change skips or repeats."""
    low, high = min(change.before, change.after) - 60 * MINUTE, max(change.before, change.after) + 60 * MINUTE
    if high - low > DAY:
        return QUARTERS | ALWAYS
    return ALWAYS | {
        minute for minute in QUARTERS if (minute - low.hour * 60 - low.minute) % 1440 <= (high - low) / MINUTE
    }


def test_zones() -> None:
    """The pinned tzdata knows all the zones there are."""
    assert len(names()) > 590


def test_every_zone() -> None:
    """Around every clock change of two years every zone has exactly one push per local date, in order."""
    for seen, alike in distinct(START, END, DAY).items():
        zone = ZoneInfo(alike[0])
        for change in seen:
            assert faults(zone, walked_around(zone, change.at), risky(change)) == [], alike


@pytest.mark.slow
def test_every_minute() -> None:
    """On every date of two years every zone has exactly one push for every quarter hour, found minute by minute."""
    alike = distinct(START, END, timedelta(minutes=15))
    steady = [name for name in names() if not any(name in group for group in alike.values())]
    for name in [group[0] for group in alike.values()] + steady[:: len(steady) // 2]:
        zone = ZoneInfo(name)
        assert faults(zone, walked(zone, START, END), QUARTERS | ALWAYS) == []


@pytest.mark.slow
def test_all_of_history() -> None:
    """Around every clock change of every zone from 1973 to 2026 there is exactly one push per local date, in order."""
    done = set()
    for name in names():
        zone = ZoneInfo(name)
        for change in changes(zone, utc("1973-01-01"), START, DAY):
            if change not in done:
                done.add(change)
                assert faults(zone, walked_around(zone, change.at), risky(change)) == []


@pytest.mark.parametrize("oddity", ODDITIES)
def test_oddities(oddity: str) -> None:
    """Each oddity of the time zones is where we believe it is, and has exactly one push per local date."""
    name, day = ODDITIES[oddity]
    zone = ZoneInfo(name)
    (change,) = changes(zone, utc(day) - DAY, utc(day) + 2 * DAY, timedelta(hours=1))
    assert faults(zone, walked_around(zone, change.at), QUARTERS | ALWAYS) == []


@pytest.mark.parametrize("oddity", ODDITIES)
def test_any_moment(oddity: str) -> None:
    """Whatever the moment, the next push is the first one of the walk that is later."""
    name, day = ODDITIES[oddity]
    zone = ZoneInfo(name)
    walk = walked_around(zone, utc(day))
    for push_minute in (0, 30, 150, 210, 240, 480, 1410):
        pushes = walk.pushes(push_minute)
        for quarter in range(-24, 48):
            after = utc(day) + quarter * 15 * MINUTE
            expected = next((pushed for pushed in pushes if pushed[1] > after), None)
            if expected is not None:
                assert next_push(after, push_minute, EVERY_DAY, zone) == expected


@pytest.mark.parametrize("oddity", ODDITIES)
def test_day_start(oddity: str) -> None:
    """A study day begins at the first moment whose study day is that day or a later one."""
    name, day = ODDITIES[oddity]
    zone = ZoneInfo(name)
    begun: dict[date, datetime] = {}
    furthest = study_day(utc(day) - 2 * DAY, zone)
    for minute in range(4 * 1440):
        moment = utc(day) - 2 * DAY + minute * MINUTE
        while furthest < study_day(moment, zone):
            furthest += DAY
            begun[furthest] = moment
    assert begun == {one: day_start(one, zone) for one in begun}
    assert len(begun) >= 3


@given(st.sampled_from(names()), st.datetimes(datetime(1973, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - the bounds are naive, the values are not
@QUICK
def test_study_day(name: str, moment: datetime) -> None:
    """The study day is the date on the wall until 24:00, and still that one until 04:00."""
    shown = wall(moment, ZoneInfo(name))
    assert study_day(moment, ZoneInfo(name)) == (shown - timedelta(hours=4)).date()


def planned_in_turn(name: str, start: datetime, push_minute: int, weekdays: Collection[int]) -> None:
    """Assert that following the next push visits each planned day whose date exists once, in order."""
    zone = ZoneInfo(name)
    after, previous = start, None
    for _ in range(6):
        pushed = next_push(after, push_minute, weekdays, zone)
        assert pushed is not None
        day, moment = pushed
        assert day.weekday() in weekdays
        assert moment > after
        if previous is not None:
            between = [previous + ahead * DAY for ahead in range(1, (day - previous).days)]
            assert not [one for one in between if one.weekday() in weekdays and exists(one, push_minute, zone)]
        after, previous = moment, day


def exists(day: date, push_minute: int, zone: ZoneInfo) -> bool:
    """Whether the wall clock ever shows the date on which the push of study day `day` falls."""
    date_of_push = day + DAY if push_minute < 4 * 60 else day
    noon = datetime.combine(date_of_push, time(12), UTC)
    return any(wall(noon + quarter * 15 * MINUTE, zone).date() == date_of_push for quarter in range(-100, 100))


ANY_PLAN = {
    "name": st.sampled_from(names()),
    "start": st.datetimes(datetime(1973, 1, 2), datetime(2100, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - the same
    "push_minute": st.integers(0, 1439),
    "weekdays": st.frozensets(st.integers(0, 6), min_size=1),
}


@given(**ANY_PLAN)
@QUICK
def test_planned_days(name: str, start: datetime, push_minute: int, weekdays: frozenset[int]) -> None:
    """Following the next push visits each planned day once, in order, whatever the week looks like."""
    planned_in_turn(name, start, push_minute, weekdays)


@pytest.mark.slow
@given(**ANY_PLAN)
@DEEP
def test_planned_days_deeply(name: str, start: datetime, push_minute: int, weekdays: frozenset[int]) -> None:
    """Following the next push visits each planned day once, in order, whatever the week looks like."""
    planned_in_turn(name, start, push_minute, weekdays)


@pytest.mark.parametrize("push_minute", [0, 210, 480, 1439])
@pytest.mark.parametrize(
    ("name", "skipped"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
        ("Pacific/Kanton", date(1994, 12, 31)),
    ],
)
def test_skipped_weekday(name: str, skipped: date, push_minute: int) -> None:
    """Who studies on the one weekday that their zone skips gets the push of the week after."""
    lost = skipped - DAY if push_minute < 4 * 60 else skipped
    zone = ZoneInfo(name)
    assert push_instant(lost, push_minute, zone) is None
    before = push_instant(lost - 7 * DAY, push_minute, zone)
    assert before is not None
    pushed = next_push(before, push_minute, {lost.weekday()}, zone)
    assert pushed is not None
    assert pushed[0] == lost + 7 * DAY
    planned_in_turn(name, before - DAY, push_minute, {lost.weekday()})


@pytest.mark.parametrize(
    ("first", "days"),
    [
        (date(2027, 12, 30), 4),
        (date(2028, 2, 27), 4),
        (date(2100, 2, 27), 3),
        (date(2000, 2, 28), 3),
        (date(2027, 4, 29), 4),
    ],
)
@pytest.mark.parametrize("push_minute", [0, 239, 240, 1439])
@pytest.mark.parametrize("name", ["Asia/Shanghai", "Asia/Kolkata", "Europe/Berlin", "America/Santiago"])
def test_month_ends(name: str, push_minute: int, first: date, days: int) -> None:
    """Years, months and leap days roll over without a gap."""
    zone = ZoneInfo(name)
    begun, ended = (push_instant(day, push_minute, zone) for day in (first, first + days * DAY))
    assert begun is not None
    assert ended is not None
    found = [day for day, _ in followed(begun, ended, push_minute, zone)]
    assert found == [first + ahead * DAY for ahead in range(1, days + 1)]


def test_no_days() -> None:
    """Nothing is due for who has no study days."""
    assert next_push(START, 480, frozenset(), ZoneInfo("Asia/Shanghai")) is None


def test_gap() -> None:
    """A time the wall clock jumps over is due when it has jumped."""
    berlin = ZoneInfo("Europe/Berlin")
    assert instant(date(2025, 3, 30), time(2, 30), berlin) == utc("2025-03-30T01:00")


def test_fold() -> None:
    """A time the wall clock shows twice is due the first time only."""
    berlin = ZoneInfo("Europe/Berlin")
    assert instant(date(2025, 10, 26), time(2, 30), berlin) == utc("2025-10-26T00:30")
    pushed = next_push(utc("2025-10-26T00:30"), 150, EVERY_DAY, berlin)
    assert pushed == (date(2025, 10, 26), utc("2025-10-27T01:30"))


def test_small_hours() -> None:
    """A push before 04:00 ends its study day: it falls on the next calendar date."""
    assert push_instant(date(2026, 11, 23), 60, ZoneInfo("Asia/Shanghai")) == utc("2026-11-23T17:00")


def test_unknown_push() -> None:
    """A moment at which no push is due (settings changed since) belongs to the study day around it."""
    assert push_day(utc("2026-11-23T18:30"), 480, ZoneInfo("Asia/Shanghai")) == date(2026, 11, 23)
