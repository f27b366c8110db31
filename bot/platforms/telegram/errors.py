"""What Telegram's refusals and the network's failures mean for what was being sent."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.warnings import PTBDeprecationWarning

from bot.study.chat import Bug, Gone, Moved, NotSent, Outcome, Unknown, Wait

_MAX_REASON: Final = 200
_SUCCESS: Final = 200
_REDIRECT: Final = 300
_TOO_MANY: Final = 429
_SERVER_FAULT: Final = 500
_KNOWN: Final = frozenset({400, 401, 403, 404, 409})
_DEFAULT_WAIT_SECONDS: Final = 5
_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_TOKEN: Final = re.compile(r"\d{5,}:[A-Za-z0-9_-]{16,}")
_GONE: Final = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user_is_blocked",
    "input_user_deactivated",
    "group chat was deactivated",
    "chat was deleted",
    "bot was kicked",
    "not enough rights",
    "have no rights to send",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "channel_private",
)
_TOPIC_GONE: Final = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
_CANNOT_EDIT: Final = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
    "message_id_invalid",
)


class TokenRejectedError(Exception):
    """Telegram does not accept the bot's token: put the one @BotFather shows into the settings."""

    def __init__(self, text: str | None = None) -> None:
        super().__init__(text or self.__doc__)


class SetupRefusedError(Exception):
    """Telegram does not accept the bot's webhook."""


class NeverLeftError(TelegramError):
    """The request never left this machine."""


class LostError(TelegramError):
    """The connection broke after the request may have left; nobody knows what the server did."""


class ServerFaultError(TelegramError):
    """The server, or a proxy before it, answered that something of its own is broken (HTTP 5xx)."""


class RefusedError(TelegramError):
    """The server, or a proxy before it, refused the request as such (an HTTP status of no other class)."""


class FloodError(TelegramError):
    """Too many requests: the server wants `delay` to pass first (HTTP 429)."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(f"too many requests, wait {delay.total_seconds():g} s")
        self.delay = delay


_BUGS: Final = (BadRequest, EndPointNotFound, RefusedError)


def classify(exc: Exception) -> Outcome:
    """Return what became of the message whose sending raised `exc`.

    The reasons hold no token. Sources: the Bot API server's own errors (tdlib/telegram-bot-api, Client.cpp)
    and the library's mapping of them (telegram.request.BaseRequest).
    """
    reason = scrub(str(exc))
    match exc:
        case FloodError() | RetryAfter():
            return Wait(exc.delay if isinstance(exc, FloodError) else _retry_after(exc))
        case ChatMigrated():
            return Moved(str(exc.new_chat_id))
        case _ if isinstance(exc, Forbidden) or _says(exc, _GONE + _TOPIC_GONE):
            return Gone(reason)
        case NeverLeftError() | InvalidToken() | Conflict():
            return NotSent(reason)
        case _ if isinstance(exc, _BUGS) or not isinstance(exc, TelegramError):
            return Bug(f"{type(exc).__name__}: {reason}")
        case _:
            return Unknown(reason)


def is_unchanged(exc: Exception) -> bool:
    """Tell whether an edit was refused because the message already looks like that."""
    return isinstance(exc, BadRequest) and _says(exc, ("message is not modified",))


def is_uneditable(exc: Exception) -> bool:
    """Tell whether an edit was refused because the message is gone or of another kind: send a new one."""
    return isinstance(exc, BadRequest) and _says(exc, _CANNOT_EDIT)


def is_unparsable(exc: Exception) -> bool:
    """Tell whether Telegram did not understand our markup."""
    return isinstance(exc, BadRequest) and _says(exc, ("can't parse entities",))


def is_topic_gone(exc: Exception) -> bool:
    """Tell whether the forum topic, but not the group, is closed or gone."""
    return isinstance(exc, BadRequest) and _says(exc, _TOPIC_GONE)


def is_unauthorized(exc: Exception) -> bool:
    """Tell a 401 (the token is wrong) from a 404 (which a stray proxy sends too)."""
    return isinstance(exc, InvalidToken) and _says(exc, ("unauthorized",))


def is_webhook_active(exc: Exception) -> bool:
    """Tell whether polling was refused because a webhook is set."""
    return isinstance(exc, Conflict) and _says(exc, ("webhook",))


def scrub(text: str) -> str:
    """Return `text`, shortened, with everything that looks like a bot token blacked out."""
    return _TOKEN.sub("<token>", text)[:_MAX_REASON]


def refusal(status: int, answer: Mapping[str, object]) -> TelegramError | None:
    """Return our error for an HTTP answer the library has no good error for; None leaves it to the library.

    Args:
        status: the HTTP status.
        answer: the JSON that came with it; empty when it was none.
    """
    description = str(answer.get("description") or f"HTTP {status}")
    if status == _TOO_MANY:
        return FloodError(timedelta(seconds=_seconds(answer)))
    if status >= _SERVER_FAULT:
        return ServerFaultError(description)
    if status not in _KNOWN and not _SUCCESS <= status < _REDIRECT:
        return RefusedError(description)
    return None


def _seconds(answer: Mapping[str, object]) -> int:
    parameters = answer.get("parameters")
    value = (parameters if isinstance(parameters, dict) else _NOTHING).get("retry_after")
    return value if isinstance(value, int) and value > 0 else _DEFAULT_WAIT_SECONDS


def _retry_after(exc: RetryAfter) -> timedelta:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)  # the type is about to change; both are read here
        value = exc.retry_after
    return value if isinstance(value, timedelta) else timedelta(seconds=value)


def _says(exc: Exception, phrases: tuple[str, ...]) -> bool:
    text = str(exc).lower()
    return any(phrase in text for phrase in phrases)
