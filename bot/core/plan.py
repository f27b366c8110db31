"""The plan: which lesson on which day, how many minutes, and when the road ends; recomputed, never a backlog."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.core.roadmap import Roadmap, Track

OWN_MINUTES: Final = 12
"""What a lesson costs on top of its resource and practice: our own text and questions, in minutes (an estimate)."""

CHOICES_OF_MINUTES: Final = (15, 30, 45, 60, 75, 90, 120, 150, 180, 240)
"""The daily minutes we suggest from when a plan does not fit."""

_ALL_WEEK: Final = 7
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing ahead on the road: a lesson with its minutes (ours included), or a rest day (lesson "", 0 minutes).

    `estimated` says that the minutes are not a published figure; `place` is the day of the track, from 1.
    """

    lesson: str
    part: str
    minutes: int
    place: int
    estimated: bool = False

    @property
    def rest(self) -> bool:
        """Whether this is a day off."""
        return not self.lesson


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a plan leads.

    Attributes:
        finish: the local date of the last study day; the first day when nothing is left.
        study_days: how many study days it takes from the first on.
        minutes: how many minutes are left altogether.
        minutes_a_week: how many of them fall on a normal week.
        estimated: whether the minutes contain estimates.
    """

    finish: date
    study_days: int
    minutes: int
    minutes_a_week: int
    estimated: bool


def stops(roadmap: Roadmap, track: Track, branch: str) -> tuple[Stop, ...]:
    """Return all stops of a track in order; a lesson spread over two days of the track is one stop."""
    found: dict[str, Stop] = {}
    for place, day in enumerate(track.days, start=1):
        if day.rest:
            found[f"rest {place}"] = Stop("", day.part, 0, place)
        for lesson_id in day.of(branch):
            lesson = roadmap.lessons[lesson_id]
            minutes = lesson.minutes(day.share)
            known = found.get(lesson_id)
            found[lesson_id] = Stop(
                lesson_id,
                known.part if known else day.part,
                minutes + (known.minutes if known else OWN_MINUTES),
                known.place if known else place,
                lesson.estimated,
            )
    return tuple(found.values())


def ahead(all_stops: Iterable[Stop], passed: Collection[str], rested: Collection[int] = ()) -> tuple[Stop, ...]:
    """Return the stops that are left once the lessons in `passed` (done or skipped) are taken out.

    A rest day is over when it was taken (its place is in `rested`) or a lesson behind it was passed.
    """
    listed = tuple(all_stops)
    last = max((index for index, stop in enumerate(listed) if stop.lesson in passed), default=-1)
    return tuple(
        stop
        for index, stop in enumerate(listed)
        if (index > last and stop.place not in rested if stop.rest else stop.lesson not in passed)
    )


def forecast(left: Sequence[Stop], minutes_a_day: int, weekdays: Collection[int], first: date) -> Forecast:
    """Return where the stops `left` lead when study goes on from `first`, `minutes_a_day` on each of `weekdays`.

    A lesson longer than a day is spread over as many days as it takes, short ones share a day. The rest days of the
    track count only for who studies all week: the others have their days off already.
    """
    used = days_needed(left, minutes_a_day, rests=len(set(weekdays)) == _ALL_WEEK)
    return Forecast(
        finish=nth_study_day(first, max(used, 1), weekdays),
        study_days=used,
        minutes=sum(stop.minutes for stop in left),
        minutes_a_week=minutes_a_day * len(set(weekdays)),
        estimated=any(stop.estimated for stop in left),
    )


def days_needed(left: Iterable[Stop], minutes_a_day: int, *, rests: bool) -> int:
    """Return how many study days the stops take at `minutes_a_day`."""
    days, room = 0, 0
    for stop in left:
        if stop.rest:
            days, room = (days + 1, 0) if rests else (days, room)
        elif stop.minutes <= room:
            room -= stop.minutes
        else:
            whole = -(-stop.minutes // minutes_a_day)
            days += whole
            room = whole * minutes_a_day - stop.minutes
    return days


def fits_today(spent: int, stop: Stop, minutes_a_day: int) -> bool:
    """Whether one more lesson belongs to a day on which lessons of `spent` minutes are done already."""
    room = minutes_a_day - spent
    return not stop.rest and stop.minutes <= room


def nth_study_day(first: date, number: int, weekdays: Collection[int]) -> date:
    """Return the date of study day `number` (1 is the first planned day on or after `first`)."""
    planned = sorted(set(weekdays)) or list(range(_ALL_WEEK))
    weeks, rest = divmod(number - 1, len(planned))
    day = first + weeks * _ALL_WEEK * _DAY
    while True:
        if day.weekday() in planned:
            if rest == 0:
                return day
            rest -= 1
        day += _DAY


def minutes_that_fit(left: Sequence[Stop], weekdays: Collection[int], first: date, by: date) -> int | None:
    """Return the fewest suggested minutes a day that reach the end by `by`, None when even the most do not."""
    for minutes in CHOICES_OF_MINUTES:
        if forecast(left, minutes, weekdays, first).finish <= by:
            return minutes
    return None
