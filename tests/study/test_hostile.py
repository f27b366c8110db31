"""Hostile and clumsy input: a short, kind answer in the reader's language that says what to do, and nothing changed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.language import LANGUAGES, Language
from bot.core.markdown import Bold, Line, parse, plain
from bot.core.message import Choice, Link, Message
from bot.store import Store
from bot.study.commands import COMMANDS
from bot.study.desk import Study
from bot.study.presses import ACTIONS
from bot.study.requests import Account, Body, Command, Press, Typed
from bot.study.words import words
from tests.study.people import Person, choices
from tests.study.test_first_conversation import learner_of
from tests.study.test_once import log_of

RTL = "\u202egnihtyna\u202c"
ZERO_WIDTH = "\u200b\u200d\ufeff\u2060"
NAMES = (
    "<b>Bob</b>",
    "@everyone",
    "<@&700000000000000000>",
    "[click](https://evil.example)",
    "**bold** `code` _it_ ~~no~~ ||spoiler||",
    RTL,
    ZERO_WIDTH,
    "Z̸̡̢̛̛͉̱͔͚̭̑̈́̾̌a̴l̷g̶o̵",
    "😀" * 500,
    "a" * 10_000,
    "line\nbreak\r\n\t- item\n> quote\n```fence",
    "\x00\x07\ud83d",
    "{ $name }",
    "'; DROP TABLE learners; --",
    "\\",
)
ODD_TEXTS = (*NAMES, "0", "A", "/", "//today", "a:0123456789abcdef:0", "go", "中文" * 2000)
UNKNOWN = ("quiz", "", " ", "start2", "today@otherbot", "🙂", "TODAY!", "<b>", "x" * 10_000, "\x00", RTL, "`", "a b")
FORGED = (
    "",
    ":",
    "nonsense",
    "go:" + "x" * 100,
    "a" * 10_000,
    "lang",
    "lang:fr",
    "lang:",
    "track",
    "track:moon",
    "branch:moon",
    "min:0",
    "min:-5",
    "min:99999",
    "min:1e3",
    "min:٣",
    "fix:x",
    "days:0",
    "days:128",
    "days:x",
    "pick:999",
    "zone:",
    "hour:1440",
    "hour:-1",
    "hour",
    "pause:366",
    "pause:x",
    "did:a",
    "did:nowhere",
    "explain:b",
    "model:nowhere",
    "skip:nowhere",
    "unskip:nowhere",
    "lesson:../../etc/passwd",
    "read:<b>",
    "\x00",
    RTL,
    "GO",
    "go ",
    "__class__:x",
)


async def about(store: Store, person: Person) -> tuple[object, object]:
    """Return everything that is kept about a person and may not change, but their name."""
    return replace(await learner_of(store, person), name=""), await log_of(store, person)


def short_and_useful(said: tuple[Message, ...], language: Language) -> str:
    """Return the answer after seeing that it is short, in the right language, and shows a way on."""
    (message,) = said
    assert 0 < len(message.text) <= 600
    too_long = message.text == words(language).say("too-long")
    assert choices(said) or message.entry or "/" in message.text or too_long, message.text
    ours = re.sub("“.*”", "", message.text, flags=re.DOTALL)
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in ours)
    assert (chinese > 5) == (language == "zh"), message.text
    return message.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_unknown_command(alice: Person, store: Store, language: Language) -> None:
    """A command nobody knows gets the names of those that help."""
    await alice.settles_in()
    await alice.sends("language", language)
    before = await about(store, alice)
    for name in UNKNOWN:
        text = short_and_useful(await alice.sends(name, "x" * 10_000), language)
        assert "/today" in text, name
        assert await about(store, alice) == before, name


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_forged_button(alice: Person, store: Store, language: Language) -> None:
    """A stale or forged button changes nothing and shows the way to today."""
    await alice.settles_in()
    await alice.sends("language", language)
    before = await about(store, alice)
    for action in FORGED:
        short_and_useful(await alice.presses(action), language)
        assert await about(store, alice) == before, action


@pytest.mark.parametrize("language", LANGUAGES)
async def test_text_nobody_waits_for(alice: Person, store: Store, language: Language) -> None:
    """Text out of the blue, of any length and script, is answered and changes nothing."""
    await alice.settles_in()
    await alice.sends("language", language)
    before = await about(store, alice)
    for text in ODD_TEXTS:
        short_and_useful(await alice.types(text), language)
        short_and_useful(await alice.types(text, "nonsense:" + text[:9]), language)
        assert await about(store, alice) == before, text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("awaited", ["hour", "zone"])
async def test_text_where_a_setting_is_due(alice: Person, store: Store, awaited: str, language: Language) -> None:
    """Text that is no city or hour is said back shortened and without its markup, and the setting stays."""
    await alice.settles_in()
    await alice.sends("language", language)
    await alice.presses(f"set:{awaited}")
    before = await about(store, alice)
    for text in (odd for odd in ODD_TEXTS if (odd, awaited) != ("0", "hour")):
        answer = short_and_useful(await alice.types(text), language)
        assert not any(isinstance(inline, Bold) for inline in _inlines(answer)), text
        assert await about(store, alice) == before, text


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_a_hostile_name(study: Study, store: Store, name: str) -> None:
    """A name shows to the letter, without markup, mentions, invisible characters or length, wherever it is shown."""
    person = Person(study, "telegram", "1", name=name, zone="Europe/Berlin")
    await person.sends("start")
    text = person.text
    first_line = plain(text).split("\n")[0]
    assert first_line.startswith("Hi")
    assert first_line.endswith(", I'm Xueban, your study buddy.")
    assert len(first_line) < 80
    for mark in ("@", "\u202e", "\u200b", "\x00", "\ud83d"):
        assert mark not in text
    assert [inline.text for inline in _inlines(text.split("\n")[0]) if isinstance(inline, Bold)] == ["Xueban"]
    await person.settles_in()
    await person.sends("start")
    assert "Welcome back" in person.text
    assert len((await learner_of(store, person)).name) <= 32


@pytest.mark.parametrize("language", LANGUAGES)
async def test_too_long(alice: Person, language: Language) -> None:
    """Ten thousand characters are too many, whatever is open, and the answer says so."""
    await alice.settles_in()
    await alice.sends("language", language)
    for opened in ("set:hour", "quiz:c", "go"):
        await alice.presses(opened)
        assert short_text(await alice.types("x" * 10_000)) == words(language).say("too-long")


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
async def test_nothing_typed(alice: Person, text: str) -> None:
    """A photo, a sticker or blank text gets a word about what can be read."""
    await alice.settles_in()
    assert "/today" in short_text(await alice.types(text))


async def test_numbers_in_place_of_names(alice: Person) -> None:
    """Pages and places beyond the end show the nearest there is."""
    await alice.settles_in()
    for action in ("part:part-1:999", "part:part-1:x", "part:nowhere:0", "part", "res:999", "res:x", "res"):
        said = await alice.presses(action)
        assert len(said) == 1
        assert said[0].text


async def test_in_a_group(alice: Person, store: Store) -> None:
    """Where others read along, everything is answered by an invitation to study in private, for the presser only."""
    bodies: tuple[Body, ...] = (Command("today"), Press("did:b"), Typed("0.5"), Command("nonsense"))
    await alice.settles_in()
    before = await about(store, alice)
    for body in bodies:
        (said,) = await alice.does(body, private=False, home_url="https://t.me/bot")
        assert said.private
        assert said.rows == ((Link("Open the private chat", "https://t.me/bot"),),)
        (said,) = await alice.does(body, private=False)
        assert "direct message" in said.text
    assert await about(store, alice) == before


@pytest.mark.parametrize("locale", ["", "xx", "zh_TW", "ZH-hant", "-", "😀", "en-US-POSIX" * 99, "\x00"])
async def test_any_locale(study: Study, store: Store, locale: str) -> None:
    """Whatever a platform says about language and place, somebody can begin."""
    person = Person(study, "telegram", "1", locale=locale, zone="Mars/Olympus")
    await person.sends("start")
    assert (await learner_of(store, person)).language == ("zh" if locale.lower().startswith("zh") else "en")
    assert person.offered("track")


async def test_every_action_with_anything(alice: Person, store: Store) -> None:
    """Every verb of the table survives every kind of argument, typed and pressed, without a fault of ours."""
    await alice.settles_in()
    arguments = ("", ":", ":a", ":a:b:c", ":0", ":-1", ":99999999", ":999999", "::::", ":nowhere", ":../..")
    for verb in ACTIONS:
        for argument in arguments:
            for said in (await alice.presses(verb + argument), await alice.types("😀", verb + argument)):
                assert said
                assert all("our-fault" not in message.text for message in said)
                assert words("en").say("our-fault") not in alice.text
                assert words("zh").say("our-fault") not in alice.text
    async with store.read() as transaction:
        assert await transaction.receipts.count_set_aside() == 0


async def test_every_command_with_anything(alice: Person, store: Store) -> None:
    """Every command, in both spellings, survives any text behind it."""
    await alice.settles_in()
    for row in COMMANDS:
        for name in (row.name, row.localized.zh, row.name.upper()):
            for args in ("", "😀" * 3000, "-1", "\x00"):
                assert await alice.sends(name, args)
    async with store.read() as transaction:
        assert await transaction.receipts.count_set_aside() == 0


_BODIES = st.one_of(
    st.builds(Command, st.text(max_size=40), st.text(max_size=40)),
    st.builds(Press, st.one_of(st.text(max_size=70), st.from_regex(r"[a-z]{1,7}(:[A-Za-z0-9_./+-]{0,9}){0,3}"))),
    st.builds(Typed, st.text(max_size=80), st.sampled_from(["", "zone", "hour", "a:0123456789abcdef", "go"])),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_BODIES, name=st.text(max_size=50))
async def test_no_text_breaks_anything(study: Study, store: Store, body: Body, name: str) -> None:
    """Whatever characters arrive, there is an answer that can be shown, and nothing is set aside as our fault."""
    person = Person(study, "telegram", "1", name=name, zone="Europe/Berlin")
    await person.settles_in()
    for message in await person.does(body):
        assert message.text
        assert parse(message.text)
        assert all(button.label for row in message.rows for button in row if isinstance(button, Choice))
    assert person.said
    async with store.read() as transaction:
        assert await transaction.receipts.count_set_aside() == 0


async def test_two_accounts_are_two_people(alice: Person, study: Study, store: Store) -> None:
    """The same id on another platform is somebody else."""
    await alice.settles_in()
    stranger = Person(study, "discord", alice.account.id)
    await stranger.sends("start")
    assert stranger.offered("track")
    assert stranger.account == Account("discord", alice.account.id)
    async with store.read() as transaction:
        assert await transaction.learners.count() == 2


def short_text(said: tuple[Message, ...]) -> str:
    """Return the one short text that was said."""
    (message,) = said
    assert len(message.text) <= 600
    return message.text


def _inlines(text: str) -> list[object]:
    return [inline for block in parse(text) if isinstance(block, Line) for inline in block.inlines]
