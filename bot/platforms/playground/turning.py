"""The turned clock: real time plus what somebody added by hand, and the way from due moment to due moment."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

Step = Literal["push", "hour", "day", "week"]
STEPS: Final[dict[Step, timedelta | None]] = {
    "push": None,
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
"""What the buttons of the clock bar add; None means "up to the next push, whenever that is"."""

MAX_STEPS: Final = 3000
"""Due moments that one turn passes at most, so that a turn always ends."""

_NUDGE: Final = timedelta(minutes=5)
"""How far to go on when a due moment stays due although its tick had nothing to send."""


class TurnedClock:
    """A clock that runs like the real one, can be turned forward, and never goes back."""

    def __init__(self, start: datetime, *, seconds: Callable[[], float] = time.monotonic) -> None:
        """Show `start` now and go on from there.

        Args:
            start: an aware moment, in any zone.
            seconds: a reading in seconds that only grows; the difference of two readings is real time.

        Raises:
            ValueError: `start` is naive.
        """
        if start.tzinfo is None:
            raise ValueError("the turned clock starts at an aware moment")
        self._seconds = seconds
        self._shown = start.astimezone(UTC)
        self._read = seconds()

    def now(self) -> datetime:
        """Return the turned time, aware and in UTC."""
        reading = self._seconds()
        self._shown += timedelta(seconds=max(0.0, reading - self._read))
        self._read = reading
        return self._shown

    def turn_to(self, moment: datetime) -> None:
        """Show `moment` now, unless it is past already."""
        self._shown = max(self.now(), moment.astimezone(UTC))


async def turn(
    clock: TurnedClock,
    step: Step,
    *,
    next_due: Callable[[], Awaitable[datetime | None]],
    tick: Callable[[datetime], Awaitable[int]],
) -> AsyncGenerator[int, None]:
    """Turn `clock` one step, calling `tick` at every due moment on the way and once on arrival.

    Yields:
        how many pushes each tick tried, right after it. Whoever stops asking stops the clock there.
    """
    length = STEPS[step]
    target = None if length is None else clock.now() + length
    stuck: datetime | None = None
    for _ in range(MAX_STEPS):
        due = await next_due()
        moment = clock.now() + _NUDGE if due is not None and due == stuck else due
        if moment is None or (target is not None and moment > target):
            break
        clock.turn_to(moment)
        pushes = await tick(clock.now())
        yield pushes
        if pushes and target is None:
            return
        stuck = None if pushes else due
    else:
        return
    if target is not None:
        clock.turn_to(target)
        yield await tick(clock.now())
