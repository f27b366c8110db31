"""Moments in the database are aware UTC, whatever goes in and whatever the engine does with zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import StatementError

from bot.core.learner import Learner
from bot.store import Store
from bot.store.types import UtcDateTime
from tests.conftest import NOW
from tests.store.conftest import ALICE, BOB, joins

ENGINES: tuple[Dialect, ...] = (SQLiteDialect_pysqlite(), PGDialect_psycopg())  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
ZONES = st.sampled_from(["Asia/Shanghai", "America/Santiago", "Asia/Kolkata", "Pacific/Chatham", "UTC"]).map(ZoneInfo)


async def test_naive_is_refused(store: Store, alice: Learner) -> None:
    """A moment without a zone never reaches the database."""
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="a moment needs a zone"):
        async with store.write() as transaction:
            await transaction.learners.seen(ALICE, "", naive)
    async with store.read() as transaction:
        assert await transaction.learners.seen_since(alice.id, NOW)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Santiago", "Europe/Berlin", "Asia/Kathmandu"])
async def test_any_zone_in_utc_out(store: Store, alice: Learner, zone: str) -> None:
    """A moment comes back as the same moment in UTC, to the microsecond, whatever its zone was."""
    moment = datetime(2027, 3, 28, 3, 30, 15, 123456, tzinfo=ZoneInfo(zone))
    async with store.write() as transaction:
        await transaction.learners.save(
            Learner(id=alice.id, language="en", zone="Europe/Berlin", stage="ready", next_push_at=moment)
        )
    async with store.read() as transaction:
        kept = await transaction.learners.get(alice.id)
    assert kept is not None
    assert kept.next_push_at == moment.astimezone(UTC)
    assert kept.next_push_at.tzinfo is UTC


async def test_moments_sort(store: Store) -> None:
    """The earliest moment is the first, also where its local clock shows the latest time."""
    in_kiribati = NOW.astimezone(timezone(timedelta(hours=14)))
    in_hawaii = (NOW + timedelta(seconds=1)).astimezone(timezone(timedelta(hours=-10)))
    await joins(store, ALICE, due=in_hawaii)
    await joins(store, BOB, due=in_kiribati)
    async with store.read() as transaction:
        assert await transaction.pushes.next_due() == NOW


@given(moment=st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1), timezones=ZONES))  # noqa: DTZ001 - bounds have no zone here
def test_column_keeps_every_moment(moment: datetime) -> None:
    """What goes through the column type is the same moment afterwards, on each engine."""
    for engine in ENGINES:
        bound = UtcDateTime().process_bind_param(moment, engine)
        assert UtcDateTime().process_result_value(bound, engine) == moment.astimezone(UTC)


def test_nothing_stays_nothing() -> None:
    """No moment goes in and out as no moment."""
    for engine in ENGINES:
        assert UtcDateTime().process_bind_param(None, engine) is None
        assert UtcDateTime().process_result_value(None, engine) is None
