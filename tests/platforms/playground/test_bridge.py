"""The playground through its websocket."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest
from aiohttp import ClientSession, WSMsgType

from bot.core.message import Message, Picture
from bot.platforms.playground.bridge import MAX_FRAME_BYTES, PlaygroundBridge, PlaygroundSettings, PortTakenError
from bot.platforms.playground.stage import MAX_PEOPLE, slug
from bot.platforms.playground.turning import TurnedClock
from bot.study.requests import Account, Command, Press, Request, Typed
from tests.platforms.playground.conftest import Visitor, greeted, text
from tests.platforms.playground.lessons import Due, LessonStudy, at, png


async def test_hello(web: ClientSession) -> None:
    """A page is greeted with the cast, their empty rooms, the menu in both languages and the turned time."""
    visitor, hello = await greeted(web)
    assert [(each["id"], each["name"], each["language"]) for each in hello["people"]] == [
        ("xiaoming", "小明", "zh"),
        ("alice", "Alice", "en"),
    ]
    assert hello["rooms"] == {"xiaoming": [], "alice": [], "group": []}
    assert hello["menu"][1]["localized"] == {"zh": "今天", "en": "today"}
    assert hello["menu"][1]["argument"] is None
    assert hello["menu"][3]["argument"] == {"zh": "要记的话", "en": "the words to keep"}
    assert hello["now"] == at(4).timestamp() * 1000
    await visitor.socket.close()


async def test_start(visitor: Visitor, study: LessonStudy, clock: TurnedClock) -> None:
    """Start hands in the command with all that is known of the person, and shows the answer."""
    key = str(uuid.uuid4())
    said, answer = await visitor.act("command", "xiaoming", key=key, name="start", args="")
    assert study.applied == [
        Request(
            key=key,
            account=Account("playground", "xiaoming"),
            chat="xiaoming",
            private=True,
            body=Command("start"),
            home="xiaoming",
            locale="zh",
            name="小明",
            zone="Asia/Shanghai",
        )
    ]
    assert study.moments == [clock.now()]
    assert study.waiting == {}
    assert (said["by"], said["text"]) == ("xiaoming", "/开始")
    assert (answer["by"], text(answer)) == ("", "你好，小明！")


@pytest.mark.parametrize("typed", ["/note buy milk", "/笔记 buy milk"])
async def test_typed_command(visitor: Visitor, study: LessonStudy, typed: str) -> None:
    """A typed command counts under its name in either language, and shows as it was typed."""
    said, _answer = await visitor.act("say", text=typed)
    assert study.applied[0].body == Command("note", "buy milk")
    assert said["text"] == typed


async def test_typed(visitor: Visitor, study: LessonStudy) -> None:
    """What a person typed is handed in and shown to the letter."""
    said, answer = await visitor.act("say", text="<b>*hi*</b>\n  there")
    assert study.applied[0].body == Typed("<b>*hi*</b>\n  there")
    assert said["text"] == "<b>*hi*</b>\n  there"
    assert text(answer) == "“<b>*hi*</b>"


async def test_press(visitor: Visitor, study: LessonStudy) -> None:
    """A press hands in the action and shows what it leads to, without a line of its own."""
    welcome = (await visitor.act("command", name="start", args=""))[-1]
    lines = await visitor.act("press", action="try", on=welcome["id"])
    assert study.applied[-1].body == Press("try")
    assert [text(line) for line in lines] == ["Gradient descent"]


async def test_replaced(visitor: Visitor, web: ClientSession) -> None:
    """A message that replaces takes the place of the pressed one, now and on the next page."""
    question = (await visitor.act("command", name="today", args=""))[-1]
    await visitor.act("say", text="wait")
    replaced = await visitor.act("press", action="answer:wrong", on=question["id"])
    assert [line["id"] for line in replaced] == [question["id"]]
    assert replaced[0]["message"] != question["message"]
    _, hello = await greeted(web)
    ids = [line["id"] for line in hello["rooms"]["alice"]]
    assert ids.index(question["id"]) == 1
    assert len(ids) == len(set(ids)) == 4


async def test_replaces_nothing(visitor: Visitor) -> None:
    """A message that replaces stands for itself where the pressed one is unknown, or not the bot's."""
    said, _ = await visitor.act("say", text="hello")
    for gone in ("", "nothing", said["id"]):
        (line,) = await visitor.act("press", action="answer:right", on=gone)
        assert line["id"] not in {"", "nothing", said["id"]}


async def test_group(visitor: Visitor, study: LessonStudy) -> None:
    """In the group people are not alone, and are known by their own chat."""
    await visitor.act("command", "alice", "group", name="start", args="")
    request = study.applied[0]
    assert (request.chat, request.private, request.home, request.account.id) == (
        "group",
        False,
        "alice",
        "alice",
    )


