"""Putting questions and taking answers: each asking is kept, answered at most once, and explained at once."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from datetime import timedelta
from typing import Final, Literal

from bot.core.actions import encode
from bot.core.calendar import day_start
from bot.core.history import Asked
from bot.core.memory import Card, review
from bot.core.message import Button, Choice, Entry, Message
from bot.core.progress import study_days
from bot.core.questions import Numeric, Question, UnreadableReplyError, Verdict
from bot.core.roadmap import Lesson
from bot.study.visit import Visit
from bot.study.words import Markup

WITH_LESSON: Final = 3
"""So many questions are asked with a lesson; its others come back as recall on later days."""

RECALL_MARK: Final = "🔁"
"""How a recall question begins, in every language."""

_LETTERS: Final = "ABCD"
_LONG_OPTION: Final = 24
"""Options longer than this many columns are written out in the message and picked by letter."""

_DUE_LOOKED_AT: Final = 20
_ID_BITS: Final = 96
"""An asking's id cannot be guessed: 96 random bits, 16 characters on the button."""


def digest(question: Question) -> str:
    """Return a short hash of a question as written, to know later what exactly was asked."""
    return hashlib.sha256(repr(question).encode()).hexdigest()[:16]


async def ask_recall(visit: Visit, most: int) -> Message | None:
    """Return a due recall question, unless `most` were put on this study day already or none is due."""
    opened = await visit.store.questions.open(visit.learner.id)
    if opened is not None and opened.purpose == "recall" and (question := visit.roadmap.question(opened.question)):
        if opened.study_day == visit.today:
            return await _put_again(visit, opened, question)
        if visit.today not in study_days(await visit.history()):
            return None  # yesterday's recall was left unanswered: today begins with the lesson, not with the same again
    if await visit.store.questions.recalls_on(visit.learner.id, visit.today) >= most:
        return None
    for card in await visit.store.cards.due(visit.learner.id, visit.now, _DUE_LOOKED_AT):
        question = visit.roadmap.question(card.question)
        if question is not None:
            return await _put(visit, card.question, question, "recall")
    return None


async def ask_of_lesson(visit: Visit, lesson: Lesson) -> Message | None:
    """Return the next question of a lesson, or None when those asked with it are all answered."""
    answered = {asked.question for asked in await visit.store.questions.answered(visit.learner.id, lesson.id)}
    for question in lesson.questions[:WITH_LESSON]:
        full = f"{lesson.id}/{question.id}"
        if full not in answered:
            return await _put(visit, full, question, "lesson")
    return None


