"""What a person sees in a chat: messages and buttons as they are on the screen at one moment."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.entities import Entity

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message; what it does is in `data`, `url` or another field of `raw`."""

    label: str
    data: str | None
    url: str | None
    raw: JSON

    @property
    def style(self) -> str | None:
        """Its colour: danger, success, primary, or none."""
        return self.raw.get("style")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message at one moment; a later edit gives a new one with the same `id` and a higher `version`.

    Attributes:
        text: the text, or under a picture the caption, as plain text.
        html: the HTML that the bot sent, before it was parsed.
        rows: the inline buttons.
        keyboard: the labels of the reply keyboard that came with the message.
        photo: the picture's bytes.
        preview: whether links unfold.
        raw: the Bot API `Message`.
    """

    id: int
    chat_id: int
    version: int
    text: str
    html: str
    entities: tuple[Entity, ...]
    rows: tuple[tuple[Button, ...], ...]
    keyboard: tuple[tuple[str, ...], ...]
    photo: bytes | None
    from_bot: bool
    silent: bool
    preview: bool
    thread_id: int | None
    reply_to: int | None
    raw: JSON

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All inline buttons, row after row."""
        return tuple(button for row in self.rows for button in row)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all inline buttons."""
        return tuple(button.label for button in self.buttons)

    @property
    def edited(self) -> bool:
        """Whether it has been edited."""
        return "edit_date" in self.raw

    def marked(self, kind: str) -> tuple[str, ...]:
        """The parts of the text with an entity of this kind, such as `bold`."""
        wide = self.text.encode("utf-16-le")
        return tuple(
            wide[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
            for entity in self.entities
            if entity["type"] == kind
        )


@dataclass(slots=True)
class Stored:
    """A message as the server keeps it."""

    raw: JSON
    version: int
    outgoing: bool
    photo: bytes | None = None
    source: str | None = None
    markup: JSON | None = None
    silent: bool = False
    preview: bool = True
    delivered: bool = False

    @property
    def id(self) -> int:
        """Its number in the chat."""
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """Text or caption."""
        return str(self.raw.get("text", self.raw.get("caption", "")))

    def shown(self) -> Shown:
        """Take a snapshot."""
        raw = self.raw
        inline = raw.get("reply_markup", {}).get("inline_keyboard", [])
        keyboard = (self.markup or {}).get("keyboard", [])
        return Shown(
            id=self.id,
            chat_id=raw["chat"]["id"],
            version=self.version,
            text=self.text,
            html=html.escape(self.text, quote=False) if self.source is None else self.source,
            entities=tuple(raw.get("entities") or raw.get("caption_entities") or []),
            rows=tuple(tuple(_button(button) for button in row) for row in inline),
            keyboard=tuple(tuple(button["text"] for button in row) for row in keyboard),
            photo=self.photo,
            from_bot=self.outgoing,
            silent=self.silent,
            preview=self.preview,
            thread_id=raw.get("message_thread_id"),
            reply_to=raw.get("reply_to_message", {}).get("message_id"),
            raw=dict(raw),
        )


def _button(raw: JSON) -> Button:
    return Button(raw["text"], raw.get("callback_data"), raw.get("url"), dict(raw))
