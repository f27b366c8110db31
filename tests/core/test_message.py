"""Tests of what the bot says: a button that could not work is never built."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.message import MAX_ACTION_BYTES, Choice
from tests.core.effort import QUICK


@given(st.text(), st.text(max_size=70))
@QUICK
def test_choice(label: str, action: str) -> None:
    """A choice has a label to see and an action of 1 to 64 bytes, or it is not built."""
    good = label.strip() != "" and 1 <= len(action.encode()) <= MAX_ACTION_BYTES
    try:
        choice = Choice(label, action)
    except ValueError:
        assert not good
    else:
        assert good
        assert choice == Choice(label, action, "plain")


@pytest.mark.parametrize("action", ["", "x" * 65, "学" * 22])
def test_bad_action(action: str) -> None:
    """Bytes count, not characters."""
    with pytest.raises(ValueError, match="1 to 64 bytes"):
        Choice("Go", action)


@pytest.mark.parametrize("label", ["", "  ", "\n"])
def test_bad_label(label: str) -> None:
    """A button nobody can read is not built."""
    with pytest.raises(ValueError, match="label"):
        Choice(label, "go")
