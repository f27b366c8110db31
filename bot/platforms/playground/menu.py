"""The command menu on the page: what it lists, and the names a typed command may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.language import LANGUAGES, Language, Text
from bot.platforms.playground.render import Tree
from bot.study.desk import MenuRow
from bot.study.requests import Command, Typed


def tree(rows: Sequence[MenuRow]) -> list[Tree]:
    """Return the menu as the page reads it, in every language."""
    return [
        {
            "name": row.name,
            "localized": _both(row.localized),
            "description": _both(row.description),
            "argument": None if row.argument is None else _both(row.argument),
        }
        for row in rows
    ]


def names(rows: Sequence[MenuRow]) -> Mapping[str, str]:
    """Return the commands by every name the menu gives them in any language."""
    return {row.localized.in_(each).casefold(): row.name for row in rows for each in LANGUAGES}


def spoken(rows: Sequence[MenuRow], what: Command | Typed, language: Language) -> str:
    """Return what a person is shown to have said: a text to the letter, a command by its name in their language."""
    if isinstance(what, Typed):
        return what.text
    shown = {row.name: row.localized.in_(language) for row in rows}
    return f"/{shown.get(what.name, what.name)} {what.args}".rstrip()


def _both(text: Text) -> Tree:
    return {language: text.in_(language) for language in LANGUAGES}
