"""A chat platform in memory: it keeps what it got, and what becomes of a push is what it was told."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.core.message import Message
from bot.study.chat import Outcome, Sent


@dataclass(frozen=True, slots=True)
class Delivery:
    """One push as the platform got it."""

    chat: str
    message: Message
    key: str


class RoomChat:
    """Keeps the protocol `Chat`.

    Attributes:
        got: every push that was handed in, in order.
        outcomes: what becomes of the next pushes; when it is empty they are sent.
        before: awaited at each push before its outcome; a test may wait here, or raise.
    """

    def __init__(self, platform: str = "telegram", *, repeatable: bool = False) -> None:
        self._platform = platform
        self._repeatable = repeatable
        self.got: list[Delivery] = []
        self.outcomes: deque[Outcome] = deque()
        self.before: Callable[[], Awaitable[None]] = _nothing

    @property
    def platform(self) -> str:
        """The platform's name."""
        return self._platform

    @property
    def repeatable(self) -> bool:
        """Whether the same key shows nothing twice."""
        return self._repeatable

    @property
    def keys(self) -> list[str]:
        """The keys of what was handed in, in order."""
        return [delivery.key for delivery in self.got]

    async def push(self, chat: str, message: Message, *, key: str) -> Outcome:
        """Keep a push and return what becomes of it."""
        self.got.append(Delivery(chat, message, key))
        await self.before()
        return self.outcomes.popleft() if self.outcomes else Sent(str(len(self.got)))


async def _nothing() -> None:
    """Go on at once."""
