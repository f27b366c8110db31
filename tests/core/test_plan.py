"""Tests of the plan: finite, honest, and never worse for more minutes or for a lesson less."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.plan import (
    CHOICES_OF_MINUTES,
    OWN_MINUTES,
    Stop,
    ahead,
    days_needed,
    fits_today,
    forecast,
    minutes_that_fit,
    nth_study_day,
    stops,
)
from bot.core.roadmap import Roadmap
from tests.core.effort import DEEP, QUICK

FIRST = date(2026, 11, 23)
DAY = timedelta(days=1)
BRANCHES = ("", "vision", "nlp")

roads = st.lists(st.none() | st.integers(0, 700), max_size=25).map(
    lambda many: tuple(
        Stop("", "part", 0, place) if minutes is None else Stop(f"lesson-{place}", "part", minutes, place)
        for place, minutes in enumerate(many, start=1)
    )
)
daily = st.integers(5, 600)
weeks = st.frozensets(st.integers(0, 6), min_size=1)
dates = st.dates(date(2026, 1, 1), date(2036, 12, 31))


def packed(left: Iterable[Stop], minutes_a_day: int, *, rests: bool) -> list[int]:
    """Return the minutes of each day when lessons are laid down one after the other, minute by minute."""
    days: list[int] = []
    for stop in left:
        if stop.rest:
            days += [minutes_a_day] if rests else []
            continue
        if stop.minutes > 0 and (not days or days[-1] + stop.minutes > minutes_a_day):
            days.append(0)
        for _ in range(stop.minutes):
            if days[-1] == minutes_a_day:
                days.append(0)
            days[-1] += 1
    return days


def tidy(stops_: Iterable[Stop]) -> tuple[Stop, ...]:
    """Return the lessons without the rest days."""
    return tuple(stop for stop in stops_ if not stop.rest)


@given(roads, daily, st.booleans())
@QUICK
def test_packing(road: tuple[Stop, ...], minutes: int, rests: bool) -> None:  # noqa: FBT001 - drawn
    """The days needed are those of laying down the lessons minute by minute, none of them beyond the daily minutes."""
    days = packed(road, minutes, rests=rests)
    assert days_needed(road, minutes, rests=rests) == len(days)
    assert all(day <= minutes for day in days)


@given(roads, daily, daily, weeks)
@QUICK
def test_more_minutes(road: tuple[Stop, ...], some: int, more: int, weekdays: frozenset[int]) -> None:
    """Who studies longer every day never finishes later."""
    less, much = sorted((some, more))
    assert forecast(road, much, weekdays, FIRST).finish <= forecast(road, less, weekdays, FIRST).finish


@pytest.mark.slow
@given(roads, daily, daily, weeks)
@DEEP
def test_more_minutes_deeply(road: tuple[Stop, ...], some: int, more: int, weekdays: frozenset[int]) -> None:
    """Who studies longer every day never finishes later."""
    less, much = sorted((some, more))
    assert forecast(road, much, weekdays, FIRST).finish <= forecast(road, less, weekdays, FIRST).finish


@given(roads, st.sets(st.integers(1, 25)), st.integers(1, 25), daily, weeks)
@QUICK
def test_passing(road: tuple[Stop, ...], behind: set[int], one: int, minutes: int, weekdays: frozenset[int]) -> None:
    """Passing a lesson never makes the road longer, nor the rest of it later."""
    before = ahead(road, {f"lesson-{place}" for place in behind})
    after = ahead(road, {f"lesson-{place}" for place in behind | {one}})
    assert set(after) <= set(before)
    was, is_ = (forecast(left, minutes, weekdays, FIRST) for left in (before, after))
    assert is_.minutes <= was.minutes
    assert is_.study_days <= was.study_days
    assert is_.finish <= was.finish


@given(roads, st.sets(st.integers(1, 25)), st.sets(st.integers(1, 25)))
@QUICK
def test_ahead(road: tuple[Stop, ...], behind: set[int], rested: set[int]) -> None:
    """What is left is in order: every lesson not passed, and the rest days with nothing passed behind them."""
    passed = {f"lesson-{place}" for place in behind}
    left = ahead(road, passed, rested)
    assert list(left) == [stop for stop in road if stop in left]
    assert tidy(left) == tuple(stop for stop in tidy(road) if stop.lesson not in passed)
    for stop in road:
        if stop.rest:
            over = stop.place in rested or any(later.lesson in passed for later in road[stop.place :])
            assert (stop in left) is not over


@given(dates, st.integers(1, 400), weeks)
@QUICK
def test_nth_study_day(first: date, number: int, weekdays: frozenset[int]) -> None:
    """A study day's date is found by counting planned days one by one."""
    day, seen = first, int(first.weekday() in weekdays)
    while seen < number:
        day += DAY
        seen += day.weekday() in weekdays
    assert nth_study_day(first, number, weekdays) == day


