"""From our messages to Telegram's: HTML with one escape, split at its limits, buttons as a keyboard."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.core.markdown import Anchor, Bold, Code, Fence, Inline, Line, parse
from bot.core.message import Button, Choice, Message, Tone

TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
"""Code points after parsing (Bot API reference, sendMessage and sendPhoto)."""

_MAX_SOURCE_BYTES: Final = 30_000
"""A little under what the server reads of one text (tdlib/telegram-bot-api: 32,768)."""

_MAX_BUTTONS: Final = 100
_MAX_IN_A_ROW: Final = 8
_MAX_URL: Final = 2000
_SOMETHING: Final = "⋯"
"""Stands where Telegram wants a text and there is none."""

_INVISIBLE: Final = re.compile(
    r"[\s\x00-\x1f\ud800-\udfff\u00ad\u030a\u0333\u033f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2800\ufeff\ufffc]*"
)
_VANISHING: Final = re.compile(r"[\ud800-\udfff\x00-\x09\x0b-\x1f]")
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9_+#.-]{1,32}")
_STYLES: Final[dict[Tone, str | None]] = {
    "plain": None,
    "primary": "primary",
    "good": "success",
    "bad": "danger",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One message as Telegram takes it.

    Attributes:
        html: the text, or under a picture the caption.
        plain: the same without markup, for the day when Telegram does not understand ours.
        picture: a PNG.
        markup: the buttons.
    """

    html: str
    plain: str
    picture: bytes | None = None
    markup: InlineKeyboardMarkup | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """Visible text and the tags around it."""

    text: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The block that some rows stand in together; the number keeps neighbours apart."""

    number: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: its frame and its runs."""

    frame: _Frame
    runs: tuple[_Run, ...]

    def __len__(self) -> int:
        return sum(len(run.text) for run in self.runs)


def escape(text: str) -> str:
    """Return `text` as HTML that shows it to the letter: the one escape of this room."""
    return html.escape(_VANISHING.sub(" ", text))


def render(message: Message) -> tuple[Part, ...]:
    """Return what to send, in order: at least one part, with the buttons under the last."""
    rows = list(_rows(message.text))
    parts = [_part(piece) for piece in _pack(rows, TEXT_LIMIT)]
    if message.picture is not None:
        parts = _with_picture(message.picture.png, message.picture.alt, rows, parts)
    parts = parts or [Part(_SOMETHING, _SOMETHING)]
    keyboards = list(_keyboards(message.rows))
    parts += [Part(_SOMETHING, _SOMETHING) for _ in keyboards[1:]]
    first = len(parts) - len(keyboards)
    return tuple(
        Part(part.html, part.plain, part.picture, keyboards[at - first] if at >= first else None)
        for at, part in enumerate(parts)
    )


def _with_picture(png: bytes, alt: str, rows: list[_Row], parts: list[Part]) -> list[Part]:
    """Put the text under the picture where it fits, with the alt text where that fits too."""
    alt = _VANISHING.sub(" ", alt)
    alt_rows = [_Row(_Frame(-1, "<blockquote expandable>", "</blockquote>"), (_Run(alt),))] if alt.strip() else []
    for caption in ([*rows, *alt_rows], rows):
        pieces = _pack(caption, CAPTION_LIMIT)
        if len(pieces) <= 1:
            text = _part(pieces[0]) if pieces else Part("", "")
            return [Part(text.html, text.plain, png)]
    shown = alt if len(alt) <= CAPTION_LIMIT else alt[: CAPTION_LIMIT - 1] + "…"
    return [Part(escape(shown), shown, png), *parts]


def _rows(text: str) -> Iterator[_Row]:
    quote: _Frame | None = None
    for number, block in enumerate(parse(text)):
        if isinstance(block, Fence):
            frame, quote = _fence(number, block.language), None
            for line in block.text.split("\n"):
                yield _Row(frame, (_Run(line),))
        elif block.kind == "quote":
            quote = quote or _Frame(number, "<blockquote>", "</blockquote>")
            yield _Row(quote, _runs(block))
        else:
            quote = None
            yield _Row(_Frame(number), _runs(block))


def _fence(number: int, language: str) -> _Frame:
    if _LANGUAGE.fullmatch(language):
        return _Frame(number, f'<pre><code class="language-{escape(language)}">', "</code></pre>")
    return _Frame(number, "<pre>", "</pre>")


def _runs(line: Line) -> tuple[_Run, ...]:
    bullet = (_Run("• "),) if line.kind == "item" else ()
    return bullet + tuple(_run(inline) for inline in line.inlines)


