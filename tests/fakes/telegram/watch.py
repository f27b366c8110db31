"""Waiting for something to happen, and telling the whole story when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from tests.fakes.telegram.calls import Call
from tests.fakes.telegram.world import World

T = TypeVar("T")

SHOWN_CALLS: Final = 15
SHOWN_MESSAGES: Final = 8


class Watch:
    """Looks at a world until it shows what a test waits for."""

    def __init__(self, world: World, calls: list[Call], patience_seconds: float) -> None:
        self._world = world
        self._calls = calls
        self._patience = patience_seconds

    async def until(self, look: Callable[[], T], what: str, within: float | None = None) -> T:
        """Return the first true thing `look` returns.

        Raises:
            AssertionError: it did not come in time; the text tells what did happen.
        """
        seconds = self._patience if within is None else within
        try:
            async with asyncio.timeout(seconds):
                return await self._world.pulse.until(look)
        except TimeoutError:
            story = self.story()
        raise AssertionError(f"{what}: not within {seconds:g} s\n{story}")

    def story(self) -> str:
        """Tell the latest calls, what is in the chats, and what is still queued."""
        lines = ["the bot's latest calls:"]
        lines += [f"  {call}" for call in self._calls[-SHOWN_CALLS:]] or ["  none"]
        for chat in self._world.chats.values():
            lines += [f"in the chat {chat.title!r} ({chat.id}):"] if chat.messages else []
            for stored in list(chat.messages.values())[-SHOWN_MESSAGES:]:
                who = "bot" if stored.outgoing else stored.raw["from"]["first_name"]
                labels = ", ".join(stored.shown().labels)
                lines.append(f"  {stored.id} {who}: {stored.text[:200]!r}" + (f" [{labels}]" if labels else ""))
        pending = [f"{entry.id} {[*entry.update][-1]}" for entry in self._world.queue.pending]
        lines.append(f"updates not confirmed: {', '.join(pending) or 'none'}")
        lines += [f"violation: {violation}" for violation in self._world.violations]
        return "\n".join(lines)
