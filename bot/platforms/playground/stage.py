"""The stage: who is there and what each room shows, in memory only; what they learnt is in the store."""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from bot.core.language import Language
from bot.core.message import Message
from bot.platforms.playground.render import Tree, picture_name, tree

_T = TypeVar("_T")

GROUP: Final = "group"
"""The room where several people speak; every other room belongs to the person of that id."""

MAX_LINES: Final = 300
"""Lines that one room keeps; the oldest go first."""

MAX_PICTURES: Final = 200
MAX_PEOPLE: Final = 12
_MAX_SHOWN: Final = 20_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the stage; the id is the account's id and the person's own room."""

    id: str
    name: str
    language: Language
    zone: str


CAST: Final = (
    Person("xiaoming", "小明", "zh", "Asia/Shanghai"),
    Person("alice", "Alice", "en", "Europe/Berlin"),
)
"""Who is there when the playground opens."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a room.

    Attributes:
        id: unique in the room; a line with a known id takes that line's place on the page.
        at: the turned time.
        by: the person's id, or "" for the bot.
        text: what the person typed or pressed; the bot's lines have `message` instead.
        message: the rendered message.
        only: the id of the only person who sees it, or "".
        pushed: nobody asked for it, the clock brought it.
    """

    id: str
    at: datetime
    by: str = ""
    text: str = ""
    message: Tree | None = None
    only: str = ""
    pushed: bool = False

    def tree(self) -> Tree:
        """Return the line as the page reads it; `at` in milliseconds since 1970."""
        return {
            "id": self.id,
            "at": int(self.at.timestamp() * 1000),
            "by": self.by,
            "text": self.text,
            "message": self.message,
            "only": self.only,
            "pushed": self.pushed,
        }


class Stage:
    """People, rooms and lines, each bounded."""

    def __init__(self) -> None:
        self._people = {person.id: person for person in CAST}
        self._met: dict[str, None] = {}
        self._rooms: dict[str, OrderedDict[str, Shown]] = {room: OrderedDict() for room in (*self._people, GROUP)}
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._shown: OrderedDict[str, None] = OrderedDict()

    @property
    def joined(self) -> tuple[Person, ...]:
        """Everybody who is not of the cast, in the order they came."""
        return tuple(person for person in self._people.values() if person not in CAST)

    @property
    def met(self) -> tuple[str, ...]:
        """The ids of everybody who has talked with the bot alone, in this run or an earlier one."""
        return tuple(self._met)

    def person(self, who: str) -> Person | None:
        """Return the person of that id."""
        return self._people.get(who)

    def has_room(self, room: str) -> bool:
        """Return whether there is such a room."""
        return room in self._rooms

    def join(self, name: str, language: Language, zone: str) -> Person | None:
        """Add a person with a room of their own; None when the stage is full."""
        if len(self._people) >= MAX_PEOPLE:
            return None
        person = Person(self._free_id(name), name, language, zone)
        self._people[person.id] = person
        self._rooms[person.id] = OrderedDict()
        return person

    def meet(self, who: str) -> bool:
        """Note that somebody talked with the bot alone; return whether it was the first time."""
        first = who in self._people and who not in self._met
        if first:
            self._met[who] = None
        return first

    def say(self, room: str, line: Shown) -> Shown | None:
        """Show what a person did; None when exactly this was shown before."""
        return self._add(room, line) if self._first(line.id) else None

    def show(self, room: str, line: Shown, message: Message, *, instead_of: str = "") -> Shown | None:
        """Show the bot's `message` as `line`, or in the place of the line `instead_of`.

        A message takes a line's place only where the same people see both.

        Returns:
            the line as it now stands in the room; None when exactly this was shown before.
        """
        if not self._first(line.id):
            return None
        if message.picture is not None:
            self._pictures[picture_name(message.picture)] = message.picture.png
            _trim(self._pictures, MAX_PICTURES)
        line = replace(line, message=tree(message))
        old = self._rooms[room].get(instead_of)
        if old is not None and not old.by and old.only == line.only:
            line = replace(old, message=line.message)
        return self._add(room, line)

    def picture(self, name: str) -> bytes | None:
        """Return the PNG shown under `name`."""
        return self._pictures.get(name)

    def cast(self) -> list[Tree]:
        """Return everybody, in the order they came, as the page reads them."""
        return [
            {
                "id": person.id,
                "name": person.name,
                "language": person.language,
                "zone": person.zone,
                "met": person.id in self._met,
            }
            for person in self._people.values()
        ]

    def rooms(self) -> Tree:
        """Return every room's lines, oldest first, as the page reads them."""
        return {room: [line.tree() for line in lines.values()] for room, lines in self._rooms.items()}

    def _first(self, line_id: str) -> bool:
        if line_id in self._shown:
            return False
        self._shown[line_id] = None
        _trim(self._shown, _MAX_SHOWN)
        return True

    def _add(self, room: str, line: Shown) -> Shown:
        self._rooms[room][line.id] = line
        _trim(self._rooms[room], MAX_LINES)
        return line

    def _free_id(self, name: str) -> str:
        wanted = slug(name)
        taken = self._rooms.keys()
        return next(each for each in (wanted, *(f"{wanted}-{n}" for n in range(2, 100))) if each not in taken)


def slug(name: str) -> str:
    """Return a readable id of ASCII letters, digits and hyphens; the same name always gives the same one."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    spelt = "".join(letter if letter.isascii() else f"-u{ord(letter):x}-" for letter in letters)
    return re.sub(r"[^a-z0-9]+", "-", spelt).strip("-")[:40].strip("-") or "somebody"


def _trim(kept: OrderedDict[str, _T], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
