"""What people in the stories know: the catalogue's sentences, and the answers to the questions."""

from __future__ import annotations

import re
from typing import Final

from bot.core.markdown import plain
from bot.core.questions import Numeric, Question, SingleChoice
from bot.core.roadmap import Roadmap
from bot.study.words import words
from tests.conversations.talks import Heard, Talk

_LETTERS: Final = "ABCD"


def said(talk: Talk, key: str, **values: str | int) -> str:
    """Return the beginning of a sentence as it is seen in this person's language, up to the first value or line end."""
    text = plain(words(talk.language).say(key, **values))
    return text.strip().split("\n")[0]


async def first_conversation(talk: Talk) -> int:
    """Go from hello to the first lesson without typing, and return how many taps it took."""
    await talk.command("start")
    await talk.hears("学伴" if talk.language == "zh" else "Xueban")
    taps = 0
    for label, fragment in (
        ({"zh": "五个月", "en": "Five months"}, {"zh": "每天打算学多久", "en": "how long would you like"}),
        ({"zh": "60 分钟", "en": "60 min"}, {"zh": "一周学哪几天", "en": "Which days of the week"}),
        ({"zh": "周一到周六", "en": "Mon–Sat"}, {"zh": "你那里", "en": "you"}),
        ({"zh": "14:05", "en": "07:05"}, {"zh": "每天几点叫你", "en": "At what time shall I come"}),
        ({"zh": "08:00", "en": "08:00"}, {"zh": "学完", "en": "you finish on"}),
    ):
        await talk.press(label[talk.language])
        await talk.hears(fragment[talk.language])
        taps += 1
    return taps


def question_in(roadmap: Roadmap, heard: Heard, talk: Talk) -> Question:
    """Return the question that a message puts."""
    for lesson in roadmap.lessons.values():
        for question in lesson.questions:
            if _squeezed(plain(question.stem.in_(talk.language))) in _squeezed(heard.text):
                return question
    raise AssertionError(f"no known question in {heard.text!r}")


async def answer(roadmap: Roadmap, heard: Heard, talk: Talk, *, right: bool = True) -> Question:
    """Answer the question in a message, rightly or wrongly, the way it asks to be answered."""
    question = question_in(roadmap, heard, talk)
    if isinstance(question, Numeric):
        await talk.type(str(question.answer_value() + (0 if right else 1000)))
        return question
    await talk.press(_label(question, heard, talk, right=right))
    return question


def _label(question: SingleChoice, heard: Heard, talk: Talk, *, right: bool) -> str:
    """Return the label of a right or wrong option: its text, or the letter before it in the message."""
    wanted = next(option for option in question.options if option.correct == right)
    text = plain(wanted.text.in_(talk.language).strip())
    if text in heard.labels:
        return text
    lines = [_squeezed(line) for line in heard.text.splitlines()]
    line = next(line for line in lines if line.endswith(_squeezed(text)) and line[:1] in _LETTERS)
    return line[0]


def _squeezed(text: str) -> str:
    """Return the text without white space and without the marks a platform writes its formatting with."""
    return re.sub(r"[\s`*\\]+", "", text)
