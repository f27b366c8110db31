"""People who study in tests: each does one thing after the other, reads the replies and presses what is offered."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.core.message import Choice, Message
from bot.study.desk import Study
from bot.study.requests import Account, Body, Command, Press, Request, Typed
from tests.conftest import NOW


def dice(seed: int) -> random.Random:
    """Return randomness that is the same in every run."""
    return random.Random(seed)  # noqa: S311 - repeatable on purpose


def choices(messages: Sequence[Message]) -> list[Choice]:
    """Return every button of some messages that does something here."""
    return [button for message in messages for row in message.rows for button in row if isinstance(button, Choice)]


class Person:
    """Somebody on a platform.

    Attributes:
        now: their moment; move it on to let time pass.
        said: the replies to the last thing they did.
        acts: how many things they did.
    """

    _keys: Iterator[int] = itertools.count(1)

    def __init__(
        self,
        study: Study,
        platform: str,
        id: str,  # noqa: A002 - as in Account
        *,
        locale: str = "en",
        name: str = "",
        zone: str = "",
    ) -> None:
        self.study = study
        self.account = Account(platform, id)
        self.locale, self.name, self.zone = locale, name, zone
        self.now: datetime = NOW
        self.said: tuple[Message, ...] = ()
        self.acts = 0

    def request(self, body: Body, *, key: str | None = None, private: bool = True, home_url: str = "") -> Request:
        """Return what a platform would hand in."""
        return Request(
            key=key or f"k{next(self._keys)}",
            account=self.account,
            chat=f"chat-{self.account.id}",
            private=private,
            body=body,
            home=f"chat-{self.account.id}" if private else "",
            home_url=home_url,
            locale=self.locale,
            name=self.name,
            zone=self.zone,
        )

    async def does(self, body: Body, **how: bool | str) -> tuple[Message, ...]:
        """Do one thing, read the replies, and let the platform report them delivered."""
        request = self.request(body, **how)  # type: ignore[arg-type]  # the same keywords
        self.acts += 1
        self.said = await self.study.handle(request, self.now)
        await self.study.delivered(self.account.platform, request.key)
        return self.said

    async def sends(self, command: str, args: str = "") -> tuple[Message, ...]:
        """Send a command."""
        return await self.does(Command(command, args))

    async def presses(self, action: str) -> tuple[Message, ...]:
        """Press a button that carries `action`, whether it was offered or not."""
        return await self.does(Press(action))

    async def types(self, text: str, action: str = "") -> tuple[Message, ...]:
        """Type something."""
        return await self.does(Typed(text, action))

    def offered(self, verb: str) -> list[str]:
        """Return the actions on the buttons of the last replies that begin with `verb`."""
        return [choice.action for choice in choices(self.said) if choice.action.split(":")[0] == verb]

    async def taps(self, verb: str, number: int = 0) -> tuple[Message, ...]:
        """Press a button that was offered."""
        return await self.presses(self.offered(verb)[number])

    @property
    def text(self) -> str:
        """Everything that was said last."""
        return "\n\n".join(message.text for message in self.said)

    async def settles_in(self, *, track: str = "short", minutes: int = 60, days: int = 127) -> Person:
        """Go through the first conversation by buttons; the push comes at 08:00."""
        await self.sends("start")
        for action in (f"track:{track}", f"min:{minutes}", f"days:{days}"):
            await self.presses(action)
        await self.presses(f"zone:{self.zone or 'Europe/Berlin'}")
        await self.presses("hour:480")
        return self
