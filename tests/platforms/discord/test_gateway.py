"""Logging in, staying connected, and giving up."""

from __future__ import annotations

import asyncio

import pytest

from bot.platforms.discord import DiscordBridge, DiscordSettings, GatewayRefusedError, TokenRejectedError
from tests.fakes.discord import FakeDiscord, Person
from tests.platforms.discord.conftest import House


async def test_wrong_token(dc: FakeDiscord, house: House) -> None:
    """A token that Discord refuses three times is told, without telling it."""
    house.bridge = house.builds(token="MTA.some-other-token.of-nobody")
    with pytest.raises(TokenRejectedError) as error:
        await house.bridge.open()
    assert "of-nobody" not in str(error.value)
    assert len(dc.calls) == 3
    assert "of-nobody" not in house.log()


async def test_discord_is_away(dc: FakeDiscord, house: House, bob: Person) -> None:
    """Opening is tried until Discord answers."""
    dc.faults.fail("GET /users/@me", status=503)
    dc.faults.reset("GET /users/@me")
    await house.listens()
    await bob.says("hello")
    await bob.hears("you said: hello")
    assert house.clock.waits


async def test_our_bug_at_the_door(dc: FakeDiscord, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is neither Discord's fault nor the network's is not tried again."""

    async def fail(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("discord.Client.application_info", fail)
    with pytest.raises(KeyError):
        await house.builds().open()
    assert len(dc.calls) == 1


def test_settings() -> None:
    """Settings want a token and never show it."""
    with pytest.raises(ValueError, match="token"):
        DiscordSettings("")
    assert "secret" not in repr(DiscordSettings("secret"))
    assert DiscordSettings("secret").api_base == "https://discord.com/api/v10"


@pytest.mark.usefixtures("bridge")
async def test_asks_for_little(dc: FakeDiscord) -> None:
    """No privileged intent is asked for: servers and private messages are enough."""
    [identify] = dc.gateway.identifies
    assert identify["intents"] == 1 << 0 | 1 << 12


@pytest.mark.usefixtures("bridge")
@pytest.mark.parametrize("code", [4000, None])
async def test_dropped_and_resumed(dc: FakeDiscord, house: House, bob: Person, code: int | None) -> None:
    """What happened while the connection was down is answered when it is back, without a new session."""
    dc.gateway.drop(code=code)
    await bob.says("in between")
    await bob.hears("you said: in between")
    assert len(dc.gateway.resumes) == len(dc.gateway.identifies) == 1
    assert len(house.study.applied) == 1


@pytest.mark.usefixtures("bridge")
async def test_asked_to_reconnect(dc: FakeDiscord, bob: Person) -> None:
    """A polite request to reconnect loses nothing."""
    dc.gateway.ask_to_reconnect()
    await bob.says("in between")
    await bob.hears("you said: in between")
    assert dc.gateway.resumes


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        (4004, TokenRejectedError, "portal"),
        (4014, GatewayRefusedError, "developer portal"),
        (4013, GatewayRefusedError, "discord.py"),
    ],
)
async def test_refused(
    dc: FakeDiscord, house: House, bridge: DiscordBridge, code: int, error: type[Exception], words: str
) -> None:
    """A gateway that refuses for good ends listening with what to do about it."""
    assert house.listening is not None
    dc.gateway.drop(code=code)
    with pytest.raises(error, match=words):
        await house.listening
    await bridge.close()


@pytest.mark.usefixtures("bridge")
async def test_gateway_lost_for_good(dc: FakeDiscord, house: House, bob: Person) -> None:
    """When an event makes the library give up we begin anew, after a while."""
    waits = len(house.clock.waits)
    dc.gateway.dispatch("INTERACTION_CREATE", {"id": "no interaction at all"})
    await dc.until(lambda: len(dc.gateway.identifies) == 2)
    assert len(house.clock.waits) > waits
    await bob.says("hello again")
    await bob.hears("you said: hello again")


async def test_signs_of_life(house: House, dc: FakeDiscord, bob: Person) -> None:
    """Whatever the gateway says is a sign of life."""
    assert house.builds().last_seen is None
    bridge = await house.listens()
    await bob.says("hello")
    await bob.hears("you said: hello")
    house.clock.seconds += 30
    before = bridge.last_seen
    await bob.says("bye")
    await bob.hears("you said: bye")
    assert before is not None
    assert bridge.last_seen == house.clock.now()
    dc.check()


async def test_closing(house: House, bridge: DiscordBridge) -> None:
    """Closing ends listening, and both may come again."""
    await bridge.close()
    assert house.listening is not None
    await house.listening
    await bridge.listen()
    await bridge.close()


async def test_closing_while_waiting(dc: FakeDiscord, house: House) -> None:
    """Closing does not wait for Discord to come back."""
    asked = asyncio.Event()

    async def wait(_seconds: float) -> None:
        asked.set()
        await asyncio.Event().wait()

    house.clock.wait = wait  # type: ignore[method-assign,assignment]  # the argument is called otherwise
    bridge = house.bridge = house.builds()
    await bridge.open()
    dc.faults.fail("GET /gateway/bot", status=503, times=100)
    house.listening = asyncio.create_task(bridge.listen())
    await asked.wait()
    await bridge.close()
    await house.listening


async def test_nobody_listens_twice(dc: FakeDiscord, house: House, bridge: DiscordBridge) -> None:
    """Cancelling the listener hangs up with the bridge's close."""
    assert house.listening is not None
    house.listening.cancel()
    await asyncio.gather(house.listening, return_exceptions=True)
    await bridge.close()
    await dc.until(lambda: not list(dc.gateway.live()))
