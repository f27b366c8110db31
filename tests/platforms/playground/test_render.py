"""From messages to trees."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.core.markdown import escape, plain
from bot.core.message import Choice, Entry, Link, Message, Picture
from bot.platforms.playground.render import picture_name, tree
from tests.platforms.playground.lessons import png


def words(node: Any) -> str:
    """Return all text in a tree, in order."""
    if isinstance(node, dict):
        return words([node.get("text", ""), node.get("lines", [])])
    if isinstance(node, list):
        return "".join(words(each) for each in node)
    return str(node)


def test_blocks() -> None:
    """Neighbouring lines of a kind stand together, an empty line parts paragraphs, code stays as it is."""
    text = "one\ntwo\n\nthree\n- a\n- **b**\n> q\n```py\nx = 1\n\ny\n```\n```\nz\n```"
    assert tree(Message(text))["blocks"] == [
        {"kind": "text", "lines": [[{"kind": "plain", "text": "one"}], [{"kind": "plain", "text": "two"}]]},
        {"kind": "text", "lines": [[{"kind": "plain", "text": "three"}]]},
        {"kind": "item", "lines": [[{"kind": "plain", "text": "a"}], [{"kind": "bold", "text": "b"}]]},
        {"kind": "quote", "lines": [[{"kind": "plain", "text": "q"}]]},
        {"kind": "fence", "text": "x = 1\n\ny", "language": "py"},
        {"kind": "fence", "text": "z", "language": ""},
    ]


def test_inlines() -> None:
    """Code and links keep their kind and address."""
    assert tree(Message("`θ` at [home](https://example.org)"))["blocks"] == [
        {
            "kind": "text",
            "lines": [
                [
                    {"kind": "code", "text": "θ"},
                    {"kind": "plain", "text": " at "},
                    {"kind": "anchor", "text": "home", "url": "https://example.org"},
                ]
            ],
        }
    ]


def test_buttons() -> None:
    """Buttons keep their rows, tones, actions and addresses."""
    rows = ((Choice("Yes", "a:1", "good"), Choice("No", "a:2", "bad")), (Link("Out", "https://example.org"),))
    assert tree(Message("?", rows))["rows"] == [
        [
            {"kind": "choice", "label": "Yes", "action": "a:1", "tone": "good"},
            {"kind": "choice", "label": "No", "action": "a:2", "tone": "bad"},
        ],
        [{"kind": "link", "label": "Out", "url": "https://example.org"}],
    ]


def test_picture_and_entry() -> None:
    """A picture brings its address, words and size; an entry its words."""
    picture = Picture(png(30, 20), "a slope")
    shown = tree(Message("x", picture=picture, entry=Entry("a", "Answer", "One line", "Because …")))
    src = f"/pictures/{picture_name(picture)}"
    assert shown["picture"] == {"src": src, "alt": "a slope", "width": 30, "height": 20}
    assert shown["entry"] == {"label": "Answer", "title": "One line", "hint": "Because …"}


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), max_size=80))
def test_typed_is_text(typed: str) -> None:
    """Whatever a person typed shows to the letter once it was escaped, and never becomes markup."""
    blocks = tree(Message("x" + escape(typed)))["blocks"]
    assert words(blocks) == "x" + typed
    assert "anchor" not in json.dumps([kind for kind in str(blocks).split("'") if kind == "anchor"])


@given(st.text(max_size=200))
def test_no_word_lost(text: str) -> None:
    """Every text becomes JSON, and no visible letter is lost."""
    shown = tree(Message(text))
    json.dumps(shown)
    letters = [letter for letter in plain(text) if letter.isalnum()]
    assert [letter for letter in words(shown["blocks"]) if letter.isalnum()] == letters
