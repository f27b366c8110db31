"""What a platform hands to the use cases: who, where, and what they did."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.learner import Account

__all__ = ["Account", "Body", "Command", "Press", "Request", "Typed"]


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its name in the COMMANDS table (or any other word a person tried) and the text after it."""

    name: str
    args: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A button press; `action` is whatever came back and may be forged."""

    action: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Free text; `action` names what it completes when the platform knows (a form), else it is empty."""

    text: str
    action: str = ""


Body = Command | Press | Typed


@dataclass(frozen=True, slots=True)
class Request:
    """One thing a person did.

    Attributes:
        key: the platform's id of this very event; the same key is never applied twice.
        account: who did it.
        chat: the platform's id of the place where it happened; answers go there.
        private: nobody else reads along (a one-to-one chat, or an answer only the presser sees).
        body: what they did.
        home: the platform's id of the person's one-to-one chat with the bot, where pushes may go; "" when not known.
        home_url: an https address that opens that one-to-one chat, for people met in a group; "" when there is none.
        locale: the platform's language tag of the person, "" when unknown.
        name: the name the person gave themselves: hostile text.
        zone: an IANA zone name when the platform knows it (a browser does), else "".
    """

    key: str
    account: Account
    chat: str
    private: bool
    body: Body
    home: str = ""
    home_url: str = ""
    locale: str = ""
    name: str = ""
    zone: str = ""
