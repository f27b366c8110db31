"""The fake parses HTML as strictly as the real server, and says what is wrong in the same words."""

from __future__ import annotations

import pytest

from tests.contract.telegram_wire import Raw
from tests.fakes.telegram import FakeTelegram, Person


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("字<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href= ", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier specified"),
        ("&#xD800;", "Text contains invalid Unicode characters after decoding HTML entities"),
    ],
)
async def test_html(raw: Raw, alice: Person, html: str, reason: str) -> None:
    """HTML with one mistake is refused whole, with the kind and the place of the mistake."""
    answer = await raw.refused("sendMessage", chat_id=alice.id, text=html, parse_mode="HTML")
    assert answer.startswith(f"can't parse entities: {reason}")


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>x</b>", "x", {"bold": ("x",)}),
        (" <B> 😀x</b> ", " 😀x", {"bold": (" 😀x",)}),
        ("&lt;&gt;&amp;&quot;&#39;&#x5b57;", "<>&\"'字", {}),
        (
            "<u>a<s>b</s></u><tg-spoiler>c</tg-spoiler>",
            "abc",
            {"underline": ("ab",), "strikethrough": ("b",)},
        ),
        ('<pre><code class="language-python">x = 1</code></pre>', "x = 1", {"pre": ("x = 1",)}),
        ("<blockquote expandable>long</blockquote>", "long", {"expandable_blockquote": ("long",)}),
        ('<a href="https://a.example/?b=1&amp;c=2">go</a>', "go", {"text_link": ("go",)}),
        ('<a href="tg://user?id=6000000001">her</a>', "her", {"text_mention": ("her",)}),
        ('<a href="tg://user?id=5">him</a>', "him", {"text_mention": (), "text_link": ()}),
        ('<tg-time unix="1">then</tg-time>', "then", {"date_time": ("then",)}),
        ("see https://a.example/x. @xueban_test_bot", None, {"url": ("https://a.example/x",)}),
        ("<code>/quiz</code> /quiz", "/quiz /quiz", {"bot_command": ("/quiz",), "code": ("/quiz",)}),
    ],
)
async def test_html_good(
    tg: FakeTelegram,
    raw: Raw,
    alice: Person,
    html: str,
    text: str | None,
    entities: dict[str, tuple[str, ...]],
) -> None:
    """Good HTML becomes text and entities, which count in UTF-16 units."""
    await raw.call("sendMessage", chat_id=alice.id, text=html, parse_mode="HTML")
    shown = await alice.hears()
    assert shown.text == (html if text is None else text)
    assert {kind: shown.marked(kind) for kind in entities} == entities
    assert tg.violations == []


@pytest.mark.parametrize("html", ["a & b", "a&nbsp;b", '<b class="x">a</b>', '<a href="nowhere">a</a>'])
async def test_html_doubtful(tg: FakeTelegram, raw: Raw, alice: Person, html: str) -> None:
    """What the server lets pass although nobody can have meant it is a violation."""
    await raw.call("sendMessage", chat_id=alice.id, text=html, parse_mode="HTML")
    assert len(tg.violations) == 1
