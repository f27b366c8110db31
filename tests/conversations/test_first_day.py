"""The first day: from hello to the first lesson done, the same story on every platform in both languages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.core.roadmap import Roadmap
from tests.conversations.scripts import answer, first_conversation, said
from tests.conversations.talks import Talk, World

MOST_TAPS = 6


async def test_newcomer_reaches_the_first_lesson(talk: Talk) -> None:
    """At most six taps and no typing lead from /start to the first lesson."""
    taps = await first_conversation(talk)
    heard = await talk.hears("2×2")
    assert taps < MOST_TAPS
    assert {"zh": "选择你的路线", "en": "Choose your track"}[talk.language] in heard.text


async def test_lesson_is_done_by_answering(talk: Talk, roadmap: Roadmap) -> None:
    """A lesson is done when its questions are answered, wrong ones too, and each answer is explained at once."""
    await first_conversation(talk)
    await talk.press(said(talk, "more-button"))
    await talk.hears("NumPy")
    await talk.press(said(talk, "questions-button"))
    for right in (True, False, True):
        heard = await talk.hears("❓")
        question = await answer(roadmap, heard, talk, right=right)
        verdict = await talk.hears("✅" if right else "❌")
        assert question.source.in_(talk.language)[:6] in verdict.text.replace("\\", "")
    done = await talk.hears("🎉")
    assert {"zh": "选择你的路线", "en": "Choose your track"}[talk.language] in done.text
    await talk.command("progress")
    progress = await talk.hears("📊")
    assert {"zh": "1/60", "en": "1 of 60"}[talk.language] in progress.text


async def test_next_day_comes_by_itself(talk: Talk, world: World, roadmap: Roadmap) -> None:
    """At the learner's own hour the next study day is pushed once, beginning with a recall question."""
    await first_conversation(talk)
    await talk.press(said(talk, "more-button"))
    await talk.hears("NumPy")
    await talk.press(said(talk, "questions-button"))
    for _ in range(3):
        await answer(roadmap, await talk.hears("❓"), talk)
        await talk.hears("✅")
    await talk.hears("🎉")
    assert await world.until_next_push() == 1
    heard = await talk.hears("🔁")
    home = ZoneInfo({"zh": "Asia/Shanghai", "en": "Europe/Berlin"}[talk.language])
    assert f"{world.now.astimezone(home):%d %H:%M}" == "24 08:00"
    await answer(roadmap, heard, talk)
    await talk.hears("✅")


async def test_the_other_language(talk: Talk) -> None:
    """The first message offers the other language, and everything after it is in that language."""
    await talk.command("start")
    await talk.hears("Xueban" if talk.language == "en" else "学伴")
    await talk.press("中文" if talk.language == "en" else "English")
    await talk.hears("你有多少时间" if talk.language == "en" else "how much time do you have")
