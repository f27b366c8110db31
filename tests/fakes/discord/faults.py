"""Bad days on demand: rate limits, server errors, broken connections, answers that hang."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

FaultKind = Literal["429", "status", "reset", "lost", "hold"]


@dataclass(eq=False)
class Fault:
    """What happens to the next `left` requests whose "METHOD /path" matches the pattern."""

    route: str
    kind: FaultKind
    left: int = 1
    status: int = 0
    code: int = 0
    retry_after: float = 0.0
    via: bool = True
    everywhere: bool = False
    processed: bool = True
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let held requests go on, and stop holding new ones."""
        self.left = 0
        self.released.set()

    async def caught(self) -> None:
        """Wait until a request is being held."""
        await self.reached.wait()


class Faults:
    """The list of bad days to come; the first that matches is used up first.

    A route is a glob over method and path without the base, such as `"POST /channels/*/messages"`,
    `"POST /interactions/*/callback"` or `"PATCH /webhooks/*/messages/@original"`.
    """

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def rate_limit(
        self,
        route: str,
        *,
        times: int = 1,
        retry_after: float = 0.0,
        via: bool = True,
        everywhere: bool = False,
    ) -> Fault:
        """Answer 429.

        Args:
            route: glob over "METHOD /path".
            times: how many requests.
            retry_after: seconds; 0 makes discord.py try again at once.
            via: without the `Via` header discord.py takes it for a Cloudflare ban and raises at once.
            everywhere: the limit is the global one.
        """
        fault = Fault(route, "429", times, retry_after=retry_after, via=via, everywhere=everywhere)
        return self._plan(fault)

    def fail(self, route: str, *, status: int = 503, code: int = 0, times: int = 1) -> Fault:
        """Answer with a status and do nothing; discord.py waits and retries on 500, 502, 504, 524."""
        return self._plan(Fault(route, "status", times, status=status, code=code))

    def reset(self, route: str, *, times: int = 1) -> Fault:
        """Reset the connection before anything is done."""
        return self._plan(Fault(route, "reset", times))

    def lose_answer(self, route: str, *, times: int = 1, status: int | None = None) -> Fault:
        """Do what was asked, then break the connection, or answer with an error `status` all the same."""
        return self._plan(Fault(route, "lost", times, status=status or 0))

    def hold(self, route: str, *, times: int = 1, processed: bool = True) -> Fault:
        """Keep the request waiting until `release()` of the returned fault.

        Args:
            route: glob over "METHOD /path".
            times: how many requests.
            processed: do what was asked first and hold only the answer; otherwise hold the whole request.
        """
        return self._plan(Fault(route, "hold", times, processed=processed))

    def clear(self) -> None:
        """Forget all plans and let go of everything held."""
        for fault in self._planned:
            fault.release()
        self._planned.clear()

    def take(self, request: str) -> Fault | None:
        """Return the fault planned for a request and count it as used."""
        for fault in self._planned:
            if fault.left > 0 and fnmatchcase(request, fault.route):
                fault.left -= 1
                return fault
        return None

    def _plan(self, fault: Fault) -> Fault:
        self._planned.append(fault)
        return fault
