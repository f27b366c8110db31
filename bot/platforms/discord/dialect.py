"""Discord's own Markdown: how our runs of text are written so that nothing shows but what we mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.core.markdown import Anchor, Bold, Code, Inline

_NOTHING: Final = "\u200b"
"""A space without width: breaks what would otherwise be read as one thing."""

_VANISHING: Final = re.compile(r"[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_EVERYBODY: Final = re.compile(r"@(?=everyone|here)")
_MARKUP: Final = re.compile(
    r"[\\*_~`|\[\]<]"  # emphasis, code, spoilers, links; mentions, emoji, timestamps and bare links in <…>
    r"|:(?=//)"  # an address that would become a link
    r"|:(?=[\w+~-]+:)"  # the name of an emoji
    r"|(?<=gg)/|(?<=com)/",  # an invitation unfolds even without https
    re.IGNORECASE,
)
_LINE_START: Final = re.compile(r"(\s*)(\d*)([#>+.)-])")
_LABEL_IS_ADDRESS: Final = re.compile(r"https?:|://", re.IGNORECASE)
_URL_ESCAPES: Final = {ord(character): f"%{ord(character):02X}" for character in "<>()\\`*|\"'"}
MAX_URL: Final = 1000
"""Ours: an address longer than that would leave too little room beside it."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style; `number` tells which runs are pieces of the same inline.

    Attributes:
        text: what a reader sees.
        style: plain, bold, code or link.
        url: where a link leads.
        number: runs of one line with the same number are one when they stand side by side.
    """

    text: str
    style: str = "plain"
    url: str = ""
    number: int = 0


def run(inline: Inline, number: int) -> Run:
    """Return an inline of ours as a run; an address that no link can carry leaves its label."""
    text = clean(inline.text)
    match inline:
        case Bold():
            return Run(text, "bold", number=number)
        case Code():
            return Run(text, "code", number=number)
        case Anchor() if len(inline.url) <= MAX_URL:
            return Run(text, "link", _EVERYBODY.sub("%40", inline.url.translate(_URL_ESCAPES)), number)
        case _:
            return Run(text, number=number)


def clean(text: str) -> str:
    """Return `text` without what Discord would swallow, and with no word that calls everybody."""
    return _EVERYBODY.sub("@" + _NOTHING, _VANISHING.sub(" ", text))


def escape(text: str) -> str:
    """Return `text` so that Discord shows it to the letter, except at the start of a line."""
    return _MARKUP.sub(r"\\\g<0>", clean(text))


def source(runs: Iterable[Run]) -> str:
    """Return one line as Discord reads it."""
    written = ""
    for index, one in enumerate(_merged(runs)):
        piece = _written(one)
        if index == 0:
            piece = _at_line_start(piece)
        if one.style in ("bold", "code") and written.endswith(piece[0]):
            written += _NOTHING
        written += piece
    return written


def fenced(text: str) -> str:
    """Return a line of code so that it cannot end the block it stands in."""
    return clean(text).replace("```", f"`{_NOTHING}`{_NOTHING}`")


def _merged(runs: Iterable[Run]) -> list[Run]:
    merged: list[Run] = []
    for one in runs:
        last = merged[-1] if merged else None
        if last is not None and (last.number, last.style, last.url) == (one.number, one.style, one.url):
            merged[-1] = Run(last.text + one.text, one.style, one.url, one.number)
        elif one.text:
            merged.append(one)
    return merged


def _written(one: Run) -> str:
    match one.style:
        case "bold":
            return _around(one.text, "**")
        case "code":
            return f"`{one.text}`"
        case "link" if _LABEL_IS_ADDRESS.search(one.text):
            return f"{escape(one.text)} (<{one.url}>)"  # Discord shows no link whose label looks like another
        case "link":
            return f"[{escape(one.text)}](<{one.url}>)"
        case _:
            return escape(one.text)


def _around(text: str, mark: str) -> str:
    """Put marks around a text, with the white space at its ends outside: Discord reads them no other way."""
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: text.index(inner)], text[text.index(inner) + len(inner) :]
    return f"{before}{mark}{escape(inner)}{mark}{after}"


def _at_line_start(text: str) -> str:
    """Escape what makes a heading, a quote, a list or small print of a whole line."""
    match = _LINE_START.match(text)
    if match is None or bool(match[2]) != (match[3] in ".)"):
        return text
    return f"{match[1]}{match[2]}\\{text[match.start(3) :]}"
