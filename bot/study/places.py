"""Time zones as people name them: a short list of cities, and what a typed place or offset may mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.core.language import Language, Text

_OFFSET: Final = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_CHINESE_HOURS: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_CHINESE_OFFSET: Final = re.compile(f"([东西])({'|'.join(reversed(_CHINESE_HOURS))})区")
_ODD_OFFSETS: Final = {
    "+3:30": "Asia/Tehran",
    "+4:30": "Asia/Kabul",
    "+5:30": "Asia/Kolkata",
    "+5:45": "Asia/Kathmandu",
    "+6:30": "Asia/Yangon",
    "+9:30": "Australia/Darwin",
    "+10:30": "Australia/Lord_Howe",
    "-3:30": "America/St_Johns",
}
"""Offsets that are no whole hours, and where people live by them."""

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
_MORE: Final = {
    "Asia/Shanghai": "北京 上海 广州 深圳 成都 重庆 天津 杭州 南京 武汉 西安 苏州 长沙 郑州 青岛 沈阳 大连 厦门 昆明 "
    "合肥 中国 Beijing Shanghai Guangzhou Shenzhen Chengdu Chongqing Tianjin Hangzhou Nanjing Wuhan Xi'an Suzhou",
    "Asia/Taipei": "台北 臺北 高雄 台湾 Taipei Kaohsiung Taiwan",
    "Asia/Kolkata": "孟买 班加罗尔 德里 印度 Mumbai Delhi Bangalore Bengaluru Chennai Hyderabad Pune India",
    "Asia/Tokyo": "大阪 京都 日本 Osaka Kyoto Japan",
    "Asia/Seoul": "首尔 韩国 Korea",
    "Asia/Kuala_Lumpur": "吉隆坡",
    "Asia/Bangkok": "曼谷",
    "Asia/Ho_Chi_Minh": "胡志明 河内 Hanoi Saigon",
    "Asia/Jakarta": "雅加达",
    "Australia/Melbourne": "墨尔本",
    "Pacific/Auckland": "奥克兰",
    "Europe/Berlin": "慕尼黑 汉堡 法兰克福 德国 Munich München Hamburg Frankfurt Cologne Köln Stuttgart Germany",
    "Europe/Madrid": "马德里 巴塞罗那 Barcelona",
    "Europe/Rome": "罗马 米兰 Milan",
    "Europe/Zurich": "苏黎世 日内瓦 Geneva Zürich",
    "Europe/Amsterdam": "阿姆斯特丹",
    "Europe/Stockholm": "斯德哥尔摩",
    "Europe/London": "曼彻斯特 爱丁堡 英国 Manchester Edinburgh Oxford Cambridge",
    "Europe/Dublin": "都柏林",
    "Europe/Istanbul": "伊斯坦布尔 Ankara",
    "America/New_York": "波士顿 华盛顿 费城 亚特兰大 迈阿密 Boston Washington Philadelphia Atlanta Miami Pittsburgh",
    "America/Chicago": "休斯敦 达拉斯 奥斯汀 Houston Dallas Austin Minneapolis",
    "America/Denver": "丹佛 盐湖城 Boulder",
    "America/Los_Angeles": "旧金山 西雅图 硅谷 San_Francisco Seattle San_Diego San_Jose Portland Las_Vegas",
    "America/Toronto": "蒙特利尔 渥太华 Montreal Ottawa Waterloo",
    "America/Sao_Paulo": "里约热内卢 Rio_de_Janeiro Brasilia",
    "America/Mexico_City": "墨西哥城",
    "America/Argentina/Buenos_Aires": "布宜诺斯艾利斯",
    "Africa/Cairo": "开罗",
    "Africa/Johannesburg": "约翰内斯堡 开普敦 Cape_Town",
}
"""Further names that people type; an underscore stands for a space."""

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
    named = _zones().get(wanted) or _cities().get(wanted) or _cities().get(wanted.removesuffix("市"))
    return named or _offset_zone(unicodedata.normalize("NFKC", typed[:_MAX_TYPED]).strip())


def _offset_zone(typed: str) -> str | None:
    """Return the zone of an offset ("UTC+8", "+5:30", "东八区"), None when nobody lives by it."""
    if match := _CHINESE_OFFSET.fullmatch(typed):
        typed = f"{'+' if match[1] == '东' else '-'}{_CHINESE_HOURS.index(match[2]) + 1}"
    if (match := _OFFSET.fullmatch(typed)) is None:
        return None
    sign, hours, minutes = match[1], int(match[2]), match[3] or "00"
    if minutes != "00":
        return _ODD_OFFSETS.get(f"{sign}{hours}:{minutes}")
    most = _MAX_OFFSET_HOURS if sign == "+" else _MAX_OFFSET_HOURS - 2
    # POSIX turned the sign of these names round: Etc/GMT-8 is eight hours ahead of Greenwich.
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if 0 < hours <= most else None


def _fold(text: str) -> str:
    return re.sub(r"[\s_\-'’.]+", "", unicodedata.normalize("NFKC", text)).casefold()


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
    for zone, names in _MORE.items():
        found.update((_fold(name), zone) for name in names.split())
    for city in CITIES:
        for side in (city.name.zh, city.name.en):
            found.update((_fold(part), city.zone) for part in side.split("/"))
    return found
