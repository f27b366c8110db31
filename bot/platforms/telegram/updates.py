"""From Telegram's updates to requests: who did what, and where; pure, one update at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update, User
from telegram import MaybeInaccessibleMessage as Pressed
from telegram.constants import ChatMemberStatus, ChatType

from bot.study.requests import Account, Body, Command, Press, Request, Typed

PLATFORM: Final = "telegram"
ALLOWED: Final = ("message", "callback_query", "my_chat_member")
"""The kinds of update we ask for; a kind that is not named here never comes."""

_COMMAND: Final = re.compile(r"/(\w{1,64})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_UNSTORABLE: Final = re.compile(r"[\ud800-\udfff\x00]")
_CONTENT: Final = (
    "animation",
    "audio",
    "contact",
    "dice",
    "document",
    "location",
    "paid_media",
    "photo",
    "poll",
    "sticker",
    "story",
    "venue",
    "video",
    "video_note",
    "voice",
)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, or a topic of a forum; as text it is what the use cases know as a chat.

    Raises:
        ValueError: `parse` was given a text that names no place.
    """

    chat_id: int
    thread_id: int | None = None

    @classmethod
    def parse(cls, text: str) -> Place:
        """Return the place that `str` wrote."""
        chat, _, thread = text.partition("/")
        return cls(int(chat), int(thread) if thread else None)

    def __str__(self) -> str:
        return str(self.chat_id) if self.thread_id is None else f"{self.chat_id}/{self.thread_id}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A person wants something.

    Attributes:
        request: what.
        query: the id of the press to answer, "" when it was none.
        pressed: the id of the message whose button was pressed.
    """

    request: Request
    query: str = ""
    pressed: int | None = None


@dataclass(frozen=True, slots=True)
class Blocked:
    """A person blocked the bot."""

    account: Account


@dataclass(frozen=True, slots=True)
class Unblocked:
    """A person unblocked the bot."""

    account: Account


@dataclass(frozen=True, slots=True)
class Migrated:
    """A group got a new id."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Stray:
    """A press on something that is not a message of ours: it is owed an answer and nothing else."""

    query: str


Event = Asked | Blocked | Unblocked | Migrated | Stray | None
"""What an update means; None when it means nothing to us."""


def lane(raw: object) -> str:
    """Return a name for the chat an update belongs to: updates of one lane are handled in their order."""
    update = _mapping(raw)
    holder = _mapping(update.get("callback_query")) or update
    for kind in ("message", "my_chat_member"):
        chat = _mapping(_mapping(holder.get(kind)).get("chat")).get("id")
        if chat is not None:
            return f"chat {chat}"
    return f"update {update.get('update_id')}"


def update_id(raw: object) -> int | None:
    """Return the number of an update, None when it has none."""
    number = _mapping(raw).get("update_id")
    return number if isinstance(number, int) else None


def read(update: Update, me: Me) -> Event:
    """Return what an update means."""
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query, me)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    if update.message is not None:
        return _message(update.update_id, update.message, me)
    return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _press(number: int, query: CallbackQuery, me: Me) -> Event:
    if query.message is None:
        return Stray(query.id)
    body = Press(_clean(query.data or ""))
    return Asked(_request(number, query.from_user, query.message, body, me), query.id, query.message.message_id)


def _membership(change: ChatMemberUpdated) -> Event:
    """Tell of private chats only: that a group threw us out shows at the next push."""
    if change.chat.type != ChatType.PRIVATE:
        return None
    account = Account(PLATFORM, str(change.chat.id))
    if change.new_chat_member.status == ChatMemberStatus.BANNED:
        return Blocked(account)
    return Unblocked(account)


def _message(number: int, message: Message, me: Me) -> Event:
    here = str(message.chat.id)
    if message.migrate_to_chat_id is not None:
        return Migrated(here, str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id is not None:
        return Migrated(str(message.migrate_from_chat_id), here)
    person = message.from_user
    if person is None or person.is_bot or message.sender_chat is not None:
        return None  # a channel, another bot or an anonymous administrator: nobody who could learn
    body = _body(message, me)
    return None if body is None else Asked(_request(number, person, message, body, me))


def _body(message: Message, me: Me) -> Body | None:
    private = message.chat.type == ChatType.PRIVATE
    if message.text is None:
        return Typed("") if private and any(getattr(message, kind) for kind in _CONTENT) else None
    text = _clean(message.text)
    match = _COMMAND.fullmatch(text)
    if match is not None:
        name, addressee, args = match.groups(default="")
        ours = addressee.lower() in ("", me.username.lower())
        return Command(name.lower(), args.strip()) if ours or private else None
    return Typed(text) if private or _replies_to(message, me) else None


def _replies_to(message: Message, me: Me) -> bool:
    target = message.reply_to_message
    return target is not None and target.from_user is not None and target.from_user.id == me.id


def _request(number: int, person: User, message: Pressed, body: Body, me: Me) -> Request:
    private = message.chat.type == ChatType.PRIVATE
    here = str(message.chat.id)
    return Request(
        key=str(number),
        account=Account(PLATFORM, str(person.id)),
        chat=here if private else str(_place(message)),
        private=private,
        body=body,
        home=here if private else "",
        home_url="" if private else home_url(me),
        locale=person.language_code or "",
        name=_clean(person.full_name),
    )


def home_url(me: Me) -> str:
    """Return the address that opens a person's own chat with the bot."""
    return f"https://t.me/{me.username}?start=hello"


def _place(message: Pressed) -> Place:
    if isinstance(message, Message) and message.is_topic_message:
        return Place(message.chat.id, message.message_thread_id)
    return Place(message.chat.id)


def _clean(text: str) -> str:
    """Return `text` without what no database takes: half characters and NUL."""
    return _UNSTORABLE.sub("\ufffd", text)
