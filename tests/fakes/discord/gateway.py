"""The gateway: sessions, heartbeats, resuming with replay, and the events that go out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.fakes.discord.errors import JSON
from tests.fakes.discord.model import Channel, Guild
from tests.fakes.discord.world import World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, CHUNKS, INVALID, HELLO, ACK = (
    0,
    1,
    2,
    3,
    4,
    6,
    7,
    8,
    9,
    10,
    11,
)
GUILDS, MEMBERS, PRESENCES, GUILD_MESSAGES, DM_MESSAGES, CONTENT = 1, 1 << 1, 1 << 8, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED: Final = MEMBERS | PRESENCES | CONTENT
ALL_INTENTS: Final = (1 << 26) - 1
IDENTIFIES_A_DAY: Final = 1000


class _Close(Exception):  # noqa: N818 - not an error: how the server hangs up
    """The server hangs up with a close code."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


@dataclass(eq=False)
class Session:
    """One identified shard; it outlives its connection so that it can be resumed."""

    id: str
    shard: int
    shards: int
    intents: int
    log: list[JSON] = field(default_factory=list)
    connection: Connection | None = None

    def dispatch(self, event: str, data: Any) -> None:
        """Number an event, remember it, and send it when somebody listens."""
        frame = {"op": DISPATCH, "t": event, "s": len(self.log) + 1, "d": data}
        self.log.append(frame)
        if self.connection is not None:
            self.connection.push(frame)


@dataclass(eq=False)
class Connection:
    """One websocket; frames leave in the order they were pushed."""

    ws: web.WebSocketResponse
    compress: bool
    session: Session | None = None
    outbox: asyncio.Queue[JSON | int | None] = field(default_factory=asyncio.Queue)

    def push(self, frame: JSON) -> None:
        """Send a frame."""
        self.outbox.put_nowait(frame)

    def hang_up(self, code: int | None) -> None:
        """Close after what was pushed before; no code tears the connection down without a word."""
        self.outbox.put_nowait(code)

    async def write(self) -> None:
        """Send until the connection ends."""
        deflate = zlib.compressobj()
        while True:
            item = await self.outbox.get()
            if item is None:
                transport = self.ws._req.transport if self.ws._req is not None else None  # noqa: SLF001 - no public way to pull the plug
                if transport is not None:
                    transport.abort()
                return
            if isinstance(item, int):
                await self.ws.close(code=item)
                return
            text = json.dumps(item)
            with contextlib.suppress(ConnectionError):
                if self.compress:
                    await self.ws.send_bytes(deflate.compress(text.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH))
                else:
                    await self.ws.send_str(text)


