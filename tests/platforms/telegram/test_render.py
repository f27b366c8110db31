"""Tests of rendering: markup that the strict server takes, nothing of the text lost, every limit kept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.markdown import Fence, escape, parse, plain
from bot.core.message import Choice, Link, Message, Picture
from bot.platforms.telegram.render import CAPTION_LIMIT, TEXT_LIMIT, Part, render
from tests.fakes.telegram.entities import (
    MAX_SOURCE_BYTES,
    Formatted,
    clean,
    finish,
    is_blank,
    parse_html,
)

PNG = b"\x89PNG\r\n\x1a\n"

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
inlines = st.one_of(
    words.map(escape),
    words.filter(str.strip).map(lambda text: f"**{escape(text.strip())}**"),
    words.map(lambda text: f"`{text}`"),
    words.map(lambda text: f"[{escape(text) or 'x'}](https://example.org/{len(text)}?a=1&b=<2>\"')"),
    st.sampled_from(["**", "`", "<b>", "&amp;", "[x](http://localhost/)", "[y](https://:99999/)", "\\"]),
)
lines = st.lists(inlines, max_size=6).map("".join)
blocks = st.one_of(
    lines,
    lines.map(lambda line: f"> {line}"),
    lines.map(lambda line: f"- {line}"),
    st.tuples(st.sampled_from(["", "python", "c++", '"><b>']), st.lists(words, max_size=5)).map(
        lambda block: "```" + block[0] + "\n" + "\n".join(block[1]) + "\n```"
    ),
)
texts = st.lists(blocks, min_size=1, max_size=12).map("\n".join)
long_texts = st.tuples(texts, st.integers(1, 30)).map(lambda pair: "\n".join([pair[0]] * pair[1])[:12_000])
buttons = st.one_of(
    st.builds(Choice, words.filter(str.strip), st.just("go:1"), st.sampled_from(["plain", "primary", "good", "bad"])),
    st.builds(Link, words.filter(str.strip), st.sampled_from(["https://example.org/", "http://localhost:1/"])),
)
rows = st.lists(st.lists(buttons, max_size=8).map(tuple), max_size=25).map(tuple)


def read(part: Part) -> Formatted:
    """Read a part as the server does; remarks are what only a bug can have meant."""
    formatted = parse_html(part.html)
    assert formatted.remarks == []
    return formatted


def dense(text: str) -> str:
    """Return what can be seen of a text, whatever stands between."""
    return re.sub(r"\s|\u0085|\u001c|\u001d|\u001e|\u001f", "", clean(text))


def seen(text: str) -> str:
    """Return what a reader should see of our Markdown; a quote's mark is a bar, not a character."""
    return "\n".join(
        block.text
        if isinstance(block, Fence)
        else ("• " if block.kind == "item" else "") + "".join(inline.text for inline in block.inlines)
        for block in parse(text)
    )


def only(text: str, **rest: object) -> str:
    """Return the HTML of a message that fits into one part."""
    (part,) = render(Message(text, **rest))  # type: ignore[arg-type] # as the tests give them
    read(part)
    return part.html


@settings(deadline=None, max_examples=60)
@given(text=texts | long_texts)
def test_any_text(text: str) -> None:
    """Whatever the text, the server can read every part, none is too long or blank, and nothing is lost."""
    parts = render(Message(text))
    formatted = [read(part) for part in parts]
    assert all(len(one.text) <= TEXT_LIMIT for one in formatted)
    assert all(len(part.html.encode()) <= MAX_SOURCE_BYTES for part in parts)
    assert all(not is_blank(finish(one).text) for one in formatted)
    if not is_blank(clean(seen(text))):
        assert dense("".join(one.text for one in formatted)) == dense(seen(text))
        assert dense("".join(part.plain for part in parts)) == dense(seen(text))


@settings(deadline=None, max_examples=60)
@given(text=texts | long_texts, alt=words | st.text(max_size=1500))
def test_any_picture(text: str, alt: str) -> None:
    """With a picture the first part is a caption that fits, and the text is whole in it or after it."""
    first, *others = render(Message(text, picture=Picture(PNG, alt)))
    assert first.picture == PNG
    assert len(read(first).text) <= CAPTION_LIMIT
    assert all(other.picture is None and len(read(other).text) <= TEXT_LIMIT for other in others)
    shown = "".join(read(part).text for part in (others or [first]))
    if not is_blank(clean(seen(text))):
        assert dense(shown).startswith(dense(seen(text)))


@settings(deadline=None, max_examples=60)
@given(text=texts, rows=rows)
def test_any_buttons(text: str, rows: tuple[tuple[Choice | Link, ...], ...]) -> None:
    """Every button that leads somewhere is shown once, in order, at most 8 in a row and 100 in a message."""
    parts = render(Message(text, rows))
    keyboards = [part.markup.inline_keyboard for part in parts if part.markup]
    shown = [button for keyboard in keyboards for row in keyboard for button in row]
    wanted = [b for row in rows for b in row if isinstance(b, Choice) or "localhost" not in b.url]
    assert [(b.callback_data, b.url) for b in shown] == [
        (b.action, None) if isinstance(b, Choice) else (None, b.url) for b in wanted
    ]
    assert all(1 <= len(row) <= 8 for keyboard in keyboards for row in keyboard)
    assert all(sum(map(len, keyboard)) <= 100 for keyboard in keyboards)
    assert all(part.html for part in parts)
    assert not wanted or parts[-1].markup is not None


