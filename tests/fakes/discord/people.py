"""People who use the bot: they run commands, press buttons, fill in forms, write, and read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.command_rules import INTEGER, NUMBER, USER, leaves
from tests.fakes.discord.components import LABEL, LINK_STYLE, SELECT, TEXT_INPUT
from tests.fakes.discord.errors import JSON
from tests.fakes.discord.model import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    EVERYTHING,
    SUBMIT,
    Button,
    Channel,
    Guild,
    Interaction,
    Message,
    Modal,
    User,
)
from tests.fakes.discord.posting import event_data

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

GUILD_CONTEXT, DM_CONTEXT = 0, 1


@dataclass(eq=False)
class Person(User):
    """A person; tests play them."""

    dc: FakeDiscord = field(kw_only=True, repr=False)
    since: int = 0

    # What they do.

    async def runs(
        self, command: str, guild: Guild | None = None, channel: Channel | None = None, **options: Any
    ) -> Interaction:
        """Run a slash command, in the DM with the bot or in a guild.

        Args:
            command: the words after the slash in any synced language ("start", "开始", "goal set").
            guild: where; `None` is the DM.
            channel: which channel of the guild; the first one if not given.
            **options: values by option name.

        Raises:
            AssertionError: the command was never synced, is not offered there, or the options do not fit.
        """
        place = self._place(guild, channel)
        found, words, node = self._command(command, place)
        chosen, resolved = _fill(node, options, found)
        data = _wrap(found, words, chosen)
        if resolved:
            data["resolved"] = resolved
        return self._interact(COMMAND, place, data)

    async def types(self, command: str, option: str, text: str, guild: Guild | None = None) -> Interaction:
        """Type into an option with autocomplete; the answer is in `interaction.choices`."""
        place = self._place(guild, None)
        found, words, node = self._command(command, place)
        known = {item["name"]: item for item in node.get("options") or []}
        assert known.get(option, {}).get("autocomplete"), f"/{command} completes no option {option!r}"
        typed = {"name": option, "type": known[option]["type"], "value": text, "focused": True}
        return self._interact(AUTOCOMPLETE, place, _wrap(found, words, [typed]))

    async def presses(self, what: str, on: Message | None = None) -> Interaction:
        """Press the newest visible button with this label or custom id, waiting for it to appear."""
        message, button = await self.dc.until(
            lambda: self._button(what, on),
            what=f"{self.name} to see a button {what!r}",
        )
        assert not button.disabled, f"the button {what!r} is disabled"
        assert button.style != LINK_STYLE, (
            f"the button {what!r} leads to {button.url}, pressing it tells the bot nothing"
        )
        data = {"custom_id": button.custom_id, "component_type": 2, "id": button.raw["id"]}
        return self._interact(COMPONENT, message.channel, data, message=message)

    async def selects(self, *what: str, on: Message | None = None) -> Interaction:
        """Choose options, by label or value, in the newest visible select menu that offers them all."""
        message, menu, values = await self.dc.until(
            lambda: self._menu(what, on),
            what=f"{self.name} to see a menu that offers {what!r}",
        )
        assert not menu.get("disabled"), "the menu is disabled"
        assert menu["min_values"] <= len(values) <= menu["max_values"], f"cannot choose {len(values)} here"
        data = {"custom_id": menu["custom_id"], "component_type": SELECT, "id": menu["id"], "values": values}
        return self._interact(COMPONENT, message.channel, data, message=message)

    async def submits(self, *texts: str, **fields: Any) -> Interaction:
        """Fill in and send the open form, waiting for it to pop up.

        Args:
            *texts: the fields in the order shown.
            **fields: by custom id; lists for selects and checkbox groups, booleans for checkboxes.
        """
        modal = await self.dc.until(lambda: self.modal, what=f"a form to pop up for {self.name}")
        custom_ids = [item["custom_id"] for item in modal.fields]
        assert len(texts) <= len(custom_ids), f"the form has {len(custom_ids)} fields"
        filled = dict(zip(custom_ids, texts, strict=False)) | fields
        assert set(filled) <= set(custom_ids), f"the form has the fields {custom_ids}"
        components = [_submitted(component, filled) for component in modal.components]
        del self.dc.modals[self.id]
        opener = modal.opened_by
        data = {"custom_id": modal.custom_id, "components": components}
        interaction = self._interact(SUBMIT, opener.channel, data, message=opener.message)
        interaction.modal = modal
        return interaction

    async def says(self, text: str, guild: Guild | None = None, channel: Channel | None = None) -> Message:
        """Write a message, in the DM with the bot or in a guild."""
        place = self._place(guild, channel)
        if place.person is not None:
            assert self.dc.world.in_reach(self), f"{self.name} has no way to write to the bot"
        world = self.dc.world
        message = Message(world.new_id(), place, self, world.clock(), content=text)
        if f"<@{world.bot.id}>" in text:
            message.mentions = [world.bot]
        place.messages.append(message)
        world.touch(message)
        self.since = world.revision
        hide = world.bot not in message.mentions
        self.dc.gateway.dispatch_message("MESSAGE_CREATE", place, event_data(world, message), hide=hide)
        world.changed()
        return message

    def closes_dms(self) -> None:
        """Let no bot write to them any more: 50007."""
        self.dms_open = False

    def opens_dms(self) -> None:
        """Let the bot write to them again."""
        self.dms_open = True

    def uninstalls(self) -> None:
        """Remove the bot from their own account; without a mutual guild it cannot write to them: 50278."""
        self.installed = False

    def leaves(self, guild: Guild) -> None:
        """Leave a guild."""
        guild.members.remove(self)

    def joins(self, guild: Guild) -> None:
        """Join a guild."""
        guild.members.append(self)

    def attends(self) -> None:
        """From now on `hears` hears only what comes next. Every action of theirs does the same."""
        self.since = self.dc.world.revision

    # What they see.

    @property
    def modal(self) -> Modal | None:
        """The form open on their screen."""
        return self.dc.modals.get(self.id)

    def sees(self, fragment: str = "", where: Channel | Guild | None = None) -> list[Message]:
        """Return the messages they can see that contain the fragment, oldest first."""
        world = self.dc.world
        places: Iterable[Channel | None] = where.channels if isinstance(where, Guild) else [where]
        seen = [message for place in places for message in world.visible(self, place)]
        return [m for m in sorted(seen, key=lambda m: int(m.id)) if fragment in m.text]

    async def hears(self, what: str | Callable[[Message], bool] = "", where: Channel | Guild | None = None) -> Message:
        """Wait until the bot says (or edits in) something with the fragment, after their last action.

        Raises:
            AssertionError: nothing of the kind came within the fake's patience.
        """
        test = what if callable(what) else lambda message: what in message.text
        return await self.dc.until(
            lambda: next((m for m in self._news(where) if test(m)), None),
            what=lambda: f"{self.name} to hear {what!r}; heard: {[m.text[:200] for m in self._news(where)]}",
        )

    def _news(self, where: Channel | Guild | None) -> list[Message]:
        news = [m for m in self.sees("", where) if m.author.bot and not m.loading and m.revision > self.since]
        return sorted(news, key=lambda m: m.revision)

    # How Discord's client finds what they mean.

    def _place(self, guild: Guild | None, channel: Channel | None) -> Channel:
        if channel is not None:
            guild = channel.guild
        if guild is None:
            return self.dc.world.dm_of(self)
        assert self in guild.members, f"{self.name} is not in {guild.name}"
        return channel or guild.channels[0]

    def _command(self, wanted: str, place: Channel) -> tuple[JSON, tuple[str, ...], JSON]:
        offered = self.dc.offered(self, place)
        for command in offered:
            for words, node in leaves(command):
                if wanted in (" ".join(words), *(command.get("name_localizations") or {}).values()):
                    return command, words, node
        names = [" ".join(words) for command in offered for words, _ in leaves(command)]
        synced = [command["name"] for group in self.dc.world.commands.values() for command in group]
        raise AssertionError(f"{self.name} is offered no /{wanted} there; offered: {names}; synced: {synced}")

    def _on(self, message: Message | None) -> list[Message]:
        if message is not None:
            assert message.visible_to in (None, self), f"{self.name} cannot see that message"
            return [message]
        return sorted(self.sees(), key=lambda m: m.revision, reverse=True)

    def _button(self, what: str, on: Message | None) -> tuple[Message, Button] | None:
        for message in self._on(on):
            for button in message.buttons:
                if what in (button.label, button.custom_id):
                    return message, button
        return None

    def _menu(self, what: tuple[str, ...], on: Message | None) -> tuple[Message, JSON, list[str]] | None:
        for message in self._on(on):
            for menu in message.selects:
                values = _chosen(menu.get("options") or [], what)
                if values is not None:
                    return message, menu, values
        return None

    def _interact(self, kind: int, place: Channel, data: JSON, *, message: Message | None = None) -> Interaction:
        world = self.dc.world
        identifier = world.new_id()
        interaction = Interaction(
            id=identifier,
            token=f"interaction-{identifier}",
            type=kind,
            person=self,
            channel=place,
            sent_at=world.clock(),
            data=data,
            owners=self._owners(place),
            application_id=world.application_id,
            message=message,
        )
        world.interactions[interaction.token] = interaction
        self.since = world.revision
        self.dc.gateway.dispatch("INTERACTION_CREATE", self._event(interaction), guild=place.guild)
        world.changed()
        return interaction

    def _owners(self, place: Channel) -> dict[str, str]:
        owners = {}
        if place.guild is not None and place.guild.with_bot:
            owners["0"] = place.guild.id
        elif place.guild is None and not self.installed:
            owners["0"] = "0"
        return owners | ({"1": self.id} if self.installed else {})

    def _event(self, interaction: Interaction) -> JSON:
        world, place = self.dc.world, interaction.channel
        rights = str(EVERYTHING & ~place.denied)
        event: JSON = {
            "id": interaction.id,
            "application_id": world.application_id,
            "type": interaction.type,
            "token": interaction.token,
            "version": 1,
            "data": interaction.data,
            "channel_id": place.id,
            "channel": {**world.channel_json(place), "permissions": str(EVERYTHING)},
            "context": DM_CONTEXT if place.guild is None else GUILD_CONTEXT,
            "authorizing_integration_owners": interaction.owners,
            "locale": self.locale,
            "app_permissions": rights,
            "entitlements": [],
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if interaction.message is not None:
            event["message"] = interaction.message.to_json()
        if place.guild is None:
            return event | {"user": self.to_json()}
        guild = place.guild
        about = {"id": guild.id, "locale": guild.locale, "features": []}
        where = {"guild_id": guild.id, "guild": about, "guild_locale": guild.locale}
        return event | where | {"member": world.member(guild, self)}


def _chosen(options: list[JSON], what: tuple[str, ...]) -> list[str] | None:
    values = []
    for wanted in what:
        value = next((item["value"] for item in options if wanted in (item["label"], item["value"])), None)
        if value is None:
            return None
        values.append(value)
    return values


def _fill(node: JSON, options: dict[str, Any], command: JSON) -> tuple[list[JSON], JSON]:
    known = {item["name"]: item for item in node.get("options") or []}
    assert set(options) <= set(known), f"/{command['name']} has the options {sorted(known)}, not {sorted(options)}"
    missing = [name for name, item in known.items() if item.get("required") and name not in options]
    assert not missing, f"/{command['name']} needs {missing}"
    filled: list[JSON] = []
    resolved: JSON = {}
    for name, value in options.items():
        item = known[name]
        if item["type"] == USER:
            resolved.setdefault("users", {})[value.id] = value.to_json()
            value = value.id  # noqa: PLW2901 - the wire carries the id
        _check_value(item, value, f"/{command['name']} {name}")
        filled.append({"name": name, "type": item["type"], "value": value})
    return filled, resolved


def _check_value(item: JSON, value: Any, where: str) -> None:
    choices = [choice["value"] for choice in item.get("choices") or []]
    assert not choices or value in choices, f"{where}: one of {choices}"
    if item["type"] in (INTEGER, NUMBER):
        assert isinstance(value, int | float), f"{where}: a number"
        assert item.get("min_value", value) <= value <= item.get("max_value", value), f"{where}: out of range"
    if isinstance(value, str):
        assert item.get("min_length", 0) <= len(value) <= item.get("max_length", 6000), f"{where}: length"


def _wrap(command: JSON, words: tuple[str, ...], options: list[JSON]) -> JSON:
    node: JSON = command
    kinds = []
    for word in words[1:]:
        node = next(item for item in node["options"] if item["name"] == word)
        kinds.append(node["type"])
    for word, kind in zip(reversed(words[1:]), reversed(kinds), strict=True):
        options = [{"name": word, "type": kind, "options": options}]
    data: JSON = {"id": command["id"], "name": command["name"], "type": command["type"], "options": options}
    return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})


def _submitted(component: JSON, filled: dict[str, Any]) -> JSON:
    if component["type"] == LABEL:
        return {"type": LABEL, "id": 1, "component": _submitted(component["component"], filled)}
    if "components" in component:
        inner = [_submitted(item, filled) for item in component["components"]]
        return {"type": component["type"], "id": 1, "components": inner}
    answer: JSON = {"type": component["type"], "id": component.get("id") or 1}
    custom_id = component.get("custom_id")
    if custom_id is None:
        return answer
    answer["custom_id"] = custom_id
    value = filled.get(custom_id, component.get("value", ""))
    if component["type"] == TEXT_INPUT:
        required = component.get("required") is not False
        assert value or not required, f"the field {custom_id!r} must be filled in"
        low, high = component.get("min_length") or 0, component.get("max_length") or 4000
        assert not value or low <= len(value) <= high, f"the field {custom_id!r} takes {low} to {high} characters"
    return answer | ({"values": value} if isinstance(value, list) else {"value": value})
