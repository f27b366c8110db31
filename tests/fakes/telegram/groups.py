"""Groups: who is in them, what the bot gets to see of them, and how they move, split into topics, and end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.fakes.telegram.settings import is_present, member
from tests.fakes.telegram.shown import JSON, Shown, Stored
from tests.fakes.telegram.world import SUPERGROUP_OFFSET, Chat, User, World

if TYPE_CHECKING:
    from tests.fakes.telegram.people import Person

_FIRST_SUPERGROUP: Final = 1_500_000_000


def reaches_bot(world: World, chat: Chat, stored: Stored, target: Stored | None) -> bool:
    """Tell whether the bot gets a person's message: in groups, privacy mode lets only few through."""
    if chat.user is not None:
        return True
    if not is_present(chat.bot):
        return False
    if not world.privacy_mode or chat.bot == "administrator":
        return True
    if target is not None and (target.outgoing or target.delivered):
        return True
    return _is_command_for(world, stored)


def _is_command_for(world: World, stored: Stored) -> bool:
    entities = stored.raw.get("entities", ())
    if not any(entity["type"] == "bot_command" and entity["offset"] == 0 for entity in entities):
        return False
    addressee = stored.text.split()[0].partition("@")[2]
    return addressee.lower() in ("", str(world.bot.username).lower())


class Group:
    """A group, supergroup or forum. What people do in it, they do with `at=` this group."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self.chat = chat
        self.former_id: int | None = None

    @property
    def id(self) -> int:
        """The group's present id."""
        return self.chat.id

    def messages(self) -> list[Shown]:
        """Everything that can be seen in it, oldest first."""
        return [stored.shown() for stored in self.chat.messages.values()]

    async def adds_bot(self, by: Person, *, as_admin: bool = False) -> None:
        """Somebody adds the bot."""
        self._changes_bot(by.user, "administrator" if as_admin else "member")
        self._tells(by.user, {"new_chat_members": [self._world.bot.json()]})

    async def promotes_bot(self, by: Person) -> None:
        """Somebody makes the bot an administrator."""
        self._changes_bot(by.user, "administrator")

    async def kicks_bot(self, by: Person) -> None:
        """Somebody removes the bot."""
        self._tells(by.user, {"left_chat_member": self._world.bot.json()})
        self._changes_bot(by.user, "kicked")

    async def welcomes(self, person: Person) -> None:
        """Somebody joins."""
        self.chat.members[person.id] = "member"
        person.chat.known = True
        self._tells(person.user, {"new_chat_members": [person.user.json()]})

    async def loses(self, person: Person) -> None:
        """Somebody leaves."""
        self.chat.members[person.id] = "left"
        self._tells(person.user, {"left_chat_member": person.user.json()})

    async def is_deleted(self) -> None:
        """The group ends; the bot is not told."""
        self.chat.gone = True
        self._world.pulse.beat()

    async def migrates(self, by: Person, *, announced: bool = True, new_first: bool = False) -> int:
        """Become a supergroup; return its new id. Both service messages come, in either order, or none."""
        assert self.chat.type == "group", "only a basic group can migrate"
        old = self.chat
        new_id = new_supergroup_id(self._world)
        new = Chat(new_id, "supergroup", old.title, bot=old.bot, members=dict(old.members))
        self._world.chats[new_id] = new
        old.migrated_to, self.former_id, self.chat = new_id, old.id, new
        told = [(old, {"migrate_to_chat_id": new_id}), (new, {"migrate_from_chat_id": old.id})]
        for chat, content in reversed(told) if new_first else told:
            if announced:
                self._tells(by.user, content, chat)
        self._world.pulse.beat()
        return new_id

    async def opens_topic(self, by: Person, name: str) -> int:
        """Somebody opens a topic of the forum; return its thread id."""
        assert self.chat.is_forum, "only a forum has topics"
        topic = {"name": name, "icon_color": 7322096}
        stored = self._tells(by.user, {"forum_topic_created": topic, "is_topic_message": True})
        stored.raw["message_thread_id"] = stored.id
        self.chat.topics[stored.id] = True
        return stored.id

    async def closes_topic(self, by: Person, thread_id: int) -> None:
        """Somebody closes a topic."""
        self.chat.topics[thread_id] = False
        thread = {"message_thread_id": thread_id, "is_topic_message": True}
        self._tells(by.user, {"forum_topic_closed": {}} | thread)

    def _tells(self, sender: User, content: JSON, chat: Chat | None = None) -> Stored:
        """Put a service message into the group; the bot sees all of them."""
        where = chat or self.chat
        stored = self._world.add(where, sender, content, outgoing=False)
        if is_present(where.bot):
            stored.delivered = True
            self._world.queue.add("message", stored.raw)
        return stored

    def _changes_bot(self, by: User, status: str) -> None:
        before, self.chat.bot = self.chat.bot, status
        self.chat.known = True
        payload = {
            "chat": self.chat.json(),
            "from": by.json(),
            "date": self._world.timestamp(),
            "old_chat_member": member(self._world.bot, before),
            "new_chat_member": member(self._world.bot, status),
        }
        self._world.queue.add("my_chat_member", payload)
        self._world.pulse.beat()


def new_supergroup_id(world: World) -> int:
    """Number the next supergroup."""
    return -SUPERGROUP_OFFSET - _FIRST_SUPERGROUP - len(world.chats)