def test_every_kind_of_markup() -> None:
    """Each kind of our Markdown has its tag, and what people typed has none."""
    assert only("**θ** and `a<b` \\*not\\*") == "<b>θ</b> and <code>a&lt;b</code> *not*"
    assert only("[CS229](https://x.org/?a=1&b=2)") == '<a href="https://x.org/?a=1&amp;b=2">CS229</a>'
    assert only("- one\n- two") == "• one\n• two"
    assert only(escape("<b>**x**</b> & `y`")) == "&lt;b&gt;**x**&lt;/b&gt; &amp; `y`"


def test_quotes_are_merged() -> None:
    """Lines of a quote that follow each other are one quote, others are another."""
    assert only("> a\n> b\nc\n> d") == ("<blockquote>a\nb</blockquote>\nc\n<blockquote>d</blockquote>")


def test_code_keeps_its_language() -> None:
    """A fence shows its code to the letter, in its language where that is a word."""
    assert only("```python\nx = a < b\n```") == '<pre><code class="language-python">x = a &lt; b</code></pre>'
    assert only("```\n**x**\n```") == "<pre>**x**</pre>"
    assert only('```"><i>\nx\n```') == "<pre>x</pre>"


def test_dead_links_are_text() -> None:
    """An address that Telegram would not take is shown as its label."""
    assert only("[here](http://localhost:8000/)") == "here"
    assert only(f"[here](https://example.org/{'a' * 3000})") == "here"


def test_long_code_is_reopened() -> None:
    """A fence that is cut is closed and opened again, in the same language."""
    code = "\n".join(f"line {number}" for number in range(900))
    parts = render(Message(f"Look:\n```python\n{code}\n```\nDone."))
    first, second = parts
    assert first.html.startswith('Look:\n<pre><code class="language-python">line 0\n')
    assert first.html.endswith("</code></pre>")
    assert second.html.startswith('<pre><code class="language-python">line ')
    assert second.html.endswith("line 899</code></pre>\nDone.")


def test_a_block_is_kept_whole_where_it_can() -> None:
    """A fence that fits into one message is not cut only because text stands before it."""
    code = "\n".join(["x = 1"] * 400)
    first, second = render(Message(f"{'word ' * 500}\n```\n{code}\n```"))
    assert first.html.endswith("word ")
    assert second.html == f"<pre>{code}</pre>"


def test_long_lines_are_cut_after_a_space() -> None:
    """A line longer than a message is cut between words, and its stress goes on."""
    first, second = render(Message("**" + "word " * 1000 + "end**"))
    assert len(read(first).text) <= TEXT_LIMIT
    assert first.html.endswith("word </b>")
    assert second.html.startswith("<b>word ")


def test_the_last_character_counts() -> None:
    """Two lines fit together when they and the line feed between them are 4096 characters, not one more."""
    assert len(render(Message("a" * 2048 + "\n" + "b" * 2047))) == 1
    assert len(render(Message("a" * 2048 + "\n" + "b" * 2048))) == 2
    assert len(render(Message("> " + "a" * 2048 + "\n> " + "b" * 2048))) == 2


def test_spaces_between_marks_are_kept() -> None:
    """A line that is cut keeps every space between its marks."""
    parts = render(Message("`x` " * 3000))
    assert len(parts) > 1
    assert "".join(read(part).text for part in parts) == "x " * 3000


def test_heavy_markup_makes_smaller_parts() -> None:
    """A text whose source is too long although it looks short is split too."""
    text = " ".join(f"[{number}](https://example.org/{'&' * 40})" for number in range(200))
    parts = render(Message(text))
    assert len(parts) > 1
    assert all(len(part.html.encode()) <= MAX_SOURCE_BYTES for part in parts)


def test_alt_text_has_its_place() -> None:
    """The words for a picture stand folded under a short text, and alone before a long one."""
    (short,) = render(Message("Your week", picture=Picture(PNG, "five of seven days")))
    assert short.html == "Your week\n<blockquote expandable>five of seven days</blockquote>"
    photo, text = render(Message("word " * 300, picture=Picture(PNG, "five of <seven>")))
    assert (photo.html, photo.picture) == ("five of &lt;seven&gt;", PNG)
    assert text.picture is None
    (tight,) = render(Message("a" * 1000, picture=Picture(PNG, "b" * 100)))
    assert tight.html == "a" * 1000
    photo, _ = render(Message("a" * 1100, picture=Picture(PNG, "b" * 1100)))
    assert photo.html == "b" * 1023 + "…"


def test_buttons_under_the_last_part() -> None:
    """The buttons stand under the end of the text, in the colours of their tones."""
    row = tuple(Choice(tone, "go", tone) for tone in ("plain", "primary", "good", "bad"))
    first, last = render(Message("word " * 1000, (row,)))
    assert first.markup is None
    assert last.markup is not None
    styles = [button.style for button in last.markup.inline_keyboard[0]]
    assert styles == [None, "primary", "success", "danger"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "```\n```"])
def test_nothing_to_see(text: str) -> None:
    """A message without anything to see still is a message."""
    assert [part.html for part in render(Message(text))] == ["⋯"]
    assert plain(text).strip("\u200b \n") == ""
