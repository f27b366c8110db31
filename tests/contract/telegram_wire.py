"""Tools for the tests of the fake Telegram: a clock to move, a client without manners, pictures, buttons."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime
from typing import Any

import aiohttp

from tests.fakes.telegram import FakeTelegram

JSON = dict[str, Any]


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.time


class Raw:
    """A client without manners: it sends whatever it is given."""

    def __init__(self, tg: FakeTelegram, session: aiohttp.ClientSession) -> None:
        self._tg = tg
        self._session = session

    async def post(self, method: str, *, token: str | None = None, **body: Any) -> tuple[int, JSON]:
        """Call a method with any body aiohttp can send."""
        url = f"{self._tg.base_url}{token or self._tg.token}/{method}"
        async with self._session.post(url, **body) as answer:
            result: JSON = await answer.json()
            assert answer.status == result.get("error_code", 200)
            return answer.status, result

    async def call(self, method: str, **params: Any) -> Any:
        """Call a method that must succeed, and return its result."""
        status, answer = await self.post(method, json=params)
        assert status == 200, answer
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """Call a method that must be refused with 400, and return the reason."""
        status, answer = await self.post(method, json=params)
        assert status == 400, answer
        return str(answer["description"]).removeprefix("Bad Request: ")


def png(width: int = 4, height: int = 3) -> bytes:
    """Return a small picture that claims any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def keyboard(*rows: dict[str, str]) -> JSON:
    """Return inline buttons, label to data, one dictionary a row."""
    return {
        "inline_keyboard": [[{"text": label, "callback_data": data} for label, data in row.items()] for row in rows]
    }
