"""The whole app in one process: it serves, stops in good order, says what it cannot do, and survives being killed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession, web

from bot.app import beat, silent
from bot.clock import utc_now
from bot.core.learner import Account
from bot.platforms.discord import DiscordBridge, DiscordSettings
from bot.platforms.playground.bridge import PlaygroundBridge, PlaygroundSettings
from bot.platforms.playground.turning import TurnedClock
from bot.platforms.telegram import TelegramBridge, TelegramSettings
from bot.store import Store
from bot.study.desk import Study
from tests.conftest import NOW
from tests.conversations.talks import World, listening
from tests.curriculum.small import write
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import Button, FakeTelegram, Person
from tests.whole import PATIENCE_SECONDS, Whole, on_discord, on_telegram, running

WRONG_TELEGRAM: Final = "123456789:AAE-canary_never_to_be_logged_99999"
WRONG_DISCORD: Final = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GcAnAr.canary_never_to_be_logged_0123456789"
WAY: Final = ("track:", "min:", "days:", "zone:", "hour:", "quiz", "a:")
"""The buttons from hello to the first answer."""


def assert_no_canary(whole: Whole) -> None:
    """Assert that nothing it said holds a token."""
    assert "canary" not in whole.said.lower()


# --- one process, both platforms


@pytest.mark.slow
async def test_both_platforms(tmp_path: Path) -> None:
    """One process serves both platforms, shows signs of life, stops with 0, and never says a token, even at DEBUG."""
    async with (
        FakeTelegram(patience_seconds=PATIENCE_SECONDS) as telegram,
        FakeDiscord(patience_seconds=PATIENCE_SECONDS) as discord,
    ):
        alice, bob = telegram.person("Alice", language_code="en"), discord.person("Bob", locale="en-GB")
        wires = on_telegram(telegram) | on_discord(discord)
        async with running(tmp_path, health_file=str(tmp_path / "alive"), **wires) as whole:
            await whole.says("telegram is running.", "discord is running.")
            await alice.starts()
            await alice.hears("Xueban")
            await discord.ready()
            await discord.until(lambda: discord.commands, what="the commands to be synced")
            await bob.runs("start")
            await bob.hears("Xueban")
            written = datetime.fromisoformat((tmp_path / "alive").read_text("utf-8"))
            assert utc_now() - written < timedelta(seconds=PATIENCE_SECONDS)
            assert await whole.stops() == 0
        assert_no_canary(whole)
        assert "Traceback" not in whole.said
        assert "DEBUG" in whole.said.upper()
        assert telegram.violations == []
        discord.check()


@pytest.mark.slow
async def test_one_is_out_of_reach(tmp_path: Path) -> None:
    """While one platform cannot be reached the other serves, and the process can be stopped all the same."""
    async with FakeTelegram(patience_seconds=PATIENCE_SECONDS) as telegram:
        nowhere = {"discord_api": "http://127.0.0.1:9/api/v10", "discord_token": WRONG_DISCORD}
        async with running(tmp_path, **on_telegram(telegram), **nowhere) as whole:
            await whole.says("telegram is running.", "Discord cannot be reached")
            alice = telegram.person("Alice", language_code="en")
            await alice.starts()
            await alice.hears("Xueban")
            assert await whole.stops() == 0
        assert_no_canary(whole)
        assert "discord is running." not in whole.said


@pytest.mark.slow
async def test_playground_without_a_token(tmp_path: Path) -> None:
    """Without a token the playground opens, tells its address, serves its page and stops with 0."""
    async with running(tmp_path, log_level="INFO") as whole:
        await whole.says("The playground is open: http://127.0.0.1:")
        url = whole.said.split("The playground is open: ")[1].split()[0]
        async with ClientSession() as session, session.get(url) as answer:
            assert answer.status == 200
            assert "<title>" in await answer.text()
        assert await whole.stops() == 0
    assert whole.said.count("\n") == 1


@pytest.mark.slow
async def test_taken_port(tmp_path: Path) -> None:
    """A port that somebody else has is said in one sentence, with exit code 78."""
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with running(tmp_path, playground_port=str(runner.addresses[0][1]), log_level="INFO") as whole:
        assert await whole.ends() == 78
    await runner.cleanup()
    assert "is taken; set XUEBAN_PLAYGROUND_PORT" in whole.said
    assert "Traceback" not in whole.said


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["telegram", "discord"])
async def test_rejected_token(tmp_path: Path, platform: str) -> None:
    """A rejected token ends the whole process with 77 and one sentence that names the platform, not the token."""
    async with FakeTelegram() as telegram, FakeDiscord() as discord:
        wires = on_telegram(telegram) | on_discord(discord)
        wires |= {"telegram_token": WRONG_TELEGRAM} if platform == "telegram" else {"discord_token": WRONG_DISCORD}
        async with running(tmp_path, **wires) as whole:
            assert await whole.ends() == 77
    assert f"{platform.capitalize()} does not accept the bot's token" in whole.said
    assert_no_canary(whole)
    assert "Traceback" not in whole.said


@pytest.mark.slow
async def test_refused_by_the_gateway(tmp_path: Path) -> None:
    """A gateway that refuses the bot for good ends the process with 77 and the reason."""
    async with (
        FakeDiscord(patience_seconds=PATIENCE_SECONDS) as discord,
        running(tmp_path, **on_discord(discord)) as whole,
    ):
        await discord.until(lambda: discord.commands, what="the commands to be synced")
        bob = discord.person("Bob", locale="en-GB")
        await bob.runs("start")
        await bob.hears("Xueban")
        discord.gateway.drop(resumable=False, code=4013)
        assert await whole.ends() == 77
    assert "4013" in whole.said
    assert_no_canary(whole)


# --- killed again and again


async def walks(person: Person, telegram: FakeTelegram) -> None:
    """Go from hello to the first answer, pressing each button once, as soon as it is seen."""
    await person.starts()
    for verb in WAY:

        def wanted(button: Button, verb: str = verb) -> bool:
            return (button.data or "").startswith(verb)

        def offered(wanted: Callable[[Button], bool] = wanted) -> bool:
            return any(wanted(button) for shown in person.messages() for button in shown.buttons)

        await telegram.until(offered, f"a button {verb!r}")
        await person.presses(wanted)


async def killed_after(telegram: FakeTelegram, whole: Whole, calls: int, stories: list[asyncio.Task[None]]) -> bool:
    """Kill the app in the middle of its next calls; return whether the stories were still under way."""
    target = len(telegram.calls) + calls
    await telegram.until(lambda: len(telegram.calls) >= target or all(story.done() for story in stories), "more calls")
    await whole.dies()
    return not all(story.done() for story in stories)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_while_handling(tmp_path: Path, seed: int) -> None:
    """However often the process is killed while it handles updates, none is lost and none is applied twice."""
    rng = random.Random(seed)  # noqa: S311 - to be repeated
    settings = {"curriculum": str(write(tmp_path / "curriculum")), "log_level": "WARNING"}
    async with FakeTelegram(patience_seconds=PATIENCE_SECONDS) as telegram:
        settings |= on_telegram(telegram)
        people = [telegram.person(name, language_code="en") for name in ("Alice", "Charlie", "Ming 小明")]
        stories = [asyncio.create_task(walks(person, telegram)) for person in people]
        hit = 0
        for _ in range(4):
            async with running(tmp_path, "--only", "telegram", **settings) as whole:
                await whole.says("telegram is running.")
                hit += await killed_after(telegram, whole, rng.randint(1, 20), stories)
        assert hit
        async with running(tmp_path, "--only", "telegram", **settings) as whole:
            await asyncio.gather(*stories)
            await telegram.until_drained()
            for person in people:
                await person.hears(lambda shown: "✅" in shown.text or "❌" in shown.text)
            assert await whole.stops() == 0
        assert len({update["update_id"] for update in telegram.updates}) == len(people) * (1 + len(WAY))
        keys = [str(update["update_id"]) for update in telegram.updates]
    store = Store(f"sqlite:///{tmp_path}/xueban.db")
    async with store.read() as transaction:
        applied = [(await transaction.receipts.get("telegram", key))[0] for key in keys]
        assert await transaction.learners.count() == len(people)
        assert await transaction.receipts.count_set_aside() == 0
        for person in people:
            learner = await transaction.learners.of(Account("telegram", str(person.id)))
            assert learner is not None
            assert (learner.stage, learner.track) == ("ready", "short")
            entries = Counter(entry.kind for entry in await transaction.log.of(learner.id))
            assert entries == Counter(started=1, opened=1, answered=1)
    await store.close()
    assert applied == [True] * len(keys)


# --- the sign of life


async def test_silent_telegram(study: Study) -> None:
    """A Telegram that has not answered a poll for 90 seconds counts as silent, after a start-up grace of the same."""
    world = World(study)
    async with FakeTelegram(now=world.clock) as telegram:
        settings = TelegramSettings(token=telegram.token, api_root=telegram.root)
        bridge = TelegramBridge(study, settings, now=world.clock)
        assert silent([bridge], NOW, NOW + timedelta(seconds=90)) == []
        assert silent([bridge], NOW, NOW + timedelta(seconds=91)) == ["telegram"]
        world.now = NOW + timedelta(minutes=5)
        async with listening(bridge, world):
            telegram.person("Alice")
            await telegram.until_polling()
            telegram.end_poll()
            await telegram.until_called("getUpdates", 1)
            await telegram.until_polling()
            assert bridge.last_poll == world.now
            assert silent([bridge], NOW, world.now + timedelta(seconds=90)) == []
            assert silent([bridge], NOW, world.now + timedelta(seconds=91)) == ["telegram"]


async def test_silent_discord(study: Study) -> None:
    """A Discord whose gateway has said nothing for 90 seconds counts as silent, after the same grace."""
    world = World(study)
    async with FakeDiscord(clock=world.clock) as discord:
        with discord.pointed_at():
            settings = DiscordSettings(token=discord.token, api_base=discord.api_base, gateway_url=discord.gateway_url)
            bridge = DiscordBridge(study, settings, now=world.clock)
            assert silent([bridge], NOW, NOW + timedelta(seconds=90)) == []
            assert silent([bridge], NOW, NOW + timedelta(seconds=91)) == ["discord"]
            world.now = NOW + timedelta(minutes=5)
            async with listening(bridge, world):
                await discord.ready()
                assert bridge.last_seen == world.now
                assert silent([bridge], NOW, world.now + timedelta(seconds=90)) == []
                assert silent([bridge], NOW, world.now + timedelta(seconds=91)) == ["discord"]


async def test_playground_is_never_silent(study: Study) -> None:
    """The playground has no network to fall silent."""
    bridge = PlaygroundBridge(study, PlaygroundSettings(port=0), TurnedClock(NOW))
    assert silent([bridge], NOW, NOW + timedelta(days=1)) == []


async def test_health_file(study: Study, tmp_path: Path) -> None:
    """The health file is written while every platform is heard of, and left to grow old from then on."""
    file = tmp_path / "alive"
    deaf = TelegramBridge(study, TelegramSettings(token=WRONG_TELEGRAM))
    for seconds, written in ((0, 0), (90, 90), (91, 90), (3600, 90)):
        await beat(study, file, [deaf], NOW, NOW + timedelta(seconds=seconds))
        assert datetime.fromisoformat(file.read_text("utf-8")) == NOW + timedelta(seconds=written)
    await beat(study, file, [], NOW, NOW + timedelta(hours=2))
    assert datetime.fromisoformat(file.read_text("utf-8")) == NOW + timedelta(hours=2)
    await beat(study, None, [], NOW, NOW)
    assert await study.fact("heartbeat") == NOW.isoformat()
