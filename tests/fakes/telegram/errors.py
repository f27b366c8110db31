"""How the Bot API says no: a code, a description, sometimes parameters."""

from __future__ import annotations

from collections.abc import Mapping


class ApiError(Exception):
    """The server refuses a request."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})


class RuleBrokenError(ApiError):
    """The request breaks a rule that no correct client breaks; it is refused and kept as a violation."""


def bad_request(reason: str) -> ApiError:
    """Refuse with 400."""
    return ApiError(400, f"Bad Request: {reason}")


def broken(reason: str) -> RuleBrokenError:
    """Refuse with 400, and make it a violation."""
    return RuleBrokenError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Refuse with 403."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Refuse with 409."""
    return ApiError(409, f"Conflict: {reason}")
