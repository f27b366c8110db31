"""Questions: every answer is explained at once, counts once, belongs to one person, and recall comes first."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.message import Message
from bot.core.roadmap import Roadmap
from bot.store import Store
from bot.study.desk import Study
from bot.study.requests import Press
from tests.conftest import NOW
from tests.study.people import Person, choices, dice
from tests.study.small import SMALL, choice
from tests.study.test_first_conversation import learner_of
from tests.study.test_once import log_of


def pick(person: Person, text: str) -> str:
    """Return the action of the offered option that holds `text`."""
    return next(button.action for button in choices(person.said) if text in button.label)


async def test_why_it_is_right(alice: Person) -> None:
    """A right answer says so, says why, where to reread, and brings the next question."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    said = await alice.presses(pick(alice, "q1 right"))
    assert said[0].replaces
    for part in ("q1?", "✅ **q1 right (en)**", "q1 right because (en)", "source of q1 (en)"):
        assert part in said[0].text
    assert "q2?" in said[1].text


async def test_why_it_is_wrong(alice: Person) -> None:
    """A wrong answer shows the right one and why, what was answered and why it tempts, and a way to reread."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    said = await alice.presses(pick(alice, "q1 worse"))
    for part in ("right answer is **q1 right (en)**", "q1 right because (en)", "“q1 worse (en)”", "q1 worse because"):
        assert part in said[0].text
    assert [button.action for button in choices(said[:1])] == ["lesson:a"]


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("1/2", "✅ **0.5**"),
        ("５０％", "✅ **0.5**"),
        ("2", "upside down (en)"),
        ("-7", "Hold your steps against those above"),
    ],
)
async def test_a_typed_number(alice: Person, typed: str, part: str) -> None:
    """A number may be typed as people write it; a known slip is named, other wrong numbers lead to the steps."""
    await alice.settles_in()
    await alice.presses("quiz:c")
    said = await alice.types(typed)
    assert part in said[0].text
    assert "half of it" in said[0].text


@pytest.mark.parametrize(
    "typed",
    ["no idea", "1/0", "1e999", "nan", "∞", "0x1", "１２ apples", "½½", "😀" * 500, "\u202e0.5", "--1", "9" * 4096],
)
async def test_text_where_a_number_is_due(alice: Person, store: Store, typed: str) -> None:
    """What is no number is said back kindly, the question stays open, and nothing is counted."""
    await alice.settles_in()
    await alice.presses("quiz:c")
    log = await log_of(store, alice)
    said = await alice.types(typed)
    if len(typed) <= 64 or not typed.isdecimal():
        assert "the question is still open" in said[0].text
        assert said[0].entry is not None
        assert await log_of(store, alice) == log
        said = await alice.types("0.5")
        assert "✅" in said[0].text
    assert all(len(message.text) < 4096 for message in said)


async def test_the_second_press_finds_the_first(alice: Person, store: Store) -> None:
    """Pressing again, also another option, repeats the first verdict and counts nothing."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    wrong, right = pick(alice, "q1 wrong"), pick(alice, "q1 right")
    await alice.presses(wrong)
    log = await log_of(store, alice)
    (again,) = await alice.presses(right)
    assert "your first answer counts" in again.text
    assert "“q1 wrong (en)”" in again.text
    assert await log_of(store, alice) == log


async def test_fifty_presses_at_once(alice: Person, study: Study, store: Store) -> None:
    """Of fifty presses at the same moment one counts; all the others are told which."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    actions = [button.action for button in choices(alice.said)]
    requests = [alice.request(Press(actions[number % 3])) for number in range(50)]
    replies = await asyncio.gather(*(study.handle(request, NOW) for request in requests))
    assert sum(len(said) == 2 for said in replies) == 1
    assert sum("your first answer counts" in said[0].text for said in replies) == 49
    assert len([entry for entry in await log_of(store, alice) if entry.kind == "answered"]) == 1


async def test_somebody_elses_question(alice: Person, bob: Person, store: Store) -> None:
    """Somebody else's button gets a private, polite no and answers nothing, for them or for its owner."""
    await alice.settles_in()
    await bob.settles_in()
    await alice.presses("quiz:a")
    stolen = pick(alice, "q1 right")
    logs = await log_of(store, alice), await log_of(store, bob)
    (said,) = await bob.presses(stolen)
    assert said.private
    assert "put to someone else" in said.text
    assert (await log_of(store, alice), await log_of(store, bob)) == logs
    assert (await alice.presses(stolen))[0].text.count("✅") == 1


async def test_done_only_by_answering(alice: Person, store: Store) -> None:
    """Opening, reading and pressing everything else completes nothing; answering the last question does, once."""
    await alice.settles_in()
    for action in ("lesson:a", "read:a", "view:a", "explain:a", "model:a", "did:a", "quiz:a", "go", "more"):
        await alice.presses(action)
    assert "done" not in [entry.kind for entry in await log_of(store, alice)]
    await alice.presses("quiz:a")
    await alice.presses(pick(alice, "q1 worse"))
    await alice.types("0.5")
    assert "done" not in [entry.kind for entry in await log_of(store, alice)]
    said = await alice.presses(pick(alice, "q3 right"))
    assert "Lesson a (en)**: done" in said[1].text
    await alice.presses("quiz:a")
    done = [entry.subject for entry in await log_of(store, alice) if entry.kind == "done"]
    assert done == ["a"]


