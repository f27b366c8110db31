"""The fake Discord, driven by the real discord.py over HTTP and websocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import discord
import pytest

from tests.contract.discord_wire import Bot, Clock
from tests.fakes.discord import FakeDiscord, Guild, Person
from tests.fakes.discord.model import SEND, VIEW

SEND_ROUTE = "POST /channels/*/messages"


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
def bob(dc: FakeDiscord) -> Person:
    """Return Bob, who uses the bot in his DM."""
    return dc.person("Bob", locale="en-GB")


@pytest.fixture
def ming(dc: FakeDiscord) -> Person:
    """Return Ming, who reads Chinese."""
    return dc.person("Ming", locale="zh-CN")


@pytest.fixture
def school(dc: FakeDiscord, bob: Person, ming: Person) -> Guild:
    """Return a guild with both."""
    return dc.guild("School", bob, ming)


@pytest.fixture
async def bot(dc: FakeDiscord, school: Guild) -> AsyncIterator[Bot]:
    """Run the bot, connected."""
    assert school.with_bot
    bot = Bot()
    async with dc.running(bot):
        yield bot


def dm(bot: Bot, dc: FakeDiscord, person: Person) -> discord.PartialMessageable:
    """Return a person's DM channel as the bot addresses it."""
    return bot.get_partial_messageable(int(dc.world.dm_of(person).id))


async def test_a_command_in_a_dm_is_answered(dc: FakeDiscord, bot: Bot, bob: Person) -> None:
    """Commands, buttons and edits go round through the real library without a violation."""
    await bob.runs("start", word="Bob")
    hello = await bob.hears("Hi Bob")
    assert hello.labels == ["Yes", "Form", "Later"]
    await bob.presses("Yes")
    assert await bob.hears("Edited") is hello
    assert hello.earlier == ["Hi Bob"]
    assert hello.buttons == []
    assert bot.user is not None
    dc.check()


@pytest.mark.usefixtures("bot")
async def test_an_answer_can_be_edited_later(dc: FakeDiscord, bob: Person) -> None:
    """A press may be deferred without a spinner and the message edited afterwards."""
    await bob.runs("start")
    await bob.presses("later")
    await bob.hears("Edited later")
    dc.check()


@pytest.mark.usefixtures("bot")
async def test_a_deferred_command_edits_its_original(dc: FakeDiscord, bob: Person) -> None:
    """While the bot thinks there is nothing to read; then there is."""
    fault = dc.faults.hold("PATCH /webhooks/*/messages/@original", processed=False)
    interaction = await bob.runs("slow")
    await fault.caught()
    assert interaction.acknowledged
    assert not interaction.finished
    fault.release()
    answer = await dc.answered(interaction)
    assert answer is not None
    assert answer.text == "Thought"
    dc.check()


@pytest.mark.usefixtures("bot")
async def test_a_form_is_filled_in(dc: FakeDiscord, bob: Person) -> None:
    """A button opens a modal, its submission is answered."""
    await bob.runs("start")
    await bob.presses("Form")
    await bob.submits("Bob")
    await bob.hears("Hello Bob")
    assert bob.modal is None
    dc.check()


@pytest.mark.usefixtures("bot")
async def test_a_menu_is_chosen_from(dc: FakeDiscord, bob: Person) -> None:
    """A select menu brings its values."""
    await bob.runs("menu")
    await bob.selects("Monday")
    await bob.hears("You chose Monday")
    dc.check()


@pytest.mark.usefixtures("bot")
async def test_ephemeral_is_for_one_pair_of_eyes(dc: FakeDiscord, bob: Person, ming: Person, school: Guild) -> None:
    """Only the person who asked sees an ephemeral answer, the others see ordinary ones and can press."""
    await bob.runs("secret", guild=school)
    assert (await bob.hears("Psst")).ephemeral
    assert not ming.sees("Psst")
    await bob.runs("start", guild=school)
    await bob.hears("Hi")
    interaction = await ming.presses("Yes")
    await ming.hears("Edited")
    assert interaction.owners == {"0": school.id, "1": ming.id}
    dc.check()


@pytest.mark.usefixtures("bot")
async def test_commands_have_chinese_names(dc: FakeDiscord, ming: Person) -> None:
    """A localized name runs the same command; one that was never synced does not exist."""
    await ming.runs("开始")
    await ming.hears("Hi there")
    with pytest.raises(AssertionError, match="offered no /unknown"):
        await ming.runs("unknown")
    assert dc.commands[0]["name_localizations"] == {"zh-CN": "开始"}


async def test_what_people_say_arrives(dc: FakeDiscord, bot: Bot, bob: Person) -> None:
    """A message in the DM reaches the bot with its content."""
    await bob.says("hello")
    await dc.until(lambda: bot.heard == ["hello"])


