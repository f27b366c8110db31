"""A press of a button, from the side of the person who waits for the little clock to vanish."""

from __future__ import annotations

from typing import Any

from tests.fakes.telegram.watch import Watch
from tests.fakes.telegram.world import Query


class Press:
    """One press; the bot owes it one answer."""

    def __init__(self, query: Query, watch: Watch) -> None:
        self._query = query
        self._watch = watch

    @property
    def id(self) -> str:
        """The callback query's id."""
        return self._query.id

    @property
    def answered(self) -> bool:
        """Whether the bot has answered."""
        return self._query.answer is not None

    @property
    def text(self) -> str:
        """What the bot showed on top of the chat; empty when nothing, or not answered yet."""
        return str(self._said("text", ""))

    @property
    def alert(self) -> bool:
        """Whether it was shown as an alert."""
        return bool(self._said("show_alert", fallback=False))

    async def answer(self, *, within: float | None = None) -> str:
        """Wait until the bot has answered, and return the text shown."""
        await self._watch.until(lambda: self.answered, f"the press of {self._query.data!r} waits for an answer", within)
        return self.text

    def _said(self, name: str, fallback: Any) -> Any:
        return (self._query.answer or {}).get(name, fallback)
