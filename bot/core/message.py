"""What the bot says: the only types that cross from the use cases to the platforms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

MAX_ACTION_BYTES: Final = 64
"""Telegram's `callback_data` limit, the smallest of all platforms (Bot API reference)."""

Tone = Literal["plain", "primary", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that carries a whole action back to us (see `bot.core.actions`).

    Raises:
        ValueError: the label is empty, or the action is not 1 to 64 bytes long.
    """

    label: str
    action: str
    tone: Tone = "plain"

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ValueError("a choice needs a label")
        if not 1 <= len(self.action.encode()) <= MAX_ACTION_BYTES:
            raise ValueError(f"an action is 1 to {MAX_ACTION_BYTES} bytes: {self.action!r}")


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an https address outside."""

    label: str
    url: str


Button = Choice | Link


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and the words that say the same for those who cannot see it."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An invitation to type: what the text will complete, and the words around the field.

    Where people simply type into the chat (Telegram, a Discord DM, the playground) the text alone is enough:
    the learner's row remembers the action. Where they cannot (a Discord server) `label` is a button that opens
    a form titled `title` whose submission carries `action`.
    """

    action: str
    label: str
    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: text in our Markdown subset (see `bot.core.markdown`), perhaps with a picture and buttons.

    Attributes:
        text: 1 to 12,000 characters of our Markdown subset; platforms split it at their own limits.
        rows: rows of buttons under the (last part of the) text; at most 8 in a row, 25 rows.
        picture: shown above the text.
        entry: set when the learner may type an answer now.
        private: where others can read along, only the person who asked may see it.
        replaces: takes the place of the message whose button was pressed, when there is one.
        silent: arrives without a sound.
    """

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    picture: Picture | None = None
    entry: Entry | None = None
    private: bool = False
    replaces: bool = False
    silent: bool = False