class Gateway:
    """The websocket side of the fake."""

    def __init__(self, world: World, *, shards: int = 1, granted: int = 0) -> None:
        self.world = world
        self.shards = shards
        self.granted = granted
        self.url = ""
        self.refuse_resume = False
        self.sessions: list[Session] = []
        self.connections: list[Connection] = []
        self.identifies: list[JSON] = []
        self.resumes: list[JSON] = []
        self.closes: list[int | None] = []

    def live(self) -> Iterator[Session]:
        """Yield the sessions somebody is connected to."""
        return (session for session in self.sessions if session.connection is not None)

    def dispatch(self, event: str, data: Any, *, guild: Guild | None = None, intents: int = 0) -> None:
        """Send an event to every session of the shard it belongs to; DMs belong to shard 0."""
        for session in self.sessions:
            shard = 0 if guild is None else (int(guild.id) >> 22) % session.shards
            if session.shard == shard and session.intents & intents == intents:
                session.dispatch(event, data)

    def dispatch_message(self, event: str, channel: Channel, data: JSON, *, hide: bool) -> None:
        """Send a message event; without the message content intent some of it is blanked."""
        guild = channel.guild
        intents = DM_MESSAGES if guild is None else GUILD_MESSAGES
        for session in self.sessions:
            shard = 0 if guild is None else (int(guild.id) >> 22) % session.shards
            if session.shard == shard and session.intents & intents:
                blank = hide and guild is not None and not session.intents & CONTENT
                empty: JSON = {"content": "", "embeds": [], "components": [], "attachments": []} if blank else {}
                session.dispatch(event, data | empty)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket from HELLO to the end."""
        ws = web.WebSocketResponse(max_msg_size=4096 * 4, autoping=True)
        await ws.prepare(request)
        connection = Connection(ws, compress=request.query.get("compress") == "zlib-stream")
        self.connections.append(connection)
        writer = asyncio.create_task(connection.write())
        connection.push({"op": HELLO, "d": {"heartbeat_interval": 41250, "_trace": []}})
        try:
            await self._check_query(request)
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, message.data)
        except _Close as end:
            connection.hang_up(end.code)
            self.closes.append(end.code)
            await writer
        finally:
            writer.cancel()
            self.connections.remove(connection)
            self._left(connection, ws.close_code)
        return ws

    async def _check_query(self, request: web.Request) -> None:
        if request.query.get("v") != "10":
            raise _Close(4012)
        if request.query.get("encoding") != "json" or request.query.get("compress") not in (
            None,
            "zlib-stream",
        ):
            self.world.violate("gateway", f"unsupported query {request.query_string}")
            raise _Close(4002)

    def _left(self, connection: Connection, code: int | None) -> None:
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            if code in (1000, 1001):
                self.sessions.remove(session)
        self.world.changed()

    def _receive(self, connection: Connection, text: str) -> None:
        if len(text.encode()) > 4096:
            raise _Close(4002)
        try:
            frame = json.loads(text)
            op, data = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _Close(4002) from None
        if op == HEARTBEAT:
            connection.push({"op": ACK})
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif op not in (PRESENCE, VOICE, CHUNKS):
            raise _Close(4001)
        elif connection.session is None:
            raise _Close(4003)
        self.world.changed()

    def _identify(self, connection: Connection, data: JSON) -> None:
        if connection.session is not None:
            raise _Close(4005)
        self.identifies.append(data)
        intents, (shard, shards) = data.get("intents"), data.get("shard") or (0, 1)
        if data.get("token") != self.world.token:
            raise _Close(4004)
        if not 0 <= shard < shards:
            raise _Close(4010)
        if not isinstance(intents, int) or intents & ~ALL_INTENTS:
            raise _Close(4013)
        if intents & PRIVILEGED & ~self.granted:
            raise _Close(4014)
        session = Session(self.world.new_id(), shard, shards, intents, connection=connection)
        connection.session = session
        self.sessions.append(session)
        self._greet(session)

    def _greet(self, session: Session) -> None:
        guilds = [
            guild
            for guild in self.world.guilds.values()
            if guild.with_bot and (int(guild.id) >> 22) % session.shards == session.shard
        ]
        ready = {
            "v": 10,
            "user": {**self.world.bot.to_json(), "verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {"id": self.world.application_id, "flags": 0},
            "private_channels": [],
            "relationships": [],
        }
        session.dispatch("READY", ready)
        if session.intents & GUILDS:
            for guild in guilds:
                session.dispatch("GUILD_CREATE", self.world.guild_json(guild))

    def _resume(self, connection: Connection, data: JSON) -> None:
        self.resumes.append(data)
        if data.get("token") != self.world.token:
            raise _Close(4004)
        session = next((known for known in self.sessions if known.id == data.get("session_id")), None)
        if session is None or self.refuse_resume:
            if session is not None:
                self.sessions.remove(session)
            connection.push({"op": INVALID, "d": False})
            return
        seen = data.get("seq")
        if not isinstance(seen, int) or seen > len(session.log):
            raise _Close(4007)
        connection.session = session
        for frame in session.log[seen:]:
            connection.push(frame)
        session.connection = connection
        session.dispatch("RESUMED", {"_trace": []})

    def drop(self, *, resumable: bool = True, code: int | None = 4000) -> None:
        """Hang up on everybody.

        Args:
            resumable: whether the sessions can be resumed; if not, a RESUME is answered with INVALID_SESSION.
            code: the close code; `None` cuts the connection without one.
        """
        for session in list(self.live()):
            if session.connection is not None:
                session.connection.hang_up(code)
                session.connection = None
        if not resumable:
            self.sessions.clear()
        self.world.changed()

    def ask_to_reconnect(self) -> None:
        """Send RECONNECT (op 7) to everybody."""
        for session in self.live():
            if session.connection is not None:
                session.connection.push({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool) -> None:
        """Send INVALID_SESSION (op 9) to everybody."""
        for session in list(self.live()):
            if session.connection is not None:
                session.connection.push({"op": INVALID, "d": resumable})
            if not resumable:
                self.sessions.remove(session)

    async def close(self) -> None:
        """Hang up for good."""
        for connection in list(self.connections):
            await connection.ws.close(code=1001)
