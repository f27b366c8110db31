"""How long to wait before trying again: longer each time, and never two of us at once."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Final

Wait = Callable[[float], Awaitable[object]]

_FIRST_SECONDS: Final = 1.0
_MAX_DOUBLINGS: Final = 10


class Patience:
    """Full jitter: a random time up to a limit that doubles from one second.

    Args:
        wait: waits so many seconds.
        rng: draws the time.
        longest_seconds: where the doubling ends.
    """

    def __init__(self, wait: Wait, rng: random.Random, *, longest_seconds: float = 60.0) -> None:
        self._wait = wait
        self._rng = rng
        self._longest_seconds = longest_seconds

    async def pause(self, attempt: int, *, at_least_seconds: float = 0) -> None:
        """Wait before trying again; `attempt` counts the failures so far, from 0."""
        limit = min(self._longest_seconds, _FIRST_SECONDS * 2 ** min(attempt, _MAX_DOUBLINGS))
        await self._wait(at_least_seconds + self._rng.uniform(0, limit))
