"""REST routes of the bot itself: who it is, channels, messages, DMs, and its commands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from tests.fakes.discord.command_rules import check_commands
from tests.fakes.discord.errors import JSON, ApiError
from tests.fakes.discord.form import Form, Shape, anything, snowflake
from tests.fakes.discord.gateway import IDENTIFIES_A_DAY, Gateway
from tests.fakes.discord.message_rules import EDITED, IN_CHANNEL
from tests.fakes.discord.model import ATTACH, HISTORY, SEND, Channel, Message, User
from tests.fakes.discord.posting import Draft, delete, edit, post
from tests.fakes.discord.rest import Answer, Door, Incoming
from tests.fakes.discord.world import World

NONCE_WINDOW: Final = timedelta(minutes=3)
"""For how long a nonce is remembered; the documentation says "in the past few minutes"."""
CREATES_A_DAY: Final = 200
OPEN_DM: Final = Shape(
    "CreatePrivateChannelRequest", {"recipient_id": snowflake, "access_tokens": anything, "nicks": anything}
)


class ChannelRoutes:
    """What a bot token opens."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self.new_dm_limit: int | None = None
        self.dms_opened = 0
        self.typing: list[Channel] = []

    def add_to(self, door: Door, app: web.Application) -> None:
        """Hang the routes up."""
        messages = "/channels/{channel}/messages"
        for method, path, handler in (
            ("GET", "/users/@me", self._me),
            ("GET", "/users/{user}", self._user),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/gateway", self._gateway),
            ("GET", "/gateway/bot", self._gateway_bot),
            ("POST", "/users/@me/channels", self._open_dm),
            ("GET", "/channels/{channel}", self._channel),
            ("GET", messages, self._history),
            ("POST", messages, self._send),
            ("GET", messages + "/{message}", self._fetch),
            ("PATCH", messages + "/{message}", self._edit),
            ("DELETE", messages + "/{message}", self._delete),
            ("POST", "/channels/{channel}/typing", self._typing),
            ("GET", "/applications/{app}/commands", self._commands),
            ("PUT", "/applications/{app}/commands", self._sync),
            ("GET", "/applications/{app}/guilds/{guild}/commands", self._commands),
            ("PUT", "/applications/{app}/guilds/{guild}/commands", self._sync),
        ):
            door.route(app, method, path, handler)

    def _me(self, _incoming: Incoming) -> Answer:
        me = {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
        return Answer({**self.world.bot.to_json(), **me})

    def _user(self, incoming: Incoming) -> Answer:
        return Answer(self._person(incoming.params["user"], 404, 10013).to_json())

    def _person(self, user_id: str, status: int, code: int) -> User:
        person = self.world.people.get(user_id)
        if person is None:
            raise ApiError(status, code)
        return person

    def _application(self, _incoming: Incoming) -> Answer:
        return Answer(
            {
                "id": self.world.application_id,
                "name": self.world.bot.name,
                "icon": None,
                "description": "",
                "type": None,
                "bot": self.world.bot.to_json(),
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": 0,
                "flags_new": "0",
                "redirect_uris": [],
                "interactions_endpoint_url": None,
                "role_connections_verification_url": None,
                "owner": User("1", "Owner").to_json(),
                "approximate_guild_count": len(self.world.guilds),
                "approximate_user_install_count": len(self.world.people),
                "approximate_user_authorization_count": 0,
                "explicit_content_filter": 0,
                "team": None,
                "eligible_oauth2_scopes": [],
            }
        )

    def _gateway(self, _incoming: Incoming) -> Answer:
        return Answer({"url": self.gateway.url})

    def _gateway_bot(self, _incoming: Incoming) -> Answer:
        limit = {
            "total": IDENTIFIES_A_DAY,
            "remaining": max(0, IDENTIFIES_A_DAY - len(self.gateway.identifies)),
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        }
        return Answer({"url": self.gateway.url, "shards": self.gateway.shards, "session_start_limit": limit})

    def _open_dm(self, incoming: Incoming) -> Answer:
        form = Form()
        OPEN_DM(form, (), incoming.body)
        form.close()
        self.world.note_unknown(form, "POST /users/@me/channels")
        person = self._person(str(incoming.body.get("recipient_id")), 400, 50033)
        if person.dm is None:
            if self.new_dm_limit is not None and self.dms_opened >= self.new_dm_limit:
                raise ApiError(403, 40003)
            self.dms_opened += 1
        return Answer(self.world.dm_of(person).to_json())

    def _channel(self, incoming: Incoming) -> Answer:
        return Answer(self.world.channel_json(self.world.channel(incoming.params["channel"])))

    def _history(self, incoming: Incoming) -> Answer:
        channel = self.world.channel(incoming.params["channel"], needing=HISTORY)
        shown = [message for message in channel.messages if not message.deleted and not message.ephemeral]
        limit = int(incoming.query.get("limit", "50"))
        return Answer([message.to_json() for message in reversed(shown)][:limit])

    def _writable(self, channel_id: str, needing: int) -> Channel:
        channel = self.world.channel(channel_id, needing=needing)
        if channel.person is not None:
            if not self.world.in_reach(channel.person):
                raise ApiError(403, 50278)
            if not channel.person.dms_open:
                raise ApiError(403, 50007)
        return channel

    def _send(self, incoming: Incoming) -> Answer:
        needing = SEND | (ATTACH if incoming.files else 0)
        channel = self._writable(incoming.params["channel"], needing)
        body = _object(incoming.body)
        repeated = self._repeated(body)
        if repeated is not None:
            return Answer(repeated.to_json())
        now = self.world.clock()
        message = Message(self.world.new_id(), channel, self.world.bot, now, nonce=body.get("nonce"))
        message.reference = self._reference(channel, body)
        where = f"POST /channels/{channel.id}/messages"
        post(self.world, self.gateway, message, Draft(IN_CHANNEL, body, incoming.files, where))
        if message.nonce is not None and body.get("enforce_nonce"):
            self.world.nonces[str(message.nonce)] = message
        return Answer(message.to_json())

    def _repeated(self, body: JSON) -> Message | None:
        """Return the message an enforced nonce already made.

        Raises:
            ApiError: 404/10008 when that message was deleted meanwhile.
        """
        first = self.world.nonces.get(str(body.get("nonce"))) if body.get("enforce_nonce") else None
        if first is None or self.world.clock() - first.sent_at > NONCE_WINDOW:
            return None
        if first.deleted:
            raise ApiError(404, 10008)
        return first

    def _reference(self, channel: Channel, body: JSON) -> JSON | None:
        wanted = body.get("message_reference")
        if not isinstance(wanted, dict):
            return None
        target = str(wanted.get("message_id"))
        if not any(message.id == target and not message.deleted for message in channel.messages):
            if wanted.get("fail_if_not_exists", True):
                error = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
                raise ApiError(400, 50035, errors={"message_reference": {"_errors": [error]}})
            return None
        return {"type": 0, "channel_id": channel.id, "message_id": target}

    def _own(self, incoming: Incoming) -> tuple[Channel, Message]:
        channel = self.world.channel(incoming.params["channel"])
        return channel, self.world.message(channel, incoming.params["message"])

    def _fetch(self, incoming: Incoming) -> Answer:
        return Answer(self._own(incoming)[1].to_json())

    def _edit(self, incoming: Incoming) -> Answer:
        channel, message = self._own(incoming)
        if message.author is not self.world.bot:
            raise ApiError(403, 50005)
        where = f"PATCH /channels/{channel.id}/messages/{message.id}"
        draft = Draft(EDITED, _object(incoming.body), incoming.files, where)
        edit(self.world, self.gateway, message, draft)
        return Answer(message.to_json())

    def _delete(self, incoming: Incoming) -> Answer:
        channel, message = self._own(incoming)
        if message.author is not self.world.bot and channel.guild is None:
            raise ApiError(403, 50013)
        delete(self.world, self.gateway, message)
        return Answer()

    def _typing(self, incoming: Incoming) -> Answer:
        self.typing.append(self._writable(incoming.params["channel"], SEND))
        return Answer()

    def _scope(self, incoming: Incoming) -> str | None:
        if incoming.params["app"] != self.world.application_id:
            raise ApiError(403, 50001)
        guild_id = incoming.params.get("guild")
        guild = self.world.guilds.get(guild_id) if guild_id is not None else None
        if guild_id is not None and (guild is None or not guild.with_bot):
            raise ApiError(403, 50001)
        return guild_id

    def _commands(self, incoming: Incoming) -> Answer:
        return Answer(self.world.commands.get(self._scope(incoming), []))

    def _sync(self, incoming: Incoming) -> Answer:
        guild_id = self._scope(incoming)
        form = Form()
        check_commands(form, incoming.body)
        form.close()
        self._count_creates(guild_id, incoming.body)
        known = {(old["type"], old["name"]): old["id"] for old in self.world.commands.get(guild_id, [])}
        self.world.note_unknown(form, "PUT commands")
        made = [self._command(command, guild_id, known) for command in incoming.body]
        self.world.commands[guild_id] = made
        return Answer(made)

    def _count_creates(self, guild_id: str | None, body: list[JSON]) -> None:
        guild = self.world.guilds.get(guild_id or "")
        if guild is None:
            return
        now = self.world.clock()
        names = {old["name"] for old in self.world.commands.get(guild_id, [])}
        fresh = [now for command in body if command["name"] not in names]
        guild.created_commands = [at for at in guild.created_commands if now - at < timedelta(days=1)]
        if len(guild.created_commands) + len(fresh) > CREATES_A_DAY:
            raise ApiError(400, 30034)
        guild.created_commands += fresh

    def _command(self, command: JSON, guild_id: str | None, known: dict[tuple[int, str], str]) -> JSON:
        kind = command.get("type") or 1
        rights = command.get("default_member_permissions")
        made: JSON = {
            "id": known.get((kind, command["name"])) or self.world.new_id(),
            "application_id": self.world.application_id,
            "version": self.world.new_id(),
            "type": kind,
            "name": command["name"],
            "name_localizations": command.get("name_localizations"),
            "description": command.get("description") or "",
            "description_localizations": command.get("description_localizations"),
            "default_member_permissions": None if rights is None else str(rights),
            "dm_permission": command.get("dm_permission") is not False,
            "nsfw": bool(command.get("nsfw")),
            "integration_types": command.get("integration_types") or [0],
        }
        if kind == 1:
            made["options"] = [_option(option) for option in command.get("options") or []]
        if guild_id is not None:
            return {**made, "guild_id": guild_id}
        return {**made, "contexts": command.get("contexts")}


def _option(option: JSON) -> JSON:
    kept = {key: value for key, value in option.items() if value is not None and value != []}
    if option.get("options"):
        kept["options"] = [_option(child) for child in option["options"]]
    return kept


def _object(body: Any) -> JSON:
    if not isinstance(body, dict):
        raise ApiError(400, 50109)
    return body
