"""What a request may look like: every method's parameters and the objects they take, checked first.

The tables follow the Bot API reference; a contract test holds them to its machine-readable copy. In them `!`
marks what is required, `[]` an array.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.telegram.errors import bad_request, broken

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter or field: the types it may have, and whether it must be there."""

    types: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    filename: str
    data: bytes = field(repr=False)


_MARKUP: Final = "InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
_SEND: Final = (
    "business_connection_id:String chat_id!:Integer|String message_thread_id:Integer "
    "direct_messages_topic_id:Integer parse_mode:String disable_notification:Boolean protect_content:Boolean "
    "allow_paid_broadcast:Boolean message_effect_id:String suggested_post_parameters:SuggestedPostParameters "
    f"reply_parameters:ReplyParameters reply_markup:{_MARKUP} "
)
_EDIT: Final = (
    "business_connection_id:String chat_id:Integer|String message_id:Integer inline_message_id:String "
    "reply_markup:InlineKeyboardMarkup "
)
_CAPTION: Final = "caption:String parse_mode:String caption_entities:MessageEntity[] show_caption_above_media:Boolean "
_MENU: Final = "scope:BotCommandScope language_code:String "

_METHODS: Final = {
    "getMe": "",
    "getUpdates": "offset:Integer limit:Integer timeout:Integer allowed_updates:String[]",
    "setWebhook": "url!:String certificate:InputFile ip_address:String max_connections:Integer "
    "allowed_updates:String[] drop_pending_updates:Boolean secret_token:String",
    "deleteWebhook": "drop_pending_updates:Boolean",
    "getWebhookInfo": "",
    "sendMessage": _SEND + "text!:String entities:MessageEntity[] link_preview_options:LinkPreviewOptions",
    "sendPhoto": _SEND + _CAPTION + "photo!:InputFile|String has_spoiler:Boolean",
    "sendChatAction": "business_connection_id:String chat_id!:Integer|String message_thread_id:Integer action!:String",
    "editMessageText": _EDIT + "text:String parse_mode:String entities:MessageEntity[] "
    "link_preview_options:LinkPreviewOptions rich_message:InputRichMessage",
    "editMessageCaption": _EDIT + _CAPTION,
    "editMessageReplyMarkup": _EDIT,
    "editMessageMedia": _EDIT + "media!:InputMedia",
    "deleteMessage": "chat_id!:Integer|String message_id!:Integer",
    "deleteMessages": "chat_id!:Integer|String message_ids!:Integer[]",
    "answerCallbackQuery": "callback_query_id!:String text:String show_alert:Boolean url:String cache_time:Integer",
    "setMyCommands": _MENU + "commands!:BotCommand[]",
    "getMyCommands": _MENU,
    "deleteMyCommands": _MENU,
    "setMyName": "name:String language_code:String",
    "getMyName": "language_code:String",
    "setMyDescription": "description:String language_code:String",
    "getMyDescription": "language_code:String",
    "setMyShortDescription": "short_description:String language_code:String",
    "getMyShortDescription": "language_code:String",
    "getChat": "chat_id!:Integer|String",
    "getChatMember": "chat_id!:Integer|String user_id!:Integer",
    "leaveChat": "chat_id!:Integer|String",
}

_OBJECTS: Final = {
    "BotCommand": "command!:String description!:String",
    "BotCommandScopeDefault": "type!:String",
    "BotCommandScopeAllPrivateChats": "type!:String",
    "BotCommandScopeAllGroupChats": "type!:String",
    "BotCommandScopeAllChatAdministrators": "type!:String",
    "BotCommandScopeChat": "type!:String chat_id!:Integer|String",
    "BotCommandScopeChatAdministrators": "type!:String chat_id!:Integer|String",
    "BotCommandScopeChatMember": "type!:String chat_id!:Integer|String user_id!:Integer",
    "MessageEntity": "type!:String offset!:Integer length!:Integer url:String user:User language:String "
    "custom_emoji_id:String unix_time:Integer date_time_format:String",
    "LinkPreviewOptions": "is_disabled:Boolean url:String prefer_small_media:Boolean "
    "prefer_large_media:Boolean show_above_text:Boolean",
    "ReplyParameters": "message_id!:Integer chat_id:Integer|String allow_sending_without_reply:Boolean "
    "quote:String quote_parse_mode:String quote_entities:MessageEntity[] quote_position:Integer "
    "checklist_task_id:Integer poll_option_id:String",
    "InlineKeyboardMarkup": "inline_keyboard!:InlineKeyboardButton[][]",
    "InlineKeyboardButton": "text!:String icon_custom_emoji_id:String style:String url:String "
    "callback_data:String web_app:WebAppInfo login_url:LoginUrl switch_inline_query:String "
    "switch_inline_query_current_chat:String switch_inline_query_chosen_chat:SwitchInlineQueryChosenChat "
    "copy_text:CopyTextButton callback_game:CallbackGame pay:Boolean",
    "WebAppInfo": "url!:String",
    "CopyTextButton": "text!:String",
    "SwitchInlineQueryChosenChat": "query:String allow_user_chats:Boolean allow_bot_chats:Boolean "
    "allow_group_chats:Boolean allow_channel_chats:Boolean",
    "ReplyKeyboardMarkup": "keyboard!:KeyboardButton[][] is_persistent:Boolean resize_keyboard:Boolean "
    "one_time_keyboard:Boolean input_field_placeholder:String selective:Boolean",
    "KeyboardButton": "text!:String icon_custom_emoji_id:String style:String "
    "request_users:KeyboardButtonRequestUsers request_chat:KeyboardButtonRequestChat "
    "request_managed_bot:KeyboardButtonRequestManagedBot request_contact:Boolean request_location:Boolean "
    "request_poll:KeyboardButtonPollType web_app:WebAppInfo",
    "ReplyKeyboardRemove": "remove_keyboard!:Boolean selective:Boolean",
    "ForceReply": "force_reply!:Boolean input_field_placeholder:String selective:Boolean",
    "InputMediaPhoto": "type!:String media!:String caption:String parse_mode:String "
    "caption_entities:MessageEntity[] show_caption_above_media:Boolean has_spoiler:Boolean",
}

