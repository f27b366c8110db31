"""The turned clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.playground.turning import MAX_STEPS, Step, TurnedClock, turn
from tests.platforms.playground.lessons import at

HOUR = timedelta(hours=1)


class Agenda:
    """Due moments that a tick crosses off; one that is `stubborn` stays whatever happens."""

    def __init__(self, *due: datetime, stubborn: bool = False) -> None:
        self.due = sorted(due)
        self.stubborn = stubborn
        self.ticks: list[datetime] = []

    async def next_due(self) -> datetime | None:
        """Return the first moment left."""
        return self.due[0] if self.due else None

    async def tick(self, now: datetime) -> int:
        """Cross off what is due."""
        self.ticks.append(now)
        if self.stubborn:
            return 0
        done = [moment for moment in self.due if moment <= now]
        self.due = [moment for moment in self.due if moment > now]
        return len(done)


async def turned(clock: TurnedClock, step: Step, agenda: Agenda) -> list[int]:
    """Turn `clock` all the way."""
    return [tried async for tried in turn(clock, step, next_due=agenda.next_due, tick=agenda.tick)]


def standing() -> TurnedClock:
    """Return a clock that stands at noon."""
    return TurnedClock(at(4), seconds=lambda: 0.0)


def test_naive() -> None:
    """A clock cannot start at a moment without a zone."""
    with pytest.raises(ValueError, match="aware"):
        TurnedClock(at(4).replace(tzinfo=None))


def test_runs() -> None:
    """The clock runs as fast as the real one, also after it was turned."""
    readings = iter([100.0, 101.5, 101.5, 104.0])
    clock = TurnedClock(at(4), seconds=lambda: next(readings))
    assert clock.now() == at(4) + timedelta(seconds=1.5)
    clock.turn_to(at(5))
    assert clock.now() == at(5) + timedelta(seconds=2.5)


@given(st.lists(st.one_of(st.timedeltas(-HOUR, HOUR), st.floats(-10, 10)), max_size=20))
def test_never_back(moves: list[timedelta | float]) -> None:
    """Whatever it is turned to and whatever the reading does, time never goes back."""
    reading = 0.0
    clock = TurnedClock(at(4), seconds=lambda: reading)
    for move in moves:
        before = clock.now()
        if isinstance(move, timedelta):
            clock.turn_to(before + move)
        else:
            reading += move
        assert clock.now() >= before
        assert clock.now().tzinfo is UTC


async def test_week() -> None:
    """A week stops at every due moment on the way, in order, and ends where it should."""
    clock = standing()
    agenda = Agenda(*(at(4 + day, hour) for day in range(9) for hour in (20, 7) if at(4 + day, hour) > at(4)))
    assert sum(await turned(clock, "week", agenda)) == 14
    assert agenda.ticks == sorted(agenda.ticks)
    assert agenda.ticks[0] == at(4, 20)
    assert agenda.ticks[-1] == clock.now() == at(11)


async def test_overdue() -> None:
    """What is due already is done now, not in the past."""
    clock = standing()
    agenda = Agenda(at(3))
    assert await turned(clock, "hour", agenda) == [1, 0]
    assert agenda.ticks == [at(4), at(4) + HOUR]


async def test_next_push() -> None:
    """A turn to the next push passes moments at which nothing was sent and stops at the first push."""
    clock = standing()
    agenda = Agenda(at(6), at(8))
    assert await turned(clock, "push", agenda) == [1]
    assert clock.now() == at(6)


async def test_nothing_planned() -> None:
    """A turn to the next push stays where it is when nothing is planned."""
    clock = standing()
    assert await turned(clock, "push", Agenda()) == []
    assert clock.now() == at(4)


async def test_stubborn() -> None:
    """A moment that stays due although nothing can be sent does not hold the clock up for ever."""
    clock = standing()
    agenda = Agenda(at(4, 13), stubborn=True)
    await turned(clock, "week", agenda)
    assert clock.now() == at(11)
    assert agenda.ticks == sorted(agenda.ticks)
    await turned(clock, "push", agenda)
    assert at(20) < clock.now() < at(30)


async def test_always_due() -> None:
    """A turn ends even where every tick makes the next one due."""
    clock = standing()
    ticks: list[datetime] = []

    async def tick(now: datetime) -> int:
        ticks.append(now)
        return 1

    async def next_due() -> datetime:
        return clock.now()

    assert len([_ async for _ in turn(clock, "hour", next_due=next_due, tick=tick)]) == MAX_STEPS


async def test_stopped() -> None:
    """Whoever stops asking stops the clock right there."""
    clock = standing()
    agenda = Agenda(at(5), at(6), at(7))
    async for _ in turn(clock, "week", next_due=agenda.next_due, tick=agenda.tick):
        break
    assert clock.now() == at(5)


def test_seconds_default() -> None:
    """Left alone, the clock reads the machine's own steady clock."""
    clock = TurnedClock(at(4))
    now: Callable[[], datetime] = clock.now
    assert at(4) <= now() <= now()
