"""Logging: no secret reaches a line, whoever logs it, however, in either format."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Final

import httpx
import pytest
import structlog

from bot.logs import Redactor, set_up_logging
from tests.logging_kept import logging_kept

CANARY: Final = 'canary "quoted" käse\\with/slash'
KNOWN: Final = "7000000001:AAE-canary_never_to_be_logged_00000"
TELEGRAM: Final = "123456789:AAHxYz0123456789abcdefghijklmnopqrs"
DISCORD: Final = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GxYzAb.0123456789abcdefghijklmnopqrstuvwxyzAB"
INTERACTION: Final = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5OmNhbmFyeS1vZi1hbi1pbnRlcmFjdGlvbg"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Return what log lines are written to; afterwards logging is as it was."""
    with logging_kept():
        yield io.StringIO()


@pytest.fixture(params=[False, True], ids=["text", "json"])
def lines(request: pytest.FixtureRequest, stream: io.StringIO) -> io.StringIO:
    """Return the stream of a set-up that knows two secrets, in each format."""
    set_up_logging(secrets=[CANARY, KNOWN], level="DEBUG", json=request.param, stream=stream)
    return stream


def assert_clean(stream: io.StringIO, *, hidden: int = 1) -> str:
    """Assert that something was logged and nothing of a secret with it; return what was logged."""
    text = stream.getvalue()
    assert text.strip()
    for part in ("canary", "käse", "k\\u00e4se", "AAHxYz", "GxYzAb", "aW50ZXJhY3Rpb246"):
        assert part not in text
    assert text.count("[hidden]") >= hidden
    return text


def fail(secret: str) -> None:
    """Raise an error that quotes a secret, from one that quotes it too."""
    kept_here = secret
    try:
        raise KeyError(kept_here)  # noqa: TRY301 - there is to be a cause
    except KeyError as cause:
        raise ValueError(f"it was {kept_here}") from cause


@pytest.mark.parametrize("secret", [CANARY, KNOWN, TELEGRAM, DISCORD, INTERACTION])
def test_messages(lines: io.StringIO, secret: str) -> None:
    """A secret in a message, in its arguments or in its fields is hidden, whichever logger takes it."""
    logging.getLogger("some.library").warning("this is %s", secret)
    logging.getLogger("some.library").warning(f"this is {secret}")  # noqa: G004 - as careless libraries do
    logging.getLogger("some.library").info("mapped %(it)s", {"it": secret})
    structlog.get_logger("ours").info("bound", token=secret, nested={"deep": [secret]})
    structlog.get_logger("ours").bind(token=secret).warning(secret)
    assert_clean(lines, hidden=6)


@pytest.mark.parametrize("secret", [CANARY, KNOWN, TELEGRAM, DISCORD])
def test_exceptions(lines: io.StringIO, secret: str) -> None:
    """A traceback, its chain of causes and the variables in it show no secret, not even a part of one."""
    for log in (logging.getLogger("library"), structlog.get_logger("ours")):
        try:
            fail(secret)
        except ValueError:
            log.exception("it failed")
    text = assert_clean(lines, hidden=2)
    assert text.count("KeyError") >= 2


def test_extra(lines: io.StringIO) -> None:
    """Fields that a library hangs onto a record show no secret."""
    logging.getLogger("library").warning("with more", extra={"token": KNOWN, "request": {"url": f"/bot{KNOWN}/getMe"}})
    assert_clean(lines, hidden=0)


def test_third_parties(lines: io.StringIO) -> None:
    """What httpx says at INFO, the address with the token in it, is never written; its warnings are."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    with httpx.Client(transport=transport) as client:
        client.get(f"https://api.telegram.org/bot{TELEGRAM}/getMe")
    for name in ("discord.http", "discord.gateway", "discord.webhook.async_", "httpcore.connection", "aiosqlite"):
        logging.getLogger(name).debug("a line per request")
        logging.getLogger(name).info("a line per request")
    assert lines.getvalue() == ""
    logging.getLogger("httpx").warning("slow: https://api.telegram.org/bot%s/getMe", TELEGRAM)
    assert_clean(lines)


def test_every_handler(stream: io.StringIO) -> None:
    """The one handler takes the place of all others, so that nothing is written past it."""
    other = io.StringIO()
    logging.getLogger().addHandler(logging.StreamHandler(other))
    set_up_logging(secrets=[KNOWN], stream=stream)
    logging.getLogger("library").error(KNOWN)
    assert len(logging.getLogger().handlers) == 1
    assert other.getvalue() == ""
    assert_clean(stream)


def test_json(stream: io.StringIO) -> None:
    """In JSON every line is one object with time, level, logger and event, even with a traceback."""
    set_up_logging(secrets=[CANARY], json=True, stream=stream)
    structlog.get_logger("ours").warning("小明 came", push=7)
    try:
        fail(CANARY)
    except ValueError:
        logging.getLogger("library").exception("it failed")
    first, second = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (first["event"], first["level"], first["logger"], first["push"]) == ("小明 came", "warning", "ours", 7)
    assert first["timestamp"].endswith("Z")
    assert [part["exc_type"] for part in second["exception"]] == ["ValueError", "KeyError"]


def test_level(stream: io.StringIO) -> None:
    """What is below the level is not written."""
    set_up_logging(level="WARNING", stream=stream)
    logging.getLogger("library").info("quiet")
    structlog.get_logger("ours").info("quiet")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"/bot{TELEGRAM}/getMe", "/bot[hidden]/getMe"),
        (f"Bot {DISCORD}", "Bot [hidden]"),
        ("/webhooks/123456/abcdefghij0123456789-_x/messages", "/webhooks/[hidden]/messages"),
        ("/interactions/99/abcdefghij0123456789-_x/callback", "/interactions/[hidden]/callback"),
        (f'"token":"{INTERACTION}"', '"token":"[hidden]"'),
        ("postgresql://me:pass-word@host/db", "postgresql://[hidden]@host/db"),
        ("postgresql://:pass-word@host/db", "postgresql://[hidden]@host/db"),
        ("at 14:05:00 https://example.org:8443/path 12345:abc", "at 14:05:00 https://example.org:8443/path 12345:abc"),
    ],
)
def test_shapes(text: str, clean: str) -> None:
    """What has the shape of a token is hidden although nobody named it; ordinary text stays as it is."""
    assert Redactor().clean(text) == clean


def test_spellings() -> None:
    """A secret is hidden also as it looks inside an address, in JSON and in a Python value; the longest first."""
    redactor = Redactor([CANARY, "", "canary"])
    for spelled in (CANARY, repr(CANARY), json.dumps(CANARY), json.dumps(CANARY, ensure_ascii=False)):
        assert redactor.clean(f"<{spelled}>").strip("<>'\"") == "[hidden]"
    assert redactor.clean(str(httpx.QueryParams(x=CANARY))).count("canary") == 0
