"""What the page may send."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.playground.frames import MAX_TEXT, Act, FrameError, Join, Stop, Turn, body, read
from bot.study.requests import Command, Press, Typed

KEY = "0b36f3a5-2f6e-4a53-a43d-0f6b3e8f7a11"
WHO = {"key": KEY, "person": "alice", "room": "group"}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KINDS = st.sampled_from(["say", "command", "press", "join", "turn", "stop"])
NAMES = st.sampled_from(["key", "person", "room", "text", "name", "args", "action", "on", "language", "zone", "step"])


def fault(frame: object) -> str:
    """Return why `frame` is refused."""
    with pytest.raises(FrameError) as refused:
        read(frame if isinstance(frame, str) else json.dumps(frame))
    return refused.value.fault


def test_all_kinds() -> None:
    """Every kind of frame is read to the value it stands for."""
    frames = {
        json.dumps({"type": "say", **WHO, "text": " hi "}): Act(KEY, "alice", "group", Typed(" hi ")),
        json.dumps({"type": "command", **WHO, "name": "start", "args": ""}): Act(
            KEY, "alice", "group", Command("start")
        ),
        json.dumps({"type": "press", **WHO, "action": "a:1", "on": "x.0"}): Act(
            KEY, "alice", "group", Press("a:1"), "x.0"
        ),
        json.dumps({"type": "join", "name": " Bob  B ", "language": "en", "zone": "Asia/Kolkata"}): Join(
            "Bob B", "en", "Asia/Kolkata"
        ),
        json.dumps({"type": "turn", "step": "week"}): Turn("week"),
        '{"type": "stop"}': Stop(),
    }
    for raw, frame in frames.items():
        assert read(raw) == frame


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "[" * 100_000,
        {"type": "dance"},
        {"type": ["say"]},
        {},
        {"type": "say", **WHO},
        {"type": "say", **WHO, "text": "x", "more": 1},
        {"type": "say", **WHO, "text": ""},
        {"type": "say", **WHO, "text": "  \n"},
        {"type": "say", **WHO, "text": 7},
        {"type": "say", **WHO, "text": None},
        {"type": "say", **WHO, "text": "\ud800"},
        {"type": "say", **WHO, "text": "\x00"},
        {"type": "say", **WHO, "key": "1", "text": "x"},
        {"type": "say", **WHO, "key": KEY + "0", "text": "x"},
        {"type": "turn", "step": "year"},
        {"type": "turn", "step": ["day"]},
        {"type": "join", "name": "Bob", "language": "fr", "zone": "UTC"},
        {"type": "stop", "now": True},
    ],
)
def test_malformed(raw: object) -> None:
    """What is not one of ours, to the letter, is refused."""
    assert fault(raw) == "malformed"


def test_kind_faults() -> None:
    """What a person can get wrong has a reason of its own."""
    join = {"type": "join", "name": "Bob", "language": "en", "zone": "UTC"}
    assert fault({**join, "name": " "}) == "no-name"
    assert fault({**join, "name": "B" * 65}) == "too-long"
    assert fault({**join, "zone": "Mars/Olympus"}) == "no-zone"
    assert fault({**join, "zone": "../../etc/passwd"}) == "no-zone"
    assert fault({"type": "say", **WHO, "text": "x" * (MAX_TEXT + 1)}) == "too-long"
    assert read(json.dumps({"type": "say", **WHO, "text": "学" * MAX_TEXT})) is not None


def test_key_of_fault() -> None:
    """A refusal names the request it is about, so that the page can show it in its place."""
    with pytest.raises(FrameError) as refused:
        read(json.dumps({"type": "say", **WHO, "text": ""}))
    assert refused.value.key == KEY


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hello", Typed("hello")),
        ("1/2", Typed("1/2")),
        ("/", Typed("/")),
        ("/start", Command("start")),
        (" /Start ", Command("start")),
        ("/今天", Command("today")),
        ("/note  buy\nmilk ", Command("note", "buy\nmilk")),
        ("/nonsense", Command("nonsense")),
    ],
)
def test_body(typed: str, expected: object) -> None:
    """A text that starts with a slash is a command, under any of its names; all else is what was typed."""
    assert body(typed, {"今天": "today"}) == expected


@given(st.text(max_size=60) | JSON.map(json.dumps))
def test_any_text(raw: str) -> None:
    """Nothing that arrives does more than be refused."""
    with suppress(FrameError):
        read(raw)


@given(KINDS, st.dictionaries(NAMES, JSON, max_size=6))
def test_any_fields(kind: str, fields: dict[str, object]) -> None:
    """Neither does anything that looks almost right."""
    with suppress(FrameError):
        read(json.dumps({**fields, "type": kind}))
