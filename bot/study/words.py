"""Every sentence on screen, one catalogue per language (Fluent); dates and numbers as each language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Final

from babel.dates import format_date, format_time
from fluent.runtime import FluentBundle, FluentResource

from bot.core.language import Language
from bot.core.markdown import escape

_LOCALES: Final[Mapping[Language, str]] = {"zh": "zh_Hans_CN", "en": "en_GB"}
_FOLDER: Final = Path(__file__).with_name("phrases")


class Markup(str):
    """Text that is our own Markdown already; every other text put into a sentence is escaped."""

    __slots__ = ()


class Words:
    """The sentences of one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._bundle = FluentBundle([_LOCALES[language].replace("_", "-")], use_isolating=False)
        for file in sorted((_FOLDER / language).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(file.read_text("utf-8")))

    def say(self, key: str, **values: str | int | date) -> str:
        """Return the sentence `key` with its places filled; texts are escaped, dates and numbers written out.

        Raises:
            LookupError: there is no such sentence, or a place was left open.
        """
        if not self._bundle.has_message(key):
            raise LookupError(f"no sentence {key!r} in {self.language}")
        pattern = self._bundle.get_message(key).value
        if pattern is None:
            raise LookupError(f"the sentence {key!r} in {self.language} is empty")
        filled = {name: self._fill(value) for name, value in values.items()}
        text, errors = self._bundle.format_pattern(pattern, filled)
        if errors:
            raise LookupError(f"sentence {key!r} in {self.language}: {errors[0]}")
        return str(text)

    def _fill(self, value: str | int | date) -> str | int:
        if isinstance(value, Markup):
            return str(value)
        if isinstance(value, str):
            return escape(value)
        return self.full_date(value) if isinstance(value, date) else value

    def full_date(self, day: date) -> str:
        """Return a date with its weekday, in full."""
        pattern = "y年M月d日（E）" if self.language == "zh" else "EEE d MMMM y"
        return format_date(day, pattern, locale=_LOCALES[self.language])

    def near_date(self, day: date) -> str:
        """Return a date of the next days with its weekday, without the year."""
        pattern = "M月d日（E）" if self.language == "zh" else "EEEE d MMMM"
        return format_date(day, pattern, locale=_LOCALES[self.language])

    def weekday(self, number: int) -> str:
        """Return the short name of a weekday, 0 = Monday."""
        return format_date(date(2024, 1, 1 + number), "EEE", locale=_LOCALES[self.language])

    def clock(self, moment: time | datetime) -> str:
        """Return a wall-clock time, 24 hours."""
        return format_time(moment, "HH:mm", locale=_LOCALES[self.language])

    def minute(self, minute_of_day: int) -> str:
        """Return a time given in minutes after midnight."""
        return self.clock(time(minute_of_day // 60, minute_of_day % 60))


@cache
def words(language: Language) -> Words:
    """Return the sentences of a language; read from the files once."""
    return Words(language)
