"""Who may talk to the playground."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from bot.platforms.playground.bridge import PlaygroundBridge
from bot.platforms.playground.guard import admits, is_loopback


@pytest.mark.parametrize(
    ("bound", "host", "origin", "passes"),
    [
        ("127.0.0.1", "127.0.0.1:8765", None, True),
        ("127.0.0.1", "localhost:8765", "http://localhost:8765", True),
        ("127.0.0.1", "LOCALHOST:8765", "http://localhost:8765", True),
        ("127.0.0.1", "[::1]:8765", "http://[::1]:8765", True),
        ("127.0.0.1", "evil.example:8765", None, False),
        ("127.0.0.1", "evil.example:8765", "http://evil.example:8765", False),
        ("127.0.0.1", "127.0.0.1:8765", "http://evil.example", False),
        ("127.0.0.1", "127.0.0.1:8765", "http://127.0.0.1:3000", False),
        ("127.0.0.1", "127.0.0.1:8765", "null", False),
        ("127.0.0.1", "127.0.0.1.evil.example", None, False),
        ("127.0.0.1", "", None, False),
        ("127.0.0.1", "[::1", None, False),
        ("127.0.0.1", "127.0.0.1:8765", "http://[::1", False),
        ("127.0.0.2", "127.0.0.2:8765", None, True),
        ("0.0.0.0", "study.example:8765", "http://study.example:8765", True),  # noqa: S104 (a value, nothing binds)
        ("0.0.0.0", "study.example:8765", "http://evil.example", False),  # noqa: S104 (the same)
    ],
)
def test_admits(bound: str, host: str, origin: str | None, passes: bool) -> None:  # noqa: FBT001 (a table column)
    """Only the playground's own page, under a name that no stranger can make theirs, may pass."""
    assert admits(bound, host=host, origin=origin) is passes


def test_loopback() -> None:
    """Loopback addresses and localhost stay on this machine; all else may not."""
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.8.8.8", "::1")))
    assert not any(map(is_loopback, ("0.0.0.0", "192.168.1.7", "example.org", "")))  # noqa: S104 (a value)


async def test_rebinding(web: ClientSession) -> None:
    """A stranger's name that points at this machine gets neither the page nor the websocket."""
    for path in ("/", "/static/app.js", "/socket"):
        answer = await web.get(path, headers={"Host": "evil.example"})
        assert answer.status == 403


async def test_strange_origin(web: ClientSession) -> None:
    """A stranger's page cannot open the websocket."""
    with pytest.raises(WSServerHandshakeError) as refused:
        await web.ws_connect("/socket", headers={"Origin": "https://evil.example"})
    assert refused.value.status == 403


async def test_own_origin(web: ClientSession, bridge: PlaygroundBridge) -> None:
    """The playground's own page can."""
    socket = await web.ws_connect("/socket", headers={"Origin": bridge.url.rstrip("/")})
    assert (await socket.receive_json(timeout=5))["type"] == "hello"
    await socket.close()


async def test_headers(web: ClientSession) -> None:
    """Every answer forbids anything from elsewhere, also the refusals."""
    for path, host in (("/", None), ("/static/style.css", None), ("/nowhere", None), ("/", "evil.example")):
        answer = await web.get(path, headers={"Host": host} if host else {})
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_no_way_out(web: ClientSession) -> None:
    """The static files end at their folder."""
    for path in (
        "/static/../bridge.py",
        "/static/%2e%2e/bridge.py",
        "/static/..%2fbridge.py",
        "/pictures/x.png",
    ):
        answer = await web.get(path)
        assert answer.status in {403, 404}
