"""From clock to chat: claim what is due, choose today's card, send it outside any transaction, record its fate."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, assert_never

import structlog

from bot.core.calendar import next_push, push_day, push_instant, zone_named
from bot.core.history import Entry
from bot.core.learner import Account, Learner
from bot.core.message import Message
from bot.core.progress import minutes_done_on
from bot.core.push import Push, PushState
from bot.core.roadmap import Roadmap
from bot.store import Store
from bot.study import preferences
from bot.study.asking import RECALL_MARK
from bot.study.chat import Bug, Chat, Gone, Moved, NotSent, Outcome, Sent, Unknown, Wait
from bot.study.today import step
from bot.study.visit import Visit

_log = structlog.get_logger(__name__)

BATCH: Final = 500
_AT_ONCE: Final = 20
_LEASE: Final = timedelta(minutes=5)
"""How long a push that somebody works on is left alone; after a crash another process takes it up then."""

_MAX_ATTEMPTS: Final = 6
_FIRST_RETRY: Final = timedelta(seconds=30)
_SHORTEST_WAIT: Final = timedelta(seconds=1)
_REMINDER: Final = timedelta(hours=3)
"""Where the fate of a send is unknown and cannot be found out, the day's reminder makes up for it."""

_LATE: Final = timedelta(hours=1)
"""A push later than this is not sent into the night."""

_OUTAGE: Final = timedelta(hours=20)
"""A claim older than this by the time of its day means that we were away for a day or more."""

_QUIET_FROM: Final = time(22)
_QUIET_TO: Final = time(7)
_AGAIN: Final = ("push-again", "push-again-1", "push-again-2")
_HELLOS: Final = ("push-hello", "push-hello-1", "push-hello-2", "push-hello-3")


