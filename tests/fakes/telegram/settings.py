"""Methods about the bot itself: its menus of commands, its descriptions, its presses to answer, its chats."""

from __future__ import annotations

import re
from typing import Final

from tests.fakes.telegram.errors import bad_request
from tests.fakes.telegram.shown import JSON
from tests.fakes.telegram.world import IN_CHAT, Request, User, World

MAX_COMMANDS: Final = 100
MAX_COMMAND: Final = 32
MAX_COMMAND_DESCRIPTION: Final = 256
MAX_ANSWER: Final = 200
_LIMITS: Final = {"name": 64, "description": 512, "short_description": 120}
_TOO_LONG: Final = {
    "name": "BOT_TITLE_TOO_LONG",
    "description": "BOT_DESCRIPTION_TOO_LONG",
    "short_description": "BOT_SHORT_DESCRIPTION_TOO_LONG",
}
_COMMAND: Final = re.compile(r"[a-z0-9_]+")
_LANGUAGE: Final = re.compile(r"(?:[a-z]{2}|)")
_QUERY_GONE: Final = "query is too old and response timeout expired or query ID is invalid"


def get_me(world: World, request: Request) -> JSON:
    """Do what getMe does."""
    del request
    return world.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_guest_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


def set_my_commands(world: World, request: Request) -> bool:
    """Do what setMyCommands does."""
    key = _menu_key(world, request)
    commands = [_command(command) for command in request.params["commands"]]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    if len({command["command"] for command in commands}) < len(commands):
        world.remark(f"the same command twice in one menu: {key}")
    world.menus[key] = commands
    if not commands:
        del world.menus[key]
    world.pulse.beat()
    return True


def get_my_commands(world: World, request: Request) -> list[JSON]:
    """Do what getMyCommands does."""
    return world.menus.get(_menu_key(world, request), [])


def delete_my_commands(world: World, request: Request) -> bool:
    """Do what deleteMyCommands does."""
    world.menus.pop(_menu_key(world, request), None)
    world.pulse.beat()
    return True


def set_text(world: World, request: Request) -> bool:
    """Do what setMyName, setMyDescription and setMyShortDescription do."""
    name = _text_name(request.method)
    text = request.params.get(name, "").strip()
    if len(text) > _LIMITS[name]:
        raise bad_request(_TOO_LONG[name])
    world.texts[name, _language(request.params)] = text
    world.pulse.beat()
    return True


def get_text(world: World, request: Request) -> JSON:
    """Do what getMyName, getMyDescription and getMyShortDescription do."""
    name = _text_name(request.method)
    default = world.texts.get((name, ""), world.bot.first_name if name == "name" else "")
    return {name: world.texts.get((name, _language(request.params))) or default}


def answer_callback_query(world: World, request: Request) -> bool:
    """Do what answerCallbackQuery does: once, and in time."""
    params = request.params
    if len(params.get("text", "")) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if params.get("url") and not params["url"].startswith((f"https://t.me/{world.bot.username}?start=", "tg://")):
        raise bad_request("URL_INVALID")
    query = world.queries.get(params["callback_query_id"])
    if query is None or query.answer is not None or world.now() - query.pressed_at > world.answer_within:
        raise bad_request(_QUERY_GONE)
    query.answer = {name: value for name, value in params.items() if name != "callback_query_id"}
    world.pulse.beat()
    return True


def get_chat(world: World, request: Request) -> JSON:
    """Do what getChat does."""
    chat = world.find_chat(request.params["chat_id"])
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    return chat.json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_chat_member(world: World, request: Request) -> JSON:
    """Do what getChatMember does."""
    chat = world.find_chat(request.params["chat_id"])
    user_id = request.params["user_id"]
    if user_id == world.bot.id:
        return member(world.bot, chat.bot)
    user = world.user(user_id)
    if user is None:
        raise bad_request("invalid user_id specified")
    world.writable_chat(chat.id)
    return member(user, "member" if chat.user is user else chat.members.get(user_id, "left"))


def leave_chat(world: World, request: Request) -> bool:
    """Do what leaveChat does."""
    chat = world.writable_chat(request.params["chat_id"])
    if chat.user is not None:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot = "left"
    world.pulse.beat()
    return True


_RIGHTS: Final = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
]


def member(user: User, status: str) -> JSON:
    """Return a Bot API `ChatMember`."""
    result: JSON = {"status": status, "user": user.json()}
    if status == "administrator":
        granted = ("can_manage_chat", "can_delete_messages", "can_invite_users")
        result |= {right: right in granted for right in _RIGHTS}
    elif status == "creator":
        result["is_anonymous"] = False
    elif status == "kicked":
        result["until_date"] = 0
    return result


def is_present(status: str) -> bool:
    """Tell whether this membership status means being in the chat."""
    return status in IN_CHAT


def _command(command: JSON) -> JSON:
    name = command["command"].strip().removeprefix("/")
    description = command["description"].strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > MAX_COMMAND:
        raise bad_request(f"command length must not exceed {MAX_COMMAND}")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > MAX_COMMAND_DESCRIPTION:
        raise bad_request(f"command description length must not exceed {MAX_COMMAND_DESCRIPTION}")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _menu_key(world: World, request: Request) -> tuple[str, str]:
    scope = request.params.get("scope", {"type": "default"})
    key = scope["type"]
    if "chat_id" in scope:
        key += f":{world.find_chat(scope['chat_id']).id}"
    if "user_id" in scope:
        key += f":{scope['user_id']}"
    return key, _language(request.params)


def _language(params: JSON) -> str:
    code = str(params.get("language_code", ""))
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _text_name(method: str) -> str:
    return {"Name": "name", "Description": "description", "ShortDescription": "short_description"}[method[5:]]
