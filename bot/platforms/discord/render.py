"""From our messages to Discord's: its Markdown with one escape, split at its limits, buttons in rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from bot.core.markdown import Fence, parse
from bot.core.message import Message, Picture
from bot.platforms.discord.components import Row, arrange, unlinked
from bot.platforms.discord.dialect import Run, fenced, run, source

CONTENT_LIMIT: Final = 2000
EMBED_LIMIT: Final = 4096
ALT_LIMIT: Final = 1024
"""Characters after trimming (documentation: resources/message)."""

_SOMETHING: Final = "⋯"
"""Stands where Discord wants a text and there is none."""

_WORD_LIMIT: Final = 400
_SLACK: Final = 64
"""Characters kept free when a line is cut: what it takes to escape the words together may be a little more."""

_INVISIBLE: Final = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2800\ufeff\ufffc]*")
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9_+#.-]{1,32}")
_WORDS: Final = re.compile(rf"\S{{1,{_WORD_LIMIT}}}\s?|\s")


@dataclass(frozen=True, slots=True)
class Part:
    """One message as Discord takes it.

    Attributes:
        text: its words; "" under a picture that says everything.
        in_embed: whether the words stand in an embed, which has room for more of them.
        picture: a PNG with its words.
        rows: buttons and menus.
    """

    text: str
    in_embed: bool = False
    picture: Picture | None = None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: what stands before it, its runs, and the block of code it belongs to.

    Attributes:
        runs: its words; a line of code is one plain run.
        mark: "- " or "> ", or nothing.
        fence: the number of the block of code, None outside of one.
        language: of the block of code.
    """

    runs: tuple[Run, ...]
    mark: str = ""
    fence: int | None = None
    language: str = ""

    @property
    def text(self) -> str:
        """The line as Discord reads it."""
        if self.fence is not None:
            return fenced("".join(one.text for one in self.runs))
        return self.mark + source(self.runs)


def render(message: Message) -> tuple[Part, ...]:
    """Return what to send, in order: at least one part, with the buttons under the last."""
    lines = list(_lines(message.text))
    lines += [_Line((run(line, 0),)) for line in unlinked(message.rows)]
    picture = message.picture and Picture(message.picture.png, _short(message.picture.alt, ALT_LIMIT))
    parts = _parts(lines, picture) or [Part("" if picture else _SOMETHING)]
    parts[0] = replace(parts[0], picture=picture)
    blocks = arrange(message.rows, message.entry)
    parts += [Part(_SOMETHING) for _ in blocks[1:]]
    for part, rows in zip(range(len(parts) - len(blocks), len(parts)), blocks, strict=True):
        parts[part] = replace(parts[part], rows=rows)
    return tuple(parts)


def _parts(lines: Sequence[_Line], picture: Picture | None) -> list[Part]:
    """Return the text in one message, in one with an embed, or in several; text in an embed is below a picture."""
    whole = _joined(_stripped(lines))
    if picture is None and len(whole) <= CONTENT_LIMIT:
        return [Part(whole)] if whole else []
    if len(whole) <= EMBED_LIMIT:
        return [Part(whole, in_embed=True)] if whole else []
    return [Part(_joined(piece), in_embed=True) for piece in _pack(lines, EMBED_LIMIT)]


def _lines(text: str) -> Iterator[_Line]:
    marks = {"item": "- ", "quote": "> "}
    for number, block in enumerate(parse(text)):
        if isinstance(block, Fence):
            language = block.language if _LANGUAGE.fullmatch(block.language) else ""
            for line in block.text.split("\n"):
                yield _Line((Run(line),), fence=number, language=language)
        else:
            runs = tuple(run(inline, index) for index, inline in enumerate(block.inlines))
            yield _Line(runs, marks.get(block.kind, ""))


def _pack(lines: Sequence[_Line], limit: int) -> list[list[_Line]]:
    """Return the lines in portions of at most `limit` characters; a block of code that fits is not cut."""
    return [piece for piece in map(_stripped, _fill(lines, limit)) if piece]


def _fill(lines: Sequence[_Line], limit: int) -> Iterator[list[_Line]]:
    current: list[_Line] = []
    used = 0
    for fence, members in groupby(lines, key=lambda line: line.fence):
        block = list(members)
        frame = 0 if fence is None else len(_joined(block[:1])) - len(block[0].text)
        size = frame + sum(len(line.text) + 1 for line in block)
        if current and fence is not None and used + size > limit >= size:
            yield current
            current, used = [], 0
        used += frame
        for line in (piece for whole in block for piece in _cut(whole, limit - frame)):
            if current and used + len(line.text) + 1 > limit:
                yield current
                current, used = [], frame
            used += len(line.text) + 1
            current.append(line)
    yield current


def _cut(line: _Line, limit: int) -> Iterator[_Line]:
    """Cut a line that is longer than a whole message, between words where there are some."""
    if len(line.text) < limit:
        yield line
        return
    current: list[Run] = []
    used = 0
    for piece in (replace(one, text=word) for one in line.runs for word in _WORDS.findall(one.text)):
        grown = len(replace(line, runs=(*current[-1:], piece)).text)
        size = grown - len(replace(line, runs=tuple(current[-1:])).text)
        if used + size > limit - _SLACK:
            yield replace(line, runs=tuple(current))
            line = replace(line, mark="> " if line.mark == "> " else "")
            current, used, size = [], 0, len(replace(line, runs=(piece,)).text)
        used += size
        current.append(piece)
    yield replace(line, runs=tuple(current))


def _joined(lines: Sequence[_Line]) -> str:
    blocks = []
    for fence, members in groupby(lines, key=lambda line: line.fence):
        rows = list(members)
        text = "\n".join(row.text for row in rows)
        blocks.append(text if fence is None else f"```{rows[0].language}\n{text or ' '}\n```")
    return "\n".join(blocks)


def _stripped(lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines without empty ones at either end: Discord would cut them off, or refuse them alone."""
    shown = [at for at, line in enumerate(lines) if not _INVISIBLE.fullmatch("".join(one.text for one in line.runs))]
    return list(lines[shown[0] : shown[-1] + 1]) if shown else []


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