async def test_private_in_group(visitor: Visitor) -> None:
    """A private answer in the group is marked for the one who asked; alone it needs no mark."""
    (in_group,) = await visitor.act("press", "xiaoming", "group", action="private", on="")
    (alone,) = await visitor.act("press", "xiaoming", action="private", on="")
    assert in_group["only"] == "xiaoming"
    assert alone["only"] == ""


async def test_private_never_replaces_shared(study: LessonStudy, visitor: Visitor) -> None:
    """A private answer does not take the place of what everybody sees."""
    study.answers["peek"] = (Message("for you", private=True, replaces=True),)
    shared = (await visitor.act("command", "alice", "group", name="today", args=""))[-1]
    (line,) = await visitor.act("press", "xiaoming", "group", action="peek", on=shared["id"])
    assert line["id"] != shared["id"]
    (again,) = await visitor.act("press", "xiaoming", "group", action="peek", on=line["id"])
    assert again["id"] == line["id"]


async def test_one_place(study: LessonStudy, visitor: Visitor) -> None:
    """Of several answers that replace only the first takes the place; the others follow."""
    study.answers["two"] = (Message("one", replaces=True), Message("two", replaces=True))
    question = (await visitor.act("command", name="today", args=""))[-1]
    one, two = await visitor.act("press", action="two", on=question["id"])
    assert one["id"] == question["id"] != two["id"]


async def test_same_key(visitor: Visitor, study: LessonStudy, web: ClientSession) -> None:
    """The same request twice is applied and shown once."""
    key = str(uuid.uuid4())
    assert len(await visitor.act("say", key=key, text="once")) == 2
    assert await visitor.act("say", key=key, text="once") == []
    assert len(study.applied) == len(study.moments) - 1 == 1
    _, hello = await greeted(web)
    assert len(hello["rooms"]["alice"]) == 2


async def test_all_pages(visitor: Visitor, web: ClientSession) -> None:
    """Whatever happens shows on every open page, and a new page shows what happened before."""
    other, _ = await greeted(web)
    lines = await visitor.act("say", text="hello")
    assert [(await other.hear("line"))["line"] for _ in lines] == lines
    _, hello = await greeted(web)
    assert hello["rooms"]["alice"] == lines


async def test_broken(visitor: Visitor, study: LessonStudy, caplog: pytest.LogCaptureFixture) -> None:
    """When the study breaks the page may try again under the same key, and then sees the answer once."""
    study.broken = True
    key = str(uuid.uuid4())
    frame = {"type": "say", "key": key, "person": "alice", "room": "alice", "text": "hello"}
    await visitor.send(**frame)
    heard = await visitor.hear("fault")
    assert (heard["fault"], heard["key"]) == ("broken", key)
    assert "out of reach" in caplog.text
    study.broken = False
    assert len(await visitor.act("say", key=key, text="hello")) == 1


async def test_strangers(visitor: Visitor, study: LessonStudy) -> None:
    """Nobody speaks as somebody who is not there, or in somebody else's room."""
    act = {"type": "say", "key": str(uuid.uuid4()), "text": "x"}
    assert await visitor.fault(**act, person="mallory", room="mallory") == "nobody"
    assert await visitor.fault(**act, person="alice", room="xiaoming") == "no-room"
    assert await visitor.fault(**act, person="alice", room="nowhere") == "no-room"
    assert study.applied == []


async def test_join(visitor: Visitor, study: LessonStudy, web: ClientSession) -> None:
    """Somebody new gets a readable id, a room, and is known to every page."""
    await visitor.send(type="join", name="Ünal B.", language="en", zone="America/Santiago")
    people = (await visitor.hear("people"))["people"]
    person = {"id": "unal-b", "name": "Ünal B.", "language": "en", "zone": "America/Santiago", "met": False}
    assert people[-1] == person
    assert (await visitor.hear("joined"))["id"] == "unal-b"
    await visitor.act("say", "unal-b", text="hello")
    assert (study.applied[0].zone, study.applied[0].name) == ("America/Santiago", "Ünal B.")
    _, hello = await greeted(web)
    assert len(hello["rooms"]["unal-b"]) == 2


async def test_full(visitor: Visitor) -> None:
    """Two of the same name are two people, and at some point the table is full."""
    join = {"type": "join", "name": "Group", "language": "zh", "zone": "UTC"}
    ids = []
    for _ in range(MAX_PEOPLE - 2):
        await visitor.send(**join)
        ids.append((await visitor.hear("joined"))["id"])
    assert ids[:2] == ["group-2", "group-3"]
    assert len(set(ids)) == len(ids)
    assert await visitor.fault(**join) == "full"


