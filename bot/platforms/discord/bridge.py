"""The bridge between Discord and the use cases: opens, listens, pushes, closes."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

import aiohttp
import discord
from discord.app_commands import CommandSyncFailure

from bot.core.message import Message
from bot.platforms.discord.breaker import Breaker
from bot.platforms.discord.client import Client, hush, point_at
from bot.platforms.discord.commands import Tree, plant, tell
from bot.platforms.discord.courier import Courier
from bot.platforms.discord.errors import TokenRejectedError, fatal, scrub
from bot.platforms.discord.intake import Intake
from bot.platforms.discord.mail import Mail
from bot.platforms.discord.updates import PLATFORM
from bot.platforms.pacer import Pacer
from bot.platforms.patience import Patience, Wait
from bot.study.chat import NotSent, Outcome
from bot.study.desk import Study

_LOG: Final = logging.getLogger(__name__)
_GRACE: Final = timedelta(seconds=5)
_REJECTIONS: Final = 3
_LONGEST_BACK_OFF_SECONDS: Final = 900.0
"""A bot that starts a thousand times a day loses its token (documentation: events/gateway)."""

_TELLINGS: Final = 8
_LONG_ENOUGH: Final = timedelta(minutes=10)
_PER_SECOND: Final = 45.0
_PUSHES_PER_SECOND: Final = 40.0
"""Discord takes 50 requests a second (documentation: topics/rate-limits)."""

_PASSING: Final = (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError)


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """How to reach Discord.

    Attributes:
        token: from the developer portal; never shown.
        api_base: the REST API.
        gateway_url: where the gateway is when the API does not say; None leaves Discord's own.

    Raises:
        ValueError: there is no token.
    """

    token: str = field(repr=False)
    api_base: str = "https://discord.com/api/v10"
    gateway_url: str | None = None

    def __post_init__(self) -> None:
        if not self.token:
            raise ValueError("Discord needs a token")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class DiscordBridge:
    """One bot on Discord.

    Args:
        study: the use cases.
        settings: how to reach Discord.
        now: the clock.
        rng: for jitter.
        wait: waits so many seconds before something is tried again.
        pacer: how fast Discord may be spoken to.
    """

    def __init__(
        self,
        study: Study,
        settings: DiscordSettings,
        *,
        now: Callable[[], datetime] = _utc_now,
        rng: random.Random | None = None,
        wait: Wait = asyncio.sleep,
        pacer: Pacer | None = None,
    ) -> None:
        self._study = study
        self._settings = settings
        self._now = now
        rng = rng or random.Random()  # noqa: S311 - jitter, no secret
        patience = Patience(wait, rng)
        self._back_off = Patience(wait, rng, longest_seconds=_LONGEST_BACK_OFF_SECONDS)
        self._breaker = Breaker(now)
        courier = Courier(self._current)
        pacer = pacer or Pacer(total_per_second=_PER_SECOND, pushes_per_second=_PUSHES_PER_SECOND)
        self._mail = Mail(courier, study, pacer=pacer, patience=patience, breaker=self._breaker)
        self._intake = Intake(study, self._mail, courier, patience, now)
        self._client: Client | None = None
        self._tree: Tree | None = None
        self._last_seen: datetime | None = None
        self._stopping = asyncio.Event()

    @property
    def platform(self) -> str:
        """The name accounts of Discord carry."""
        return PLATFORM

    @property
    def repeatable(self) -> bool:
        """A push carries its key as a nonce: sent again within minutes it is shown once."""
        return True

    @property
    def last_seen(self) -> datetime | None:
        """When the gateway last said something (it does so every 41 seconds); None before the first time."""
        return self._last_seen

    async def open(self) -> None:
        """Log in; tried until Discord answers. Pushes can go out from now on, without the gateway.

        Raises:
            TokenRejectedError: Discord refuses the token.
        """
        hush()
        point_at(self._settings.api_base, self._settings.gateway_url)
        rejections = 0
        for attempt in count():
            client = Client(self._intake, self._seen, self._breaker.trace())
            tree = plant(client, self._study.menu())
            try:
                await client.login(self._settings.token)
            except discord.LoginFailure:
                rejections += 1
            except _PASSING as exc:
                rejections = 0
                _LOG.warning("Discord cannot be reached: %s", scrub(f"{type(exc).__name__}: {exc}"))
            except BaseException:
                await client.close()
                raise
            else:
                self._client, self._tree = client, tree
                return
            await client.close()
            if rejections >= _REJECTIONS:
                raise TokenRejectedError
            await self._back_off.pause(attempt)

    async def listen(self) -> None:
        """Take what people do until `close`; a lost gateway is looked for again, each time after a longer while.

        Raises:
            TokenRejectedError: Discord refuses the token.
            GatewayRefusedError: Discord's gateway refuses the bot for good.
        """
        telling = asyncio.create_task(self._tell_commands())
        try:
            attempt = 0
            while not self._stopping.is_set():
                began = self._now()
                await self._connect()
                if self._stopping.is_set():
                    return
                attempt = 0 if self._now() - began > _LONG_ENOUGH else attempt + 1
                await self._unless_stopping(self._renew(attempt))
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def close(self) -> None:
        """Finish what is in hand, for at most five seconds; hang up."""
        self._stopping.set()
        await self._intake.stop(_GRACE.total_seconds())
        if self._client is not None:
            await self._client.close()

    async def push(self, chat: str, message: Message, *, key: str) -> Outcome:
        """Send one message nobody asked for; never raises for what Discord can do."""
        if self._client is None or self._client.is_closed():
            return NotSent("the bridge is not open")
        return await self._mail.push(chat, message, key=key)

    def _current(self) -> Client:
        if self._client is None:
            raise RuntimeError("the bridge is not open")
        return self._client

    def _seen(self) -> None:
        self._last_seen = self._now()

    async def _connect(self) -> None:
        """Stay at the gateway until it is lost, or until we close.

        Raises:
            TokenRejectedError, GatewayRefusedError: there is no point in trying again.
        """
        failure: Exception | None = None
        try:
            await self._current().connect()
        except Exception as exc:  # noqa: BLE001 - whatever comes over the wire, the bot goes on
            failure = fatal(exc)
            _LOG.warning("the gateway is lost: %s", scrub(f"{type(exc).__name__}: {exc}"))
        if failure is not None:
            raise failure  # outside the except block: what the library raised may know more than it should

    async def _renew(self, attempt: int) -> None:
        """Begin anew with a fresh client: the library cannot open a closed one again."""
        await self._back_off.pause(attempt)
        await self._current().close()
        await self.open()

    async def _unless_stopping(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
        finally:
            for future in (task, stopping):
                future.cancel()
            await asyncio.gather(task, stopping, return_exceptions=True)

    async def _tell_commands(self) -> None:
        for attempt in range(_TELLINGS):
            try:
                if self._tree is not None:
                    await tell(self._tree, self._study)
            except CommandSyncFailure as exc:
                _LOG.error("our own bug: Discord does not take the commands: %s", scrub(str(exc)))
            except Exception as exc:  # noqa: BLE001 - a bot without a menu is a bot
                _LOG.warning("the commands could not be told: %s", scrub(f"{type(exc).__name__}: {exc}"))
                await self._back_off.pause(attempt)
                continue
            return
