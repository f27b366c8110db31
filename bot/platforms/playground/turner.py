"""The hand that turns the clock: one turn at a time, ticking all the way, and every few seconds when nobody turns."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing, suppress
from datetime import datetime
from typing import Final

from bot.platforms.playground import keeping
from bot.platforms.playground.frames import FrameError
from bot.platforms.playground.render import Tree
from bot.platforms.playground.turning import Step, TurnedClock, turn
from bot.study.chat import Chat
from bot.study.desk import Study

_log: Final = logging.getLogger(__name__)


class Turner:
    """Ticks the study by the turned clock; `tell` hears how far a turn has come."""

    def __init__(self, study: Study, clock: TurnedClock, chat: Chat, tell: Callable[[Tree], None]) -> None:
        self._study = study
        self._clock = clock
        self._chat = chat
        self._tell = tell
        self._task: asyncio.Task[None] | None = None
        self._stop = False
        self._ticking = asyncio.Lock()

    @property
    def turning(self) -> bool:
        """Whether the clock is being turned."""
        return self._task is not None

    def start(self, step: Step) -> None:
        """Begin to turn.

        Raises:
            FrameError: somebody is turning already.
        """
        if self._task is not None:
            raise FrameError("turning")
        self._stop = False
        self._task = asyncio.create_task(self._turn(step))

    def stop(self) -> None:
        """Stop at the moment that was reached."""
        self._stop = True

    async def run(self, closed: asyncio.Event, *, every_seconds: float) -> None:
        """Tick now and then until `closed`, so that what falls due comes even when nobody turns."""
        while not closed.is_set():
            if self._task is None:
                await self._tick_alone()
            with suppress(TimeoutError):
                async with asyncio.timeout(every_seconds):
                    await closed.wait()

    async def close(self) -> None:
        """Stop turning at once."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _turn(self, step: Step) -> None:
        pushes = 0
        steps = turn(self._clock, step, next_due=self._study.next_due, tick=self._tick)
        # Every page hears that a turn begins before it hears what the turn brings.
        self._tell_time(step, pushes, turning=True)
        try:
            async with aclosing(steps):
                async for tried in steps:
                    pushes += tried
                    self._tell_time(step, pushes, turning=True)
                    # Give "stop" and everybody's requests their turn even where no tick ever waits.
                    await asyncio.sleep(0)
                    if self._stop:
                        break
            await keeping.note_time(self._study, self._clock)
        except Exception:  # noqa: BLE001 (a tick that breaks stops the clock, not the playground)
            _log.exception("turning the clock failed")
            self._tell(FrameError("broken").tree())
        finally:
            self._task = None
            self._tell_time(step, pushes, turning=False)

    async def _tick_alone(self) -> None:
        try:
            await self._tick(self._clock.now())
        except Exception:  # noqa: BLE001 (the next one comes soon)
            _log.exception("a tick of the playground failed")

    async def _tick(self, now: datetime) -> int:
        async with self._ticking:
            return await self._study.tick(now, [self._chat])

    def _tell_time(self, step: Step, pushes: int, *, turning: bool) -> None:
        now = int(self._clock.now().timestamp() * 1000)
        self._tell({"type": "clock", "now": now, "step": step, "pushes": pushes, "turning": turning})
