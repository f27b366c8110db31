"""How a person talks to Xueban on each platform: the same few verbs over three very different wires."""

from __future__ import annotations

import asyncio
import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiohttp import ClientSession, ClientWebSocketResponse

from bot.app import Bridge
from bot.core.language import Language
from bot.platforms.discord import DiscordBridge, DiscordSettings
from bot.platforms.playground.bridge import PlaygroundBridge, PlaygroundSettings
from bot.platforms.playground.turning import TurnedClock
from bot.platforms.telegram import TelegramBridge, TelegramSettings
from bot.study.desk import Study
from tests.conftest import NOW
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord import Person as DiscordPerson
from tests.fakes.telegram import FakeTelegram, Shown
from tests.fakes.telegram import Person as TelegramPerson

PLATFORMS: Final = ("telegram", "discord", "playground")
_PATIENCE_SECONDS: Final = 10


class World:
    """The time everybody lives in; it moves only when a story moves it."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.now = NOW
        self.bridge: Bridge | None = None

    def clock(self) -> datetime:
        """Return the time of the story."""
        return self.now

    async def until_next_push(self) -> int:
        """Move to the next moment something is due and let the clock tick; return how many pushes went out."""
        due = await self.study.next_due()
        assert due is not None, "nothing is due"
        assert self.bridge is not None
        self.now = max(self.now, due)
        return await self.study.tick(self.now, [self.bridge])


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as its reader sees it."""

    text: str
    labels: tuple[str, ...]


class Talk(ABC):
    """One person in their private chat with the bot."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    @abstractmethod
    async def command(self, name: str) -> None:
        """Run a command."""

    @abstractmethod
    async def press(self, label: str) -> None:
        """Press the newest button whose label contains `label`."""

    @abstractmethod
    async def type(self, text: str) -> None:
        """Send a text."""

    @abstractmethod
    async def hears(self, fragment: str) -> Heard:
        """Wait for a message that contains `fragment` and came after the last thing they did."""


class TelegramTalk(Talk):
    """A person on Telegram."""

    def __init__(self, language: Language, person: TelegramPerson, telegram: FakeTelegram) -> None:
        super().__init__(language)
        self.person = person
        self.telegram = telegram

    async def command(self, name: str) -> None:
        """Send it with a slash."""
        await self.person.says(f"/{name}")

    async def press(self, label: str) -> None:
        """Press the button."""

        def offered(shown: Shown) -> bool:
            return any(label in seen for seen in shown.labels)

        await self.telegram.until(
            lambda: any(map(offered, self.telegram.bot_messages(self.person))), f"a button {label!r}"
        )
        await self.person.presses(lambda button: button.data is not None and label in button.label)

    async def type(self, text: str) -> None:
        """Send the text."""
        await self.person.says(text)

    async def hears(self, fragment: str) -> Heard:
        """Wait for it."""
        shown = await self.person.hears(fragment)
        return Heard(shown.text, tuple(shown.labels))


class DiscordTalk(Talk):
    """A person in their DM with the bot on Discord."""

    def __init__(self, language: Language, person: DiscordPerson) -> None:
        super().__init__(language)
        self.person = person

    async def command(self, name: str) -> None:
        """Run the slash command."""
        await self.person.runs(name)

    async def press(self, label: str) -> None:
        """Press the button; Discord's are found by their whole label."""
        found = await self.person.dc.until(lambda: next(self._labels(label), None), what=f"a button {label!r}")
        await self.person.presses(found)

    def _labels(self, part: str) -> Iterator[str]:
        for message in sorted(self.person.sees(), key=lambda message: message.revision, reverse=True):
            yield from (button.label for button in message.buttons if button.label and part in button.label)

    async def type(self, text: str) -> None:
        """Write it into the DM."""
        await self.person.says(text)

    async def hears(self, fragment: str) -> Heard:
        """Wait for it."""
        message = await self.person.hears(fragment)
        return Heard(message.text, tuple(button.label or "" for button in message.buttons))


