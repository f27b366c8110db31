"""The closed union of question kinds: one file each, one line here."""

from __future__ import annotations

from bot.core.questions.choice import SingleChoice
from bot.core.questions.numeric import Numeric
from bot.core.questions.prompt import Prompt, UnreadableReplyError, Verdict

Question = SingleChoice | Numeric

__all__ = ["Numeric", "Prompt", "Question", "SingleChoice", "UnreadableReplyError", "Verdict"]