async def test_a_lesson_without_questions(alice: Person, store: Store) -> None:
    """Where a lesson has no questions yet the learner's word counts, once; an open one never looks done."""
    await alice.settles_in()
    await alice.presses("quiz:b")
    assert "done." not in alice.text
    assert alice.offered("did") == ["did:b"]
    for _ in range(2):
        await alice.presses("did:b")
        assert "Lesson b (en)**: done" in alice.text
    assert [entry.kind for entry in await log_of(store, alice)].count("done") == 1


async def test_recall_comes_first(alice: Person) -> None:
    """The day after, what was learnt is asked before the lesson: at most two questions, then the lesson."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    await alice.presses(pick(alice, "q1 worse"))
    await alice.types("99")
    await alice.presses(pick(alice, "q3 worse"))
    alice.now += timedelta(days=1)
    await alice.sends("today")
    for _ in range(2):
        assert alice.said[-1].text.startswith("🔁 **First, from memory**")
        if alice.offered("a"):
            await alice.taps("a")
        else:
            await alice.types("0.5")
    assert "Lesson b" in alice.said[-1].text


async def test_an_open_recall_is_put_again(alice: Person) -> None:
    """A recall question that is open is shown again, not another one; left overnight it lets the lesson go first."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    await alice.presses(pick(alice, "q1 worse"))
    alice.now += timedelta(days=1)
    await alice.sends("today")
    first = alice.said[-1]
    await alice.sends("today")
    assert alice.said[-1] == first
    alice.now += timedelta(days=1)
    await alice.sends("today")
    assert "Lesson a" in alice.said[-1].text


async def test_the_question_in_the_other_language(alice: Person) -> None:
    """After a change of language the verdict on a question asked before comes in the new one."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    right = pick(alice, "q1 right")
    await alice.sends("language", "zh")
    said = await alice.presses(right)
    assert "✅ **q1 right（中）**" in said[0].text


async def test_a_withdrawn_question(alice: Person, store: Store) -> None:
    """A question that left the road meanwhile does not count; the lesson is completed by the others."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    await alice.presses(pick(alice, "q1 right"))
    await alice.types("0.5")
    last = pick(alice, "q3 right")
    alice.study = Study(store, _without_q3(), dice(3))
    (said,) = await alice.presses(last)
    assert "withdrawn" in said.text
    await alice.taps("go")
    await alice.presses("quiz:a")
    assert [entry.kind for entry in await log_of(store, alice)].count("done") == 1
    await alice.presses("go")
    assert "Lesson b" in alice.text


async def test_a_question_that_became_another(alice: Person, store: Store) -> None:
    """A question rewritten as another kind since its answer still finds the answer, without a fault of ours."""
    await alice.settles_in()
    await alice.presses("quiz:c")
    await alice.types("0.5")
    asked = await _asked(store, alice)
    alice.study = Study(store, _with_choice_in_c(), dice(3))
    for body in ("", ":0"):
        (said,) = await alice.presses(f"a:{asked}{body}")
        assert "your first answer counts" in said.text


async def test_questions_that_are_gone(alice: Person) -> None:
    """A button of a question nobody knows offers today instead."""
    await alice.settles_in()
    for action in ("a", "a:", "a:0123456789abcdef", "a:0123456789abcdef:0"):
        (said,) = await alice.presses(action)
        assert "its question is gone" in said.text
        assert alice.offered("go") == ["go"]


async def test_a_position_that_does_not_exist(alice: Person, store: Store) -> None:
    """A forged position puts the question again and counts nothing."""
    await alice.settles_in()
    (question,) = await alice.presses("quiz:a")
    action = pick(alice, "q1 right").rsplit(":", 1)[0]
    log = await log_of(store, alice)
    for forged in (f"{action}:3", f"{action}:-1", f"{action}:x", action, f"{action}:0:1:2"[:64]):
        said: tuple[Message, ...] = await alice.presses(forged)
        if forged.endswith(":2"):
            continue
        assert said == (question,)
        assert await log_of(store, alice) == log


async def _asked(store: Store, person: Person) -> str:
    learner = await learner_of(store, person)
    async with store.read() as transaction:
        (found,) = await transaction.questions.answered(learner.id, "c")
    return found.id


def _without_q3() -> Roadmap:
    lessons = dict(SMALL.lessons)
    lessons["a"] = replace(lessons["a"], questions=lessons["a"].questions[:2])
    return replace(SMALL, lessons=lessons)


def _with_choice_in_c() -> Roadmap:
    lessons = dict(SMALL.lessons)
    lessons["c"] = replace(lessons["c"], questions=(choice("q1"),))
    return replace(SMALL, lessons=lessons)
