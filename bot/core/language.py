"""The two languages of Xueban, and a text that exists in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text, written twice: neither side is a translation of the other."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the side written for readers of `language`."""
        return self.zh if language == "zh" else self.en


def guess_language(locale: str) -> Language:
    """Return the language for a platform's locale tag ("zh-hans", "en-US", …); unknown tags read English."""
    return "zh" if locale.lower().replace("_", "-").split("-", 1)[0] == "zh" else "en"
