"""One open page: what it is told leaves in order, and a page that stopped reading holds nobody up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from aiohttp import WSCloseCode, WSMsgType, web

from bot.platforms.playground.render import Tree

_MAX_WAITING: Final = 2000
"""Frames that wait for a page at most; one that lags further starts afresh when it connects again."""


class Page:
    """A websocket with a queue of what to tell it."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._waiting: asyncio.Queue[str] = asyncio.Queue(_MAX_WAITING)
        self._gone = asyncio.Event()
        self._hearing = asyncio.Lock()
        self._why = WSCloseCode.OK

    def tell(self, frame: Tree) -> None:
        """Tell the page something; never waits."""
        try:
            self._waiting.put_nowait(json.dumps(frame, ensure_ascii=False))
        except asyncio.QueueFull:
            self.let_go(WSCloseCode.TRY_AGAIN_LATER)

    def let_go(self, why: WSCloseCode) -> None:
        """End the conversation soon."""
        self._why = why
        self._gone.set()

    async def talk(self, hear: Callable[[Page, str], Awaitable[None]]) -> None:
        """Talk until either side has enough; `hear` gets what the page sends, "" for what is no text."""
        tasks = {asyncio.create_task(each) for each in (self._read(hear), self._write(), self._gone.wait())}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        async with self._hearing:  # what the page asked for last is finished first
            for task in tasks:
                task.cancel()
        # Only now, when nobody reads from the socket any more, can it be closed with its reason.
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await self._socket.close(code=self._why)
        for error in results:
            if isinstance(error, Exception):
                raise error

    async def _read(self, hear: Callable[[Page, str], Awaitable[None]]) -> None:
        async for message in self._socket:
            if message.type is WSMsgType.ERROR:
                return
            async with self._hearing:
                await hear(self, message.data if message.type is WSMsgType.TEXT else "")

    async def _write(self) -> None:
        with suppress(ConnectionError):
            while not self._socket.closed:
                await self._socket.send_str(await self._waiting.get())
