"""From our messages to Discord's."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core import markdown
from bot.core.message import Choice, Message, Picture
from bot.platforms.discord.render import CONTENT_LIMIT, EMBED_LIMIT, render
from tests.platforms.discord.conftest import PNG
from tests.platforms.discord.reader import read

NASTY = (
    "@everyone",
    "@here",
    "<@123>",
    "<@&1>",
    "<#1>",
    "<t:1:R>",
    "<:x:1>",
    ":smile:",
    "https://evil.example/x",
    "[a](https://evil.example)",
    "<https://x.example>",
    "discord.gg/abc",
    "||spoiler||",
    "```",
    "# ",
    "-# ",
    "> ",
    ">>> ",
    "1. ",
    "- ",
    "\n",
    "**b**",
    "__u__",
    "_i_",
    "~~s~~",
    "`",
    "\\",
    " ",
    "word",
)
LETTERS = st.sampled_from("\\*_~`|<>[]()#-+.:/@!&1a \neh") | st.characters(exclude_categories=["Cs", "Cc"])
HOSTILE = st.text(LETTERS, max_size=60) | st.lists(st.sampled_from(NASTY), max_size=12).map("".join)


def squeezed(text: str) -> str:
    """Return a text without the white space that trimming and cutting may take, or that shows nothing."""
    return "".join(character for character in text if not character.isspace() and character not in "\u200b\ufffd⋯")


def shown(message: Message) -> str:
    """Return what a reader sees of all parts."""
    return "\n".join(read(part.text).text for part in render(message))


@given(HOSTILE)
@example("3. third\n> quoted\n# loud")
@example("@everyone <@1> :tada: https://evil.example discord.gg/x")
def test_what_people_type(text: str) -> None:
    """Whatever a person typed shows to the letter: no markup, no mention, no link."""
    parts = render(Message(markdown.escape(text)))
    for part in parts:
        seen = read(part.text)
        assert seen.kinds <= set(), part.text
        assert "@everyone" not in part.text
        assert "@here" not in part.text
    kept = "".join(" " if (ord(c) < 32 and c != "\n") or c in "\x7f\x85\u2028\u2029" else c for c in text)
    assert squeezed(shown(Message(markdown.escape(text)))) == squeezed(kept)


@given(HOSTILE, HOSTILE.map(lambda text: text.replace("`", "").replace("\n", "")))
def test_our_markup(text: str, code: str) -> None:
    """Our own markup works around hostile text, and only that markup."""
    name = markdown.escape(text.replace("\n", " ").strip() or "x")
    source = f"**{name}** is here\n- {name}\n> {name}\n" + (f"`{code}`\n" if code.strip() else "")
    source += f"[{name.replace('`', '')}](https://example.org/a_b_c)"
    [part] = render(Message(source))
    assert read(part.text).kinds <= {"bold", "item", "quote", "code", "link", "bare link"}


def test_every_kind() -> None:
    """Bold, code, links, lists, quotes and blocks of code look like themselves."""
    text = "**Bold** and `co_de`\n- item\n> quote\n[label](https://example.org/x_(y))\n```python\na = **b**\n```"
    [part] = render(Message(text.replace("_(y)", "")))
    assert part.text == (
        "**Bold** and `co_de`\n- item\n> quote\n[label](<https://example.org/x>)\n```python\na = **b**\n```"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("**a****b**", "**a**\u200b**b**"),
        ("`a``b`", "`a`\u200b`b`"),
        ("[https://a.example](https://b.example)", "https\\://a.example (<https://b.example>)"),
        ("```\nx ``` y\n```", "```\nx `\u200b`\u200b` y\n```"),
        ("```\n```", "⋯"),
        ("a\n```\n```\nb", "a\n```\n \n```\nb"),
        ("", "⋯"),
        (" \u200b\n", "⋯"),
        ("-5 degrees", "\\-5 degrees"),
        ("half past 12:30, a/b", "half past 12:30, a/b"),
        ("**1.** no list", "**1.** no list"),
    ],
)
def test_corners(source: str, text: str) -> None:
    """Neighbours do not melt into one, a block cannot be broken out of, and there is always something."""
    [part] = render(Message(source))
    assert part.text == text


def test_lengths() -> None:
    """Up to 2000 characters are content, up to 4096 one embed, and more are several."""
    looks = []
    for length in (CONTENT_LIMIT, CONTENT_LIMIT + 1, EMBED_LIMIT, EMBED_LIMIT + 1):
        parts = render(Message("x" * (length - 6) + " 12345"))
        looks.append([part.in_embed for part in parts])
    assert looks == [[False], [True], [True], [True, True]]


BLOCKS = st.lists(
    st.one_of(
        st.text("ab *_-", min_size=1, max_size=3000).map(markdown.escape),
        st.text("ab \n_*", min_size=1, max_size=5000).map(lambda code: f"```python\n{code}\n```"),
        st.text("ab", min_size=1, max_size=900).map(lambda text: f"- **{text}** `{text}`"),
        st.text("ab ", min_size=1, max_size=5000).map(lambda text: f"> {text}"),
    ),
    min_size=1,
    max_size=8,
)


@given(BLOCKS)
def test_splitting(blocks: list[str]) -> None:
    """Every part fits, holds whole blocks of code, and nothing is lost."""
    source = "\n".join(blocks)[:12_000]
    parts = render(Message(source))
    for part in parts:
        assert len(part.text) <= (EMBED_LIMIT if part.in_embed else CONTENT_LIMIT)
        assert part.text.count("```") % 2 == 0
    whole = "".join(part.text for part in parts)
    for letter in "ab":
        assert sum(read(part.text).text.replace("python", "").count(letter) for part in parts) == markdown.plain(
            source
        ).count(letter), whole


def test_a_block_of_code_is_kept_together() -> None:
    """A block that fits into a message of its own is not cut, and a longer one is opened anew."""
    code = "```python\n" + "\n".join(f"line {number}" for number in range(300)) + "\n```"
    parts = render(Message("x " * 1000 + "\n" + code))
    assert [part.text.count("```python") for part in parts] == [0, 1]
    parts = render(Message(code.replace("line", "a longer line")))
    assert [part.text.count("```python") for part in parts] == [1, 1]
    assert all(part.text.endswith("\n```") for part in parts)


def test_picture() -> None:
    """A picture brings its words, and the text stands below it; without a text it stands alone."""
    [part] = render(Message("**3** of 5", picture=Picture(PNG, "a" * 2000)))
    assert part.picture is not None
    assert len(part.picture.alt) == 1024
    assert (part.text, part.in_embed) == ("**3** of 5", True)
    [part] = render(Message(" ", picture=Picture(PNG, "")))
    assert (part.text, part.in_embed) == ("", False)


def test_buttons_are_under_the_last_part() -> None:
    """Of several parts the last one has the buttons."""
    parts = render(Message("word " * 1500, ((Choice("Go", "go"),),)))
    assert [bool(part.rows) for part in parts] == [False, True]
