"""Buttons, menus and forms: every one carries its whole action, so that none of them needs to be remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.core.language import Language
from bot.core.markdown import Anchor, Plain
from bot.core.message import Button, Entry, Link, Tone
from bot.platforms.discord.dialect import MAX_URL, clean
from bot.study.desk import Study

T = TypeVar("T")

PRESS: Final = "x:"
FORM: Final = "t:"
SUBMIT: Final = "m:"
MENU: Final = "s:"
"""How a custom id begins: a press, a button that opens a form, the form itself, a menu of presses."""

_REPEAT: Final = "#"
"""Discord wants every custom id of a message to be another; no action holds this character."""

MAX_ROWS: Final = 5
MAX_IN_A_ROW: Final = 5
MAX_BUTTONS: Final = MAX_ROWS * MAX_IN_A_ROW
MAX_OPTIONS: Final = 25
_MAX_LABEL: Final = 80
_MAX_OPTION_LABEL: Final = 100
_MAX_PLACEHOLDER: Final = 150
_MAX_URL: Final = 512
_MAX_TITLE: Final = 45
_MAX_HINT: Final = 100
_MAX_TYPED: Final = 1000
"""Characters (documentation: components/reference), except the last, which is ours."""

_FIELD: Final = "text"
_SOMETHING: Final = "⋯"
_STYLES: Final[dict[Tone, discord.ButtonStyle]] = {
    "plain": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "good": discord.ButtonStyle.success,
    "bad": discord.ButtonStyle.danger,
}
_FORM_WORDS: Final = {"zone": ("zone-title", "zone-hint"), "hour": ("hour-title", "hour-hint")}
_ANSWER_WORDS: Final = ("answer-title", "answer-hint")


@dataclass(frozen=True, slots=True)
class Key:
    """A button that tells us something."""

    label: str
    custom_id: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu whose options tell us something: (label, value)."""

    custom_id: str
    options: tuple[tuple[str, str], ...]

    @property
    def placeholder(self) -> str:
        """What the menu says while it is closed."""
        half = (_MAX_PLACEHOLDER - len(" … ")) // 2
        return f"{_short(self.options[0][0], half)} … {_short(self.options[-1][0], half)}"


Row = tuple[Key | Link | Menu, ...]


def arrange(rows: Sequence[Sequence[Button]], entry: Entry | None) -> list[tuple[Row, ...]]:
    """Return the rows for one message, or for more where one has no room; nothing is left out.

    Rows that are too wide are broken. Where there are too many rows they are filled up, and beyond 25 buttons
    the choices move into menus. A link that Discord would refuse is missing here: see `unlinked`.
    """
    ids = _Ids()
    last: list[Key | Link] = (
        [] if entry is None else [Key(_label(entry.label), ids.take(FORM + entry.action), "primary")]
    )
    shown: list[list[Key | Link]] = []
    for row in rows:
        buttons = [
            _button(button, ids) for button in row if not isinstance(button, Link) or _is_link(button.url, _MAX_URL)
        ]
        shown += _even(buttons)
    shown += [last] if last else []
    if len(shown) > MAX_ROWS:
        shown = _chunks([button for row in shown for button in row], MAX_IN_A_ROW)
    if len(shown) <= MAX_ROWS:
        return [tuple(tuple(row) for row in shown)] if shown else []
    return [tuple(block) for block in _chunks(_menus([button for row in shown for button in row]), MAX_ROWS)]


def unlinked(rows: Sequence[Sequence[Button]]) -> Iterator[Plain | Anchor]:
    """Yield, for every link that no button can hold, a line of text that says the same."""
    for button in (button for row in rows for button in row):
        if not isinstance(button, Link) or _is_link(button.url, _MAX_URL):
            continue
        if _is_link(button.url, MAX_URL):
            yield Anchor(button.label, button.url)
        else:
            yield Plain(f"{button.label}: {button.url}")


def view(rows: Sequence[Row]) -> ui.View | None:
    """Return the rows as the library wants them, finished already: it would keep any other in memory for ever."""
    if not rows:
        return None
    shown = ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in row:
            shown.add_item(_item(item, number))
    shown.stop()
    return shown


