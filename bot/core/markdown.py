"""The small Markdown subset every text of Xueban is written in, parsed to a tree that each platform renders.

Blocks: paragraphs, fenced code, `> quote` and `- item` lines. Inlines: `**bold**`, `` `code` `` and
`[label](https://…)`. A backslash before a punctuation mark takes its meaning away. Nothing else is markup, so a text
that a person typed is safe once it went through `escape`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*\[\]()>\-])")
_ESCAPABLE: Final = frozenset("\\`*[]()>-#_~|!.+")
_MAYBE_MARKUP: Final = re.compile(r"[\\`*\[]")
_FENCE: Final = "```"
_LINK: Final = re.compile(r"\[((?:\\.|[^\]\\\n])+)\]\((https?://[^\s()]+)\)")
_CODE: Final = re.compile(r"`([^`\n]+)`")
_BOLD: Final = re.compile(r"\*\*(?=\S)((?:\\.|[^\\\n])+?)(?<=\S)\*\*")


@dataclass(frozen=True, slots=True)
class Plain:
    """Text without markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    """Text to stress; holds no further markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A bit of code or a formula inside a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link with its label."""

    text: str
    url: str


Inline = Plain | Bold | Code | Anchor


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; `kind` says whether it is a plain line, an item of a list or part of a quote."""

    inlines: tuple[Inline, ...]
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code, kept to the letter."""

    text: str
    language: str = ""


Block = Line | Fence
"""A text is a sequence of these; an empty `Line` is an empty line."""


def escape(text: str) -> str:
    """Return `text` so that it shows to the letter, whatever it holds."""
    return _SPECIAL.sub(r"\\\1", text)


def plain(text: str) -> str:
    """Return what a reader sees, without markup: for alt texts, logs and search."""
    lines = []
    for block in parse(text):
        if isinstance(block, Fence):
            lines.append(block.text)
        else:
            mark = {"item": "• ", "quote": "> "}.get(block.kind, "")
            lines.append(mark + "".join(inline.text for inline in block.inlines))
    return "\n".join(lines)


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of `text`; anything that is not markup is text, so this never fails."""
    return tuple(_blocks(text.split("\n")))


def _blocks(lines: list[str]) -> Iterator[Block]:
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.startswith(_FENCE):
            end = next((at for at in range(index + 1, len(lines)) if lines[at].rstrip() == _FENCE), len(lines))
            yield Fence("\n".join(lines[index + 1 : end]), line[len(_FENCE) :].strip())
            index = end + 1
        else:
            yield _line(line)
            index += 1


def _line(line: str) -> Line:
    if line.startswith("- "):
        return Line(_inlines(line[2:]), "item")
    if line.startswith("> "):
        return Line(_inlines(line[2:]), "quote")
    return Line(_inlines(line))


def _inlines(text: str) -> tuple[Inline, ...]:
    found: list[Inline] = []
    pending = ""
    index = 0
    while (special := _MAYBE_MARKUP.search(text, index)) is not None:
        pending += text[index : special.start()]
        index = special.start()
        inline, end = _markup(text, index)
        if inline is None:
            escaped = text[index] == "\\" and text[index + 1 : index + 2] in _ESCAPABLE
            pending += text[index + escaped]
            index += 1 + escaped
            continue
        found.extend([Plain(pending), inline] if pending else [inline])
        pending, index = "", end
    pending += text[index:]
    return (*found, Plain(pending)) if pending else tuple(found)


def _markup(text: str, index: int) -> tuple[Inline | None, int]:
    if (match := _CODE.match(text, index)) is not None:
        return Code(match[1]), match.end()
    if (match := _BOLD.match(text, index)) is not None:
        return Bold(_unescape(match[1])), match.end()
    if (match := _LINK.match(text, index)) is not None:
        return Anchor(_unescape(match[1]), match[2]), match.end()
    return None, index


def _unescape(text: str) -> str:
    return re.sub(r"\\([" + re.escape("".join(sorted(_ESCAPABLE))) + r"])", r"\1", text)
