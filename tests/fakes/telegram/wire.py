"""HTTP: reading requests in every encoding the Bot API takes, and writing its answers."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, Final

from aiohttp import BodyPartReader, web

from tests.fakes.telegram.errors import ApiError, bad_request
from tests.fakes.telegram.rules import Upload

MAX_UPLOAD_BYTES: Final = 50 * 1024 * 1024


async def read(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Read parameters from the query string and a JSON, form or multipart body.

    Raises:
        ApiError: the body is none of these, or too big.
    """
    params: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        params |= await _json(request)
    elif request.content_type == "multipart/form-data":
        await _multipart(request, params, files)
    elif request.content_type == "application/x-www-form-urlencoded":
        params |= {name: str(value) for name, value in (await request.post()).items()}
    elif request.can_read_body:
        raise bad_request(f"unsupported content type {request.content_type}")
    return params, files


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    return body


async def _multipart(request: web.Request, params: dict[str, Any], files: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad_request("can't parse multipart body")
        data = bytes(await part.read(decode=False))
        if part.filename is None:
            params[part.name] = data.decode()
        else:
            files[part.name] = Upload(part.filename, data)
    if sum(len(file.data) for file in files.values()) > MAX_UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")


def success(result: object) -> web.Response:
    """Write a result."""
    return web.json_response({"ok": True, "result": result})


def failure(error: ApiError) -> web.Response:
    """Write a refusal."""
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    retry_after = error.parameters.get("retry_after")
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return web.json_response(body, status=error.code, headers=headers)


def gateway_page(code: int) -> web.Response:
    """Write the page of a proxy in front of the server."""
    reason = {502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Time-out"}.get(code, "Error")
    page = f"<html>\r\n<head><title>{code} {reason}</title></head>\r\n<body>{reason}</body>\r\n</html>\r\n"
    return web.Response(status=code, text=page, content_type="text/html")


def cut(request: web.Request) -> web.Response:
    """Reset the connection; the response returned here reaches nobody."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()
