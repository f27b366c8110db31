"""People: they write, press, block and come back, and see what the bot shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tests.fakes.telegram.entities import Formatted, clean, finish
from tests.fakes.telegram.groups import Group, reaches_bot
from tests.fakes.telegram.presses import Press
from tests.fakes.telegram.settings import member
from tests.fakes.telegram.shown import JSON, Button, Shown, Stored
from tests.fakes.telegram.watch import Watch
from tests.fakes.telegram.world import Chat, Query, User, World

MAX_TEXT: Final = 4096
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{0,64}")


class Person:
    """Somebody with a Telegram client; `at` names a group, without it all happens in the private chat."""

    def __init__(self, world: World, watch: Watch, chat: Chat, user: User) -> None:
        self._world = world
        self._watch = watch
        self._heard: set[tuple[int, int, int]] = set()
        self._marks: dict[int, int] = {}
        self.chat = chat
        self.user = user

    @property
    def id(self) -> int:
        """The person's id, which is also the id of the private chat."""
        return self.user.id

    async def says(
        self,
        text: str,
        *,
        at: Group | None = None,
        reply_to: Shown | None = None,
        thread_id: int | None = None,
    ) -> Shown:
        """Send a text; what is too long for one message becomes several, as in every client."""
        cleaned = clean(text).strip()
        assert cleaned, "a client sends no empty message"
        parts = [cleaned[start : start + MAX_TEXT] for start in range(0, len(cleaned), MAX_TEXT)]
        for part in parts:
            formatted = finish(Formatted(part))
            content: JSON = {"text": formatted.text}
            if formatted.entities:
                content["entities"] = formatted.entities
            shown = self._send(content, at=at, reply_to=reply_to, thread_id=thread_id)
        return shown

    async def starts(self, payload: str = "") -> Shown:
        """Open the bot's link `t.me/bot?start=payload` and press Start."""
        assert _PAYLOAD.fullmatch(payload), f"not a start parameter: {payload!r}"
        return await self.says(f"/start {payload}".strip())

    async def sends_photo(self, caption: str = "", *, at: Group | None = None) -> Shown:
        """Send a picture."""
        size = {"file_id": "AgACperson", "file_unique_id": "AQADperson", "width": 800, "height": 600}
        formatted = finish(Formatted(clean(caption)))
        content: JSON = {"photo": [size | {"file_size": 12345}]}
        if formatted.text:
            content["caption"] = formatted.text
        if formatted.entities:
            content["caption_entities"] = formatted.entities
        return self._send(content, at=at)

    async def sends_sticker(self, emoji: str = "👍", *, at: Group | None = None) -> Shown:
        """Send a sticker."""
        flags = {"is_animated": False, "is_video": False, "type": "regular"}
        names = {"file_id": "CAACperson", "file_unique_id": "AgADperson", "emoji": emoji}
        return self._send({"sticker": names | flags | {"width": 512, "height": 512}}, at=at)

    async def sends_voice(self, seconds: int = 3, *, at: Group | None = None) -> Shown:
        """Send a voice message."""
        voice = {"file_id": "AwACperson", "file_unique_id": "AgADvoice", "duration": seconds}
        return self._send({"voice": voice | {"mime_type": "audio/ogg"}}, at=at)

    async def edits(self, message: Shown, text: str) -> Shown:
        """Edit one's own message."""
        chat = self._world.chats[message.chat_id]
        stored = chat.messages[message.id]
        assert stored.raw["from"]["id"] == self.id, "people edit only their own messages"
        formatted = finish(Formatted(clean(text)))
        kept = {name: value for name, value in stored.raw.items() if name != "entities"}
        entities = {"entities": formatted.entities} if formatted.entities else {}
        stored.raw = kept | {"edit_date": self._world.timestamp(), "text": formatted.text} | entities
        stored.version = self._world.next_version()
        if stored.delivered:
            self._world.queue.add("edited_message", dict(stored.raw))
        self._world.pulse.beat()
        return stored.shown()

    async def deletes(self, message: Shown) -> None:
        """Delete a message; the bot is not told."""
        del self._world.chats[message.chat_id].messages[message.id]
        self._world.next_version()
        self._world.pulse.beat()

    async def presses(
        self, button: str | Callable[[Button], bool], *, on: Shown | None = None, at: Group | None = None
    ) -> Press:
        """Press the newest button with this label or data (or for which the function is true).

        `on` names the message as it was seen: its buttons can be pressed even when they are no longer there.
        """
        seen = [on] if on is not None else [shown for shown in reversed(self.messages(at=at)) if shown.from_bot]
        for shown in seen:
            found = _pick(shown, button)
            if found is not None:
                assert found.data is not None, f"the button {found.label!r} sends nothing to the bot"
                return self._press(shown, found.data)
        raise AssertionError(f"{self.user.first_name} sees no button {button!r}\n{self._watch.story()}")

    async def forges(self, data: str, *, on: Shown | None = None, at: Group | None = None) -> Press:
        """Send button data that the bot may never have offered, as a changed client can."""
        target = on or next((shown for shown in reversed(self.messages(at=at)) if shown.from_bot), None)
        assert target is not None, "even a forged press needs a message of the bot"
        return self._press(target, data)

    async def blocks(self) -> None:
        """Block the bot."""
        self._changes_bot("kicked")

    async def unblocks(self) -> None:
        """Unblock the bot."""
        self._changes_bot("member")

    async def deactivates(self) -> None:
        """Delete the account; the bot is not told."""
        self.user.deactivated = True
        self._world.pulse.beat()

    def messages(self, *, at: Group | None = None) -> list[Shown]:
        """Everything that can be seen in the chat, oldest first."""
        chat = self.chat if at is None else at.chat
        return [stored.shown() for stored in chat.messages.values()]

    @property
    def last(self) -> Shown | None:
        """The newest message of the bot in the private chat."""
        return next((shown for shown in reversed(self.messages()) if shown.from_bot), None)

    async def hears(
        self,
        what: str | Callable[[Shown], bool] = "",
        *,
        at: Group | None = None,
        within: float | None = None,
    ) -> Shown:
        """Wait for a message (or an edit) of the bot that contains `what`, and return it.

        It must have come after this person's last action in the chat, and each is heard only once.
        """

        def look() -> Shown | None:
            chat = self.chat if at is None else at.chat
            fresh = sorted(
                (stored for stored in chat.messages.values() if self._is_news(chat, stored)),
                key=lambda stored: stored.version,
            )
            return next((shown for stored in fresh if _matches(shown := stored.shown(), what)), None)

        story = f"{self.user.first_name} waits to hear {what!r}"
        found = await self._watch.until(look, story, within)
        assert found is not None
        self._heard.add((found.chat_id, found.id, found.version))
        return found

    def _is_news(self, chat: Chat, stored: Stored) -> bool:
        new = stored.version > self._marks.get(chat.id, 0)
        return new and stored.outgoing and (chat.id, stored.id, stored.version) not in self._heard

    def _send(
        self,
        content: JSON,
        *,
        at: Group | None = None,
        reply_to: Shown | None = None,
        thread_id: int | None = None,
    ) -> Shown:
        chat = self.chat if at is None else at.chat
        if at is None:
            assert chat.bot != "kicked", f"{self.user.first_name} has blocked the bot"
            chat.started = chat.known = True
            chat.bot = "member"
        else:
            assert chat.members.get(self.id) not in (None, "left", "kicked"), "not in that group"
            self.chat.known = True
        target = None if reply_to is None else chat.messages[reply_to.id]
        if target is not None:
            content["reply_to_message"] = {k: v for k, v in target.raw.items() if k != "reply_to_message"}
        if thread_id is not None:
            content |= {"message_thread_id": thread_id, "is_topic_message": True}
        stored = self._world.add(chat, self.user, content, outgoing=False)
        self._acts(chat)
        if reaches_bot(self._world, chat, stored, target):
            stored.delivered = True
            self._world.queue.add("message", dict(stored.raw))
        return stored.shown()

    def _acts(self, chat: Chat) -> None:
        self._marks[chat.id] = self._world.version

    def _press(self, shown: Shown, data: str) -> Press:
        chat = self._world.chats[shown.chat_id]
        stored = chat.messages.get(shown.id)
        inaccessible = {"chat": chat.json(), "message_id": shown.id, "date": 0}
        query = Query(str(4_000_000_000_000 + len(self._world.queries)), data, self._world.now())
        self._world.queries[query.id] = query
        self._acts(chat)
        payload: JSON = {
            "id": query.id,
            "from": self.user.json(),
            "message": inaccessible if stored is None else dict(stored.raw),
            "chat_instance": str(-chat.id * 31),
            "data": data,
        }
        self._world.queue.add("callback_query", payload)
        return Press(query, self._watch)

    def _changes_bot(self, status: str) -> None:
        before, self.chat.bot = self.chat.bot, status
        payload = {
            "chat": self.chat.json(),
            "from": self.user.json(),
            "date": self._world.timestamp(),
            "old_chat_member": member(self._world.bot, before),
            "new_chat_member": member(self._world.bot, status),
        }
        self._acts(self.chat)
        self._world.queue.add("my_chat_member", payload)
        self._world.pulse.beat()


def _matches(shown: Shown, what: str | Callable[[Shown], bool]) -> bool:
    return what in shown.text if isinstance(what, str) else what(shown)


def _pick(shown: Shown, button: str | Callable[[Button], bool]) -> Button | None:
    if not isinstance(button, str):
        return next((known for known in shown.buttons if button(known)), None)
    exact = (known for known in shown.buttons if button in (known.label, known.data))
    partial = (known for known in shown.buttons if button in known.label)
    return next(exact, None) or next(partial, None)