def form(study: Study, action: str, language: Language) -> ui.Modal:
    """Return the form that asks for the text an action needs; nobody keeps it until it is sent."""
    title_key, hint_key = _FORM_WORDS.get(action.partition(":")[0], _ANSWER_WORDS)
    title = _short(study.say(language, title_key), _MAX_TITLE)
    hint = _short(study.say(language, hint_key), _MAX_HINT)
    shown = ui.Modal(title=title, custom_id=SUBMIT + action, timeout=None)
    field: ui.TextInput[Any] = ui.TextInput(custom_id=_FIELD, placeholder=hint, max_length=_MAX_TYPED)
    shown.add_item(ui.Label(text=title, component=field))
    shown.stop()
    return shown


def unpack(custom_id: str) -> tuple[str, str]:
    """Return what kind of thing a custom id stands on ("" for none of ours) and the action it carries."""
    kind, action = custom_id[:2], custom_id[2:].partition(_REPEAT)[0]
    return (kind, action) if kind in (PRESS, FORM, SUBMIT, MENU) else ("", custom_id)


def typed(components: object) -> str:
    """Return what somebody wrote into the form whose parts came back."""
    for component in components if isinstance(components, list) else []:
        if not isinstance(component, Mapping):
            continue
        if component.get("custom_id") == _FIELD:
            return str(component.get("value") or "")
        found = typed(component.get("components") or [component.get("component")])
        if found:
            return found
    return ""


class _Ids:
    """Gives out custom ids, each once in a message."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def take(self, wanted: str) -> str:
        """Return the id, with a number behind it when it was taken before."""
        repeats = self._taken[wanted]
        self._taken[wanted] += 1
        return f"{wanted}{_REPEAT}{repeats}" if repeats else wanted


def _button(button: Button, ids: _Ids) -> Key | Link:
    if isinstance(button, Link):
        return Link(_label(button.label), button.url)
    return Key(_label(button.label), ids.take(PRESS + button.action), button.tone)


def _menus(buttons: Sequence[Key | Link]) -> list[Row]:
    """Return the choices as menus, and what cannot be in a menu as rows of buttons below."""
    choices = [button for button in buttons if isinstance(button, Key) and button.custom_id.startswith(PRESS)]
    others = [button for button in buttons if button not in choices]
    menus: list[Row] = [
        (Menu(f"{MENU}{number}", tuple((choice.label, choice.custom_id) for choice in chunk)),)
        for number, chunk in enumerate(_chunks(choices, MAX_OPTIONS))
    ]
    return menus + [tuple(row) for row in _chunks(others, MAX_IN_A_ROW)]


def _item(item: Key | Link | Menu, row: int) -> ui.Item[Any]:
    match item:
        case Key():
            return ui.Button(label=item.label, custom_id=item.custom_id, style=_STYLES[item.tone], row=row)
        case Link():
            return ui.Button(label=item.label, url=item.url, row=row)
        case Menu():
            options = [
                discord.SelectOption(label=_short(label, _MAX_OPTION_LABEL), value=value)
                for label, value in item.options
            ]
            return ui.Select(custom_id=item.custom_id, placeholder=item.placeholder, options=options, row=row)


def _is_link(url: str, limit: int) -> bool:
    """Tell whether Discord takes the address; it refuses a whole message for one bad button."""
    try:
        parsed = urlsplit(url)
        host, _ = parsed.hostname or "", parsed.port
    except ValueError:
        return False
    return (
        parsed.scheme in ("http", "https")
        and "." in host.strip(".")
        and len(url) <= limit
        and url.isprintable()
        and " " not in url
    )


def _label(text: str) -> str:
    return _short(" ".join(clean(text).split()), _MAX_LABEL) or _SOMETHING


def _even(row: list[Key | Link]) -> list[list[Key | Link]]:
    """Break a row that is too wide into rows of about the same width."""
    if not row:
        return []
    lines = -(-len(row) // MAX_IN_A_ROW)
    return _chunks(row, -(-len(row) // lines))


def _chunks(items: Sequence[T], size: int) -> list[list[T]]:
    return [list(items[at : at + size]) for at in range(0, len(items), size)]


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
