"""Every refusal of a message by the fake Discord, with the status and code of the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from tests.contract.discord_wire import JSON, Clock, Wire, places
from tests.fakes.discord import FakeDiscord, Person

ROW, BUTTON, SELECT = 1, 2, 3
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


def button(**more: Any) -> JSON:
    """Return a good button, changed."""
    return {"type": BUTTON, "style": 2, "label": "Yes", "custom_id": "yes"} | more


def rows(*components: JSON) -> JSON:
    """Return a message body with one row."""
    return {"content": "x", "components": [{"type": ROW, "components": list(components)}]}


def select(**more: Any) -> JSON:
    """Return a good select menu, changed."""
    return {"type": SELECT, "custom_id": "s", "options": [{"label": "a", "value": "a"}]} | more


def text(content: str = "x") -> JSON:
    """Return a text display."""
    return {"type": 10, "content": content}


def layout(*components: JSON, **more: Any) -> JSON:
    """Return a Components V2 body."""
    return {"flags": V2, "components": list(components)} | more


BAD_MESSAGES: list[tuple[JSON, str]] = [
    ({"content": "x" * 2001}, "content"),
    ({"content": 5}, "content"),
    ({"content": "x", "nonce": "x" * 26}, "nonce"),
    ({"content": "x", "flags": 1 << 6}, "flags"),
    ({"content": "x", "tts": "no"}, "tts"),
    ({"embeds": [{"title": "x"}] * 11}, "embeds"),
    ({"embeds": [{}]}, "embeds.0.description"),
    ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
    ({"embeds": [{"title": "x", "fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds.0.fields"),
    ({"embeds": [{"fields": [{"name": "n" * 257, "value": "v"}]}]}, "embeds.0.fields.0.name"),
    ({"embeds": [{"fields": [{"name": "n", "value": "v" * 1025}]}]}, "embeds.0.fields.0.value"),
    ({"embeds": [{"fields": [{"name": "n"}]}]}, "embeds.0.fields.0.value"),
    ({"embeds": [{"title": "x", "footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text"),
    ({"embeds": [{"title": "x", "author": {"name": "x" * 257}}]}, "embeds.0.author.name"),
    ({"embeds": [{"title": "x", "color": 1 << 24}]}, "embeds.0.color"),
    ({"embeds": [{"title": "x", "url": "javascript:x"}]}, "embeds.0.url"),
    ({"embeds": [{"title": "x", "timestamp": "today"}]}, "embeds.0.timestamp"),
    ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, "embeds"),
    ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0"),
    ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    ({"content": "x", "attachments": [{"id": 0}]}, "attachments.0"),
    ({"content": "x", "message_reference": {"message_id": "5"}}, "message_reference"),
    ({"content": "x", "components": [{"type": ROW, "components": [button()]}] * 6}, "components"),
    ({"content": "x", "components": [button()]}, "components.0.type"),
    ({"content": "x", "components": [text()]}, "components.0.type"),
    (rows(), "components.0.components"),
    (rows(*[button(custom_id=str(n)) for n in range(6)]), "components.0.components"),
    (rows(button(), select()), "components.0.components"),
    (rows(button(custom_id="x" * 101)), "components.0.components.0.custom_id"),
    (rows(button(custom_id="")), "components.0.components.0.custom_id"),
    (rows(button(custom_id=None)), "components.0.components.0.custom_id"),
    (rows(button(), button()), "components"),
    (rows(button(label="x" * 81)), "components.0.components.0.label"),
    (rows(button(label="")), "components.0.components.0.label"),
    (rows(button(style=9)), "components.0.components.0.style"),
    (rows(button(emoji={"name": "x"})), "components.0.components.0.emoji.name"),
    (rows(button(style=5)), "components.0.components.0.url"),
    (rows(button(style=5, url="ftp://x", custom_id=None)), "components.0.components.0.url"),
    (rows(button(style=5, url="https://x/" + "x" * 512, custom_id=None)), "components.0.components.0.url"),
    (rows(select(options=[])), "components.0.components.0.options"),
    (
        rows(select(options=[{"label": str(n), "value": str(n)} for n in range(26)])),
        "components.0.components.0.options",
    ),
    (rows(select(placeholder="x" * 151)), "components.0.components.0.placeholder"),
    (rows(select(max_values=2)), "components.0.components.0.max_values"),
    (rows(select(min_values=2)), "components.0.components.0.min_values"),
    (
        rows(select(options=[{"label": "a", "value": "x" * 101}])),
        "components.0.components.0.options.0.value",
    ),
    (rows(select(options=[{"label": "a", "value": "a"}] * 2)), "components.0.components.0.options.1.value"),
    (layout(*[text()] * 41), "components"),
    (layout(*[{"type": 17, "components": [text()] * 7}] * 6), "components"),
    (layout(text("x" * 2001), text("x" * 2000)), "components"),
    (layout(text(""), text("x")), "components.0.content"),
    (layout(text(), content="x"), "content"),
    (layout(text(), embeds=[{"title": "x"}]), "embeds"),
    (layout({"type": 13, "file": {"url": "attachment://no.png"}}), "components"),
    (layout({"type": 13, "file": {"url": "https://x.example"}}), "components.0.file.url"),
    (layout({"type": 9, "components": [text()]}), "components.0.accessory"),
    (layout({"type": 12, "items": []}), "components.0.items"),
]


@pytest.mark.parametrize(("body", "place"), BAD_MESSAGES, ids=range(len(BAD_MESSAGES)))
async def test_bad_messages(dc: FakeDiscord, wire: Wire, bob: Person, body: JSON, place: str) -> None:
    """A body that breaks a rule is 400/50035, points at the place, sends nothing, and is remembered."""
    status, answer = await wire("POST", f"/channels/{dc.world.dm_of(bob).id}/messages", json=body)
    assert (status, answer["code"]) == (400, 50035)
    assert place in places(answer["errors"])
    assert not bob.sees()
    assert [violation.kind for violation in dc.violations] == ["refused"]


@pytest.mark.parametrize("body", [{}, {"content": "  "}, {"embeds": []}, rows(button()) | {"content": None}, layout()])
async def test_empty_messages(dc: FakeDiscord, wire: Wire, bob: Person, body: JSON) -> None:
    """Nothing to show is 400/50006."""
    status, answer = await wire("POST", f"/channels/{dc.world.dm_of(bob).id}/messages", json=body)
    assert (status, answer["code"]) == (400, 50006)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/channels/5", 404, 10003),
        ("POST", "/channels/5/messages", 404, 10003),
        ("GET", "/users/5", 404, 10013),
        ("GET", "/nowhere", 404, 0),
        ("PUT", "/applications/5/commands", 403, 50001),
        ("POST", "/interactions/5/x/callback", 404, 10062),
        ("PATCH", "/webhooks/5/x/messages/@original", 401, 50027),
    ],
)
async def test_unknown_things(wire: Wire, method: str, path: str, status: int, code: int) -> None:
    """What does not exist has its own code."""
    found, answer = await wire(method, path, json={"content": "x"})
    assert (found, answer["code"]) == (status, code)


async def test_unknown_recipient_and_message(dc: FakeDiscord, wire: Wire, bob: Person) -> None:
    """A DM needs a person, an edit needs a message of the bot's own."""
    assert (await wire("POST", "/users/@me/channels", json={"recipient_id": "5"}))[1]["code"] == 50033
    base = f"/channels/{dc.world.dm_of(bob).id}/messages"
    assert (await wire("PATCH", f"{base}/5", json={"content": "x"}))[1]["code"] == 10008
    said = await bob.says("hello")
    assert (await wire("PATCH", f"{base}/{said.id}", json={"content": "x"}))[1]["code"] == 50005


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [({"Authorization": "Bot wrong"}, 401, 0), ({"Authorization": ""}, 401, 0), ({"User-Agent": "curl"}, 403, 40333)],
)
async def test_who_asks(wire: Wire, headers: dict[str, str], status: int, code: int) -> None:
    """A wrong token or user agent gets nowhere."""
    found, answer = await wire("GET", "/users/@me", headers=wire.headers | headers)
    assert (found, answer["code"]) == (status, code)


