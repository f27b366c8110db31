"""The desk where every request arrives: applied once, answered in the learner's language, replies kept until delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.language import Language, Text
from bot.core.message import Message
from bot.study.chat import Chat
from bot.study.requests import Account, Request


@dataclass(frozen=True, slots=True)
class MenuRow:
    """A command as a platform's menu shows it; `argument` describes the optional text after it, where it takes one."""

    name: str
    localized: Text
    description: Text
    argument: Text | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """Replies that were decided but perhaps never delivered: the process died in between."""

    key: str
    chat: str
    replies: tuple[Message, ...]


class Study:
    """Every use case behind one door per kind of caller: platforms (`handle` …) and the clock (`tick`)."""

    async def handle(self, request: Request, now: datetime) -> tuple[Message, ...]:
        """Apply what a person did and return what to say, in order; never raises for anything a person can do.

        The effect and the replies are committed together before this returns. The same `request.key` again applies
        nothing: it returns the replies that were not reported `delivered` yet, else ().

        Raises:
            StoreBusyError: the database is out of reach; nothing was applied, hand the same request in again later.
        """
        raise NotImplementedError

    async def delivered(self, platform: str, key: str) -> None:
        """Forget the replies to `key`: the person has them."""

    async def undelivered(self, platform: str, now: datetime) -> Sequence[Pending]:
        """Return the replies of the last ten minutes that were never reported delivered, oldest first."""
        raise NotImplementedError

    async def set_aside(self, platform: str, key: str, raw: str, error: str, now: datetime) -> None:
        """Keep an update that cannot be parsed or handled for the owner to look at; the others go on."""

    async def unreachable(self, account: Account, reason: str, now: datetime) -> None:
        """Stop pushes to an account that blocked the bot or is gone; its next request ends that."""

    async def reachable(self, account: Account, now: datetime) -> None:
        """The person unblocked the bot: pushes may go on."""

    async def moved(self, platform: str, old: str, new: str) -> None:
        """A chat has a new id: rewrite it everywhere; harmless when repeated or told in either order."""

    async def fact(self, name: str) -> str | None:
        """Return what a platform asked to remember under `name` (for instance the hash of its command menu)."""
        raise NotImplementedError

    async def remember(self, name: str, value: str) -> None:
        """Keep a platform's `value` under `name`."""

    def menu(self) -> tuple[MenuRow, ...]:
        """Return the commands a platform should offer, in the order of the COMMANDS table."""
        raise NotImplementedError

    def say(self, language: Language, key: str, **values: str | int | datetime) -> str:
        """Return one sentence of the catalogue, for the few words a platform needs itself (form titles, descriptions)."""
        raise NotImplementedError

    async def tick(self, now: datetime, chats: Sequence[Chat]) -> int:
        """Claim what is due for these chats, send it, record what became of it; return how many pushes were tried."""
        raise NotImplementedError
