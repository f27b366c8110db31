"""What the server knows: users, chats, messages, button presses and the bot's own settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tests.fakes.telegram.errors import bad_request, forbidden
from tests.fakes.telegram.pulse import Pulse
from tests.fakes.telegram.rules import Upload
from tests.fakes.telegram.shown import JSON, Stored
from tests.fakes.telegram.updates import UpdateQueue

GENERAL_TOPIC: Final = 1
SUPERGROUP_OFFSET: Final = 1_000_000_000_000
IN_CHAT: Final = ("member", "administrator", "creator", "restricted")


@dataclass(slots=True)
class User:
    """A person or the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deactivated: bool = False

    def json(self) -> JSON:
        """As a Bot API `User`."""
        names = ("last_name", "username", "language_code")
        optional = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name} | optional


@dataclass(slots=True)
class Chat:
    """A private chat (whose id is the person's) or a group.

    Attributes:
        started: the person has written to the bot at least once.
        bot: the bot's membership status; in a private chat `kicked` means blocked.
        members: the membership status of every person.
        topics: forum topics by thread id; the value tells whether the topic is open.
    """

    id: int
    type: str
    title: str
    user: User | None = None
    known: bool = True
    started: bool = False
    bot: str = "left"
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, bool] = field(default_factory=dict)
    is_forum: bool = False
    migrated_to: int | None = None
    gone: bool = False
    messages: dict[int, Stored] = field(default_factory=dict)
    last_id: int = 0

    def json(self) -> JSON:
        """As a Bot API `Chat`."""
        if self.user is not None:
            names = {key: value for key, value in self.user.json().items() if key.endswith("name")}
            return {"id": self.id, "type": self.type} | names
        forum = {"is_forum": True} if self.is_forum else {}
        return {"id": self.id, "type": self.type, "title": self.title} | forum


@dataclass(slots=True)
class Query:
    """A press of a button that waits for the bot's answer."""

    id: str
    data: str
    pressed_at: datetime
    answer: JSON | None = None


@dataclass(slots=True)
class Request:
    """One call of a method: its typed parameters and the files that came with it."""

    method: str
    params: JSON
    files: dict[str, Upload]


class World:
    """All state behind the fake server."""

    def __init__(self, bot: User, now: Callable[[], datetime], *, privacy_mode: bool, answer_within: timedelta) -> None:
        self.bot = bot
        self.now = now
        self.privacy_mode = privacy_mode
        self.answer_within = answer_within
        self.pulse = Pulse()
        self.queue = UpdateQueue(self.pulse, now)
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.photos: dict[str, bytes] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.menus: dict[tuple[str, str], list[JSON]] = {}
        self.actions: list[tuple[int, str]] = []
        self.violations: list[str] = []
        self._last_id = 0
        self._version = 0

    def timestamp(self) -> int:
        """Now, in Unix seconds."""
        return int(self.now().timestamp())

    def next_version(self) -> int:
        """Number the next change of any message."""
        self._version += 1
        return self._version

    @property
    def version(self) -> int:
        """The number of the latest change."""
        return self._version

    def next_message_id(self, chat: Chat) -> int:
        """Number the next message: supergroups count for themselves, all other chats together."""
        if chat.type == "supergroup":
            chat.last_id += 1
            return chat.last_id
        self._last_id += 1
        return self._last_id

    def remark(self, text: str) -> None:
        """Keep something that no correct bot does."""
        self.violations.append(text)

    def find_chat(self, chat_id: int | str) -> Chat:
        """Find a chat the bot knows.

        Raises:
            ApiError: there is none.
        """
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None or not chat.known:
            raise bad_request("chat not found")
        return chat

    def writable_chat(self, chat_id: int | str) -> Chat:
        """Find a chat the bot may write to.

        Raises:
            ApiError: there is none, or the bot may not.
        """
        chat = self.find_chat(chat_id)
        if chat.user is not None:
            self._check_person(chat, chat.user)
        else:
            self._check_group(chat)
        return chat

    def _check_person(self, chat: Chat, user: User) -> None:
        if user.deactivated:
            raise forbidden("user is deactivated")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.bot == "kicked":
            raise forbidden("bot was blocked by the user")

    def _check_group(self, chat: Chat) -> None:
        if chat.migrated_to is not None:
            error = bad_request("group chat was upgraded to a supergroup chat")
            error.parameters["migrate_to_chat_id"] = chat.migrated_to
            raise error
        if chat.gone:
            raise forbidden("the group chat was deleted")
        kind = "group" if chat.type == "group" else chat.type
        if chat.bot == "kicked":
            raise forbidden(f"bot was kicked from the {kind} chat")
        if chat.bot not in IN_CHAT:
            raise forbidden(f"bot is not a member of the {kind} chat")

    def find_message(self, chat: Chat, message_id: int, purpose: str) -> Stored:
        """Find a visible message.

        Raises:
            ApiError: there is none.
        """
        stored = chat.messages.get(message_id)
        if stored is None:
            raise bad_request(f"{purpose} not found")
        return stored

    def add(self, chat: Chat, sender: User, content: JSON, *, outgoing: bool) -> Stored:
        """Put a message into a chat."""
        head = {
            "message_id": self.next_message_id(chat),
            "from": sender.json(),
            "chat": chat.json(),
            "date": self.timestamp(),
        }
        stored = Stored(head | content, self.next_version(), outgoing)
        chat.messages[stored.id] = stored
        self.pulse.beat()
        return stored

    def user(self, user_id: int) -> User | None:
        """Find a person by id."""
        chat = self.chats.get(user_id)
        return chat.user if chat is not None else None
