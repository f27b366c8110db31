"""How replies reach people."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.message import Message
from bot.platforms.discord import DiscordBridge
from bot.study.chat import StoreBusyError
from tests.fakes.discord import FakeDiscord, Guild, Person
from tests.platforms.discord.conftest import PICTURE, PNG, House
from tests.platforms.discord.test_requests import ASK, OFFER

EDIT = "PATCH /webhooks/*/messages/@original"
FOLLOW_UP = "POST /webhooks/*"
SEND = "POST /channels/*/messages"
ACKNOWLEDGE = "POST /interactions/*/callback"
pytestmark = pytest.mark.usefixtures("bridge")


async def test_several(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """The first reply takes the place of the spinner, the others follow: in private for good, in a server for one."""
    house.replies("today", Message("One"), Message("Two", silent=True), Message("Three"))
    for place in (None, school):
        await bob.runs("today", place)
        await bob.hears("Three", place)
    await house.settles()
    private, public = bob.sees(where=dc.world.dm_of(bob)), bob.sees(where=school)
    for shown in (private, public):
        assert [message.text for message in shown] == ["One", "Two", "Three"]
        assert [message.silent for message in shown] == [False, True, False]
    assert all(message.ephemeral for message in public)
    assert [message.nonce for message in private] == [None, *(f"{house.study.keys[0]}.{n}" for n in (1, 2))]
    dc.check()


async def test_replaces(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """A reply that replaces edits the pressed message, the next one is new."""
    house.replies("today", Message(OFFER.text, OFFER.rows, PICTURE))
    house.replies("pick:1", Message("Good choice", replaces=True), Message("And now?"))
    for place in (None, school):
        await dc.answered(await bob.runs("today", place))
        await bob.presses("This")
        await bob.hears("And now?", place)
        first, second = bob.sees(where=place or dc.world.dm_of(bob))
        assert (first.text, first.buttons, first.attachments) == ("Good choice", [], [])
        assert second.text == "And now?"
    await house.settles()
    dc.check()


async def test_replaced_message_is_gone(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """When the pressed message is gone, the reply is a new one."""
    house.replies("today", OFFER)
    house.replies("pick:1", Message("Good choice", replaces=True))
    for place in (None, school):
        answer = await dc.answered(await bob.runs("today", place))
        assert answer is not None
        house.study.gate.clear()
        await bob.presses("This")
        dc.remove(answer)
        house.study.gate.set()
        await bob.hears("Good choice", place)
    await house.settles()


async def test_long_text(dc: FakeDiscord, house: House, bob: Person) -> None:
    """A lesson longer than a message is one embed; a much longer one is several, with the buttons at the end."""
    lesson = "\n\n".join(["word " * 90] * 8)
    house.replies("today", Message(lesson, OFFER.rows))
    house.replies("quiz", Message(lesson * 3, OFFER.rows))
    await bob.runs("today")
    card = await bob.hears("word")
    assert (card.content, len(card.embeds), card.labels) == ("", 1, ["This", "That"])
    await bob.runs("quiz")
    last = await bob.hears(lambda message: message is not card and bool(message.labels))
    parts = [message for message in bob.sees() if message is not card]
    assert len(parts) == 3
    assert parts[-1] is last
    await house.settles()
    dc.check()


async def test_picture(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """A picture comes with its words, wherever it goes."""
    house.replies("today", Message("3 of 5", picture=PICTURE), Message("", picture=PICTURE))
    for place in (None, school):
        await dc.answered(await bob.runs("today", place))
        await house.settles()
        shown = bob.sees(where=place or dc.world.dm_of(bob))
        assert [(file.data, file.description) for m in shown for file in m.attachments] == [(PNG, "3 of 5 days")] * 2
    dc.check()


async def test_hostile_name(dc: FakeDiscord, house: House) -> None:
    """A name made to call everybody arrives as it is, and comes back as mere text."""
    mallory = dc.person("@everyone <@1> **x**")
    await mallory.says("@everyone <@1> [x](https://evil.example)")
    answer = await mallory.hears("you said")
    assert house.study.applied[0].name == "@everyone <@1> **x**"
    assert answer.content == "you said: @\u200beveryone \\<@1> \\[x\\](https\\://evil.example)"
    assert not answer.mentions
    assert all(
        call.body["allowed_mentions"] == {"parse": []}
        for call in dc.calls
        if isinstance(call.body, dict) and "content" in call.body
    )
    dc.check()


@pytest.mark.parametrize("route", [EDIT, SEND])
async def test_lost_answers(dc: FakeDiscord, house: House, bob: Person, route: str) -> None:
    """A reply whose answer got lost is tried again, and shown once."""
    house.replies("today", Message("One"), Message("Two"))
    dc.faults.lose_answer(route, times=2)
    await bob.runs("today")
    await bob.hears("Two")
    await house.settles()
    assert [message.text for message in bob.sees()] == ["One", "Two"]


async def test_lost_follow_up(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """A follow-up whose answer got lost is not tried again: it could be shown twice."""
    house.replies("today", Message("One"), Message("Two"), Message("Three"))
    dc.faults.lose_answer(FOLLOW_UP)
    await bob.runs("today", school)
    await bob.hears("Three", school)
    await house.settles()
    assert [message.text for message in bob.sees()] == ["One", "Two", "Three"]


@pytest.mark.parametrize("route", [EDIT, SEND])
async def test_given_up_and_caught_up(dc: FakeDiscord, house: House, bob: Person, route: str) -> None:
    """What the network does not let through in a private chat is said once it does."""
    house.replies("today", Message("One"), Message("Two"))
    dc.faults.reset(route, times=100)
    await bob.runs("today")
    await house.until(lambda: "given up" in house.log())
    assert house.study.waiting
    dc.faults.clear()
    dc.gateway.drop()
    await bob.hears("Two")
    await house.settles()
    assert [message.text for message in bob.sees("Two")] == ["Two"]


async def test_died_before_saying(house: House, school: Guild, bob: Person) -> None:
    """The next process says what the last one decided but never said; in a server only the dead one could have."""

    def die(point: str) -> None:
        if point == "after commit":
            raise RuntimeError("the process died")

    house.replies("today", Message("One"), Message("Two"))
    house.study.at = die
    for place in (None, school):
        await bob.runs("today", place)
    await house.until(lambda: len(house.study.waiting) == 2)
    await house.until(lambda: house.log().count("request") >= 2)
    house.study.at = lambda _: None
    await house.restarts()
    await bob.hears("Two")
    await house.settles()
    assert not bob.sees("Two", school)
    assert len(bob.sees("Two")) == 1


async def test_died_after_saying(dc: FakeDiscord, house: House, bob: Person) -> None:
    """What was said but not noted is sent again under the same nonce, and shown once."""

    def die(point: str) -> None:
        if point.startswith("before noting a delivery"):
            raise RuntimeError("the process died")

    house.study.at = die
    await bob.says("hello")
    await bob.hears("you said: hello")
    await house.until(lambda: "could not be delivered" in house.log())
    house.study.at = lambda _: None
    await house.restarts()
    await house.settles()
    assert len(bob.sees("you said: hello")) == 1
    assert sum(call.path.endswith("/messages") and call.method == "POST" for call in dc.calls) == 2


async def test_busy_store(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """While the store is busy the person waits, and then has their answer."""
    house.study.busy = 3
    await bob.runs("today", school)
    await bob.hears("you did", school)
    assert len(house.study.applied) == 1
    dc.check()


@pytest.mark.parametrize("way", ["command", "press", "text"])
async def test_always_an_answer(dc: FakeDiscord, house: House, ming: Person, way: str) -> None:
    """When the study fails, the person hears that it was us, and the owner can look at what it was."""
    house.replies("today", OFFER)
    await dc.answered(await ming.runs("today"))
    house.study.broken |= {"quiz", "pick:1", "hello"}
    if way == "text":
        await ming.says("hello")
    else:
        await (ming.presses("This") if way == "press" else ming.runs("quiz"))
    await ming.hears("our-fault")
    if way != "text":
        [(raw, error)] = house.study.aside.values()
        assert error == "RuntimeError: a bug of the study"
        assert "interaction-" not in raw


async def test_store_stays_busy(house: House, bob: Person) -> None:
    """Who waited in vain for the store hears that it was us, and nothing was applied."""
    house.study.busy = 100
    await bob.says("hello")
    answer = await bob.hears("our-fault")
    assert answer.text == "zh: our-fault\n\nen: our-fault"
    assert not house.study.applied
    assert not house.study.aside


async def test_delivery_is_noted_later(dc: FakeDiscord, house: House, bob: Person) -> None:
    """A delivery that the busy store could not note is noted when we come back to the gateway, not said again."""

    def busy(point: str) -> None:
        if point.startswith("before noting a delivery"):
            raise StoreBusyError("busy")

    house.study.at = busy
    await bob.says("hello")
    await house.until(lambda: "noted as delivered later" in house.log())
    house.study.at = lambda _: None
    dc.gateway.drop()
    await house.settles()
    assert sum(call.path.endswith("/messages") and call.method == "POST" for call in dc.calls) == 1


async def test_unreadable(house: House, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends something that cannot even be read hears that it was us."""

    def fail(_: object) -> None:
        raise KeyError("custom_id")

    monkeypatch.setattr("bot.platforms.discord.intake.read", fail)
    await bob.runs("today")
    await bob.hears("our-fault")
    assert len(house.study.aside) == 1


