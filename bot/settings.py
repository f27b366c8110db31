"""Settings: read from the environment (and .env) once, here and nowhere else; secrets may come from files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "XUEBAN_"
ROLES: Final = ("telegram", "discord", "playground", "clock")
_SECRETS: Final = ("telegram_token", "discord_token", "telegram_webhook_secret", "database")
_ROOT: Final = Path(__file__).resolve().parents[1]
_MIN_SECRET: Final = 32


class SettingsError(Exception):
    """The settings cannot be used; each line of the message names one and says what to do."""


class Settings(BaseSettings):
    """Everything an operator can set; each is an environment variable with the prefix XUEBAN_."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    telegram_token: SecretStr | None = Field(default=None, description="the bot's token from @BotFather")
    discord_token: SecretStr | None = Field(default=None, description="the bot's token from the developer portal")
    database: SecretStr = Field(
        default=SecretStr(f"sqlite:///{_ROOT / 'data' / 'xueban.db'}"),
        description="sqlite:///path or postgresql://user:password@host/name",
    )
    curriculum: Path = Field(default=_ROOT / "curriculum", description="the folder of lessons")
    playground_host: str = Field(default="127.0.0.1", description="where the playground listens")
    playground_port: int = Field(default=8765, ge=0, le=65535, description="0 picks a free port")
    telegram_api: str = Field(default="https://api.telegram.org", description="the Bot API server")
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

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < _MIN_SECRET:
            raise ValueError(f"use {_MIN_SECRET} random characters or more")
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
        password = urlsplit(self.database.get_secret_value()).password
        return tuple(value for value in (*found, password) if value)

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


def read_settings(environment: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """Return the settings of the environment and of `.env`; what the environment says wins.

    Args:
        environment: the variables; the process's own when None.
        env_file: the file with further ones, None for no file.

    Raises:
        SettingsError: an unknown XUEBAN_ name, an unreadable secret file, or a value that cannot be used.
    """
    from dotenv import dotenv_values  # noqa: PLC0415 - comes with pydantic-settings; only needed here

    given = dict(os.environ if environment is None else environment)
    listed = dotenv_values(env_file) if env_file is not None and env_file.is_file() else {}
    merged = {name: value for name, value in {**listed, **given}.items() if name.startswith(PREFIX) and value}
    faults: list[str] = []
    values = dict(_named(merged, faults))
    if faults:
        raise SettingsError("\n".join(faults))
    try:
        return Settings(_env_file=None, **values)  # type: ignore[call-arg]  # pydantic-settings' own keyword
    except ValidationError as error:
        lines = [f"{PREFIX}{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors()]
        raise SettingsError("\n".join(lines)) from None


def _named(merged: Mapping[str, str], faults: list[str]) -> list[tuple[str, Any]]:
    """Return each known name with its value; `NAME_FILE` of a secret is read from that file."""
    found: list[tuple[str, Any]] = []
    for name, value in merged.items():
        field = name.removeprefix(PREFIX).lower()
        secret = field.removesuffix("_file")
        if field in Settings.model_fields:
            found.append((field, value))
        elif field.endswith("_file") and secret in _SECRETS:
            try:
                found.append((secret, Path(value).read_text("utf-8").strip()))
            except (OSError, UnicodeDecodeError) as fault:
                faults.append(f"{name}: the file cannot be read ({type(fault).__name__})")
        else:
            faults.append(f"{name}: there is no such setting; `xueban config` lists them all")
    return found


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    if parts.password is None:
        return address
    place = f"{parts.username}:***@{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    return urlunsplit(parts._replace(netloc=place))
