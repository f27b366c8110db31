"""The commands Discord offers: one tree from the table of the use cases, in every language, told once per change."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final

import discord
from discord import Locale, app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, locale_str

from bot.core.language import Text
from bot.study.desk import MenuRow, Study

_CHINESE: Final = frozenset({Locale.chinese, Locale.taiwan_chinese})
_ZH: Final = "zh"
_MAX_COMMANDS: Final = 100
_MAX_DESCRIPTION: Final = 100
_NAME: Final = re.compile(r"[-_'\w]{1,32}")
"""Documentation: interactions/application-commands."""

_TEXT: Final = Text("内容", "text")
_EVERYWHERE: Final = AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_BY_ANYBODY: Final = AppInstallationType(guild=True, user=True)


class Tree(app_commands.CommandTree[Any]):
    """The commands as Discord shows them; the intake answers them, those of an older table included."""

    async def interaction_check(self, _interaction: discord.Interaction[Any], /) -> bool:
        """Leave every command to the intake."""
        return False


class _Chinese(app_commands.Translator):
    """Looks up the Chinese side that every text brings with it."""

    async def translate(self, string: locale_str, locale: Locale, _context: Any) -> str | None:
        """Return the Chinese text for readers of Chinese, nothing for others: they read the English default."""
        text: str | None = string.extras.get(_ZH)
        return text if locale in _CHINESE else None


def plant(client: discord.Client, menu: tuple[MenuRow, ...]) -> Tree:
    """Return the tree of commands: in servers, in private chats, and for people who installed the bot themselves."""
    tree = Tree(client, allowed_contexts=_EVERYWHERE, allowed_installs=_BY_ANYBODY)
    for row in [row for row in menu if _is_name(row.name)][:_MAX_COMMANDS]:
        tree.add_command(_command(row))
    return tree


async def tell(tree: Tree, study: Study) -> bool:
    """Tell Discord the commands, unless it knows them already; return whether there was something to tell.

    Raises:
        discord.HTTPException, discord.app_commands.CommandSyncFailure: Discord did not take them.
    """
    translator = _Chinese()
    await tree.set_translator(translator)
    payload = [await command.get_translated_payload(tree, translator) for command in tree.get_commands()]
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    name = f"discord:{tree.client.application_id}:commands"
    if await study.fact(name) == digest:
        return False
    await tree.sync()
    await study.remember(name, digest)
    return True


def _command(row: MenuRow) -> app_commands.Command[Any, ..., Any]:
    zh = row.localized.zh.lower()
    name = locale_str(row.name, zh=zh) if _is_name(zh) else locale_str(row.name)
    callback = _bare() if row.argument is None else _with_text(row.argument)
    return app_commands.Command(name=name, description=_localized(row.description), callback=callback)


def _bare() -> Any:
    async def run(interaction: discord.Interaction[Any]) -> None:
        """Never called: see `Tree`."""

    return run


def _with_text(about: Text) -> Any:
    @app_commands.rename(text=locale_str(_TEXT.en, zh=_TEXT.zh))
    @app_commands.describe(text=_localized(about))
    async def run(interaction: discord.Interaction[Any], text: str | None = None) -> None:
        """Never called: see `Tree`."""

    return run


def _localized(text: Text) -> locale_str:
    return locale_str(_short(text.en), zh=_short(text.zh))


def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name == name.lower()


def _short(text: str) -> str:
    return text if len(text) <= _MAX_DESCRIPTION else text[: _MAX_DESCRIPTION - 1] + "…"
