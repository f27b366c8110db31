"""The rules for application commands (documentation: interactions/application-commands)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from tests.fakes.discord.errors import JSON, ApiError
from tests.fakes.discord.form import (
    Check,
    Form,
    Listing,
    Path,
    Shape,
    anything,
    boolean,
    integer,
    number,
    one_of,
    snowflake,
    text,
)

_LOCALES: Final = (
    "ar bg cs da de el en-GB en-US es-419 es-ES fi fr he hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE"
    " th tr uk vi zh-CN zh-TW"
)
LOCALES: Final = frozenset(_LOCALES.split())
MAX_COMMANDS: Final = {1: 100, 2: 15, 3: 15}
MAX_COMMAND_TEXT: Final = 8000
SUB_COMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(1, 12)
_BASE_ID = r"[-_'\u0900-\u097f\u0e00-\u0e7f]"


def _is_name(value: str) -> bool:
    letters = all(unicodedata.category(char)[0] in "LN" or re.fullmatch(_BASE_ID, char) for char in value)
    return 1 <= len(value) <= 32 and letters and value == value.lower()


def slash_name(form: Form, path: Path, value: Any) -> None:
    """Check the name of a slash command or of an option."""
    if not isinstance(value, str) or not _is_name(value):
        form.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def localized(check: Check) -> Check:
    """Return a check for a table of texts whose keys are real Discord locales."""

    def whole(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, dict):
            form.add(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for locale, item in value.items():
            if locale not in LOCALES:
                form.add((*path, locale), "BASE_TYPE_CHOICES", "Not a valid locale")
            elif item is not None:
                check(form, (*path, locale), item)

    return whole


def _choice_value(form: Form, path: Path, value: Any) -> None:
    (text(0, 6000) if isinstance(value, str) else number)(form, path, value)


CHOICE = Shape(
    "ApplicationCommandOptionStringChoice",
    {"name": text(1, 100), "name_localizations": localized(text(1, 100)), "value": _choice_value},
    frozenset({"name", "value"}),
)


def _options(form: Form, path: Path, value: JSON) -> None:
    options = [item for item in value.get("options") or [] if isinstance(item, dict)]
    names: set[str] = set()
    optional = False
    for index, option in enumerate(options):
        place = (*path, "options", index)
        if option.get("name") in names:
            form.add(
                (*place, "name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option name already exists",
            )
        names.add(str(option.get("name")))
        if option.get("required") and optional:
            message = "Required options must be placed before non-required options"
            form.add(place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional = optional or not option.get("required")
        if option.get("choices") and option.get("autocomplete"):
            form.add(place, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", "Cannot have both")
    kinds = [option.get("type") in (SUB_COMMAND, GROUP) for option in options]
    if any(kinds) and not all(kinds):
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)


_NAMES: dict[str, Check] = {
    "name": slash_name,
    "name_localizations": localized(slash_name),
    "description": text(1, 100),
    "description_localizations": localized(text(1, 100)),
}


def _option(nested: tuple[int, ...], options: Check) -> Shape:
    fields: dict[str, Check] = {
        **_NAMES,
        "type": one_of(*nested, *range(STRING, FILE + 1)),
        "required": boolean,
        "autocomplete": boolean,
        "choices": Listing(CHOICE, 0, 25),
        "options": options,
        "min_length": integer(0, 6000),
        "max_length": integer(1, 6000),
        "min_value": number,
        "max_value": number,
        "channel_types": Listing(integer()),
    }
    return Shape("ApplicationCommandOption", fields, frozenset({"type", "name", "description"}), (_options,))


_PLAIN = _option((), Listing(anything, 0, 0))
_IN_GROUP = _option((SUB_COMMAND,), Listing(_PLAIN, 0, 25))
OPTION = _option((SUB_COMMAND, GROUP), Listing(_IN_GROUP, 0, 25))


def _command(form: Form, path: Path, value: JSON) -> None:
    if value.get("type") in (2, 3):
        text(1, 32)(form, (*path, "name"), value.get("name"))
        if value.get("description"):
            message = "Context menu commands cannot have description"
            form.add((*path, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", message)
        return
    for key in ("name", "description"):
        if value.get(key) is not None:
            _NAMES[key](form, (*path, key), value[key])
    _NAMES["name_localizations"](form, (*path, "name_localizations"), value.get("name_localizations") or {})
    if value.get("description") is None:
        form.add((*path, "description"), "BASE_TYPE_REQUIRED", "This field is required")
    if not form.errors and _size(value) > MAX_COMMAND_TEXT:
        message = f"Command exceeds maximum size ({MAX_COMMAND_TEXT})"
        form.add(path, "APPLICATION_COMMAND_TOO_LARGE", message)


def _size(node: JSON) -> int:
    """Count name, description and values; the longest localization counts (documented limit: 8000)."""
    total = 0
    for key in ("name", "description"):
        versions = [node.get(key) or "", *(node.get(f"{key}_localizations") or {}).values()]
        total += max(map(len, versions))
    total += len(str(node.get("value", "")))
    return total + sum(_size(child) for key in ("options", "choices") for child in node.get(key) or [])


COMMAND = Shape(
    "ApplicationCommandUpdateRequest",
    {
        "id": snowflake,
        "type": one_of(1, 2, 3),
        "name": anything,
        "name_localizations": localized(text(1, 32)),
        "description": text(0, 100),
        "description_localizations": localized(text(1, 100)),
        "options": Listing(OPTION, 0, 25),
        "default_member_permissions": integer(0),
        "dm_permission": boolean,
        "contexts": Listing(one_of(0, 1, 2), 1, 3),
        "integration_types": Listing(one_of(0, 1), 1, 2),
        "nsfw": boolean,
    },
    frozenset({"name"}),
    (_command, _options),
)
COMMANDS = Listing(COMMAND, 0, sum(MAX_COMMANDS.values()))


def check_commands(form: Form, body: Any) -> None:
    """Check a whole list of commands.

    Raises:
        ApiError: 400/30032 when there are too many of one type.
    """
    COMMANDS(form, (), body)
    form.close()
    seen: set[tuple[int, str]] = set()
    for index, command in enumerate(body):
        key = (command.get("type") or 1, command["name"])
        if key in seen:
            message = "Application command names must be unique"
            form.add((index, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add(key)
    for kind, limit in MAX_COMMANDS.items():
        if sum(command.get("type") in ((1, None) if kind == 1 else (kind,)) for command in body) > limit:
            raise ApiError(400, 30032, message=f"Maximum number of application commands reached ({limit})")


def leaves(command: JSON) -> Iterator[tuple[tuple[str, ...], JSON]]:
    """Yield every way to run a command: the words after the slash, and the node that holds its options."""
    children = [option for option in command.get("options") or [] if option["type"] in (SUB_COMMAND, GROUP)]
    if not children:
        yield (command["name"],), command
    for child in children:
        for words, node in leaves(child):
            yield (command["name"], *words), node
