"""The first conversation: at most six taps in either language, by buttons or by typing, and nothing ever resets it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.learner import Learner
from bot.store import Store
from bot.study.desk import Study
from tests.study.people import Person, choices


async def learner_of(store: Store, person: Person) -> Learner:
    """Return what is kept about a person."""
    async with store.read() as transaction:
        learner = await transaction.learners.of(person.account)
    assert learner is not None
    return learner


async def kinds(store: Store, person: Person) -> list[str]:
    """Return the kinds of the lines in a person's log."""
    learner = await learner_of(store, person)
    async with store.read() as transaction:
        return [entry.kind for entry in await transaction.log.of(learner.id)]


@pytest.mark.parametrize(("locale", "first_word"), [("zh-hans", "你好，小明"), ("en-GB", "Hi 小明")])
async def test_six_taps_to_the_first_lesson(shipped: Study, store: Store, locale: str, first_word: str) -> None:
    """From /start on, the offered buttons lead to the first lesson in five taps, with the truth about the plan."""
    person = Person(shipped, "telegram", "1", locale=locale, name="小明", zone="Asia/Shanghai")
    await person.sends("start")
    assert person.text.startswith(first_word)
    for verb in ("track", "min", "days", "zone", "hour"):
        await person.taps(verb)
    assert person.acts <= 6
    truth, lesson = person.said
    assert truth.replaces
    assert ("说定了" in truth.text) == (locale == "zh-hans")
    assert person.offered("read") == ["read:start-0"]
    assert lesson.text.startswith("📘")
    kept = await learner_of(store, person)
    assert (kept.stage, kept.zone, kept.started_on) == ("ready", "Asia/Shanghai", person.now.date())
    assert await kinds(store, person) == ["started", "opened"]


async def test_the_language_can_be_switched_at_any_step(ming: Person) -> None:
    """Whoever is asked in the wrong language presses one button, and the same question comes in the other."""
    await ming.sends("start")
    assert "你有多少时间" in ming.text
    await ming.taps("lang")
    assert ming.said[0].replaces
    assert "how much time do you have?" in ming.text
    for verb in ("track", "min", "days"):
        await ming.taps(verb)
    await ming.sends("language", "中文")
    assert "你那里现在" in ming.text
    await ming.taps("zone")
    await ming.taps("hour")
    assert "说定了" in ming.said[0].text


@pytest.mark.parametrize(
    ("city", "zone"),
    [
        ("成都", "Asia/Shanghai"),
        ("马德里", "Europe/Madrid"),
        ("北京市", "Asia/Shanghai"),
        ("San Francisco", "America/Los_Angeles"),
        ("东八区", "Etc/GMT-8"),
        ("ＵＴＣ＋5:30", "Asia/Kolkata"),
        ("Madrid", "Europe/Madrid"),
        ("  new   york ", "America/New_York"),
        ("utc+8", "Etc/GMT-8"),
        ("圣地亚哥", "America/Santiago"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("Atlantis", None),
        ("UTC+99", None),
    ],
)
async def test_a_typed_city(bob: Person, store: Store, city: str, zone: str | None) -> None:
    """Where a city is asked for it may be typed; one nobody knows is asked for again, with the same buttons."""
    await bob.sends("start")
    for action in ("track:short", "min:60", "days:127"):
        await bob.presses(action)
    await bob.types(city)
    kept = await learner_of(store, bob)
    if zone is None:
        assert (kept.stage, kept.zone) == ("zone", "Asia/Kolkata")
        assert city in bob.text.replace("\\", "")
        assert bob.offered("zone")
        assert bob.said[0].entry is not None
    else:
        assert (kept.stage, kept.zone) == ("hour", zone)


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("7", 420), ("7:30", 450), ("２１：１５", 1275), ("9pm", 1260), ("8点半", 510), ("0:00", 0), ("23:59", 1439)],
)
async def test_a_typed_hour(bob: Person, store: Store, typed: str, minute: int) -> None:
    """Where an hour is asked for it may be typed, the way people write it, and that ends the conversation."""
    await bob.sends("start")
    for action in ("track:short", "min:60", "days:127", "zone:Asia/Kolkata"):
        await bob.presses(action)
    await bob.types(typed)
    kept = await learner_of(store, bob)
    assert (kept.stage, kept.push_minute, kept.awaiting) == ("ready", minute, "")


