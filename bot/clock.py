"""The clock: APScheduler stops here. A few interval jobs call the use cases with `now`; no learner's time is in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # it has no stubs

from bot.study.chat import Chat
from bot.study.desk import Study

_log = structlog.get_logger(__name__)

TICK: Final = timedelta(seconds=5)
HOUSEKEEPING: Final = timedelta(hours=1)
HEARTBEAT: Final = timedelta(seconds=30)
_GRACE_SECONDS: Final = 2


def utc_now() -> datetime:
    """Return the real time, aware UTC."""
    return datetime.now(UTC)


class Clock:
    """Calls tick, housekeeping and heartbeat at fixed intervals; a job that is late runs once, none overlaps itself."""

    def __init__(
        self,
        study: Study,
        chats: Sequence[Chat],
        heartbeat: Callable[[datetime], Awaitable[None]],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._study = study
        self._chats = chats
        self._heartbeat = heartbeat
        self._now = now
        self._working: set[asyncio.Task[object]] = set()
        # The default grace of one second silently drops a job whenever the loop was busy; None never does.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self, *, only_beat: bool = False) -> None:
        """Begin at once, so that what fell due while we were away is sent; `only_beat` shows signs of life, no more."""
        jobs = [(self._beat, HEARTBEAT), (self._tick, TICK), (self._house, HOUSEKEEPING)]
        for job, every in jobs[:1] if only_beat else jobs:
            self._scheduler.add_job(job, "interval", seconds=every.total_seconds(), next_run_time=self._now())
        self._scheduler.start()

    async def stop(self) -> None:
        """Tick no more; what is under way may end, for a moment."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._working:
            await asyncio.wait(self._working, timeout=_GRACE_SECONDS)
        self._scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        await self._safely("tick", self._study.tick(self._now(), self._chats))

    async def _house(self) -> None:
        await self._safely("housekeeping", self._study.keep_house(self._now()))

    async def _beat(self) -> None:
        await self._safely("heartbeat", self._heartbeat(self._now()))

    async def _safely(self, name: str, work: Awaitable[object]) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        self._working.add(task)
        try:
            await work
        except Exception:  # noqa: BLE001 - a job that fails is logged and comes again
            _log.exception("clock job failed", job=name)
        finally:
            self._working.discard(task)
