"""What the page may send: a closed set of frames, read strictly: anything can arrive at an open port."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal
from zoneinfo import available_timezones

from bot.core.language import LANGUAGES, Language
from bot.platforms.playground.render import Tree
from bot.platforms.playground.turning import STEPS, Step
from bot.study.requests import Body, Command, Press, Typed

MAX_TEXT: Final = 4096
"""Characters of one typed text; as many as a Telegram message: nothing works here that fails there."""

MAX_NAME: Final = 64
"""Characters of a person's name."""

Fault = Literal["malformed", "too-long", "no-name", "no-zone", "nobody", "no-room", "full", "turning", "broken"]
"""Why a frame was not obeyed; the page has a kind sentence for each (static/strings.*.js)."""

_KEY: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COMMAND: Final = re.compile(r"/(\S+)\s*(.*)", re.DOTALL)
_MAX_ID: Final = 200


class FrameError(ValueError):
    """The frame cannot be obeyed."""

    def __init__(self, fault: Fault, key: str = "") -> None:
        super().__init__(fault)
        self.fault: Fault = fault
        self.key = key

    def tree(self) -> Tree:
        """Return the refusal as the page reads it."""
        return {"type": "fault", "fault": self.fault, "key": self.key}


@dataclass(frozen=True, slots=True)
class Act:
    """A person does something in a room; `on` is the line whose button was pressed, if any."""

    key: str
    person: str
    room: str
    body: Body
    on: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """A further person sits down."""

    name: str
    language: Language
    zone: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody turns the clock."""

    step: Step


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody stops the turning."""


Frame = Act | Join | Turn | Stop


def read(raw: str) -> Frame:
    """Return the frame that `raw` holds.

    Raises:
        FrameError: it is not one of ours, to the letter.
    """
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise FrameError("malformed") from None
    if not isinstance(found, dict):
        raise FrameError("malformed")
    kind = found.pop("type", None)
    shape = _SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise FrameError("malformed")
    return _frame(str(kind), found, shape)


def body(typed: str, names: Mapping[str, str]) -> Body:
    """Return what a typed text asks for: one that starts with a slash is a command, by any of its `names`."""
    match = _COMMAND.fullmatch(typed.strip())
    if match is None:
        return Typed(typed)
    word = match[1].casefold()
    return Command(names.get(word, word), match[2].strip())


def _frame(kind: str, found: dict[str, object], shape: Mapping[str, Callable[[object], str]]) -> Frame:
    key = found.get("key")
    known = key if isinstance(key, str) and _KEY.fullmatch(key) else ""
    if found.keys() != shape.keys():
        raise FrameError("malformed", known)
    try:
        fields = {name: check(found[name]) for name, check in shape.items()}
    except FrameError as error:
        raise FrameError(error.fault, known) from None
    return _BUILD[kind](fields)


def _string(value: object, longest: int = _MAX_ID) -> str:
    if not isinstance(value, str):
        raise FrameError("malformed")
    if len(value) > longest:
        raise FrameError("too-long")
    # A lone surrogate cannot be stored anywhere as UTF-8, and PostgreSQL stores no NUL.
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise FrameError("malformed")
    return value


def _key(value: object) -> str:
    text = _string(value)
    if not _KEY.fullmatch(text):
        raise FrameError("malformed")
    return text


def _text(value: object) -> str:
    text = _string(value, MAX_TEXT)
    if not text.strip():
        raise FrameError("malformed")
    return text


def _args(value: object) -> str:
    return _string(value, MAX_TEXT)


def _name(value: object) -> str:
    name = " ".join(_string(value, MAX_NAME).split())
    if not name:
        raise FrameError("no-name")
    return name


def _zone(value: object) -> str:
    zone = _string(value)
    if zone not in _zones():
        raise FrameError("no-zone")
    return zone


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _one_of(*values: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in values:
            raise FrameError("malformed")
        return str(value)

    return check


_WHO: Final[dict[str, Callable[[object], str]]] = {"key": _key, "person": _string, "room": _string}
_SHAPES: Final[dict[str, dict[str, Callable[[object], str]]]] = {
    "say": {**_WHO, "text": _text},
    "command": {**_WHO, "name": _text, "args": _args},
    "press": {**_WHO, "action": _text, "on": _string},
    "join": {"name": _name, "language": _one_of(*LANGUAGES), "zone": _zone},
    "turn": {"step": _one_of(*STEPS)},
    "stop": {},
}


def _act(of: dict[str, str], what: Body) -> Act:
    return Act(of["key"], of["person"], of["room"], what, of.get("on", ""))


def _join(of: dict[str, str]) -> Join:
    return Join(of["name"], next(each for each in LANGUAGES if each == of["language"]), of["zone"])


_BUILD: Final[dict[str, Callable[[dict[str, str]], Frame]]] = {
    "say": lambda of: _act(of, Typed(of["text"])),
    "command": lambda of: _act(of, Command(of["name"], of["args"])),
    "press": lambda of: _act(of, Press(of["action"])),
    "join": _join,
    "turn": lambda of: Turn(next(step for step in STEPS if step == of["step"])),
    "stop": lambda _of: Stop(),
}
