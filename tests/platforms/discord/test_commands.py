"""The commands Discord offers."""

from __future__ import annotations

import asyncio

from bot.core.language import Text
from bot.study.desk import MenuRow
from tests.fakes.discord import FakeDiscord, Guild, Person
from tests.platforms.discord.conftest import House

ROWS = (
    MenuRow("start", Text("开始", "start"), Text("认识学伴", "Meet your buddy")),
    MenuRow("note", Text("笔记", "note"), Text("记一笔", "Keep a note"), Text("要记的话", "the words to keep")),
)


def syncs(dc: FakeDiscord) -> int:
    """Return how often the commands were told."""
    return sum(call.method == "PUT" and call.path.endswith("/commands") for call in dc.calls)


async def test_told_once(dc: FakeDiscord, house: House) -> None:
    """Commands are told once, not again by the next process, and again when they changed."""
    await house.listens()
    await house.restarts()
    assert syncs(dc) == 1
    house.study.rows = ROWS
    await house.restarts()
    await dc.until(lambda: syncs(dc) == 2)
    assert [command["name"] for command in dc.commands] == ["start", "note"]
    dc.check()


async def test_in_every_language(dc: FakeDiscord, house: House) -> None:
    """Names and descriptions are Chinese for both kinds of Chinese, English for everybody else."""
    house.study.rows = ROWS
    await house.listens()
    start, note = dc.commands
    assert start["name_localizations"] == {"zh-CN": "开始", "zh-TW": "开始"}
    assert start["description"] == "Meet your buddy"
    assert start["description_localizations"] == {"zh-CN": "认识学伴", "zh-TW": "认识学伴"}
    [option] = note["options"]
    assert option["name"] == "text"
    assert option["description"] == "the words to keep"
    assert option["name_localizations"]["zh-TW"] == "内容"
    assert not option.get("required")


async def test_everywhere(dc: FakeDiscord, house: House, school: Guild, bob: Person) -> None:
    """Every command is offered in servers, in private chats, and to people who installed the bot themselves."""
    await house.listens()
    for command in dc.commands:
        assert sorted(command["integration_types"]) == [0, 1]
        assert sorted(command["contexts"]) == [0, 1, 2]
    assert len(dc.offered(bob, school.channels[0])) == len(dc.commands)


async def test_odd_rows(dc: FakeDiscord, house: House) -> None:
    """A row that Discord would refuse is left out or cut to size; the others are told."""
    long = Text("长" * 200, "long " * 50)
    house.study.rows = (
        MenuRow("Two Words", Text("好", "x"), long),
        MenuRow("fine", Text("两个 词", "fine"), long),
    )
    await house.listens()
    [fine] = dc.commands
    assert fine["name"] == "fine"
    assert not fine["name_localizations"]
    assert len(fine["description"]) == 100
    dc.check()


async def test_refused(dc: FakeDiscord, house: House) -> None:
    """Commands that Discord refuses as such are our own bug: nothing is tried again, and the bot works."""
    dc.faults.fail("PUT /applications/*/commands", status=400, code=50035)
    bridge = await house.opens()
    house.listening = asyncio.create_task(bridge.listen())
    await house.until(lambda: "our own bug" in house.log())
    assert syncs(dc) == 1


async def test_tried_again(dc: FakeDiscord, house: House) -> None:
    """When Discord does not take the commands now, they are told later."""
    dc.faults.fail("PUT /applications/*/commands", status=503)
    await house.listens()
    await dc.until(lambda: len(dc.commands) == 2)
    assert "the commands could not be told" in house.log()