@pytest.mark.parametrize("typed", ["25:99", "24:00", "7:60", "-1", "13pm", "noon", "٧٫٣", "1" * 100])
async def test_a_time_that_does_not_exist(bob: Person, store: Store, typed: str) -> None:
    """A time that does not exist is said back kindly with the buttons, and the conversation stays where it is."""
    await bob.sends("start")
    for action in ("track:short", "min:60", "days:127", "zone:Asia/Kolkata"):
        await bob.presses(action)
    await bob.types(typed)
    assert "does not look like a time" in bob.text
    assert bob.offered("hour")
    assert (await learner_of(store, bob)).stage == "hour"


async def test_typing_in_a_form(bob: Person, store: Store) -> None:
    """Where nobody can simply type, a form carries the action and does the same."""
    await bob.sends("start")
    for action in ("track:short", "min:60", "days:127"):
        await bob.presses(action)
    entry = bob.said[0].entry
    assert entry is not None
    await bob.types("Madrid", entry.action)
    assert (await learner_of(store, bob)).zone == "Europe/Madrid"


async def test_picked_days(bob: Person, store: Store) -> None:
    """Single days can be switched on and off; only days that were chosen are kept, and none at all is not offered."""
    await bob.sends("start")
    await bob.taps("track")
    await bob.taps("min")
    await bob.taps("pick")
    for day in range(5):
        await bob.taps("pick", day)
    assert bob.offered("days") == []
    await bob.taps("pick", 6)
    await bob.taps("pick", 2)
    await bob.taps("days")
    assert (await learner_of(store, bob)).weekdays == {2, 6}


async def test_start_never_resets(alice: Person, store: Store) -> None:
    """/start in the middle asks the open question again; later it goes on with the lesson and changes nothing."""
    await alice.sends("start")
    await alice.taps("track", 1)
    await alice.sends("start")
    assert alice.offered("min")
    assert (await learner_of(store, alice)).track == "shorter"
    for verb in ("min", "days", "zone", "hour"):
        await alice.taps(verb)
    before, log = await learner_of(store, alice), await kinds(store, alice)
    await alice.sends("start")
    assert "Welcome back Alice" in alice.text
    assert len(alice.said) == 2
    assert await learner_of(store, alice) == before
    assert await kinds(store, alice) == log


async def test_everything_else_leads_to_the_open_question(alice: Person, store: Store) -> None:
    """Before the first conversation is over every command, button and text leads to its question."""
    await alice.sends("today")
    assert alice.offered("track")
    for body in ("go", "did:b", "skip:a", "set:track", "pause:3", "fix:30", "branch:nlp", "a:0123456789abcdef:0"):
        await alice.presses(body)
        assert alice.offered("track"), body
    await alice.types("Berlin")
    assert alice.offered("track")
    kept = await learner_of(store, alice)
    assert (kept.stage, kept.paused, kept.branch) == ("track", False, "")
    assert await kinds(store, alice) == []


@pytest.mark.parametrize("action", ["hour:480", "zone:Asia/Tokyo", "days:3", "min:30"])
async def test_no_step_can_be_jumped_over(alice: Person, store: Store, action: str) -> None:
    """A button of a later question than the open one was never offered: the open question stays."""
    await alice.sends("start")
    await alice.presses(action)
    assert alice.offered("track")
    assert (await learner_of(store, alice)).stage == "track"


async def test_an_old_button_of_the_conversation(alice: Person, store: Store) -> None:
    """A button further up changes its own setting, but never takes the conversation back."""
    await alice.sends("start")
    for action in ("track:short", "min:60", "days:127"):
        await alice.presses(action)
    await alice.presses("min:30")
    kept = await learner_of(store, alice)
    assert (kept.stage, kept.minutes_a_day) == ("zone", 30)
    assert alice.offered("zone")


async def test_the_first_push_is_for_a_later_day(alice: Person, store: Store) -> None:
    """Today's lesson came with the conversation, so the first push is tomorrow at the chosen hour."""
    await alice.settles_in()
    kept = await learner_of(store, alice)
    assert kept.next_push_at == alice.now.replace(hour=7, minute=0) + timedelta(days=1)


async def test_help_before_the_start(bob: Person) -> None:
    """A newcomer may ask what this is, and who made it, before saying how much time they have."""
    for command, words in (("help", "/today"), ("about", "MIT"), ("帮助", "/today")):
        await bob.sends(command)
        assert words in bob.text.replace("\\", "")
        assert choices(bob.said) == []
