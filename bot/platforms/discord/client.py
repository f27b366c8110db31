"""The library's client as we need it: nothing kept in memory, no privileged intent, everything to the intake."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.platforms.discord.intake import Intake

_LONGEST_WAIT_SECONDS: Final = 30.0
_INTENTS: Final = discord.Intents(guilds=True, dm_messages=True)
_RECEIVED: Final = "socket_raw_receive"
_SENT: Final = "socket_raw_send"


def point_at(api_base: str, gateway_url: str | None) -> None:
    """Let the library speak to this server; it knows one for the whole process."""
    Route.BASE = api_base.rstrip("/")
    if gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


def hush() -> None:
    """Keep the library from logging addresses and events, which hold the tokens of interactions, when debugging."""
    logger = logging.getLogger("discord")
    logger.setLevel(max(logging.INFO, logger.getEffectiveLevel()))


class Client(discord.AutoShardedClient):
    """Hands on what people do.

    Args:
        intake: takes it.
        alive: called whenever the gateway sends something, heartbeats included.
        trace: sees every request.
    """

    def __init__(self, intake: Intake, alive: Callable[[], None], trace: aiohttp.TraceConfig) -> None:
        super().__init__(
            intents=_INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=0,  # nobody here waits for `ready`
            max_ratelimit_timeout=_LONGEST_WAIT_SECONDS,
            enable_debug_events=True,
            http_trace=trace,
        )
        self._intake = intake
        self._alive = alive

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell of events; the two that come with every frame are only signs of life."""
        if event == _RECEIVED:
            self._alive()
        elif event != _SENT:
            super().dispatch(event, *args, **kwargs)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Hand it on: one place for commands, presses and forms, whether or not this process made them."""
        await self._intake.interact(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Hand it on."""
        await self._intake.hear(message)

    async def on_shard_connect(self, shard: int) -> None:
        """Catch up: what happened while nobody listened is lost, what we owe is not."""
        await self._catch_up(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """Do the same after a short interruption."""
        await self._catch_up(shard)

    async def _catch_up(self, shard: int) -> None:
        if shard == 0:  # the one that private chats belong to
            await self._intake.resume()
