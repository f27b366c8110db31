"""Logging: one line per event, text or JSON, and no secret in any of them, whoever logs it."""

from __future__ import annotations

import json as notation
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, TextIO
from urllib.parse import quote

import structlog

_SHAPES: Final = (
    re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}"),  # a Telegram token
    re.compile(r"[MNO][A-Za-z\d_-]{23,28}\.[A-Za-z\d_-]{6,7}\.[A-Za-z\d_-]{27,}"),  # a Discord token
    re.compile(r"(?<=/webhooks/)\d+/[\w-]{20,}"),  # an interaction's token in an address
    re.compile(r"(?<=/interactions/)\d+/[\w-]{20,}"),
    re.compile(r"aW50ZXJhY3Rpb246[\w-]+"),  # the same by itself: base64 of "interaction:…"
    re.compile(r"(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"),  # a password in an address
)
_HIDDEN: Final = "[hidden]"
_LOUD: Final = (
    "aiosqlite",
    "alembic",
    "httpx",
    "httpcore",
    "discord.http",
    "discord.webhook",
    "discord.gateway",
    "aiohttp.access",
    "apscheduler",
    "sqlalchemy",
)
"""Loggers that write addresses with tokens, or a line per request, below WARNING."""


class Redactor:
    """Takes secrets out of text: those it was told, and everything of the shape of a token."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spelled = {spelling for secret in secrets if secret for spelling in _spellings(secret)}
        self._secrets = sorted(spelled, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """Return `text` without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        for shape in _SHAPES:
            text = shape.sub(_HIDDEN, text)
        return text


def _spellings(secret: str) -> Iterator[str]:
    """Yield a secret as it is, and as it looks inside an address, a Python value or JSON."""
    yield quote(secret, safe="")
    for spelling in (secret, repr(secret)[1:-1]):
        yield spelling
        yield notation.dumps(spelling)[1:-1]
        yield notation.dumps(spelling, ensure_ascii=False)[1:-1]


class _CleanFormatter(logging.Formatter):
    """Formats by another formatter and redacts the finished line, traceback and all."""

    def __init__(self, inner: logging.Formatter, redactor: Redactor) -> None:
        super().__init__()
        self._inner = inner
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line without secrets."""
        return self._redactor.clean(self._inner.format(record))


def set_up_logging(
    *, secrets: Iterable[str] = (), level: str = "INFO", json: bool = False, stream: TextIO | None = None
) -> Redactor:
    """Send every log line of the process to one redacting handler, and return the redactor for other output."""
    redactor = Redactor(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    # Local variables stay out of tracebacks: they are shortened there, and half a secret is not recognised.
    frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    last: list[Any] = (
        [structlog.processors.ExceptionRenderer(frames), structlog.processors.JSONRenderer(ensure_ascii=False)]
        if json
        else [plain]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_CleanFormatter(formatter, redactor))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    return redactor