@given(roads, daily, weeks, dates)
@QUICK
def test_forecast(road: tuple[Stop, ...], minutes: int, weekdays: frozenset[int], first: date) -> None:
    """A forecast ends on a planned day, has room for all its minutes, and promises no more a week than there is."""
    found = forecast(road, minutes, weekdays, first)
    assert found.finish >= first
    assert found.finish.weekday() in weekdays
    assert found.minutes == sum(stop.minutes for stop in road)
    assert found.minutes <= found.study_days * minutes
    assert found.minutes_a_week == minutes * len(weekdays)
    assert (found.finish - first).days <= 7 * max(found.study_days, 1)


@given(roads, daily)
@QUICK
def test_rest_days(road: tuple[Stop, ...], minutes: int) -> None:
    """The road's rest days take time only for who studies all week, one day each at most."""
    rests = len(road) - len(tidy(road))
    without = days_needed(tidy(road), minutes, rests=True)
    assert days_needed(road, minutes, rests=False) == without
    assert without + rests <= days_needed(road, minutes, rests=True) <= without + 2 * rests


@given(roads, weeks, st.integers(0, 900))
@QUICK
def test_minutes_that_fit(road: tuple[Stop, ...], weekdays: frozenset[int], days: int) -> None:
    """The minutes suggested are the fewest that reach the end in time; none are when even the most do not."""
    by = FIRST + days * DAY
    enough = [one for one in CHOICES_OF_MINUTES if forecast(road, one, weekdays, FIRST).finish <= by]
    assert minutes_that_fit(road, weekdays, FIRST, by) == (min(enough) if enough else None)


@pytest.mark.parametrize("branch", BRANCHES)
def test_every_track(roadmap: Roadmap, branch: str) -> None:
    """On each shipped track every lesson is one stop, in order, with all its minutes and ours on top."""
    for track in roadmap.outline.tracks:
        road = stops(roadmap, track, branch)
        assert tuple(stop.lesson for stop in tidy(road)) == track.lesson_ids(branch)
        assert [stop.place for stop in road] == sorted(stop.place for stop in road)
        for stop in tidy(road):
            shares = [day.share for day in track.days if stop.lesson in day.of(branch)]
            lesson = roadmap.lessons[stop.lesson]
            assert stop.minutes == sum(lesson.minutes(share) for share in shares) + OWN_MINUTES


@pytest.mark.parametrize("branch", BRANCHES)
def test_every_finish(roadmap: Roadmap, branch: str) -> None:
    """Every shipped track ends for all suggested minutes, and passing its lessons only brings that nearer."""
    for track in roadmap.outline.tracks:
        road = stops(roadmap, track, branch)
        for minutes in CHOICES_OF_MINUTES:
            finishes = []
            passed: set[str] = set()
            for lesson in track.lesson_ids(branch):
                finishes.append(forecast(ahead(road, passed), minutes, range(7), FIRST).finish)
                passed.add(lesson)
            assert finishes == sorted(finishes, reverse=True)
            assert forecast(ahead(road, passed), minutes, {0, 2}, FIRST).minutes == 0


def test_nothing_left() -> None:
    """Who has nothing left is done on the first planned day."""
    found = forecast((), 60, {4}, FIRST)
    assert (found.finish, found.study_days, found.minutes) == (date(2026, 11, 27), 0, 0)


@given(st.integers(0, 300), st.integers(1, 300), daily)
@QUICK
def test_fits_today(spent: int, minutes: int, minutes_a_day: int) -> None:
    """One more lesson belongs to today only when the day has room for all of it; a rest day never does."""
    assert fits_today(spent, Stop("lesson", "part", minutes, 1), minutes_a_day) is (spent + minutes <= minutes_a_day)
    assert not fits_today(0, Stop("", "part", 0, 1), minutes_a_day)
