"""What people do on Discord, as requests of ours."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.language import Text
from bot.core.message import Choice, Entry, Message
from bot.platforms.discord import DiscordBridge
from bot.study.chat import Sent
from bot.study.desk import MenuRow
from bot.study.requests import Account, Command, Press, Typed
from tests.fakes.discord import FakeDiscord, Guild, Person
from tests.platforms.discord.conftest import House
from tests.platforms.discord.test_commands import ROWS
from tests.platforms.echo import MENU

START_ROW = MenuRow("start", Text("开始", "start"), Text("认识学伴", "Meet your buddy"))
TYPE_DEFER, TYPE_UPDATE, TYPE_MODAL = 5, 6, 9
ASK = Message("Why?", entry=Entry("a:7", "Type it", "Your answer", "because"))
OFFER = Message("Which one?", ((Choice("This", "pick:1"), Choice("That", "pick:2")),))


@pytest.mark.usefixtures("bridge")
async def test_command_in_private(dc: FakeDiscord, house: House, ming: Person) -> None:
    """A command in the private chat says who, where and in which language, and the answer stays there."""
    interaction = await ming.runs("今天")
    await ming.hears("you did")
    [request] = house.study.applied
    here = dc.world.dm_of(ming).id
    assert request.key == interaction.id
    assert request.account == Account("discord", ming.id)
    assert (request.chat, request.home, request.private) == (here, here, True)
    assert (request.body, request.locale, request.name) == (Command("today"), "zh-CN", "小明")
    assert interaction.answer_type == TYPE_DEFER
    assert not (await dc.answered(interaction) or interaction.original).ephemeral  # type: ignore[union-attr]
    await dc.until(lambda: not house.study.waiting, "the delivery to be noted")
    dc.check()


async def test_argument(dc: FakeDiscord, house: House, bob: Person) -> None:
    """The text after a command arrives with it."""
    house.study.rows = ROWS
    await house.listens()
    await bob.runs("note", text="buy milk")
    await bob.hears("you did")
    assert house.study.applied[0].body == Command("note", "buy milk")
    dc.check()


@pytest.mark.usefixtures("bridge")
async def test_command_in_a_server(dc: FakeDiscord, house: House, school: Guild, bob: Person, ming: Person) -> None:
    """In a server only the person who asked sees the answer, and the request is private."""
    interaction = await bob.runs("today", school)
    answer = await bob.hears("you did", school)
    assert answer.ephemeral
    assert not ming.sees("you did")
    [request] = house.study.applied
    assert (request.chat, request.private, request.home) == (school.channels[0].id, True, "")
    assert interaction.answer_type == TYPE_DEFER
    dc.check()


async def test_home_of_a_person_met_in_a_server(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """Who starts in a server gets a private chat, opened once; it goes with every later request."""
    house.study.rows = (START_ROW, *MENU)
    await house.listens()
    for command in ("start", "start", "today"):
        await dc.answered(await bob.runs(command, school))
    home = dc.world.dm_of(bob).id
    assert [request.home for request in house.study.applied] == [home] * 3
    assert house.study.applied[0].home_url == f"https://discord.com/channels/@me/{home}"
    assert sum(call.path == "/users/@me/channels" for call in dc.calls) == 1
    dc.check()


async def test_homes_are_forgotten(
    dc: FakeDiscord, house: House, school: Guild, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not everybody's private chat is remembered; it can be asked for again."""
    monkeypatch.setattr("bot.platforms.discord.homes._KEPT", 1)
    house.study.rows = (START_ROW,)
    await house.listens()
    ming = next(person for person in school.members if person is not bob)
    assert isinstance(ming, Person)
    for person in (bob, ming, bob):
        await dc.answered(await person.runs("start", school))
    assert [request.home for request in house.study.applied] == [dc.world.dm_of(p).id for p in (bob, ming, bob)]
    assert sum(call.path == "/users/@me/channels" for call in dc.calls) >= 2


