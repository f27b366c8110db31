"""The plan tells the truth: against the first promise, about what is left, with a fix where there is one."""

from __future__ import annotations

from datetime import timedelta

from bot.store import Store
from bot.study.chat import NotSent
from bot.study.desk import Study
from bot.study.requests import Account
from tests.study.chats import RoomChat
from tests.study.people import Person
from tests.study.test_first_conversation import learner_of
from tests.study.test_once import log_of
from tests.study.test_pushes import DAY, EIGHT


async def test_the_promise_is_kept_in_mind(alice: Person) -> None:
    """Weeks later a change of plan is held against the day the track began, and says what is left."""
    await alice.settles_in()
    alice.now += 30 * DAY
    await alice.presses("did:b")
    await alice.presses("min:60")
    assert "**fits**" not in alice.text
    assert "more**" in alice.text
    assert "still ahead" in alice.text


async def test_another_track_begins_its_own_promise(alice: Person) -> None:
    """A new track's promise counts from the day it was chosen."""
    await alice.settles_in()
    alice.now += 30 * DAY
    await alice.presses("track:shorter")
    await alice.presses("min:240")
    assert "promises 1 days, and your plan **fits**" in alice.text


async def test_a_fix_for_few_days(alice: Person) -> None:
    """Where more minutes do not help, more days are offered; a setting always leaves a way on."""
    await alice.settles_in(days=0b1000000)
    await alice.presses("min:60")
    assert "every day of the week" in alice.text
    assert "days:127" in alice.offered("days")
    assert alice.offered("go")
    assert alice.offered("set")


async def test_the_end_does_not_move_with_the_hour(alice: Person) -> None:
    """The finish date is the same before and after the day's lesson, and on the next morning."""
    await alice.settles_in(minutes=30)
    finishes = []
    for _ in range(2):
        await alice.sends("progress")
        finishes.append(next(line for line in alice.text.split("\n") if "finish" in line))
        await alice.presses("did:b")
    alice.now += DAY
    await alice.sends("progress")
    finishes.append(next(line for line in alice.text.split("\n") if "finish" in line))
    assert finishes[1] == finishes[2]


async def test_back_on_a_study_day(alice: Person, study: Study) -> None:
    """A pause names the day on which the next lesson really comes."""
    await alice.settles_in(days=0b0011111)
    await alice.sends("pause", "5")  # from Monday to Saturday, on which nothing is planned
    assert await study.next_due() == EIGHT + 6 * DAY
    assert "30 November" in alice.text


async def test_a_question_is_open_once(alice: Person) -> None:
    """Asking for the same lesson's question again, whatever came between, puts the same asking."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    first = alice.offered("a")
    await alice.presses("quiz:d")
    await alice.presses("quiz:a")
    assert alice.offered("a") == first


async def test_a_number_after_a_setting(alice: Person) -> None:
    """A numeric question stays open while a setting is changed."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    await alice.taps("a")
    await alice.presses("min:90")
    await alice.types("0.5")
    assert "✅" in alice.text


async def test_a_second_press_leads_on(alice: Person) -> None:
    """Who presses an answered question again, for instance because the reply was lost, finds the way on."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    again = alice.offered("a")[0]
    await alice.presses(again)
    await alice.presses(again)
    assert "before" in alice.text
    assert alice.offered("go")


async def test_a_lesson_that_never_arrived_is_new(
    alice: Person, study: Study, store: Store, telegram: RoomChat
) -> None:
    """A lesson whose push failed is not called begun: the next push brings it whole."""
    await alice.settles_in()
    await alice.presses("skip:a")
    telegram.outcomes.extend([NotSent("no route")] * 99)
    await study.tick(EIGHT, [telegram])
    assert [entry.subject for entry in await log_of(store, alice) if entry.kind == "opened"] == ["a"]
    telegram.outcomes.clear()
    await study.tick(EIGHT + timedelta(hours=1), [telegram])
    assert "waiting" not in telegram.got[-1].message.text
    assert [entry.subject for entry in await log_of(store, alice) if entry.kind == "opened"] == ["a", "b"]


async def test_one_bad_zone_stops_nobody(alice: Person, bob: Person, study: Study, store: Store) -> None:
    """A learner whose zone nobody knows any more lives by UTC; everybody's pushes go out."""
    await alice.settles_in()
    await bob.settles_in()
    async with store.write() as transaction:
        learner = await transaction.learners.of(Account("discord", bob.account.id))
        assert learner is not None
        await transaction.learners.save(
            type(learner)(**{name: getattr(learner, name) for name in learner.__slots__} | {"zone": "Mars/Base"})
        )
    chats = [RoomChat(), RoomChat("discord", repeatable=True)]
    await study.tick(EIGHT, chats)
    assert chats[0].got
    await study.tick(EIGHT + DAY + timedelta(hours=1), chats)
    assert chats[1].got
    await bob.sends("progress")
    assert "📊" in bob.text


async def test_a_return_after_silence(alice: Person, study: Study, store: Store) -> None:
    """Who blocked the bot and comes back gets the next lesson at their next hour."""
    await alice.settles_in()
    await study.unreachable(alice.account, "blocked", alice.now)
    await study.tick(EIGHT + 90 * DAY, [RoomChat()])
    await alice.sends("start")
    assert (await learner_of(store, alice)).next_push_at == EIGHT
