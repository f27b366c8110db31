"""The cast and the world they live in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.core.language import LANGUAGES, Language
from bot.study.desk import Study
from tests.conversations.talks import PLATFORMS, Talk, World, talking


@pytest.fixture
def world(study: Study) -> World:
    """Return a world on a fresh database."""
    return World(study)


@pytest.fixture(params=[(platform, language) for platform in PLATFORMS for language in LANGUAGES], ids="-".join)
async def talk(request: pytest.FixtureRequest, world: World) -> AsyncIterator[Talk]:
    """Yield a newcomer on each platform in each language."""
    platform: str
    language: Language
    platform, language = request.param
    async with talking(platform, language, world) as person:
        yield person
