"""Homes: where each person's own chat with the bot is, opened once for those who are met elsewhere."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import replace
from typing import Final

from bot.platforms.discord.courier import Courier
from bot.platforms.discord.errors import scrub
from bot.study.requests import Command, Request

_LOG: Final = logging.getLogger(__name__)
_KEPT: Final = 10_000


class Homes:
    """Remembers the private chats seen lately; the use cases keep them for good."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._known: OrderedDict[str, str] = OrderedDict()

    async def add_to(self, request: Request) -> Request:
        """Return the request with the person's private chat, as far as it is known or can be opened.

        It is opened only for a person who starts or presses something right now: Discord takes a bot that opens
        many chats by itself for a nuisance.
        """
        person = request.account.id
        home = request.home or self._known.get(person, "")
        wanted = not isinstance(request.body, Command) or request.body.name == "start"
        if not home and wanted:
            home = await self._open(person)
        if home:
            self._remember(person, home)
        if request.home or not home:
            return request
        return replace(request, home=home, home_url=f"https://discord.com/channels/@me/{home}")

    async def _open(self, person: str) -> str:
        try:
            return await self._courier.open_dm(int(person))
        except Exception as exc:  # noqa: BLE001 - without it there are no pushes, but answers
            _LOG.info("no private chat with %s: %s", person, scrub(str(exc)))
            return ""

    def _remember(self, person: str, home: str) -> None:
        self._known[person] = home
        self._known.move_to_end(person)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
