"""Waiting without clocks: who changes something beats the pulse, who waits looks again at every beat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Pulse:
    """Wakes every waiter whenever anything in the fake has changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.count = 0

    def beat(self) -> None:
        """Say that something has changed."""
        self.count += 1
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, look: Callable[[], T]) -> T:
        """Return the first true thing that `look` returns, looking now and after every change."""
        while not (found := look()):
            await self._event.wait()
        return found
