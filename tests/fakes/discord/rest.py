"""The doorman of the REST side: reads requests, checks who asks, plays faults, writes answers."""

from __future__ import annotations

import json
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import BodyPartReader, web

from tests.fakes.discord.errors import ApiError
from tests.fakes.discord.faults import Fault, Faults
from tests.fakes.discord.model import Call
from tests.fakes.discord.posting import File
from tests.fakes.discord.world import World

BASE: Final = "/api/v10"
_USER_AGENT: Final = re.compile(r"DiscordBot \(\S+,? ?\S+\).*")
_BUGS: Final = frozenset({50006, 50035, 50109, 40060, 40094, 40005, 40333})
"""Refusals that mean the request should never have been built."""


@dataclass(frozen=True)
class Incoming:
    """A request as handlers see it."""

    params: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: dict[int, File] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a handler answers: 200 with a body, or 204 without."""

    body: Any = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return 204 if self.body is None else 200


Handler = Callable[[Incoming], Answer]


class Door:
    """Every REST request comes in here."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults

    def route(self, app: web.Application, method: str, path: str, handler: Handler, *, bot: bool = True) -> None:
        """Add a route; `bot` ones need the bot's token, the others carry their own in the path."""
        app.router.add_route(method, BASE + path, self._serve(handler, bot=bot))

    def catch_all(self, app: web.Application) -> None:
        """Answer 404 to everything else and remember it."""

        def unknown(_incoming: Incoming) -> Answer:
            raise ApiError(404, 0)

        app.router.add_route("*", "/{tail:.*}", self._serve(unknown, bot=False, known=False))

    def _serve(
        self, handler: Handler, *, bot: bool, known: bool = True
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            call = Call(request.method, request.path.removeprefix(BASE))
            self.world.calls.append(call)
            if not known:
                self.world.violate("unknown-route", f"{call.method} {call.path}")
            try:
                incoming = await self._read(request, call)
            except ApiError as error:
                return self._refuse(call, error)
            fault = self.faults.take(f"{call.method} {call.path}")
            response = await self._before(request, call, fault)
            if response is None:
                response = self._answer(request, call, handler, incoming, bot=bot)
                response = await self._after(request, call, fault, response)
            self.world.changed()
            return response

        return serve

    def _answer(
        self, request: web.Request, call: Call, handler: Handler, incoming: Incoming, *, bot: bool
    ) -> web.Response:
        try:
            if bot:
                self._check_sender(request)
            answer = handler(incoming)
        except ApiError as error:
            return self._refuse(call, error)
        return self._write(call, answer.status, answer.body)

    def _check_sender(self, request: web.Request) -> None:
        if not _USER_AGENT.fullmatch(request.headers.get("User-Agent", "")):
            raise ApiError(403, 40333)
        if request.headers.get("Authorization") != f"Bot {self.world.token}":
            raise ApiError(401, 0, message="401: Unauthorized")

    async def _read(self, request: web.Request, call: Call) -> Incoming:
        body: Any = None
        files: dict[int, File] = {}
        if request.content_type.startswith("multipart/"):
            body, files = await _read_parts(request)
        elif request.can_read_body:
            raw = await request.read()
            if raw and request.content_type != "application/json":
                raise ApiError(400, 50035, errors=_content_type(request.content_type))
            body = _parse(raw)
        call.body = body
        call.files = {file.name: file.data for file in files.values()}
        return Incoming(dict(request.match_info), dict(request.query), body, files)

    async def _before(self, request: web.Request, call: Call, fault: Fault | None) -> web.Response | None:
        if fault is None or fault.kind == "lost" or (fault.kind == "hold" and fault.processed):
            return None
        if fault.kind == "hold":
            await self._hold(fault)
            return None
        if fault.kind == "reset":
            call.lost = True
            _reset(request)
            return web.Response()
        if fault.kind == "429":
            return self._limit(call, fault)
        body = {"message": f"{fault.status}: planned", "code": fault.code}
        return self._write(call, fault.status, body)

    async def _after(
        self, request: web.Request, call: Call, fault: Fault | None, response: web.Response
    ) -> web.Response:
        if fault is None:
            return response
        if fault.kind == "hold" and fault.processed:
            self.world.changed()
            await self._hold(fault)
        elif fault.kind == "lost":
            call.lost = True
            if fault.status:
                return self._write(call, fault.status, {"message": f"{fault.status}: planned", "code": 0})
            if request.transport is not None:
                request.transport.abort()
        return response

    @staticmethod
    async def _hold(fault: Fault) -> None:
        fault.reached.set()
        await fault.released.wait()

    def _limit(self, call: Call, fault: Fault) -> web.Response:
        body = {
            "message": "You are being rate limited.",
            "retry_after": fault.retry_after,
            "global": fault.everywhere,
        }
        response = self._write(call, 429, body)
        response.headers["Retry-After"] = str(fault.retry_after)
        response.headers["X-RateLimit-Scope"] = "global" if fault.everywhere else "user"
        if fault.everywhere:
            response.headers["X-RateLimit-Global"] = "true"
        if fault.via:
            response.headers["Via"] = "1.1 google"
        return response

    def _refuse(self, call: Call, error: ApiError) -> web.Response:
        if error.code in _BUGS:
            self.world.violate("refused", f"{call.method} {call.path}: {error}")
        self.world.changed()
        return self._write(call, error.status, error.to_json())

    @staticmethod
    def _write(call: Call, status: int, body: Any) -> web.Response:
        call.status, call.answer = status, body
        if body is None:
            return web.Response(status=status)
        return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")


def _content_type(found: str) -> dict[str, Any]:
    message = f'Expected "Content-Type" header to be one of {{"application/json"}}, not {found!r}.'
    return {"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": message}]}


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        raise ApiError(400, 50109) from None


async def _read_parts(request: web.Request) -> tuple[Any, dict[int, File]]:
    body: Any = None
    files: dict[int, File] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read())
        match = re.fullmatch(r"files\[(\d+)\]", part.name or "")
        if part.name == "payload_json":
            body = _parse(data)
        elif match:
            files[int(match[1])] = File(part.filename or "file", data)
    return body, files


def _reset(request: web.Request) -> None:
    transport = request.transport
    if transport is None:
        return
    plug = transport.get_extra_info("socket")
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
