"""What Discord tells us, read: who did what where, as a request of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import InteractionType

from bot.core.language import Language, guess_language
from bot.platforms.discord.components import FORM, MENU, PRESS, SUBMIT, typed, unpack
from bot.study.requests import Account, Body, Command, Press, Request, Typed

PLATFORM: Final = "discord"

AnyInteraction = discord.Interaction[Any]

_UNSTORABLE: Final = re.compile(r"[\ud800-\udfff\x00]")
_COMMAND: Final = re.compile(r"/([\w-]{1,32})(?:\s+(.*))?", re.DOTALL)
_WORDS: Final = (discord.MessageType.default, discord.MessageType.reply)


@dataclass(frozen=True, slots=True)
class Asked:
    """A person did something.

    Attributes:
        request: what, for the use cases; without the private chat where that is not known from the event itself.
        interaction: what waits for an answer; None for a text.
        in_dm: it happened in the person's own chat with the bot.
        spins: the answer takes the place of a message that says "… is thinking".
        replaces: the answer may take the place of the message the pressed button hangs on.
    """

    request: Request
    interaction: AnyInteraction | None
    in_dm: bool
    spins: bool = False
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Opens:
    """A person pressed a button that opens a form for `action`."""

    interaction: AnyInteraction
    action: str


def read(interaction: AnyInteraction) -> Asked | Opens | None:
    """Return what an interaction means; None for one we never asked for."""
    data = _data(interaction)
    match interaction.type:
        case InteractionType.application_command:
            return _asked(interaction, Command(clean(str(data.get("name", ""))).lower(), _arguments(data)))
        case InteractionType.component:
            kind, action = unpack(clean(_pressed(data)))
            return Opens(interaction, action) if kind == FORM else _asked(interaction, Press(action))
        case InteractionType.modal_submit:
            kind, action = unpack(clean(str(data.get("custom_id", ""))))
            text = clean(typed(data.get("components")))
            return _asked(interaction, Typed(text, action if kind == SUBMIT else ""))
        case _:
            return None


def read_text(message: discord.Message) -> Asked | None:
    """Return what a message in the bot's private chat means; None for one that nobody wrote."""
    if message.author.bot or message.guild is not None or message.type not in _WORDS:
        return None
    text, here = clean(message.content), str(message.channel.id)
    match = _COMMAND.fullmatch(text.strip())
    body: Body = Command(match[1].lower(), (match[2] or "").strip()) if match else Typed(text)
    request = Request(
        key=str(message.id),
        account=Account(PLATFORM, str(message.author.id)),
        chat=here,
        private=True,
        body=body,
        home=here,
        name=_name(message.author),
    )
    return Asked(request, None, in_dm=True)


def in_dm(interaction: AnyInteraction) -> bool:
    """Tell whether an interaction happened in the person's own chat with the bot, not in a server or another chat."""
    return interaction.guild_id is None and not interaction.context.private_channel


def language_of(interaction: AnyInteraction) -> Language:
    """Return the language of who caused an interaction."""
    return guess_language(interaction.locale.value)


def raw(interaction: AnyInteraction) -> str:
    """Return an interaction for the owner to look at, without its token."""
    about = {
        "id": str(interaction.id),
        "type": interaction.type.value,
        "user": str(interaction.user.id),
        "channel": str(interaction.channel_id),
        "data": interaction.data,
    }
    return json.dumps(about, ensure_ascii=True, default=str)


def clean(text: str) -> str:
    """Return `text` without what no database takes: half characters and NUL."""
    return _UNSTORABLE.sub("\ufffd", text)


def _asked(interaction: AnyInteraction, body: Body) -> Asked:
    private = in_dm(interaction)
    here = str(interaction.channel_id or "")
    request = Request(
        key=str(interaction.id),
        account=Account(PLATFORM, str(interaction.user.id)),
        chat=here,
        private=True,  # elsewhere than in the private chat every answer is for this person's eyes only
        body=body,
        home=here if private else "",
        locale=interaction.locale.value,
        name=_name(interaction.user),
    )
    pressed = interaction.message
    return Asked(
        request,
        interaction,
        in_dm=private,
        spins=pressed is None,
        replaces=pressed is not None and (private or pressed.flags.ephemeral),
    )


def _data(interaction: AnyInteraction) -> Mapping[str, Any]:
    data: Any = interaction.data
    return data if isinstance(data, Mapping) else {}


def _arguments(data: Mapping[str, Any]) -> str:
    values = [str(option.get("value", "")) for option in data.get("options") or []]
    return clean(" ".join(values)).strip()


def _pressed(data: Mapping[str, Any]) -> str:
    """Return the custom id of a button, or of the option somebody chose in a menu of ours."""
    custom_id, values = str(data.get("custom_id", "")), data.get("values") or []
    if unpack(custom_id)[0] == MENU and values and unpack(str(values[0]))[0] == PRESS:
        return str(values[0])
    return custom_id


def _name(user: discord.User | discord.Member) -> str:
    """Return the name a person bears everywhere, not what a server calls them."""
    return clean(user.global_name or user.name)
