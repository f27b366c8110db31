"""Tests of the Markdown subset: escaped text shows to the letter, and no text at all makes the parser fail."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.markdown import Anchor, Bold, Code, Fence, Line, Plain, escape, parse, plain
from tests.core.effort import DEEP, QUICK

AWKWARD = ["\\", "`", "```", "*", "**", "[", "](https://x)", ")", "> ", "- ", "\n", "\r\n", " ", "_", "~~", "||", "#"]
FOREIGN = [
    "\u202e",
    "\u200f",
    "שלום",
    "مرحبا",
    "👨‍👩‍👧",
    "🏳️‍🌈",
    "学伴",
    "e\u0301",
    "\u2028",
    "\x00",
    "@everyone",
    "<b>",
    "&amp;",
]
texts = st.lists(st.sampled_from(AWKWARD + FOREIGN) | st.text(max_size=4), max_size=20).map("".join)
lines = texts.map(lambda text: text.replace("\n", "")).filter(lambda text: text.strip() == text != "")


@given(texts)
@QUICK
def test_escape(text: str) -> None:
    """What a person typed shows to the letter once it is escaped, with no markup found in it."""
    assert plain(escape(text)) == text
    for block in parse(escape(text)):
        assert isinstance(block, Line)
        assert block.kind == "text"
        assert all(isinstance(inline, Plain) for inline in block.inlines)


@pytest.mark.slow
@given(texts)
@DEEP
def test_escape_deeply(text: str) -> None:
    """What a person typed shows to the letter once it is escaped."""
    assert plain(escape(text)) == text


@given(lines)
@example("a*")
@example("\\")
@QUICK
def test_escape_in_markup(text: str) -> None:
    """Escaped text keeps its letters inside bold text and as the label of a link, and ends neither."""
    assert parse(f"**{escape(text)}**") == (Line((Bold(text),)),)
    assert parse(f"[{escape(text)}](https://example.org/)") == (Line((Anchor(text, "https://example.org/"),)),)
    assert plain(f"- a **{escape(text)}** b") == f"• a {text} b"


@given(texts)
@QUICK
def test_parse(text: str) -> None:
    """Any text parses, and its plain form holds no more than was written."""
    parse(text)
    assert len(plain(text)) <= len(text)


@given(texts, st.sampled_from(["", "python", "c++"]))
@QUICK
def test_fence(code: str, language: str) -> None:
    """Code between fences is kept to the letter, between its neighbours."""
    body = "\n".join(line for line in code.split("\n") if line.rstrip() != "```")
    found = parse(f"before\n```{language}\n{body}\n```\n**after**")
    assert found == (Line((Plain("before"),)), Fence(body, language), Line((Bold("after"),)))


def test_open_fence() -> None:
    """A fence that is never closed holds the rest of the text."""
    assert parse("```\na\n**b**") == (Fence("a\n**b**"),)


def test_subset() -> None:
    """Bold, code, links, items and quotes are markup."""
    assert parse("- **a** `b*` [c](https://d.e/f)\n> g\n\nh") == (
        Line((Bold("a"), Plain(" "), Code("b*"), Plain(" "), Anchor("c", "https://d.e/f")), "item"),
        Line((Plain("g"),), "quote"),
        Line(()),
        Line((Plain("h"),)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "*a*",
        "_a_",
        "__a__",
        "~~a~~",
        "||a||",
        "# a",
        "1. a",
        "<b>a</b>",
        "[a](b)",
        "[a](javascript:b)",
        "** a **",
        "a ` b",
        "[](https://a)",
    ],
)
def test_nothing_else(text: str) -> None:
    """Whatever other dialects call markup is text."""
    assert parse(text) == (Line((Plain(text),)),)


def test_plain() -> None:
    """The plain form shows lists, quotes and code without their marks."""
    assert plain("**a** [b](https://c.d)\n- e\n> f\n```py\ng\n```") == "a b\n• e\n> f\ng"
