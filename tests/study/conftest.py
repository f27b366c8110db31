"""The use cases over the small road, the cast of people, and two chat platforms in memory."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.roadmap import Roadmap
from bot.store import Store
from bot.study.desk import Study
from tests.store.conftest import database as database  # noqa: PLC0414 - the fixture: every test on both engines
from tests.study.chats import RoomChat
from tests.study.people import Person, dice
from tests.study.small import SMALL

Faults = list[MutableMapping[str, Any]]


@pytest.fixture(autouse=True)
def faults() -> Iterator[Faults]:
    """Fail every test in which something of ours broke unexpectedly; a test that breaks things clears the list."""
    with capture_logs() as logged:
        found: Faults = logged
        yield found
    assert [line for line in found if line["log_level"] == "error"] == []


@pytest.fixture
def study(store: Store) -> Study:
    """The use cases over the small road, with reproducible ids."""
    return Study(store, SMALL, dice(7))


@pytest.fixture
def shipped(store: Store, roadmap: Roadmap) -> Study:
    """The use cases over the road as shipped."""
    return Study(store, roadmap, dice(7))


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
