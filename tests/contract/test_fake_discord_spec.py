"""The fake Discord held to Discord's own OpenAPI description: what it accepts, and what it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import discord
import pytest
from discord import ui
from jsonschema import Draft202012Validator

from tests.contract.discord_wire import JSON, Bot, Clock
from tests.fakes.discord import Call, FakeDiscord
from tests.fakes.discord.channels import OPEN_DM
from tests.fakes.discord.command_rules import CHOICE, COMMAND, LOCALES
from tests.fakes.discord.components import CLASSIC, V2
from tests.fakes.discord.form import ByType, Listing, Shape
from tests.fakes.discord.message_rules import ANSWER, CREATE, EDIT, FOLLOW_UP, FOLLOW_UP_EDIT, UPDATE
from tests.fakes.discord.modals import MODAL

SPEC: Final = Path(__file__).parents[3] / "shared" / "specs" / "discord-openapi.json"
DOCUMENTED: Final = {"ApplicationCommandUpdateRequest": {"nsfw"}}
"""Fields the prose documents and the specification does not list."""
pytestmark = pytest.mark.skipif(not SPEC.exists(), reason=f"no specification at {SPEC}")


@cache
def spec() -> JSON:
    """Return the specification."""
    found: JSON = json.loads(SPEC.read_text())
    return found


def properties(name: str) -> JSON:
    """Return the schema an accepted shape is compared with; options of all types count as one."""
    schemas = spec()["components"]["schemas"]
    if name != "ApplicationCommandOption":
        found: JSON = schemas[name]
        return found
    options = [value for key, value in schemas.items() if re.fullmatch(r"ApplicationCommand\w+Option", key)]
    return {"properties": {key: value for option in options for key, value in option["properties"].items()}}


def shapes(check: Any) -> Iterator[Shape]:
    """Yield every shape inside a check."""
    if isinstance(check, Shape):
        yield check
        for inner in check.fields.values():
            yield from shapes(inner)
    elif isinstance(check, Listing):
        yield from shapes(check.item)
    elif isinstance(check, ByType):
        for shape in check.shapes.values():
            yield from shapes(shape)


ROOTS = (CREATE, EDIT, FOLLOW_UP, FOLLOW_UP_EDIT, ANSWER, UPDATE, CLASSIC, V2, MODAL, COMMAND, CHOICE, OPEN_DM)
ACCEPTED = {shape.name: shape for root in ROOTS for shape in shapes(root)}


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_accepted_fields_are_real(name: str) -> None:
    """Every field the fake accepts exists, and every required field is required by the fake."""
    schema, shape = properties(name), ACCEPTED[name]
    assert set(shape.fields) - set(schema["properties"]) <= DOCUMENTED.get(name, set())
    assert set(schema.get("required", ())) - {"type"} <= shape.required


def test_locales_are_real() -> None:
    """The locales are those of the specification."""
    known = spec()["components"]["schemas"]["AvailableLocalesEnum"]["oneOf"]
    assert {locale["const"] for locale in known} == LOCALES


def validator(schema: JSON, *, sent: bool) -> Draft202012Validator:
    """Return a validator that finds the components; what is sent may have integers for snowflakes."""
    components = spec()["components"]
    if sent:
        loose = {"SnowflakeType": {"type": ["string", "integer"]}}
        components = components | {"schemas": components["schemas"] | loose}
    return Draft202012Validator({**schema, "components": components})


def operation(call: Call) -> JSON:
    """Return what the specification says about a call."""
    exact = sorted(spec()["paths"].items(), key=lambda item: item[0].count("{"))
    for template, operations in exact:
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), call.path) and call.method.lower() in operations:
            found: JSON = operations[call.method.lower()]
            return found
    raise AssertionError(f"{call} is not in the specification")


async def everything(dc: FakeDiscord) -> None:
    """Let the real library and people go through every route."""
    bob, ming = dc.person("Bob"), dc.person("Ming", locale="zh-CN")
    school = dc.guild("School", bob, ming)
    bot = Bot()
    async with dc.running(bot):
        for command in ("start", "secret", "slow", "menu"):
            await dc.answered(await bob.runs(command, guild=school))
        await bob.selects("Monday")
        await bob.hears("You chose")
        await bob.presses("form")
        await bob.submits("Bob")
        await bob.hears("Hello")
        await bob.presses("later")
        await bob.hears("Edited later")
        user = await bot.fetch_user(int(ming.id))
        embed = discord.Embed(title="Chart", description="x", colour=5).set_image(url="attachment://a.png")
        embed.add_field(name="a", value="b").set_footer(text="f").set_author(name="n")
        sent = await user.send("Hi", file=discord.File(BytesIO(b"1"), "a.png", description="A chart"), embed=embed)
        await sent.edit(content="Hi again")
        await sent.reply("Reply")
        view = ui.LayoutView()
        section: ui.Section[Any] = ui.Section("a", "b", accessory=ui.Thumbnail("https://x.example/a.png"))
        gallery: ui.MediaGallery[Any] = ui.MediaGallery(discord.MediaGalleryItem("attachment://b.png"))
        view.add_item(ui.Container(section, ui.Separator(), gallery, ui.TextDisplay("c")))
        view.add_item(ui.File("attachment://b.png"))
        await user.send(view=view, file=discord.File(BytesIO(b"2"), "b.png"))
        await bot.fetch_channel(school.channels[0].id)  # type: ignore[arg-type]  # an id is an id
        await sent.channel.fetch_message(sent.id)
        await sent.channel.typing()
        assert [message async for message in sent.channel.history(limit=2)]
        await bot.tree.fetch_commands()
        await sent.delete()


async def test_requests_and_responses_fit_the_specification(clock: Clock) -> None:
    """What the real library sends and the fake accepts, and what the fake answers, satisfy the schemas."""
    async with FakeDiscord(clock) as dc:
        await everything(dc)
        dc.check()
    for call in dc.calls:
        described = operation(call)
        if call.body is not None:
            schema = described["requestBody"]["content"]["application/json"]["schema"]
            problems = list(validator(schema, sent=True).iter_errors(call.body))
            assert not problems, f"{call}: {problems[0]}"
        assert str(call.status) in described["responses"], call
        if call.answer is not None:
            schema = described["responses"][str(call.status)]["content"]["application/json"]["schema"]
            problems = list(validator(schema, sent=False).iter_errors(call.answer))
            assert not problems, f"{call}: {[(list(p.path), p.message[:300]) for p in problems]}"


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()
