"""The clock: three jobs that are told the time; none is dropped, none overlaps, none stops the others."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot import clock as clock_room
from bot.clock import Clock, utc_now
from bot.core.roadmap import Roadmap
from bot.store import Store
from bot.study.chat import Chat
from bot.study.desk import Study

PATIENCE_SECONDS = 10
SHORT = timedelta(milliseconds=5)


class Desk(Study):
    """The use cases, which note who called them; `works` may fail or wait."""

    def __init__(self, store: Store, roadmap: Roadmap) -> None:
        super().__init__(store, roadmap, random.Random(1))  # noqa: S311 - a test
        self.calls: list[tuple[str, datetime]] = []
        self.at_once = 0
        self.most_at_once = 0
        self.failing: set[str] = set()
        self.held = asyncio.Event()
        self.held.set()
        self._changed = asyncio.Condition()

    async def tick(self, now: datetime, chats: Sequence[Chat]) -> int:
        """Send what is due."""
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.note("tick", now)
            await self.held.wait()
            return await super().tick(now, chats)
        finally:
            self.at_once -= 1

    async def keep_house(self, now: datetime) -> int:
        """Drop what is old."""
        await self.note("housekeeping", now)
        return await super().keep_house(now)

    async def heartbeat(self, now: datetime) -> None:
        """Show a sign of life."""
        await self.note("heartbeat", now)

    async def note(self, name: str, now: datetime) -> None:
        """Note a call, and fail where it should."""
        async with self._changed:
            self.calls.append((name, now))
            self._changed.notify_all()
        if name in self.failing:
            raise ValueError(name)

    async def until(self, name: str, times: int) -> None:
        """Wait until a job was called so often."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            await self._changed.wait_for(lambda: self.count(name) >= times)

    def count(self, name: str) -> int:
        """Return how often a job was called."""
        return [called for called, _ in self.calls].count(name)


@pytest.fixture
def desk(store: Store, roadmap: Roadmap) -> Desk:
    """Return the use cases on a fresh database."""
    return Desk(store, roadmap)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten every interval."""
    for name in ("TICK", "HOUSEKEEPING", "HEARTBEAT"):
        monkeypatch.setattr(clock_room, name, SHORT)


@asynccontextmanager
async def ticking(desk: Desk, *, only_beat: bool = False) -> AsyncIterator[Clock]:
    """Keep a clock ticking."""
    clock = Clock(desk, [], desk.heartbeat)
    clock.start(only_beat=only_beat)
    try:
        yield clock
    finally:
        desk.held.set()
        await clock.stop()


async def test_at_once(desk: Desk) -> None:
    """All three jobs come right at the start, each told the present moment, aware and in UTC."""
    before = utc_now()
    async with ticking(desk):
        for name in ("tick", "housekeeping", "heartbeat"):
            await desk.until(name, 1)
    assert sorted(name for name, _ in desk.calls) == ["heartbeat", "housekeeping", "tick"]
    assert all(now.tzinfo is UTC and before <= now <= utc_now() for _, now in desk.calls)


@pytest.mark.usefixtures("fast")
async def test_again_and_again(desk: Desk) -> None:
    """Each job comes again at its interval, and never goes back in time."""
    async with ticking(desk):
        for name in ("tick", "housekeeping", "heartbeat"):
            await desk.until(name, 3)
    moments = [now for name, now in desk.calls if name == "tick"]
    assert moments == sorted(moments)


@pytest.mark.usefixtures("fast")
@pytest.mark.parametrize("failing", [{"tick"}, {"housekeeping"}, {"heartbeat"}, {"tick", "housekeeping", "heartbeat"}])
async def test_failures(desk: Desk, failing: set[str]) -> None:
    """A job that fails is logged, comes again, and stops no other."""
    desk.failing = failing
    with capture_logs() as logged:
        async with ticking(desk):
            for name in ("tick", "housekeeping", "heartbeat"):
                await desk.until(name, 3)
    assert {line["job"] for line in logged if line["event"] == "clock job failed"} == failing


@pytest.mark.usefixtures("fast")
async def test_no_overlap(desk: Desk) -> None:
    """While a tick takes long no second one begins, the other jobs go on, and afterwards it ticks again."""
    desk.held.clear()
    async with ticking(desk):
        await desk.until("tick", 1)
        await desk.until("heartbeat", 10)
        assert desk.count("tick") == 1
        desk.held.set()
        await desk.until("tick", 3)
    assert desk.most_at_once == 1


async def test_late(desk: Desk) -> None:
    """A job that comes an hour late, because the loop was busy or the machine slept, runs once and is not dropped."""
    clock = Clock(desk, [], desk.heartbeat, now=lambda: utc_now() - timedelta(hours=1))
    clock.start()
    await desk.until("tick", 1)
    await desk.until("heartbeat", 1)
    await clock.stop()
    assert desk.count("tick") == desk.count("heartbeat") == 1


async def test_stop_lets_a_tick_end(desk: Desk) -> None:
    """What is under way when the clock is stopped may end, and nothing begins after it."""
    desk.held.clear()
    clock = Clock(desk, [], desk.heartbeat)
    clock.start()
    await desk.until("tick", 1)
    stopping = asyncio.create_task(clock.stop())
    desk.held.set()
    await stopping
    assert desk.at_once == 0
    await clock.stop()


async def test_stop_before_start(desk: Desk) -> None:
    """A clock that never ticked can be stopped."""
    await Clock(desk, [], desk.heartbeat).stop()
    assert desk.calls == []


@pytest.mark.usefixtures("fast")
async def test_only_beat(desk: Desk) -> None:
    """A process without the clock's role shows signs of life, and sends nothing."""
    async with ticking(desk, only_beat=True):
        await desk.until("heartbeat", 3)
    assert {name for name, _ in desk.calls} == {"heartbeat"}
