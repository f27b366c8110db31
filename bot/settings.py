"""Settings: read from the environment (and .env) once, here and nowhere else; secrets may come from files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import unquote

from dotenv import dotenv_values  # comes with pydantic-settings
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

PREFIX: Final = "XUEBAN_"
ROLES: Final = ("telegram", "discord", "playground", "clock")
_SECRETS: Final = ("telegram_token", "discord_token", "telegram_webhook_secret", "database")
_ROOT: Final = Path(__file__).resolve().parents[1]
_DATABASE: Final = re.compile(r"(?:sqlite:///|postgres(?:ql)?://)\S+")
_PASSWORDS: Final = (re.compile(r"(?<=://)[^:/@]*:(.+)(?=@)"), re.compile(r"[?&]password=([^&]+)"))
"""Where an address can hold one; in the first place it may hold anything, even what should have been escaped."""

_WEBHOOK_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32,256}")


class SettingsError(Exception):
    """The settings cannot be used; each line of the message names one and says what to do."""


def _default_database(given: dict[str, Any]) -> SecretStr:
    """Return the file beside this program; the playground, where people are months ahead, has one of its own."""
    name = "xueban" if given.get("telegram_token") or given.get("discord_token") else "playground"
    return SecretStr(f"sqlite:///{_ROOT / 'data' / name}.db")


class Settings(BaseModel):
    """Everything an operator can set; each is an environment variable with the prefix XUEBAN_."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    telegram_token: SecretStr | None = Field(default=None, description="the bot's token from @BotFather")
    discord_token: SecretStr | None = Field(default=None, description="the bot's token from the developer portal")
    database: SecretStr = Field(
        default_factory=_default_database, description="sqlite:///path or postgresql://user:password@host/name"
    )
    curriculum: Path = Field(default=_ROOT / "curriculum", description="the folder of lessons")
    playground_host: str = Field(default="127.0.0.1", description="where the playground listens")
    playground_port: int = Field(default=8765, ge=0, le=65535, description="0 picks a free port")
    telegram_api: str = Field(default="https://api.telegram.org", description="the Bot API server")
    telegram_per_second: float = Field(
        default=30, ge=1, description="messages a second over all chats; 30 is Telegram's free limit"
    )
    telegram_mode: Literal["polling", "webhook"] = Field(default="polling", description="how updates arrive")
    telegram_webhook_url: str = Field(default="", description="the public https address, webhook mode only")
    telegram_webhook_host: str = Field(default="127.0.0.1", description="where the webhook listens")
    telegram_webhook_port: int = Field(default=8443, ge=0, le=65535, description="the webhook's port")
    telegram_webhook_secret: SecretStr | None = Field(default=None, description="32 or more of A-Z a-z 0-9 _ -")
    discord_api: str = Field(default="", description="another Discord API, for tests")
    discord_gateway: str = Field(default="", description="another Discord gateway, for tests")
    log_format: Literal["text", "json"] = Field(default="text", description="how log lines look")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="how much is logged")
    health_file: Path | None = Field(default=None, description="a file touched while everything is alive")

    @field_validator("database")
    @classmethod
    def _known_kind(cls, value: SecretStr) -> SecretStr:
        if not _DATABASE.fullmatch(value.get_secret_value()):
            raise ValueError("the address of a database begins with sqlite:/// or postgresql://")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _good_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("use 32 to 256 random characters of A-Z a-z 0-9 _ -")
        return value

    @model_validator(mode="after")
    def _webhook_whole(self) -> Settings:
        if self.telegram_mode == "webhook":
            if not self.telegram_webhook_url.startswith("https://"):
                raise ValueError("webhook mode needs XUEBAN_TELEGRAM_WEBHOOK_URL, an https address")
            if self.telegram_webhook_secret is None:
                raise ValueError("webhook mode needs XUEBAN_TELEGRAM_WEBHOOK_SECRET")
        return self

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that have a token; the playground when none has."""
        tokens = {"telegram": self.telegram_token, "discord": self.discord_token}
        return tuple(name for name, token in tokens.items() if token is not None) or ("playground",)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that must never reach a log line."""
        named = (self.telegram_token, self.discord_token, self.telegram_webhook_secret)
        found = [secret.get_secret_value() for secret in named if secret is not None]
        for password in _passwords(self.database.get_secret_value()):
            found += [password, unquote(password)]
        return tuple(dict.fromkeys(found))

    def redacted(self) -> dict[str, str]:
        """Return every setting as text that may be shown: tokens hidden, the database without its password."""
        shown = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name == "database":
                shown[PREFIX + name.upper()] = _without_password(value.get_secret_value())
            elif isinstance(value, SecretStr):
                shown[PREFIX + name.upper()] = "(set, hidden)"
            else:
                shown[PREFIX + name.upper()] = "(not set)" if value is None or value == "" else str(value)
        return shown


def read_settings(environment: Mapping[str, str] | None = None, env_file: Path | None = _ROOT / ".env") -> Settings:
    """Return the settings of the environment and of `.env`; what the environment says wins.

    Args:
        environment: the variables; the process's own when None.
        env_file: the file with further ones, None for no file.

    Raises:
        SettingsError: an unknown XUEBAN_ name, an unreadable file, a secret given twice, a value that cannot be used.
    """
    given = dict(os.environ if environment is None else environment)
    merged = {
        name: value
        for name, value in {**_listed(env_file), **given}.items()
        if name.upper().startswith(PREFIX) and value
    }
    faults: list[str] = []
    values = dict(_named(merged, faults))
    if faults:
        raise SettingsError("\n".join(faults))
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError("\n".join(_said(error))) from None


def _listed(env_file: Path | None) -> dict[str, str | None]:
    if env_file is None or not env_file.is_file():
        return {}
    try:
        return dotenv_values(env_file, interpolate=False)
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsError(f"{env_file}: the file cannot be read ({type(fault).__name__})") from None


def _said(error: ValidationError) -> Iterator[str]:
    """Say what cannot be used and why, without the value."""
    for fault in error.errors(include_input=False, include_url=False):
        name = "".join(f"{PREFIX}{step}: ".upper() for step in fault["loc"])
        yield name + fault["msg"].removeprefix("Value error, ")


def _named(merged: Mapping[str, str], faults: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield each known name with its value; `NAME_FILE` of a secret is read from that file."""
    for name, value in merged.items():
        field = name.upper().removeprefix(PREFIX).lower()
        secret = field.removesuffix("_file")
        if field in Settings.model_fields:
            yield field, value
        elif secret == field or secret not in _SECRETS:
            faults.append(f"{name}: there is no such setting; `xueban config` lists them all")
        elif (PREFIX + secret.upper()) in merged:
            faults.append(f"{name}: set one of {PREFIX}{secret.upper()} and {name}, not both")
        else:
            yield secret, _content(name, Path(value), faults)


def _content(name: str, file: Path, faults: list[str]) -> str:
    try:
        content = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        faults.append(f"{name}: the file cannot be read ({type(fault).__name__})")
        return ""
    if not content:
        faults.append(f"{name}: the file is empty")
    return content


def _passwords(address: str) -> list[str]:
    return [found for place in _PASSWORDS for found in place.findall(address)]


def _without_password(address: str) -> str:
    for place in _PASSWORDS:
        address = place.sub(lambda found: found[0].replace(found[1], "***"), address)
    return address
