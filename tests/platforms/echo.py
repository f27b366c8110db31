"""A study in memory that says back what it hears: it keeps the desk's promises, and fails when told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.core.language import Language, Text
from bot.core.markdown import escape
from bot.core.message import Message
from bot.study.chat import Chat, StoreBusyError
from bot.study.desk import MenuRow, Pending, Study
from bot.study.requests import Account, Request, Typed

MENU: Final = (
    MenuRow("today", Text("今天", "today"), Text("今天的一课", "Today's lesson")),
    MenuRow("quiz", Text("测验", "quiz"), Text("随时练一题", "A question now")),
)


def echo(request: Request) -> tuple[Message, ...]:
    """Say back a text; name everything else."""
    if isinstance(request.body, Typed):
        return (Message(f"you said: {escape(request.body.text)}"),)
    return (Message(f"you did: {escape(repr(request.body))}"),)


class EchoStudy(Study):
    """The desk's contract in memory; it outlives a bridge as a database outlives a process.

    Attributes:
        script: what to say to a request.
        applied: every request that took effect, in order.
        waiting: replies that were not reported delivered.
        busy: how many calls from now on find the store out of reach.
        at: called at every point where a process may die, with its name.
        notes: what else the bridge reported, in order.
    """

    def __init__(self) -> None:
        self.script: Callable[[Request], tuple[Message, ...]] = echo
        self.applied: list[Request] = []
        self.waiting: dict[str, Pending] = {}
        self.aside: dict[str, tuple[str, str]] = {}
        self.facts: dict[str, str] = {}
        self.notes: list[tuple[str, ...]] = []
        self.busy = 0
        self.at: Callable[[str], None] = lambda _: None
        self.rows: tuple[MenuRow, ...] = MENU

    @property
    def keys(self) -> list[str]:
        """The keys of what took effect, in order."""
        return [request.key for request in self.applied]

    @property
    def texts(self) -> list[str]:
        """What people typed, in the order it took effect."""
        return [request.body.text for request in self.applied if isinstance(request.body, Typed)]

    async def handle(self, request: Request, now: datetime) -> tuple[Message, ...]:
        """Apply a request once; see the contract."""
        del now
        await self._point("before commit")
        if self.busy:
            self.busy -= 1
            raise StoreBusyError("busy")
        if request.key in self.keys:
            pending = self.waiting.get(request.key)
            return pending.replies if pending else ()
        replies = self.script(request)
        self.applied.append(request)
        if replies:
            self.waiting[request.key] = Pending(request.key, request.chat, replies)
        await self._point("after commit")
        return replies

    async def delivered(self, platform: str, key: str) -> None:
        """Forget the replies."""
        await self._point(f"before noting a delivery on {platform}")
        self.waiting.pop(key, None)

    async def undelivered(self, platform: str, now: datetime) -> Sequence[Pending]:
        """Return the replies that nobody reported delivered."""
        del now
        await self._point(f"before reading what is undelivered on {platform}")
        return list(self.waiting.values())

    async def set_aside(self, platform: str, key: str, raw: str, error: str, now: datetime) -> None:
        """Keep what cannot be used."""
        del now
        await self._point(f"before setting aside on {platform}")
        if self.busy:
            self.busy -= 1
            raise StoreBusyError("busy")
        self.aside[key] = (raw, error)

    async def unreachable(self, account: Account, reason: str, now: datetime) -> None:
        """Note who went."""
        del now, reason
        self.notes.append(("unreachable", account.platform, account.id))

    async def reachable(self, account: Account, now: datetime) -> None:
        """Note who came back."""
        del now
        self.notes.append(("reachable", account.platform, account.id))

    async def moved(self, platform: str, old: str, new: str) -> None:
        """Note which chat has a new id."""
        self.notes.append(("moved", platform, old, new))

    async def fact(self, name: str) -> str | None:
        """Return what was remembered."""
        return self.facts.get(name)

    async def remember(self, name: str, value: str) -> None:
        """Remember."""
        self.facts[name] = value

    def menu(self) -> tuple[MenuRow, ...]:
        """Return two commands."""
        return self.rows

    def say(self, language: Language, key: str, **values: str | int | datetime) -> str:
        """Return the key itself."""
        return f"{language}: {key}{values or ''}"

    async def tick(self, now: datetime, chats: Sequence[Chat]) -> int:
        """Do nothing: no one here wants pushes."""
        del now, chats
        return 0

    async def _point(self, name: str) -> None:
        self.at(name)
        await asyncio.sleep(0)
        self.at(f"{name}, later")
