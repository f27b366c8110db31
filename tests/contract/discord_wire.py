"""For the contract of the fake Discord: a bot with one of everything on the real discord.py, and plain HTTP."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
from discord import app_commands, ui

from tests.fakes.discord import FakeDiscord

JSON = dict[str, Any]


class Clock:
    """A clock that goes only when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def pass_(self, **units: float) -> None:
        """Let time go by."""
        self.now += timedelta(**units)


class Names(app_commands.Translator):
    """Chinese names for commands."""

    async def translate(self, string: app_commands.locale_str, locale: discord.Locale, _context: Any) -> str | None:
        """Return the Chinese word, if there is one."""
        return {"start": "开始"}.get(string.message) if locale is discord.Locale.chinese else None


class Name(ui.Modal, title="Your name"):
    """A form with one field."""

    name: ui.Label[Any] = ui.Label(text="Name", component=ui.TextInput(custom_id="name", max_length=20))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Greet."""
        assert isinstance(self.name.component, ui.TextInput)
        await interaction.response.send_message(f"Hello {self.name.component.value}")


class Yes(ui.DynamicItem[ui.Button[Any]], template=r"(?P<verb>yes|form|later)"):
    """A button whose whole state is its custom id."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        super().__init__(ui.Button(label=verb.title(), custom_id=verb))

    @classmethod
    async def from_custom_id(cls, _interaction: Any, _item: Any, match: Any) -> Yes:
        """Read the custom id."""
        return cls(match["verb"])

    async def callback(self, interaction: discord.Interaction[Any]) -> Any:
        """Do what the button says."""
        if self.verb == "form":
            await interaction.response.send_modal(Name())
        elif self.verb == "later":
            await interaction.response.defer()
            await interaction.edit_original_response(content="Edited later", view=None)
        else:
            await interaction.response.edit_message(content="Edited", view=None)


class Bot(discord.AutoShardedClient):
    """A bot with one of everything."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, dm_messages=True),
            guild_ready_timeout=0,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            heartbeat_timeout=60,
        )
        self.heard: list[str] = []
        self.tree = app_commands.CommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self.add_dynamic_items(Yes)
        for function in (start, secret, slow, menu):
            self.tree.add_command(
                app_commands.Command(name=function.__name__, description="A command", callback=function)
            )

    async def setup_hook(self) -> None:
        """Sync before connecting."""
        await self.tree.set_translator(Names())
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Note what people say."""
        if not message.author.bot:
            self.heard.append(message.content)


async def start(interaction: discord.Interaction[Any], word: str = "there") -> None:
    """Answer with buttons."""
    view = ui.View(timeout=None)
    for verb in ("yes", "form", "later"):
        view.add_item(Yes(verb))
    await interaction.response.send_message(f"Hi {word}", view=view)


async def secret(interaction: discord.Interaction[Any]) -> None:
    """Answer so that only one person sees it."""
    await interaction.response.send_message("Psst", ephemeral=True)


async def slow(interaction: discord.Interaction[Any]) -> None:
    """Think first."""
    await interaction.response.defer(thinking=True)
    await interaction.edit_original_response(content="Thought")


async def menu(interaction: discord.Interaction[Any]) -> None:
    """Answer with a menu that is answered in turn."""
    choose: ui.Select[Any] = ui.Select(custom_id="days", options=[discord.SelectOption(label="Monday")])

    async def chosen(inner: discord.Interaction[Any]) -> None:
        await inner.response.send_message(f"You chose {choose.values[0]}")

    choose.callback = chosen  # type: ignore[method-assign, assignment]  # the documented way without a subclass
    view = ui.View(timeout=None)
    view.add_item(choose)
    await interaction.response.send_message("Which day?", view=view)


class Wire:
    """Plain HTTP to the fake."""

    def __init__(self, dc: FakeDiscord, http: aiohttp.ClientSession) -> None:
        self.dc = dc
        self.http = http
        self.headers = {"Authorization": f"Bot {dc.token}", "User-Agent": "DiscordBot (https://x.example, 1)"}

    async def __call__(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Send one request and return status and body."""
        options.setdefault("headers", self.headers)
        async with self.http.request(method, self.dc.api_base + path, **options) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None


def places(errors: JSON, path: str = "") -> list[str]:
    """Return where a tree of form errors points to."""
    found = [path] if "_errors" in errors else []
    for key, value in errors.items():
        if key != "_errors":
            found += places(value, f"{path}.{key}".strip("."))
    return found
