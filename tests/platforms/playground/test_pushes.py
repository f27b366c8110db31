"""What nobody asked for: pushes, and the turned clock that brings them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from bot.core.message import Message
from bot.platforms.playground.bridge import PlaygroundBridge, PlaygroundSettings
from bot.platforms.playground.stage import MAX_LINES
from bot.platforms.playground.turning import TurnedClock
from bot.study.chat import Chat, Gone, Sent
from tests.platforms.playground.conftest import Visitor, greeted, opened, text
from tests.platforms.playground.lessons import Due, LessonStudy, at


async def test_push(bridge: PlaygroundBridge, visitor: Visitor, web: ClientSession) -> None:
    """A push shows with its mark; the same key again is sent, but shows nothing twice."""
    chat: Chat = bridge
    first = await chat.push("alice", Message("Good morning"), key="k1")
    assert first == await chat.push("alice", Message("Good morning"), key="k1")
    assert isinstance(first, Sent)
    line = (await visitor.hear())["line"]
    assert (line["id"], line["pushed"], text(line)) == (first.message_id, True, "Good morning")
    _, hello = await greeted(web)
    assert len(hello["rooms"]["alice"]) == 1
    assert bridge.repeatable
    assert bridge.platform == "playground"


async def test_push_to_nobody(bridge: PlaygroundBridge) -> None:
    """Somebody who sat here before the playground was closed is gone until they come back."""
    assert isinstance(await bridge.push("bob", Message("hi"), key="k"), Gone)


async def test_turned_week(visitor: Visitor, study: LessonStudy, clock: TurnedClock) -> None:
    """A turned week brings seven pushes, each at its own time, and then stands at its end."""
    await visitor.act("command", name="start", args="")
    heard = await visitor.turned("week")
    pushed = [frame["line"]["at"] for frame in heard if frame["type"] == "line"]
    assert pushed == [at(5 + day, 7).timestamp() * 1000 for day in range(7)]
    clocks = [frame["now"] for frame in heard if frame["type"] == "clock"]
    assert clocks == sorted(clocks)
    assert (heard[-1]["pushes"], heard[-1]["step"]) == (7, "week")
    assert clock.now() == at(11)
    assert study.ticks == sorted(study.ticks)


async def test_turned_to_push(visitor: Visitor, clock: TurnedClock) -> None:
    """A turn to the next push stops at it; with nothing planned the clock stays and says so."""
    assert (await visitor.turned("push"))[-1]["pushes"] == 0
    await visitor.act("command", name="start", args="")
    assert (await visitor.turned("push"))[-1]["pushes"] == 1
    assert clock.now() == at(5, 7)


async def test_five_months(visitor: Visitor, study: LessonStudy) -> None:
    """Five months pass day by day, and not one push is missed."""
    for name in ("alice", "xiaoming"):
        await visitor.act("command", name, name="start", args="")
    study.due.append(Due(at(4, 20), "alice", Message("evening"), "evening"))
    for _ in range(150):
        await visitor.turned("day")
    assert len(study.outcomes) == 450
    assert all(isinstance(outcome, Sent) for outcome in study.outcomes)


async def test_bounded(bridge: PlaygroundBridge, web: ClientSession) -> None:
    """A room keeps its newest lines and forgets the oldest."""
    for number in range(MAX_LINES + 5):
        await bridge.push("group", Message(f"line {number}"), key=str(number))
    _, hello = await greeted(web)
    assert len(hello["rooms"]["group"]) == MAX_LINES
    assert text(hello["rooms"]["group"][0]) == "line 5"


async def test_one_turn(visitor: Visitor, study: LessonStudy) -> None:
    """The clock is turned by one hand at a time, can be stopped, and people are heard meanwhile."""
    study.due.append(Due(at(4, 13), "alice", Message("again"), "again"))
    study.every = timedelta(minutes=15)
    await visitor.send(type="turn", step="week")
    assert (await visitor.hear("clock"))["turning"]
    assert await visitor.fault(type="turn", step="day") == "turning"
    await visitor.send(type="stop")
    while (heard := await visitor.hear("clock"))["turning"]:
        pass
    assert 0 < heard["pushes"] < 7 * 96
    assert len(await visitor.act("say", text="hello")) == 2


async def test_broken_tick(visitor: Visitor, study: LessonStudy, caplog: pytest.LogCaptureFixture) -> None:
    """A tick that breaks stops the clock and leaves the playground open."""
    study.broken = True
    await visitor.send(type="turn", step="day")
    assert (await visitor.hear("fault"))["fault"] == "broken"
    assert (await visitor.hear("clock"))["turning"] is False
    assert "out of reach" in caplog.text
    study.broken = False
    assert (await visitor.turned("hour"))[-1]["turning"] is False


async def test_ticks_by_itself(study: LessonStudy, clock: TurnedClock) -> None:
    """What falls due comes by itself while nobody turns the clock, also after a tick that broke."""
    study.due.append(Due(at(4), "alice", Message("now"), "now"))
    study.broken = True
    bridge = PlaygroundBridge(study, PlaygroundSettings(port=0, tick_seconds=0.001), clock)
    await bridge.open()
    listening = asyncio.create_task(bridge.listen())
    async with ClientSession(bridge.url) as web:
        visitor, _ = await greeted(web)
        study.broken = False
        assert text((await visitor.hear("line"))["line"]) == "now"
        await visitor.socket.close()
    await bridge.close()
    await listening


async def test_next_run(study: LessonStudy, clock: TurnedClock) -> None:
    """The next run goes on at the time that was reached, with everybody who sat down."""
    first = PlaygroundBridge(study, PlaygroundSettings(port=0), clock)
    await first.open()
    async with ClientSession(first.url) as web:
        visitor, _ = await greeted(web)
        await visitor.send(type="join", name="Bob", language="en", zone="Asia/Kolkata")
        await visitor.turned("week")
        await visitor.socket.close()
    await first.close()
    later = TurnedClock(at(5), seconds=lambda: 0.0)
    second = PlaygroundBridge(study, PlaygroundSettings(port=0), later)
    await second.open()
    assert later.now() == at(11)
    assert isinstance(await second.push("bob", Message("welcome back"), key="k"), Sent)
    await second.close()


async def test_met_again(study: LessonStudy, clock: TurnedClock) -> None:
    """The next run knows who talked with the bot alone; a word in the group makes nobody known."""
    for expected in ([], ["alice", "bob"]):
        async with opened(study, clock) as bridge, ClientSession(bridge.url) as web:
            visitor, hello = await greeted(web)
            assert [person["id"] for person in hello["people"] if person["met"]] == expected
            if not expected:
                await visitor.send(type="join", name="Bob", language="en", zone="Asia/Kolkata")
                for who in ("alice", "bob", "alice"):
                    await visitor.act("say", who, text="hello")
                await visitor.act("say", "xiaoming", "group", text="hello")
            await visitor.socket.close()


async def test_turn_is_announced(visitor: Visitor) -> None:
    """That a turn begins is heard before anything that it brings."""
    await visitor.act("command", name="start", args="")
    heard = await visitor.turned("push")
    assert [(frame["type"], frame.get("turning")) for frame in heard] == [
        ("clock", True),
        ("line", None),
        ("clock", True),
        ("clock", False),
    ]
