"""The state of the fake: who exists, what was said, what went wrong, and who is waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from tests.fakes.discord.errors import JSON, ApiError
from tests.fakes.discord.form import Form
from tests.fakes.discord.model import (
    EVERYTHING,
    VIEW,
    Call,
    Channel,
    Guild,
    Interaction,
    Message,
    User,
    Violation,
)

Clock = Callable[[], datetime]
_EPOCH_MS: Final = 1_420_070_400_000  # the first second of 2015: documentation, reference "Snowflakes"


class World:
    """Everything Discord would keep in its databases."""

    def __init__(self, clock: Clock, token: str) -> None:
        self.clock = clock
        self.token = token
        self._last_ms = 0
        self.bot = User(self.new_id(), "Xueban", bot=True)
        self.people: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.commands: dict[str | None, list[JSON]] = {}
        self.interactions: dict[str, Interaction] = {}
        self.nonces: dict[str, Message] = {}
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.revision = 0
        self._changed = asyncio.Event()

    @property
    def application_id(self) -> str:
        """The id of the application, which is also the id of its bot user."""
        return self.bot.id

    def new_id(self) -> str:
        """Return a fresh snowflake; ids made later are larger even when the clock stands still."""
        self._last_ms = max(int(self.clock().timestamp() * 1000) - _EPOCH_MS, self._last_ms + 1)
        return str(self._last_ms << 22)

    def changed(self) -> None:
        """Wake everybody who waits for something to happen."""
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()

    async def change(self) -> None:
        """Wait until something happens, or a moment for things that happen outside the fake."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0.02):
                await self._changed.wait()

    def violate(self, kind: str, detail: str) -> None:
        """Record something a careful bot would not do."""
        self.violations.append(Violation(kind, detail))

    def note_unknown(self, form: Form, where: str, quirks: Iterable[str] = ()) -> None:
        """Record the fields of a body that Discord does not know, once the body was accepted."""
        for name in form.unknown:
            if name.rsplit(".", 1)[-1] not in quirks:
                self.violate("unknown-field", f"{where}: {name}")

    def touch(self, message: Message) -> None:
        """Give a message the newest revision."""
        self.revision += 1
        message.revision = self.revision

    def dm_of(self, person: User) -> Channel:
        """Return the DM channel of a person, opening it when there is none yet."""
        if person.dm is None:
            person.dm = Channel(self.new_id(), person=person)
            self.channels[person.dm.id] = person.dm
        return person.dm

    def in_reach(self, person: User) -> bool:
        """Return whether the bot may write to a person at all: installed by them, or in a guild with them."""
        return person.installed or any(guild.with_bot and person in guild.members for guild in self.guilds.values())

    def member(self, guild: Guild, user: User) -> JSON:
        """Return the guild member object of the API."""
        return {
            "user": user.to_json(),
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "nick": None,
            "avatar": None,
            "pending": False,
            "permissions": str(EVERYTHING | 1 << 3 if user is guild.owner else EVERYTHING & ~(1 << 5)),
        }

    def guild_json(self, guild: Guild) -> JSON:
        """Return the guild as GUILD_CREATE shows it to a bot without the members intent."""
        members = [self.member(guild, self.bot)]
        everyone = {
            "id": guild.id,
            "name": "@everyone",
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0,
            "permissions": str(EVERYTHING),
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        return {
            "id": guild.id,
            "name": guild.name,
            "owner_id": None if guild.owner is None else guild.owner.id,
            "preferred_locale": guild.locale,
            "member_count": len(guild.members) + 1,
            "large": False,
            "unavailable": False,
            "joined_at": "2026-01-01T00:00:00+00:00",
            "roles": [everyone],
            "emojis": [],
            "features": [],
            "members": members,
            "channels": [self.channel_json(channel) for channel in guild.channels if not channel.deleted],
            "threads": [],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "stickers": [],
        }

    def channel_json(self, channel: Channel) -> JSON:
        """Return a channel with what is denied to the bot in it."""
        shown = channel.to_json()
        if channel.guild is not None and channel.denied:
            denial = {"id": self.bot.id, "type": 1, "allow": "0", "deny": str(channel.denied)}
            shown["permission_overwrites"] = [denial]
        return shown

    def channel(self, channel_id: str, *, needing: int = 0) -> Channel:
        """Return a channel the bot may use.

        Raises:
            ApiError: 404/10003 no such channel, 403/50001 hidden from the bot, 403/50013 a right is missing.
        """
        channel = self.channels.get(channel_id)
        if channel is None or channel.deleted:
            raise ApiError(404, 10003)
        if channel.guild is not None:
            if not channel.guild.with_bot or channel.denied & VIEW:
                raise ApiError(403, 50001)
            if channel.denied & needing:
                raise ApiError(403, 50013)
        return channel

    def message(self, channel: Channel, message_id: str) -> Message:
        """Return a message that can be reached through its channel, which an ephemeral one cannot.

        Raises:
            ApiError: 404/10008.
        """
        for message in channel.messages:
            if message.id == message_id and not message.deleted and not message.ephemeral:
                return message
        raise ApiError(404, 10008)

    def visible(self, viewer: User | None, channel: Channel | None = None) -> Iterator[Message]:
        """Yield the messages somebody can see, oldest first; no viewer means everything not ephemeral."""
        places = [channel] if channel is not None else list(self.channels.values())
        for place in places:
            if viewer is None or self._may_read(viewer, place):
                for message in place.messages:
                    if not message.deleted and message.visible_to in (None, viewer):
                        yield message

    @staticmethod
    def _may_read(viewer: User, place: Channel) -> bool:
        if place.guild is not None:
            return viewer.bot or viewer in place.guild.members
        return viewer.bot or place.person is viewer

    def tail(self) -> str:
        """Return the last things that happened, for the message of a failed wait."""
        lines = [f"  {call}" for call in self.calls[-12:]]
        said = [
            f"  [{'DM ' + m.channel.person.name if m.channel.person else '#' + m.channel.name}] "
            f"{m.author.name}: {m.text!r} {m.labels or ''}"
            for m in sorted(_all_messages(self.channels.values()), key=lambda m: m.revision)[-6:]
        ]
        wrong = [f"  {violation.kind}: {violation.detail}" for violation in self.violations]
        parts: list[Any] = ["last calls:", *lines, "last messages:", *said, "violations:", *wrong]
        return "\n".join(map(str, parts))


def _all_messages(channels: Iterable[Channel]) -> Iterator[Message]:
    for channel in channels:
        yield from channel.messages
