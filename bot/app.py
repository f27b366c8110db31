"""The composition root: builds everything once, starts it in one process and one event loop, waits, stops."""

from __future__ import annotations

import asyncio
import random
import signal
import zoneinfo
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
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
from bot.store import Store, migrate, sqlite_file
from bot.study.chat import Chat
from bot.study.desk import Study

_log = structlog.get_logger(__name__)
_STOP_WITHIN_SECONDS: Final = 7
"""Docker kills a container 10 seconds after it asked it to stop."""

_HEARD_WITHIN: Final = timedelta(seconds=90)
"""Telegram answers a poll within 25 seconds, Discord's gateway a heartbeat every 41."""


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
        StoreBusyError: the database is out of reach.
    """
    pin_time_zones()
    database = settings.database.get_secret_value()
    store = Store(database)
    try:
        if sqlite_file(database) is None:
            await store.ping()
        await asyncio.to_thread(migrate, database)
        roadmap = load(settings.curriculum)
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
                per_second=settings.telegram_per_second,
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


async def run(settings: Settings, roles: Sequence[str], *, ready: Callable[[Bridge], None]) -> None:
    """Run the platforms and the clock named in `roles` until the process is asked to stop.

    A platform without a role in `roles` is still opened when the clock runs, so that its pushes can go out. The
    platforms do not wait for each other: while one is out of reach the others serve. `ready` is told of each.

    Raises:
        Exception: what a platform cannot recover from (a rejected token, for instance); the others are stopped first.
    """
    stop = _asked_to_stop()
    async with built(settings) as house:
        bridges = [bridge(name, settings, house.study) for name in _wanted(settings, roles)]
        chats: list[Chat] = []

        def opened(one: Bridge) -> None:
            # The playground turns a clock of its own and ticks by it; the real clock must not push for it.
            if one.platform != "playground":
                chats.append(one)
            ready(one)

        listening = {one.platform: one for one in bridges if one.platform in roles}
        if settings.telegram_mode == "webhook":  # there Telegram has nothing to say while nobody writes
            watched = [one for name, one in listening.items() if name != "telegram"]
        else:
            watched = list(listening.values())
        clock = Clock(house.study, chats, partial(beat, house.study, settings.health_file, watched, utc_now()))
        tasks = [
            asyncio.create_task(_serve(one, opened, stop, listens=one.platform in listening), name=one.platform)
            for one in bridges
        ]
        clock.start(only_beat="clock" not in roles)
        try:
            await stop.wait()
        finally:
            await clock.stop()
            await _end(bridges, tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()


def _wanted(settings: Settings, roles: Sequence[str]) -> list[str]:
    """Return the platforms to open: those with a role, and for the clock's pushes every one that has a token."""
    tokens = [name for name in settings.platforms if name != "playground" and {name, "clock"} & set(roles)]
    return [*tokens, "playground"] if "playground" in roles else tokens


def _asked_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # not on every system; there Ctrl+C raises instead
            loop.add_signal_handler(number, stop.set)
    return stop


async def _serve(one: Bridge, opened: Callable[[Bridge], None], stop: asyncio.Event, *, listens: bool) -> None:
    try:
        await one.open()
        opened(one)
        if listens:
            await one.listen()
            stop.set()
    except Exception:
        stop.set()
        raise


async def _end(bridges: Sequence[Bridge], tasks: Sequence[asyncio.Task[None]]) -> None:
    await asyncio.gather(*(_close(one) for one in bridges))
    for task in tasks:
        task.cancel()  # where one is still being opened; the others have ended
    await asyncio.gather(*tasks, return_exceptions=True)


async def _close(one: Bridge) -> None:
    try:
        async with asyncio.timeout(_STOP_WITHIN_SECONDS):
            await one.close()
    except Exception:  # noqa: BLE001 - one platform that closes badly must not keep the others from closing
        _log.exception("a platform did not close well", platform=one.platform)


async def beat(
    study: Study, health_file: Path | None, watched: Sequence[Bridge], started: datetime, now: datetime
) -> None:
    """Write the time where a health check looks, while the database answers and every platform listens."""
    await study.remember("heartbeat", now.isoformat())
    if unheard := silent(watched, started, now):
        _log.warning("no sign of life", platforms=unheard)
    elif health_file is not None:
        await asyncio.to_thread(health_file.write_text, now.isoformat(), "utf-8")


def silent(bridges: Sequence[Bridge], started: datetime, now: datetime) -> list[str]:
    """Return the platforms that should have heard from their network by `now`, and did not for too long."""
    heard = {
        one.platform: one.last_poll if isinstance(one, TelegramBridge) else one.last_seen
        for one in bridges
        if isinstance(one, TelegramBridge | DiscordBridge)
    }
    return [name for name, last in heard.items() if now - max(last or started, started) > _HEARD_WITHIN]
