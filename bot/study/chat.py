"""The one protocol: how the use cases send something nobody asked for, and what can become of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.core.message import Message
from bot.store import StoreBusyError

__all__ = ["Bug", "Chat", "Gone", "Moved", "NotSent", "Outcome", "Sent", "StoreBusyError", "Unknown", "Wait"]


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform has it; `message_id` is the platform's id of the (first part of the) message."""

    message_id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly never arrived; trying again cannot show it twice."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The connection broke after the request left: it may or may not have been shown."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The person or place cannot be reached (blocked, deactivated, closed, left) until they act again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new id; everything stored under the old one belongs to it."""

    chat: str


@dataclass(frozen=True, slots=True)
class Wait:
    """The platform asks for patience: it never arrived, and may be sent again after `delay`."""

    delay: timedelta


@dataclass(frozen=True, slots=True)
class Bug:
    """The platform refused what we built; sending the same again is refused again."""

    reason: str


Outcome = Sent | NotSent | Unknown | Gone | Moved | Wait | Bug


class Chat(Protocol):
    """A platform, as far as a push is concerned."""

    @property
    def platform(self) -> str:
        """The name accounts of this platform carry ("telegram", "discord", "playground")."""

    @property
    def repeatable(self) -> bool:
        """True when sending again under the same key within minutes shows nothing twice."""

    async def push(self, chat: str, message: Message, *, key: str) -> Outcome:
        """Send one message nobody asked for to the platform's `chat`; never raises for what a platform can do."""
