"""Pauses, skips and settings: nothing that was learnt is lost, and no number is inflated."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from bot.store import Store
from bot.study.chat import NotSent
from bot.study.desk import Study
from tests.conftest import NOW
from tests.study.chats import RoomChat
from tests.study.people import Person
from tests.study.test_first_conversation import learner_of
from tests.study.test_once import log_of
from tests.study.test_pushes import DAY, EIGHT, MINUTE, state_of


async def streak(person: Person) -> int:
    """Return the streak a person is shown; none is shown as nothing."""
    await person.sends("progress")
    found = re.search(r"🔥 (\d+)", person.text)
    return int(found[1]) if found else 0


async def test_a_pause_of_days(alice: Person, study: Study, telegram: RoomChat) -> None:
    """During a pause nothing comes; on its last day's morrow the lesson is back by itself."""
    await alice.settles_in()
    await alice.sends("pause", "7")
    assert "30 November 2026" in alice.text
    for day in range(6):
        await study.tick(EIGHT + day * DAY, [telegram])
    assert telegram.got == []
    back = EIGHT + 6 * DAY
    assert await study.next_due() == back
    await study.tick(back, [telegram])
    assert len(telegram.got) == 1
    await study.tick(back + DAY, [telegram])
    assert len(telegram.got) == 2


