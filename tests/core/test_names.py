"""Tests of names: whatever a person calls themselves, what is left of it is fit to be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.names import clean_name
from tests.core.effort import DEEP, QUICK

HOSTILE = [
    "\u202e",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u0301",
    "\u0489",
    "\u034f",
    "\u3164",
    "@",
    "\n",
    "\t",
    "\u2028",
    " ",
    "\u3000",
]
ODD = ["\ud800", "\ue000", "\U000e0041", "e", "é", "小", "م", "👩", "`", "*", "\ufe0f", "\u1160", "\u2800", "\u00ad"]
hostile = st.lists(st.sampled_from(HOSTILE + ODD) | st.characters(codec=None), max_size=60).map("".join)


def fit(name: str) -> None:
    """Assert everything a shown name promises."""
    found = clean_name(name)
    assert len(found) <= 32
    assert found == found.strip()
    assert "@" not in found
    assert not {unicodedata.category(one) for one in found} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    marks = "".join("m" if unicodedata.category(one).startswith("M") else "x" for one in found)
    assert "mmm" not in marks
    assert not marks.startswith("m")
    found.encode()
    assert unicodedata.is_normalized("NFC", found)
    assert clean_name(found) == found


@given(hostile)
@QUICK
def test_hostile(name: str) -> None:
    """A shown name is short, normalised, without controls, towers of marks or mentions, and cleaning it is final."""
    fit(name)


@pytest.mark.slow
@given(hostile | st.text(st.characters(codec=None)))
@DEEP
def test_hostile_deeply(name: str) -> None:
    """A shown name is short, normalised, without controls, towers of marks or mentions, and cleaning it is final."""
    fit(name)


@pytest.mark.parametrize(
    "name", ["Alice", "小明", "Zoë", "José María", "عائشة", "Nguyễn", "D'Arcy-O’Neil", "王 小明", "🦊", "हिन्दी"]
)
def test_kept(name: str) -> None:
    """An ordinary name stays as it is."""
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  Bob\u00a0 \u3000 K. ", "Bob K."),
        ("@everyone", "＠everyone"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a" + "\u0300" * 40, "à\u0300\u0300"),
        ("x" + "\u0336\u200d" * 40, "x\u0336\u0336"),
        ("a\u200d\u0301", "á"),
        ("\u0301Bob", "Bob"),
        ("x" * 100, "x" * 32),
        ("x" * 31 + " y", "x" * 31),
        *((empty, "") for empty in ("", " ", "\u200b\u2060", "\u3164", "\u2800", "\ufe0f", "\U000e0041", "\ud800")),
    ],
)
def test_cleaned(name: str, shown: str) -> None:
    """What deceives, overflows or cannot be seen is taken out."""
    assert clean_name(name) == shown
