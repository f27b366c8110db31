"""Progress and streak: numbers a learner sees, each computed from the log alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.core.history import Entry
from bot.core.learner import EVERY_DAY
from bot.core.plan import Stop

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Passed:
    """The lessons a learner has behind them; `skipped` ones are not `done`."""

    done: frozenset[str]
    skipped: frozenset[str]

    @property
    def both(self) -> frozenset[str]:
        """Every lesson the plan does not ask for any more."""
        return self.done | self.skipped


@dataclass(frozen=True, slots=True)
class PartProgress:
    """How much of one part is done, in lessons and in minutes; skipped lessons count in `of`, never in `done`."""

    part: str
    done: int
    of: int
    minutes_done: int
    minutes_of: int


def passed(entries: Iterable[Entry]) -> Passed:
    """Return what is done and what is skipped after the whole log; done beats skipped."""
    done: set[str] = set()
    skipped: set[str] = set()
    for entry in entries:
        if entry.kind == "done":
            done.add(entry.subject)
        elif entry.kind == "skipped":
            skipped.add(entry.subject)
        elif entry.kind == "unskipped":
            skipped.discard(entry.subject)
    return Passed(frozenset(done), frozenset(skipped - done))


def rests(entries: Iterable[Entry]) -> dict[int, date]:
    """Return the rest days of the track that were taken, by their place, with the study day each was taken on."""
    return {int(entry.subject): entry.study_day for entry in entries if entry.kind == "rested"}


def parts(all_stops: Sequence[Stop], behind: Passed) -> tuple[PartProgress, ...]:
    """Return each part's progress, in the order of the road."""
    found = []
    for part in dict.fromkeys(stop.part for stop in all_stops):
        lessons = [stop for stop in all_stops if stop.part == part and not stop.rest]
        done = [stop for stop in lessons if stop.lesson in behind.done]
        minutes = (sum(stop.minutes for stop in some) for some in (done, lessons))
        found.append(PartProgress(part, len(done), len(lessons), *minutes))
    return tuple(found)


def percent(all_parts: Iterable[PartProgress]) -> int:
    """Return the share of the road that is done, by minutes, rounded down so that 100 means all of it."""
    listed = tuple(all_parts)
    of = sum(part.minutes_of for part in listed)
    return 100 * sum(part.minutes_done for part in listed) // of if of else 0


def study_days(entries: Iterable[Entry]) -> frozenset[date]:
    """Return the study days on which something was answered."""
    return frozenset(entry.study_day for entry in entries if entry.kind == "answered")


def on_track_since(entries: Iterable[Entry]) -> date | None:
    """Return the study day the present track was chosen, None before the first conversation is over."""
    since, track = None, None
    for entry in entries:
        if entry.kind in ("started", "setting") and entry.detail.get("track") != track:
            since, track = entry.study_day, entry.detail.get("track")
    return since


def minutes_done_on(entries: Iterable[Entry], day: date, all_stops: Iterable[Stop]) -> int:
    """Return the minutes of the lessons that were completed on a study day."""
    done = {entry.subject for entry in entries if entry.kind == "done" and entry.study_day == day}
    return sum(stop.minutes for stop in all_stops if stop.lesson in done)


def streak(entries: Sequence[Entry], today: date) -> int:
    """Return how many planned study days in a row were studied, up to `today`.

    Only days planned at the time count: days off and pauses neither add nor break. Studying on a day off adds one.
    Today adds once something was answered, and breaks nothing before it is over.
    """
    studied = study_days(entries)
    schedule = _Schedule(entries)
    if schedule.first is None:
        return 0
    count, day = 0, today
    while day >= schedule.first:
        if day in studied:
            count += 1
        elif day != today and schedule.planned(day):
            break
        day -= _DAY
    return count


def planned_days(entries: Sequence[Entry], today: date) -> int:
    """Return how many study days were planned from the first one up to and including `today`."""
    schedule = _Schedule(entries)
    if schedule.first is None or schedule.first > today:
        return 0
    span = (today - schedule.first).days + 1
    return sum(schedule.planned(schedule.first + ahead * _DAY) for ahead in range(span))


class _Schedule:
    """Which days were planned, as the settings and pauses stood on each of them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.first: date | None = None
        self._weekdays: list[tuple[date, frozenset[int]]] = []
        self._pauses: list[tuple[date, date | None]] = []
        self._rested: set[date] = set()
        for entry in entries:
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        if entry.kind == "started" and self.first is None:
            self.first = _first_day(entry)
        if entry.kind == "rested":
            self._rested.add(entry.study_day)
        elif entry.kind in ("started", "setting"):
            self._weekdays.append((entry.study_day, frozenset(entry.detail.get("weekdays", EVERY_DAY))))
        elif entry.kind == "paused":
            self._end_pause(entry.study_day)
            self._pauses.append((entry.study_day, _until(entry.detail)))
        elif entry.kind == "resumed":
            self._end_pause(entry.study_day)

    def _end_pause(self, day: date) -> None:
        if self._pauses:
            begun, until = self._pauses[-1]
            self._pauses[-1] = (begun, min(until or day, day))

    def planned(self, day: date) -> bool:
        """Whether study was planned on `day`: not on the track's rest days, nor in a pause (its last day excepted)."""
        weekdays = next((days for since, days in reversed(self._weekdays) if since <= day), EVERY_DAY)
        paused = any(begun <= day and (until is None or day < until) for begun, until in self._pauses)
        return day.weekday() in weekdays and not paused and day not in self._rested


def _first_day(entry: Entry) -> date:
    text = entry.detail.get("first_day")
    return date.fromisoformat(text) if isinstance(text, str) else entry.study_day


def _until(detail: Any) -> date | None:
    text = detail.get("until")
    return date.fromisoformat(text) if isinstance(text, str) else None
