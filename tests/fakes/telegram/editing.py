"""Methods that change or remove what is already in a chat."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tests.fakes.telegram.errors import ApiError, bad_request, broken
from tests.fakes.telegram.markup import check_markup
from tests.fakes.telegram.pictures import take_photo
from tests.fakes.telegram.sending import photo_content, remember_source
from tests.fakes.telegram.shown import JSON, Stored
from tests.fakes.telegram.texts import caption_of, text_of
from tests.fakes.telegram.world import Chat, Request, World

DELETABLE_FOR: Final = timedelta(hours=48)
MAX_DELETED_AT_ONCE: Final = 100
_TEXT: Final = ("text", "entities", "link_preview_options")
_PHOTO: Final = ("photo", "caption", "caption_entities", "has_media_spoiler", "show_caption_above_media")
_NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_text(world: World, request: Request) -> JSON:
    """Do what editMessageText does."""
    if request.params.get("rich_message"):
        raise broken("rich messages are not modelled")
    formatted = text_of(world, request.params)
    chat, stored = _target(world, request)
    if "text" not in stored.raw:
        raise bad_request("there is no text in the message to edit")
    content: JSON = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    if request.params.get("link_preview_options"):
        content["link_preview_options"] = request.params["link_preview_options"]
    _replace(world, chat, stored, request, (_TEXT, content))
    remember_source(stored, request.params)
    return stored.raw


def edit_caption(world: World, request: Request) -> JSON:
    """Do what editMessageCaption does."""
    formatted = caption_of(world, request.params)
    chat, stored = _target(world, request)
    if "photo" not in stored.raw:
        raise bad_request("there is no caption in the message to edit")
    content = photo_content(request.params, formatted, stored.raw["photo"])
    _replace(world, chat, stored, request, (tuple(name for name in _PHOTO if name != "has_media_spoiler"), content))
    remember_source(stored, request.params)
    return stored.raw


def edit_markup(world: World, request: Request) -> JSON:
    """Do what editMessageReplyMarkup does."""
    chat, stored = _target(world, request)
    _replace(world, chat, stored, request, ((), {}))
    return stored.raw


def edit_media(world: World, request: Request) -> JSON:
    """Do what editMessageMedia does, for photos."""
    media = request.params["media"]
    formatted = caption_of(world, media)
    chat, stored = _target(world, request)
    data, sizes = take_photo(world, request, media["media"])
    _replace(world, chat, stored, request, (_TEXT + _PHOTO, photo_content(media, formatted, sizes)))
    stored.photo = data
    remember_source(stored, media)
    return stored.raw


def delete_message(world: World, request: Request) -> bool:
    """Do what deleteMessage does."""
    chat = world.writable_chat(request.params["chat_id"])
    stored = world.find_message(chat, request.params["message_id"], "message to delete")
    if not _deletable(world, chat, stored):
        for_everyone = "" if chat.type == "supergroup" else " for everyone"
        raise bad_request(f"message can't be deleted{for_everyone}")
    del chat.messages[stored.id]
    world.next_version()
    world.pulse.beat()
    return True


def delete_messages(world: World, request: Request) -> bool:
    """Do what deleteMessages does: what cannot be found or deleted is skipped."""
    chat = world.writable_chat(request.params["chat_id"])
    if len(request.params["message_ids"]) > MAX_DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    for message_id in request.params["message_ids"]:
        stored = chat.messages.get(message_id)
        if stored is not None and _deletable(world, chat, stored):
            del chat.messages[message_id]
    world.next_version()
    world.pulse.beat()
    return True


def _deletable(world: World, chat: Chat, stored: Stored) -> bool:
    young = world.timestamp() - int(stored.raw["date"]) < DELETABLE_FOR.total_seconds()
    if chat.user is None:
        return chat.bot == "administrator" or (stored.outgoing and young)
    return young


def _target(world: World, request: Request) -> tuple[Chat, Stored]:
    """Find the message to edit and make sure that the bot may edit it."""
    params = request.params
    if "inline_message_id" in params or "business_connection_id" in params:
        raise broken("inline and business messages are not modelled")
    if "chat_id" not in params:
        raise broken("chat_id is empty" if "message_id" in params else "message identifier is not specified")
    chat = world.writable_chat(params["chat_id"])
    stored = world.find_message(chat, params.get("message_id", 0), "message to edit")
    if not stored.outgoing or stored.markup is not None:
        raise bad_request("message can't be edited")
    return chat, stored


def _replace(world: World, chat: Chat, stored: Stored, request: Request, change: tuple[tuple[str, ...], JSON]) -> None:
    """Put the new content and keyboard in place of `names`, unless that changes nothing."""
    names, content = change
    markup = request.params.get("reply_markup")
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    inline = check_markup(world, chat, markup)
    if inline:
        content = content | {"reply_markup": inline}
    replaced = (*names, "reply_markup")
    before = {name: stored.raw[name] for name in replaced if name in stored.raw}
    if before == content:
        raise _not_modified()
    kept = {name: value for name, value in stored.raw.items() if name not in replaced}
    stored.raw = kept | {"edit_date": world.timestamp()} | content
    stored.version = world.next_version()
    world.pulse.beat()


def _not_modified() -> ApiError:
    return bad_request(_NOT_MODIFIED)
