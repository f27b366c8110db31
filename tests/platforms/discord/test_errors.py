"""What Discord's refusals and the network's failures mean."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import aiohttp
import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord.breaker import LIMIT, Breaker
from bot.platforms.discord.errors import GatewayRefusedError, TokenRejectedError, classify, fatal, scrub
from bot.platforms.patience import Patience
from bot.study.chat import Bug, Gone, NotSent, Outcome, Unknown, Wait
from tests.platforms.discord.conftest import Clock


def refused(status: int, code: int = 0) -> discord.HTTPException:
    """Return what the library raises for an answer."""
    return discord.HTTPException(Mock(status=status, reason="x"), {"code": code, "message": "no"})


def unconnected(kind: type[Any] = aiohttp.ClientConnectorError) -> Exception:
    """Return what aiohttp raises when there is no connection."""
    error: Exception = kind(Mock(ssl=None), OSError(111, "refused"))
    return error


@pytest.mark.parametrize("code", [50007, 50278, 50001, 50013, 10003, 10004, 10013, 10062, 10015, 10008])
def test_gone(code: int) -> None:
    """People who closed their door, and places that are gone, stay so until they act again."""
    assert isinstance(classify(refused(403, code)), Gone)


@pytest.mark.parametrize(
    ("exc", "kind"),
    [
        (unconnected(), NotSent),
        (aiohttp.ConnectionTimeoutError(), NotSent),
        (ConnectionRefusedError(), NotSent),
        (RuntimeError("Session is closed"), NotSent),
        (refused(401), NotSent),
        (aiohttp.ServerDisconnectedError(), Unknown),
        (aiohttp.ClientOSError(104, "reset"), Unknown),
        (TimeoutError(), Unknown),
        (refused(500), Unknown),
        (refused(503), Unknown),
        (refused(408), Unknown),
        (refused(400, 50035), Bug),
        (refused(403, 12345), Bug),
        (ValueError("x"), Bug),
    ],
)
def test_others(exc: Exception, kind: type[Outcome]) -> None:
    """What never left may be sent again, what may have arrived with the same nonce only, and our bugs never."""
    assert isinstance(classify(exc), kind)


@pytest.mark.parametrize(
    ("exc", "minutes"),
    [
        (discord.RateLimited(120), 2),
        (refused(429), 10),
        (refused(403), 10),
        (refused(403, 40003), 10),
        (refused(403, 20026), 10),
    ],
)
def test_patience(exc: Exception, minutes: int) -> None:
    """Limits tell how long; the wall before Discord and a flagged bot need ten minutes."""
    assert classify(exc) == Wait(timedelta(minutes=minutes))


@pytest.mark.parametrize("code", [4010, 4011, 4012, 4013, 4014])
def test_fatal_closes(code: int) -> None:
    """A gateway that refuses for good says why and what to do."""
    closed: Exception = discord.ConnectionClosed(Mock(), shard_id=0, code=code)
    if code == 4014:
        closed = discord.PrivilegedIntentsRequired(0)
    error = fatal(closed)
    assert isinstance(error, GatewayRefusedError)
    assert str(code) in str(error)


def test_other_closes() -> None:
    """A bad token is told as such; anything else may pass."""
    assert isinstance(fatal(discord.ConnectionClosed(Mock(), shard_id=0, code=4004)), TokenRejectedError)
    assert fatal(discord.ConnectionClosed(Mock(), shard_id=0, code=4000)) is None
    assert "portal" in str(TokenRejectedError())
    assert str(GatewayRefusedError("why")) == "why"


def test_no_secret_is_told() -> None:
    """Tokens of the bot and of interactions are blacked out."""
    text = "https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb24x/messages and MTA2abc.canary-token.discord-x"
    assert scrub(text) == "https://discord.com/api/v10/webhooks/123/<token>/messages and <token>"
    assert len(scrub("x" * 999)) == 200


def test_breaker(clock: Clock) -> None:
    """A hundred invalid requests within ten minutes stop pushes until the first of them is ten minutes old."""
    breaker = Breaker(clock.now)
    for status in (200, 404, 500, *[403] * (LIMIT - 1)):
        breaker.count(status)
    breaker.count(429, shared=True)
    assert not breaker.pause()
    clock.seconds += 60
    breaker.count(401)
    assert breaker.pause() == timedelta(minutes=9)
    clock.seconds += 9 * 60
    assert not breaker.pause()


def test_tripped_breaker(clock: Clock) -> None:
    """A ban stops pushes for as long as it was said; a shorter one does not shorten it."""
    breaker = Breaker(clock.now)
    breaker.trip(timedelta(minutes=10))
    breaker.trip(timedelta(minutes=1))
    assert breaker.pause() == timedelta(minutes=10)


@given(st.integers(0, 2000), st.floats(0, 100))
async def test_pauses(attempt: int, least: float) -> None:
    """A pause is never shorter than asked for, and never longer than the limit beyond that."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    rng = Mock(uniform=lambda _low, high: high)
    await Patience(wait, rng, longest_seconds=900).pause(attempt, at_least_seconds=least)
    assert least < waited[0] <= least + 900
