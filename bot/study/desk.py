"""The desk where every request arrives: applied once, answered in the learner's language, kept until delivered."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.core.actions import BadActionError, decode
from bot.core.language import Language, Text, guess_language
from bot.core.message import Choice, Link, Message
from bot.core.names import clean_name
from bot.core.roadmap import Roadmap
from bot.store import Store, StoreBusyError, StoreConflictError, Transaction
from bot.study import letters
from bot.study.asking import typed_answer
from bot.study.chat import Chat
from bot.study.commands import COMMANDS, find
from bot.study.places import guess_zone
from bot.study.presses import ACTIONS
from bot.study.pushes import Pusher
from bot.study.requests import Account, Command, Press, Request, Typed
from bot.study.visit import Visit
from bot.study.words import words

_log = structlog.get_logger(__name__)

_TRIES: Final = 4
_MAX_TYPED: Final = 4096
_PENDING_FOR: Final = timedelta(minutes=10)
_RECEIPTS_KEPT: Final = timedelta(days=8)
"""Telegram repeats an update for 24 hours, and starts new numbers after a week of silence (Bot API reference)."""

FEW_COMMANDS: Final = frozenset({"start", "help", "about", "language"})
"""What a newcomer can use before the first conversation is over."""


@dataclass(frozen=True, slots=True)
class MenuRow:
    """A command as a platform's menu shows it; `argument` describes the optional text after it, where it takes one."""

    name: str
    localized: Text
    description: Text
    argument: Text | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """Replies that were decided but perhaps never delivered: the process died in between."""

    key: str
    chat: str
    replies: tuple[Message, ...]


class Study:
    """Every use case behind one door per kind of caller: platforms (`handle` …) and the clock (`tick`)."""

    def __init__(self, store: Store, roadmap: Callable[[], Roadmap] | Roadmap, rng: random.Random) -> None:
        self._store = store
        self._roadmap = roadmap if callable(roadmap) else lambda: roadmap
        self._rng = rng
        self._pusher = Pusher(store, self._roadmap, rng)

    async def handle(self, request: Request, now: datetime) -> tuple[Message, ...]:
        """Apply what a person did and return what to say, in order; never raises for anything a person can do.

        The effect and the replies are committed together before this returns. The same `request.key` again applies
        nothing: it returns the replies that were not reported `delivered` yet, else ().

        Raises:
            StoreBusyError: the database is out of reach; nothing was applied, hand the same request in again later.
        """
        for _ in range(_TRIES):
            try:
                return await self._apply(request, now, self._answer)
            except StoreConflictError:
                # Two events of one newcomer, or one event twice, at the same moment: the other one won, look again.
                continue
            except StoreBusyError:
                raise
            except Exception as fault:  # noqa: BLE001 - whatever broke is ours: the person is told, the event kept
                _log.exception("request failed", platform=request.account.platform, key=request.key)
                return await self._apologise(request, fault, now)
        raise StoreBusyError("the same rows were written by others again and again")

    async def _apply(
        self, request: Request, now: datetime, answer: Callable[[Visit, Request], Awaitable[list[Message]]]
    ) -> tuple[Message, ...]:
        platform = request.account.platform
        async with self._store.write() as store:
            applied, kept = await store.receipts.get(platform, request.key)
            if applied:
                return letters.from_json(kept or ())
            visit = await self._visit(store, request, now)
            replies = await answer(visit, request)
            await store.receipts.add(platform, request.key, request.chat, letters.to_json(replies), now)
            return tuple(replies)

    async def _visit(self, store: Transaction, request: Request, now: datetime) -> Visit:
        learner = await store.learners.of(request.account)
        if learner is None:
            language = guess_language(request.locale)
            learner = await store.learners.add(request.account, language, guess_zone(request.zone, request.locale), now)
        if learner.stage == "track" and learner.zone == "UTC" and request.body == Command("start"):
            # Their first word may have come without a locale (a text on Discord does): guess again from this one.
            zone = guess_zone(request.zone, request.locale)
            learner = replace(
                learner, zone=zone, language=guess_language(request.locale) if zone != "UTC" else learner.language
            )
            await store.learners.save(learner)
        was_muted = await store.learners.seen(request.account, request.home, now)
        name = clean_name(request.name)
        visit = Visit(
            store=store,
            learner=learner,
            roadmap=self._roadmap(),
            now=now,
            rng=self._rng,
            name=name,
            home_url=request.home_url,
        )
        if name != learner.name:
            await visit.change(name=name)
        if was_muted and learner.stage == "ready" and not learner.paused:
            await visit.change(next_push_at=await visit.next_push())  # it was moved on while nobody could be reached
        return visit

    async def _answer(self, visit: Visit, request: Request) -> list[Message]:
        if not request.private:
            return [_elsewhere(visit)]
        match request.body:
            case Command(name, args):
                return await _command(visit, name, args)
            case Press(action):
                return await _press(visit, action)
            case Typed(text, action):
                return await _typed(visit, text, action)

    async def _apologise(self, request: Request, fault: Exception, now: datetime) -> tuple[Message, ...]:
        """Tell the person that it was us, keep the event for the owner, and count it as handled."""

        async def sorry(visit: Visit, failed: Request) -> list[Message]:
            platform = failed.account.platform
            await visit.store.receipts.set_aside(platform, failed.key, repr(failed.body), repr(fault), now)
            return [Message(visit.words.say("our-fault"))]

        return await self._apply(request, now, sorry)

    async def delivered(self, platform: str, key: str) -> None:
        """Forget the replies to `key`: the person has them."""
        async with self._store.write() as store:
            await store.receipts.delivered(platform, key)

    async def undelivered(self, platform: str, now: datetime) -> Sequence[Pending]:
        """Return the replies of the last ten minutes that were never reported delivered, oldest first."""
        async with self._store.read() as store:
            rows = await store.receipts.undelivered(platform, now - _PENDING_FOR)
        return [Pending(key, chat, letters.from_json(replies)) for key, chat, replies in rows]

    async def set_aside(self, platform: str, key: str, raw: str, error: str, now: datetime) -> None:
        """Keep an update that cannot be parsed or handled for the owner to look at; the others go on."""
        async with self._store.write() as store:
            await store.receipts.set_aside(platform, key, raw, error, now)

    async def unreachable(self, account: Account, reason: str, now: datetime) -> None:
        """Stop pushes to an account that blocked the bot or is gone; its next request ends that."""
        del now
        async with self._store.write() as store:
            await store.learners.mute(account, reason or "unreachable")

    async def reachable(self, account: Account, now: datetime) -> None:
        """The person unblocked the bot: pushes may go on."""
        del now
        async with self._store.write() as store:
            await store.learners.mute(account, "")

    async def moved(self, platform: str, old: str, new: str) -> None:
        """A chat has a new id: rewrite it everywhere; harmless when repeated or told in either order."""
        async with self._store.write() as store:
            await store.learners.move(platform, old, new)

    async def fact(self, name: str) -> str | None:
        """Return what a platform asked to remember under `name` (for instance the hash of its command menu)."""
        async with self._store.read() as store:
            return await store.facts.get(name)

    async def remember(self, name: str, value: str) -> None:
        """Keep a platform's `value` under `name`."""
        async with self._store.write() as store:
            await store.facts.put(name, value)

    def menu(self) -> tuple[MenuRow, ...]:
        """Return the commands a platform should offer, in the order of the COMMANDS table."""
        return tuple(MenuRow(row.name, row.localized, row.description, row.argument) for row in COMMANDS)

    def say(self, language: Language, key: str, **values: str | int | datetime) -> str:
        """Return one sentence of the catalogue, for the few words a platform needs itself (form titles)."""
        return words(language).say(key, **values)

    async def tick(self, now: datetime, chats: Sequence[Chat]) -> int:
        """Claim what is due for these chats, send it, record what became of it; return how many pushes were tried."""
        return await self._pusher.tick(now, chats)

    async def next_due(self) -> datetime | None:
        """Return the next moment at which tick has something to do, or None."""
        async with self._store.read() as store:
            return await store.pushes.next_due()

    async def keep_house(self, now: datetime) -> int:
        """Drop what is no longer needed (old receipts); return how many rows went."""
        async with self._store.write() as store:
            return await store.receipts.forget(now - _RECEIPTS_KEPT)


