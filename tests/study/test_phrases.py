"""The phrases: both catalogues hold the same sentences with the same places, all are used, and none is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.core.language import LANGUAGES, Language
from bot.core.markdown import plain
from bot.study.words import Markup, words

SOURCES: Final = Path(bot.__file__).parent
PHRASES: Final = SOURCES / "study" / "phrases"


def files(language: Language) -> dict[str, fluent.Resource]:
    """Return the parsed files of a language by their name."""
    return {path.name: FluentParser().parse(path.read_text("utf-8")) for path in (PHRASES / language).glob("*.ftl")}


def sentences(language: Language) -> dict[str, fluent.Message]:
    """Return every sentence of a language by its key."""
    entries = [entry for resource in files(language).values() for entry in resource.body]
    return {entry.id.name: entry for entry in entries if isinstance(entry, fluent.Message)}


def places(message: fluent.Message) -> frozenset[str]:
    """Return the places a sentence leaves open."""
    found: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, fluent.VariableReference):
            found.add(node.id.name)
        if isinstance(node, fluent.BaseNode):
            for value in vars(node).values():
                for child in value if isinstance(value, list) else [value]:
                    walk(child)

    walk(message)
    return frozenset(found)


class Said(NamedTuple):
    """A place in the sources where sentences are said: which they may be, and the names of what fills them."""

    where: str
    keys: tuple[str, ...]
    fills: frozenset[str]


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module of the bot."""
    for path in sorted(SOURCES.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def said() -> Iterator[Said]:
    """Yield every call of `say` whose sentences stand in the call."""
    for path, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                constants = list(_strings(node.args[:1]))
                fills = frozenset(keyword.arg or "" for keyword in node.keywords)
                yield Said(f"{path.name}:{node.lineno}", tuple(constants), fills)


def patterns() -> Iterator[re.Pattern[str]]:
    """Yield the shape of every key that is put together, such as `set-{key}-button`."""
    for _, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                for part in (one for argument in node.args[:1] for one in ast.walk(argument)):
                    if isinstance(part, ast.JoinedStr):
                        yield re.compile("".join(_shape(value) for value in part.values))


def _shape(value: ast.expr) -> str:
    return re.escape(str(value.value)) if isinstance(value, ast.Constant) else "[a-z]+"


def _strings(nodes: Sequence[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.IfExp):
            yield from _strings([node.body, node.orelse])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_have_no_junk(language: Language) -> None:
    """Every line of every file is a sentence or a comment, and no key is written twice."""
    keys: list[str] = []
    for name, resource in files(language).items():
        kinds = {type(entry) for entry in resource.body}
        assert kinds <= {fluent.Message, fluent.Comment, fluent.GroupComment, fluent.ResourceComment}, name
        keys.extend(entry.id.name for entry in resource.body if isinstance(entry, fluent.Message))
    assert len(keys) == len(set(keys))
    assert keys


def test_both_catalogues_are_equal() -> None:
    """Both languages have the same files with the same keys, and each pair leaves the same places open."""
    assert files("zh").keys() == files("en").keys()
    for name in files("zh"):
        keys = (
            {entry.id.name for entry in files(one)[name].body if isinstance(entry, fluent.Message)} for one in LANGUAGES
        )
        ours, theirs = keys
        assert ours == theirs, name
    chinese, english = sentences("zh"), sentences("en")
    assert {key: places(chinese[key]) for key in chinese} == {key: places(english[key]) for key in english}


def test_every_key_in_use_exists() -> None:
    """No sentence is said that is not written, and each is given exactly what it needs."""
    written = {key: places(message) for key, message in sentences("zh").items()}
    calls = [call for call in said() if call.keys]
    assert len(calls) > 100
    for call in calls:
        for key in call.keys:
            assert key in written, f"{call.where} says {key}"
            assert written[key] <= call.fills, f"{call.where}: {key} needs {set(written[key])}"
        used = frozenset[str]().union(*(written[key] for key in call.keys))
        assert call.fills == used, f"{call.where} fills places that are not there"


def test_every_key_is_used() -> None:
    """No sentence is written that nobody says."""
    strings = {
        node.value
        for _, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    shapes = list(patterns())
    unused = [
        key for key in sentences("zh") if key not in strings and not any(shape.fullmatch(key) for shape in shapes)
    ]
    assert unused == []
    for shape in shapes:
        assert any(shape.fullmatch(key) for key in sentences("zh")), shape.pattern


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said(language: Language) -> None:
    """With its places filled every sentence comes out whole, without a leftover brace or backslash."""
    for key, message in sentences(language).items():
        text = words(language).say(key, **dict.fromkeys(places(message), 3))
        assert text.strip(), key
        assert not re.search(r"[{}\\]", text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_place_is_a_fault(language: Language) -> None:
    """A sentence with an open place, or none of that name, is never shown."""
    with pytest.raises(LookupError):
        words(language).say("help-row", name="today")
    with pytest.raises(LookupError):
        words(language).say("no-such-sentence")


@given(
    value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), min_size=1, max_size=40),
    language=st.sampled_from(LANGUAGES),
)
def test_what_people_typed_shows_to_the_letter(value: str, language: Language) -> None:
    """Whatever stands in a place is shown as it is and is never markup, in every sentence that has a text place."""
    for key, message in sentences(language).items():
        for place in places(message):
            fills = {name: Markup("3") for name in places(message)} | {place: value}
            shown = plain(words(language).say(key, **fills))
            assert value in shown, (key, place)


@pytest.mark.parametrize("value", ["**b** `c` [l](https://x.org) - > \\* <b>", "](https://x.org) **", "* _", "# - x"])
def test_markup_is_taken_as_text(value: str) -> None:
    """What looks like our markup, HTML or a mention in a value is text."""
    assert plain(words("en").say("back-again", name=value)).startswith(f"Welcome back{value}.")
    assert plain(words("zh").say("unknown-command", name=value)).startswith(f"没有 /{value} 这个命令")


def test_dates_in_both_languages() -> None:
    """Dates, weekdays and times are written the way each language writes them."""
    day = date(2026, 11, 24)
    assert (words("zh").full_date(day), words("en").full_date(day)) == (
        "2026年11月24日（周二）",
        "Tue 24 November 2026",
    )
    assert (words("zh").near_date(day), words("en").near_date(day)) == ("11月24日（周二）", "Tuesday 24 November")
    assert (words("zh").weekday(6), words("en").weekday(6)) == ("周日", "Sun")
    assert words("zh").minute(5) == words("en").minute(5) == "00:05"
