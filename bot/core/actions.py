"""The codec of buttons: a verb and a few short arguments in at most 64 bytes, meaningful after any restart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.core.message import MAX_ACTION_BYTES

_SEPARATOR: Final = ":"
_VERB: Final = re.compile(r"[a-z][a-z-]*")
_ARGUMENT: Final = re.compile(r"[A-Za-z0-9_./+-]*")


class BadActionError(ValueError):
    """The text is not an action this bot ever put on a button."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a button asks for: `verb` names a row of the ACTIONS table, `args` are its words."""

    verb: str
    args: tuple[str, ...] = ()


def encode(verb: str, *args: str | int) -> str:
    """Return the wire form `verb:arg:arg`.

    Raises:
        BadActionError: a part holds other characters than letters, digits and `_./+-`, or the whole is over 64 bytes.
    """
    parts = (verb, *(str(arg) for arg in args))
    text = _SEPARATOR.join(parts)
    if decode(text) != Action(verb, parts[1:]):
        raise BadActionError(text)
    return text


def decode(text: str) -> Action:
    """Return the action a button carried. Whatever a person sends may arrive here.

    Raises:
        BadActionError: the text is longer than 64 bytes or not of the form `verb:arg:arg`.
    """
    if len(text.encode(errors="replace")) > MAX_ACTION_BYTES:
        raise BadActionError(text[:MAX_ACTION_BYTES])
    verb, *args = text.split(_SEPARATOR)
    if not _VERB.fullmatch(verb) or not all(_ARGUMENT.fullmatch(arg) for arg in args):
        raise BadActionError(text)
    return Action(verb, tuple(args))
