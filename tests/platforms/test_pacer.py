"""Tests of the pacer on a clock of its own: rates, answers before pushes, parked chats, bounded memory."""

from __future__ import annotations

import asyncio
import heapq
from bisect import bisect_right
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms import pacer as pacer_module
from bot.platforms.pacer import Pacer


class FakeClock:
    """A clock that moves only when everybody sleeps: then it jumps to the first who wants to wake."""

    def __init__(self) -> None:
        self.time = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = count()

    def now(self) -> float:
        """Return its seconds."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Wait until somebody turns the clock so far."""
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.time + seconds, next(self._number), future))
        await future

    async def run(self, *tasks: asyncio.Task[None]) -> None:
        """Turn the clock until all `tasks` are done."""
        while not all(task.done() for task in tasks):
            for _ in range(5):
                await asyncio.sleep(0)
            if self._sleepers and not all(task.done() for task in tasks):
                when, _, future = heapq.heappop(self._sleepers)
                self.time = max(self.time, when)
                if not future.done():
                    future.set_result(None)
        await asyncio.gather(*tasks)


class Log:
    """Who went when."""

    def __init__(self, clock: FakeClock, pacer: Pacer) -> None:
        self._clock = clock
        self._pacer = pacer
        self.went: list[tuple[str, float]] = []

    def send(self, chat: str, *, push: bool = False) -> asyncio.Task[None]:
        """Ask for a turn."""

        async def go() -> None:
            await self._pacer.turn(chat, push=push)
            self.went.append((chat, self._clock.time))

        return asyncio.create_task(go())

    @property
    def chats(self) -> list[str]:
        """Return who went, in order."""
        return [chat for chat, _ in self.went]


def desk(burst: int = 5) -> tuple[FakeClock, Pacer, Log]:
    """Return a clock, a pacer on it, and a log of who went."""
    clock = FakeClock()
    pacer = Pacer(now=clock.now, sleep=clock.sleep, burst=burst)
    return clock, pacer, Log(clock, pacer)


async def test_quiet_answer_goes_at_once() -> None:
    """An answer after a quiet while does not wait."""
    clock, _, log = desk()
    await clock.run(log.send("alice"))
    assert log.went == [("alice", 0.0)]


async def test_answers_keep_their_order() -> None:
    """Answers go in the order of asking."""
    clock, _, log = desk()
    names = [f"chat {number}" for number in range(40)]
    await clock.run(*(log.send(name) for name in names))
    assert log.chats == names


async def test_rate_of_everything() -> None:
    """After the burst, thirty answers a second go, not more."""
    clock, _, log = desk(burst=5)
    await clock.run(*(log.send(f"chat {number}") for number in range(65)))
    times = [time for _, time in log.went]
    assert bisect_right(times, 0.999) <= 35
    assert 1.99 <= times[-1] <= 2.01


async def test_rate_of_pushes() -> None:
    """Pushes go twenty-five a second, not more."""
    clock, _, log = desk()
    await clock.run(*(log.send(f"chat {number}", push=True) for number in range(51)))
    times = [time for _, time in log.went]
    assert bisect_right(times, 0.999) <= 25
    assert 1.99 <= times[-1] <= 2.01


async def test_answers_overtake_pushes() -> None:
    """Answers that come while a thousand pushes wait go as if the pushes were not there."""
    clock, _, log = desk()
    pushes = [log.send("push", push=True) for _ in range(1000)]
    answers = [log.send(f"chat {number}") for number in range(5)]
    await clock.run(*answers)
    waited = [time for chat, time in log.went if chat != "push"]
    assert max(waited) <= 0.1
    await clock.run(*pushes)
    assert len(log.went) == 1005


async def test_pushes_starve_before_answers() -> None:
    """While more answers wait than may go, no push goes between them."""
    clock, _, log = desk()
    answers = [log.send(f"chat {number}") for number in range(100)]
    push = log.send("push", push=True)
    await clock.run(*answers, push)
    assert log.chats[-1] == "push"


async def test_park_holds_one_chat_only() -> None:
    """A chat that was told to wait waits; everybody else goes on."""
    clock, pacer, log = desk()
    pacer.park("flooded", 40)
    await clock.run(log.send("flooded"), log.send("flooded", push=True), log.send("alice"))
    assert log.chats[0] == "alice"
    assert log.went[0][1] == pytest.approx(0.0)
    assert all(time >= 40 for chat, time in log.went if chat == "flooded")


async def test_longer_park_wins() -> None:
    """A second, shorter wait does not shorten the first."""
    clock, pacer, log = desk()
    pacer.park("flooded", 40)
    pacer.park("flooded", 3)
    await clock.run(log.send("flooded"))
    assert log.went[0][1] == pytest.approx(40.0)


async def test_park_is_forgotten() -> None:
    """Once the time is over nothing is remembered of it."""
    clock, pacer, log = desk()
    pacer.park("flooded", 2)
    assert pacer.parked_seconds("flooded") == pytest.approx(2.0)
    await clock.run(log.send("flooded"))
    assert pacer.parked_seconds("flooded") == 0


async def test_parks_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many chats are parked, a bounded number is remembered, the longest ones."""
    monkeypatch.setattr(pacer_module, "MAX_PARKED", 3)
    _, pacer, _ = desk()
    for seconds in (10, 50, 20, 40, 30):
        pacer.park(f"for {seconds}", seconds)
    remembered = [seconds for seconds in (10, 20, 30, 40, 50) if pacer.parked_seconds(f"for {seconds}") > 0]
    assert remembered == [30, 40, 50]


async def test_cancelled_push_lets_the_next_go() -> None:
    """A push that is given up holds up no other."""
    clock, _, log = desk()
    first, second = log.send("first", push=True), log.send("second", push=True)
    third = log.send("third", push=True)
    await asyncio.sleep(0)
    second.cancel()
    await clock.run(first, third)
    assert log.chats == ["first", "third"]


@settings(deadline=None)
@given(kinds=st.lists(st.booleans(), min_size=1, max_size=120), burst=st.integers(1, 30))
def test_no_second_is_too_full(kinds: list[bool], burst: int) -> None:
    """In any second at most the rate plus the burst goes, and at most twenty-six of them are pushes."""

    async def scenario() -> list[tuple[str, float]]:
        clock, _, log = desk(burst)
        await clock.run(*(log.send("push" if kind else "answer", push=kind) for kind in kinds))
        return log.went

    went = asyncio.run(scenario())
    assert len(went) == len(kinds)
    for wanted, limit in (({"push", "answer"}, 30 + burst), ({"push"}, 26)):
        times = [time for name, time in went if name in wanted]
        assert all(bisect_right(times, start + 0.999) - at <= limit for at, start in enumerate(times))
