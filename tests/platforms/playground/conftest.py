"""A playground on a free port, and a visitor who speaks to its websocket as the page does."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse

from bot.platforms.playground.bridge import PlaygroundBridge, PlaygroundSettings
from bot.platforms.playground.turning import TurnedClock
from tests.platforms.playground.lessons import LessonStudy, at

_PATIENCE_SECONDS = 5.0


class Visitor:
    """One open page, without the browser."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, **frame: object) -> None:
        """Send a frame."""
        await self.socket.send_str(json.dumps(frame))

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """Return the next frame, or the next of these kinds."""
        while True:
            frame: dict[str, Any] = await self.socket.receive_json(timeout=_PATIENCE_SECONDS)
            if not kinds or frame["type"] in kinds:
                return frame

    async def act(self, kind: str, who: str = "alice", room: str = "", **frame: object) -> list[dict[str, Any]]:
        """Do something as a person and return the lines that it led to."""
        key = str(frame.pop("key", uuid.uuid4()))
        await self.send(type=kind, key=key, person=who, room=room or who, **frame)
        lines: list[dict[str, Any]] = []
        while (heard := await self.hear("line", "done"))["type"] == "line":
            lines.append(heard["line"])
        assert heard["key"] == key
        return lines

    async def fault(self, **frame: object) -> str:
        """Send something that is refused and return why."""
        await self.send(**frame)
        return str((await self.hear("fault"))["fault"])

    async def turned(self, step: str) -> list[dict[str, Any]]:
        """Turn the clock and return all that is heard until it stands."""
        await self.send(type="turn", step=step)
        heard = [await self.hear()]
        while heard[-1]["type"] != "clock" or heard[-1]["turning"]:
            heard.append(await self.hear())
        return heard


async def greeted(web: ClientSession) -> tuple[Visitor, dict[str, Any]]:
    """Open one more page."""
    visitor = Visitor(await web.ws_connect("/socket"))
    return visitor, await visitor.hear()


def text(line: dict[str, Any]) -> str:
    """Return the first words of the bot's line."""
    return str(line["message"]["blocks"][0]["lines"][0][0]["text"])


@pytest.fixture
def study() -> LessonStudy:
    """A study that repeats what it hears."""
    return LessonStudy()


@pytest.fixture
def clock() -> TurnedClock:
    """A clock that stands still at noon of 4 May 2026 (UTC) until it is turned."""
    return TurnedClock(at(4), seconds=lambda: 0.0)


@asynccontextmanager
async def opened(study: LessonStudy, clock: TurnedClock) -> AsyncIterator[PlaygroundBridge]:
    """Open a playground on a free port of 127.0.0.1, and close it in the end."""
    bridge = PlaygroundBridge(study, PlaygroundSettings(port=0), clock)
    await bridge.open()
    listening = asyncio.create_task(bridge.listen())
    yield bridge
    await bridge.close()
    await listening


@pytest.fixture
async def bridge(study: LessonStudy, clock: TurnedClock) -> AsyncIterator[PlaygroundBridge]:
    """A playground that listens."""
    async with opened(study, clock) as bridge:
        yield bridge


@pytest.fixture
async def web(bridge: PlaygroundBridge) -> AsyncIterator[ClientSession]:
    """A web client whose addresses begin at the playground's."""
    async with ClientSession(bridge.url) as session:
        yield session


@pytest.fixture
async def visitor(web: ClientSession) -> AsyncIterator[Visitor]:
    """A visitor who was greeted already."""
    socket = await web.ws_connect("/socket")
    visitor = Visitor(socket)
    assert (await visitor.hear())["type"] == "hello"
    yield visitor
    with suppress(ConnectionError):
        await socket.close()
