"""The courier: one call to Discord per message."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Final, TypedDict

import discord
from discord.utils import MISSING

from bot.platforms.discord.components import view
from bot.platforms.discord.errors import is_deleted
from bot.platforms.discord.render import Part
from bot.platforms.discord.updates import AnyInteraction

_PICTURE_NAME: Final = "picture.png"
_MAX_NONCE: Final = 25
"""Characters (documentation: resources/message)."""


def nonce(key: str, number: int) -> str:
    """Return the name under which Discord shows part `number` of what `key` stands for only once."""
    whole = f"{key}.{number}"
    if len(whole) <= _MAX_NONCE:
        return whole
    return f"{hashlib.blake2s(key.encode(), digest_size=10).hexdigest()}.{number}"


class _Shown(TypedDict):
    content: str | None
    embeds: list[discord.Embed]


class Courier:
    """Carries parts to places; what goes wrong is raised as the library raises it.

    Args:
        client: returns the library's client of the moment.
    """

    def __init__(self, client: Callable[[], discord.Client]) -> None:
        self._client = client

    async def send(self, channel: int, part: Part, *, name: str, silent: bool) -> str:
        """Send a new message and return its id; under the same `name` it is shown once within some minutes."""
        place = self._client().get_partial_messageable(channel)
        try:
            message = await place.send(
                **_shown(part),
                files=_files(part) or MISSING,
                view=view(part.rows) or MISSING,
                nonce=name,
                silent=silent,
            )
        except discord.NotFound as exc:
            if is_deleted(exc):
                return ""
            raise
        return str(message.id)

    async def edit(self, interaction: AnyInteraction, part: Part) -> str:
        """Let the message that an interaction was answered with show `part`."""
        message = await interaction.edit_original_response(
            **_shown(part), attachments=_files(part), view=view(part.rows)
        )
        return str(message.id)

    async def follow_up(self, interaction: AnyInteraction, part: Part, *, ephemeral: bool, silent: bool) -> str:
        """Send one more message in answer to an interaction; a repeat shows it again."""
        message = await interaction.followup.send(
            content=_shown(part)["content"] or MISSING,
            embeds=_shown(part)["embeds"] or MISSING,
            files=_files(part) or MISSING,
            view=view(part.rows) or MISSING,
            ephemeral=ephemeral,
            silent=silent,
            wait=True,
        )
        return str(message.id)

    async def withdraw(self, interaction: AnyInteraction) -> None:
        """Take away the message that says "… is thinking"."""
        await interaction.delete_original_response()

    async def open_dm(self, user: int) -> str:
        """Return the id of the private chat with a person, opening it where there is none."""
        channel = await self._client().create_dm(discord.Object(user))
        return str(channel.id)

    async def is_dm(self, channel: int) -> bool:
        """Tell whether a channel is a private chat; a place that is gone is none."""
        try:
            found = await self._client().fetch_channel(channel)
        except (discord.NotFound, discord.Forbidden, discord.InvalidData):
            return False
        return isinstance(found, discord.DMChannel)


def _shown(part: Part) -> _Shown:
    if not part.in_embed:
        return {"content": part.text or None, "embeds": []}
    return {"content": None, "embeds": [discord.Embed(description=part.text)]}


def _files(part: Part) -> list[discord.File]:
    picture = part.picture
    if picture is None:
        return []
    return [discord.File(BytesIO(picture.png), _PICTURE_NAME, description=picture.alt or None)]
