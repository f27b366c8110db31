"""Tests of progress and streak: against somebody who keeps the diary forwards, one day at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.history import Entry, EntryKind
from bot.core.learner import EVERY_DAY
from bot.core.plan import Stop
from bot.core.progress import (
    PartProgress,
    minutes_done_on,
    parts,
    passed,
    percent,
    planned_days,
    rests,
    streak,
    study_days,
)
from tests.core.effort import DEEP, QUICK

FIRST = date(2026, 11, 23)
DAY = timedelta(days=1)


def entry(day: int, kind: EntryKind, subject: str = "", **detail: object) -> Entry:
    """Return a line of the log, `day` days after the first Monday."""
    on = FIRST + day * DAY
    return Entry(datetime(on.year, on.month, on.day, 12, tzinfo=UTC), on, kind, subject, detail)


def started(**detail: object) -> Entry:
    """Return the line that begins a log."""
    return entry(0, "started", "track", **detail)


@dataclass(frozen=True, slots=True)
class Happened:
    """What somebody did on one day, in this order."""

    weekdays: frozenset[int] | None = None
    turns: tuple[int | None, ...] = ()
    """Pauses (their days, 0 for open) and, for None, ends of a pause."""
    answers: int = 0


@dataclass(slots=True)
class Diary:
    """The naive oracle: it goes through the days forwards and keeps a running count."""

    weekdays: frozenset[int] = EVERY_DAY
    paused: bool = False
    until: date | None = None
    run: int = 0
    planned: int = 0
    log: list[Entry] = field(default_factory=list)

    def live(self, number: int, happened: Happened, *, last: bool) -> None:
        """Live through one day."""
        today = FIRST + number * DAY
        if happened.weekdays is not None:
            self.weekdays = happened.weekdays
            self.log.append(entry(number, "setting", "weekdays", weekdays=sorted(self.weekdays)))
        for days in happened.turns:
            self._turn(number, days)
        self.log += [entry(number, "answered", "lesson/question", correct=False)] * happened.answers
        if self.paused and self.until is not None and today >= self.until:
            self.paused = False
        planned = today.weekday() in self.weekdays and not self.paused
        self.planned += planned
        if happened.answers:
            self.run += 1
        elif planned and not last:
            self.run = 0

    def _turn(self, number: int, days: int | None) -> None:
        self.paused = days is not None
        if days is None:
            self.log.append(entry(number, "resumed"))
            return
        self.until = FIRST + (number + days) * DAY if days else None
        self.log.append(entry(number, "paused", until=self.until.isoformat() if self.until else None))


histories = st.lists(
    st.builds(
        Happened,
        weekdays=st.none() | st.none() | st.frozensets(st.integers(0, 6), min_size=1),
        turns=st.just(()) | st.just(()) | st.lists(st.none() | st.integers(0, 9), max_size=3).map(tuple),
        answers=st.integers(0, 2),
    ),
    min_size=1,
    max_size=45,
)


def lived(days: list[Happened], weekdays: frozenset[int]) -> Diary:
    """Return the diary of days lived through, the last of which is today."""
    diary = Diary(weekdays, log=[started(weekdays=sorted(weekdays))])
    for number, happened in enumerate(days):
        diary.live(number, happened, last=number == len(days) - 1)
    return diary


def check(days: list[Happened], weekdays: frozenset[int]) -> None:
    """Compare with the diary."""
    diary = lived(days, weekdays)
    today = FIRST + (len(days) - 1) * DAY
    assert streak(diary.log, today) == diary.run
    assert planned_days(diary.log, today) == diary.planned


@given(histories, st.frozensets(st.integers(0, 6), min_size=1))
@QUICK
def test_streak(days: list[Happened], weekdays: frozenset[int]) -> None:
    """Through changed weekdays and pauses the streak is what a diary kept forwards says."""
    check(days, weekdays)


@pytest.mark.slow
@given(histories, st.frozensets(st.integers(0, 6), min_size=1))
@DEEP
def test_streak_deeply(days: list[Happened], weekdays: frozenset[int]) -> None:
    """Through changed weekdays and pauses the streak is what a diary kept forwards says."""
    check(days, weekdays)


@given(histories, st.integers(0, 44))
@QUICK
def test_one_more_answer(days: list[Happened], day: int) -> None:
    """One more answer, on whichever day, never shortens the streak."""
    log = lived(days, EVERY_DAY).log
    today = FIRST + (len(days) - 1) * DAY
    assert streak([*log, entry(day, "answered")], today) >= streak(log, today)


@given(histories)
@QUICK
def test_within_reach(days: list[Happened]) -> None:
    """A streak is never longer than the days on which something was answered."""
    log = lived(days, EVERY_DAY).log
    assert 0 <= streak(log, FIRST + (len(days) - 1) * DAY) <= len(study_days(log))


def test_today_is_not_over() -> None:
    """A day without an answer breaks nothing before it is over."""
    log = [started(), entry(0, "answered"), entry(1, "answered")]
    assert [streak(log, FIRST + day * DAY) for day in range(4)] == [1, 2, 2, 0]


def test_day_off() -> None:
    """A day off neither adds nor breaks, and studying on it adds one."""
    log = [started(weekdays=[0, 2]), entry(0, "answered"), entry(2, "answered")]
    assert streak(log, FIRST + 4 * DAY) == 2
    assert streak([*log, entry(3, "answered")], FIRST + 4 * DAY) == 3


def test_seen_is_not_studied() -> None:
    """Opening a lesson, skipping it or changing settings does not count as studying."""
    log = [started(), entry(0, "opened", "a"), entry(0, "skipped", "a"), entry(0, "setting", "hour", weekdays=[0])]
    assert streak(log, FIRST) == 0


def test_changed_week() -> None:
    """Changing the weekdays today never breaks or mends what was planned before."""
    log = [started(weekdays=[0, 1, 2]), entry(0, "answered"), entry(2, "answered")]
    changed = [*log, entry(2, "setting", "weekdays", weekdays=[0, 2])]
    assert streak(log, FIRST + 2 * DAY) == streak(changed, FIRST + 2 * DAY) == 1


def test_open_pause() -> None:
    """A pause without an end keeps the streak until it is ended."""
    log = [started(), entry(0, "answered"), entry(1, "paused", until=None)]
    assert streak(log, FIRST + 300 * DAY) == 1
    ended = [*log, entry(20, "resumed")]
    assert [streak(ended, FIRST + day * DAY) for day in (20, 21)] == [1, 0]


def test_paused_twice() -> None:
    """A second pause takes the place of the first, so ending it ends both."""
    log = [started(), entry(0, "answered"), entry(1, "paused", until=None), entry(2, "paused", until=None)]
    log.append(entry(5, "resumed"))
    assert [streak(log, FIRST + day * DAY) for day in (5, 6)] == [1, 0]


def test_before_the_start() -> None:
    """Nothing counts before the first day, nor before there is a start."""
    tomorrow = (FIRST + DAY).isoformat()
    assert streak([], FIRST) == planned_days([], FIRST) == 0
    assert planned_days([started(first_day=tomorrow)], FIRST) == 0
    assert planned_days([started(first_day=tomorrow)], FIRST + DAY) == 1


ROAD = (
    Stop("a", "one", 30, 1),
    Stop("b", "one", 45, 2),
    Stop("", "one", 0, 3),
    Stop("c", "two", 60, 4),
    Stop("d", "two", 1, 5),
)
KINDS: tuple[EntryKind, ...] = ("done", "skipped", "unskipped", "opened")
logs = st.lists(st.builds(entry, st.integers(0, 9), st.sampled_from(KINDS), st.sampled_from("abcd")), max_size=30)


@given(logs)
@QUICK
def test_passed(log: list[Entry]) -> None:
    """A lesson once done stays done; a skipped one is behind until it is put back."""
    found = passed(log)
    for lesson in "abcd":
        kinds = [one.kind for one in log if one.subject == lesson and one.kind != "opened"]
        assert (lesson in found.done) is ("done" in kinds)
        left = [kind for kind in kinds if kind != "done"]
        assert (lesson in found.skipped) is ("done" not in kinds and left[-1:] == ["skipped"])
    assert found.both == found.done | found.skipped


@given(logs, st.sampled_from("abcd"))
@QUICK
def test_skipping(log: list[Entry], lesson: str) -> None:
    """Skipping never moves the percentage, and doing never lowers it."""
    before = percent(parts(ROAD, passed(log)))
    assert percent(parts(ROAD, passed([*log, entry(9, "skipped", lesson)]))) == before
    assert before <= percent(parts(ROAD, passed([*log, entry(9, "done", lesson)]))) <= 100


@given(logs)
@QUICK
def test_hundred(log: list[Entry]) -> None:
    """The percentage is 100 only when every lesson is done, and 0 when none is."""
    found = percent(parts(ROAD, passed(log)))
    done = passed(log).done
    assert (found == 100) is (done == set("abcd"))
    assert done or found == 0


def test_parts() -> None:
    """Each part counts its own lessons and minutes, in the order of the road, without the rest days."""
    found = parts(ROAD, passed([entry(0, "done", "a"), entry(1, "skipped", "b"), entry(1, "done", "gone")]))
    assert found == (PartProgress("one", 1, 2, 30, 75), PartProgress("two", 0, 2, 0, 61))


def test_empty_road() -> None:
    """Of a road without lessons nothing is done."""
    assert percent(()) == 0


def test_rests() -> None:
    """Each rest day taken is known by its place, with the day it was taken on."""
    assert rests([entry(3, "rested", "3"), entry(4, "answered")]) == {3: FIRST + 3 * DAY}


def test_minutes_of_a_day() -> None:
    """A lesson's minutes count on the day it was completed, once."""
    log = [entry(0, "done", "a"), entry(1, "done", "b"), entry(1, "done", "b"), entry(1, "skipped", "c")]
    assert [minutes_done_on(log, FIRST + day * DAY, ROAD) for day in range(3)] == [30, 45, 0]
