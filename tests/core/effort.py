"""How hard hypothesis tries: enough for every save, and much more in the runs marked slow."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings

QUICK: Final = settings(max_examples=40, deadline=None)
"""For every save; nothing is timed."""

DEEP: Final = settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For the runs marked slow."""
