"""A strict Discord on the loopback: REST v10, the gateway, and people who use it."""

from tests.fakes.discord.errors import ApiError
from tests.fakes.discord.faults import Fault, Faults
from tests.fakes.discord.model import (
    Attachment,
    Button,
    Call,
    Channel,
    Guild,
    Interaction,
    Message,
    Modal,
    Violation,
)
from tests.fakes.discord.people import Person
from tests.fakes.discord.server import FakeDiscord

__all__ = [
    "ApiError",
    "Attachment",
    "Button",
    "Call",
    "Channel",
    "FakeDiscord",
    "Fault",
    "Faults",
    "Guild",
    "Interaction",
    "Message",
    "Modal",
    "Person",
    "Violation",
]
