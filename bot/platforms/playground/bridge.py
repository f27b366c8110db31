"""The bridge of the playground: hands in what people on the page do, shows what is said, turns the clock."""

from __future__ import annotations

import asyncio
import errno
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, assert_never

from aiohttp import WSCloseCode, web

from bot.core.message import Message
from bot.platforms.playground import guard, keeping, menu
from bot.platforms.playground.frames import Act, FrameError, Join, Stop, Turn, body, read
from bot.platforms.playground.page import Page
from bot.platforms.playground.render import Tree
from bot.platforms.playground.stage import GROUP, Person, Shown, Stage
from bot.platforms.playground.turner import Turner
from bot.platforms.playground.turning import TurnedClock
from bot.study.chat import Gone, Outcome, Sent
from bot.study.desk import Study
from bot.study.requests import Account, Body, Press, Request, Typed

MAX_FRAME_BYTES: Final = 64 * 1024
"""The longest frame a page may send; a longer one ends the connection (RFC 6455, 1009)."""

_PLATFORM: Final = "playground"
_STATIC: Final = Path(__file__).parent / "static"
_PICTURE_HEADERS: Final = {"Cache-Control": "max-age=86400, immutable"}
_SHUTDOWN_SECONDS: Final = 1.0
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlaygroundSettings:
    """Where the playground listens (port 0 takes any free one), and how often it ticks when nobody turns the clock."""

    host: str = "127.0.0.1"
    port: int = 8765
    tick_seconds: float = 5.0


