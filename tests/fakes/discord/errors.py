"""What Discord answers when it refuses: status, error code, message, and the nested tree of form errors."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

JSON = dict[str, Any]

MESSAGES = {
    0: "404: Not Found",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10008: "Unknown Message",
    10013: "Unknown User",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    30032: "Maximum number of application commands reached (100)",
    30034: "Maximum number of daily application command creates has been reached (200)",
    40003: "You are opening direct messages too fast",
    40005: "Request entity too large",
    40060: "Interaction has already been acknowledged.",
    40094: "Follow-up limit reached: this application is not installed here (5)",
    40333: "internal network error",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50027: "Invalid Webhook Token",
    50033: "Invalid Recipient(s)",
    50035: "Invalid Form Body",
    50109: "The request body contains invalid JSON.",
    50278: "Cannot send messages to this user due to having no mutual guilds",
}
"""Error code → message, from the documentation's topics/opcodes-and-status-codes."""


class ApiError(Exception):
    """Discord refuses a request."""

    def __init__(self, status: int, code: int, *, message: str | None = None, errors: JSON | None = None) -> None:
        self.status = status
        self.code = code
        self.message = MESSAGES[code] if message is None else message
        self.errors = errors
        super().__init__(status, code, self.message)

    def to_json(self) -> JSON:
        """Return the body of the answer."""
        body: JSON = {"message": self.message, "code": self.code}
        return body if self.errors is None else {**body, "errors": self.errors}

    @override
    def __str__(self) -> str:
        return f"{self.status} (error code {self.code}): {self.message} {self.errors or ''}".rstrip()
