"""The composition root: builds everything once, starts it in one process and one event loop, waits, stops."""

from __future__ import annotations

import asyncio
import random
import signal
import zoneinfo
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import structlog

from bot.clock import Clock, utc_now
from bot.core.roadmap import Roadmap
from bot.curriculum import load
from bot.platforms.discord import DiscordBridge, DiscordSettings
from bot.platforms.playground.bridge import PlaygroundBridge, PlaygroundSettings
from bot.platforms.playground.turning import TurnedClock
from bot.platforms.telegram import TelegramBridge, TelegramSettings
from bot.settings import Settings
from bot.store import Store, migrate
from bot.study.chat import Chat
from bot.study.desk import Study

_log = structlog.get_logger(__name__)
_STOP_WITHIN_SECONDS: Final = 8
"""Docker kills a container 10 seconds after it asked it to stop."""


class Bridge(Chat, Protocol):
    """A platform as the composition root sees it."""

    async def open(self) -> None:
        """Get ready to send."""

    async def listen(self) -> None:
        """Take requests until closed."""

    async def close(self) -> None:
        """Stop taking requests, finish what is under way, let go of the network."""


@dataclass(frozen=True, slots=True)
class House:
    """What every part of a running Xueban shares."""

    store: Store
    roadmap: Roadmap
    study: Study


def pin_time_zones() -> None:
    """Read time zones from the pinned tzdata package only, never from the machine's own files."""
    zoneinfo.reset_tzpath(to=())


@asynccontextmanager
async def built(settings: Settings, rng: random.Random | None = None) -> AsyncIterator[House]:
    """Bring the database up to date, load the curriculum, and yield what the rest is built on.

    Raises:
        CurriculumError: the curriculum has faults.
        MigrationError: the database cannot be used.
    """
    pin_time_zones()
    database = settings.database.get_secret_value()
    await asyncio.to_thread(migrate, database)
    roadmap = load(settings.curriculum)
    store = Store(database)
    try:
        yield House(store, roadmap, Study(store, roadmap, rng or random.SystemRandom()))
    finally:
        await store.close()


def bridge(name: str, settings: Settings, study: Study) -> Bridge:
    """Return the bridge of a platform, pointed at the server the settings name."""
    if name == "telegram":
        secret = settings.telegram_webhook_secret
        return TelegramBridge(
            study,
            TelegramSettings(
                token=settings.telegram_token.get_secret_value() if settings.telegram_token else "",
                api_root=settings.telegram_api,
                mode=settings.telegram_mode,
                webhook_url=settings.telegram_webhook_url,
                webhook_host=settings.telegram_webhook_host,
                webhook_port=settings.telegram_webhook_port,
                webhook_secret=secret.get_secret_value() if secret else "",
            ),
        )
    if name == "discord":
        token = settings.discord_token.get_secret_value() if settings.discord_token else ""
        gateway = settings.discord_gateway or None
        api = {"api_base": settings.discord_api} if settings.discord_api else {}
        return DiscordBridge(study, DiscordSettings(token=token, gateway_url=gateway, **api))
    playground = PlaygroundSettings(host=settings.playground_host, port=settings.playground_port)
    return PlaygroundBridge(study, playground, TurnedClock(utc_now()))


async def run(settings: Settings, roles: Sequence[str], *, ready: Callable[[Sequence[Bridge]], None]) -> None:
    """Run the platforms and the clock named in `roles` until the process is asked to stop.

    A platform without a role in `roles` is still opened when the clock runs, so that its pushes can go out.

    Raises:
        Exception: what a platform cannot recover from (a rejected token, for instance); the others are stopped first.
    """
    wanted = [name for name in settings.platforms if name in roles or "clock" in roles]
    if "playground" in roles and "playground" not in wanted:
        wanted.append("playground")
    async with built(settings) as house, AsyncExitStack() as stack:
        bridges = [bridge(name, settings, house.study) for name in wanted]
        for one in bridges:
            await one.open()
            stack.push_async_callback(_close, one)
        if "clock" in roles:
            # The playground turns a clock of its own and ticks by it; the real clock must not push for it.
            chats = [one for one in bridges if one.platform != "playground"]
            clock = Clock(house.study, chats, lambda now: _beat(house, settings.health_file, now))
            clock.start()
            stack.callback(clock.stop)
        ready(bridges)
        await _until_stopped([one for one in bridges if one.platform in roles])


async def _until_stopped(listening: Sequence[Bridge]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # not on every system; there Ctrl+C raises instead
            loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(one.listen(), name=one.platform) for one in listening]
    waiter = asyncio.create_task(stop.wait(), name="stop")
    try:
        done, _ = await asyncio.wait([*tasks, waiter], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {waiter}:
            task.result()
    finally:
        waiter.cancel()
        for one in listening:
            await _close(one)
        await asyncio.gather(*tasks, return_exceptions=True)


async def _close(one: Bridge) -> None:
    try:
        async with asyncio.timeout(_STOP_WITHIN_SECONDS):
            await one.close()
    except Exception:  # noqa: BLE001 - one platform that closes badly must not keep the others from closing
        _log.exception("a platform did not close well", platform=one.platform)


async def _beat(house: House, health_file: Path | None, now: datetime) -> None:
    """Show that the process is alive: the database answers, so write the time where a health check looks."""
    await house.study.remember("heartbeat", now.isoformat())
    if health_file is not None:
        await asyncio.to_thread(health_file.write_text, now.isoformat(), "utf-8")
