"""Messages as JSON and back, so that replies outlive a crash between being decided and being delivered."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from bot.core.message import Button, Choice, Entry, Link, Message, Picture


def to_json(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Return messages as plain JSON values."""
    return [_message(message) for message in messages]


def from_json(values: Iterable[Mapping[str, Any]]) -> tuple[Message, ...]:
    """Return the messages that `to_json` wrote."""
    return tuple(
        Message(
            text=value["text"],
            rows=tuple(tuple(_button(button) for button in row) for row in value["rows"]),
            picture=_picture(value["picture"]),
            entry=Entry(**value["entry"]) if value["entry"] else None,
            private=value["private"],
            replaces=value["replaces"],
            silent=value["silent"],
        )
        for value in values
    )


def _message(message: Message) -> dict[str, Any]:
    picture, entry = message.picture, message.entry
    return {
        "text": message.text,
        "rows": [
            [{name: getattr(button, name) for name in button.__slots__} for button in row] for row in message.rows
        ],
        "picture": {"png": base64.b64encode(picture.png).decode(), "alt": picture.alt} if picture else None,
        "entry": {name: getattr(entry, name) for name in entry.__slots__} if entry else None,
        "private": message.private,
        "replaces": message.replaces,
        "silent": message.silent,
    }


def _button(value: Mapping[str, Any]) -> Button:
    return Link(**value) if "url" in value else Choice(**value)


def _picture(value: Mapping[str, str] | None) -> Picture | None:
    return Picture(base64.b64decode(value["png"]), value["alt"]) if value else None
