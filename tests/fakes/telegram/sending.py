"""Methods that put something new into a chat."""

from __future__ import annotations

from typing import Final

from tests.fakes.telegram.entities import Formatted
from tests.fakes.telegram.errors import bad_request, broken
from tests.fakes.telegram.markup import check_markup
from tests.fakes.telegram.pictures import take_photo
from tests.fakes.telegram.shown import JSON, Stored
from tests.fakes.telegram.texts import caption_of, text_of
from tests.fakes.telegram.world import GENERAL_TOPIC, Chat, Request, World

ACTIONS: Final = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_NOT_MODELLED: Final = ("business_connection_id", "direct_messages_topic_id", "suggested_post_parameters")


def send_message(world: World, request: Request) -> JSON:
    """Do what sendMessage does."""
    formatted = text_of(world, request.params)
    content: JSON = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    preview = request.params.get("link_preview_options")
    if preview:
        content["link_preview_options"] = preview
    return _send(world, request, content).raw


def send_photo(world: World, request: Request) -> JSON:
    """Do what sendPhoto does."""
    formatted = caption_of(world, request.params)
    world.writable_chat(request.params["chat_id"])
    data, sizes = take_photo(world, request, request.params["photo"])
    stored = _send(world, request, photo_content(request.params, formatted, sizes))
    stored.photo = data
    return stored.raw


def photo_content(params: JSON, formatted: Formatted, sizes: list[JSON]) -> JSON:
    """Return the fields of a `Message` that make it a photo."""
    content: JSON = {"photo": sizes}
    if formatted.text:
        content["caption"] = formatted.text
    if formatted.entities:
        content["caption_entities"] = formatted.entities
    for name, shown in (("has_spoiler", "has_media_spoiler"), ("show_caption_above_media",) * 2):
        if params.get(name):
            content[shown] = True
    return content


def send_chat_action(world: World, request: Request) -> bool:
    """Do what sendChatAction does."""
    if request.params["action"].lower() not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.writable_chat(request.params["chat_id"])
    world.actions.append((chat.id, request.params["action"].lower()))
    world.pulse.beat()
    return True


def _send(world: World, request: Request, content: JSON) -> Stored:
    params = request.params
    for name in _NOT_MODELLED:
        if params.get(name):
            raise broken(f"{name} is not modelled")
    chat = world.writable_chat(params["chat_id"])
    markup = params.get("reply_markup")
    inline = check_markup(world, chat, markup)
    content |= _thread(chat, params.get("message_thread_id", 0))
    content |= _reply(chat, params.get("reply_parameters"))
    if params.get("protect_content"):
        content["has_protected_content"] = True
    if params.get("message_effect_id"):
        content["effect_id"] = params["message_effect_id"]
    if inline:
        content["reply_markup"] = inline
    stored = world.add(chat, world.bot, content, outgoing=True)
    stored.silent = params.get("disable_notification", False)
    stored.markup = None if inline else markup
    remember_source(stored, params)
    return stored


def remember_source(stored: Stored, params: JSON) -> None:
    """Keep what the bot wrote before parsing, and whether links unfold."""
    html = params.get("parse_mode", "").lower() == "html"
    stored.source = params.get("text", params.get("caption", "")) if html else None
    stored.preview = not params.get("link_preview_options", {}).get("is_disabled", False)


def _thread(chat: Chat, thread_id: int) -> JSON:
    if thread_id <= 0 or not (chat.is_forum or chat.user is not None):
        return {}
    if thread_id == GENERAL_TOPIC or thread_id not in chat.topics:
        raise bad_request("message thread not found")
    if not chat.topics[thread_id] and chat.bot != "administrator":
        raise bad_request("TOPIC_CLOSED")
    return {"message_thread_id": thread_id, "is_topic_message": True}


def _reply(chat: Chat, reply: JSON | None) -> JSON:
    if not reply:
        return {}
    target = chat.messages.get(reply["message_id"]) if reply.get("chat_id", chat.id) == chat.id else None
    if target is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": {key: value for key, value in target.raw.items() if key != "reply_to_message"}}
