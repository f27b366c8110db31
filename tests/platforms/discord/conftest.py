"""The stage: a strict fake Discord, a study that echoes, and bridges that open, close and come back."""

from __future__ import annotations

import asyncio
import base64
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from bot.core.language import Language
from bot.core.message import Message, Picture
from bot.platforms.discord import DiscordBridge, DiscordSettings
from bot.platforms.pacer import Pacer
from bot.study.chat import Outcome
from bot.study.requests import Command, Press, Request, Typed
from tests.fakes.discord import FakeDiscord, Guild, Person
from tests.platforms.echo import EchoStudy

PNG: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICTURE: Final = Picture(PNG, "3 of 5 days")
START: Final = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class Clock:
    """A clock that moves only when somebody waits, and then at once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waits: list[float] = []

    def now(self) -> datetime:
        """Return the date and time."""
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Return the seconds since the start."""
        return self.seconds

    async def wait(self, seconds: float) -> None:
        """Let time pass, without any passing."""
        self.waits.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


class Stage(EchoStudy):
    """The echo, with replies by what was asked for, and a gate before the work.

    Attributes:
        answers: what to say to a command's name, an action, or a text; anything else is echoed.
        gate: while it is closed, no request is worked on.
        arrived: requests that came as far as the gate.
        broken: requests with this command, action or text make the study fail.
        missing: sentences that the catalogue lacks.
    """

    def __init__(self) -> None:
        super().__init__()
        echo = self.script
        self.answers: dict[str, tuple[Message, ...]] = {}
        self.script = lambda request: self.answers.get(word(request), ()) or echo(request)
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived: list[Request] = []
        self.broken: set[str] = set()
        self.missing: set[str] = set()

    async def handle(self, request: Request, now: datetime) -> tuple[Message, ...]:
        """Wait for the gate, then do what the echo does."""
        self.arrived.append(request)
        await self.gate.wait()
        if word(request) in self.broken:
            raise RuntimeError("a bug of the study")
        return await super().handle(request, now)

    def say(self, language: Language, key: str, **values: str | int | datetime) -> str:
        """Return the key itself."""
        if key in self.missing:
            raise LookupError(key)
        return super().say(language, key, **values)


def word(request: Request) -> str:
    """Return the command's name, the action or the text of a request."""
    match request.body:
        case Command(name):
            return name
        case Press(action):
            return action
        case Typed(text):
            return text


class Journal(logging.Handler):
    """Everything that is logged while a test runs, its beginning and end included."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record down, with its traceback."""
        self.lines.append(self.format(record))

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)


class House:
    """One bot's home: what survives a process is the study; bridges come and go."""

    def __init__(self, dc: FakeDiscord, clock: Clock, log: Callable[[], str]) -> None:
        self.log = log
        self.dc = dc
        self.clock = clock
        self.study = Stage()
        self.bridge: DiscordBridge | None = None
        self.listening: asyncio.Task[None] | None = None

    def builds(self, token: str = "") -> DiscordBridge:
        """Return a new bridge that is not open."""
        settings = DiscordSettings(token or self.dc.token, self.dc.api_base, self.dc.gateway_url)
        pacer = Pacer(burst=1000, pushes_per_second=1000, now=self.clock.monotonic, sleep=self.clock.wait)
        return DiscordBridge(
            self.study,
            settings,
            now=self.clock.now,
            rng=random.Random(1),  # noqa: S311 - jitter
            wait=self.clock.wait,
            pacer=pacer,
        )

    async def opens(self) -> DiscordBridge:
        """Open a new bridge."""
        self.bridge = self.builds()
        await self.bridge.open()
        return self.bridge

    async def listens(self) -> DiscordBridge:
        """Open a new bridge and let it listen; return when it is connected and has told its commands."""
        bridge = await self.opens()
        self.listening = asyncio.create_task(bridge.listen())
        await self.dc.ready()
        await self.dc.until(lambda: bool(self.dc.commands), "the commands to be told")
        return bridge

    async def restarts(self) -> DiscordBridge:
        """Close the bridge and let a new one listen, which knows nothing of what the old one did."""
        await self.leaves()
        return await self.listens()

    async def leaves(self) -> None:
        """Close whatever is open."""
        if self.bridge is not None:
            await self.bridge.close()
        if self.listening is not None:
            await asyncio.gather(self.listening, return_exceptions=True)
        self.bridge = self.listening = None

    async def pushes(self, chat: str, message: Message, key: str = "push-1") -> Outcome:
        """Push something."""
        assert self.bridge is not None
        return await self.bridge.push(chat, message, key=key)

    async def until(self, predicate: Callable[[], object]) -> None:
        """Wait until something is true that Discord does not see."""
        async with asyncio.timeout(self.dc.patience_seconds):
            while not predicate():  # noqa: ASYNC110 - nothing wakes us when the study or the log changes
                await asyncio.sleep(0)

    async def settles(self) -> None:
        """Wait until every reply was reported delivered."""
        await self.until(lambda: self.study.applied and not self.study.waiting)

    def replies(self, to: str, *messages: Message) -> None:
        """Let the study answer a command, action or text so."""
        self.study.answers[to] = messages


@pytest.fixture
def clock() -> Clock:
    """The one clock of the house and of Discord."""
    return Clock()


@pytest.fixture
def journal() -> Iterator[Journal]:
    """What is logged by anybody who logs everything."""
    root, library, written = logging.getLogger(), logging.getLogger("discord"), Journal()
    levels = root.level, library.level
    root.setLevel(logging.DEBUG)
    library.setLevel(logging.NOTSET)
    root.addHandler(written)
    yield written
    root.removeHandler(written)
    root.setLevel(levels[0])
    library.setLevel(levels[1])


@pytest.fixture
async def dc(clock: Clock) -> AsyncIterator[FakeDiscord]:
    """A fake Discord to which the library is pointed by the bridge's own settings."""
    async with FakeDiscord(clock.now) as fake:
        with fake.pointed_at():
            yield fake


@pytest.fixture
async def house(dc: FakeDiscord, clock: Clock, journal: Journal) -> AsyncIterator[House]:
    """A house with nobody at home yet; whatever happens in it, no token is ever logged."""
    home = House(dc, clock, lambda: journal.text)
    yield home
    dc.faults.clear()
    home.study.gate.set()
    await home.leaves()
    for secret in (dc.token, *dc.world.interactions):
        assert secret not in journal.text, "a token was logged"


@pytest.fixture
async def bridge(house: House) -> DiscordBridge:
    """A bridge that listens."""
    return await house.listens()


@pytest.fixture
def bob(dc: FakeDiscord) -> Person:
    """Bob from Kolkata, who has installed the bot."""
    return dc.person("Bob", locale="en-GB")


@pytest.fixture
def ming(dc: FakeDiscord) -> Person:
    """Ming 小明, who reads Chinese."""
    return dc.person("小明", locale="zh-CN")


@pytest.fixture
def school(dc: FakeDiscord, bob: Person, ming: Person) -> Guild:
    """A server with Bob and Ming in it."""
    return dc.guild("School", bob, ming)
