"""The breaker: stops pushes before Discord's wall counts too many invalid requests and shuts everybody out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Final

import aiohttp

WINDOW: Final = timedelta(minutes=10)
LIMIT: Final = 100
"""A hundredth of what gets an address banned: 10,000 in 10 minutes (documentation: topics/rate-limits)."""

_INVALID: Final = frozenset({401, 403, 429})
_SCOPE: Final = "X-RateLimit-Scope"


class Breaker:
    """Counts what Discord calls invalid requests: 401, 403, and 429 unless the limit is shared with others."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._seen: deque[datetime] = deque(maxlen=LIMIT)
        self._until: datetime | None = None

    def count(self, status: int, *, shared: bool = False) -> None:
        """Take note of an answer."""
        if status in _INVALID and not shared:
            self._seen.append(self._now())

    def trip(self, delay: timedelta) -> None:
        """Let no push through for `delay`."""
        until = self._now() + delay
        self._until = until if self._until is None else max(until, self._until)

    def pause(self) -> timedelta:
        """Return how long pushes must wait; nothing when they need not."""
        now = self._now()
        ends = [self._until] if self._until is not None else []
        if len(self._seen) == LIMIT:
            ends.append(self._seen[0] + WINDOW)
        return max([end - now for end in ends if end > now], default=timedelta())

    def trace(self) -> aiohttp.TraceConfig:
        """Return what lets the library's own requests be counted, those it repeats by itself included."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._end)
        return config

    async def _end(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        self.count(end.response.status, shared=end.response.headers.get(_SCOPE) == "shared")
