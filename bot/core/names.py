"""Names people gave themselves are hostile text: what is left of one when it is fit to be shown."""

from __future__ import annotations

import unicodedata
from typing import Final

_MAX_CHARACTERS: Final = 32
_MAX_MARKS: Final = 2
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that a name does not need: controls, bidi and zero-width formats, surrogates, private use."""


def clean_name(name: str) -> str:
    """Return `name` normalised (NFC), on one line, without invisible characters, with at most 2 marks on a letter.

    At most 32 characters are kept. "@" becomes full-width, so that no platform reads a mention. The result may be "".
    """
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", name):
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if category in _DROPPED or marks > _MAX_MARKS:
            continue
        kept.append("＠" if character == "@" else character)
    return " ".join("".join(kept).split())[:_MAX_CHARACTERS].strip()
