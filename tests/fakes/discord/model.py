"""The things Discord keeps: users, guilds, channels, messages, interactions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from tests.fakes.discord.components import BUTTON, LINK_STYLE, SELECTS, TEXT_DISPLAY, walk
from tests.fakes.discord.errors import JSON
from tests.fakes.discord.message_rules import COMPONENTS_V2, EPHEMERAL, LOADING

ACK_WITHIN: Final = timedelta(seconds=3)
TOKEN_LIVES: Final = timedelta(minutes=15)
COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
"""Interaction types."""
VIEW, SEND, EMBED_LINKS, ATTACH, HISTORY = 1 << 10, 1 << 11, 1 << 14, 1 << 15, 1 << 16
"""Permission bits."""
EVERYTHING: Final = (1 << 53) - 1 & ~(1 << 3)
"""Every permission except ADMINISTRATOR, which would hide the others."""


@dataclass(eq=False)
class User:
    """Somebody with an account: a person or the bot."""

    id: str
    name: str
    locale: str = "en-US"
    bot: bool = False
    dms_open: bool = True
    installed: bool = False
    dm: Channel | None = field(default=None, repr=False)

    def to_json(self) -> JSON:
        """Return the user object of the API."""
        user: JSON = {
            "id": self.id,
            "username": self.name.lower(),
            "global_name": None if self.bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }
        return {**user, "bot": True} if self.bot else user


@dataclass(eq=False)
class Guild:
    """A server: its channels, who is in it, and whether the bot is."""

    id: str
    name: str
    locale: str = "en-US"
    owner: User | None = None
    members: list[User] = field(default_factory=list, repr=False)
    channels: list[Channel] = field(default_factory=list, repr=False)
    with_bot: bool = True
    created_commands: list[datetime] = field(default_factory=list)


@dataclass(eq=False)
class Channel:
    """A text channel of a guild, or a DM with one person."""

    id: str
    name: str = ""
    guild: Guild | None = None
    person: User | None = None
    messages: list[Message] = field(default_factory=list, repr=False)
    denied: int = 0
    deleted: bool = False

    def to_json(self) -> JSON:
        """Return the channel object of the API."""
        last = next((message.id for message in reversed(self.messages)), None)
        if self.person is not None:
            return {
                "id": self.id,
                "type": 1,
                "flags": 0,
                "last_message_id": last,
                "recipients": [self.person.to_json()],
            }
        guild_id = "" if self.guild is None else self.guild.id
        return {
            "id": self.id,
            "type": 0,
            "flags": 0,
            "guild_id": guild_id,
            "name": self.name,
            "position": 0,
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "last_message_id": last,
            "rate_limit_per_user": 0,
            "permission_overwrites": [],
        }


@dataclass(eq=False)
class Attachment:
    """A file of a message, with its bytes and its alternative text."""

    id: str
    filename: str
    data: bytes = field(repr=False)
    description: str | None = None

    def to_json(self) -> JSON:
        """Return the attachment object of the API."""
        address = f"https://cdn.discordapp.com/attachments/1/{self.id}/{self.filename}"
        attachment: JSON = {
            "id": self.id,
            "filename": self.filename,
            "size": len(self.data),
            "url": address,
            "proxy_url": address.replace("cdn.discordapp.com", "media.discordapp.net"),
        }
        return attachment if self.description is None else {**attachment, "description": self.description}


@dataclass(frozen=True)
class Button:
    """A button as a person sees it."""

    label: str
    custom_id: str | None
    url: str | None
    style: int
    disabled: bool
    raw: JSON = field(compare=False, repr=False)


@dataclass(eq=False)
class Message:
    """A message; `revision` grows with every change anywhere, so later means larger."""

    id: str
    channel: Channel
    author: User
    sent_at: datetime
    content: str = ""
    embeds: list[JSON] = field(default_factory=list)
    components: list[JSON] = field(default_factory=list)
    flags: int = 0
    attachments: list[Attachment] = field(default_factory=list)
    nonce: str | int | None = None
    edited_at: datetime | None = None
    deleted: bool = False
    visible_to: User | None = None
    interaction: Interaction | None = field(default=None, repr=False)
    reference: JSON | None = None
    mentions: list[User] = field(default_factory=list)
    revision: int = 0
    earlier: list[str] = field(default_factory=list)

    @property
    def ephemeral(self) -> bool:
        """Whether only one person can see it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still reads "… is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def v2(self) -> bool:
        """Whether it is made of Components V2."""
        return bool(self.flags & COMPONENTS_V2)

    @property
    def silent(self) -> bool:
        """Whether it arrived without a notification."""
        return bool(self.flags & 1 << 12)

    @property
    def text(self) -> str:
        """Everything there is to read: content, text displays and embeds, buttons not included."""
        return "\n".join(part for part in self._texts() if part)

    def _texts(self) -> Iterator[str]:
        yield self.content
        yield from (item["content"] for item in walk(self.components) if item["type"] == TEXT_DISPLAY)
        for embed in self.embeds:
            yield (embed.get("author") or {}).get("name") or ""
            yield embed.get("title") or ""
            yield embed.get("description") or ""
            for entry in embed.get("fields") or []:
                yield from (entry["name"], entry["value"])
            yield (embed.get("footer") or {}).get("text") or ""

    @property
    def buttons(self) -> list[Button]:
        """The buttons, in the order shown."""
        return [
            Button(
                label=item.get("label") or (item.get("emoji") or {}).get("name") or "",
                custom_id=item.get("custom_id"),
                url=item.get("url"),
                style=item["style"],
                disabled=bool(item.get("disabled")),
                raw=item,
            )
            for item in walk(self.components)
            if item["type"] == BUTTON
        ]

    @property
    def labels(self) -> list[str]:
        """What is written on the buttons, in the order shown."""
        return [button.label for button in self.buttons]

    @property
    def links(self) -> list[str]:
        """Where the link buttons lead."""
        return [button.url or "" for button in self.buttons if button.style == LINK_STYLE]

    @property
    def selects(self) -> list[JSON]:
        """The select menus as sent."""
        return [item for item in walk(self.components) if item["type"] in SELECTS]

    def to_json(self) -> JSON:
        """Return the message object of the API."""
        message: JSON = {
            "id": self.id,
            "type": 20 if self.interaction is not None and self.interaction.type == COMMAND else 0,
            "channel_id": self.channel.id,
            "author": self.author.to_json(),
            "content": self.content,
            "timestamp": self.sent_at.isoformat(),
            "edited_timestamp": None if self.edited_at is None else self.edited_at.isoformat(),
            "tts": False,
            "mention_everyone": False,
            "mentions": [user.to_json() for user in self.mentions],
            "mention_roles": [],
            "attachments": [{**file.to_json(), **self._for_one()} for file in self.attachments],
            "embeds": self.embeds,
            "components": self.components,
            "flags": self.flags,
            "pinned": False,
        }
        extras: JSON = {"nonce": self.nonce, "message_reference": self.reference}
        if self.interaction is not None:
            extras |= self.interaction.message_extras()
        return message | {key: value for key, value in extras.items() if value is not None}

    def _for_one(self) -> JSON:
        return {"ephemeral": True} if self.ephemeral else {}


