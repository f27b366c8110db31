"""The mail: replies go out in the background, in order in every chat; pushes once, with their outcome."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.core.message import Message
from bot.platforms.pacer import Pacer
from bot.platforms.patience import Patience
from bot.platforms.telegram.courier import Courier
from bot.platforms.telegram.errors import ServerFaultError, classify
from bot.platforms.telegram.render import Part, render
from bot.platforms.telegram.updates import PLATFORM, Place
from bot.study.chat import Gone, Moved, NotSent, Outcome, Sent, StoreBusyError, Unknown, Wait
from bot.study.desk import Study

_LOG: Final = logging.getLogger(__name__)
_ATTEMPTS: Final = 8
_ANSWER_ATTEMPTS: Final = 3
_LONGEST_WAIT: Final = timedelta(minutes=10)
"""Replies older than this are forgotten by the use cases too."""

_REMEMBERED: Final = 2000


@dataclass(frozen=True, slots=True)
class Letter:
    """The replies to one request.

    Attributes:
        key: of the request.
        place: where it happened.
        replies: what to say.
        pressed: the message whose button was pressed.
        person: the private chat of who asked, None when it is not known any more.
        door: an address that opens the private chat.
    """

    key: str
    place: Place
    replies: tuple[Message, ...]
    pressed: int | None = None
    person: int | None = None
    door: str = ""

    @property
    def private(self) -> bool:
        """Nobody else reads along: Telegram's groups have negative ids."""
        return self.place.chat_id > 0