async def _put(visit: Visit, full: str, question: Question, purpose: Literal["lesson", "recall"]) -> Message:
    """Put a question, again under the same id while it is open."""
    known = await visit.store.questions.open(visit.learner.id, full)
    if known is not None and known.purpose == purpose:
        return await _put_again(visit, known, question)
    asked = Asked(
        id=base64.urlsafe_b64encode(visit.rng.getrandbits(_ID_BITS).to_bytes(_ID_BITS // 8)).decode(),
        learner_id=visit.learner.id,
        question=full,
        digest=digest(question),
        purpose=purpose,
        seed=visit.rng.getrandbits(48),
        asked_at=visit.now,
        study_day=visit.today,
    )
    await visit.store.questions.put(asked)
    return await _put_again(visit, asked, question)


async def _put_again(visit: Visit, asked: Asked, question: Question) -> Message:
    typed = isinstance(question, Numeric)
    await visit.change(awaiting=encode("a", asked.id) if typed else "")
    return question_message(visit, asked, question)


def question_message(visit: Visit, asked: Asked, question: Question) -> Message:
    """Return a question as a message: short options on the buttons, long ones in the text with letters to tap."""
    words, language = visit.words, visit.words.language
    prompt = question.prompt(asked.seed)
    head = words.say("question-lesson")
    if asked.purpose == "recall":
        lesson = visit.lesson(asked.question.partition("/")[0])
        head = words.say("question-recall", title=Markup(lesson.title.in_(language)) if lesson else "")
    parts = [head, prompt.stem.in_(language).strip()]
    if not prompt.options:
        parts.append(words.say("type-number"))
        entry = Entry(
            encode("a", asked.id),
            words.say("answer-button"),
            words.say("answer-title"),
            words.say("answer-hint"),
        )
        return Message("\n\n".join(parts), entry=entry)
    options = [option.in_(language).strip() for option in prompt.options]
    buttons: list[Button] = []
    if max(_columns(option) for option in options) > _LONG_OPTION or any(
        mark in option for option in options for mark in "`*["
    ):
        parts.append("\n".join(f"**{_LETTERS[at]}**  {option}" for at, option in enumerate(options)))
        buttons.extend(Choice(_LETTERS[at], encode("a", asked.id, at)) for at in range(len(options)))
        return Message("\n\n".join(parts), (tuple(buttons),))
    rows = tuple((Choice(option, encode("a", asked.id, at)),) for at, option in enumerate(options))
    return Message("\n\n".join(parts), rows)


async def typed_answer(visit: Visit, text: str) -> tuple[str, str] | None:
    """Return the action, and the text that goes with it, by which typed text answers the question that is open today.

    A number goes to a numeric question as it is; an option is known by its letter or its words. None when neither fits.
    """
    opened = await visit.store.questions.open(visit.learner.id)
    question = visit.roadmap.question(opened.question) if opened and opened.study_day == visit.today else None
    if opened is None or question is None:
        return None
    if isinstance(question, Numeric):
        return encode("a", opened.id), text.strip()
    wanted = unicodedata.normalize("NFKC", text).strip().casefold()
    options = [option.in_(visit.words.language).strip().casefold() for option in question.prompt(opened.seed).options]
    names = [(letter.casefold(), option) for letter, option in zip(_LETTERS, options, strict=False)]
    found = next((at for at, either in enumerate(names) if wanted.rstrip(".。)）") in either or wanted in either), None)
    return None if found is None else (encode("a", opened.id, found), "")


async def take(visit: Visit, asked_id: str, reply: str) -> tuple[Message, Lesson | None, bool]:
    """Grade a reply, record it once, and say why.

    Returns:
        The feedback; the lesson to go on with (None when the question was recall, or nothing was graded);
        and whether an answer was recorded now.
    """
    words = visit.words
    asked = await visit.store.questions.get(asked_id)
    if asked is None:
        return Message(words.say("question-gone"), ((Choice(words.say("today-button"), "go"),),)), None, False
    if asked.learner_id != visit.learner.id:
        return Message(words.say("not-yours"), private=True), None, False
    question = visit.roadmap.question(asked.question)
    if question is None:
        return (
            Message(words.say("question-withdrawn"), ((Choice(words.say("today-button"), "go"),),)),
            None,
            False,
        )
    if asked.answered_at is not None:
        return _answered_before(visit, question, asked), None, False
    try:
        verdict = question.grade(reply, asked.seed)
    except UnreadableReplyError:
        return _unreadable(visit, asked, question, reply), None, False
    lesson = await _record(visit, asked, question, reply, verdict)
    return feedback(visit, question, verdict, asked, repeated=False), lesson, True


def _answered_before(visit: Visit, question: Question, asked: Asked) -> Message:
    try:
        verdict = question.grade(asked.reply or "", asked.seed)
    except UnreadableReplyError:  # the question was rewritten since, as another kind
        return Message(visit.words.say("answered-before"), ((Choice(visit.words.say("today-button"), "go"),),))
    return feedback(visit, question, verdict, asked, repeated=True)


def _unreadable(visit: Visit, asked: Asked, question: Question, reply: str) -> Message:
    if not isinstance(question, Numeric):
        return question_message(visit, asked, question)
    words = visit.words
    entry = Entry(
        encode("a", asked.id), words.say("answer-button"), words.say("answer-title"), words.say("answer-hint")
    )
    return Message(words.say("not-a-number", typed=_brief(reply)), entry=entry)


async def _record(visit: Visit, asked: Asked, question: Question, reply: str, verdict: Verdict) -> Lesson | None:
    learner_id = visit.learner.id
    await visit.store.questions.answer(asked.id, reply, correct=verdict.correct, now=visit.now)
    await visit.note("answered", asked.question, correct=verdict.correct, purpose=asked.purpose, asked=asked.id)
    card = await visit.store.cards.get(learner_id, asked.question)
    await visit.store.cards.save(learner_id, review(card, asked.question, correct=verdict.correct, now=visit.now))
    await visit.change(awaiting="")
    del question
    lesson = visit.lesson(asked.question.partition("/")[0])
    if asked.purpose == "recall" or lesson is None:
        return None
    await complete(visit, lesson)
    return lesson


async def complete(visit: Visit, lesson: Lesson) -> None:
    """Note the lesson as done once its questions are answered; its other questions come back as recall."""
    answered = {asked.question for asked in await visit.store.questions.answered(visit.learner.id, lesson.id)}
    wanted = {f"{lesson.id}/{question.id}" for question in lesson.questions[:WITH_LESSON]}
    if wanted <= answered and lesson.id not in (await visit.passed()).done:
        await visit.note("done", lesson.id)
        rest = (f"{lesson.id}/{question.id}" for question in lesson.questions[WITH_LESSON:])
        tomorrow = day_start(visit.today + timedelta(days=1), visit.zone)
        await visit.store.cards.add(visit.learner.id, (Card(full, tomorrow, {}) for full in rest))


def feedback(visit: Visit, question: Question, verdict: Verdict, asked: Asked, *, repeated: bool) -> Message:
    """Return verdict, why the right answer is right, why the chosen one is not, and where to reread."""
    words, language = visit.words, visit.words.language
    right = Markup(verdict.right.in_(language).strip())
    reply = Markup(verdict.reply.in_(language).strip())
    reason = Markup(verdict.reason.in_(language).strip())
    parts = [question.stem.in_(language).strip()]
    if repeated:
        parts.append(words.say("answered-before"))
    if verdict.correct:
        parts.append(words.say("right", right=right, reason=reason))
    else:
        parts.append(words.say("wrong", right=right, reason=reason))
        slip = Markup(verdict.slip.in_(language).strip()) if verdict.slip else None
        parts.append(
            words.say("your-answer", reply=reply, slip=slip) if slip else words.say("your-answer-plain", reply=reply)
        )
    lesson_id = asked.question.partition("/")[0]
    parts.append(words.say("reread", source=Markup(question.source.in_(language).strip())))
    buttons: list[Button] = []
    if not verdict.correct:
        buttons.append(Choice(words.say("reread-button"), encode("lesson", lesson_id)))
    if repeated:  # what came after the first answer may never have arrived
        buttons.append(Choice(words.say("go-button"), "go", "primary"))
    return Message("\n\n".join(parts), (tuple(buttons),) if buttons else (), replaces=True)


def _columns(text: str) -> int:
    return sum(1 if ord(character) < 0x2E80 else 2 for character in text)  # noqa: PLR2004 - where wide scripts begin


def _brief(text: str) -> str:
    limit = 40
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= limit else one_line[:limit] + "…"
