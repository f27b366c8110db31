"""The numbers a learner sees are what the log says, for any small history: nothing is stored as truth beside it."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.history import Entry
from bot.store import Store
from bot.study.desk import Study
from tests.conftest import NOW
from tests.study.people import Person, dice
from tests.study.small import LAST, LESSONS, SMALL
from tests.study.test_first_conversation import learner_of
from tests.study.test_once import log_of

_STEPS = st.one_of(
    st.sampled_from([f"{verb}:{name}" for name in LAST for verb in ("did", "skip", "unskip", "lesson", "quiz")]),
    st.sampled_from(["right", "wrong", "go", "more", "pause:3", "pause:0", "resume", "track:short"]),
    st.sampled_from(["next day", "next day", "three days on", "days:31", "days:127", "days:85"]),
)


class Numbers(NamedTuple):
    """What /progress shows."""

    done: int
    of: int
    percent: int
    studied: int
    planned: int
    streak: int
    skipped: int


def shown(text: str) -> Numbers:
    """Read the numbers of a progress message."""
    done, of, percent = re.findall(r"(\d+) of (\d+) lessons done, (\d+)%", text)[0]
    ((studied, planned),) = re.findall(r"📅 (\d+) \w+ studied, (\d+) planned", text)
    (streak,) = re.findall(r"🔥 (\d+)", text) or ["0"]  # a streak of none is not shown
    skipped = re.findall(r"⏭ (\d+) skipped", text) or ["0"]
    return Numbers(*(int(number) for number in (done, of, percent, studied, planned, streak, skipped[0])))


def rebuilt(log: Sequence[Entry], today: date) -> Numbers:
    """Count the same from the log alone, day by day, in the plainest way."""
    done = {entry.subject for entry in log if entry.kind == "done"}
    skipped: set[str] = set()
    for entry in log:
        if entry.kind == "skipped":
            skipped.add(entry.subject)
        if entry.kind == "unskipped":
            skipped.discard(entry.subject)
    minutes = {name: LESSONS[name].reading_minutes + 12 for name in LAST}
    studied = {entry.study_day for entry in log if entry.kind == "answered"}
    streak = planned = 0
    day = next(entry.study_day for entry in log if entry.kind == "started")
    while day <= today:
        wanted = day.weekday() in _weekdays(log, day) and not _paused(log, day)
        planned += wanted
        if day in studied:
            streak += 1
        elif wanted and day != today:
            streak = 0
        day += timedelta(days=1)
    share = 100 * sum(minutes[name] for name in done) // sum(minutes.values())
    return Numbers(len(done), len(LAST), share, len(studied), planned, streak, len(skipped - done))


def _weekdays(log: Sequence[Entry], day: date) -> set[int]:
    known = [entry for entry in log if entry.kind in ("started", "setting") and entry.study_day <= day]
    return set(known[-1].detail["weekdays"])


def _paused(log: Sequence[Entry], day: date) -> bool:
    paused = False
    for entry in log:
        until = entry.detail.get("until")
        if entry.kind == "paused" and entry.study_day <= day:
            paused = until is None or day < date.fromisoformat(until)
        if entry.kind == "resumed" and entry.study_day <= day:
            paused = False
    return paused


async def lives(person: Person, steps: Sequence[str]) -> None:
    """Do what a history says, one thing after the other."""
    await person.settles_in()
    for step in steps:
        if step == "next day":
            person.now += timedelta(days=1)
        elif step == "three days on":
            person.now += timedelta(days=3)
        elif step in ("right", "wrong"):
            await answers(person, right=step == "right")
        else:
            await person.presses(step)


async def answers(person: Person, *, right: bool) -> None:
    """Answer the question that is open now, if one is."""
    buttons = [
        button.action
        for message in person.said
        for row in message.rows
        for button in row
        if ("right" in button.label) == right and hasattr(button, "action") and button.action.startswith("a:")
    ]
    if buttons:
        await person.presses(buttons[0])
    elif person.said[-1].entry is not None:
        await person.types("0.5" if right else "7")


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(_STEPS, max_size=14))
def test_numbers_are_what_the_log_says(steps: list[str], empty_database: Path, tmp_path_factory: object) -> None:
    """After any small history /progress shows what the log alone gives, also in a database with nothing else."""
    del tmp_path_factory
    asyncio.run(_compare(steps, empty_database))


async def _compare(steps: list[str], empty_database: Path) -> None:
    first, second = (Path(shutil.copy(empty_database, empty_database.with_name(name))) for name in ("a.db", "b.db"))
    stores = [Store(f"sqlite:///{path}") for path in (first, second)]
    people = [Person(Study(store, SMALL, dice(7)), "telegram", "1") for store in stores]
    for path in (first, second):
        path.with_name(path.name + "-wal").unlink(missing_ok=True)
    try:
        await lives(people[0], steps)
        (told,) = await people[0].sends("progress")
        log = await log_of(stores[0], people[0])
        assert shown(told.text) == rebuilt(log, people[0].now.date())
        await people[1].sends("start")
        people[1].now = people[0].now
        await _copy(stores, people, log)
        assert (await people[1].sends("progress"))[0].text == told.text
        (road,) = await people[0].sends("roadmap")
        assert (await people[1].sends("roadmap"))[0] == road
    finally:
        for store in stores:
            await store.close()


async def _copy(stores: Sequence[Store], people: Sequence[Person], log: Sequence[Entry]) -> None:
    """Give the second person the settings and the log of the first, and nothing else."""
    learner = await learner_of(stores[0], people[0])
    async with stores[1].write() as transaction:
        await transaction.learners.save(learner)
        for entry in log:
            await transaction.log.add(learner.id, entry)


async def test_the_numbers_of_a_beginner(alice: Person) -> None:
    """On the first day nothing is done yet, one day is planned, and no streak is claimed."""
    await alice.settles_in()
    (told,) = await alice.sends("progress")
    assert shown(told.text) == Numbers(0, 5, 0, 0, 1, 0, 0)
    assert NOW.date().year == 2026


async def test_all_of_it(alice: Person) -> None:
    """A hundred per cent is shown when every lesson is done, and not before."""
    await alice.settles_in()
    for name in ("b", "v"):
        await alice.presses(f"did:{name}")
    for name in ("a", "c", "d"):
        await alice.presses(f"quiz:{name}")
        while "done." not in alice.text:
            assert shown(await _quietly(alice)).percent < 100
            await answers(alice, right=True)
    assert shown(await _quietly(alice)) == Numbers(5, 5, 100, 1, 1, 1, 0)
    assert "walked" in (await alice.sends("today"))[-1].text


async def _quietly(person: Person) -> str:
    """Look at the progress without forgetting what was said before."""
    before = person.said
    text = (await person.sends("progress"))[0].text
    person.said = before
    return text
