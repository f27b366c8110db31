"""The use cases over the small road, the cast of people, and two chat platforms in memory."""

from __future__ import annotations

import random

import pytest

from bot.core.roadmap import Roadmap
from bot.store import Store
from bot.study.desk import Study
from tests.study.chats import RoomChat
from tests.study.people import Person
from tests.study.small import SMALL


@pytest.fixture
def study(store: Store) -> Study:
    """The use cases over the small road, with reproducible ids."""
    return Study(store, SMALL, random.Random(7))


@pytest.fixture
def shipped(store: Store, roadmap: Roadmap) -> Study:
    """The use cases over the road as shipped."""
    return Study(store, roadmap, random.Random(7))


@pytest.fixture
def alice(study: Study) -> Person:
    """Alice on Telegram in Berlin, who has not said anything yet."""
    return Person(study, "telegram", "6000000001", locale="de", name="Alice", zone="Europe/Berlin")


@pytest.fixture
def bob(study: Study) -> Person:
    """Bob on Discord in Kolkata, who has not said anything yet."""
    return Person(study, "discord", "700000000000000002", locale="en-US", name="Bob", zone="Asia/Kolkata")


@pytest.fixture
def ming(study: Study) -> Person:
    """小明 on Telegram in Shanghai, who has not said anything yet."""
    return Person(study, "telegram", "6000000003", locale="zh-hans", name="小明")


@pytest.fixture
def telegram() -> RoomChat:
    """A platform that cannot tell whether something arrived."""
    return RoomChat()


@pytest.fixture
def discord() -> RoomChat:
    """A platform on which the same key shows nothing twice."""
    return RoomChat("discord", repeatable=True)
