"""Names people gave themselves are hostile text: what is left of one when it is fit to be shown."""

from __future__ import annotations

import unicodedata
from typing import Final

_MAX_CHARACTERS: Final = 32
_MAX_MARKS: Final = 2
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that a name does not need: controls, bidi and zero-width formats, surrogates, private use."""
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and symbols that show nothing: fillers, the grapheme joiner, the empty Braille cell."""


def clean_name(name: str) -> str:
    """Return `name` normalised (NFC), on one line, without invisible characters, with at most 2 marks on a letter.

    A mark without a letter goes too.

    At most 32 characters are kept. "@" becomes full-width, so that no platform reads a mention. The result may be "".
    """
    kept: list[str] = []
    marks = _MAX_MARKS
    for character in unicodedata.normalize("NFC", "".join(filter(_shows, name))):
        if unicodedata.category(character).startswith("M"):
            marks += 1
        else:
            marks = _MAX_MARKS if character.isspace() else 0
        if marks <= _MAX_MARKS:
            kept.append("＠" if character == "@" else character)
    return " ".join("".join(kept).split())[:_MAX_CHARACTERS].strip()


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in _DROPPED and character not in _BLANK