def _run(inline: Inline) -> _Run:
    match inline:
        case Bold():
            return _Run(inline.text, "<b>", "</b>")
        case Code():
            return _Run(inline.text, "<code>", "</code>")
        case Anchor() if _leads_somewhere(inline.url):
            return _Run(inline.text, f'<a href="{escape(inline.url)}">', "</a>")
        case _:
            return _Run(inline.text)


def _leads_somewhere(url: str) -> bool:
    """Tell whether Telegram takes the address; it refuses a whole message for one bad button."""
    try:
        parsed = urlsplit(url)
        host, _ = parsed.hostname or "", parsed.port
    except ValueError:
        return False
    plain = re.fullmatch(r"[\w-]+(\.[\w-]+)+", host) is not None
    return parsed.scheme in ("http", "https") and plain and len(url) <= _MAX_URL and " " not in url


def _pack(rows: Sequence[_Row], limit: int) -> list[list[_Row]]:
    """Return the rows in portions of at most `limit` code points, smaller where the source is too long."""
    packed = [piece for piece in map(_stripped, _fill(rows, limit)) if piece]
    heavy = any(len(_part(piece).html.encode()) > _MAX_SOURCE_BYTES for piece in packed)
    return _pack(rows, limit // 2) if heavy and limit > 1 else packed


def _fill(rows: Sequence[_Row], limit: int) -> Iterator[list[_Row]]:
    current: list[_Row] = []
    used = 0
    for _, members in groupby(rows, key=lambda row: row.frame):
        block = list(members)
        size = sum(map(len, block)) + len(block) - 1
        if current and used + 1 + size > limit >= size:
            yield current
            current, used = [], 0
        for row in (piece for whole in block for piece in _cut(whole, limit)):
            if current and used + 1 + len(row) > limit:
                yield current
                current, used = [], 0
            used += len(row) + (1 if current else 0)
            current.append(row)
    yield current


def _cut(row: _Row, limit: int) -> Iterator[_Row]:
    """Cut a line that is longer than a whole message, after a space where there is one."""
    while len(row) > limit:
        text = "".join(run.text for run in row.runs)
        at = text.rfind(" ", limit // 2, limit) + 1 or limit
        yield _Row(row.frame, tuple(_between(row.runs, 0, at)))
        row = _Row(row.frame, tuple(_between(row.runs, at, len(text))))
    yield row


def _between(runs: Sequence[_Run], begin: int, end: int) -> Iterator[_Run]:
    start = 0
    for run in runs:
        text = run.text[max(begin - start, 0) : max(end - start, 0)]
        start += len(run.text)
        if text:
            yield _Run(text, run.before, run.after)


def _stripped(rows: list[_Row]) -> list[_Row]:
    """Return the rows without empty ones at either end: Telegram would cut them off, or refuse them alone."""
    shown = [at for at, row in enumerate(rows) if not all(_INVISIBLE.fullmatch(run.text) for run in row.runs)]
    return rows[shown[0] : shown[-1] + 1] if shown else []


def _part(rows: list[_Row]) -> Part:
    blocks = []
    for frame, members in groupby(rows, key=lambda row: row.frame):
        lines = ["".join(run.before + escape(run.text) + run.after for run in row.runs) for row in members]
        blocks.append(frame.before + "\n".join(lines) + frame.after)
    plain = "\n".join("".join(run.text for run in row.runs) for row in rows)
    return Part("\n".join(blocks), _VANISHING.sub(" ", plain))


def _keyboards(rows: Sequence[Sequence[Button]]) -> Iterator[InlineKeyboardMarkup]:
    """Yield one keyboard, or more where Telegram's hundred buttons are not enough."""
    current: list[list[InlineKeyboardButton]] = []
    for row in rows:
        buttons = [button for button in map(_button, row) if button is not None]
        for at in range(0, len(buttons), _MAX_IN_A_ROW):
            if sum(map(len, current)) + len(buttons[at : at + _MAX_IN_A_ROW]) > _MAX_BUTTONS:
                yield InlineKeyboardMarkup(current)
                current = []
            current.append(buttons[at : at + _MAX_IN_A_ROW])
    if current:
        yield InlineKeyboardMarkup(current)


def _button(button: Button) -> InlineKeyboardButton | None:
    label = _VANISHING.sub(" ", button.label).strip() or _SOMETHING
    if isinstance(button, Choice):
        return InlineKeyboardButton(label, callback_data=button.action, style=_STYLES[button.tone])
    return InlineKeyboardButton(label, url=button.url) if _leads_somewhere(button.url) else None
