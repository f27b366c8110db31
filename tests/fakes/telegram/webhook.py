"""The webhook: where it may point, and how updates travel to it, one after another in each chat."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from tests.fakes.telegram.errors import bad_request, conflict
from tests.fakes.telegram.shown import JSON
from tests.fakes.telegram.updates import DEFAULT_KINDS, Entry, Lane
from tests.fakes.telegram.world import Request, World

PORTS: Final = (443, 80, 88, 8443)
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
MAX_SECRET: Final = 256
MAX_CONNECTIONS: Final = 100
DEFAULT_CONNECTIONS: Final = 40

Call = Callable[[str, dict[str, Any]], Awaitable[None]]


class Webhook:
    """Delivers updates. No time passes here: what fails is tried again when the test says `redeliver`.

    Attributes:
        routes: where public addresses such as `https://bot.example` really lead: a loopback address.
        failures: status codes (or error texts) of the deliveries that were not accepted.
    """

    def __init__(self, world: World, call: Call) -> None:
        self._world = world
        self._call = call
        self._session: aiohttp.ClientSession | None = None
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._stalled: set[Lane] = set()
        self.url = ""
        self.routes: dict[str, str] = {}
        self.failures: list[str] = []
        self._secret = ""
        self._info: JSON = {}

    def set(self, request: Request) -> bool:
        """Do what setWebhook does.

        Raises:
            ApiError: the address or the secret is not one the server takes.
        """
        params = request.params
        if params.get("url"):
            self._check(params)
            self._world.queue.end_poll(conflict("terminated by setWebhook request"))
        self.url, self._secret = params.get("url", ""), params.get("secret_token", "")
        connections = min(max(params.get("max_connections", DEFAULT_CONNECTIONS), 1), MAX_CONNECTIONS)
        self._info = {"max_connections": connections} if self.url else {}
        self._world.queue.webhook_active = bool(self.url)
        self._world.queue.allow(params.get("allowed_updates"))
        if params.get("drop_pending_updates"):
            self._world.queue.clear()
        self.redeliver()
        self._world.pulse.beat()
        return True

    def info(self) -> JSON:
        """Return a Bot API `WebhookInfo`."""
        queue = self._world.queue
        allowed = {} if queue.allowed == DEFAULT_KINDS else {"allowed_updates": sorted(queue.allowed)}
        return (
            {
                "url": self.url,
                "has_custom_certificate": False,
                "pending_update_count": len(queue.pending),
            }
            | self._info
            | allowed
        )

    def redeliver(self) -> None:
        """Try again what was not accepted, as the server does after a while."""
        self._stalled.clear()
        self.kick()

    def kick(self) -> None:
        """Start delivering what waits."""
        if not self.url:
            return
        for lane in {entry.lane for entry in self._world.queue.pending} - self._stalled - set(self._lanes):
            self._lanes[lane] = asyncio.create_task(self._drive(lane))

    async def close(self) -> None:
        """Stop delivering."""
        self.url = ""
        tasks = list(self._lanes.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _drive(self, lane: Lane) -> None:
        try:
            while self.url and (entry := self._next(lane)):
                if not await self._deliver(entry):
                    self._stalled.add(lane)
                    return
                self._world.queue.forget(entry)
        finally:
            del self._lanes[lane]
            self._world.pulse.beat()

    def _next(self, lane: Lane) -> Entry | None:
        return next((entry for entry in self._world.queue.pending if entry.lane == lane), None)

    async def _deliver(self, entry: Entry) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        try:
            async with self._session.post(self._address(), json=entry.update, headers=headers) as answer:
                accepted = answer.ok
                body = await answer.text()
                reason = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            accepted, body, reason = False, "", f"Connection failed: {error}"
        if not accepted:
            self._failed(reason)
        elif body.startswith("{"):
            await self._answer(body)
        return accepted

    def _failed(self, reason: str) -> None:
        self.failures.append(reason)
        self._info |= {"last_error_date": self._world.timestamp(), "last_error_message": reason}
        self._world.pulse.beat()

    async def _answer(self, body: str) -> None:
        """Carry out the method call that a bot may put into its answer; nobody sees the result."""
        params = json.loads(body)
        method = params.pop("method", None)
        if method:
            await self._call(str(method), params)

    def _address(self) -> str:
        for public, real in self.routes.items():
            if self.url.startswith(public):
                return real + self.url.removeprefix(public)
        return self.url

    def _check(self, params: JSON) -> None:
        parts = urlsplit(params["url"])
        if not parts.hostname:
            raise bad_request("invalid webhook URL specified")
        secret = params.get("secret_token", "")
        if len(secret) > MAX_SECRET:
            raise bad_request("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise bad_request("secret token contains unallowed characters")
        if parts.scheme not in ("https", ""):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in PORTS:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if not any(params["url"].startswith(public) for public in self.routes):
            raise bad_request("bad webhook: Failed to resolve host: Name or service not known")