@pytest.mark.parametrize(
    ("name", "expected"), [("小明", "u5c0f-u660e"), ("  Bob!", "bob"), ("!!", "somebody"), ("🙂", "u1f642")]
)
def test_slug(name: str, expected: str) -> None:
    """Any name gives an id of ASCII letters, digits and hyphens."""
    assert slug(name) == expected


async def test_malformed(visitor: Visitor) -> None:
    """Nonsense gets a kind answer and harms nothing."""
    for raw in ("", "{", "[]", "null", '{"type": "say"}', '{"type": {}}'):
        await visitor.socket.send_str(raw)
        assert (await visitor.hear())["fault"] == "malformed"
    await visitor.socket.send_bytes(b"\xff\x00")
    assert (await visitor.hear())["fault"] == "malformed"
    assert len(await visitor.act("say", text="still here")) == 2


async def test_longest_text(visitor: Visitor) -> None:
    """The longest text anybody may type fits into a frame, however it is spelt."""
    said, _ = await visitor.act("say", text="🙂" * 4096)
    assert len(said["text"]) == 4096
    act = {"type": "say", "key": str(uuid.uuid4()), "person": "alice", "room": "alice"}
    assert await visitor.fault(**act, text="x" * 4097) == "too-long"


async def test_too_large(visitor: Visitor, web: ClientSession) -> None:
    """A frame beyond the limit ends that connection and no other."""
    await visitor.socket.send_str("x" * (MAX_FRAME_BYTES + 1))
    closed = await visitor.socket.receive(timeout=5)
    assert closed.type in {WSMsgType.CLOSE, WSMsgType.CLOSED}
    assert visitor.socket.close_code == 1009
    other, _ = await greeted(web)
    assert len(await other.act("say", text="still here")) == 2


async def test_picture(visitor: Visitor, web: ClientSession, study: LessonStudy) -> None:
    """A picture is fetched from the playground itself."""
    study.answers["see"] = (Message("look", picture=Picture(png(3, 2), "three by two")),)
    (line,) = await visitor.act("press", action="see", on="")
    answer = await web.get(line["message"]["picture"]["src"])
    assert answer.content_type == "image/png"
    assert await answer.read() == png(3, 2)


async def test_closing(study: LessonStudy, clock: TurnedClock) -> None:
    """Closing lets every page go, stops a turn on its way, and may be asked for twice."""
    bridge = PlaygroundBridge(study, PlaygroundSettings(port=0), clock)
    await bridge.open()
    study.due.append(Due(at(4, 13), "alice", Message("again"), "again"))
    study.every = timedelta(minutes=15)
    async with ClientSession(bridge.url) as web:
        visitor, _ = await greeted(web)
        await visitor.send(type="turn", step="week")
        await visitor.hear("clock")
        closing = asyncio.create_task(bridge.close())
        while (await visitor.socket.receive(timeout=5)).type is WSMsgType.TEXT:
            pass
        assert visitor.socket.close_code == 1001
        await closing
    await bridge.close()
    await bridge.listen()


async def test_taken(bridge: PlaygroundBridge, study: LessonStudy, clock: TurnedClock) -> None:
    """A port that is taken says which, and which setting takes another one."""
    port = int(bridge.url.rstrip("/").rsplit(":", 1)[1])
    second = PlaygroundBridge(study, PlaygroundSettings(port=port), clock)
    with pytest.raises(PortTakenError, match=f"^Port {port} is taken; set XUEBAN_PLAYGROUND_PORT to another one$"):
        await second.open()
    assert second.url == bridge.url


async def test_not_ours(study: LessonStudy, clock: TurnedClock) -> None:
    """An address that is none of this machine's is an error of the system's own kind."""
    bridge = PlaygroundBridge(study, PlaygroundSettings("192.0.2.1", 0), clock)
    with pytest.raises(OSError, match=r"192\.0\.2\.1") as raised:
        await bridge.open()
    assert not isinstance(raised.value, PortTakenError)


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)])  # noqa: S104 - what it warns of
async def test_no_login(
    study: LessonStudy, clock: TurnedClock, caplog: pytest.LogCaptureFixture, host: str, *, warned: bool
) -> None:
    """Whoever opens the playground to other machines is warned that it has no login."""
    bridge = PlaygroundBridge(study, PlaygroundSettings(host, 0), clock)
    await bridge.open()
    await bridge.close()
    assert ("has no login" in caplog.text) is warned


def test_url(study: LessonStudy, clock: TurnedClock) -> None:
    """The address is one that a browser can open, also over IPv6."""
    assert PlaygroundBridge(study, PlaygroundSettings(), clock).url == "http://127.0.0.1:8765/"
    assert PlaygroundBridge(study, PlaygroundSettings("::1", 80), clock).url == "http://[::1]:80/"
