"""The update queue: getUpdates as the server does it, and the webhook's place in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from tests.fakes.telegram.errors import ApiError, conflict
from tests.fakes.telegram.pulse import Pulse

JSON = dict[str, Any]
Lane = tuple[str, int]

KEPT_FOR: Final = timedelta(hours=24)
MAX_BATCH: Final = 100
FAR_FUTURE: Final = 10
MAX_TIMEOUT_SECONDS: Final = 50
KINDS: Final = frozenset(
    [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
    ]
)
ONLY_WHEN_NAMED: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_KINDS: Final = KINDS - ONLY_WHEN_NAMED


@dataclass(frozen=True, slots=True)
class Entry:
    """An update that the bot has not confirmed yet; a webhook gets those of one `lane` in order."""

    update: JSON
    lane: Lane
    at: datetime

    @property
    def id(self) -> int:
        """The update's id."""
        return int(self.update["update_id"])


class UpdateQueue:
    """What has happened and is not confirmed.

    Attributes:
        on_added: told of every new update; the webhook's courier listens here.
        webhook_active: getUpdates is refused while this is true.
    """

    def __init__(self, pulse: Pulse, now: Callable[[], datetime]) -> None:
        self._pulse = pulse
        self._now = now
        self._next_id = 700_000_001
        self._waiting: asyncio.Future[None] | None = None
        self._repeated: list[JSON] = []
        self._closed = False
        self.pending: list[Entry] = []
        self.history: list[JSON] = []
        self.allowed = DEFAULT_KINDS
        self.webhook_active = False
        self.on_added: Callable[[], None] = lambda: None

    @property
    def polling(self) -> bool:
        """Whether a long poll is waiting now."""
        return self._waiting is not None

    def add(self, kind: str, payload: JSON) -> int | None:
        """Queue an update, unless the bot does not want its kind; return its id."""
        if kind not in self.allowed:
            return None
        whole_chat = kind.endswith("message")
        lane = ("message", payload["chat"]["id"]) if whole_chat else (kind, payload["from"]["id"])
        return self.add_raw({kind: payload}, lane)

    def add_raw(self, raw: JSON, lane: Lane = ("", 0)) -> int:
        """Queue an update as it is, however wrong it may be; return its id."""
        update = {"update_id": self._next_id} | raw
        self._next_id = max(self._next_id, int(update["update_id"])) + 1
        self.history.append(update)
        self.pending.append(Entry(update, lane, self._now()))
        self._added()
        return int(update["update_id"])

    def repeat(self, update: JSON) -> None:
        """Deliver an update once more, whether or not it has been confirmed."""
        if self.webhook_active:
            self.pending.append(Entry(update, ("", 0), self._now()))
        else:
            self._repeated.append(update)
        self._added()

    def _added(self) -> None:
        self._wake(None)
        self._pulse.beat()
        self.on_added()

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Change which kinds the bot gets: `None` keeps the setting, none at all restores the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & KINDS or DEFAULT_KINDS

    def confirm(self, offset: int) -> None:
        """Forget what comes before `offset`; a negative one counts from the end, one far ahead is ignored."""
        self.pending = [entry for entry in self.pending if self._now() - entry.at < KEPT_FOR]
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset <= self._next_id + FAR_FUTURE:
            self.pending = [entry for entry in self.pending if entry.id >= offset]
        self._pulse.beat()

    def forget(self, entry: Entry) -> None:
        """Drop one delivered update."""
        self.pending = [other for other in self.pending if other is not entry]
        self._pulse.beat()

    def clear(self) -> None:
        """Drop everything."""
        self.pending = []
        self._pulse.beat()

    async def poll(self, offset: int, limit: int, timeout_seconds: int) -> list[JSON]:
        """Do what getUpdates does.

        Raises:
            ApiError: a webhook is active, or another request has taken over.
        """
        if self.webhook_active:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.confirm(offset)
        limit = min(max(limit, 1), MAX_BATCH)
        if not (self.pending or self._repeated or self._closed) and timeout_seconds > 0:
            await self._wait(min(timeout_seconds, MAX_TIMEOUT_SECONDS))
        repeated, self._repeated = self._repeated, []
        return (repeated + [entry.update for entry in self.pending])[:limit]

    def close(self) -> None:
        """Let no poll wait any more."""
        self._closed = True
        self._wake(None)

    async def _wait(self, timeout_seconds: int) -> None:
        reason = "terminated by other getUpdates request; make sure that only one bot instance is running"
        self._wake(conflict(reason))
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        self._pulse.beat()
        try:
            async with asyncio.timeout(timeout_seconds):
                await waiting
        except TimeoutError:
            return
        finally:
            if self._waiting is waiting:
                self._waiting = None

    def end_poll(self, error: ApiError | None = None) -> None:
        """End the waiting poll now, with what there is or with an error."""
        self._wake(error)

    def _wake(self, error: ApiError | None) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None or waiting.done():
            return
        if error is None:
            waiting.set_result(None)
        else:
            waiting.set_exception(error)
