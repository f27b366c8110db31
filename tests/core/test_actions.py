"""Tests of the codec of buttons: what we write we read, and forged text raises one error only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.actions import Action, BadActionError, decode, encode
from bot.core.message import MAX_ACTION_BYTES
from tests.core.effort import DEEP, QUICK

verbs = st.from_regex(r"[a-z][a-z-]{0,15}", fullmatch=True)
arguments = st.lists(
    st.from_regex(r"[A-Za-z0-9_./+-]{0,12}", fullmatch=True) | st.integers(-(10**9), 10**9), max_size=3
)


def survives(text: str) -> None:
    """Assert that forged text is an action of ours or a bad one, nothing else."""
    try:
        action = decode(text)
    except BadActionError:
        return
    assert encode(action.verb, *action.args) == text


@given(verbs, arguments)
@QUICK
def test_round_trip(verb: str, args: list[str | int]) -> None:
    """What a button carries comes back as the verb and words it was made of, within 64 bytes."""
    text = encode(verb, *args)
    assert len(text.encode()) <= MAX_ACTION_BYTES
    assert decode(text) == Action(verb, tuple(map(str, args)))


@given(st.text(max_size=80) | st.text(alphabet="abz-:019/.+_A \n\ud800é", max_size=80))
@QUICK
def test_forged(text: str) -> None:
    """Forged text is read as an action that we could have written, or refused."""
    survives(text)


@pytest.mark.slow
@given(st.text(max_size=80) | st.text(alphabet="abz-:019/.+_A \n\ud800é", max_size=80))
@DEEP
def test_forged_deeply(text: str) -> None:
    """Forged text is read as an action that we could have written, or refused."""
    survives(text)


@pytest.mark.parametrize(
    "text",
    ["", ":", "Open", "open\n", "open:a b", "open:é", "open:\ud800", "-a", "9", " open", "open:a\n", "开", "a" * 65],
)
def test_refused(text: str) -> None:
    """Text of another form, or over 64 bytes, is refused."""
    with pytest.raises(BadActionError):
        decode(text)


@pytest.mark.parametrize(
    "parts", [("open", "a:b"), ("open", "a b"), ("open", "学"), ("Open",), ("",), ("open", "a" * 60)]
)
def test_unwritable(parts: tuple[str, ...]) -> None:
    """What could not be read back is never written."""
    with pytest.raises(BadActionError):
        encode(*parts)


def test_longest() -> None:
    """Exactly 64 bytes still fit."""
    assert decode("a" * MAX_ACTION_BYTES) == Action("a" * MAX_ACTION_BYTES)
