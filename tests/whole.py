"""The whole app as its own process, the way an operator starts it, pointed at the fakes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from bot.settings import Settings
from tests.conftest import ROOT
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram

PATIENCE_SECONDS: Final = 60
"""A process begins by importing everything, on a machine that may be busy."""


class Whole:
    """One running app: what it has said so far, and how it ends."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.said = ""
        self._news = asyncio.Condition()
        self._readers = [asyncio.create_task(self._read(stream)) for stream in (process.stdout, process.stderr)]

    async def until(self, look: Callable[[str], bool]) -> None:
        """Wait until what it has said is as wanted."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._news:
                await self._news.wait_for(lambda: look(self.said) or all(reader.done() for reader in self._readers))
        except TimeoutError:
            raise AssertionError(f"it did not come to that:\n{self.said}") from None
        assert look(self.said), f"it ended before it came to that:\n{self.said}"

    async def says(self, *fragments: str) -> None:
        """Wait until it has said all of this."""
        await self.until(lambda said: all(fragment in said for fragment in fragments))

    async def ends(self) -> int:
        """Wait for its end and return the exit code."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                code = await self.process.wait()
                await asyncio.gather(*self._readers)
        except TimeoutError:
            raise AssertionError(f"it does not end:\n{self.said}") from None
        return code

    async def stops(self) -> int:
        """Ask it to stop, as a service manager does, and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ends()

    async def dies(self) -> None:
        """Kill it where it stands."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.ends()

    async def _read(self, stream: asyncio.StreamReader | None) -> None:
        assert stream is not None
        while line := await stream.readline():
            async with self._news:
                self.said += line.decode()
                self._news.notify_all()
        async with self._news:
            self._news.notify_all()


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Return an environment in which nothing is set but these settings, and a database of one's own."""
    own = {"database": f"sqlite:///{folder}/xueban.db", "log_level": "DEBUG", "playground_port": "0"}
    values = dict.fromkeys(Settings.model_fields, "") | own | settings
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XUEBAN_")}
    return kept | {f"XUEBAN_{name.upper()}": value for name, value in values.items()} | {"PYTHONPATH": str(ROOT)}


def on_telegram(telegram: FakeTelegram) -> dict[str, str]:
    """Return the settings that lead to the fake Telegram."""
    return {"telegram_api": telegram.root, "telegram_token": telegram.token}


def on_discord(discord: FakeDiscord) -> dict[str, str]:
    """Return the settings that lead to the fake Discord."""
    return {
        "discord_api": discord.api_base,
        "discord_gateway": discord.gateway_url,
        "discord_token": discord.token,
    }


@asynccontextmanager
async def running(folder: Path, *words: str, **settings: str) -> AsyncIterator[Whole]:
    """Yield the app, just started with these words after `run`; it does not outlive the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error::ResourceWarning", "-m", "bot", "run", *words),
        cwd=folder,
        env=environment(folder, **settings),
        stdout=PIPE,
        stderr=PIPE,
    )
    whole = Whole(process)
    try:
        yield whole
    finally:
        await whole.dies()