@dataclass(eq=False)
class Modal:
    """A form that popped up for one person."""

    custom_id: str
    title: str
    components: list[JSON]
    opened_by: Interaction

    @property
    def fields(self) -> list[JSON]:
        """The parts that can be filled in."""
        return [item for item in walk(self.components) if "custom_id" in item]

    @property
    def labels(self) -> list[str]:
        """The words beside the fields."""
        return [item["label"] for item in walk(self.components) if item.get("label")]


@dataclass(eq=False)
class Interaction:
    """One thing a person did that the bot must answer within three seconds, once."""

    id: str
    token: str
    type: int
    person: User
    channel: Channel
    sent_at: datetime
    data: JSON
    owners: dict[str, str]
    application_id: str
    message: Message | None = field(default=None, repr=False)
    answer_type: int | None = None
    original: Message | None = field(default=None, repr=False)
    modal: Modal | None = field(default=None, repr=False)
    choices: list[JSON] | None = None
    follow_ups: int = 0

    @property
    def acknowledged(self) -> bool:
        """Whether the one callback was accepted."""
        return self.answer_type is not None

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to wait for: acknowledged, and no "… is thinking" any more."""
        return self.acknowledged and not (self.original is not None and self.original.loading)

    def message_extras(self) -> JSON:
        """Return what a message says about the interaction it answers."""
        about: JSON = {
            "id": self.id,
            "type": self.type,
            "user": self.person.to_json(),
            "authorizing_integration_owners": self.owners,
        }
        if self.type == COMPONENT and self.message is not None:
            about["interacted_message_id"] = self.message.id
        if self.type == SUBMIT:
            about["triggering_interaction_metadata"] = self._opener()
        return {
            "webhook_id": self.application_id,
            "application_id": self.application_id,
            "interaction_metadata": about,
        }

    def _opener(self) -> Any:
        opener = None if self.modal is None else self.modal.opened_by
        return {} if opener is None else opener.message_extras()["interaction_metadata"]


@dataclass(eq=False)
class Call:
    """One REST request and what became of it."""

    method: str
    path: str
    body: Any = None
    files: dict[str, bytes] = field(default_factory=dict)
    status: int | None = None
    answer: Any = None
    lost: bool = False

    @property
    def code(self) -> int | None:
        """The error code of the answer, if it was refused."""
        return self.answer.get("code") if isinstance(self.answer, dict) and (self.status or 0) >= 400 else None

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}{'' if self.code is None else f' / {self.code}'}"


@dataclass(frozen=True)
class Violation:
    """Something Discord lets pass, or answers with an error, that a careful bot would not do.

    `kind` is one of: unknown-field, unknown-route, pings, refused, late, defer-with-content,
    loading-follow-up, unmatched-file, gateway.
    """

    kind: str
    detail: str
