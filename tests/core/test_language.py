"""Tests of the two languages."""

from __future__ import annotations

import pytest

from bot.core.language import Text, guess_language


@pytest.mark.parametrize("locale", ["zh", "zh-CN", "zh_TW", "ZH-hans", "zh-Hant-HK"])
def test_chinese(locale: str) -> None:
    """Every Chinese locale reads Chinese."""
    assert guess_language(locale) == "zh"


@pytest.mark.parametrize("locale", ["en", "en-US", "de", "zha", "", "-", "xx-zh"])
def test_english(locale: str) -> None:
    """Every other locale reads English."""
    assert guess_language(locale) == "en"


def test_text() -> None:
    """A text has one side for each language."""
    text = Text("学伴", "Xueban")
    assert (text.in_("zh"), text.in_("en")) == ("学伴", "Xueban")
