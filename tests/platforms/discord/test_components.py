"""Buttons, menus and forms."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.markdown import Anchor, Plain
from bot.core.message import Button, Choice, Entry, Link
from bot.platforms.discord.components import Key, Menu, Row, arrange, typed, unlinked, unpack, view
from tests.fakes.discord.components import CLASSIC, unique_custom_ids
from tests.fakes.discord.form import Form

LABELS = st.text(min_size=1, max_size=120).filter(lambda text: bool(text.strip()))
CHOICES = st.builds(Choice, LABELS, st.sampled_from(["go", "pick:1", "a:1:2", "x" * 64]))
LINKS = st.builds(Link, LABELS, st.sampled_from(["https://example.org", "http://x.example/" + "y" * 600]))
ROWS = st.lists(st.lists(CHOICES | LINKS, min_size=1, max_size=8).map(tuple), max_size=25)


def keys(blocks: list[tuple[Row, ...]]) -> list[tuple[str, str]]:
    """Return label and action of everything that can be pressed or chosen, in order."""
    found = []
    for item in chain.from_iterable(chain.from_iterable(blocks)):
        if isinstance(item, Key):
            found.append((item.label, unpack(item.custom_id)[1]))
        elif isinstance(item, Menu):
            found += [(label, unpack(value)[1]) for label, value in item.options]
    return found


def row(count: int, start: int = 0) -> tuple[Choice, ...]:
    """Return so many choices in a row."""
    return tuple(Choice(f"No. {number}", f"pick:{number}") for number in range(start, start + count))


async def check(rows: tuple[Row, ...]) -> None:
    """Let the fake's rules look at a message's components."""
    shown = view(rows)
    components = [] if shown is None else shown.to_components()
    form = Form()
    CLASSIC(form, ("components",), components)
    unique_custom_ids(form, ("components",), components)
    form.close()


@given(ROWS, st.none() | st.builds(Entry, st.just("a:1"), LABELS, LABELS))
async def test_nothing_is_dropped(rows: list[tuple[Button, ...]], entry: Entry | None) -> None:
    """Whatever the rows, Discord takes them, and every button is there or written out."""
    blocks = arrange(rows, entry)
    for block in blocks:
        await check(block)
    choices = [button for button in chain.from_iterable(rows) if isinstance(button, Choice)]
    actions = [button.action for button in choices] + ([] if entry is None else [entry.action])
    assert sorted(action for _, action in keys(blocks)) == sorted(actions)
    links = [item for item in chain.from_iterable(chain.from_iterable(blocks)) if isinstance(item, Link)]
    assert len(links) + len(list(unlinked(rows))) == sum(map(len, rows)) - len(choices)


@pytest.mark.parametrize(
    ("rows", "widths"),
    [
        ([row(3), row(2)], [[3, 2]]),
        ([row(8)], [[4, 4]]),
        ([row(7), row(1)], [[4, 3, 1]]),
        ([row(1)] * 6, [[5, 1]]),
        ([row(8)] * 3, [[5, 5, 5, 5, 4]]),
        ([row(8)] * 4, [[1, 1]]),
        ([row(8)] * 25, [[1] * 5, [1] * 3]),
        ([], []),
    ],
)
def test_rows(rows: list[tuple[Button, ...]], widths: list[list[int]]) -> None:
    """Rows stay as they are where they fit; then they are broken, then filled up, then they become menus."""
    assert [[len(row) for row in block] for block in arrange(rows, None)] == widths


def test_links_and_entries_stay_buttons() -> None:
    """What no menu can hold stays a button under the menus."""
    [block] = arrange(
        [row(8), row(8, 8), row(8, 16), (*row(3, 24), Link("Out", "https://example.org"))], Entry("zone", "Type", "?")
    )
    assert [type(item).__name__ for line in block for item in line] == ["Menu", "Menu", "Link", "Key"]
    menu = block[0][0]
    assert isinstance(menu, Menu)
    assert menu.placeholder == "No. 0 … No. 24"


def test_custom_ids_are_unique() -> None:
    """The same action twice in a message gets two ids, and both mean the same."""
    [[pair]] = arrange([(Choice("A", "go"), Choice("B", "go"))], None)
    ids = [item.custom_id for item in pair if isinstance(item, Key)]
    assert ids == ["x:go", "x:go#1"]
    assert {unpack(each) for each in ids} == {("x:", "go")}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://", "https://localhost", "https://[", "https://x.example/a b"]
)
def test_bad_links(url: str) -> None:
    """An address that Discord would refuse is written out instead."""
    rows = [(Link("Out", url),)]
    assert arrange(rows, None) == []
    assert list(unlinked(rows)) == [Plain(f"Out: {url}")]


def test_long_links() -> None:
    """An address too long for a button is a link in the text; one too long for that is written out."""
    rows = [tuple(Link("Out", "https://x.example/" + "y" * length) for length in (400, 600, 1200))]
    assert [type(line) for line in unlinked(rows)] == [Anchor, Plain]


async def test_views_are_finished() -> None:
    """The library does not keep a view that is finished."""
    [block] = arrange([row(2)], None)
    shown = view(block)
    assert shown is not None
    assert shown.is_finished()


@pytest.mark.parametrize(
    ("components", "text"),
    [
        ([{"type": 18, "component": {"type": 4, "custom_id": "text", "value": "42"}}], "42"),
        ([{"type": 1, "components": [{"type": 4, "custom_id": "text", "value": "42"}]}], "42"),
        ([{"type": 10}, {"type": 18, "component": {"type": 4, "custom_id": "text", "value": None}}], ""),
        ([None, 3, {"type": 18}], ""),
        (None, ""),
    ],
)
def test_typed(components: object, text: str) -> None:
    """What was written into a form is found wherever Discord puts it, and anything else is nothing."""
    assert typed(components) == text
