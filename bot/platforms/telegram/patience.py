"""How long to wait before trying again: longer each time, and never two of us at once."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Final

Wait = Callable[[float], Awaitable[object]]

_FIRST_SECONDS: Final = 1.0
_LAST_SECONDS: Final = 60.0
_MAX_DOUBLINGS: Final = 10


class Patience:
    """Full jitter: a random time up to a limit that doubles from 1 to 60 seconds."""

    def __init__(self, wait: Wait, rng: random.Random) -> None:
        self._wait = wait
        self._rng = rng

    async def pause(self, attempt: int, *, at_least_seconds: float = 0) -> None:
        """Wait before trying again; `attempt` counts the failures so far, from 0."""
        limit = min(_LAST_SECONDS, _FIRST_SECONDS * 2 ** min(attempt, _MAX_DOUBLINGS))
        await self._wait(at_least_seconds + self._rng.uniform(0, limit))
