"""A process that is killed between a claim and its send loses no push and makes no second one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.core.learner import Account
from bot.core.push import PushState
from bot.store import Store
from tests.conftest import NOW
from tests.store.conftest import joins
from tests.store.dying import LEASE, POINTS
from tests.store.test_claims import claim, pushes_of, ready


async def test_a_kill_loses_nothing(store: Store, database: str, pytestconfig: pytest.Config) -> None:
    """Wherever a process died, the next one finds the push exactly once, and knows how far it had got."""
    people = {point: await joins(store, Account(point, "1")) for point in POINTS}
    subprocess.run(  # noqa: ASYNC221, S603 - our own module, and nothing else runs meanwhile
        [sys.executable, "-m", "tests.store.dying", database], cwd=pytestconfig.rootpath, check=True
    )
    truths: dict[str, tuple[int, int, PushState]] = {
        "inside the claim": (1, 1, "claimed"),
        "after the claim": (0, 1, "claimed"),
        "after the lease": (0, 0, "claimed"),
        "after the note": (0, 0, "sending"),
    }
    for point, (claimed, at_once, state) in truths.items():
        assert await claim(store, (point,)) == claimed
        found = await ready(store, NOW, (point,))
        assert len(found) == at_once
        found.extend(await ready(store, NOW + LEASE, (point,)))
        assert {push.state for push in found} == {state}
        assert [push.id for push in await pushes_of(store, people[point])] == [found[0].id]
