"""Pushes: what each outcome leads to, and when a push had better stay at home."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.core.push import Push
from bot.store import Store
from bot.study.chat import Bug, Gone, Moved, NotSent, Unknown, Wait
from bot.study.desk import Study
from bot.study.requests import Account
from tests.conftest import NOW
from tests.study.chats import RoomChat
from tests.study.conftest import Faults
from tests.study.people import Person, choices
from tests.study.test_first_conversation import learner_of
from tests.study.test_questions import pick

EIGHT = datetime(2026, 11, 24, 7, tzinfo=NOW.tzinfo)
"""Alice's first push: Tuesday, 08:00 in Berlin."""

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
REMINDER = timedelta(hours=3)


async def pushes_of(store: Store, person: Person) -> Sequence[Push]:
    """Return a person's pushes, oldest first."""
    learner = await learner_of(store, person)
    async with store.read() as transaction:
        return await transaction.pushes.of(learner.id)


async def state_of(store: Store, person: Person) -> tuple[str, str]:
    """Return state and reason of a person's newest push."""
    push = (await pushes_of(store, person))[-1]
    return push.state, push.reason


async def test_the_lesson_comes_at_the_hour(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """At the chosen hour, not before, today's lesson comes into the private chat, once."""
    await alice.settles_in()
    assert await study.next_due() == EIGHT
    assert await study.tick(EIGHT - timedelta(seconds=1), [telegram]) == 0
    assert await study.tick(EIGHT, [telegram]) == 1
    assert await study.tick(EIGHT, [telegram]) == 0
    (got,) = telegram.got
    assert got.chat == "chat-6000000001"
    assert "Lesson a" in got.message.text
    assert choices([got.message])
    assert await state_of(store, alice) == ("sent", "")
    assert await study.next_due() == EIGHT + DAY


async def test_the_push_speaks_their_language(ming: Person, study: Study, telegram: RoomChat) -> None:
    """A push comes in the learner's language, at the learner's hour."""
    ming.zone = "Asia/Shanghai"
    await ming.settles_in()
    await study.tick(datetime(2026, 11, 24, 0, tzinfo=NOW.tzinfo), [telegram])
    assert "Lesson a（中）" in telegram.got[0].message.text


async def test_only_study_days(alice: Person, study: Study, telegram: RoomChat) -> None:
    """On days off nothing comes."""
    await alice.settles_in(days=0b0000101)
    for day in range(7):
        await study.tick(EIGHT + day * DAY, [telegram])
    assert len(telegram.got) == 2
    assert await study.next_due() == EIGHT + 8 * DAY


async def test_not_sent_is_tried_again(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """What certainly did not arrive is sent again under the same key, later each time, until the evening is quiet."""
    await alice.settles_in()
    telegram.outcomes.extend([NotSent("no route")] * 99)
    moments = [EIGHT]
    await study.tick(EIGHT, [telegram])
    while (await state_of(store, alice))[0] == "retry":
        due = await study.next_due()
        assert due is not None
        moments.append(due)
        await study.tick(due, [telegram])
    waits = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert waits[:7] == [timedelta(seconds=30 * 2**number) for number in range(7)]
    assert max(waits) == timedelta(minutes=32)
    assert len(set(telegram.keys)) == 1
    assert await state_of(store, alice) == ("skipped", "too late for today")


async def test_a_retry_that_succeeds(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """A passing fault costs seconds, not the day."""
    await alice.settles_in()
    telegram.outcomes.append(NotSent("no route"))
    await study.tick(EIGHT, [telegram])
    assert await state_of(store, alice) == ("retry", "no route")
    await study.tick(EIGHT + timedelta(seconds=29), [telegram])
    assert len(telegram.got) == 1
    await study.tick(EIGHT + timedelta(seconds=30), [telegram])
    assert await state_of(store, alice) == ("sent", "")


async def test_unknown_where_a_key_protects(bob: Person, study: Study, store: Store, discord: RoomChat) -> None:
    """Where the same key shows nothing twice, what may have arrived is sent again under the same key, soon."""
    await bob.settles_in()
    due = await study.next_due()
    assert due is not None
    discord.outcomes.append(Unknown("read timeout"))
    await study.tick(due, [discord])
    await study.tick(due + MINUTE, [discord])
    assert discord.keys == discord.keys[:1] * 2
    assert await state_of(store, bob) == ("sent", "")


async def test_unknown_becomes_a_reminder(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """Where nothing protects from a double, what may have arrived is left alone, and made up for hours later."""
    await alice.settles_in()
    telegram.outcomes.append(Unknown("read timeout"))
    await study.tick(EIGHT, [telegram])
    assert await state_of(store, alice) == ("unknown", "read timeout")
    await study.tick(EIGHT + REMINDER - MINUTE, [telegram])
    assert len(telegram.got) == 1
    await study.tick(EIGHT + REMINDER, [telegram])
    assert len(telegram.got) == 2
    assert await state_of(store, alice) == ("sent", "")


async def test_unknown_and_they_were_here(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """Who did anything since a push of unknown fate needs no reminder."""
    await alice.settles_in()
    telegram.outcomes.append(Unknown("read timeout"))
    await study.tick(EIGHT, [telegram])
    alice.now = EIGHT + MINUTE
    await alice.sends("help")
    await study.tick(EIGHT + REMINDER, [telegram])
    assert len(telegram.got) == 1
    assert (await state_of(store, alice))[0] == "sent"


async def test_gone(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """Who blocked the bot hears nothing more until they come back; then the next day's lesson comes again."""
    await alice.settles_in()
    telegram.outcomes.append(Gone("blocked"))
    await study.tick(EIGHT, [telegram])
    assert await state_of(store, alice) == ("failed", "blocked")
    for day in (1, 2):
        await study.tick(EIGHT + day * DAY, [telegram])
    assert len(telegram.got) == 1
    alice.now = EIGHT + 2 * DAY + MINUTE
    await alice.sends("help")
    await study.tick(EIGHT + 3 * DAY, [telegram])
    assert len(telegram.got) == 2


async def test_told_of_a_block(alice: Person, study: Study, telegram: RoomChat) -> None:
    """A block a platform reports stops pushes before one fails; the end of the block lets them flow again."""
    await alice.settles_in()
    await study.unreachable(alice.account, "", EIGHT)
    await study.tick(EIGHT, [telegram])
    assert telegram.got == []
    await study.reachable(alice.account, EIGHT)
    await study.tick(EIGHT + DAY, [telegram])
    assert len(telegram.got) == 1
    await study.unreachable(Account("telegram", "nobody"), "blocked", EIGHT)


async def test_moved(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """A chat that moved gets its push at the new address in the same tick, and everything later too."""
    await alice.settles_in()
    telegram.outcomes.append(Moved("new"))
    await study.tick(EIGHT, [telegram])
    await study.tick(EIGHT + DAY, [telegram])
    assert [delivery.chat for delivery in telegram.got] == ["chat-6000000001", "new", "new"]
    assert await state_of(store, alice) == ("sent", "")


async def test_moving_in_circles(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """A chat that moves every time is given up instead of chased for ever."""
    await alice.settles_in()
    telegram.outcomes.extend(Moved(str(number)) for number in range(99))
    await study.tick(EIGHT, [telegram])
    assert len(telegram.got) == 6
    assert (await state_of(store, alice))[0] == "failed"


@pytest.mark.parametrize("delay", [timedelta(0), timedelta(seconds=7)])
async def test_wait(alice: Person, study: Study, store: Store, telegram: RoomChat, delay: timedelta) -> None:
    """When a platform asks for patience the push waits that long, a second at least, as often as it takes."""
    await alice.settles_in()
    telegram.outcomes.extend([Wait(delay)] * 60)
    now = EIGHT
    for number in range(60):
        assert await study.tick(now, [telegram]) == 1, number
        assert await state_of(store, alice) == ("retry", "asked to wait")
        now += max(delay, timedelta(seconds=1))
    await study.tick(now, [telegram])
    assert len(telegram.got) == 61
    assert await state_of(store, alice) == ("sent", "")


async def test_bug(alice: Person, study: Study, store: Store, telegram: RoomChat, faults: Faults) -> None:
    """What the platform refuses is not sent again; tomorrow is another day."""
    await alice.settles_in()
    telegram.outcomes.append(Bug("can't parse entities"))
    await study.tick(EIGHT, [telegram])
    await study.tick(EIGHT + REMINDER, [telegram])
    assert len(telegram.got) == 1
    assert await state_of(store, alice) == ("failed", "can't parse entities")
    await study.tick(EIGHT + DAY, [telegram])
    assert len(telegram.got) == 2
    faults.clear()


async def test_who_studied_is_left_alone(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """Who did today's lesson before its hour gets no push for that day."""
    await alice.settles_in()
    alice.now = EIGHT - MINUTE
    await alice.presses("did:b")
    await study.tick(EIGHT, [telegram])
    assert telegram.got == []
    assert await state_of(store, alice) == ("skipped", "studied already")


async def test_recall_in_a_push(alice: Person, study: Study, telegram: RoomChat) -> None:
    """When something is due for recall the push brings the question itself."""
    await alice.settles_in()
    await alice.presses("quiz:a")
    await alice.presses(pick(alice, "q1 worse"))
    await study.tick(EIGHT, [telegram])
    text = telegram.got[0].message.text
    assert "from memory" in text
    assert "q1?" in text


async def test_a_rest_day_is_not_called_a_lesson(alice: Person, study: Study, telegram: RoomChat) -> None:
    """On a rest day of the road the push says so and promises no lesson."""
    await alice.settles_in()
    for action in ("did:b", "skip:a", "skip:c"):
        await alice.presses(action)
    await study.tick(EIGHT, [telegram])
    assert telegram.got[0].message.text.startswith("🌿")


async def test_after_the_last_lesson(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """Whose road is walked to its end, with nothing due for recall, is not called to a lesson every day."""
    await alice.settles_in()
    for action in ("skip:a", "skip:b", "skip:c", "skip:d", "did:v"):
        await alice.presses(action)
    await study.tick(EIGHT, [telegram])
    assert telegram.got == []
    assert (await state_of(store, alice))[0] == "skipped"


async def test_a_fault_in_one_push(
    alice: Person, ming: Person, study: Study, telegram: RoomChat, faults: Faults
) -> None:
    """A platform that breaks its promise for one person takes no push from the others."""
    await alice.settles_in()
    ming.zone = "Europe/Berlin"
    await ming.settles_in()

    async def breaks() -> None:
        telegram.before = _nothing
        raise ConnectionResetError

    telegram.before = breaks
    await study.tick(EIGHT, [telegram])
    assert {delivery.chat for delivery in telegram.got} == {"chat-6000000001", "chat-6000000003"}
    faults.clear()


async def test_without_platforms(alice: Person, study: Study) -> None:
    """A clock without platforms claims nothing."""
    await alice.settles_in()
    assert await study.tick(EIGHT, []) == 0
    assert await study.next_due() == EIGHT


async def test_another_platforms_people(alice: Person, study: Study, telegram: RoomChat, discord: RoomChat) -> None:
    """People of a platform this process does not serve are left to the process that does."""
    await alice.settles_in()
    assert await study.tick(EIGHT, [discord]) == 0
    assert await study.tick(EIGHT + MINUTE, [telegram]) == 1


async def test_a_changed_hour(alice: Person, study: Study, telegram: RoomChat) -> None:
    """A new hour counts from now on, and brings no second lesson on a day that had one."""
    await alice.settles_in()
    await study.tick(EIGHT, [telegram])
    alice.now = EIGHT + MINUTE
    await alice.presses("hour:720")
    await study.tick(EIGHT + 4 * timedelta(hours=1), [telegram])
    assert len(telegram.got) == 1
    assert await study.next_due() == EIGHT + DAY + timedelta(hours=4)


async def _nothing() -> None:
    """Go on at once."""
