"""The wire to Telegram: the library's requests over aiohttp, knowing whether one ever left this machine."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

import aiohttp
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from bot.platforms.telegram.errors import LostError, NeverLeftError, refusal

TOKEN: Final = "<token>"  # noqa: S105 - a stand-in
"""Stands for the bot's token in every address the library knows."""

WEBHOOK_SECRET: Final = "<webhook-secret>"  # noqa: S105 - a stand-in
"""Stands for the webhook's secret in the parameter `secret_token`."""

_ERRORS: Final = 300
_CONNECT_SECONDS: Final = 10.0
_READ_SECONDS: Final = 15.0
_UPLOAD_SECONDS: Final = 30.0
_KEPT_ALIVE_SECONDS: Final = 15.0
"""Shorter than Telegram's own, so that a request seldom meets a connection that is being closed."""

_BEFORE_LEAVING: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    ValueError,  # an address that is none
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What only the wire knows: the library, which logs and quotes what it knows, gets the stand-ins."""

    token: str = field(repr=False)
    webhook_secret: str = field(default="", repr=False)


class AiohttpWire(BaseRequest):
    """A supported extension point of the library: its requests, over our connections.

    The token takes its stand-in's place in the address here, and no error tells the address.
    """

    __slots__ = ("_connections", "_secrets", "_session")

    def __init__(self, secrets: Secrets, *, connections: int) -> None:
        self._secrets = secrets
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer where a call does not say."""
        return _READ_SECONDS

    async def initialize(self) -> None:
        """Open the pool of connections; harmless when it is open."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_KEPT_ALIVE_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Close the pool of connections; harmless when it is closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer as a dict.

        Raises:
            TelegramError: it is no JSON object, or one without a result or a reason.
        """
        answer = _read(payload)
        if "result" in answer or answer.get("ok") is False:
            return answer
        raise TelegramError("the server's answer makes no sense")

    async def do_request(  # noqa: PLR0913, PLR0917 (the library's signature)
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request and return its status and body; see the base class.

        Raises:
            NeverLeftError: no connection could be had.
            LostError: the connection broke after the request may have left.
            FloodError, ServerFaultError, RefusedError: the server answered so.
        """
        del pool_timeout  # waiting for a free connection is part of connecting here
        uploads = request_data is not None and request_data.contains_files
        connect = _seconds(connect_timeout, _CONNECT_SECONDS)
        read = _seconds(read_timeout, _READ_SECONDS)
        write = _seconds(write_timeout, _UPLOAD_SECONDS if uploads else _READ_SECONDS)
        limits = aiohttp.ClientTimeout(total=connect + write + read, connect=connect, sock_read=write + read)
        status, body = await self._exchange(method, url, self._form(request_data), limits)
        answer = _read(body, {}) if status >= _ERRORS else {}
        problem = refusal(status, answer)
        if problem is not None:
            raise problem
        if status >= _ERRORS and "description" not in answer:
            body = json.dumps({"ok": False, "description": f"HTTP {status}"}).encode()
        return status, body

    async def _exchange(
        self, method: str, url: str, form: aiohttp.FormData | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NeverLeftError("the wire is closed")
        failure: TelegramError
        try:
            async with self._session.request(
                method,
                url.replace(TOKEN, self._secrets.token),
                data=form,
                timeout=limits,
                allow_redirects=False,
                headers={"User-Agent": self.USER_AGENT},
            ) as response:
                return response.status, await response.read()
        except _BEFORE_LEAVING as exc:
            failure = NeverLeftError(f"no connection ({type(exc).__name__})")
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            failure = LostError(f"the connection was lost ({type(exc).__name__})")
        raise failure  # outside the except block, so that nothing drags the address along

    def _form(self, request_data: RequestData | None) -> aiohttp.FormData | None:
        if request_data is None:
            return None
        form = aiohttp.FormData()
        for name, value in request_data.json_parameters.items():
            secret = name == "secret_token" and value == WEBHOOK_SECRET
            form.add_field(name, self._secrets.webhook_secret if secret else value)
        if request_data.contains_files:
            for name, (filename, content, mime) in request_data.multipart_data.items():
                file = BytesIO(content) if isinstance(content, bytes) else content
                form.add_field(name, file, filename=filename, content_type=mime)
        return form


def _seconds(value: object, default: float) -> float:
    """Return the seconds a call asked for; the library's mark for "not said" is no number."""
    return float(value) if isinstance(value, int | float) else default


def _read(payload: bytes, otherwise: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        answer = json.loads(payload)
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        return answer
    if otherwise is None:
        raise TelegramError("the server's answer makes no sense")
    return otherwise
