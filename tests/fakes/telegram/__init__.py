"""A strict Telegram: a Bot API server on loopback with people in it.

    async with FakeTelegram() as tg:
        bot = ...  # token=tg.token, base_url=tg.base_url
        alice = tg.person("Alice", language_code="de")
        await alice.starts()
        question = await alice.hears("first question")
        press = await alice.presses("42", on=question)
        assert await press.answer() == "Right!"
        assert tg.violations == []

Nothing here sleeps, and time is what the `now` of the test says; only a long poll ends by the real clock.
"""

from tests.fakes.telegram.calls import Call
from tests.fakes.telegram.fake import FakeTelegram
from tests.fakes.telegram.faults import Fault, Hold
from tests.fakes.telegram.groups import Group
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.presses import Press
from tests.fakes.telegram.shown import Button, Shown

__all__ = ["Button", "Call", "FakeTelegram", "Fault", "Group", "Hold", "Person", "Press", "Shown"]
