"""The mail: replies until they are there, in order; pushes once, with their outcome."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.core.message import Message
from bot.platforms.discord.breaker import Breaker
from bot.platforms.discord.courier import Courier, nonce
from bot.platforms.discord.errors import classify, is_ban
from bot.platforms.discord.render import Part, render
from bot.platforms.discord.updates import PLATFORM, AnyInteraction
from bot.platforms.pacer import Pacer
from bot.platforms.patience import Patience
from bot.study.chat import Bug, Gone, NotSent, Outcome, Sent, StoreBusyError, Unknown, Wait
from bot.study.desk import Study

_LOG: Final = logging.getLogger(__name__)
_ATTEMPTS: Final = 6
_LONGEST_WAIT: Final = timedelta(minutes=2)
_CALL_SECONDS: Final = 60.0
_REMEMBERED: Final = 2000


@dataclass(frozen=True, slots=True)
class Letter:
    """The replies to one request.

    Attributes:
        key: of the request.
        channel: where it happened.
        replies: what to say.
        in_dm: the channel is the person's own chat with the bot.
        interaction: what waits for the answer; None for a text, or when it is not known any more.
        spins: the first reply takes the place of a message that says "… is thinking".
        replaces: a reply may take the place of the message whose button was pressed.
        apology: it is no reply of the use cases, so they are not told of its delivery.
    """

    key: str
    channel: int
    replies: tuple[Message, ...]
    in_dm: bool
    interaction: AnyInteraction | None = None
    spins: bool = False
    replaces: bool = False
    apology: bool = False


class Mail:
    """Everything we say on Discord."""

    def __init__(self, courier: Courier, study: Study, *, pacer: Pacer, patience: Patience, breaker: Breaker) -> None:
        self._courier = courier
        self._study = study
        self._pacer = pacer
        self._patience = patience
        self._breaker = breaker
        self._shown: OrderedDict[str, None] = OrderedDict()

    def was_shown(self, key: str) -> bool:
        """Tell whether the replies to a request went out, as far as this process remembers."""
        return key in self._shown

    async def deliver(self, letter: Letter) -> None:
        """Say everything and tell the use cases; what the network does not let through stays theirs."""
        try:
            if not await self._speak(letter) or letter.apology:
                return
            self._shown[letter.key] = None
            if len(self._shown) > _REMEMBERED:
                self._shown.popitem(last=False)
            await self._study.delivered(PLATFORM, letter.key)
        except StoreBusyError:
            _LOG.warning("the store is busy: reply %s is noted as delivered later", letter.key)
        except Exception:  # noqa: BLE001 - a bug of ours in one letter must not hurt the next
            _LOG.exception("reply %s could not be delivered", letter.key)

    async def push(self, chat: str, message: Message, *, key: str) -> Outcome:
        """Send what nobody asked for; under the same key it may be sent again, and is shown once."""
        if not chat.isdecimal():
            return Bug(f"{chat!r} is no channel of Discord")
        patience = max(self._breaker.pause(), timedelta(seconds=self._pacer.parked_seconds(chat)))
        if patience:
            return Wait(patience)
        outcome: Outcome = NotSent("nothing to say")
        for number, part in enumerate(render(message)):
            await self._pacer.turn(chat, push=True)
            sending = self._sending(int(chat), part, nonce(key, number), silent=message.silent)
            outcome = await self._attempt(chat, sending)
            if not isinstance(outcome, Sent):
                return outcome if number == 0 else Unknown(f"only {number} of the parts are there: {outcome}")
        return outcome

    async def _speak(self, letter: Letter) -> bool:
        """Say everything; return False when it should be tried again later."""
        spins, replaces, number = letter.spins, letter.replaces, 0
        for reply in letter.replies:
            for at, part in enumerate(render(reply)):
                edits = spins or (at == 0 and reply.replaces and replaces)
                spins, replaces = False, replaces and not edits
                outcome = await self._show(letter, part, number, edits=edits, silent=reply.silent)
                number += 1
                lost = isinstance(outcome, Unknown) and letter.in_dm  # a repeat with the same nonce does no harm
                if lost or isinstance(outcome, NotSent | Wait):
                    _LOG.warning("reply %s is given up for now: %s", letter.key, outcome)
                    return False
                if not isinstance(outcome, Sent):
                    _LOG.warning("reply %s: %s", letter.key, outcome)
        return True

    async def _show(self, letter: Letter, part: Part, number: int, *, edits: bool, silent: bool) -> Outcome:
        """Show one part; where Discord does not like its looks, its words alone."""
        outcome = await self._show_as(letter, part, number, edits=edits, silent=silent)
        if isinstance(outcome, Bug) and (part.rows or part.picture):
            _LOG.error("our own bug: Discord does not take what we built: %s", outcome.reason)
            bare = replace(part, rows=(), picture=None)
            return await self._show_as(letter, bare, number, edits=edits, silent=silent)
        return outcome

    async def _show_as(self, letter: Letter, part: Part, number: int, *, edits: bool, silent: bool) -> Outcome:
        """Edit where there is something to edit, else send; only a follow-up can be shown twice."""
        outcome: Outcome = Gone("there is no way left to answer")
        interaction, here = letter.interaction, str(letter.channel)
        if interaction is not None and edits:
            outcome = await self._persist(here, lambda: self._courier.edit(interaction, part), repeatable=True)
            if not isinstance(outcome, Gone):
                return outcome
        if letter.in_dm:
            sending = self._sending(letter.channel, part, nonce(letter.key, number), silent=silent)
            outcome = await self._persist(here, sending, repeatable=True, paced=True)
            if not isinstance(outcome, Gone):
                return outcome
        if interaction is None:
            return outcome
        return await self._persist(
            here,
            lambda: self._courier.follow_up(interaction, part, ephemeral=not letter.in_dm, silent=silent),
            repeatable=False,
        )

    def _sending(self, channel: int, part: Part, name: str, *, silent: bool) -> Callable[[], Awaitable[str]]:
        return lambda: self._courier.send(channel, part, name=name, silent=silent)

    async def _persist(
        self, lot: str, call: Callable[[], Awaitable[str]], *, repeatable: bool, paced: bool = False
    ) -> Outcome:
        """Try until it is clear what became of it; what may be there already is sent again only if `repeatable`."""
        outcome: Outcome = NotSent("never tried")
        for attempt in range(_ATTEMPTS):
            if paced:
                await self._pacer.turn(lot)
            outcome = await self._attempt(lot, call)
            match outcome:
                case Wait(delay) if delay <= _LONGEST_WAIT:
                    await self._patience.pause(attempt, at_least_seconds=delay.total_seconds())
                case NotSent():
                    await self._patience.pause(attempt)
                case Unknown() if repeatable:
                    await self._patience.pause(attempt)
                case _:
                    break
        return outcome

    async def _attempt(self, lot: str, call: Callable[[], Awaitable[str]]) -> Outcome:
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                return Sent(await call())
        except Exception as exc:  # noqa: BLE001 - every failure has its outcome
            outcome, ban = classify(exc), is_ban(exc)
        if isinstance(outcome, Wait):
            if ban:
                self._breaker.trip(outcome.delay)
            else:
                self._pacer.park(lot, outcome.delay.total_seconds())
        return outcome
