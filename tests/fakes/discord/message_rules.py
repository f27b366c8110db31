"""The rules for messages: content, embeds, mentions, flags, files and the ban on old fields in V2."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from tests.fakes.discord.components import (
    CLASSIC,
    TEXT_DISPLAY,
    V2,
    check_v2_totals,
    unique_custom_ids,
    walk,
)
from tests.fakes.discord.errors import JSON
from tests.fakes.discord.form import (
    Check,
    Form,
    Listing,
    Path,
    Shape,
    anything,
    boolean,
    integer,
    moment,
    number,
    one_of,
    snowflake,
    text,
    url,
)

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SILENT, COMPONENTS_V2 = 1 << 2, 1 << 6, 1 << 7, 1 << 12, 1 << 15
MAX_EMBED_TEXT: Final = 6000
MAX_FILES: Final = 10
MAX_FILE_BYTES: Final = 10 * 1024 * 1024

_URL = url()
_PICTURE = {
    "url": _URL,
    "width": integer(),
    "height": integer(),
    "placeholder": text(),
    "placeholder_version": integer(),
    "is_animated": boolean,
    "description": text(),
}
_EMBED_TEXTS = ("title", "description")


def _embed(form: Form, path: Path, value: JSON) -> None:
    if not any(value.get(key) for key in (*_EMBED_TEXTS, "image", "thumbnail", "fields", "author", "footer", "video")):
        form.add((*path, "description"), "BASE_TYPE_REQUIRED", "This field is required")


EMBED = Shape(
    "RichEmbed",
    {
        "type": text(),
        "url": url(2048, ("http://", "https://")),
        "title": text(0, 256),
        "color": integer(0, 0xFFFFFF),
        "timestamp": moment,
        "description": text(0, 4096),
        "author": Shape(
            "RichEmbedAuthor",
            {"name": text(1, 256), "url": _URL, "icon_url": _URL},
            frozenset({"name"}),
        ),
        "image": Shape("RichEmbedImage", _PICTURE),
        "thumbnail": Shape("RichEmbedThumbnail", _PICTURE),
        "footer": Shape("RichEmbedFooter", {"text": text(0, 2048), "icon_url": _URL}),
        "fields": Listing(
            Shape(
                "RichEmbedField",
                {"name": text(1, 256), "value": text(1, 1024), "inline": boolean},
                frozenset({"name", "value"}),
            ),
            0,
            25,
        ),
        "provider": Shape("RichEmbedProvider", {"name": text(), "url": _URL}),
        "video": Shape("RichEmbedVideo", _PICTURE),
    },
    also=(_embed,),
)


def _mentions(form: Form, path: Path, value: JSON) -> None:
    for kind in ("users", "roles"):
        if kind in (value.get("parse") or []) and value.get(kind):
            message = f"parse: [{kind}] and {kind}: [ids...] are mutually exclusive."
            form.add(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)


MENTIONS = Shape(
    "MessageAllowedMentionsRequest",
    {
        "parse": Listing(one_of("users", "roles", "everyone")),
        "users": Listing(snowflake, 0, 100),
        "roles": Listing(snowflake, 0, 100),
        "replied_user": boolean,
    },
    also=(_mentions,),
)
ATTACHMENT = Shape(
    "MessageAttachmentRequest",
    {
        "id": snowflake,
        "filename": text(1, 1024),
        "description": text(0, 1024),
        "duration_secs": number,
        "waveform": text(0, 400),
        "title": text(0, 1024),
        "is_spoiler": boolean,
        "is_remix": boolean,
    },
    frozenset({"id"}),
)
REFERENCE = Shape(
    "MessageReferenceRequest",
    {
        "guild_id": snowflake,
        "channel_id": snowflake,
        "message_id": snowflake,
        "fail_if_not_exists": boolean,
        "type": one_of(0, 1),
    },
    frozenset({"message_id"}),
)
_BODY: dict[str, Check] = {
    "content": text(0, 2000),
    "embeds": Listing(EMBED, 0, 10),
    "allowed_mentions": MENTIONS,
    "components": anything,  # which components are allowed depends on the flags: see check_message
    "flags": integer(0, 2**31 - 1),
    "attachments": Listing(ATTACHMENT, 0, MAX_FILES),
}
QUIRKS: Final = frozenset({"tts", "flags", "proxy_url", "proxy_icon_url", "animated"})
"""Fields discord.py sends although the specification does not list them there, such as `flags` in embeds."""


def _nonce(form: Form, path: Path, value: Any) -> None:
    if isinstance(value, str):
        if len(value) > 25:
            form.add(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    else:
        integer(-(2**63), 2**63 - 1)(form, path, value)


CREATE = Shape(
    "MessageCreateRequest",
    {
        **_BODY,
        "sticker_ids": Listing(snowflake, 0, 3),
        "message_reference": REFERENCE,
        "nonce": _nonce,
        "enforce_nonce": boolean,
        "tts": boolean,
    },
)
EDIT = Shape("MessageEditRequestPartial", _BODY)
FOLLOW_UP = Shape("IncomingWebhookRequestPartial", {**_BODY, "tts": boolean})
FOLLOW_UP_EDIT = Shape("IncomingWebhookUpdateRequestPartial", _BODY)
ANSWER = Shape("IncomingWebhookInteractionRequest", {**_BODY, "tts": boolean})
UPDATE = Shape("IncomingWebhookUpdateForInteractionCallbackRequestPartial", _BODY)


@dataclass(frozen=True)
class Kind:
    """Where a message body was sent, as far as the rules differ."""

    shape: Shape
    flags: int
    at: Path = ()


IN_CHANNEL = Kind(CREATE, SUPPRESS_EMBEDS | SILENT | COMPONENTS_V2)
EDITED = Kind(EDIT, SUPPRESS_EMBEDS | COMPONENTS_V2)
FOLLOWED_UP = Kind(FOLLOW_UP, SUPPRESS_EMBEDS | SILENT | EPHEMERAL | COMPONENTS_V2)
FOLLOWED_UP_EDIT = Kind(FOLLOW_UP_EDIT, SUPPRESS_EMBEDS | COMPONENTS_V2)
ANSWERED = Kind(ANSWER, SUPPRESS_EMBEDS | SILENT | EPHEMERAL | COMPONENTS_V2, ("data",))
UPDATED = Kind(UPDATE, SUPPRESS_EMBEDS | COMPONENTS_V2, ("data",))


def check_message(form: Form, kind: Kind, body: JSON, *, v2: bool) -> None:
    """Check everything in a message body that does not depend on what is already there.

    Args:
        form: collects what is wrong.
        kind: where the body was sent.
        body: the message object itself.
        v2: the message is, or becomes, a Components V2 message.
    """
    kind.shape(form, kind.at, body)
    if form.errors:
        return
    for bit in range(31):
        if int(body.get("flags") or 0) & ~kind.flags & 1 << bit:
            form.add((*kind.at, "flags"), "MESSAGE_FLAGS_NOT_ALLOWED", f"The flag 1 << {bit} cannot be set here")
    components, place = body.get("components"), (*kind.at, "components")
    if components is not None:
        (V2 if v2 else CLASSIC)(form, place, components)
        unique_custom_ids(form, place, components)
    _check_embed_total(form, kind, body)
    if v2:
        check_v2_totals(form, place, components)
        for name in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(name):
                message = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                form.add((*kind.at, name), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)


def _check_embed_total(form: Form, kind: Kind, body: JSON) -> None:
    total = sum(len(part.strip()) for embed in body.get("embeds") or [] for part in _embed_parts(embed))
    if total > MAX_EMBED_TEXT:
        message = f"Embed size exceeds maximum size of {MAX_EMBED_TEXT}"
        form.add((*kind.at, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", message)


def _embed_parts(embed: JSON) -> Iterable[str]:
    yield from (embed.get(key) or "" for key in _EMBED_TEXTS)
    yield (embed.get("author") or {}).get("name") or ""
    yield (embed.get("footer") or {}).get("text") or ""
    for field in embed.get("fields") or []:
        yield from (field["name"], field["value"])


def check_attachment_references(form: Form, kind: Kind, body: JSON, names: Iterable[str]) -> None:
    """Check that every `attachment://name` in V2 components names a file of the message."""
    known = {f"attachment://{name}" for name in names}
    for component in walk(body.get("components")):
        media = [component.get("media"), component.get("file"), *_gallery(component)]
        for item in media:
            address = item.get("url", "") if isinstance(item, dict) else ""
            if address.startswith("attachment://") and address not in known:
                message = "The referenced attachment was not found"
                place = (*kind.at, "components")
                form.add(place, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", f"{message}: {address}")


def _gallery(component: JSON) -> list[Any]:
    items = component.get("items")
    return [item.get("media") for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def pings(body: JSON) -> list[str]:
    """Return the mentions in a body that would notify people nobody chose by id."""
    texts = [body.get("content") or ""]
    texts += [str(item.get("content")) for item in walk(body.get("components")) if item.get("type") == TEXT_DISPLAY]
    whole = "\n".join(texts)
    allowed = body.get("allowed_mentions")
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or [])
    found = {
        "users": re.findall(r"<@!?\d+>", whole),
        "roles": re.findall(r"<@&\d+>", whole),
        "everyone": re.findall(r"@everyone|@here", whole),
    }
    return [mention for kind, mentions in found.items() if kind in parse for mention in mentions]
