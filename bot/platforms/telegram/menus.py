"""What Telegram shows of the bot beside the chat: command menus and descriptions, told once per change."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from bot.core.language import LANGUAGES, Language
from bot.core.markdown import plain
from bot.study.desk import MenuRow, Study

DESCRIPTION: Final = "bot-description"
SHORT_DESCRIPTION: Final = "bot-short-description"
"""The catalogue's keys of what the empty chat and the profile say."""

_DEFAULT: Final[Language] = "en"
_MAX_COMMANDS: Final = 100
_MAX_COMMAND_DESCRIPTION: Final = 256
_MAX_DESCRIPTION: Final = 512
_MAX_SHORT_DESCRIPTION: Final = 120
_NAME: Final = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES: Final = (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats())


@dataclass(frozen=True, slots=True)
class _Shown:
    """Everything in one language."""

    commands: tuple[tuple[str, str], ...]
    description: str
    short_description: str


async def tell_menus(bot: Bot, study: Study) -> bool:
    """Tell Telegram what it shows, unless it knows already; return whether there was something to tell.

    Readers of other languages than ours see the English one.

    Raises:
        TelegramError: Telegram did not take it; what it took so far stays, and all is told again next time.
        LookupError: the catalogue lacks a sentence.
    """
    shown = {language: _shown(study, language) for language in LANGUAGES}
    name, digest = f"telegram:{bot.id}:menus", _digest(shown)
    if await study.fact(name) == digest:
        return False
    for code, one in (("", shown[_DEFAULT]), *shown.items()):
        await _tell(bot, code, one)
    await study.remember(name, digest)
    return True


async def _tell(bot: Bot, code: str, shown: _Shown) -> None:
    commands = [BotCommand(name, description) for name, description in shown.commands]
    for scope in _SCOPES:
        await bot.set_my_commands(commands, scope=scope, language_code=code or None)
    await bot.set_my_description(shown.description, language_code=code or None)
    await bot.set_my_short_description(shown.short_description, language_code=code or None)


def _shown(study: Study, language: Language) -> _Shown:
    rows = [row for row in study.menu() if _NAME.fullmatch(row.name)]
    return _Shown(
        tuple((row.name, _description(row, language)) for row in rows[:_MAX_COMMANDS]),
        plain(study.say(language, DESCRIPTION))[:_MAX_DESCRIPTION],
        plain(study.say(language, SHORT_DESCRIPTION))[:_MAX_SHORT_DESCRIPTION],
    )


def _description(row: MenuRow, language: Language) -> str:
    return row.description.in_(language)[:_MAX_COMMAND_DESCRIPTION]


def _digest(shown: Mapping[Language, _Shown]) -> str:
    facts = [[language, one.commands, one.description, one.short_description] for language, one in shown.items()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
