"""The server: HTTP in, rules, prepared failures, methods, HTTP out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import web

from tests.fakes.telegram import editing, sending, settings, wire
from tests.fakes.telegram.calls import Call
from tests.fakes.telegram.errors import ApiError, RuleBrokenError, bad_request
from tests.fakes.telegram.faults import Fault, Faults, Hold
from tests.fakes.telegram.rules import METHODS, Upload, decode
from tests.fakes.telegram.shown import JSON
from tests.fakes.telegram.updates import KINDS
from tests.fakes.telegram.webhook import Webhook
from tests.fakes.telegram.world import Request, World

HANDLERS: Final[Mapping[str, Callable[[World, Request], object]]] = {
    "getMe": settings.get_me,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageReplyMarkup": editing.edit_markup,
    "editMessageMedia": editing.edit_media,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": settings.answer_callback_query,
    "setMyCommands": settings.set_my_commands,
    "getMyCommands": settings.get_my_commands,
    "deleteMyCommands": settings.delete_my_commands,
    "setMyName": settings.set_text,
    "getMyName": settings.get_text,
    "setMyDescription": settings.set_text,
    "getMyDescription": settings.get_text,
    "setMyShortDescription": settings.set_text,
    "getMyShortDescription": settings.get_text,
    "getChat": settings.get_chat,
    "getChatMember": settings.get_chat_member,
    "leaveChat": settings.leave_chat,
}


class Server:
    """Answers the bot's calls about one world, and keeps a record of them."""

    def __init__(self, world: World, token: str) -> None:
        self._token = token
        self.world = world
        self.calls: list[Call] = []
        self.faults = Faults()
        self.webhook = Webhook(world, self._call_from_webhook)
        world.queue.on_added = self.webhook.kick
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen on loopback and return the root address."""
        app = web.Application(client_max_size=wire.MAX_UPLOAD_BYTES + 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Let everything go that waits, and close."""
        self.faults.release()
        self.world.queue.close()
        await self.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; what the fake itself gets wrong shows as a violation and a 500."""
        try:
            method = self._method(request.path)
            raw, files = await wire.read(request)
            call = self._record(method, raw, files)
        except ApiError as error:
            return self._refused(error)
        try:
            call.params = decode(method, raw, files)
            fault = self.faults.take(method, call.params.get("chat_id"))
            return await self._answer(request, call, files, fault)
        except ApiError as error:
            call.answer, call.error = error.code, error.description
            return self._refused(error)
        except Exception as error:  # noqa: BLE001 - a test must hear of it, whatever it is
            self.world.remark(f"the fake itself failed in {method}: {error!r}")
            return wire.failure(ApiError(500, "Internal Server Error"))
        finally:
            call.done = True
            self.world.pulse.beat()

    def _refused(self, error: ApiError) -> web.Response:
        if isinstance(error, RuleBrokenError):
            self.world.remark(error.description)
        self.world.pulse.beat()
        return wire.failure(error)

    def _method(self, path: str) -> str:
        token, _, method = path.removeprefix("/bot").partition("/")
        if not path.startswith("/bot") or ":" not in token:
            raise ApiError(404, "Not Found")
        if token != self._token:
            raise ApiError(401, "Unauthorized")
        if method not in METHODS:
            raise RuleBrokenError(404, "Not Found: method not found")
        return method

    def _record(self, method: str, raw: JSON, files: dict[str, Upload]) -> Call:
        call = Call(method, dict(raw), self.world.now(), {name: file.data for name, file in files.items()})
        self.calls.append(call)
        self.world.pulse.beat()
        return call

    async def _answer(
        self, request: web.Request, call: Call, files: dict[str, Upload], fault: Fault | None
    ) -> web.Response:
        kind = None if fault is None else fault.kind
        call.fault = kind
        if fault is not None and kind in ("error", "html", "reset"):
            return self._broken(request, call, fault)
        if isinstance(fault, Hold) and kind == "hold before":
            await _hold(fault)
        result = await self._execute(Request(call.method, call.params, files))
        call.processed, call.result = True, result
        self.world.pulse.beat()
        if kind == "lost":
            return wire.cut(request)
        if isinstance(fault, Hold) and kind == "hold after":
            await _hold(fault)
        call.answer = 200
        return wire.success(result)

    def _broken(self, request: web.Request, call: Call, fault: Fault) -> web.Response:
        if fault.kind == "reset":
            return wire.cut(request)
        call.answer = fault.code
        if fault.kind == "html":
            return wire.gateway_page(fault.code)
        parameters = {"retry_after": fault.retry_after} if fault.retry_after else {}
        call.error = fault.description
        return wire.failure(ApiError(fault.code, fault.description, parameters))

    async def _execute(self, request: Request) -> Any:
        if request.method == "getUpdates":
            return await self._get_updates(request.params)
        if request.method in ("setWebhook", "deleteWebhook"):
            return self.webhook.set(request)
        if request.method == "getWebhookInfo":
            return self.webhook.info()
        return HANDLERS[request.method](self.world, request)

    async def _get_updates(self, params: JSON) -> list[JSON]:
        unknown = set(params.get("allowed_updates", ())) - KINDS
        if unknown:
            self.world.remark(f"no such kinds of update: {sorted(unknown)}")
        queue = self.world.queue
        if not queue.webhook_active:
            queue.allow(params.get("allowed_updates"))
        return await queue.poll(params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0))

    async def _call_from_webhook(self, method: str, raw: JSON) -> None:
        """Carry out a method named in the answer to a webhook delivery; refusals are violations."""
        try:
            if method not in HANDLERS:
                raise bad_request(f"{method} cannot be called in an answer")
            call = self._record(method, raw, {})
            call.params = decode(method, raw, {})
            call.result = HANDLERS[method](self.world, Request(method, call.params, {}))
            call.answer, call.processed, call.done = 200, True, True
        except ApiError as error:
            self.world.remark(f"in the answer to an update: {error.description}")


async def _hold(hold: Hold) -> None:
    hold.pulse.beat()
    await hold.released.wait()
