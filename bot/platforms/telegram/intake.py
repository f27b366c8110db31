"""The intake, shared by polling and webhook: one raw update in, its effect committed, replies mailed."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from telegram import Update

from bot.core.markdown import plain
from bot.core.message import Message
from bot.platforms.telegram.errors import scrub
from bot.platforms.telegram.mail import Letter, Mail
from bot.platforms.telegram.updates import (
    PLATFORM,
    Asked,
    Blocked,
    Event,
    Me,
    Migrated,
    Place,
    Stray,
    Unblocked,
    read,
    update_id,
)
from bot.study.chat import StoreBusyError
from bot.study.desk import Study

_LOG: Final = logging.getLogger(__name__)
_MAX_ALERT: Final = 200
"""Characters of an answer to a press (Bot API reference, answerCallbackQuery)."""


class Intake:
    """Takes updates, in whatever order it is asked to."""

    def __init__(self, study: Study, mail: Mail, me: Me, now: Callable[[], datetime]) -> None:
        self._study = study
        self._mail = mail
        self._me = me
        self._now = now

    async def accept(self, raw: object) -> None:
        """Return when the effect of one update is committed; an update that nobody can use is set aside.

        Raises:
            StoreBusyError: nothing was applied; hand it in again later.
        """
        event: Event = None
        try:
            event = _event(raw, self._me)
            await self._apply(event)
        except StoreBusyError:
            raise
        except Exception as exc:  # noqa: BLE001 - a bug must not stop the others
            _LOG.exception("update %s cannot be used", update_id(raw))
            await self._set_aside(raw, f"{type(exc).__name__}: {scrub(str(exc))}")
            if isinstance(event, Asked | Stray) and event.query:
                self._mail.answer(event.query)

    async def accept_text(self, body: bytes) -> None:
        """Do the same with an update as it came over the wire; what is no JSON is set aside too."""
        raw: object
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            raw = body.decode(errors="replace")
        await self.accept(raw)

    async def _apply(self, event: Event) -> None:
        match event:
            case Asked():
                await self._ask(event)
            case Blocked():
                await self._study.unreachable(event.account, "the person blocked the bot", self._now())
            case Unblocked():
                await self._study.reachable(event.account, self._now())
            case Migrated():
                await self._study.moved(PLATFORM, event.old, event.new)
            case Stray():
                self._mail.answer(event.query)
            case None:
                pass

    async def _ask(self, asked: Asked) -> None:
        """Answer a press in a private chat before the work, elsewhere after it: it may say something."""
        request = asked.request
        if asked.query and request.private:
            self._mail.answer(asked.query)
        replies: Sequence[Message] = await self._study.handle(request, self._now())
        anything = bool(replies)
        if asked.query and not request.private:
            alert, replies = _split(replies)
            self._mail.answer(asked.query, alert)
        if not anything:
            return
        self._mail.post(
            Letter(
                key=request.key,
                place=Place.parse(request.chat),
                replies=tuple(replies),
                pressed=asked.pressed,
                person=int(request.account.id),
                door=request.home_url,
            )
        )

    async def _set_aside(self, raw: object, error: str) -> None:
        text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=True, default=str)
        number = update_id(raw)
        key = str(number) if number is not None else hashlib.sha256(text.encode(errors="replace")).hexdigest()
        await self._study.set_aside(PLATFORM, key, text, error, self._now())


def _event(raw: object, me: Me) -> Event:
    if not isinstance(raw, dict):
        raise TypeError(f"an update is an object, not {type(raw).__name__}")
    fields: dict[str, Any] = raw
    return read(Update.de_json(fields), me)


def _split(replies: Sequence[Message]) -> tuple[str, Sequence[Message]]:
    """Take out the first reply that fits into the answer to a press, which only the presser sees."""
    for at, reply in enumerate(replies):
        text = plain(reply.text).strip()
        if reply.private and not reply.rows and reply.picture is None and 0 < len(text) <= _MAX_ALERT:
            return text, (*replies[:at], *replies[at + 1 :])
    return "", replies