async def test_no_home(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """Where Discord lets us open no more private chats, the person gets their answer all the same."""
    house.study.rows = (START_ROW,)
    await house.listens()
    dc.channel_routes.new_dm_limit = 0
    await bob.runs("start", school)
    await bob.hears("you did", school)
    assert house.study.applied[0].home == ""


@pytest.mark.usefixtures("bridge")
async def test_user_install(dc: FakeDiscord, house: House) -> None:
    """Somebody who installed the bot themselves uses it in a server where it is not."""
    carol = dc.person("Carol", installed=True)
    strange = dc.guild("Elsewhere", carol)
    dc.remove(strange)
    interaction = await carol.runs("today", strange)
    answer = await dc.answered(interaction)
    assert answer is not None
    assert answer.ephemeral
    assert interaction.owners == {"1": carol.id}
    assert house.study.applied[0].account.id == carol.id
    dc.check()


@pytest.mark.usefixtures("bridge")
async def test_among_friends(dc: FakeDiscord, house: House, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a private chat of other people only the person who asked sees the answer, and it is not their home."""
    event = bob._event  # noqa: SLF001 - the fake knows no such chats
    monkeypatch.setattr(bob, "_event", lambda interaction: event(interaction) | {"context": 2})
    answer = await dc.answered(await bob.runs("today"))
    assert answer is not None
    assert answer.ephemeral
    assert house.study.applied[0].home == ""
    dc.check()


@pytest.mark.usefixtures("bridge")
@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("hello *there*", Typed("hello *there*")),
        ("/today", Command("today")),
        ("/note buy\nmilk", Command("note", "buy\nmilk")),
        ("/1/2", Typed("/1/2")),
    ],
)
async def test_text(dc: FakeDiscord, house: House, bob: Person, text: str, body: Typed | Command) -> None:
    """A text in the private chat is typed, or the command it spells."""
    message = await bob.says(text)
    await bob.hears("you ")
    [request] = house.study.applied
    assert (request.key, request.body, request.home) == (message.id, body, message.channel.id)
    dc.check()


@pytest.mark.usefixtures("bridge")
async def test_texts_of_others(house: House, school: Guild, bob: Person) -> None:
    """What people say in a server, and what the bot says itself, is nobody's request."""
    await bob.says("good morning", school)
    await bob.says("hello")
    await bob.hears("you said: hello")
    await bob.says("and bye")
    await bob.hears("you said: and bye")
    assert house.study.texts == ["hello", "and bye"]


@pytest.mark.usefixtures("bridge")
async def test_press(dc: FakeDiscord, house: House, bob: Person) -> None:
    """A button tells its action; the little clock ends before the work begins."""
    house.replies("today", OFFER)
    await bob.runs("today")
    interaction = await bob.presses("That")
    await bob.hears("you did")
    assert house.study.applied[-1].body == Press("pick:2")
    assert interaction.answer_type == TYPE_UPDATE
    dc.check()


async def test_press_after_a_restart(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """Buttons work in a process that did not make them, in the private chat and in a server."""
    house.replies("today", OFFER)
    await house.listens()
    for place in (None, school):
        await dc.answered(await bob.runs("today", place))
    await house.restarts()
    for where in (dc.world.dm_of(bob), school):
        [message] = bob.sees("Which one?", where)
        await bob.presses("This", on=message)
        await bob.hears("you did", where)
    assert [request.body for request in house.study.applied[2:]] == [Press("pick:1")] * 2
    dc.check()


@pytest.mark.usefixtures("bridge")
async def test_presses_by_others(dc: FakeDiscord, house: House, school: Guild, bob: Person, ming: Person) -> None:
    """Whoever presses is who asks: Ming at Bob's message is answered alone, and Bob's message stays as it is."""
    house.replies("pick:1", Message("That is not yours", private=True, replaces=True))
    assert isinstance(await house.pushes(school.channels[0].id, OFFER), Sent)
    await ming.presses("This")
    answer = await ming.hears("not yours", school)
    assert answer.ephemeral
    assert not bob.sees("not yours")
    assert len(bob.sees("Which one?")) == 1
    assert house.study.applied[0].account.id == ming.id
    dc.check()


@pytest.mark.usefixtures("bridge")
async def test_menu(dc: FakeDiscord, house: House, bob: Person) -> None:
    """Where there are more choices than buttons, choosing from a menu is a press."""
    house.replies("today", Message("Which?", tuple((Choice(f"No. {n}", f"pick:{n}"),) for n in range(60))))
    await bob.runs("today")
    await bob.selects("No. 37")
    await bob.hears("you did")
    assert house.study.applied[-1].body == Press("pick:37")
    dc.check()


@pytest.mark.usefixtures("bridge")
async def test_foreign_button(house: House, bob: Person) -> None:
    """A button that is none of ours is handed on as it is, for a polite no."""
    house.replies("today", OFFER)
    await bob.runs("today")
    message = await bob.hears("Which one?")
    message.components[0]["components"][0]["custom_id"] = "ancient\N{BOMB}"
    await bob.presses("This")
    await bob.hears("you did")
    assert house.study.applied[-1].body == Press("ancient\N{BOMB}")


@pytest.mark.usefixtures("bridge")
@pytest.mark.parametrize("life", ["one process", "a restart between"])
@pytest.mark.parametrize("where", ["private", "server"])
async def test_form(dc: FakeDiscord, house: House, school: Guild, ming: Person, life: str, where: str) -> None:
    """An entry button opens its form at once; what is sent carries the action, after a restart too."""
    house.replies("today", ASK)
    place = school if where == "server" else None
    await ming.runs("today", place)
    opening = await ming.presses("Type it")
    await dc.until(lambda: ming.modal)
    assert opening.answer_type == TYPE_MODAL
    assert ming.modal is not None
    assert (ming.modal.custom_id, ming.modal.title) == ("m:a:7", "zh: answer-title")
    assert ming.modal.fields[0]["placeholder"] == "zh: answer-hint"
    if life == "a restart between":
        await house.restarts()
    interaction = await ming.submits("42")
    await ming.hears("you said: 42", place)
    assert house.study.applied[-1].body == Typed("42", "a:7")
    assert interaction.answer_type == TYPE_UPDATE
    dc.check()


@pytest.mark.usefixtures("bridge")
@pytest.mark.parametrize("action", ["zone", "hour"])
async def test_words_of_forms(house: House, bob: Person, dc: FakeDiscord, action: str) -> None:
    """Every kind of form has its own words, in the language of who opens it."""
    house.replies("today", Message("?", entry=Entry(action, "Type it", "unused")))
    await bob.runs("today")
    await bob.presses("Type it")
    await dc.until(lambda: bob.modal)
    assert bob.modal is not None
    assert bob.modal.title == f"en: {action}-title"


@pytest.mark.usefixtures("bridge")
@pytest.mark.parametrize("place", ["private", "server"])
async def test_acknowledged_before_the_work(
    dc: FakeDiscord, house: House, school: Guild, bob: Person, place: str
) -> None:
    """Commands, presses and forms are acknowledged while the study has not even begun."""
    where = school if place == "server" else None
    house.replies("today", Message("Which?", OFFER.rows, entry=ASK.entry))
    await dc.answered(await bob.runs("today", where))
    await bob.presses("Type it")
    house.study.gate.clear()
    before = len(house.study.arrived)
    waiting = [await bob.runs("quiz", where), await bob.presses("This"), await bob.submits("x")]
    await dc.until(lambda: all(interaction.acknowledged for interaction in waiting))
    assert [request.key for request in house.study.arrived[before:]] == [waiting[0].id]
    house.study.gate.set()
    await dc.until(lambda: len(house.study.applied) == 4)
    await dc.until(lambda: not house.study.waiting)
    dc.check()


@pytest.mark.usefixtures("bridge")
async def test_order(dc: FakeDiscord, house: House, bob: Person, ming: Person) -> None:
    """What one person does takes effect in its order; others need not wait for it."""
    house.study.gate.clear()
    for number in range(5):
        await bob.says(str(number))
    await ming.says("me too")
    await dc.until(lambda: len(house.study.arrived) == 2)
    house.study.gate.set()
    await bob.hears("you said: 4")
    assert [text for text in house.study.texts if text.isdigit()] == ["0", "1", "2", "3", "4"]


@pytest.mark.usefixtures("bridge")
async def test_event_twice(dc: FakeDiscord, house: House, bob: Person) -> None:
    """An event that Discord delivers twice is applied once and answered once."""
    interaction = await bob.runs("today")
    await bob.hears("you did")
    dc.gateway.dispatch("INTERACTION_CREATE", bob._event(interaction))  # noqa: SLF001 - nobody does this on purpose
    await bob.says("then")
    await bob.hears("you said: then")
    assert len(house.study.applied) == 2
    assert len(bob.sees("you did")) == 1


async def test_while_closing(dc: FakeDiscord, house: House, bridge: DiscordBridge, bob: Person) -> None:
    """Closing finishes what is in hand."""
    house.study.gate.clear()
    interaction = await bob.runs("today")
    await dc.until(lambda: house.study.arrived)
    closing = asyncio.create_task(bridge.close())
    await asyncio.sleep(0)
    house.study.gate.set()
    await closing
    assert interaction.finished
    assert not house.study.waiting
    dc.check()