async def test_a_nonce_sends_once(dc: FakeDiscord, bot: Bot, bob: Person, clock: Clock) -> None:
    """The same nonce within minutes returns the first message; after that it makes a new one."""
    chat = dm(bot, dc, bob)
    first, again = await chat.send("one", nonce="a"), await chat.send("one", nonce="a")
    assert first.id == again.id
    assert len(bob.sees("one")) == 1
    clock.pass_(minutes=10)
    assert (await chat.send("one", nonce="a")).id != first.id


async def test_a_nonce_of_a_deleted_message(dc: FakeDiscord, bot: Bot, bob: Person) -> None:
    """A repeat after the message was deleted is Unknown Message."""
    chat = dm(bot, dc, bob)
    await (await chat.send("one", nonce="a")).delete()
    with pytest.raises(discord.NotFound) as error:
        await chat.send("one", nonce="a")
    assert error.value.code == 10008


async def test_files_arrive_with_their_description(dc: FakeDiscord, bot: Bot, bob: Person) -> None:
    """A picture keeps its bytes and its alternative text, also when the message is edited."""
    file = discord.File(BytesIO(b"\x89PNG"), "chart.png", description="A chart")
    embed = discord.Embed(title="Chart").set_image(url="attachment://chart.png")
    sent = await dm(bot, dc, bob).send(file=file, embed=embed)
    await sent.edit(content="Look")
    message = await bob.hears("Look")
    [picture] = message.attachments
    assert (picture.data, picture.description) == (b"\x89PNG", "A chart")
    dc.check()


async def test_components_v2(dc: FakeDiscord, bot: Bot, bob: Person) -> None:
    """A layout view is shown and read like any message."""
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("# Today"), discord.ui.Separator()))
    await dm(bot, dc, bob).send(view=view)
    assert (await bob.hears("# Today")).v2
    dc.check()


async def test_429_is_tried_again(dc: FakeDiscord, bot: Bot, bob: Person) -> None:
    """A rate limit delays, a global one too, and neither doubles anything."""
    dc.faults.rate_limit(SEND_ROUTE)
    dc.faults.rate_limit(SEND_ROUTE, everywhere=True)
    await dm(bot, dc, bob).send("one")
    assert [call.status for call in dc.calls if call.path.endswith("/messages")] == [429, 429, 200]
    assert len(bob.sees("one")) == 1


async def test_429_without_via_is_raised(dc: FakeDiscord, bot: Bot, bob: Person) -> None:
    """Without the Via header the library takes it for a ban."""
    dc.faults.rate_limit(SEND_ROUTE, via=False)
    with pytest.raises(discord.HTTPException) as error:
        await dm(bot, dc, bob).send("one")
    assert error.value.status == 429


@pytest.mark.usefixtures("bot")
async def test_waiting_in_vain_tells_what_happened(dc: FakeDiscord, bob: Person) -> None:
    """An interaction nobody answers is listed, and a wait for it fails with a report of what was said."""
    fault = dc.faults.hold("POST /interactions/*/callback", processed=False)
    interaction = await bob.runs("secret")
    await fault.caught()
    assert dc.unanswered == [interaction]
    dc.patience_seconds = 0
    with pytest.raises(AssertionError, match=r"(?s)waited for an answer.*last calls:.*/callback"):
        await dc.answered(interaction)


async def test_server_error(dc: FakeDiscord, bot: Bot, bob: Person) -> None:
    """A 503 is raised and nothing was sent."""
    dc.faults.fail(SEND_ROUTE, status=503)
    with pytest.raises(discord.DiscordServerError):
        await dm(bot, dc, bob).send("one")
    assert not bob.sees("one")


async def test_broken_connections(dc: FakeDiscord, bot: Bot, bob: Person) -> None:
    """Reset before: not sent. Lost after: sent, and the same nonce tells."""
    chat = dm(bot, dc, bob)
    dc.faults.reset(SEND_ROUTE)
    with pytest.raises(aiohttp.ClientError):
        await chat.send("one", nonce="a")
    assert not bob.sees("one")
    dc.faults.lose_answer(SEND_ROUTE)
    with pytest.raises(aiohttp.ClientError):
        await chat.send("one", nonce="a")
    await chat.send("one", nonce="a")
    assert len(bob.sees("one")) == 1


async def test_held_answers(dc: FakeDiscord, bot: Bot, bob: Person) -> None:
    """A held answer comes when it is released, and the message is there before."""
    fault = dc.faults.hold(SEND_ROUTE)
    task = asyncio.create_task(dm(bot, dc, bob).send("one"))
    await fault.caught()
    assert bob.sees("one")
    assert not task.done()
    fault.release()
    await task


