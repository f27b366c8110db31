"""The handle that tests hold: the server with its people, its record, and its ways to fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Self, TypeVar

from tests.fakes.telegram.calls import Call
from tests.fakes.telegram.faults import Fault, Hold
from tests.fakes.telegram.groups import Group, new_supergroup_id
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.server import Server
from tests.fakes.telegram.shown import JSON, Shown
from tests.fakes.telegram.watch import Watch
from tests.fakes.telegram.webhook import Webhook
from tests.fakes.telegram.world import Chat, User, World

T = TypeVar("T")
Place = Person | Group | Shown | int

CANARY: Final = "AAE-canary_never_to_be_logged_00000"
BOT_ID: Final = 7000000001
RETRY_TEXT: Final = "Too Many Requests: retry after "
_USUAL: Final = {
    401: "Unauthorized",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
}


class FakeTelegram:
    """A strict Bot API server on loopback.

    Use it as an async context manager; point the library at `base_url`. Tests look at `calls`, `violations`
    and `messages`, play people through `person` and `group`, and break things through `floods`, `fails`,
    `resets`, `loses` and `holds`.

    Attributes:
        root: `http://127.0.0.1:PORT` once entered.
        token: the only token that is accepted; it is a canary that must appear nowhere else.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        privacy_mode: bool = True,
        answer_within: timedelta = timedelta(seconds=15),
        patience_seconds: float = 10,
        username: str = "xueban_test_bot",
    ) -> None:
        bot = User(BOT_ID, "学伴", username=username, is_bot=True)
        self.token = f"{BOT_ID}:{CANARY}"
        self.root = ""
        self.world = World(bot, now, privacy_mode=privacy_mode, answer_within=answer_within)
        self._server = Server(self.world, self.token)
        self._watch = Watch(self.world, self._server.calls, patience_seconds)

    async def __aenter__(self) -> Self:
        self.root = await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop()

    @property
    def calls(self) -> list[Call]:
        """Every call of the bot, in order of arrival."""
        return self._server.calls

    @property
    def webhook(self) -> Webhook:
        """Where deliveries go; `routes` must lead a public address to loopback before setWebhook."""
        return self._server.webhook

    @property
    def base_url(self) -> str:
        """What the library takes as `base_url`."""
        return f"{self.root}/bot"

    @property
    def violations(self) -> list[str]:
        """What no correct bot does, even where the real server lets it pass; tests assert it is empty."""
        return self.world.violations

    @property
    def username(self) -> str:
        """The bot's username."""
        return str(self.world.bot.username)

    # People and places

    def person(
        self,
        name: str,
        *,
        language_code: str | None = None,
        id: int | None = None,  # noqa: A002 - the word the Bot API has for it
        username: str | None = None,
        last_name: str | None = None,
        known: bool = True,
    ) -> Person:
        """Bring in somebody who has not written to the bot yet.

        A `known` person once crossed the bot's way, so sending to them is 403; to a stranger it is 400.
        """
        number = id if id is not None else 5_000_000_001 + len(self.world.chats)
        user = User(number, name, last_name, username, language_code)
        chat = Chat(number, "private", name, user=user, known=known)
        self.world.chats[number] = chat
        return Person(self.world, self._watch, chat, user)

    def group(self, title: str, *members: Person, kind: str = "group", forum: bool = False) -> Group:
        """Bring in a group; its first member owns it. The bot is not in it until somebody adds it."""
        supergroup = forum or kind == "supergroup"
        number = new_supergroup_id(self.world) if supergroup else -4_000_000_000 - len(self.world.chats)
        chat = Chat(number, "supergroup" if supergroup else "group", title, known=False, is_forum=forum)
        chat.members = {person.id: "member" for person in members}
        if members:
            chat.members[members[0].id] = "creator"
        self.world.chats[number] = chat
        return Group(self.world, chat)

    # What can be seen

    def messages(self, place: Place) -> list[Shown]:
        """All visible messages of a chat, oldest first."""
        return [stored.shown() for stored in self.world.chats[chat_id_of(place)].messages.values()]

    def bot_messages(self, place: Place) -> list[Shown]:
        """The visible messages of the bot in a chat, oldest first."""
        return [shown for shown in self.messages(place) if shown.from_bot]

    def calls_of(self, method: str, place: Place | None = None) -> list[Call]:
        """All calls of a method, perhaps only those about one chat."""
        chat_id = None if place is None else chat_id_of(place)
        return [call for call in self.calls if call.method == method and chat_id in (None, call.chat_id)]

    @property
    def refusals(self) -> list[Call]:
        """Calls refused by the rules, not by a prepared failure."""
        return [call for call in self.calls if call.error is not None and call.fault != "error"]

    def menu(self, scope: str = "default", language_code: str = "") -> list[tuple[str, str]]:
        """Commands and descriptions of one scope (`default`, `chat:ID`, …) and language."""
        commands = self.world.menus.get((scope, language_code), [])
        return [(command["command"], command["description"]) for command in commands]

    async def until(self, look: Callable[[], T], what: str = "the test", *, within: float | None = None) -> T:
        """Return the first true thing `look` returns; it is asked again after every change in the fake."""
        return await self._watch.until(look, what, within)

    async def until_called(self, method: str, times: int = 1, place: Place | None = None) -> list[Call]:
        """Wait until so many calls of a method are over."""

        def look() -> list[Call]:
            done = [call for call in self.calls_of(method, place) if call.done]
            return done if len(done) >= times else []

        return await self._watch.until(look, f"{times} x {method}")

    async def until_drained(self) -> None:
        """Wait until every update has been confirmed or delivered."""
        await self._watch.until(lambda: not self.world.queue.pending, "all updates confirmed")

    async def until_polling(self) -> None:
        """Wait until the bot waits in a long poll, having confirmed everything."""
        queue = self.world.queue
        await self._watch.until(lambda: queue.polling and not queue.pending, "a waiting long poll")

    # Updates as such

    def raw_update(self, raw: JSON) -> int:
        """Queue an update exactly as given, however malformed; return its id."""
        return self.world.queue.add_raw(raw)

    @property
    def updates(self) -> list[JSON]:
        """Every update ever queued, oldest first."""
        return self.world.queue.history

    def repeats(self, update: JSON) -> None:
        """Deliver an update once more, with the same id, as an at-least-once server may."""
        self.world.queue.repeat(update)

    def end_poll(self) -> None:
        """End the waiting long poll with what there is, as its timeout would."""
        self.world.queue.end_poll()

    # What goes wrong

    def floods(self, method: str, *, retry_after: int = 5, place: Place | None = None, times: int | None = 1) -> Fault:
        """Answer 429 with `retry_after` seconds."""
        return self._fault(Fault("error", method, _at(place), times, 429, f"{RETRY_TEXT}{retry_after}", retry_after))

    def fails(
        self,
        method: str,
        code: int = 500,
        description: str | None = None,
        *,
        place: Place | None = None,
        times: int | None = 1,
    ) -> Fault:
        """Answer with an error; without a description, 502 to 504 are a proxy's HTML page."""
        html = description is None and code in (502, 503, 504)
        text = description or _USUAL.get(code, "Internal Server Error")
        return self._fault(Fault("html" if html else "error", method, _at(place), times, code, text))

    def resets(self, method: str, *, place: Place | None = None, times: int | None = 1) -> Fault:
        """Reset the connection before anything has been done."""
        return self._fault(Fault("reset", method, _at(place), times))

    def loses(self, method: str, *, place: Place | None = None, times: int | None = 1) -> Fault:
        """Do what is asked, then reset the connection instead of answering."""
        return self._fault(Fault("lost", method, _at(place), times))

    def holds(self, method: str, *, processed: bool = False, place: Place | None = None, times: int | None = 1) -> Hold:
        """Keep the answer back until the test releases it, before or (`processed`) after doing the work."""
        hold = Hold("hold after" if processed else "hold before", method, _at(place), times)
        self._fault(hold)
        return hold

    def _fault(self, fault: Fault) -> Fault:
        self._server.faults.add(fault)
        return fault


def chat_id_of(place: Place) -> int:
    """Return the id of the chat that a person, a group or a message stands for."""
    if isinstance(place, int):
        return place
    return place.chat_id if isinstance(place, Shown) else place.id


def _at(place: Place | None) -> int | None:
    return None if place is None else chat_id_of(place)
