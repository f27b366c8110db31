"""What a reader of Discord sees: the client's Markdown rules, as far as they could betray us."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_NOTHING: Final = "\u200b"
_FENCE: Final = re.compile(r"```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n].*?)\n*```", re.IGNORECASE | re.DOTALL)
_LINES: Final = (
    ("heading", re.compile(r"\s*#{1,3}\s+")),
    ("small", re.compile(r"\s*-#\s+")),
    ("quote", re.compile(r" *>(>>)?( |$)")),
    ("item", re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")),
)
_INLINES: Final = (
    ("escape", re.compile(r"\\([^0-9A-Za-z\s])")),
    ("code", re.compile(r"(`+)(.*?[^`])\1(?!`)")),
    ("mention", re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:-?|/[^<>]+:|id:)\w*[^<>]*>|@everyone|@here")),
    ("link", re.compile(r"\[((?:\\.|[^\]\\])*)\]\(\s*<?([^\s>)]+)>?\s*\)")),
    ("bare link", re.compile(r"<[a-z]+://[^>\s]+>|https?://[^\s<]+|discord(?:app)?\.(?:gg|com)/\w", re.IGNORECASE)),
    ("emoji", re.compile(r":[\w+~-]+:")),
    ("bold", re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)")),
    ("underline", re.compile(r"__((?:\\.|[^\\])+?)__(?!_)")),
    ("italic", re.compile(r"\*(?=\S)((?:\\.|[^\\*])+?)\*(?!\*)|_((?:\\.|[^\\_])+?)_")),
    ("strike", re.compile(r"~~(.+?)~~")),
    ("spoiler", re.compile(r"\|\|(.+?)\|\|")),
)


@dataclass
class Seen:
    """Lines as they look, and the kinds of markup that made them."""

    lines: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    bold: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything there is to read."""
        return "\n".join(self.lines).replace(_NOTHING, "")


def read(source: str) -> Seen:
    """Return what a message shows."""
    seen = Seen()
    at = 0
    for match in _FENCE.finditer(source):
        _read_lines(source[at : match.start()].removesuffix("\n"), seen)
        seen.kinds.add("fence")
        seen.lines += match[2].split("\n")
        at = match.end() + 1
    _read_lines(source[at:], seen)
    return seen


def _read_lines(source: str, seen: Seen) -> None:
    for line in source.split("\n") if source else ():
        rest, mark = line, ""
        for kind, pattern in _LINES * 2:
            match = pattern.match(rest)
            if match is not None:
                seen.kinds.add(kind)
                mark += {"quote": "> ", "item": "• "}.get(kind, "")
                rest = rest[match.end() :]
        seen.lines.append(mark + _read(rest, seen))


def _read(text: str, seen: Seen) -> str:
    shown, at = "", 0
    while at < len(text):
        for kind, pattern in _INLINES:
            match = pattern.match(text, at)
            if match is not None:
                shown += _shown(kind, match, seen)
                at = match.end()
                break
        else:
            shown += text[at]
            at += 1
    return shown


def _shown(kind: str, match: re.Match[str], seen: Seen) -> str:
    if kind == "escape":
        return match[1]
    seen.kinds.add(kind)
    if kind == "code":
        seen.code.append(match[2])
        return match[2]
    if kind == "link":
        seen.links.append(match[2])
        return _read(match[1], seen)
    if kind in ("mention", "emoji", "bare link"):
        return match[0].strip("<>")
    inner = _read(next(group for group in match.groups() if group), seen)
    if kind == "bold":
        seen.bold.append(inner)
    return inner
