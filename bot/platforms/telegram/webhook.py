"""The webhook: Telegram brings the updates; each is acknowledged only after its effect is committed here."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.platforms.telegram.intake import Intake
from bot.study.chat import StoreBusyError

MAX_BODY_BYTES: Final = 1024 * 1024
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_BODY_SECONDS: Final = 10.0
_GRACE_SECONDS: Final = 5.0
_LOG: Final = logging.getLogger(__name__)


class Webhook:
    """An HTTP server for one address, which lets in only who knows the secret.

    Attributes:
        port: where it listens; the one it was given, unless that was 0.
        last_update: when Telegram last came with the right secret.
    """

    def __init__(self, intake: Intake, secret: str, now: Callable[[], datetime]) -> None:
        self._intake = intake
        self._secret = secret.encode()
        self._now = now
        self._runner: web.AppRunner | None = None
        self.port = 0
        self.last_update: datetime | None = None

    async def start(self, host: str, port: int, url: str) -> None:
        """Listen at `host` and `port` for what arrives under the path of the public `url`."""
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_post(urlsplit(url).path or "/", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GRACE_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Let no update in any more and finish those in hand."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), self._secret):
            return web.Response(status=403)
        if (request.content_length or 0) > MAX_BODY_BYTES:
            return web.Response(status=413)
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        self.last_update = self._now()
        try:
            await self._intake.accept_text(body)
        except StoreBusyError:
            return web.Response(status=503)
        except Exception:  # noqa: BLE001 - not even set aside: Telegram brings it again
            _LOG.exception("an update waits")
            return web.Response(status=503)
        return web.Response()