class PlaygroundTalk(Talk):
    """A person on the playground's page, without the browser."""

    def __init__(self, language: Language, socket: ClientWebSocketResponse, who: str) -> None:
        super().__init__(language)
        self._socket = socket
        self._who = who
        self._lines: list[dict[str, Any]] = []
        self._since = 0

    async def command(self, name: str) -> None:
        """Type it with a slash."""
        await self._send(type="command", name=name, args="")

    async def press(self, label: str) -> None:
        """Press the newest button of that label."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while (found := self._button(label)) is None:
                await self._read()
        line, action = found
        await self._send(type="press", action=action, on=line)

    async def type(self, text: str) -> None:
        """Type the text."""
        await self._send(type="say", text=text)

    async def hears(self, fragment: str) -> Heard:
        """Wait for it."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                for line in self._lines[self._since :]:
                    if fragment in (text := _text(line["message"]["blocks"])):
                        return Heard(text, tuple(label for label, _ in _buttons(line["message"])))
                await self._read()

    async def _send(self, **frame: str) -> None:
        self._since = len(self._lines)
        await self._socket.send_str(
            json.dumps({"key": str(uuid.uuid4()), "person": self._who, "room": self._who} | frame)
        )

    async def _read(self) -> None:
        frame = await self._socket.receive_json(timeout=_PATIENCE_SECONDS)
        assert frame["type"] != "fault", frame
        if frame["type"] == "line" and frame["line"].get("message"):
            self._lines.append(frame["line"])

    def _button(self, part: str) -> tuple[str, str] | None:
        for line in reversed(self._lines):
            for label, action in _buttons(line["message"]):
                if action and part in label:
                    return line["id"], action
        return None


def _buttons(message: dict[str, Any]) -> list[tuple[str, str]]:
    return [(button["label"], button.get("action", "")) for row in message["rows"] for button in row]


def _text(node: object) -> str:
    if isinstance(node, dict):
        return str(node["text"]) if "text" in node else "\n".join(_text(value) for value in node.values())
    if isinstance(node, list):
        inline = all(isinstance(item, dict) and "text" in item for item in node)
        return ("" if inline else "\n").join(_text(item) for item in node)
    return ""


@asynccontextmanager
async def talking(platform: str, language: Language, world: World) -> AsyncIterator[Talk]:
    """Yield a person on a platform, its bridge open and listening; in the end no rule of the platform was broken."""
    opened = {"telegram": _telegram, "discord": _discord, "playground": _playground}[platform]
    async with opened(language, world) as talk:
        yield talk


@asynccontextmanager
async def listening(bridge: Bridge, world: World) -> AsyncIterator[None]:
    """Keep a bridge open and listening."""
    world.bridge = bridge
    await bridge.open()
    task = asyncio.create_task(bridge.listen())
    try:
        yield
    finally:
        await bridge.close()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _telegram(language: Language, world: World) -> AsyncIterator[Talk]:
    async with FakeTelegram(now=world.clock) as telegram:
        bridge = TelegramBridge(
            world.study, TelegramSettings(token=telegram.token, api_root=telegram.root), now=world.clock
        )
        async with listening(bridge, world):
            locale = "zh-hans" if language == "zh" else "en"
            yield TelegramTalk(language, telegram.person("Ming 小明", language_code=locale), telegram)
        assert telegram.violations == []


@asynccontextmanager
async def _discord(language: Language, world: World) -> AsyncIterator[Talk]:
    async with FakeDiscord(clock=world.clock) as discord:
        with discord.pointed_at():
            settings = DiscordSettings(token=discord.token, api_base=discord.api_base, gateway_url=discord.gateway_url)
            async with listening(DiscordBridge(world.study, settings, now=world.clock), world):
                await discord.ready()
                await discord.until(lambda: discord.commands, what="the commands to be synced")
                yield DiscordTalk(language, discord.person("Bob", locale="zh-CN" if language == "zh" else "en-GB"))
            discord.check()


@asynccontextmanager
async def _playground(language: Language, world: World) -> AsyncIterator[Talk]:
    bridge = PlaygroundBridge(world.study, PlaygroundSettings(port=0), TurnedClock(NOW, seconds=lambda: 0.0))
    async with (
        listening(bridge, world),
        ClientSession() as session,
        session.ws_connect(f"{bridge.url}socket", origin=bridge.url.rstrip("/")) as socket,
    ):
        yield PlaygroundTalk(language, socket, "xiaoming" if language == "zh" else "alice")
