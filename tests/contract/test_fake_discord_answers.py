"""Every refusal of commands and answers by the fake Discord, with the status and code of the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.contract.discord_wire import JSON, Clock, Wire, places
from tests.fakes.discord import FakeDiscord, Interaction, Person

V2 = 1 << 15


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
async def dc(clock: Clock) -> AsyncIterator[FakeDiscord]:
    """Run a fake."""
    async with FakeDiscord(clock) as fake:
        yield fake


@pytest.fixture
async def wire(dc: FakeDiscord) -> AsyncIterator[Wire]:
    """Open plain HTTP."""
    async with aiohttp.ClientSession() as http:
        yield Wire(dc, http)


@pytest.fixture
def bob(dc: FakeDiscord) -> Person:
    """Return Bob."""
    return dc.person("Bob")


def command(**more: Any) -> JSON:
    """Return a good command, changed."""
    return {"name": "start", "description": "Start", "type": 1} | more


def option(**more: Any) -> JSON:
    """Return a good option, changed."""
    return {"type": 3, "name": "word", "description": "A word"} | more


BAD_COMMANDS: list[tuple[list[JSON], str]] = [
    ([command(name="Start")], "0.name"),
    ([command(name="st art")], "0.name"),
    ([command(name="x" * 33)], "0.name"),
    ([command(name="")], "0.name"),
    ([command(description="")], "0.description"),
    ([command(description="x" * 101)], "0.description"),
    ([command(name_localizations={"zh": "开始"})], "0.name_localizations.zh"),
    ([command(name_localizations={"zh-CN": "开 始"})], "0.name_localizations.zh-CN"),
    ([command(description_localizations={"zh-CN": "始" * 101})], "0.description_localizations.zh-CN"),
    ([command(), command()], "1.name"),
    ([command(contexts=[3])], "0.contexts.0"),
    ([command(contexts=[])], "0.contexts"),
    ([command(integration_types=[2])], "0.integration_types.0"),
    ([command(type=2)], "0.description"),
    ([command(options=[option(name=f"o{n}") for n in range(26)])], "0.options"),
    ([command(options=[option(name="Word")])], "0.options.0.name"),
    ([command(options=[option(), option()])], "0.options.1.name"),
    ([command(options=[option(), option(name="b", required=True)])], "0.options.1"),
    ([command(options=[option(choices=[{"name": "a", "value": "a"}] * 26)])], "0.options.0.choices"),
    ([command(options=[option(choices=[{"name": "a" * 101, "value": "a"}])])], "0.options.0.choices.0.name"),
    ([command(options=[option(type=1), option(name="b")])], "0.options"),
    (
        [
            command(
                options=[option(name=f"o{n}", choices=[{"name": "a" * 100, "value": "b" * 100}] * 2) for n in range(20)]
            )
        ],
        "0",
    ),
]


@pytest.mark.parametrize(("body", "place"), BAD_COMMANDS, ids=range(len(BAD_COMMANDS)))
async def test_bad_commands(dc: FakeDiscord, wire: Wire, body: list[JSON], place: str) -> None:
    """A command that breaks a rule fails the whole sync."""
    status, answer = await wire("PUT", f"/applications/{dc.world.application_id}/commands", json=body)
    assert (status, answer["code"]) == (400, 50035)
    assert place in places(answer["errors"])
    assert dc.commands == []


async def test_command_counts(dc: FakeDiscord, wire: Wire) -> None:
    """A hundred commands are enough, and two hundred new ones a day in a guild."""
    base = f"/applications/{dc.world.application_id}"
    many = [command(name=f"c{n}") for n in range(101)]
    assert (await wire("PUT", f"{base}/commands", json=many))[1]["code"] == 30032
    guild = f"{base}/guilds/{dc.guild('School').id}/commands"
    assert (await wire("PUT", f"{base}/guilds/5/commands", json=[]))[1]["code"] == 50001
    for batch in "ab":
        body = [command(name=f"{batch}{n}") for n in range(100)]
        assert (await wire("PUT", guild, json=body))[0] == 200
    assert (await wire("PUT", guild, json=[command(name="one-more")]))[1]["code"] == 30034


async def test_commands_are_offered_where_they_belong(dc: FakeDiscord, wire: Wire, bob: Person) -> None:
    """Context, installation and rights decide who can run what where."""
    school = dc.guild("School", dc.person("Ada"), bob)
    await wire(
        "PUT",
        f"/applications/{dc.world.application_id}/commands",
        json=[
            command(name="guilds", contexts=[0]),
            command(name="dms", contexts=[1], integration_types=[1]),
            command(name="admins", default_member_permissions="0", contexts=[0]),
        ],
    )
    in_school = [item["name"] for item in dc.offered(bob, school.channels[0])]
    in_dm = [item["name"] for item in dc.offered(bob, dc.world.dm_of(bob))]
    assert (in_school, in_dm) == (["guilds"], ["dms"])


async def ask(dc: FakeDiscord, wire: Wire, bob: Person) -> tuple[Interaction, str, str]:
    """Let Bob run a command; return it with the paths of its callback and its webhook."""
    body = [command(contexts=[0, 1], integration_types=[0, 1])]
    await wire("PUT", f"/applications/{dc.world.application_id}/commands", json=body)
    interaction = await bob.runs("start")
    callback = f"/interactions/{interaction.id}/{interaction.token}/callback"
    return interaction, callback, f"/webhooks/{dc.world.application_id}/{interaction.token}"


async def test_an_answer_in_time_and_once(dc: FakeDiscord, wire: Wire, bob: Person, clock: Clock) -> None:
    """After three seconds it is unknown, a second answer is too many, after 15 minutes the token is dead."""
    _, callback, _ = await ask(dc, wire, bob)
    clock.pass_(seconds=4)
    assert (await wire("POST", callback, json={"type": 5}))[1]["code"] == 10062
    assert [violation.kind for violation in dc.violations] == ["late"]
    assert len(dc.unanswered) == 1
    _, callback, hook = await ask(dc, wire, bob)
    assert (await wire("POST", hook, json={"content": "x"}))[1]["code"] == 10015
    assert (await wire("POST", callback, json={"type": 5}))[0] == 204
    assert (await wire("POST", callback, json={"type": 5}))[1]["code"] == 40060
    clock.pass_(minutes=16)
    answer = await wire("PATCH", f"{hook}/messages/@original", json={"content": "x"})
    assert (answer[0], answer[1]["code"]) == (401, 50027)


FIELD: JSON = {"type": 18, "label": "Name", "component": {"type": 4, "custom_id": "n", "style": 1}}


def modal(**more: Any) -> JSON:
    """Return a callback with a good form, changed."""
    return {"type": 9, "data": {"title": "Form", "custom_id": "form", "components": [FIELD]} | more}


BAD_CALLBACKS: list[tuple[JSON, str]] = [
    ({"type": 6}, "type"),
    ({"type": 7, "data": {"content": "x"}}, "type"),
    ({"type": 8, "data": {"choices": []}}, "type"),
    ({}, "type"),
    ({"type": 4, "data": {"content": "x" * 2001}}, "data.content"),
    ({"type": 4, "data": {"content": "x", "flags": 1 << 7}}, "data.flags"),
    ({"type": 5, "data": {"flags": V2}}, "data.flags"),
    (modal(title="x" * 46), "data.title"),
    (modal(title=""), "data.title"),
    (modal(custom_id="x" * 101), "data.custom_id"),
    (modal(components=[]), "data.components"),
    (modal(components=[FIELD] * 6), "data.components"),
    (modal(components=[FIELD, FIELD]), "data.components"),
    (modal(components=[FIELD | {"label": "x" * 46}]), "data.components.0.label"),
    (modal(components=[FIELD | {"description": "x" * 101}]), "data.components.0.description"),
    (
        modal(components=[{"type": 1, "components": [{"type": 2, "style": 2, "label": "x", "custom_id": "x"}]}]),
        "data.components.0.components.0.type",
    ),
    (
        modal(components=[FIELD | {"component": {"type": 4, "custom_id": "n", "style": 3}}]),
        "data.components.0.component.style",
    ),
    (
        modal(components=[FIELD | {"component": {"type": 4, "custom_id": "n", "style": 1, "max_length": 4001}}]),
        "data.components.0.component.max_length",
    ),
]


@pytest.mark.parametrize(("body", "place"), BAD_CALLBACKS, ids=range(len(BAD_CALLBACKS)))
async def test_bad_callbacks(dc: FakeDiscord, wire: Wire, bob: Person, body: JSON, place: str) -> None:
    """A bad answer is refused and leaves the interaction open for a good one."""
    interaction, callback, _ = await ask(dc, wire, bob)
    status, answer = await wire("POST", callback, json=body)
    assert (status, answer["code"]) == (400, 50035)
    assert place in places(answer["errors"])
    assert not interaction.acknowledged
    assert (await wire("POST", callback, json=modal()))[0] == 204


async def test_a_form_cannot_follow_a_defer_or_a_form(dc: FakeDiscord, wire: Wire, bob: Person) -> None:
    """A modal is the first answer or none, and not the answer to a modal."""
    _, callback, _ = await ask(dc, wire, bob)
    await wire("POST", callback, json={"type": 5})
    assert (await wire("POST", callback, json=modal()))[1]["code"] == 40060
    _, callback, _ = await ask(dc, wire, bob)
    await wire("POST", callback, json=modal())
    sent = await bob.submits("Bob")
    again = await wire("POST", f"/interactions/{sent.id}/{sent.token}/callback", json=modal())
    assert (again[1]["code"], list(again[1]["errors"])) == (50035, ["type"])


async def test_habits_worth_a_note(dc: FakeDiscord, wire: Wire, bob: Person) -> None:
    """A first follow-up that fills the loading message, and content on a defer, are remembered."""
    _, callback, hook = await ask(dc, wire, bob)
    await wire("POST", callback, json={"type": 5, "data": {"content": "x"}})
    await wire("POST", hook, json={"content": "done"})
    assert [violation.kind for violation in dc.violations] == ["defer-with-content", "loading-follow-up"]
    assert [message.text for message in bob.sees()] == ["done"]


async def test_follow_ups_of_a_user_install_are_few(dc: FakeDiscord, wire: Wire, bob: Person) -> None:
    """Where only the user installed the application, five follow-ups are all."""
    school = dc.guild("School", bob)
    await ask(dc, wire, bob)
    dc.remove(school)
    interaction = await bob.runs("start", guild=school)
    await wire(
        "POST",
        f"/interactions/{interaction.id}/{interaction.token}/callback",
        json={"type": 4, "data": {"content": "x"}},
    )
    hook = f"/webhooks/{dc.world.application_id}/{interaction.token}"
    codes = [(await wire("POST", hook + "?wait=true", json={"content": "x"}))[1].get("code") for _ in range(6)]
    assert codes == [None] * 5 + [40094]


async def test_new_dms_can_run_out(dc: FakeDiscord, wire: Wire, bob: Person) -> None:
    """Too many new DM channels too fast is 403/40003."""
    dc.channel_routes.new_dm_limit = 0
    assert (await wire("POST", "/users/@me/channels", json={"recipient_id": bob.id}))[1]["code"] == 40003
