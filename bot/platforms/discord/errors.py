"""What Discord's refusals and the network's failures mean for what was being sent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

import aiohttp
import discord

from bot.study.chat import Bug, Gone, NotSent, Outcome, Unknown, Wait

_MAX_REASON: Final = 200
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_TIMEOUT: Final = 408
_TOO_MANY: Final = 429
_SERVER_FAULT: Final = 500

UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_WEBHOOK: Final = 10015
UNKNOWN_INTERACTION: Final = 10062
ALREADY_ACKNOWLEDGED: Final = 40060
INVALID_TOKEN: Final = 50027
"""Error codes (documentation: topics/opcodes-and-status-codes)."""

_PLACE_GONE: Final = frozenset(
    {
        10003,  # unknown channel
        10004,  # unknown guild
        10013,  # unknown user
        50001,  # missing access
        50007,  # cannot send messages to this user
        50013,  # missing permissions
        50278,  # no mutual guild
    }
)
_ANSWER_GONE: Final = frozenset({UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, INVALID_TOKEN})
_TOO_EAGER: Final = frozenset({20026, 40003})
"""The bot is flagged, or opens new private chats too quickly: nobody's fault but ours."""

_BAN: Final = timedelta(minutes=10)
"""Over how long Discord counts invalid requests before it bans an address (documentation: topics/rate-limits)."""

_BEFORE_LEAVING: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    ConnectionRefusedError,
)
_CLOSED: Final = "Session is closed"
_SECRETS: Final = re.compile(
    r"(/webhooks/\d+/|/interactions/\d+/)[^/\s]+|\b[A-Za-z0-9_-]{3,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}"
)


class TokenRejectedError(Exception):
    """Discord does not accept the bot's token: put the one from the developer portal, page "Bot", into the settings."""

    def __init__(self, text: str | None = None) -> None:
        super().__init__(text or self.__doc__)


class GatewayRefusedError(Exception):
    """Discord's gateway refuses the bot, and trying again would not help."""

    def __init__(self, text: str | None = None) -> None:
        super().__init__(text or self.__doc__)


_FATAL_CLOSES: Final = {
    4010: "the shard number is wrong",
    4011: "the bot is in too many servers for one shard; let Discord choose the number of shards",
    4012: "this version of the gateway is not served any more; update discord.py",
    4013: "the intents make no sense to this version of the gateway; update discord.py",
    4014: "an intent (guilds, direct messages) is not granted; enable it in the developer portal, "
    'page "Bot", section "Privileged Gateway Intents"',
}
_BAD_TOKEN_CLOSE: Final = 4004


def classify(exc: Exception) -> Outcome:
    """Return what became of the message whose sending raised `exc`; the reasons hold no token."""
    reason = scrub(f"{type(exc).__name__}: {exc}")
    match exc:
        case discord.RateLimited():
            return Wait(timedelta(seconds=exc.retry_after))
        case discord.HTTPException():
            return _refused(exc, reason)
        case _ if isinstance(exc, _BEFORE_LEAVING) or _CLOSED in str(exc):
            return NotSent(reason)
        case aiohttp.ClientError() | OSError():  # a TimeoutError is an OSError
            return Unknown(reason)
        case _:
            return Bug(reason)


def _refused(exc: discord.HTTPException, reason: str) -> Outcome:
    if exc.code in _PLACE_GONE | _ANSWER_GONE:
        return Gone(reason)
    if is_ban(exc) or exc.code in _TOO_EAGER:
        return Wait(_BAN)
    if exc.status == _UNAUTHORIZED:
        return NotSent(reason)
    if exc.status >= _SERVER_FAULT or exc.status == _TIMEOUT:
        return Unknown(reason)
    return Bug(reason)


def is_ban(exc: Exception) -> bool:
    """Tell whether not Discord but the wall before it refused, because of too many invalid requests.

    The library waits out every 429 of Discord's own; what it raises comes from the wall (`http.HTTPClient.request`).
    """
    if not isinstance(exc, discord.HTTPException):
        return False
    return exc.status == _TOO_MANY or (exc.status == _FORBIDDEN and exc.code == 0)


def is_acknowledged(exc: Exception) -> bool:
    """Tell whether an interaction had been acknowledged before: by a repeat of ours, or by another process."""
    return isinstance(exc, discord.HTTPException) and exc.code == ALREADY_ACKNOWLEDGED


def is_expired(exc: Exception) -> bool:
    """Tell whether the three seconds in which an interaction can be acknowledged are over."""
    return isinstance(exc, discord.HTTPException) and exc.code == UNKNOWN_INTERACTION


def is_deleted(exc: Exception) -> bool:
    """Tell whether the message that a repeated nonce named was deleted meanwhile: it had been shown."""
    return isinstance(exc, discord.HTTPException) and exc.code == UNKNOWN_MESSAGE


def fatal(exc: Exception) -> Exception | None:
    """Return the error to give up with when the gateway hung up for good; None when another try may help."""
    match exc:
        case discord.PrivilegedIntentsRequired():
            return GatewayRefusedError(f"Discord's gateway refuses the bot (4014): {_FATAL_CLOSES[4014]}.")
        case discord.ConnectionClosed() if exc.code == _BAD_TOKEN_CLOSE:
            return TokenRejectedError()
        case discord.ConnectionClosed() if exc.code in _FATAL_CLOSES:
            return GatewayRefusedError(f"Discord's gateway refuses the bot ({exc.code}): {_FATAL_CLOSES[exc.code]}.")
        case _:
            return None


def scrub(text: str) -> str:
    """Return `text`, shortened, with everything that looks like a token blacked out."""
    return _SECRETS.sub(lambda match: f"{match[1] or ''}<token>", text)[:_MAX_REASON]
