"""Keyboards: which buttons the server takes, and what it says to the others."""

from __future__ import annotations

from typing import Final

from tests.fakes.telegram.errors import bad_request
from tests.fakes.telegram.links import LinkError, check_link, user_of_link
from tests.fakes.telegram.shown import JSON
from tests.fakes.telegram.world import Chat, World

MAX_BUTTONS: Final = 100
MAX_BUTTONS_IN_ROW: Final = 8
MAX_CALLBACK_BYTES: Final = 64
MAX_COPY_TEXT: Final = 256
STYLES: Final = ("", "default", "primary", "danger", "success")
KINDS: Final = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)


def check_markup(world: World, chat: Chat, markup: JSON | None) -> JSON | None:
    """Return the inline keyboard to store with the message, in the server's spelling.

    Raises:
        ApiError: the server refuses the keyboard.
    """
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        _check_reply_keyboard(markup.get("keyboard", []))
        return None
    rows = markup["inline_keyboard"]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    if any(len(row) > MAX_BUTTONS_IN_ROW for row in rows):
        world.remark(f"a row of more than {MAX_BUTTONS_IN_ROW} buttons is not shown as one row")
    checked = [[_check_button(world, chat, button) for button in row] for row in rows if row]
    return {"inline_keyboard": checked} if checked else None


def _check_reply_keyboard(rows: list[list[JSON]]) -> None:
    for row in rows:
        for button in row:
            if not button["text"].strip():
                raise bad_request("keyboard button text must be non-empty")
    if sum(len(row) for row in rows) > MAX_BUTTONS * 3:
        raise bad_request("reply markup is too long")


def _check_button(world: World, chat: Chat, button: JSON) -> JSON:
    if button.get("style", "").lower() not in STYLES:
        raise bad_request("can't parse inline keyboard button: invalid button style specified")
    kind = _kind(world, button)
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    checked = {key: value for key, value in button.items() if key not in KINDS or key == kind}
    if kind == "url":
        checked["url"] = _check_url(button["url"])
    elif kind == "callback_data":
        _check_data(button["callback_data"])
    elif kind == "copy_text":
        _check_copy(button["copy_text"]["text"])
    elif kind == "web_app":
        _check_web_app(chat, button["web_app"]["url"])
    return checked


def _kind(world: World, button: JSON) -> str:
    """Find what the button does; of two things the server silently takes the first."""
    kinds = [kind for kind in KINDS if button.get(kind) or (kind in button and kind.startswith("switch"))]
    if not kinds:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        world.remark(f"a button can do only one thing: {button['text']!r} has {', '.join(kinds)}")
    return kinds[0]


def _check_url(url: str) -> str:
    if user_of_link(url) is not None:
        return url
    try:
        return check_link(url)
    except LinkError as error:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {error}") from None


def _check_data(data: str) -> None:
    if not 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_copy(text: str) -> None:
    if not 1 <= len(text) <= MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_web_app(chat: Chat, url: str) -> None:
    if chat.user is None:
        raise bad_request("BUTTON_TYPE_INVALID")
    if not url.lower().startswith("https://"):
        raise bad_request(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    _check_url(url)