@pytest.mark.parametrize(("code", "how"), [(50007, "closed"), (50278, "stranger")])
async def test_people_who_cannot_be_reached(dc: FakeDiscord, bot: Bot, code: int, how: str) -> None:
    """Closed DMs and strangers are told apart; opening the DM itself succeeds."""
    carol = dc.person("Carol", installed=how == "closed", dms_open=how != "closed")
    user = await bot.fetch_user(int(carol.id))
    with pytest.raises(discord.Forbidden) as error:
        await user.send("hello")
    assert error.value.code == code


@pytest.mark.parametrize(("denied", "code"), [(SEND, 50013), (VIEW, 50001)])
async def test_forbidden_channels(dc: FakeDiscord, bot: Bot, school: Guild, denied: int, code: int) -> None:
    """Missing rights and hidden channels are told apart."""
    channel = school.channels[0]
    dc.forbid(channel, denied)
    with pytest.raises(discord.Forbidden) as error:
        await bot.get_partial_messageable(int(channel.id)).send("hello")
    assert error.value.code == code


@pytest.mark.parametrize("code", [4000, 1000, None])
async def test_resume_after_a_drop(dc: FakeDiscord, bot: Bot, bob: Person, code: int | None) -> None:
    """Events missed while the connection was down are replayed."""
    fault = dc.gateway
    if code == 1000:
        fault.ask_to_reconnect()
    else:
        fault.drop(code=code)
    await bob.says("in between")
    await dc.until(lambda: dc.gateway.resumes)
    await dc.until(lambda: bot.heard == ["in between"])
    assert len(dc.gateway.identifies) == 1


async def test_sharding(clock: Clock) -> None:
    """Each shard identifies for itself; a guild's events reach its own shard, DMs shard 0."""
    async with FakeDiscord(clock, shards=2) as dc, aiohttp.ClientSession() as http:
        guild = dc.guild("School", dc.person("Bob"))
        mine = (int(guild.id) >> 22) % 2
        sockets = [await http.ws_connect(f"{dc.gateway_url}?v=10&encoding=json") for _ in range(2)]
        for shard, ws in enumerate(sockets):
            data = {"token": dc.token, "intents": 1 << 12 | 1, "properties": {}, "shard": [shard, 2]}
            await ws.send_json({"op": 2, "d": data})
        await dc.ready()
        await next(iter(dc.world.people.values())).says("hello")  # type: ignore[attr-defined]  # people are Persons
        for shard, ws in enumerate(sockets):
            expected = [
                None,
                "READY",
                *["GUILD_CREATE"] * (shard == mine),
                *["MESSAGE_CREATE"] * (shard == 0),
            ]
            assert [
                (await ws.receive_json())["t"] if name else (await ws.receive_json())["op"] for name in expected
            ] == [name or 10 for name in expected]
            await ws.close()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": 1 << 15}, 4014),
        ({"intents": 1 << 40}, 4013),
        ({"shard": [1, 1]}, 4010),
    ],
)
async def test_refused_identifies(dc: FakeDiscord, change: dict[str, Any], code: int) -> None:
    """A wrong IDENTIFY is closed with its code."""
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{dc.gateway_url}?v=10&encoding=json") as ws:
        await ws.send_json({"op": 2, "d": {"token": dc.token, "intents": 1, "properties": {}} | change})
        await ws.receive()
        assert (await ws.receive()).data == code


async def test_a_session_that_cannot_be_resumed(dc: FakeDiscord) -> None:
    """After a drop for good the same session id is worth nothing."""
    async with aiohttp.ClientSession() as http:
        url = f"{dc.gateway_url}?v=10&encoding=json"
        async with http.ws_connect(url) as ws:
            await ws.send_json({"op": 2, "d": {"token": dc.token, "intents": 1, "properties": {}}})
            await ws.receive()
            session = (await ws.receive_json())["d"]["session_id"]
            dc.gateway.drop(resumable=False)
            assert (await ws.receive()).data == 4000
        async with http.ws_connect(url) as ws:
            await ws.send_json({"op": 6, "d": {"token": dc.token, "session_id": session, "seq": 1}})
            await ws.receive()
            assert (await ws.receive_json())["op"] == 9


async def test_invalid_session(dc: FakeDiscord) -> None:
    """A session nobody knows cannot be resumed."""
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{dc.gateway_url}?v=10&encoding=json") as ws:
        await ws.send_json({"op": 6, "d": {"token": dc.token, "session_id": "x", "seq": 1}})
        await ws.receive()
        assert (await ws.receive_json()) == {"op": 9, "d": False}


async def test_privileged_intents_end_the_client(dc: FakeDiscord) -> None:
    """The library says plainly what is missing."""
    bot = Bot()
    bot._connection._intents.message_content = True  # noqa: SLF001 - the flag after construction
    with dc.pointed_at(), pytest.raises(discord.PrivilegedIntentsRequired):
        await bot.start(dc.token)
    await bot.close()
