"""What learners did: the log keeps its order, an answer is recorded at most once, memory comes back as written."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.core.history import Asked, Entry
from bot.core.learner import Learner
from bot.core.memory import Card, review
from bot.store import Store
from tests.conftest import NOW
from tests.store.conftest import BOB, Opener, joins

TODAY = NOW.date()


def question(learner: Learner, number: int = 1, *, lesson: str = "a_1", recall: bool = False) -> Asked:
    """Return question `number` as put to a learner."""
    return Asked(
        id=f"{lesson}-{number}",
        learner_id=learner.id,
        question=f"{lesson}/q{number}",
        digest="0123456789abcdef",
        purpose="recall" if recall else "lesson",
        seed=2**48 - number,
        asked_at=NOW + timedelta(seconds=number),
        study_day=TODAY,
    )


async def put(store: Store, *questions: Asked) -> None:
    """Put questions."""
    async with store.write() as transaction:
        for one in questions:
            await transaction.questions.put(one)


async def test_the_log_keeps_its_order(store: Store, alice: Learner) -> None:
    """Lines come back in the order they were written, also when their moments are equal or run backwards."""
    bob = await joins(store, BOB)
    lines = [Entry(NOW - timedelta(seconds=at % 3), TODAY, "answered", f"a/{at}", {"correct": at}) for at in range(50)]
    async with store.write() as transaction:
        for line in lines:
            await transaction.log.add(alice.id, line)
            await transaction.log.add(bob.id, Entry(NOW, TODAY, "opened", "b"))
    async with store.read() as transaction:
        assert list(await transaction.log.of(alice.id)) == lines
        assert [line.kind for line in await transaction.log.of(bob.id, ("opened",))] == ["opened"] * 50
        assert await transaction.log.of(bob.id, ("done", "skipped")) == ()


async def test_the_log_keeps_order_between_processes(store: Store, alice: Learner, another: Opener) -> None:
    """Lines of one learner who is locked meanwhile stand in the order in which their transactions ended."""
    stores = [store, await another()]
    written: list[int] = []

    async def writes(number: int) -> None:
        async with stores[number % 2].write() as transaction:
            await transaction.learners.get(alice.id)
            await transaction.log.add(alice.id, Entry(NOW, TODAY, "opened", str(number)))
            written.append(number)

    await asyncio.gather(*(writes(number) for number in range(30)))
    async with store.read() as transaction:
        assert [int(line.subject) for line in await transaction.log.of(alice.id)] == written


async def test_fifty_answers_at_once(store: Store, alice: Learner, another: Opener) -> None:
    """Of fifty answers at the same moment one is recorded, and it stays."""
    asked = question(alice)
    await put(store, asked)
    stores = [store, await another()]

    async def answers(number: int) -> int | None:
        async with stores[number % 2].write() as transaction:
            done = await transaction.questions.answer(asked.id, str(number), correct=True, now=NOW)
        return number if done else None

    recorded = [found for found in await asyncio.gather(*map(answers, range(50))) if found is not None]
    async with store.read() as transaction:
        kept = await transaction.questions.get(asked.id)
    assert kept is not None
    assert [kept.reply] == [str(number) for number in recorded]
    assert (kept.correct, kept.answered_at) == (True, NOW)


async def test_the_second_answer_changes_nothing(store: Store, alice: Learner) -> None:
    """A later answer to an answered question is refused and the first one stands."""
    asked = question(alice)
    await put(store, asked)
    async with store.write() as transaction:
        assert await transaction.questions.answer(asked.id, "first", correct=False, now=NOW)
    async with store.write() as transaction:
        assert not await transaction.questions.answer(asked.id, "second", correct=True, now=NOW)
        assert not await transaction.questions.answer("no such question", "", correct=True, now=NOW)
    async with store.read() as transaction:
        kept = await transaction.questions.get(asked.id)
    assert kept is not None
    assert (kept.reply, kept.correct) == ("first", False)


async def test_the_newest_open_question(store: Store, alice: Learner) -> None:
    """The open question is the newest that has no answer, and everybody has their own."""
    bob = await joins(store, BOB)
    first, second, bobs = question(alice), question(alice, 2), question(bob, lesson="b_1")
    await put(store, first, second, bobs)
    async with store.write() as transaction:
        assert await transaction.questions.open(alice.id) == second
        await transaction.questions.answer(second.id, "0", correct=True, now=NOW)
        assert await transaction.questions.open(alice.id) == first
        await transaction.questions.answer(first.id, "0", correct=True, now=NOW)
        assert await transaction.questions.open(alice.id) is None
        assert await transaction.questions.open(bob.id) == bobs


@pytest.mark.parametrize("near_miss", ["aX1", "a_1-more"])
async def test_answers_of_one_lesson(store: Store, alice: Learner, near_miss: str) -> None:
    """Only a lesson's own answered questions count for it, also when another id looks like it."""
    await put(store, question(alice), question(alice, 2), question(alice, lesson=near_miss))
    async with store.write() as transaction:
        for one in (question(alice), question(alice, lesson=near_miss)):
            await transaction.questions.answer(one.id, "0", correct=True, now=NOW)
        answered = await transaction.questions.answered(alice.id, "a_1")
    assert [found.question for found in answered] == ["a_1/q1"]


async def test_recalls_of_a_day(store: Store, alice: Learner) -> None:
    """Recall questions are counted by study day and learner; questions of a lesson are not recall."""
    await put(store, question(alice), question(alice, 2, recall=True), question(alice, 3, recall=True))
    async with store.read() as transaction:
        assert await transaction.questions.recalls_on(alice.id, TODAY) == 2
        assert await transaction.questions.recalls_on(alice.id, TODAY + timedelta(days=1)) == 0
        assert await transaction.questions.recalls_on(alice.id + 1, TODAY) == 0


async def test_memory_comes_back(store: Store, alice: Learner) -> None:
    """A card is the same after a trip through the database, so that the next review builds on it."""
    card = review(None, "a/q1", correct=True, now=NOW)
    async with store.write() as transaction:
        await transaction.cards.save(alice.id, card)
        assert await transaction.cards.get(alice.id, "a/q1") == card
        again = review(card, "a/q1", correct=False, now=card.due_at)
        await transaction.cards.save(alice.id, again)
    async with store.read() as transaction:
        assert await transaction.cards.get(alice.id, "a/q1") == again
        assert await transaction.cards.get(alice.id + 1, "a/q1") is None


async def test_due_cards_longest_overdue_first(store: Store, alice: Learner) -> None:
    """Cards are due from their moment on, the longest overdue first; a new card never replaces a known one."""
    cards = [Card(f"a/q{hours}", NOW - timedelta(hours=hours), {"k": hours}) for hours in (1, 3, 2, -1)]
    async with store.write() as transaction:
        await transaction.cards.add(alice.id, cards)
        await transaction.cards.add(alice.id, [Card("a/q3", NOW + timedelta(days=9), {})])
    async with store.read() as transaction:
        due = await transaction.cards.due(alice.id, NOW, 9)
        assert [card.question for card in due] == ["a/q3", "a/q2", "a/q1"]
        assert await transaction.cards.due(alice.id, NOW, 1) == due[:1]
