"""Tests of the polling loop: nothing lost, nothing twice, nothing that stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from traceback import format_exception

import pytest

from bot.core.message import Message
from bot.platforms.telegram import TokenRejectedError
from bot.study.requests import Request
from tests.fakes.telegram import FakeTelegram, Person
from tests.platforms.telegram.conftest import START, House

POISON = [
    {"message": "not an object"},
    {"message": {}},
    {"message": {"message_id": 1, "date": 1, "chat": None, "text": "hi"}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 1}, "text": "hi"}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "from": 7, "text": "hi"}},
    {"callback_query": {"id": "1"}},
    {"callback_query": []},
    {"my_chat_member": {"chat": {"id": 1, "type": "private"}}},
    {"my_chat_member": 5},
]


async def crowd(telegram: FakeTelegram) -> list[Person]:
    """Let three people write three texts each, all before the bot comes."""
    people = [telegram.person(name) for name in ("Alice", "Bob", "Charlie")]
    for number in range(3):
        for person in people:
            await person.says(f"{person.user.first_name} {number}")
    return people


def assert_all_once(house: House) -> None:
    """Assert that the nine texts took effect once each, in order for each person."""
    assert sorted(house.study.texts) == sorted(
        f"{name} {number}" for name in ("Alice", "Bob", "Charlie") for number in range(3)
    )
    for name in ("Alice", "Bob", "Charlie"):
        own = [text for text in house.study.texts if text.startswith(name)]
        assert own == [f"{name} {number}" for number in range(3)]
    assert len(set(house.study.keys)) == len(house.study.keys)


def countdown(number: int, act: Callable[[], object]) -> Callable[[str], None]:
    """Return a hook that acts at its `number`-th call, counted from 0."""
    left: Iterator[int] = iter(range(number, -1, -1))

    def hook(point: str) -> None:
        del point
        if next(left, -1) == 0:
            act()

    return hook


@pytest.mark.parametrize("number", range(40))
async def test_killed_at_every_point_of_the_study(house: House, telegram: FakeTelegram, number: int) -> None:
    """A process killed in or around any transaction loses no update and applies none twice."""
    people = await crowd(telegram)
    await house.opens()
    assert house.listening is not None
    listening, dead = house.listening, asyncio.Event()

    def die() -> None:
        listening.cancel()
        dead.set()

    house.study.at = countdown(number, die)
    drained = asyncio.create_task(telegram.until_drained())
    died = asyncio.create_task(dead.wait())
    await asyncio.wait({drained, died}, return_when=asyncio.FIRST_COMPLETED)
    for task in (drained, died):
        task.cancel()
    await house.dies()
    house.study.at = lambda _: None
    await house.opens()
    await telegram.until_polling()
    assert_all_once(house)
    for person in people:
        await person.hears(f"{person.user.first_name} 2")


@pytest.mark.parametrize("steps", range(0, 120, 6))
async def test_killed_at_any_step_of_the_loop(house: House, telegram: FakeTelegram, steps: int) -> None:
    """A process killed at any step between fetching and confirming loses and doubles nothing."""
    await crowd(telegram)
    await house.opens()
    for _ in range(steps):
        await asyncio.sleep(0)
    await house.dies()
    await house.opens()
    await telegram.until_polling()
    assert_all_once(house)


@pytest.mark.parametrize("processed", [False, True])
async def test_killed_while_confirming(house: House, telegram: FakeTelegram, *, processed: bool) -> None:
    """A process killed while it confirms, whether Telegram heard it or not, loses and doubles nothing."""
    (alice, *_) = await crowd(telegram)
    await house.opens()
    await telegram.until_polling()
    hold = telegram.holds("getUpdates", processed=processed)
    await alice.says("one more")
    if processed:
        await telegram.until_polling()
        telegram.end_poll()
    await hold.reached()
    await house.dies()
    hold.release()
    await house.opens()
    await telegram.until_polling()
    assert house.study.texts.count("one more") == 1
    assert len(house.study.keys) == 10


async def test_the_offset_follows_the_commit(house: House, telegram: FakeTelegram) -> None:
    """While an update is being applied it is not confirmed."""
    alice = telegram.person("Alice")
    seen: list[int] = []
    house.study.at = lambda point: seen.append(len(telegram.world.queue.pending)) if "commit" in point else None
    await alice.says("one")
    await alice.says("two")
    await house.opens()
    await telegram.until_drained()
    assert set(seen) == {2}


async def test_the_same_update_again(house: House, telegram: FakeTelegram) -> None:
    """An update that comes again changes nothing and says nothing."""
    alice = telegram.person("Alice")
    await house.opens()
    await alice.says("once")
    await alice.hears("once")
    await telegram.until_polling()
    telegram.repeats(telegram.updates[0])
    await telegram.until_polling()
    assert house.study.texts == ["once"]
    assert len(telegram.bot_messages(alice)) == 1


@pytest.mark.parametrize("poison", POISON, ids=str)
async def test_poison(house: House, telegram: FakeTelegram, poison: dict[str, object]) -> None:
    """An update that cannot be parsed is set aside; those before and after it are not disturbed."""
    alice = telegram.person("Alice")
    await alice.says("before")
    number = telegram.raw_update(poison)
    await alice.says("after")
    await house.opens()
    await telegram.until_polling()
    assert house.study.texts == ["before", "after"]
    raw, error = house.study.aside[str(number)]
    assert str(number) in raw
    assert error
    assert len(telegram.calls_of("getUpdates")) <= 3


async def test_a_bug_of_ours(house: House, telegram: FakeTelegram) -> None:
    """An update that makes us stumble is set aside, the press is answered all the same, the chat goes on."""
    alice = telegram.person("Alice")

    def stumble(request: Request) -> tuple[Message, ...]:
        if "stumble" in str(request.body):
            raise ZeroDivisionError
        return (Message("fine"),)

    house.study.script = stumble
    await house.opens()
    await alice.says("go")
    shown = await alice.hears("fine")
    press = await alice.forges("stumble", on=shown)
    await alice.says("on")
    await alice.hears("fine")
    await press.answer()
    assert len(house.study.aside) == 1


async def test_a_bug_of_ours_in_a_group(house: House, telegram: FakeTelegram) -> None:
    """A press in a group that makes us stumble is answered, too."""
    alice = telegram.person("Alice")
    group = telegram.group("Readers", alice)
    await house.opens()
    await group.adds_bot(alice)
    await alice.says("/quiz", at=group)
    shown = await alice.hears("you did", at=group)

    def stumble(request: Request) -> tuple[Message, ...]:
        raise ZeroDivisionError(request.key)

    house.study.script = stumble
    press = await alice.forges("x", on=shown)
    assert await press.answer() == ""


async def test_busy_store(house: House, telegram: FakeTelegram) -> None:
    """While the store is out of reach nothing is confirmed; then everything happens once."""
    people = await crowd(telegram)
    house.study.busy = 5
    await house.opens()
    await telegram.until_polling()
    assert_all_once(house)
    assert 0 < len(house.clock.waits) <= 5
    for person in people:
        await person.hears(f"{person.user.first_name} 2")
        texts = [shown.text for shown in telegram.bot_messages(person)]
        assert texts == [f"you said: {person.user.first_name} {number}" for number in range(3)]


async def test_long_busy_store(house: House, telegram: FakeTelegram) -> None:
    """The longer the store is out of reach, the longer the pauses, up to a minute."""
    alice = telegram.person("Alice")
    await alice.says("hello")
    house.study.busy = 30
    await house.opens()
    await alice.hears("hello")
    assert len(house.clock.waits) == 30
    assert 30 < max(house.clock.waits) <= 60
    assert len(telegram.bot_messages(alice)) == 1


async def test_busy_store_with_poison(house: House, telegram: FakeTelegram) -> None:
    """Poison that cannot even be set aside now is set aside later."""
    house.study.busy = 2
    number = telegram.raw_update({"message": {}})
    await house.opens()
    await telegram.until_polling()
    assert list(house.study.aside) == [str(number)]


async def test_one_slow_chat(house: House, telegram: FakeTelegram) -> None:
    """A chat that takes long holds up no other chat of the same batch."""
    alice, bob = telegram.person("Alice"), telegram.person("Bob")
    await alice.says("slow")
    await bob.says("quick")
    gate = asyncio.Event()
    plain = house.study.handle

    async def handle(request: Request, now: object) -> tuple[Message, ...]:
        del now
        if "slow" in str(request.body):
            await gate.wait()
        return await plain(request, START)

    house.study.handle = handle  # type: ignore[method-assign] # slows the contract down, keeps it otherwise
    await house.opens()
    await bob.hears("quick")
    assert house.study.texts == ["quick"]
    gate.set()
    await alice.hears("slow")


@pytest.mark.parametrize("code", [401, 404, 409, 500, 502])
async def test_stray_errors(house: House, telegram: FakeTelegram, code: int) -> None:
    """Two stray errors of any kind are survived with a growing pause."""
    alice = telegram.person("Alice")
    telegram.fails("getUpdates", code, times=2)
    await house.opens()
    await alice.says("still there?")
    await alice.hears("still there?")
    first, second = house.clock.waits
    assert 0 <= first <= 1
    assert 0 <= second <= 2


@pytest.mark.parametrize("trouble", ["resets", "loses"])
async def test_broken_connections(house: House, telegram: FakeTelegram, trouble: str) -> None:
    """A poll whose connection breaks is polled again, and its updates are not lost."""
    alice = telegram.person("Alice")
    await alice.says("hello")
    getattr(telegram, trouble)("getUpdates", times=2)
    await house.opens()
    await alice.hears("hello")
    assert house.study.texts == ["hello"]


async def test_back_off_is_capped(house: House, telegram: FakeTelegram) -> None:
    """However long Telegram fails, a pause is at most a minute, and random."""
    telegram.fails("getUpdates", 500, times=30)
    await house.opens()
    await telegram.until_polling()
    assert len(house.clock.waits) == 30
    assert max(house.clock.waits) <= 60
    assert len(set(house.clock.waits)) == 30


async def test_flooded_poll(house: House, telegram: FakeTelegram) -> None:
    """A poll that comes too often waits as long as Telegram asks."""
    telegram.floods("getUpdates", retry_after=17)
    await house.opens()
    await telegram.until_polling()
    assert house.clock.waits[0] >= 17


async def test_active_webhook(house: House, telegram: FakeTelegram) -> None:
    """A webhook that is still set from other days is deleted, and what waited for it is not dropped."""
    alice = telegram.person("Alice")
    await alice.says("hello")
    telegram.world.queue.webhook_active = True
    await house.opens()
    await alice.hears("hello")
    (call,) = telegram.calls_of("deleteWebhook")
    assert not call.params.get("drop_pending_updates")


async def test_rejected_token(house: House, telegram: FakeTelegram) -> None:
    """A token that is refused for good while listening ends the listening, and the error does not tell it."""
    await house.opens()
    await telegram.until_polling()
    telegram.fails("getMe", 401, times=None)
    telegram.fails("getUpdates", 401, times=None)
    telegram.end_poll()
    assert house.listening is not None
    with pytest.raises(TokenRejectedError) as caught:
        await house.listening
    assert telegram.token not in "".join(format_exception(caught.value))
    assert "@BotFather" in str(caught.value)


async def test_two_rejections_are_too_few(house: House, telegram: FakeTelegram) -> None:
    """Two refused polls are a passing trouble even while getMe is refused, and so are three far apart."""
    alice = telegram.person("Alice")
    await house.opens()
    await telegram.until_polling()
    refused = telegram.fails("getMe", 401, times=None)
    for _ in range(3):
        telegram.fails("getUpdates", 401, times=2)
        telegram.end_poll()
        await telegram.until_polling()
        house.clock.seconds += 61
    assert refused.hits == 0
    await alice.says("hello")
    await alice.hears("hello")


async def test_rejected_poll_with_good_token(house: House, telegram: FakeTelegram) -> None:
    """Refused polls while getMe works are a passing trouble, however many."""
    alice = telegram.person("Alice")
    telegram.fails("getUpdates", 401, times=9)
    await house.opens()
    await alice.says("hello")
    await alice.hears("hello")


@pytest.mark.parametrize("token", ["7000000001:AAE-wrong_canary_0000000000000000", "nonsense"])
async def test_wrong_token_at_the_start(house: House, token: str) -> None:
    """A wrong token is told at the start, without telling it."""
    bridge = house.builds(token=token)
    with pytest.raises(TokenRejectedError) as caught:
        await bridge.open()
    assert token not in "".join(format_exception(caught.value))


async def test_telegram_out_of_reach_at_the_start(house: House, telegram: FakeTelegram) -> None:
    """Opening gives Telegram some time, and listening all the time it needs."""
    alice = telegram.person("Alice")
    await alice.says("hello")
    telegram.resets("getMe", times=2)
    telegram.fails("getMe", 502, times=6)
    telegram.fails("getMe", 401)
    await house.opens()
    assert len(house.clock.waits) == 5
    await alice.hears("hello")
    assert len(house.clock.waits) == 9


async def test_sign_of_life(house: House, telegram: FakeTelegram) -> None:
    """The last good poll is known, and failures leave it where it is."""
    alice = telegram.person("Alice")
    bridge = await house.opens()
    assert bridge.last_poll is None
    await alice.says("hello")
    await alice.hears("hello")
    good = bridge.last_poll
    assert good == house.clock.now()
    await telegram.until_polling()
    fault = telegram.fails("getUpdates", 500, times=3)
    telegram.end_poll()
    await telegram.until(lambda: fault.left == 0)
    await alice.says("again")
    await alice.hears("again")
    assert bridge.last_poll == house.clock.now() != good


async def test_named_updates(house: House, telegram: FakeTelegram) -> None:
    """We ask for exactly the kinds of update we use, in long polls."""
    await house.opens()
    await telegram.until_polling()
    params = telegram.calls_of("getUpdates")[0].params
    assert params["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
    assert params["timeout"] == 25


async def test_closing_finishes_what_is_in_hand(house: House, telegram: FakeTelegram) -> None:
    """Closing lets the update in hand finish and its reply go out."""
    alice = telegram.person("Alice")
    await alice.says("last words")
    bridge = await house.opens()
    closing: list[asyncio.Task[None]] = []
    house.study.at = countdown(2, lambda: closing.append(asyncio.create_task(bridge.close())))
    await alice.hears("last words")
    assert house.listening is not None
    await house.listening
    await closing[0]
    assert house.study.waiting == {}


async def test_closing_twice_and_before_listening(house: House) -> None:
    """Closing is harmless at any time."""
    bridge = house.builds()
    await bridge.close()
    await bridge.open()
    await bridge.close()
    await bridge.listen()
    await bridge.close()
