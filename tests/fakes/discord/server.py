"""The fake as tests hold it: start and stop, people and guilds, waiting, and what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web
from discord import Client
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.fakes.discord.channels import ChannelRoutes
from tests.fakes.discord.errors import JSON
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import InteractionRoutes
from tests.fakes.discord.model import Call, Channel, Guild, Interaction, Message, Modal, User, Violation
from tests.fakes.discord.people import Person
from tests.fakes.discord.rest import Door
from tests.fakes.discord.world import Clock, World

T = TypeVar("T")
CANARY = "MTA.canary-token-of-the-fake.discord"


class FakeDiscord:
    """A strict Discord on 127.0.0.1.

    Point discord.py at it with `with dc.pointed_at():`, or through settings that do the same from
    `api_base` and `gateway_url`.

    A quick start-up: discord.py waits `guild_ready_timeout` (2 s) for guilds before it says `ready`;
    build the client with `guild_ready_timeout=0` in tests. Interactions need no `ready`: after
    `await dc.ready()` the session is identified and events arrive.

    Args:
        clock: gives "now" (aware) for deadlines, nonces and timestamps; nothing in the fake sleeps.
        token: the bot token; a canary that must never turn up in logs or messages.
        shards: what `GET /gateway/bot` recommends.
        granted_intents: the privileged intents the portal grants; asking for others closes with 4014.
        patience_seconds: how long waiting helpers wait before they fail with a report.
    """

    def __init__(
        self,
        clock: Clock = lambda: datetime.now(UTC),
        *,
        token: str = CANARY,
        shards: int = 1,
        granted_intents: int = 0,
        patience_seconds: float = 10,
    ) -> None:
        self.token = token
        self.patience_seconds = patience_seconds
        self.world = World(clock, token)
        self.gateway = Gateway(self.world, shards=shards, granted=granted_intents)
        self.faults = Faults()
        self.channel_routes = ChannelRoutes(self.world, self.gateway)
        self.interaction_routes = InteractionRoutes(self.world, self.gateway)
        self._runner: web.AppRunner | None = None
        self.api_base = ""
        self.gateway_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=26 * 1024 * 1024)
        app.router.add_get("/", self.gateway.serve)
        door = Door(self.world, self.faults)
        self.channel_routes.add_to(door, app)
        self.interaction_routes.add_to(door, app)
        door.catch_all(app)
        self._runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_base = f"http://{host}:{port}/api/v10"
        self.gateway_url = self.gateway.url = f"ws://{host}:{port}/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.clear()
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # Who there is.

    def person(self, name: str, *, locale: str = "en-US", installed: bool = True, dms_open: bool = True) -> Person:
        """Add a person; `installed` means they added the bot to their own account."""
        identifier = self.world.new_id()
        person = Person(identifier, name, locale, installed=installed, dms_open=dms_open, dc=self)
        self.world.people[person.id] = person
        return person

    def guild(self, name: str, *people: User, locale: str = "en-US", channels: tuple[str, ...] = ("general",)) -> Guild:
        """Add a guild with the bot in it; the first person owns it."""
        guild = Guild(self.world.new_id(), name, locale, people[0] if people else None, list(people))
        self.world.guilds[guild.id] = guild
        for channel in channels:
            self.channel(channel, guild)
        self.gateway.dispatch("GUILD_CREATE", self.world.guild_json(guild), guild=guild, intents=1)
        return guild

    def channel(self, name: str, guild: Guild) -> Channel:
        """Add a text channel to a guild."""
        channel = Channel(self.world.new_id(), name, guild)
        guild.channels.append(channel)
        self.world.channels[channel.id] = channel
        return channel

    def forbid(self, channel: Channel, permissions: int) -> None:
        """Take permission bits from the bot in a channel (`model.SEND`, `model.VIEW`, …)."""
        channel.denied |= permissions
        data = self.world.channel_json(channel)
        self.gateway.dispatch("CHANNEL_UPDATE", data, guild=channel.guild, intents=1)

    def allow(self, channel: Channel) -> None:
        """Give all permissions in a channel back."""
        channel.denied = 0
        data = self.world.channel_json(channel)
        self.gateway.dispatch("CHANNEL_UPDATE", data, guild=channel.guild, intents=1)

    def remove(self, thing: Channel | Guild | Message) -> None:
        """Delete a channel or message, or throw the bot out of a guild."""
        if isinstance(thing, Guild):
            thing.with_bot = False
            self.gateway.dispatch("GUILD_DELETE", {"id": thing.id}, guild=thing, intents=1)
        elif isinstance(thing, Channel):
            thing.deleted = True
            data = self.world.channel_json(thing)
            self.gateway.dispatch("CHANNEL_DELETE", data, guild=thing.guild, intents=1)
        else:
            thing.deleted = True
        self.world.changed()

    def offered(self, person: User, place: Channel) -> list[JSON]:
        """Return the slash commands Discord offers a person in a place."""
        guild_id = None if place.guild is None else place.guild.id
        commands = list(self.world.commands.get(None, []))
        if guild_id is not None:
            commands = self.world.commands.get(guild_id, []) + commands
        return [command for command in commands if self._is_offered(command, person, place)]

    def _is_offered(self, command: JSON, person: User, place: Channel) -> bool:
        guild, types = place.guild, command["integration_types"]
        contexts = command.get("contexts")
        by_user = person.installed and 1 in types
        if guild is None:
            here = 1 in contexts if contexts is not None else command["dm_permission"]
            by_guild = 0 in types and self.world.in_reach(person)
        else:
            here = contexts is None or 0 in contexts
            by_guild = guild.with_bot and 0 in types
        rights = command["default_member_permissions"]
        barred = guild is not None and rights is not None and guild.owner is not person and not int(rights)
        return command["type"] == 1 and here and (by_user or by_guild) and not barred

    # What happened.

    @property
    def calls(self) -> list[Call]:
        """Every REST request, in order."""
        return self.world.calls

    @property
    def violations(self) -> list[Violation]:
        """Everything a careful bot would not have done."""
        return self.world.violations

    @property
    def unanswered(self) -> list[Interaction]:
        """The interactions nobody acknowledged (yet)."""
        return [item for item in self.world.interactions.values() if not item.acknowledged]

    @property
    def commands(self) -> list[JSON]:
        """The global commands as synced."""
        return self.world.commands.get(None, [])

    @property
    def modals(self) -> dict[str, Modal]:
        """The open forms by person id."""
        return self.interaction_routes.modals

    def messages(self, channel: Channel | None = None, viewer: User | None = None) -> list[Message]:
        """Return what a viewer sees in a channel (or anywhere), oldest first; nobody: not ephemeral."""
        return sorted(self.world.visible(viewer, channel), key=lambda message: int(message.id))

    @contextmanager
    def pointed_at(self) -> Iterator[None]:
        """Point discord.py at this fake, and back at the real Discord afterwards."""
        before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self.api_base, URL(self.gateway_url)
        try:
            yield
        finally:
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before

    @asynccontextmanager
    async def running(self, client: Client) -> AsyncIterator[None]:
        """Run a discord.py client against this fake until the block ends; inside, it is connected.

        discord.py must be closed before its event loop: a client left running never lets the loop end.
        """
        with self.pointed_at():
            task = asyncio.create_task(client.start(self.token))
            try:
                await self.until(lambda: task.done() or self._connected(), what="the client to connect")
                if task.done():
                    await task
                yield
            finally:
                await client.close()
                await asyncio.gather(task, return_exceptions=True)

    def _connected(self) -> bool:
        return {session.shard for session in self.gateway.live()} >= set(range(self.gateway.shards))

    def check(self) -> None:
        """Fail if there is any violation or unanswered interaction."""
        assert not self.violations, "\n".join(f"{v.kind}: {v.detail}" for v in self.violations)
        silent = [f"{item.person.name}: {item.data}" for item in self.unanswered]
        assert not silent, f"never answered: {silent}"

    # Waiting.

    async def until(self, predicate: Callable[[], T | None], what: str | Callable[[], str] = "it to happen") -> T:
        """Wait until the predicate returns something true, looking again after every change.

        Raises:
            AssertionError: it did not within `patience_seconds`; tells what was waited for and what happened.
        """
        try:
            async with asyncio.timeout(self.patience_seconds):
                while not (found := predicate()):
                    await self.world.change()
        except TimeoutError:
            told = what() if callable(what) else what
            raise AssertionError(f"waited for {told}\n{self.world.tail()}") from None
        return found

    async def ready(self) -> None:
        """Wait until all shards are connected and identified (or resumed)."""
        await self.until(self._connected, what=f"{self.gateway.shards} shard(s) to connect")

    async def answered(self, interaction: Interaction) -> Message | None:
        """Wait until an interaction is acknowledged and no longer loading; return the answer, if any."""
        await self.until(lambda: interaction.finished, what=f"an answer to {interaction.data}")
        return interaction.original