class Mail:
    """Everything that leaves for Telegram."""

    def __init__(self, courier: Courier, study: Study, pacer: Pacer, patience: Patience) -> None:
        self._courier = courier
        self._study = study
        self._pacer = pacer
        self._patience = patience
        self._queues: dict[int, deque[Letter]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._known: OrderedDict[str, None] = OrderedDict()

    def post(self, letter: Letter) -> None:
        """Send the replies soon; a letter that is under way or was delivered is not sent again."""
        if letter.key in self._known:
            return
        self._known[letter.key] = None
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        queue = self._queues.setdefault(letter.place.chat_id, deque())
        queue.append(letter)
        if len(queue) == 1:
            self._start(self._empty(letter.place.chat_id, queue))

    def answer(self, query: str, text: str = "") -> None:
        """End the little clock on a pressed button soon, ahead of everything else."""
        self._start(self._answer(query, text))

    async def push(self, chat: str, message: Message) -> Outcome:
        """Send what nobody asked for, once; further parts follow by themselves and are tried again like a reply."""
        try:
            place = Place.parse(chat)
        except ValueError as exc:
            return classify(exc)
        parked = self._pacer.parked_seconds(_lot(place))
        if parked > 0:
            return Wait(timedelta(seconds=parked))
        first, *others = render(message)
        await self._pacer.turn(_lot(place), push=True)
        outcome, _ = await self._attempt(place, self._sending(place, first, message))
        if others and isinstance(outcome, Sent):
            # Not awaited: a chat that is told to wait between two parts must not hold up everybody else's pushes.
            self._start(self._follow(place, others, message))
        return outcome

    async def _follow(self, place: Place, parts: Sequence[Part], message: Message) -> None:
        """Send the further parts of a push, each after the one before."""
        for part in parts:
            outcome = await self._persist(place, self._sending(place, part, message), repeatable=False)
            if not isinstance(outcome, Sent):
                _LOG.warning("only the first part of a push was shown: %s", outcome)
                return

    async def flush(self, limit: timedelta) -> None:
        """Wait until everything is delivered, but not longer than `limit`; then give up what is left."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=limit.total_seconds())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _empty(self, chat_id: int, queue: deque[Letter]) -> None:
        """Deliver the letters of one chat until there are none."""
        try:
            while queue:
                await self._deliver(queue[0])
                queue.popleft()
        finally:
            del self._queues[chat_id]

    async def _deliver(self, letter: Letter) -> None:
        delivered = False
        try:
            delivered = await self._speak(letter)
            if delivered:
                await self._study.delivered(PLATFORM, letter.key)
        except StoreBusyError:
            _LOG.warning("the store is busy: reply %s is noted as delivered later", letter.key)
        except Exception:  # noqa: BLE001 - a bug of ours in one letter must not silence the chat
            _LOG.exception("reply %s could not be delivered", letter.key)
        finally:
            if not delivered:
                self._known.pop(letter.key, None)

    async def _speak(self, letter: Letter) -> bool:
        """Say everything; return False when it should be tried again after the next start."""
        for reply in letter.replies:
            outcome = await self._say(letter, reply)
            if isinstance(outcome, NotSent | Wait):
                _LOG.warning("reply %s is given up for now: %s", letter.key, outcome)
                return False
            if not isinstance(outcome, Sent):
                _LOG.warning("reply %s: %s", letter.key, outcome)
        return True

    async def _say(self, letter: Letter, reply: Message) -> Outcome:
        if letter.private or not reply.private:
            pressed = letter.pressed if reply.replaces else None
            return await self._say_at(letter.place, reply, pressed)
        if letter.person is None:
            return Gone("a private reply whose asker is no longer known")
        outcome = await self._say_at(Place(letter.person), reply, None)
        if isinstance(outcome, Gone) and letter.door:
            return await self._say_at(letter.place, Message(f"🔒 → {letter.door}"), None)
        return outcome

    async def _say_at(self, place: Place, reply: Message, pressed: int | None) -> Outcome:
        outcome: Outcome = NotSent("nothing to say")
        for part in render(reply):
            outcome = await self._show(place, part, reply, pressed)
            if isinstance(outcome, Moved):
                await self._study.moved(PLATFORM, str(place.chat_id), outcome.chat)
                place = Place.parse(outcome.chat)
                outcome = await self._show(place, part, reply, None)
            if not isinstance(outcome, Sent):
                break
            pressed = None
        return outcome

    async def _show(self, place: Place, part: Part, reply: Message, pressed: int | None) -> Outcome:
        """Edit the pressed message, or send a new one where there is none or it cannot be edited."""
        if pressed is not None:
            edited = False

            async def edit() -> str:
                nonlocal edited
                edited = await self._courier.edit(place, pressed, part)
                return str(pressed)

            outcome = await self._persist(place, edit, repeatable=True)
            if edited or not isinstance(outcome, Sent):
                return outcome
        return await self._persist(place, self._sending(place, part, reply), repeatable=False)

    def _sending(self, place: Place, part: Part, message: Message) -> Callable[[], Awaitable[str]]:
        return lambda: self._courier.send(place, part, silent=message.silent)

    async def _persist(self, place: Place, call: Callable[[], Awaitable[str]], *, repeatable: bool) -> Outcome:
        """Try until it is clear what became of it.

        What may be there already is sent again only if `repeatable`, or if the server itself said it failed.
        """
        outcome: Outcome = NotSent("never tried")
        for attempt in range(_ATTEMPTS):
            await self._pacer.turn(_lot(place))
            outcome, refused = await self._attempt(place, call)
            if refused and isinstance(outcome, Unknown):
                outcome = NotSent(outcome.reason)
            if isinstance(outcome, NotSent) or (repeatable and isinstance(outcome, Unknown)):
                await self._patience.pause(attempt)
            elif not isinstance(outcome, Wait) or outcome.delay > _LONGEST_WAIT:
                break
        return outcome

    async def _attempt(self, place: Place, call: Callable[[], Awaitable[str]]) -> tuple[Outcome, bool]:
        """Try once; return the outcome, and whether it is the server's own word that it failed."""
        try:
            return Sent(await call()), False
        except Exception as exc:  # noqa: BLE001 - every failure has its outcome
            outcome, refused = classify(exc), isinstance(exc, ServerFaultError)
        if isinstance(outcome, Wait):
            self._pacer.park(_lot(place), outcome.delay.total_seconds())
        return outcome, refused

    async def _answer(self, query: str, text: str) -> None:
        """Answers are free of every limit; one that comes too late or twice is refused, and that is fine."""
        for attempt in range(_ANSWER_ATTEMPTS):
            try:
                await self._courier.answer(query, text)
            except Exception as exc:  # noqa: BLE001 - every failure has its outcome
                outcome = classify(exc)
            else:
                return
            if not isinstance(outcome, NotSent | Unknown | Wait):
                _LOG.debug("a press was not answered: %s", outcome)
                return
            await self._patience.pause(attempt)


def _lot(place: Place) -> str:
    """Return the name under which the pacer knows a chat: all topics of a group share its limits."""
    return str(place.chat_id)
