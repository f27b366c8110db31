"""REST routes an interaction's own token opens: the callback, the original answer, follow-ups."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from tests.fakes.discord.command_rules import CHOICE
from tests.fakes.discord.errors import JSON, ApiError
from tests.fakes.discord.form import Form, Listing, Shape, anything, integer, one_of
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.message_rules import (
    ANSWERED,
    EPHEMERAL,
    FOLLOWED_UP,
    FOLLOWED_UP_EDIT,
    LOADING,
    QUIRKS,
    UPDATED,
)
from tests.fakes.discord.modals import MODAL
from tests.fakes.discord.model import (
    ACK_WITHIN,
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    TOKEN_LIVES,
    Interaction,
    Message,
    Modal,
)
from tests.fakes.discord.posting import Draft, delete, edit, post
from tests.fakes.discord.rest import Answer, Door, Incoming
from tests.fakes.discord.world import World

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL_ANSWER = 4, 5, 6, 7, 8, 9
"""Callback types."""
MAX_FOLLOW_UPS: Final = 5
"""Where the application is only installed by the user: error 40094."""
CALLBACK: Final = Shape("InteractionCallback", {"type": integer(), "data": anything}, frozenset({"type"}))
AUTOCOMPLETED: Final = Shape(
    "InteractionApplicationCommandAutocompleteCallbackStringData",
    {"choices": Listing(CHOICE, 0, 25)},
    frozenset({"choices"}),
)


class InteractionRoutes:
    """What an interaction token opens."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self.modals: dict[str, Modal] = {}

    def add_to(self, door: Door, app: web.Application) -> None:
        """Hang the routes up."""
        hook = "/webhooks/{app}/{token}"
        for method, path, handler in (
            ("POST", "/interactions/{id}/{token}/callback", self._callback),
            ("POST", hook, self._follow_up),
            ("GET", hook + "/messages/{message}", self._fetch),
            ("PATCH", hook + "/messages/{message}", self._edit),
            ("DELETE", hook + "/messages/{message}", self._delete),
        ):
            door.route(app, method, path, handler, bot=False)

    def _callback(self, incoming: Incoming) -> Answer:
        interaction = self.world.interactions.get(incoming.params["token"])
        if interaction is None or interaction.id != incoming.params["id"]:
            raise ApiError(404, 10062)
        if interaction.acknowledged:
            raise ApiError(400, 40060)
        if self.world.clock() - interaction.sent_at > ACK_WITHIN:
            self.world.violate("late", f"interaction of {interaction.person.name}: {interaction.data}")
            raise ApiError(404, 10062)
        form = Form()
        CALLBACK(form, (), incoming.body)
        allowed = _allowed(interaction)
        if not form.errors:
            one_of(*allowed)(form, ("type",), incoming.body.get("type"))
        form.close()
        kind, data = incoming.body["type"], incoming.body.get("data")
        self._respond(interaction, kind, data or {}, incoming)
        interaction.answer_type = kind
        if incoming.query.get("with_response") not in ("1", "true"):
            return Answer()
        return Answer(_callback_response(interaction, kind))

    def _respond(self, interaction: Interaction, kind: int, data: Any, incoming: Incoming) -> None:
        where = f"callback type {kind}"
        if kind == MESSAGE:
            message = self._new(interaction, data)
            post(self.world, self.gateway, message, Draft(ANSWERED, data, incoming.files, where))
            interaction.original = message
        elif kind == DEFER:
            self._defer(interaction, data)
        elif kind == UPDATE and interaction.message is not None:
            draft = Draft(UPDATED, data, incoming.files, where)
            edit(self.world, self.gateway, interaction.message, draft)
            interaction.original = interaction.message
        elif kind == DEFER_UPDATE:
            interaction.original = interaction.message
        elif kind == CHOICES:
            form = Form()
            AUTOCOMPLETED(form, ("data",), data)
            form.close()
            interaction.choices = data["choices"]
        elif kind == MODAL_ANSWER:
            self._open_modal(interaction, data)

    def _defer(self, interaction: Interaction, data: JSON) -> None:
        form = Form()
        one_of(0, EPHEMERAL)(form, ("data", "flags"), data.get("flags", 0))
        form.close()
        if set(data) - {"flags"} - QUIRKS:
            self.world.violate("defer-with-content", f"callback type 5 with {sorted(data)}")
        message = self._new(interaction, data)
        message.flags = LOADING | int(data.get("flags", 0))
        message.channel.messages.append(message)
        self.world.touch(message)
        interaction.original = message

    def _open_modal(self, interaction: Interaction, data: JSON) -> None:
        form = Form()
        MODAL(form, ("data",), data)
        form.close()
        self.world.note_unknown(form, "modal")
        interaction.modal = Modal(data["custom_id"], data["title"], data["components"], interaction)
        self.modals[interaction.person.id] = interaction.modal

    def _new(self, interaction: Interaction, data: Any) -> Message:
        flags = data.get("flags") if isinstance(data, dict) else 0
        message = Message(
            self.world.new_id(),
            interaction.channel,
            self.world.bot,
            self.world.clock(),
            interaction=interaction,
        )
        if isinstance(flags, int) and flags & EPHEMERAL:
            message.visible_to = interaction.person
        return message

    def _alive(self, incoming: Incoming) -> Interaction:
        interaction = self.world.interactions.get(incoming.params["token"])
        if interaction is None or self.world.clock() - interaction.sent_at > TOKEN_LIVES:
            raise ApiError(401, 50027)
        if incoming.params["app"] != self.world.application_id or not interaction.acknowledged:
            raise ApiError(404, 10015)
        return interaction

    def _follow_up(self, incoming: Incoming) -> Answer:
        interaction, body = self._alive(incoming), _object(incoming.body)
        original = interaction.original
        draft = Draft(FOLLOWED_UP, body, incoming.files, "follow-up")
        if original is not None and original.loading:
            self.world.violate("loading-follow-up", "a first follow-up after a defer edits the loading message")
            self._finish(original, draft)
            return self._shown(incoming, original)
        if set(interaction.owners) == {"1"} and interaction.channel.guild is not None:
            interaction.follow_ups += 1
            if interaction.follow_ups > MAX_FOLLOW_UPS:
                raise ApiError(400, 40094)
        message = self._new(interaction, body)
        post(self.world, self.gateway, message, draft)
        return self._shown(incoming, message)

    @staticmethod
    def _shown(incoming: Incoming, message: Message) -> Answer:
        return Answer(message.to_json() if incoming.query.get("wait") in ("1", "true") else None)

    def _finish(self, message: Message, draft: Draft) -> None:
        kept = message.flags & EPHEMERAL
        edit(self.world, self.gateway, message, draft)
        message.flags = (message.flags & ~EPHEMERAL) | kept

    def _target(self, incoming: Incoming) -> Message:
        interaction = self._alive(incoming)
        wanted = incoming.params["message"]
        if wanted == "@original":
            message = interaction.original
        else:
            posted = interaction.channel.messages
            message = next((m for m in posted if m.id == wanted and m.interaction is interaction), None)
        if message is None or message.deleted:
            raise ApiError(404, 10008)
        return message

    def _fetch(self, incoming: Incoming) -> Answer:
        return Answer(self._target(incoming).to_json())

    def _edit(self, incoming: Incoming) -> Answer:
        message = self._target(incoming)
        draft = Draft(FOLLOWED_UP_EDIT, _object(incoming.body), incoming.files, "edit of an answer")
        edit(self.world, self.gateway, message, draft)
        return Answer(message.to_json())

    def _delete(self, incoming: Incoming) -> Answer:
        delete(self.world, self.gateway, self._target(incoming))
        return Answer()


def _allowed(interaction: Interaction) -> tuple[int, ...]:
    if interaction.type == AUTOCOMPLETE:
        return (CHOICES,)
    if interaction.type == COMMAND:
        return (MESSAGE, DEFER, MODAL_ANSWER)
    if interaction.type == COMPONENT:
        return (MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL_ANSWER)
    updates = (DEFER_UPDATE, UPDATE) if interaction.message is not None else ()
    return (MESSAGE, DEFER, *updates)


def _callback_response(interaction: Interaction, kind: int) -> JSON:
    about: JSON = {"id": interaction.id, "type": interaction.type, "channel_id": interaction.channel.id}
    if interaction.channel.guild is not None:
        about["guild_id"] = interaction.channel.guild.id
    message = interaction.original
    if message is not None:
        about |= {
            "response_message_id": message.id,
            "response_message_loading": message.loading,
            "response_message_ephemeral": message.ephemeral,
        }
    if kind in (MESSAGE, UPDATE) and message is not None:
        return {"interaction": about, "resource": {"type": kind, "message": message.to_json()}}
    return {"interaction": about}


def _object(body: Any) -> JSON:
    if not isinstance(body, dict):
        raise ApiError(400, 50109)
    return body