async def _command(visit: Visit, name: str, args: str) -> list[Message]:
    await _let_go_of_settings(visit)
    row = find(name)
    if row is None:
        shown = clean_name(name) or "?"
        return [_with_today(visit, visit.words.say("unknown-command", name=shown))]
    if visit.learner.stage != "ready" and row.name not in FEW_COMMANDS:
        row = COMMANDS[0]
    return await row.does(visit, args[:_MAX_TYPED])


async def _press(visit: Visit, data: str, text: str = "", *, typed: bool = False) -> list[Message]:
    if not typed:
        await _let_go_of_settings(visit)
    try:
        action = decode(data)
    except BadActionError:
        return [_old_button(visit)]
    does = ACTIONS.get(action.verb)
    if does is None:
        return [_old_button(visit)]
    if visit.learner.stage != "ready" and action.verb not in _FIRST_VERBS:
        return await COMMANDS[0].does(visit, "")
    return await does(visit, action.args, text)


_FIRST_VERBS: Final = frozenset({"lang", "track", "min", "days", "pick", "zone", "hour"})


async def _typed(visit: Visit, text: str, action: str) -> list[Message]:
    """Let typed text complete what is open: a form's own action, else what the learner's row awaits."""
    if len(text) > _MAX_TYPED:
        return [Message(visit.words.say("too-long"))]
    if visit.learner.stage != "ready" and visit.learner.stage not in ("zone", "hour"):
        return await COMMANDS[0].does(visit, "")
    if not text.strip():
        return [Message(visit.words.say("empty-text"))]
    completes = action or visit.learner.awaiting
    if completes:
        return await _press(visit, completes, text.strip(), typed=True)
    answer = await typed_answer(visit, text)
    return await _press(visit, *answer) if answer else [_with_today(visit, visit.words.say("nothing-open"))]


async def _let_go_of_settings(visit: Visit) -> None:
    """Wait no longer for a typed hour or city once the learner does something else."""
    if visit.learner.stage == "ready" and visit.learner.awaiting in ("hour", "zone"):
        await visit.change(awaiting="")


def _old_button(visit: Visit) -> Message:
    return _with_today(visit, visit.words.say("old-button"))


def _with_today(visit: Visit, text: str) -> Message:
    """Return a kind word with the way on under it."""
    return Message(text, ((Choice(visit.words.say("today-button"), "go", "primary"),),))


def _elsewhere(visit: Visit) -> Message:
    """Return the invitation to study in private, for people met in a group."""
    if not visit.home_url:
        return Message(visit.words.say("in-group-plain"), private=True)
    return Message(
        visit.words.say("in-group"), ((Link(visit.words.say("open-private"), visit.home_url),),), private=True
    )