_SCOPES: Final = {
    "default": "BotCommandScopeDefault",
    "all_private_chats": "BotCommandScopeAllPrivateChats",
    "all_group_chats": "BotCommandScopeAllGroupChats",
    "all_chat_administrators": "BotCommandScopeAllChatAdministrators",
    "chat": "BotCommandScopeChat",
    "chat_administrators": "BotCommandScopeChatAdministrators",
    "chat_member": "BotCommandScopeChatMember",
}
_MISSING: Final = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "action": "wrong parameter action in request",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}
_INTEGER: Final = re.compile(r"-?[0-9]{1,19}")
_TRUTHS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _fields(line: str) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for word in line.split():
        name, _, kinds = word.partition(":")
        found[name.removesuffix("!")] = Field(tuple(kinds.split("|")), name.endswith("!"))
    return found


METHODS: Final = {name: _fields(line) for name, line in _METHODS.items()}
OBJECTS: Final = {name: _fields(line) for name, line in _OBJECTS.items()}


def decode(method: str, raw: Mapping[str, object], files: Mapping[str, Upload]) -> Params:
    """Turn what came over the wire into typed parameters.

    Raises:
        RuleBrokenError: a parameter is unknown, missing, or of the wrong type.
    """
    known = METHODS[method]
    params: Params = {}
    for name, value in raw.items():
        if name not in known:
            raise broken(f"{method} has no parameter {name!r}")
        if value is not None:
            params[name] = _value(known[name].types, value, name)
    for name, file in files.items():
        if name in known and "InputFile" in known[name].types:
            params[name] = file
    for name, parameter in known.items():
        if parameter.required and name not in params:
            raise broken(_MISSING.get(name, f"parameter {name!r} of {method} is required"))
    return params


def _value(types: tuple[str, ...], value: object, path: str) -> Any:
    if isinstance(value, str) and "Integer" in types and _INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, str) and not set(types) & {"String", "InputFile"}:
        value = _unpacked(types, value, path)
    for kind in types:
        if _fits(kind, value):
            return _checked(kind, value, path)
    raise broken(f"{path} must be {' or '.join(types)}, not {value!r}")


def _unpacked(types: tuple[str, ...], text: str, path: str) -> object:
    """Read a value that a form could only carry as text."""
    if types == ("Boolean",):
        return _TRUTHS.get(text.lower(), text)
    try:
        return json.loads(text)
    except ValueError:
        raise broken(f"can't parse {path} JSON object") from None


def _fits(kind: str, value: object) -> bool:
    if kind == "Integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind in ("String", "InputFile"):
        return isinstance(value, str) and (kind == "String" or value.startswith("attach://"))
    if kind == "Boolean":
        return isinstance(value, bool)
    if kind.endswith("[]"):
        return isinstance(value, list)
    return isinstance(value, dict) and _is_one(kind, value)


def _is_one(kind: str, value: dict[str, Any]) -> bool:
    """Tell apart the keyboards, which share one parameter, by the field only they have."""
    fields = OBJECTS.get(kind)
    if kind not in _MARKUP.split("|") or fields is None:
        return True
    return all(name in value for name, known in fields.items() if known.required)


def _checked(kind: str, value: Any, path: str) -> Any:
    if kind.endswith("[]"):
        inner = kind.removesuffix("[]")
        return [_value((inner,), item, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict):
        return _object(_concrete(kind, value, path), value, path)
    return value


def _concrete(kind: str, value: dict[str, Any], path: str) -> str:
    if kind == "BotCommandScope":
        if value.get("type") not in _SCOPES:
            raise bad_request("can't parse BotCommandScope: Unsupported type specified")
        return _SCOPES[value["type"]]
    if kind == "InputMedia":
        if value.get("type") != "photo":
            raise broken(f"{path}: of all media only photos are modelled, not {value.get('type')!r}")
        return "InputMediaPhoto"
    return kind


def _object(kind: str, value: dict[str, Any], path: str) -> dict[str, Any]:
    fields = OBJECTS.get(kind)
    if fields is None:
        raise broken(f"{path}: {kind} is not modelled")
    for name in value:
        if name not in fields:
            raise broken(f"{path}: {kind} has no field {name!r}")
    for name, known in fields.items():
        if known.required and name not in value:
            raise broken(f"can't parse {path}: Can't find field \"{name}\"")
    return {
        name: _value(fields[name].types, item, f"{path}.{name}") for name, item in value.items() if item is not None
    }
