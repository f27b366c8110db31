"""The record of what the bot asked for, and what it was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Call:
    """One call of a method.

    Attributes:
        params: the typed parameters; uploads are `Upload` objects.
        answer: the status code sent back; 0 while the call is under way or when the connection was cut.
        error: the description of a refusal.
        fault: the kind of prepared failure that struck, if one did.
        processed: whether the call had its effect, whatever the bot was told.
        done: whether it is over, one way or the other.
    """

    method: str
    params: dict[str, Any]
    at: datetime
    files: dict[str, bytes] = field(default_factory=dict)
    answer: int = 0
    error: str | None = None
    fault: str | None = None
    processed: bool = False
    done: bool = False
    result: Any = None

    @property
    def chat_id(self) -> int | None:
        """The chat it is about."""
        chat_id = self.params.get("chat_id")
        return chat_id if isinstance(chat_id, int) else None

    def __str__(self) -> str:
        outcome = self.error or self.answer or "under way"
        shown = {name: value for name, value in self.params.items() if name != "allowed_updates"}
        return f"{self.method} {shown} -> {outcome}" + (f" ({self.fault})" if self.fault else "")
