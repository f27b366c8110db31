"""The pacer: how fast a platform may be spoken to, answers before pushes, and whom to leave in peace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

MAX_PARKED: Final = 10_000
"""Chats remembered as parked; beyond that the one that would be free first is forgotten."""

_NEVER_MIND_SECONDS: Final = 1e-6
"""Floating-point dust: a delay this short is none."""


class Pacer:
    """Two token buckets (for everything, and within it for pushes) and a list of parked chats.

    An answer waits for the first bucket only, in the order of asking. A push waits until both have a token
    that no answer is waiting for; pushes pass one by one. A parked chat holds up nobody else.

    Args:
        total_per_second: messages of every kind.
        pushes_per_second: messages nobody asked for.
        burst: answers that may go at once after a quiet while.
        now: seconds of a clock that only goes forward.
        sleep: waits so many seconds of that clock.
    """

    def __init__(
        self,
        *,
        total_per_second: float = 30,
        pushes_per_second: float = 25,
        burst: int = 5,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._everything = _Bucket(total_per_second, burst, now)
        self._pushes = _Bucket(pushes_per_second, 1, now)
        self._one_push = asyncio.Lock()
        self._parked: dict[str, float] = {}

    async def turn(self, chat: str, *, push: bool = False) -> None:
        """Return when one message may go to `chat`."""
        while (seconds := self.parked_seconds(chat)) > 0:
            await self._sleep(seconds)
        if push:
            await self._push_turn()
        elif (seconds := self._everything.reserve()) > 0:
            await self._sleep(seconds)

    def park(self, chat: str, seconds: float) -> None:
        """Let nothing go to `chat` for so many seconds; a shorter time never shortens a longer one."""
        now = self._now()
        self._parked[chat] = max(now + seconds, self._parked.get(chat, now))
        if len(self._parked) > MAX_PARKED:
            self._parked = {name: until for name, until in self._parked.items() if until > now}
        if len(self._parked) > MAX_PARKED:
            del self._parked[min(self._parked, key=self._parked.__getitem__)]

    def parked_seconds(self, chat: str) -> float:
        """Return how long `chat` must still be left in peace; 0 when it need not."""
        until = self._parked.get(chat)
        if until is None:
            return 0.0
        seconds = until - self._now()
        if seconds > _NEVER_MIND_SECONDS:
            return seconds
        del self._parked[chat]
        return 0.0

    async def _push_turn(self) -> None:
        async with self._one_push:
            while (seconds := max(self._pushes.wait_seconds(), self._everything.wait_seconds())) > 0:
                await self._sleep(seconds)
            self._pushes.reserve()
            self._everything.reserve()


class _Bucket:
    """Tokens that drip in at a steady rate; a reservation may run into debt, which is time to wait."""

    def __init__(self, per_second: float, burst: int, now: Callable[[], float]) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._now = now
        self._tokens = float(burst)
        self._counted_at = now()

    def reserve(self) -> float:
        """Take a token, perhaps one of the future, and return the seconds until it is there."""
        self._refill()
        self._tokens -= 1
        return self._seconds_until(0)

    def wait_seconds(self) -> float:
        """Return the seconds until a token is free, without taking it."""
        self._refill()
        return self._seconds_until(1)

    def _refill(self) -> None:
        now = self._now()
        self._tokens = min(self._burst, self._tokens + (now - self._counted_at) * self._per_second)
        self._counted_at = now

    def _seconds_until(self, tokens: float) -> float:
        seconds = (tokens - self._tokens) / self._per_second
        return seconds if seconds > _NEVER_MIND_SECONDS else 0.0