class PortTakenError(OSError):
    """The playground's port is taken; set XUEBAN_PLAYGROUND_PORT to another one."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken; set XUEBAN_PLAYGROUND_PORT to another one")


class PlaygroundBridge:
    """The playground as a platform: a `Chat` for pushes, and a web server for everything else.

    All open pages look at the same stage, so a reload or a second window shows what is there already.
    """

    platform: Final = _PLATFORM
    repeatable: Final = True

    def __init__(self, study: Study, settings: PlaygroundSettings, clock: TurnedClock) -> None:
        self._study = study
        self._settings = settings
        self._clock = clock
        self._stage = Stage()
        self._pages: set[Page] = set()
        self._turner = Turner(study, clock, self, self._tell_all)
        self._runner: web.AppRunner | None = None
        self._closed = asyncio.Event()

    @property
    def url(self) -> str:
        """The address to open in a browser; the true port once `open` has returned."""
        host, port = self._settings.host, self._settings.port
        if self._runner is not None and self._runner.addresses:
            port = self._runner.addresses[0][1]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    async def open(self) -> None:
        """Take up where the last run ended, and start to listen.

        Raises:
            PortTakenError: somebody else listens there already.
            OSError: the address is none of this machine's, or its owner does not let us listen there.
        """
        await keeping.recall(self._study, self._clock, self._stage)
        app = web.Application(middlewares=[guard.middleware(self._settings.host)])
        app.on_response_prepare.append(guard.add_headers)
        app.router.add_get("/", self._index)
        app.router.add_get("/socket", self._talk)
        app.router.add_get("/pictures/{name}", self._picture)
        app.router.add_static("/static", _STATIC)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._settings.host, self._settings.port).start()
        except OSError as fault:
            await self._runner.cleanup()
            self._runner = None
            if fault.errno == errno.EADDRINUSE:
                raise PortTakenError(self._settings.port) from fault
            raise
        if not guard.is_loopback(self._settings.host):
            _log.warning(
                "the playground listens on %s and has no login: whoever can reach it can talk as anybody there",
                self._settings.host,
            )

    async def listen(self) -> None:
        """Serve, and tick by the turned clock, until `close` or until this is cancelled."""
        await self._turner.run(self._closed, every_seconds=self._settings.tick_seconds)

    async def close(self) -> None:
        """Stop turning, finish what is under way, let every page go and free the port."""
        if self._closed.is_set():
            return
        self._closed.set()
        await self._turner.close()
        for page in self._pages:
            page.let_go(WSCloseCode.GOING_AWAY)
        if self._runner is not None:
            await self._runner.cleanup()
            await keeping.note_time(self._study, self._clock)

    async def push(self, chat: str, message: Message, *, key: str) -> Outcome:
        """Show a message nobody asked for; the same `key` again shows nothing twice."""
        if not self._stage.has_room(chat):
            return Gone("nobody of that name is in the playground since it was opened")
        line = Shown(f"push.{key}", self._clock.now(), pushed=True)
        self._show(chat, self._stage.show(chat, line, message))
        return Sent(line.id)

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_STATIC / "index.html")

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        png = self._stage.picture(request.match_info["name"])
        if png is None:
            raise web.HTTPNotFound
        return web.Response(body=png, content_type="image/png", headers=_PICTURE_HEADERS)

    async def _talk(self, request: web.Request) -> web.StreamResponse:
        """Talk with one page for as long as it is open."""
        socket = web.WebSocketResponse(max_msg_size=MAX_FRAME_BYTES, timeout=_SHUTDOWN_SECONDS)
        await socket.prepare(request)
        page = Page(socket)
        page.tell(self._hello())
        self._pages.add(page)
        try:
            await page.talk(self._hear)
        finally:
            self._pages.discard(page)
        return socket

    async def _hear(self, page: Page, raw: str) -> None:
        try:
            match read(raw):
                case Act() as act:
                    await self._act(act)
                    page.tell({"type": "done", "key": act.key})
                case Join() as join:
                    page.tell({"type": "joined", "id": await self._join(join)})
                case Turn(step):
                    self._turner.start(step)
                case Stop():
                    self._turner.stop()
                case frame:
                    assert_never(frame)
        except FrameError as error:
            page.tell(error.tree())

    async def _act(self, act: Act) -> None:
        person = self._stage.person(act.person)
        if person is None:
            raise FrameError("nobody", act.key)
        if act.room not in {person.id, GROUP}:
            raise FrameError("no-room", act.key)
        rows = self._study.menu()
        what = body(act.body.text, menu.names(rows)) if isinstance(act.body, Typed) else act.body
        now = self._clock.now()
        if not isinstance(act.body, Press):
            words = menu.spoken(rows, act.body, person.language)
            self._show(act.room, self._stage.say(act.room, Shown(act.key, now, by=person.id, text=words)))
        try:
            await self._hand_in(act, person, what, now)
        except Exception:  # noqa: BLE001 (the door outlives what breaks behind it; the page can try again)
            _log.exception("a request of the playground failed")
            raise FrameError("broken", act.key) from None

    async def _hand_in(self, act: Act, person: Person, what: Body, now: datetime) -> None:
        alone = act.room != GROUP
        request = Request(
            key=act.key,
            account=Account(_PLATFORM, person.id),
            chat=act.room,
            private=alone,
            body=what,
            home=person.id,
            locale=person.language,
            name=person.name,
            zone=person.zone,
        )
        replies = await self._study.handle(request, now)
        instead_of = act.on
        for number, reply in enumerate(replies):
            only = person.id if reply.private and not alone else ""
            line = Shown(f"{act.key}.{number}", self._clock.now(), only=only)
            place = instead_of if reply.replaces else ""
            instead_of = "" if reply.replaces else instead_of
            self._show(act.room, self._stage.show(act.room, line, reply, instead_of=place))
        await self._study.delivered(_PLATFORM, act.key)
        if alone and self._stage.meet(person.id):
            await keeping.note_met(self._study, self._stage)

    async def _join(self, join: Join) -> str:
        person = self._stage.join(join.name, join.language, join.zone)
        if person is None:
            raise FrameError("full")
        self._tell_all({"type": "people", "people": self._stage.cast()})
        await keeping.note_people(self._study, self._stage)
        return person.id

    def _hello(self) -> Tree:
        return {
            "type": "hello",
            "now": int(self._clock.now().timestamp() * 1000),
            "turning": self._turner.turning,
            "group": GROUP,
            "people": self._stage.cast(),
            "rooms": self._stage.rooms(),
            "menu": menu.tree(self._study.menu()),
        }

    def _show(self, room: str, line: Shown | None) -> None:
        if line is not None:
            self._tell_all({"type": "line", "room": room, "line": line.tree()})

    def _tell_all(self, frame: Tree) -> None:
        for page in self._pages:
            page.tell(frame)
