"""What can go wrong between the bot and the server, prepared for the next calls of a method."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.fakes.telegram.pulse import Pulse

Kind = Literal["error", "html", "reset", "lost", "hold before", "hold after"]

ANY: Final = "*"


@dataclass(slots=True)
class Fault:
    """One prepared failure; `left` counts down, `None` means for ever."""

    kind: Kind
    method: str
    chat_id: int | None = None
    left: int | None = 1
    code: int = 500
    description: str = ""
    retry_after: int = 0
    hits: int = 0

    def fits(self, method: str, chat_id: object) -> bool:
        """Tell whether this call is to fail."""
        if self.left == 0 or self.method not in (ANY, method):
            return False
        return self.chat_id is None or self.chat_id == chat_id

    def strike(self) -> None:
        """Use it once."""
        self.hits += 1
        if self.left is not None:
            self.left -= 1

    def clear(self) -> None:
        """Let nothing more fail."""
        self.left = 0


@dataclass(slots=True)
class Hold(Fault):
    """Answers that wait until the test releases them."""

    pulse: Pulse = field(default_factory=Pulse)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def reached(self, calls: int = 1, *, within: float = 10) -> None:
        """Wait until so many calls are being held."""
        async with asyncio.timeout(within):
            await self.pulse.until(lambda: self.hits >= calls)

    def release(self) -> None:
        """Let them go, and hold no more."""
        self.clear()
        self.released.set()


class Faults:
    """All prepared failures; the first that fits a call strikes."""

    def __init__(self) -> None:
        self._all: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Prepare one more."""
        self._all.append(fault)

    def take(self, method: str, chat_id: object) -> Fault | None:
        """Use the failure for this call, if there is one."""
        for fault in self._all:
            if fault.fits(method, chat_id):
                fault.strike()
                return fault
        return None

    def release(self) -> None:
        """Let every held answer go."""
        for fault in self._all:
            fault.clear()
            if isinstance(fault, Hold):
                fault.release()
