"""Pictures as the server sees them: enough of each format to know its size, and the limits of a photo."""

from __future__ import annotations

import struct
from typing import Final

from tests.fakes.telegram.errors import bad_request, broken
from tests.fakes.telegram.rules import Upload
from tests.fakes.telegram.shown import JSON
from tests.fakes.telegram.world import Request, World

MAX_PHOTO_BYTES: Final = 10 * 1024 * 1024
MAX_SIDES: Final = 10_000
MAX_RATIO: Final = 20
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def take_photo(world: World, request: Request, value: object) -> tuple[bytes, list[JSON]]:
    """Find the photo a request means, check it, and return its bytes and its Bot API sizes.

    Raises:
        ApiError: there is none, or the server refuses it.
    """
    data = _data(world, request, value)
    width, height = _checked_size(data)
    known = isinstance(value, str) and value in world.photos
    file_id = str(value) if known else f"AgACuploaded{len(world.photos) + 1}"
    world.photos[file_id] = data
    size = {"width": width, "height": height, "file_size": len(data)}
    return data, [{"file_id": file_id, "file_unique_id": f"AQAD{file_id[12:]}"} | size]


def _data(world: World, request: Request, value: object) -> bytes:
    if isinstance(value, Upload):
        return value.data
    name = str(value)
    if name.startswith("attach://"):
        upload = request.files.get(name.removeprefix("attach://"))
        if upload is None:
            raise bad_request("there is no photo in the request")
        return upload.data
    if name.startswith(("http://", "https://")):
        raise broken("failed to get HTTP URL content: there is no web behind the fake server")
    if name not in world.photos:
        raise bad_request("wrong remote file identifier specified: can't unserialize it")
    return world.photos[name]


def _checked_size(data: bytes) -> tuple[int, int]:
    if not data:
        raise bad_request("file must be non-empty")
    if len(data) > MAX_PHOTO_BYTES:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {MAX_PHOTO_BYTES} bytes"
        )
    size = _size(data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > MAX_SIDES or max(size) > MAX_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def _size(data: bytes) -> tuple[int, int] | None:
    if data.startswith(_PNG) and data[12:16] == b"IHDR":
        width, height = struct.unpack(">II", data[16:24])
        return (width, height) if width and height and b"IEND" in data[-12:] else None
    if data[:4] == b"GIF8":
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return None