class Pusher:
    """Sends what is due. Each step is committed before the next: a crash loses no study day and doubles none."""

    def __init__(self, store: Store, roadmap: Callable[[], Roadmap], rng: random.Random) -> None:
        self._store = store
        self._roadmap = roadmap
        self._rng = rng

    async def tick(self, now: datetime, chats: Sequence[Chat]) -> int:
        """Claim and send everything that is due at `now` for these chats; return how many pushes were looked at."""
        platforms = tuple(chat.platform for chat in chats)
        if not platforms:
            return 0
        while await self._claim(now, platforms) == BATCH:
            pass
        return sum(await asyncio.gather(*(self._empty(chat, now) for chat in chats)))

    async def _empty(self, chat: Chat, now: datetime) -> int:
        """Send all that is ready for one platform; a slow platform holds up only its own pushes."""
        looked_at = 0
        while ready := await self._ready(now, (chat.platform,)):
            looked_at += len(ready)
            at_once = asyncio.Semaphore(_AT_ONCE)
            await asyncio.gather(*(self._one(push, chat, now, at_once) for push in ready))
        return looked_at

    async def _claim(self, now: datetime, platforms: tuple[str, ...]) -> int:
        def schedule(learner: Learner) -> tuple[date, datetime | None]:
            zone = zone_named(learner.zone)
            following = next_push(now, learner.push_minute, learner.weekdays, zone)
            due = learner.next_push_at or now
            # After an outage only the newest day is claimed: one lesson comes, not a heap.
            latest = due
            while (upcoming := next_push(latest, learner.push_minute, learner.weekdays, zone)) and upcoming[1] <= now:
                latest = upcoming[1]
            return push_day(latest, learner.push_minute, zone), following[1] if following else None

        async with self._store.write() as store:
            return await store.pushes.claim(now, platforms, schedule, limit=BATCH)

    async def _ready(self, now: datetime, platforms: tuple[str, ...]) -> tuple[Push, ...]:
        async with self._store.write() as store:
            return await store.pushes.ready(now, platforms, limit=BATCH, lease=_LEASE)

    async def _one(self, push: Push, chat: Chat, now: datetime, at_once: asyncio.Semaphore) -> None:
        """Carry one push a step further; a fault in one never stops the others."""
        async with at_once:
            try:
                await self._deliver(push, chat, now)
            except Exception:  # noqa: BLE001 - the push stays leased and is taken up again; the tick goes on with the others
                _log.exception("push failed", push=push.id)

    async def _deliver(self, push: Push, chat: Chat, now: datetime) -> None:
        parcel = await self._prepare(push, chat, now)
        if parcel is not None:
            outcome = await chat.push(parcel.home, parcel.message, key=f"p{push.id}")
            await self._record(push, parcel, outcome, repeatable=chat.repeatable, now=now)

    async def _prepare(self, push: Push, chat: Chat, now: datetime) -> _Parcel | None:
        """Decide in one transaction whether and what to send, and note that it is about to leave the house."""
        async with self._store.write() as store:
            learner = await store.learners.get(push.learner_id)
            reached = await store.learners.home(push.learner_id, (push.platform,))
            if learner is None or reached is None:
                await store.pushes.settle(push.id, "failed", reason="nobody to reach")
                return None
            visit = Visit(store, learner, self._roadmap(), now, self._rng)
            if (push.state, push.attempts) != await store.pushes.standing(push.id):
                return None  # it waited here until its lease ran out, and another process took it up
            hold = await _hold(visit, push, repeatable=chat.repeatable)
            chosen = None if hold else await _message(visit, push)
            if chosen is None:
                kept = hold or _Kept("skipped", "nothing is left to bring")
                await store.pushes.settle(push.id, kept.state, reason=kept.reason, not_before=kept.not_before)
                return None
            await store.pushes.settle(push.id, "sending", not_before=now + _LEASE, attempts=push.attempts + 1)
        return _Parcel(*reached, *chosen)

    async def _record(self, push: Push, parcel: _Parcel, outcome: Outcome, *, repeatable: bool, now: datetime) -> None:
        """Keep what became of a push, and what it says about the chat and about the lesson it brought."""
        kept = _settlement(push, outcome, repeatable=repeatable, now=now)
        if isinstance(outcome, Bug):
            _log.error("the platform refused a push", push=push.id, reason=outcome.reason)
        async with self._store.write() as store:
            if isinstance(outcome, Gone):
                await store.learners.mute(parcel.account, outcome.reason or "gone")
            elif isinstance(outcome, Moved):
                await store.learners.move(parcel.account.platform, parcel.home, outcome.chat)
            elif isinstance(outcome, Sent) and parcel.opens:
                await store.log.add(push.learner_id, Entry(now, push.study_day, "opened", parcel.opens))
            await store.pushes.settle(push.id, kept.state, reason=kept.reason, not_before=kept.not_before)


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What leaves the house: to whom, where, the message, and the lesson it opens when it arrives ("" for none)."""

    account: Account
    home: str
    message: Message
    opens: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """A state of a push, why, and when to look at it again."""

    state: PushState
    reason: str = ""
    not_before: datetime | None = None


async def _hold(visit: Visit, push: Push, *, repeatable: bool) -> _Kept | None:
    """Return why a push should not leave the house now, None when it should."""
    if visit.learner.paused:
        if visit.learner.paused_until is None or visit.today < visit.learner.paused_until:
            return _Kept("skipped", "paused")
        await preferences.resume(visit)
    if push.state == "sending" and not repeatable:
        return _Kept("unknown", "stopped while sending", visit.now + _REMINDER)
    if push.state == "unknown" and await visit.store.learners.seen_since(visit.learner.id, push.due_at):
        return _Kept("sent", "they are here")
    if visit.now - _due(visit, push) > _LATE and (over := _over(visit, push)):
        # Never before: where the clock jumps from 03:00 to 04:00, a push of 03:30 comes in time on the next study day.
        return _Kept("skipped", over)
    if minutes_done_on(await visit.history(), visit.today, visit.stops()):
        return _Kept("skipped", "studied already")
    return None


def _over(visit: Visit, push: Push) -> str:
    """Return why it is too late for a push that is late, "" when it is not."""
    if visit.today != push.study_day:
        return "its day is over"
    return "too late for today" if _quiet(visit.local.time()) else ""


def _settlement(push: Push, outcome: Outcome, *, repeatable: bool, now: datetime) -> _Kept:
    """Return what an outcome makes of a push."""
    again = now + _FIRST_RETRY * 2 ** min(push.attempts, _MAX_ATTEMPTS)
    given_up = push.attempts + 1 >= _MAX_ATTEMPTS
    match outcome:
        case Sent():
            return _Kept("sent")
        case NotSent(reason):
            return _Kept("retry", reason, again)  # until its day is over, see `_over`
        case Unknown(reason) if repeatable:
            return _Kept("failed", reason) if given_up else _Kept("sending", reason, again)
        case Unknown(reason):
            return _Kept("failed", reason) if given_up else _Kept("unknown", reason, now + _REMINDER)
        case Wait(delay):
            return _Kept("retry", "asked to wait", now + max(delay, _SHORTEST_WAIT))
        case Moved():
            return _Kept("failed", "moved again and again") if given_up else _Kept("retry", "moved", now)
        case Gone(reason) | Bug(reason):
            return _Kept("failed", reason)
        case _:
            assert_never(outcome)


def _due(visit: Visit, push: Push) -> datetime:
    """Return when the push of that study day was due (after an outage the claim is older than the day it is for)."""
    return push_instant(push.study_day, visit.learner.push_minute, visit.zone) or push.due_at


def _quiet(clock: time) -> bool:
    return clock >= _QUIET_FROM or clock < _QUIET_TO


async def _message(visit: Visit, push: Push) -> tuple[Message, str] | None:
    """Return today's card with a word of greeting that fits, and the lesson it opens; None at the end of the road."""
    words = visit.words
    known = {entry.subject for entry in await visit.history() if entry.kind == "opened"}
    left = [stop.lesson for stop in await visit.left() if not stop.rest]
    message = await step(visit, note=False)
    parts = [message.text]
    recall, rest = message.text.startswith(RECALL_MARK), message.text.startswith(words.say("rest-day"))
    if not left and not recall:
        return None
    if not recall and not rest:
        some = _AGAIN if left[0] in known else _HELLOS
        parts.insert(0, words.say(some[push.study_day.toordinal() % len(some)]))
    if _due(visit, push) - push.due_at > _OUTAGE:
        parts.insert(0, words.say("away"))
    opens = "" if recall or rest or left[0] in known else left[0]
    return replace(message, text="\n\n".join(parts)), opens
