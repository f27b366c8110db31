"""How the playground shows a message: a tree of plain values from which the page builds its elements."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from typing import Final, assert_never

from bot.core.markdown import Anchor, Block, Bold, Code, Fence, Inline, Line, Plain, parse
from bot.core.message import Button, Choice, Entry, Link, Message, Picture

Tree = dict[str, object]
"""A node as JSON knows it: only strings, numbers, booleans, None, lists and further nodes inside."""

_PNG_SIZE: Final = slice(16, 24)
"""Width and height, four bytes each, in the IHDR chunk a PNG starts with (PNG specification, 11.2.1)."""


def tree(message: Message) -> Tree:
    """Return all of `message` that the page needs; the picture itself is fetched by its name."""
    return {
        "blocks": list(_blocks(parse(message.text))),
        "rows": [[_button(button) for button in row] for row in message.rows],
        "picture": None if message.picture is None else _picture(message.picture),
        "entry": None if message.entry is None else _entry(message.entry),
    }


def picture_name(picture: Picture) -> str:
    """Return the name a picture is served under: the same pixels, the same name."""
    return hashlib.sha256(picture.png).hexdigest()[:32] + ".png"


def _blocks(blocks: tuple[Block, ...]) -> Iterator[Tree]:
    for kind, group in groupby(blocks, key=_kind):
        for_kind = list(group)
        if kind == "fence":
            for block in for_kind:
                if isinstance(block, Fence):
                    yield {"kind": "fence", "text": block.text, "language": block.language}
        elif kind != "gap":
            lines = [[_inline(inline) for inline in block.inlines] for block in for_kind if isinstance(block, Line)]
            yield {"kind": kind, "lines": lines}


def _kind(block: Block) -> str:
    """Return what neighbours are drawn together as; an empty line parts two paragraphs."""
    if isinstance(block, Fence):
        return "fence"
    if block.kind == "text":
        return "text" if block.inlines else "gap"
    return block.kind


def _inline(inline: Inline) -> Tree:
    match inline:
        case Plain(text):
            return {"kind": "plain", "text": text}
        case Bold(text):
            return {"kind": "bold", "text": text}
        case Code(text):
            return {"kind": "code", "text": text}
        case Anchor(text, url):
            return {"kind": "anchor", "text": text, "url": url}
        case _:
            assert_never(inline)


def _button(button: Button) -> Tree:
    match button:
        case Choice(label, action, tone):
            return {"kind": "choice", "label": label, "action": action, "tone": tone}
        case Link(label, url):
            return {"kind": "link", "label": label, "url": url}
        case _:
            assert_never(button)


def _entry(entry: Entry) -> Tree:
    return {"label": entry.label, "title": entry.title, "hint": entry.hint}


def _picture(picture: Picture) -> Tree:
    """Return the address and, so that the page keeps its place free, the size in pixels."""
    size = picture.png[_PNG_SIZE]
    return {
        "src": f"/pictures/{picture_name(picture)}",
        "alt": picture.alt,
        "width": int.from_bytes(size[:4], "big"),
        "height": int.from_bytes(size[4:], "big"),
    }