async def test_broken_bodies(dc: FakeDiscord, wire: Wire, bob: Person) -> None:
    """Bad JSON and a wrong content type are refused."""
    path = f"/channels/{dc.world.dm_of(bob).id}/messages"
    headers = wire.headers | {"Content-Type": "application/json"}
    assert (await wire("POST", path, data="{", headers=headers))[1]["code"] == 50109
    assert (await wire("POST", path, data="content=x"))[1]["code"] == 50035


async def test_files_have_limits(dc: FakeDiscord, wire: Wire, bob: Person) -> None:
    """Ten files, ten MiB each."""
    path = f"/channels/{dc.world.dm_of(bob).id}/messages"
    for sizes, code in (([1] * 11, 50035), ([10 * 1024 * 1024 + 1], 40005)):
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", '{"content": "x"}', content_type="application/json")
        for index, size in enumerate(sizes):
            form.add_field(f"files[{index}]", BytesIO(b"x" * size), filename=f"{index}.txt")
        assert (await wire("POST", path, data=form))[1]["code"] == code


async def test_what_is_let_pass_is_remembered(dc: FakeDiscord, wire: Wire, bob: Person) -> None:
    """Unknown fields and possible pings are violations; chosen mentions are not."""
    path = f"/channels/{dc.world.dm_of(bob).id}/messages"
    none: JSON = {"allowed_mentions": {"parse": []}}
    chosen: JSON = {"allowed_mentions": {"parse": [], "users": [bob.id]}}
    await wire("POST", path, json={"content": f"<@{bob.id}> @everyone"} | none)
    _, answer = await wire("POST", path, json={"content": f"<@{bob.id}>"} | chosen)
    assert [user["id"] for user in answer["mentions"]] == [bob.id]
    assert dc.violations == []
    await wire("POST", path, json={"content": "@everyone"})
    await wire("POST", path, json={"content": "x", "colour": 5})
    assert [violation.kind for violation in dc.violations] == ["pings", "unknown-field"]


async def test_v2_stays_v2(dc: FakeDiscord, wire: Wire, bob: Person) -> None:
    """A V2 message cannot go back, and a classic one must lose its content on the way."""
    path = f"/channels/{dc.world.dm_of(bob).id}/messages"
    _, new = await wire("POST", path, json=layout(text()))
    assert (await wire("PATCH", f"{path}/{new['id']}", json={"content": "x"}))[1]["code"] == 50035
    _, old = await wire("POST", path, json={"content": "x"})
    assert (await wire("PATCH", f"{path}/{old['id']}", json=layout(text())))[1]["code"] == 50035
    status, _ = await wire("PATCH", f"{path}/{old['id']}", json=layout(text(), content=None, embeds=[]))
    assert status == 200
