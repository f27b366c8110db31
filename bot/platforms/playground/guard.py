"""Who may talk to the playground: pages of its own, over names that a stranger's website cannot borrow."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
"""On every answer: the page loads nothing from elsewhere and nobody frames it."""

_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Return whether `host` can only be reached from this very machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def admits(bound: str, *, host: str, origin: str | None) -> bool:
    """Return whether a request may pass.

    A website that makes its own name point at 127.0.0.1 ("DNS rebinding") still sends its own name as `Host`,
    and a website that opens our websocket sends its own `Origin`; browsers let no page change either.
    Programs that are no browser send no `Origin`: they are on this machine already.

    Args:
        bound: the host name or address the playground listens on. Where that is not a loopback address its
            owner chose to be reached by names we cannot know, and only the origin is checked.
        host: the `Host` header.
        origin: the `Origin` header, if any.
    """
    try:
        name = urlsplit(f"//{host}").hostname
        home = host if origin is None else urlsplit(origin).netloc
    except ValueError:
        return False
    if name is None or home.lower() != host.lower():
        return False
    return name in _LOOPBACK_NAMES | {bound} or not is_loopback(bound)


def middleware(bound: str) -> Middleware:
    """Return the doorkeeper of a playground that listens on `bound`."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not admits(bound, host=request.headers.get("Host", ""), origin=request.headers.get("Origin")):
            raise web.HTTPForbidden(text="The playground only opens under its own address.")
        return await handler(request)

    return guard


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Put `HEADERS` on an answer before it leaves (an `on_response_prepare` signal)."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
