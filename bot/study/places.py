"""Time zones as people name them: a short list of cities, and what a typed place or offset may mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.core.language import Language, Text

_OFFSET: Final = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?00)?", re.IGNORECASE)
_MAX_OFFSET_HOURS: Final = 14
_MAX_TYPED: Final = 64


@dataclass(frozen=True, slots=True)
class City:
    """A city people know, and its zone."""

    zone: str
    name: Text


CITIES: Final = tuple(
    City(zone, Text(zh, en))
    for zone, zh, en in (
        ("Asia/Shanghai", "北京 / 上海", "Beijing / Shanghai"),
        ("Asia/Taipei", "台北", "Taipei"),
        ("Asia/Hong_Kong", "香港", "Hong Kong"),
        ("Asia/Singapore", "新加坡", "Singapore"),
        ("Asia/Tokyo", "东京", "Tokyo"),
        ("Asia/Kolkata", "新德里", "New Delhi"),
        ("Australia/Sydney", "悉尼", "Sydney"),
        ("Asia/Dubai", "迪拜", "Dubai"),
        ("Europe/Moscow", "莫斯科", "Moscow"),
        ("Africa/Lagos", "拉各斯", "Lagos"),
        ("Europe/Berlin", "柏林", "Berlin"),
        ("Europe/Paris", "巴黎", "Paris"),
        ("Europe/London", "伦敦", "London"),
        ("America/Sao_Paulo", "圣保罗", "São Paulo"),
        ("America/Santiago", "圣地亚哥", "Santiago"),
        ("America/New_York", "纽约", "New York"),
        ("America/Toronto", "多伦多", "Toronto"),
        ("America/Chicago", "芝加哥", "Chicago"),
        ("America/Los_Angeles", "洛杉矶", "Los Angeles"),
        ("America/Vancouver", "温哥华", "Vancouver"),
    )
)
_SHORT: Final[dict[Language, Sequence[str]]] = {
    "zh": (
        "Asia/Shanghai",
        "Asia/Tokyo",
        "Europe/London",
        "Europe/Berlin",
        "America/New_York",
        "America/Los_Angeles",
    ),
    "en": (
        "Europe/London",
        "Europe/Berlin",
        "Asia/Kolkata",
        "Asia/Singapore",
        "America/New_York",
        "America/Los_Angeles",
    ),
}


def short_list(language: Language) -> tuple[City, ...]:
    """Return the few cities worth a button for readers of a language."""
    by_zone = {city.zone: city for city in CITIES}
    return tuple(by_zone[zone] for zone in _SHORT[language])


def guess_zone(hint: str, locale: str) -> str:
    """Return the most likely zone: what the platform knows, else what the language suggests, else UTC."""
    if is_zone(hint):
        return hint
    tag = locale.lower().replace("_", "-")
    by_locale = {
        "zh-tw": "Asia/Taipei",
        "zh-hant": "Asia/Taipei",
        "zh-hk": "Asia/Hong_Kong",
        "zh-sg": "Asia/Singapore",
    }
    if tag in by_locale:
        return by_locale[tag]
    if tag.startswith("zh"):
        return "Asia/Shanghai"
    return {
        "de": "Europe/Berlin",
        "ja": "Asia/Tokyo",
        "en-gb": "Europe/London",
        "en-us": "America/New_York",
    }.get(tag, "UTC")


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone of the pinned tzdata."""
    return name in _zones().values()


def find_zone(typed: str) -> str | None:
    """Return the zone a person typed: an IANA name, a city, or an offset like UTC+8; None when it means nothing."""
    wanted = _fold(typed[:_MAX_TYPED])
    if not wanted:
        return None
    if found := _zones().get(wanted) or _cities().get(wanted):
        return found
    if match := _OFFSET.fullmatch(typed.strip()):
        hours = int(match[2])
        # POSIX turned the sign of these names round: Etc/GMT-8 is eight hours ahead of Greenwich.
        return (
            f"Etc/GMT{'-' if match[1] == '+' else '+'}{hours}"
            if 0 < hours <= _MAX_OFFSET_HOURS - 2 * (match[1] == "-")
            else None
        )
    return None


def _fold(text: str) -> str:
    return re.sub(r"[\s_\-]+", "", text).casefold()


@cache
def _zones() -> dict[str, str]:
    """Every usable zone by its folded name."""
    usable = {}
    for name in sorted(available_timezones()):
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        usable[_fold(name)] = name
    return usable


@cache
def _cities() -> dict[str, str]:
    """Zones by the city in their name, and by the names in our own list, which win."""
    found: dict[str, str] = {}
    for zone in sorted(_zones().values()):
        if "/" in zone and not zone.startswith("Etc/"):
            found.setdefault(_fold(zone.rsplit("/", 1)[1]), zone)
    for city in CITIES:
        for side in (city.name.zh, city.name.en):
            found.update((_fold(part), city.zone) for part in side.split("/"))
    return found