async def test_an_open_pause(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """A pause without an end lasts until they come back, and coming back is one press or /start."""
    await alice.settles_in()
    await alice.sends("pause")
    await alice.presses("pause:0")
    assert await study.next_due() is None
    await study.tick(EIGHT + 30 * DAY, [telegram])
    assert telegram.got == []
    alice.now = EIGHT + 30 * DAY + MINUTE
    await alice.taps("resume")
    assert "On we go" in alice.said[0].text
    assert not (await learner_of(store, alice)).paused
    assert await study.next_due() == EIGHT + 31 * DAY
    await alice.presses("resume")
    assert "not on a break" in alice.text


async def test_start_ends_a_pause(alice: Person, store: Store) -> None:
    """Who comes back with /start is back."""
    await alice.settles_in()
    await alice.presses("pause:0")
    await alice.sends("start")
    kept = await learner_of(store, alice)
    assert (kept.paused, kept.next_push_at) == (False, EIGHT)


async def test_a_pause_that_begins_in_between(alice: Person, study: Study, store: Store, telegram: RoomChat) -> None:
    """A push that waits for its next try when a pause begins does not leave the house."""
    await alice.settles_in()
    telegram.outcomes.append(NotSent("no route"))
    await study.tick(EIGHT, [telegram])
    alice.now = EIGHT
    await alice.presses("pause:0")
    assert await study.tick(EIGHT + MINUTE, [telegram]) == 1
    assert len(telegram.got) == 1
    assert await state_of(store, alice) == ("skipped", "paused")


@pytest.mark.parametrize("args", ["0", "-3", "366", "a week", "七", "1.5", "9" * 5000, "<b>"])
async def test_a_pause_that_makes_no_sense(alice: Person, store: Store, args: str) -> None:
    """A length that is no number of days from 1 to 365 is asked for again and pauses nothing."""
    await alice.settles_in()
    await alice.sends("pause", args)
    assert "a number from 1 to 365" in alice.text
    assert not (await learner_of(store, alice)).paused


async def test_a_pause_keeps_the_streak(alice: Person) -> None:
    """Days of a pause neither add to a streak nor break it."""
    await alice.settles_in()
    await alice.presses("did:b")
    assert await streak(alice) == 1
    await alice.sends("pause", "7")
    alice.now += 6 * DAY
    assert await streak(alice) == 1
    await alice.sends("resume")
    await alice.presses("did:v")
    assert await streak(alice) == 2


async def test_a_pause_over_a_pause(alice: Person) -> None:
    """A second pause replaces the first: once it is over, days that were missed are missed."""
    await alice.settles_in()
    await alice.presses("did:b")
    await alice.presses("pause:0")
    await alice.presses("pause:3")
    alice.now += DAY
    await alice.presses("resume")
    alice.now += 9 * DAY
    assert await streak(alice) == 0
    assert "10 planned so far" in alice.text or "9 planned so far" in alice.text


async def test_a_new_hour_during_a_pause(alice: Person, study: Study) -> None:
    """A setting changed during a pause counts from the day the pause ends, at the new hour."""
    await alice.settles_in()
    await alice.sends("pause", "7")
    await alice.presses("hour:720")
    assert await study.next_due() == EIGHT + 6 * DAY + timedelta(hours=4)


async def test_skipping_is_not_learning(alice: Person, store: Store) -> None:
    """A skipped lesson leaves the plan but not the road: nothing shown as done grows, and it can be put back."""
    await alice.settles_in()
    await alice.sends("progress")
    before = re.findall(r"✅ .*|📅 .*|🔥 .*", alice.text)
    await alice.presses("view:a")
    await alice.taps("skip")
    await alice.presses("skip:a")
    await alice.sends("progress")
    assert re.findall(r"✅ .*|📅 .*|🔥 .*", alice.text) == before
    assert "⏭ 1 skipped, not counted as done" in alice.text
    await alice.sends("today")
    assert "Lesson b" in alice.text
    await alice.presses("unskip:a")
    await alice.presses("go")
    assert "Lesson a" in alice.text
    assert [entry.kind for entry in await log_of(store, alice)].count("skipped") == 1


async def test_done_beats_skipped(alice: Person) -> None:
    """A lesson that was skipped and then done is done; a done one cannot be skipped."""
    await alice.settles_in()
    await alice.presses("skip:b")
    await alice.presses("did:b")
    await alice.sends("progress")
    assert "1 of 5 lessons done" in alice.text
    assert "skipped" not in alice.text
    await alice.presses("skip:b")
    assert "out of date" in alice.text


async def test_another_road_keeps_what_was_learnt(alice: Person) -> None:
    """What was done on one road is done on every road it lies on."""
    await alice.settles_in()
    await alice.presses("did:b")
    await alice.sends("settings")
    await alice.presses("set:track")
    await alice.presses("track:shorter")
    await alice.sends("progress")
    assert "1 of 3 lessons done" in alice.text


async def test_every_setting_can_be_changed(alice: Person, store: Store) -> None:
    """Each button of the settings leads to a question, and each answer is kept and noted in the log."""
    await alice.settles_in()
    await alice.sends("settings")
    for what in ("track", "branch", "minutes", "days", "hour", "zone", "language", "pause"):
        assert f"set:{what}" in alice.offered("set")
    changes = {"branch": "nlp", "min": "30", "days": "31", "hour": "0", "zone": "Asia/Tokyo"}
    for verb, value in changes.items():
        await alice.presses(f"{verb}:{value}")
        assert "Agreed" in alice.text
    kept = await learner_of(store, alice)
    assert (kept.branch, kept.minutes_a_day, kept.weekdays) == ("nlp", 30, frozenset(range(5)))
    assert (kept.push_minute, kept.zone) == (0, "Asia/Tokyo")
    notes = [entry for entry in await log_of(store, alice) if entry.kind == "setting"]
    assert len(notes) == len(changes)
    assert notes[-1].detail["zone"] == "Asia/Tokyo"


async def test_the_plan_that_fits(alice: Person, store: Store) -> None:
    """When a plan does not fit, the truth says by how much and what would, and one press takes it."""
    await alice.settles_in(minutes=10)
    await alice.presses("min:15")
    assert "more**" in alice.text
    await alice.taps("fix")
    assert "**fits**" in alice.text
    assert (await learner_of(store, alice)).minutes_a_day > 15


async def test_typing_a_setting(alice: Person, store: Store) -> None:
    """Where a setting asks for an hour or a city it may be typed; what is not understood changes nothing."""
    await alice.settles_in()
    await alice.presses("set:hour")
    await alice.types("25:99")
    await alice.types("21.15")
    await alice.presses("set:zone")
    await alice.types("Atlantis")
    await alice.types("Madrid")
    kept = await learner_of(store, alice)
    assert (kept.push_minute, kept.zone, kept.awaiting) == (1275, "Europe/Madrid", "")


async def test_a_rest_day(alice: Person) -> None:
    """On a rest day of the road nothing is due; who wants goes on, and the next day the road goes on by itself."""
    await alice.settles_in()
    for action in ("did:b", "skip:a", "skip:c"):
        await alice.presses(action)
    alice.now = EIGHT
    for _ in range(2):
        await alice.sends("today")
        assert "🌿" in alice.text
    await alice.taps("more")
    assert "Lesson d" in alice.text
    alice.now += DAY
    await alice.sends("today")
    assert "Lesson d" in alice.text


async def test_the_day_has_an_end(alice: Person) -> None:
    """When the day's minutes are spent the bot says so, and when it comes again; more is a button away."""
    await alice.settles_in(minutes=30)
    await alice.presses("did:b")
    assert "See you tomorrow at 08:00" in alice.text
    await alice.sends("today")
    assert "Today's share is done" in alice.text
    await alice.taps("more")
    assert "Lesson a" in alice.text


async def test_the_night_belongs_to_the_day_before(alice: Person, store: Store) -> None:
    """Who answers at half past one is finishing the day before."""
    await alice.settles_in()
    alice.now = datetime(2026, 11, 24, 0, 30, tzinfo=NOW.tzinfo)
    await alice.presses("did:b")
    assert (await log_of(store, alice))[-1].study_day == NOW.date()
