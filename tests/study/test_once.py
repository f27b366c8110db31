"""Whatever a platform repeats is applied once, and what was said is kept until somebody saw it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.history import Entry
from bot.core.message import Choice, Link, Message, Picture
from bot.core.message import Entry as TypeHere
from bot.store import Store, StoreBusyError
from bot.study import letters
from bot.study.desk import Study
from bot.study.requests import Command, Press
from tests.conftest import NOW
from tests.study.conftest import Faults
from tests.study.people import Person, dice
from tests.study.small import SMALL
from tests.study.test_first_conversation import learner_of


async def log_of(store: Store, person: Person) -> tuple[Entry, ...]:
    """Return a person's log."""
    learner = await learner_of(store, person)
    async with store.read() as transaction:
        return await transaction.log.of(learner.id)


async def test_the_same_request_twice(alice: Person, study: Study, store: Store) -> None:
    """The same key applies once and gives the same replies until they are delivered, then nothing."""
    await alice.settles_in()
    request = alice.request(Press("did:b"))
    first = await study.handle(request, NOW)
    log = await log_of(store, alice)
    assert first
    assert await study.handle(request, NOW + timedelta(minutes=1)) == first
    await study.delivered("telegram", request.key)
    assert await study.handle(request, NOW) == ()
    assert await log_of(store, alice) == log


async def test_the_same_request_at_the_same_moment(alice: Person, study: Study, store: Store) -> None:
    """Twenty copies of one request at once are applied once, and each gets the same replies."""
    await alice.settles_in()
    request = alice.request(Press("skip:b"))
    replies = await asyncio.gather(*(study.handle(request, NOW) for _ in range(20)))
    assert {reply[0].text for reply in replies} == {replies[0][0].text}
    assert [entry.kind for entry in await log_of(store, alice)].count("skipped") == 1


async def test_one_newcomer_in_two_processes(alice: Person, database: str, store: Store) -> None:
    """A newcomer whose first two messages arrive in two processes is one learner."""
    second = Store(database)
    studies = [Study(store, SMALL, dice(1)), Study(second, SMALL, dice(2))]
    requests = [alice.request(Command("start")) for _ in range(10)]
    replies = await asyncio.gather(*(studies[at % 2].handle(request, NOW) for at, request in enumerate(requests)))
    await second.close()
    assert all(replies)
    async with store.read() as transaction:
        assert await transaction.learners.count() == 1


async def test_undelivered_replies(alice: Person, study: Study) -> None:
    """After a crash the replies of the last ten minutes that nobody reported delivered can be sent."""
    request = alice.request(Command("start"))
    said = await study.handle(request, NOW)
    (pending,) = await study.undelivered("telegram", NOW + timedelta(minutes=10))
    assert (pending.key, pending.chat, pending.replies) == (request.key, request.chat, said)
    assert await study.undelivered("telegram", NOW + timedelta(minutes=11)) == []
    assert await study.undelivered("discord", NOW) == []
    await study.delivered("telegram", request.key)
    assert await study.undelivered("telegram", NOW) == []


async def test_receipts_are_kept_for_a_week(alice: Person, study: Study) -> None:
    """A request is remembered for longer than any platform repeats one, then forgotten."""
    request = alice.request(Command("start"))
    await study.handle(request, NOW)
    assert await study.keep_house(NOW + timedelta(days=8)) == 0
    assert await study.handle(request, NOW + timedelta(days=8)) != ()
    assert await study.keep_house(NOW + timedelta(days=8, seconds=1)) == 1


async def test_a_fault_of_ours(alice: Person, store: Store, faults: Faults) -> None:
    """A fault of ours is confessed, changes nothing, is kept for the owner, and is not tried again and again."""
    await alice.settles_in()
    log = await log_of(store, alice)
    alice.study = Study(store, replace(SMALL, resources={}), dice(1))
    request = alice.request(Press("lesson:b"))
    (said,) = await alice.study.handle(request, NOW)
    assert "Something broke on my side" in said.text
    assert await alice.study.handle(request, NOW) == (said,)
    assert await log_of(store, alice) == log
    async with store.read() as transaction:
        assert await transaction.receipts.count_set_aside() == 1
    faults.clear()


async def test_busy_changes_nothing(alice: Person, store: Store) -> None:
    """When the database is out of reach the platform is told so, and hands the same request in again later."""
    request = alice.request(Command("start"))
    nowhere = Store("postgresql://postgres@/nothing?host=/no/such/folder")
    with pytest.raises(StoreBusyError):
        await Study(nowhere, SMALL, dice(1)).handle(request, NOW)
    await nowhere.close()
    assert await alice.study.handle(request, NOW)
    async with store.read() as transaction:
        assert await transaction.learners.count() == 1


def test_messages_survive_the_drawer() -> None:
    """A message of every kind is the same after it was kept."""
    message = Message(
        "**a** \\* \x00 😀 \u202e",
        ((Choice("b", "go", "good"), Link("c", "https://example.org")), ()),
        Picture(b"\x89PNG\x00", "alt"),
        TypeHere("zone", "l", "t", "h"),
        private=True,
        replaces=True,
        silent=True,
    )
    assert letters.from_json(letters.to_json([message, Message("x")])) == (message, Message("x"))


async def test_what_platforms_ask_to_remember(study: Study) -> None:
    """A fact a platform asked to remember comes back, also after it changed."""
    for value in ("abc", "def"):
        await study.remember("menu", value)
        assert await study.fact("menu") == value
    assert await study.fact("other") is None
