"""The intake: acknowledges at once, lets the use cases work, and hands what they say to the mail."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal

import discord

from bot.core.language import LANGUAGES
from bot.core.message import Message
from bot.platforms.discord.components import form
from bot.platforms.discord.courier import Courier
from bot.platforms.discord.errors import classify, is_acknowledged, is_expired, scrub
from bot.platforms.discord.homes import Homes
from bot.platforms.discord.lanes import Lanes
from bot.platforms.discord.mail import Letter, Mail
from bot.platforms.discord.render import render
from bot.platforms.discord.updates import (
    PLATFORM,
    AnyInteraction,
    Asked,
    Opens,
    in_dm,
    language_of,
    raw,
    read,
    read_text,
)
from bot.platforms.patience import Patience
from bot.study.chat import StoreBusyError
from bot.study.desk import Pending, Study
from bot.study.requests import Request

_LOG: Final = logging.getLogger(__name__)
_ACK_SECONDS: Final = 2.5
_ACK_ATTEMPTS: Final = 2
_BUSY_ATTEMPTS: Final = 6
_APOLOGY: Final = "our-fault"

Acknowledged = Literal["now", "before", "perhaps", "too late"]
"""What became of the first answer: ours, one of an earlier try or another process, nobody knows, in vain."""


class Intake:
    """Takes what people do; whatever goes wrong, they get an answer.

    Args:
        study: the use cases.
        mail: carries the replies.
        courier: opens private chats.
        patience: paces what is tried again.
        now: the clock.
    """

    def __init__(
        self, study: Study, mail: Mail, courier: Courier, patience: Patience, now: Callable[[], datetime]
    ) -> None:
        self._study = study
        self._mail = mail
        self._courier = courier
        self._patience = patience
        self._now = now
        self._lanes = Lanes()
        self._homes = Homes(courier)
        self._in_hand: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def interact(self, interaction: AnyInteraction) -> None:
        """Deal with a command, a press or a form."""
        await self._hold(self._interact(interaction))

    async def hear(self, message: discord.Message) -> None:
        """Deal with a message in the bot's private chat."""
        asked = read_text(message)
        if asked is not None:
            await self._hold(self._work(asked, None))

    async def resume(self) -> None:
        """Say what was decided but perhaps never shown, where that can still be done: in private chats."""
        await self._hold(self._resume())

    async def stop(self, limit_seconds: float) -> None:
        """Take nothing more, and finish what is in hand, but not for longer than the limit."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=limit_seconds)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hold(self, work: Coroutine[Any, Any, None]) -> None:
        """See a piece of work through, so that `stop` knows of it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._stopping:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _interact(self, interaction: AnyInteraction) -> None:
        try:
            event = read(interaction)
        except Exception as exc:  # noqa: BLE001 - whatever came in, a person waits for an answer
            await self._fail(interaction, exc)
            return
        match event:
            case Opens():
                await self._open_form(event)
            case Asked():
                acknowledging = asyncio.create_task(self._acknowledge(interaction, event))
                try:
                    await self._work(event, acknowledging)
                finally:
                    acknowledging.cancel()
            case None:
                pass

    async def _open_form(self, opens: Opens) -> None:
        """Open the form at once: nothing may come before it."""
        interaction = opens.interaction
        try:
            await interaction.response.send_modal(form(self._study, opens.action, language_of(interaction)))
        except Exception as exc:  # noqa: BLE001 - a person waits for an answer
            if not is_acknowledged(exc) and not is_expired(exc):
                await self._fail(interaction, exc)

    async def _acknowledge(self, interaction: AnyInteraction, asked: Asked) -> Acknowledged:
        """Tell Discord that we are at work, before anything else is done."""
        for _ in range(_ACK_ATTEMPTS):
            try:
                async with asyncio.timeout(_ACK_SECONDS):
                    await interaction.response.defer(thinking=asked.spins, ephemeral=not asked.in_dm)
            except Exception as exc:  # noqa: BLE001 - the answer may still find its way
                if is_acknowledged(exc):
                    return "before"
                _LOG.warning("interaction %s was not acknowledged: %s", asked.request.key, scrub(str(exc)))
                if is_expired(exc):
                    return "too late"
            else:
                return "now"
        return "perhaps"

    async def _work(self, asked: Asked, acknowledging: asyncio.Future[Acknowledged] | None) -> None:
        """Apply a request after those the same person made before it, and say the replies."""
        key = asked.request.key
        self._in_hand.add(key)
        try:
            async with self._lanes.turn(asked.request.account.id):
                done = "now" if acknowledging is None else await acknowledging
                if done == "too late":
                    if not asked.in_dm:
                        return  # nobody would see what came of it; they press again
                    asked = replace(asked, interaction=None, spins=False, replaces=False)
                await self._answer(asked, done)
        except Exception as exc:  # noqa: BLE001 - one bad request must not hurt the next
            _LOG.exception("request %s failed", key)
            await self._apologise(asked, exc)
        finally:
            self._in_hand.discard(key)

    async def _answer(self, asked: Asked, acknowledged: Acknowledged) -> None:
        replies = await self._handle(await self._homes.add_to(asked.request))
        if replies:
            await self._mail.deliver(_letter(asked, replies))
        elif asked.interaction is not None and asked.spins and acknowledged == "now":
            await self._courier.withdraw(asked.interaction)

    async def _handle(self, request: Request) -> tuple[Message, ...]:
        """Let the use cases work, again later while the store is busy.

        Raises:
            StoreBusyError: it stayed busy.
        """
        for attempt in range(_BUSY_ATTEMPTS):
            try:
                return await self._study.handle(request, self._now())
            except StoreBusyError:
                _LOG.warning("the store is busy: request %s waits", request.key)
            await self._patience.pause(attempt)
        return await self._study.handle(request, self._now())

    async def _apologise(self, asked: Asked, exc: Exception) -> None:
        interaction = asked.interaction
        try:
            if interaction is not None and not isinstance(exc, StoreBusyError):
                await self._set_aside(interaction, exc)
            sorry = Message(self._sorry(interaction))
            await self._mail.deliver(replace(_letter(asked, (sorry,)), apology=True))
        except Exception:  # noqa: BLE001 - there is nothing left to try
            _LOG.exception("not even an apology for request %s", asked.request.key)

    async def _fail(self, interaction: AnyInteraction, exc: Exception) -> None:
        """Apologise for an interaction that was not even acknowledged."""
        _LOG.error("interaction %s cannot be used: %s", interaction.id, classify(exc), exc_info=exc)
        try:
            await self._set_aside(interaction, exc)
            words = render(Message(self._sorry(interaction)))[0].text
            await interaction.response.send_message(words, ephemeral=not in_dm(interaction))
        except Exception:  # noqa: BLE001 - there is nothing left to try
            _LOG.exception("not even an apology for interaction %s", interaction.id)

    def _sorry(self, interaction: AnyInteraction | None) -> str:
        """Return the apology, in every language where that of the person is not known."""
        languages = LANGUAGES if interaction is None else (language_of(interaction),)
        return "\n\n".join(self._study.say(language, _APOLOGY) for language in languages)

    async def _set_aside(self, interaction: AnyInteraction, exc: Exception) -> None:
        error = scrub(f"{type(exc).__name__}: {exc}")
        await self._study.set_aside(PLATFORM, str(interaction.id), raw(interaction), error, self._now())

    async def _resume(self) -> None:
        try:
            for pending in await self._study.undelivered(PLATFORM, self._now()):
                if self._mail.was_shown(pending.key):
                    await self._study.delivered(PLATFORM, pending.key)
                elif pending.key not in self._in_hand:
                    await self._say_again(pending)
        except Exception:  # noqa: BLE001 - what is lost here is a few replies, not the bot
            _LOG.exception("undelivered replies could not be said")

    async def _say_again(self, pending: Pending) -> None:
        """Say replies in a private chat; elsewhere only the interaction, which nobody has any more, could show them."""
        if pending.chat.isdecimal() and await self._courier.is_dm(int(pending.chat)):
            await self._mail.deliver(Letter(pending.key, int(pending.chat), pending.replies, in_dm=True))
        else:
            await self._study.delivered(PLATFORM, pending.key)


def _letter(asked: Asked, replies: tuple[Message, ...]) -> Letter:
    request = asked.request
    return Letter(
        key=request.key,
        channel=int(request.chat or 0),
        replies=replies,
        in_dm=asked.in_dm,
        interaction=asked.interaction,
        spins=asked.spins,
        replaces=asked.replaces,
    )
