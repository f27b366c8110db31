"""How a checked message body becomes a message, and how an edit changes one."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.fakes.discord.components import CONTAINER, FILE, GALLERY, SELECTS, SEPARATOR, walk
from tests.fakes.discord.errors import JSON, ApiError
from tests.fakes.discord.form import Form
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.message_rules import (
    COMPONENTS_V2,
    LOADING,
    MAX_FILE_BYTES,
    MAX_FILES,
    QUIRKS,
    Kind,
    check_attachment_references,
    check_message,
    pings,
)
from tests.fakes.discord.model import Attachment, Message
from tests.fakes.discord.world import World


@dataclass(frozen=True)
class File:
    """A part `files[n]` of a multipart request."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Draft:
    """What a request wants a message to be."""

    kind: Kind
    body: JSON
    files: dict[int, File] = field(default_factory=dict)
    where: str = ""


def post(world: World, gateway: Gateway, message: Message, draft: Draft) -> None:
    """Fill a fresh message from a draft and show it.

    Raises:
        ApiError: 400/50035, 400/50006, 413/40005.
    """
    _fill(world, message, draft)
    message.channel.messages.append(message)
    _announce(gateway, "MESSAGE_CREATE", message)


def edit(world: World, gateway: Gateway, message: Message, draft: Draft) -> None:
    """Change a message as a draft says; what the draft does not name stays.

    Raises:
        ApiError: 400/50035, 400/50006, 413/40005.
    """
    before = message.text
    was_loading = message.loading
    _fill(world, message, draft)
    if not was_loading:
        message.earlier.append(before)
        message.edited_at = world.clock()
    _announce(gateway, "MESSAGE_UPDATE", message)


def delete(world: World, gateway: Gateway, message: Message) -> None:
    """Take a message away."""
    message.deleted = True
    world.touch(message)
    if message.visible_to is None:
        guild = message.channel.guild
        data: JSON = {"id": message.id, "channel_id": message.channel.id}
        data |= {} if guild is None else {"guild_id": guild.id}
        gateway.dispatch_message("MESSAGE_DELETE", message.channel, data, hide=False)


def _announce(gateway: Gateway, event: str, message: Message) -> None:
    if message.visible_to is None:
        gateway.dispatch_message(event, message.channel, event_data(gateway.world, message), hide=False)


def event_data(world: World, message: Message) -> JSON:
    """Return a message as gateway events show it."""
    guild = message.channel.guild
    if guild is None:
        return message.to_json()
    member = world.member(guild, message.author)
    del member["user"]
    return {**message.to_json(), "guild_id": guild.id, "member": member}


def _fill(world: World, message: Message, draft: Draft) -> None:
    body, form = draft.body, Form()
    flags = int(body["flags"]) if re.fullmatch(r"\d+", str(body.get("flags"))) else 0
    v2 = bool(flags & COMPONENTS_V2) or message.v2
    check_message(form, draft.kind, body, v2=v2)
    form.close()
    attachments = _attachments(world, form, message, draft)
    if v2:
        check_attachment_references(form, draft.kind, body, [file.filename for file in attachments])
        if message.content and body.get("content", message.content):
            form.add((*draft.kind.at, "content"), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "content")
    form.close()
    wanted = _wanted(message, body)
    if not (wanted["components"] if v2 else (wanted["content"] or wanted["embeds"] or attachments)):
        raise ApiError(400, 50006)
    world.note_unknown(form, draft.where, QUIRKS)
    for mention in pings(body):
        world.violate("pings", f"{draft.where}: {mention} in {str(body.get('content'))[:60]!r}")
    message.content, message.embeds = wanted["content"], wanted["embeds"]
    message.attachments = attachments
    if body.get("components") is not None:
        message.components = echo(wanted["components"], attachments)
    message.flags = (message.flags & ~LOADING) | flags
    _mention(world, message, body)
    world.touch(message)


def _wanted(message: Message, body: JSON) -> dict[str, Any]:
    embeds = body.get("embeds", message.embeds) or []
    return {
        "content": (body.get("content", message.content) or "").strip(),
        "embeds": [_clean({"type": "rich", **embed}) for embed in embeds],
        "components": body.get("components", message.components) or [],
    }


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items() if item is not None}
    return [_clean(item) for item in value] if isinstance(value, list) else value


def _mention(world: World, message: Message, body: JSON) -> None:
    allowed = body.get("allowed_mentions")
    everybody = allowed is None or "users" in (allowed.get("parse") or [])
    chosen = {str(user) for user in (allowed or {}).get("users") or []}
    ids = re.findall(r"<@!?(\d+)>", message.text)
    message.mentions = [
        world.people[user] for user in dict.fromkeys(ids) if user in world.people and (everybody or user in chosen)
    ]


def _attachments(world: World, form: Form, message: Message, draft: Draft) -> list[Attachment]:
    listed = draft.body.get("attachments")
    kept = {file.id: file for file in message.attachments}
    about = {str(item["id"]): item for item in listed or []}
    place = (*draft.kind.at, "attachments")
    result = [file for file in message.attachments if listed is None or file.id in about]
    for index, file in draft.files.items():
        if len(file.data) > MAX_FILE_BYTES:
            raise ApiError(413, 40005)
        described = about.get(str(index), {})
        if listed is not None and not described:
            world.violate("unmatched-file", f"{draft.where}: files[{index}] has no entry in attachments")
        name = described.get("filename") or file.name
        result.append(Attachment(world.new_id(), name, file.data, described.get("description")))
    for position, identifier in enumerate(about):
        known = identifier in kept or (identifier.isdigit() and int(identifier) in draft.files)
        if not known:
            form.add((*place, position), "ATTACHMENT_NOT_FOUND", f"Attachment data for {identifier} not found")
    if len(result) > MAX_FILES:
        form.add(place, "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_FILES} or fewer in length.")
    return result


def echo(components: list[JSON], files: list[Attachment]) -> list[JSON]:
    """Return components as Discord gives them back: numbered, and with the defaults filled in."""
    result: list[JSON] = [_clean(item) for item in copy.deepcopy(components)]
    taken = {item["id"] for item in walk(result) if "id" in item}
    numbers = (number for number in count(1) if number not in taken)
    by_url = {f"attachment://{file.filename}": file for file in files}
    for item in walk(result):
        item.setdefault("id", next(numbers))
        kind = item["type"]
        if kind in SELECTS:
            item.update({"min_values": 1, "max_values": 1} | item)
        elif kind == SEPARATOR:
            item.update({"spacing": 1, "divider": True} | item)
        elif kind == CONTAINER:
            item.update({"accent_color": None, "spoiler": False} | item)
        elif kind == GALLERY:
            item["items"] = [
                {"description": None, "spoiler": False} | one | {"media": _media(one["media"], by_url)}
                for one in item["items"]
            ]
        elif kind == FILE:
            file = by_url.get(item["file"]["url"])
            about = {"name": file.filename, "size": len(file.data)} if file else {"name": "", "size": 0}
            item.update({"spoiler": False} | about | item | {"file": _media(item["file"], by_url)})
        elif "media" in item:
            item.update({"description": None, "spoiler": False} | item | {"media": _media(item["media"], by_url)})
    return result


def _media(media: JSON, files: dict[str, Attachment]) -> JSON:
    file = files.get(media["url"])
    if file is None:
        return {"id": "0", "proxy_url": media["url"], **media}
    shown = file.to_json()
    return {"id": file.id, "url": shown["url"], "proxy_url": shown["proxy_url"], "attachment_id": file.id}
