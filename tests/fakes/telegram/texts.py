"""Texts and captions of the bot: parsed, trimmed, measured, and refused in the server's words."""

from __future__ import annotations

from typing import Final

from tests.fakes.telegram.entities import (
    MAX_SOURCE_BYTES,
    Entity,
    Formatted,
    clean,
    finish,
    is_blank,
    parse_html,
    units,
)
from tests.fakes.telegram.errors import bad_request, broken
from tests.fakes.telegram.shown import JSON
from tests.fakes.telegram.world import World

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
_ENTITY_KINDS: Final = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)


def text_of(world: World, params: JSON) -> Formatted:
    """Parse and check the text of a message.

    Raises:
        ApiError: the server refuses it.
    """
    source = params.get("text", "")
    if not source:
        raise bad_request("message text is empty")
    formatted = _parsed(world, source, params.get("parse_mode", ""), params.get("entities", []))
    if is_blank(formatted.text):
        raise bad_request("text must be non-empty")
    if len(formatted.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return formatted


def caption_of(world: World, params: JSON) -> Formatted:
    """Parse and check a caption, which may be empty.

    Raises:
        ApiError: the server refuses it.
    """
    source = params.get("caption", "")
    formatted = _parsed(world, source, params.get("parse_mode", ""), params.get("caption_entities", []))
    if len(formatted.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return Formatted("") if is_blank(formatted.text) else formatted


def _parsed(world: World, source: str, parse_mode: str, entities: list[Entity]) -> Formatted:
    if len(source.encode()) > MAX_SOURCE_BYTES:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if mode in ("markdown", "markdownv2"):
        raise broken(f"{parse_mode} is not modelled; the house writes HTML")
    if mode not in ("", "none", "html"):
        raise bad_request("unsupported parse_mode")
    if mode == "html":
        formatted = parse_html(source)
    else:
        text = clean(source)
        formatted = Formatted(text, [_entity(entity, units(text)) for entity in entities])
    for remark in formatted.remarks:
        world.remark(remark)
    formatted.entities = [known for entity in formatted.entities if (known := _resolved(world, entity))]
    return finish(formatted)


def _entity(entity: Entity, length: int) -> Entity:
    if entity["type"] not in _ENTITY_KINDS:
        raise bad_request("can't parse MessageEntity: unsupported type specified")
    if entity["offset"] < 0:
        raise bad_request(f"receive an entity with incorrect offset {entity['offset']}")
    if entity["length"] <= 0 or entity["offset"] + entity["length"] > length:
        raise broken(f"an entity reaches out of the text: {entity!r}")
    return dict(entity)


def _resolved(world: World, entity: Entity) -> Entity | None:
    """Put the person into a mention by id; to somebody the bot does not know there is no mention."""
    if "_user" not in entity:
        return entity
    user = world.user(entity.pop("_user"))
    return None if user is None else entity | {"user": user.json()}