async def test_no_apology_left(
    dc: FakeDiscord, house: House, school: Guild, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When even the apology fails it is written down, and the next request is fine."""

    def fail(_: object) -> None:
        raise KeyError("custom_id")

    house.study.missing.add("our-fault")
    house.study.broken.add("today")
    await bob.runs("today", school)
    await house.until(lambda: "not even an apology for request" in house.log())
    monkeypatch.setattr("bot.platforms.discord.intake.read", fail)
    await bob.runs("today", school)
    await house.until(lambda: "not even an apology for interaction" in house.log())
    monkeypatch.undo()
    await dc.answered(await bob.runs("quiz", school))


async def test_undelivered_cannot_be_read(dc: FakeDiscord, house: House, bob: Person) -> None:
    """When what is undelivered cannot be read, the bot goes on."""

    def fail(point: str) -> None:
        if point.startswith("before reading what is undelivered"):
            raise StoreBusyError("busy")

    house.study.at = fail
    dc.gateway.drop()
    await bob.says("hello")
    await bob.hears("you said: hello")
    assert "undelivered replies could not be said" in house.log()


async def test_form_that_cannot_open(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """When not even the form can be made, the person hears that it was us."""
    house.replies("today", ASK)
    house.study.missing.add("answer-title")
    for place in (None, school):
        await dc.answered(await bob.runs("today", place))
        await bob.presses("Type it")
        assert (await bob.hears("our-fault", place)).ephemeral == (place is school)
    assert len(house.study.aside) == 2


async def test_our_bug(dc: FakeDiscord, house: House, bob: Person) -> None:
    """When Discord refuses how a reply looks, its words arrive without buttons."""
    house.replies("today", OFFER)
    dc.faults.fail(EDIT, status=400, code=50035)
    await bob.runs("today")
    answer = await bob.hears("Which one?")
    assert not answer.buttons
    await house.settles()
    assert "our own bug" in house.log()


async def test_too_late(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """Too late to acknowledge: in private the answer comes anyway; in a server, where nobody could see it, nothing."""
    for place in (school, None):
        fault = dc.faults.hold(ACKNOWLEDGE, processed=False)
        await bob.runs("today", place)
        await fault.caught()
        house.clock.seconds += 4
        fault.release()
    await bob.hears("you did")
    await house.settles()
    assert [request.chat for request in house.study.applied] == [dc.world.dm_of(bob).id]


async def test_acknowledged_but_not_told(dc: FakeDiscord, school: Guild, bob: Person) -> None:
    """When the answer to the acknowledgement gets lost, a second try finds the first."""
    dc.faults.lose_answer(ACKNOWLEDGE)
    await bob.runs("today", school)
    await bob.hears("you did", school)
    assert [call.status for call in dc.calls if call.path.endswith("/callback")][1:] == [400]


async def test_nothing_to_say(dc: FakeDiscord, house: House, bob: Person) -> None:
    """When there is nothing to say, the spinner goes."""
    house.study.script = lambda _: ()
    interaction = await bob.runs("today")
    await dc.until(lambda: interaction.original is not None and interaction.original.deleted)
    assert not bob.sees()


async def test_private_chat_closed_meanwhile(house: House, bob: Person) -> None:
    """Where the private chat takes no messages any more, an interaction there can still be answered."""
    house.replies("today", Message("One"), Message("Two"))
    bob.closes_dms()
    await bob.runs("today")
    assert not (await bob.hears("Two")).ephemeral
    await house.settles()


async def test_in_hand_is_not_said_twice(dc: FakeDiscord, house: House, bob: Person, ming: Person) -> None:
    """Coming back to the gateway does not repeat a reply that is just being said."""
    points: list[str] = []
    fault = dc.faults.hold(EDIT)
    await bob.runs("today")
    await fault.caught()
    house.study.at = points.append
    dc.gateway.drop()
    await house.until(lambda: any(point.startswith("before reading what is undelivered") for point in points))
    await ming.says("a round trip")
    await ming.hears("you said: a round trip")
    fault.release()
    await house.settles()
    assert len(bob.sees("you did")) == 1
    assert not [call for call in dc.calls if call.method == "GET" and call.path.startswith("/channels")]


async def test_closing_gives_up_in_the_end(
    house: House, bridge: DiscordBridge, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not finish in time is left for the next process."""
    monkeypatch.setattr("bot.platforms.discord.bridge._GRACE", house.clock.now() - house.clock.now())
    house.study.gate.clear()
    await bob.runs("today")
    await house.dc.until(lambda: house.study.arrived)
    await asyncio.wait_for(bridge.close(), 5)
    assert not house.study.applied
    await bridge.close()
