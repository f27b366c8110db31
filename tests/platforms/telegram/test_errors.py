"""Tests of what becomes of a message when Telegram or the network says no."""

from __future__ import annotations

import warnings
from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.warnings import PTBDeprecationWarning

from bot.platforms.telegram.errors import (
    FloodError,
    LostError,
    NeverLeftError,
    RefusedError,
    ServerFaultError,
    classify,
    refusal,
    scrub,
)
from bot.study.chat import Bug, Gone, Moved, NotSent, Unknown, Wait

TOKEN = "7000000001:AAE-canary_never_to_be_logged_00000"


@pytest.mark.parametrize(
    ("exc", "kind"),
    [
        (NeverLeftError("no connection"), NotSent),
        (InvalidToken("Unauthorized"), NotSent),
        (Conflict("terminated"), NotSent),
        (LostError("lost"), Unknown),
        (TimedOut(), Unknown),
        (NetworkError("Bad Gateway"), Unknown),
        (ServerFaultError("Internal Server Error"), Unknown),
        (TelegramError("the server's answer makes no sense"), Unknown),
        (Forbidden("Forbidden: bot was blocked by the user"), Gone),
        (Forbidden("Forbidden: user is deactivated"), Gone),
        (Forbidden("Forbidden: bot was kicked from the group chat"), Gone),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Gone),
        (BadRequest("Bad Request: chat not found"), Gone),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), Gone),
        (BadRequest("Bad Request: TOPIC_CLOSED"), Gone),
        (BadRequest("Bad Request: message thread not found"), Gone),
        (BadRequest("Bad Request: message is too long"), Bug),
        (BadRequest("Bad Request: can't parse entities: Unsupported start tag"), Bug),
        (RefusedError("Request Entity Too Large"), Bug),
        (EndPointNotFound("sendNothing"), Bug),
        (ZeroDivisionError("ours"), Bug),
    ],
    ids=lambda value: getattr(value, "__name__", repr(value)),
)
def test_kinds(exc: Exception, kind: type[object]) -> None:
    """Each failure has its outcome."""
    assert type(classify(exc)) is kind


def test_details() -> None:
    """A new chat id and a time to wait are told."""
    assert classify(ChatMigrated(-1001)) == Moved("-1001")
    assert classify(FloodError(timedelta(seconds=7))) == Wait(timedelta(seconds=7))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        flood = RetryAfter(9)
    assert classify(flood) == Wait(timedelta(seconds=9))


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (200, {"ok": True}, type(None)),
        (400, {"description": "Bad Request"}, type(None)),
        (302, {}, RefusedError),
        (413, {}, RefusedError),
        (500, {"description": "Internal Server Error"}, ServerFaultError),
        (502, {}, ServerFaultError),
        (429, {}, FloodError),
    ],
)
def test_answers(status: int, answer: dict[str, object], kind: type[object]) -> None:
    """Answers that the library has no good error for have one of ours."""
    assert type(refusal(status, answer)) is kind


@pytest.mark.parametrize(
    ("parameters", "seconds"),
    [({"retry_after": 3}, 3), ({"retry_after": 0}, 5), ({"retry_after": "x"}, 5), ([], 5), (None, 5)],
)
def test_patience_of_floods(parameters: object, seconds: int) -> None:
    """A flood without a readable time to wait means five seconds."""
    error = refusal(429, {"parameters": parameters})
    assert isinstance(error, FloodError)
    assert error.delay == timedelta(seconds=seconds)


def test_no_token_in_reasons() -> None:
    """A token that somebody quotes is blacked out, and long texts are cut."""
    assert TOKEN not in scrub(f"The token `{TOKEN}` was rejected: https://x/bot{TOKEN}/getMe")
    outcome = classify(LostError(f"POST /bot{TOKEN}/sendMessage"))
    assert isinstance(outcome, Unknown)
    assert TOKEN not in outcome.reason
    assert len(scrub("x" * 5000)) <= 200
