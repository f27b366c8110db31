"""The polling loop: an update is confirmed to Telegram only after its effect is committed here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from telegram import Bot
from telegram.error import TelegramError

from bot.platforms.patience import Patience
from bot.platforms.telegram.errors import (
    FloodError,
    TokenRejectedError,
    is_unauthorized,
    is_webhook_active,
    scrub,
)
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.updates import ALLOWED, lane, update_id
from bot.study.chat import StoreBusyError

T = TypeVar("T")

_LOG: Final = logging.getLogger(__name__)
_POLL_SECONDS: Final = 25
"""Under the 39 seconds after which api.telegram.org closes a connection."""

_GRACE_SECONDS: Final = 10
_REJECTIONS: Final = 3
_REJECTIONS_WITHIN: Final = timedelta(minutes=1)


class RawBot(Bot):
    """The library's bot with the method it lacks: updates as they came, so that a bad one spoils no other."""

    __slots__ = ()

    async def raw_updates(self, offset: int | None) -> list[object]:
        """Confirm everything before `offset`, wait for more, and return it as plain JSON values.

        Raises:
            TelegramError: there is no answer, or none that makes sense.
        """
        data: dict[str, Any] = {"offset": offset, "timeout": _POLL_SECONDS, "allowed_updates": ALLOWED}
        answer = await self._post("getUpdates", data, read_timeout=_POLL_SECONDS + _GRACE_SECONDS)
        if not isinstance(answer, list):
            raise TelegramError("the server's answer makes no sense")
        return answer


class Poller:
    """Fetches updates and hands them in, in order within each chat, until told to stop.

    A batch of which anything must come again comes again whole: what was applied of it is not applied twice.

    Attributes:
        last_poll: when Telegram last answered well; its age is the sign of life.
    """

    def __init__(
        self,
        bot: RawBot,
        intake: Intake,
        patience: Patience,
        now: Callable[[], datetime],
        on_recovery: Callable[[], Coroutine[None, None, None]],
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._patience = patience
        self._now = now
        self._on_recovery = on_recovery
        self._stopping = asyncio.Event()
        self._offset: int | None = None
        self._failures = 0
        self._held = 0
        self._rejected: list[datetime] = []
        self.last_poll: datetime | None = None

    def stop(self) -> None:
        """Finish the updates in hand and end `run`."""
        self._stopping.set()

    async def run(self) -> None:
        """Poll until `stop`.

        Raises:
            TokenRejectedError: Telegram keeps refusing the token.
        """
        while not self._stopping.is_set():
            try:
                batch = await self._unless_stopping(self._bot.raw_updates(self._offset))
            except Exception as exc:  # noqa: BLE001 - whatever comes over the wire, the bot goes on
                await self._overcome(exc)
                continue
            if batch is not None:
                await self._good_poll()
                await self._take(batch)

    async def _good_poll(self) -> None:
        self.last_poll = self._now()
        if self._failures:
            self._failures = 0
            await self._on_recovery()

    async def _take(self, batch: list[object]) -> None:
        """Accept a batch and move the offset, or leave it where it is and pause."""
        lanes: dict[str, list[object]] = {}
        for raw in batch:
            lanes.setdefault(lane(raw), []).append(raw)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._take_lane(updates)) for updates in lanes.values()]
        numbers = [number for raw in batch if (number := update_id(raw)) is not None]
        if all(task.result() for task in tasks) and (numbers or not batch):
            self._offset = max(numbers) + 1 if numbers else self._offset
            self._held = 0
            return
        await self._unless_stopping(self._patience.pause(self._held))
        self._held += 1

    async def _take_lane(self, updates: list[object]) -> bool:
        """Accept the updates of one chat one after another; return False when they must come again."""
        for raw in updates:
            number = update_id(raw)
            try:
                await self._intake.accept(raw)
            except StoreBusyError:
                _LOG.warning("the store is busy: update %s waits", number)
                return False
            except Exception:  # noqa: BLE001 - not even set aside: the other chats go on, this one waits
                _LOG.exception("update %s waits", number)
                return False
        return True

    async def _overcome(self, exc: Exception) -> None:
        """Survive a failed poll: wait, each time longer.

        Raises:
            TokenRejectedError: it was the third 401 within a minute, and getMe fails too.
        """
        _LOG.warning("polling failed: %s: %s", type(exc).__name__, scrub(str(exc)))
        if is_unauthorized(exc):
            await self._check_token()
        if is_webhook_active(exc):
            await self._delete_webhook()
        asked = exc.delay.total_seconds() if isinstance(exc, FloodError) else 0
        await self._unless_stopping(self._patience.pause(self._failures, at_least_seconds=asked))
        self._failures += 1

    async def _check_token(self) -> None:
        now = self._now()
        self._rejected = [at for at in self._rejected if now - at < _REJECTIONS_WITHIN] + [now]
        if len(self._rejected) >= _REJECTIONS and not await self._is_known():
            raise TokenRejectedError

    async def _is_known(self) -> bool:
        try:
            await self._bot.get_me()
        except Exception as exc:  # noqa: BLE001 - whatever comes over the wire, the bot goes on
            return not is_unauthorized(exc)
        return True

    async def _delete_webhook(self) -> None:
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except Exception as exc:  # noqa: BLE001 - whatever comes over the wire, the bot goes on
            _LOG.warning("the webhook could not be deleted: %s", scrub(str(exc)))

    async def _unless_stopping(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Return what `work` returns, or None at once when `stop` is called."""
        task = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            for future in (task, stopping):
                future.cancel()
            await asyncio.gather(task, stopping, return_exceptions=True)
