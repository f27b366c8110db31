"""Settings: where they may stand, what is refused, and that no secret among them is ever shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from bot.settings import Settings, SettingsError, read_settings
from tests.conftest import ROOT

TELEGRAM: Final = "123456789:AAE-canary_never_to_be_logged_00000"
DISCORD: Final = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GcAnAr.never_to_be_logged_0123456789abcd"
PASSWORD: Final = "canary-pass/w#rd"
DATABASE: Final = f"postgresql://xueban:{PASSWORD}@db.example.org:5433/xueban"
SECRET: Final = "canary-webhook-secret-0123456789-abcdef"
WEBHOOK: Final = {
    "XUEBAN_TELEGRAM_MODE": "webhook",
    "XUEBAN_TELEGRAM_WEBHOOK_URL": "https://bot.example.org/hook",
    "XUEBAN_TELEGRAM_WEBHOOK_SECRET": SECRET,
}
EVERYTHING: Final = WEBHOOK | {
    "XUEBAN_TELEGRAM_TOKEN": TELEGRAM,
    "XUEBAN_DISCORD_TOKEN": DISCORD,
    "XUEBAN_DATABASE": DATABASE,
}


def settings(**values: str) -> Settings:
    """Return the settings of an environment of these variables and no file."""
    return read_settings({f"XUEBAN_{name.upper()}": value for name, value in values.items()}, env_file=None)


def refused(environment: Mapping[str, str], env_file: Path | None = None) -> list[str]:
    """Return what is said about settings that cannot be used, a line for each."""
    with pytest.raises(SettingsError) as fault:
        read_settings(environment, env_file)
    said = str(fault.value)
    assert fault.value.__cause__ is None
    for canary in (TELEGRAM, DISCORD, PASSWORD, SECRET, "canary"):
        assert canary not in said
    return said.splitlines()


def test_nothing_set() -> None:
    """With nothing set the playground opens on this machine, with a database of its own."""
    found = settings()
    assert found.platforms == ("playground",)
    assert found.database.get_secret_value() == f"sqlite:///{ROOT}/data/playground.db"
    assert found.curriculum == ROOT / "curriculum"
    assert (found.playground_host, found.secrets) == ("127.0.0.1", ())


@pytest.mark.parametrize(
    ("given", "platforms"),
    [
        ({"telegram_token": TELEGRAM}, ("telegram",)),
        ({"discord_token": DISCORD}, ("discord",)),
        ({"telegram_token": TELEGRAM, "discord_token": DISCORD}, ("telegram", "discord")),
        ({"telegram_token": "", "discord_token": DISCORD}, ("discord",)),
        ({"telegram_token": ""}, ("playground",)),
    ],
)
def test_platforms(given: dict[str, str], platforms: tuple[str, ...]) -> None:
    """The platforms that have a token are run, the playground when none has; an empty value is none."""
    assert settings(**given).platforms == platforms


def test_database_beside_a_token() -> None:
    """With a token the learners' database is used, unless another is named."""
    assert settings(discord_token=DISCORD).database.get_secret_value().endswith("/data/xueban.db")
    assert settings(discord_token=DISCORD, database=DATABASE).database.get_secret_value() == DATABASE


def test_env_file(tmp_path: Path) -> None:
    """What stands in .env counts, quoted or not; what the environment says wins, even when it says nothing."""
    file = tmp_path / ".env"
    file.write_text(
        'XUEBAN_LOG_LEVEL=DEBUG\nXUEBAN_PLAYGROUND_PORT="9000"\nOTHER=1\nXUEBAN_HEALTH_FILE=${HOME}/x\n', "utf-8"
    )
    found = read_settings({"XUEBAN_LOG_LEVEL": "ERROR", "XUEBAN_HEALTH_FILE": "", "HOME": "/home"}, file)
    assert (found.log_level, found.playground_port, found.health_file) == ("ERROR", 9000, None)
    assert read_settings({}, file).health_file == Path("${HOME}/x")
    assert read_settings({}, tmp_path / "none").log_level == "INFO"


def test_env_file_is_checked(tmp_path: Path) -> None:
    """A wrong name in .env is refused like one in the environment, and so is a file that is no text."""
    file = tmp_path / ".env"
    file.write_text(f"XUEBAN_TELEGRAM_TOKN={TELEGRAM}\n", "utf-8")
    assert refused({}, file) == ["XUEBAN_TELEGRAM_TOKN: there is no such setting; `xueban config` lists them all"]
    file.write_bytes(b"XUEBAN_LOG_LEVEL=\xff\xfe")
    assert refused({}, file) == [f"{file}: the file cannot be read (UnicodeDecodeError)"]


def test_process_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an environment given, the process's own is read, and nothing of it otherwise."""
    monkeypatch.setenv("XUEBAN_LOG_LEVEL", "WARNING")
    assert read_settings(env_file=None).log_level == "WARNING"
    assert read_settings({}, env_file=None).log_level == "INFO"


def test_secret_files(tmp_path: Path) -> None:
    """A secret may stand in a file, with or without a line end."""
    contents = {"telegram_token": TELEGRAM, "discord_token": f"{DISCORD}\n", "database": f" {DATABASE}\r\n"}
    for name, content in contents.items():
        (tmp_path / name).write_text(content, "utf-8")
    found = settings(**{f"{name}_file": str(tmp_path / name) for name in contents}, database="")
    assert found.telegram_token is not None
    assert found.telegram_token.get_secret_value() == TELEGRAM
    assert found.discord_token is not None
    assert found.discord_token.get_secret_value() == DISCORD
    assert found.database.get_secret_value() == DATABASE


def test_secret_given_twice(tmp_path: Path) -> None:
    """A secret given both as such and in a file is refused, wherever the two stand."""
    (tmp_path / "token").write_text(TELEGRAM, "utf-8")
    (tmp_path / ".env").write_text(f"XUEBAN_TELEGRAM_TOKEN_FILE={tmp_path / 'token'}\n", "utf-8")
    assert refused({"XUEBAN_TELEGRAM_TOKEN": TELEGRAM}, tmp_path / ".env") == [
        "XUEBAN_TELEGRAM_TOKEN_FILE: set one of XUEBAN_TELEGRAM_TOKEN and XUEBAN_TELEGRAM_TOKEN_FILE, not both"
    ]


def test_bad_secret_files(tmp_path: Path) -> None:
    """A file that is missing, a folder, empty or no text is said to be so, all of them at once."""
    (tmp_path / "empty").write_text(" \n", "utf-8")
    (tmp_path / "noise").write_bytes(b"\xff\xfe")
    names = {
        "XUEBAN_TELEGRAM_TOKEN_FILE": "nothing",
        "XUEBAN_DISCORD_TOKEN_FILE": "empty",
        "XUEBAN_DATABASE_FILE": ".",
        "XUEBAN_TELEGRAM_WEBHOOK_SECRET_FILE": "noise",
    }
    assert refused({name: str(tmp_path / file) for name, file in names.items()}) == [
        "XUEBAN_TELEGRAM_TOKEN_FILE: the file cannot be read (FileNotFoundError)",
        "XUEBAN_DISCORD_TOKEN_FILE: the file is empty",
        "XUEBAN_DATABASE_FILE: the file cannot be read (IsADirectoryError)",
        "XUEBAN_TELEGRAM_WEBHOOK_SECRET_FILE: the file cannot be read (UnicodeDecodeError)",
    ]


@pytest.mark.parametrize("name", ["XUEBAN_", "XUEBAN_TOKEN", "XUEBAN_LOG_LEVEL_FILE", "XUEBAN__FILE", "xueban_nothing"])
def test_unknown_names(name: str) -> None:
    """A name that is no setting is refused, so that a slip of the pen is not silently ignored."""
    assert refused({name: TELEGRAM}) == [f"{name}: there is no such setting; `xueban config` lists them all"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TELEGRAM_MODE", f"canary{TELEGRAM}", "Input should be 'polling' or 'webhook'"),
        ("PLAYGROUND_PORT", "canary", "valid integer"),
        ("PLAYGROUND_PORT", "65536", "less than or equal to 65535"),
        ("LOG_LEVEL", "canary", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("LOG_FORMAT", "canary", "'text' or 'json'"),
        ("DATABASE", f"mysql://x:{PASSWORD}@host/db", "begins with sqlite:/// or postgresql://"),
        ("DATABASE", PASSWORD, "begins with sqlite:/// or postgresql://"),
        ("TELEGRAM_WEBHOOK_SECRET", "canary", "use 32 to 256 random characters"),
        ("TELEGRAM_WEBHOOK_SECRET", f"canary with blanks {'x' * 32}", "use 32 to 256 random characters"),
    ],
)
def test_bad_values(name: str, value: str, said: str) -> None:
    """A value that cannot be used is refused by its name, with what is allowed and without the value itself."""
    (line,) = refused({f"XUEBAN_{name}": value})
    assert line.startswith(f"XUEBAN_{name}: ")
    assert said in line


def test_all_at_once() -> None:
    """Every wrong name is reported in one go, and then every wrong value."""
    assert len(refused({"XUEBAN_A": "1", "XUEBAN_B": "2"})) == 2
    assert len(refused({"XUEBAN_LOG_LEVEL": "canary", "XUEBAN_PLAYGROUND_PORT": "canary"})) == 2


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("XUEBAN_TELEGRAM_WEBHOOK_URL", "webhook mode needs XUEBAN_TELEGRAM_WEBHOOK_URL, an https address"),
        ("XUEBAN_TELEGRAM_WEBHOOK_SECRET", "webhook mode needs XUEBAN_TELEGRAM_WEBHOOK_SECRET"),
    ],
)
def test_webhook_rules(without: str, said: str) -> None:
    """Webhook mode needs a public https address and a secret."""
    assert read_settings(WEBHOOK, env_file=None).telegram_mode == "webhook"
    assert refused({name: value for name, value in WEBHOOK.items() if name != without}) == [said]
    assert refused(WEBHOOK | {"XUEBAN_TELEGRAM_WEBHOOK_URL": "http://bot.example.org"}) == [
        "webhook mode needs XUEBAN_TELEGRAM_WEBHOOK_URL, an https address"
    ]


def test_nothing_secret_is_shown() -> None:
    """No way to print settings shows a token, the webhook's secret or the database's password."""
    found = read_settings(EVERYTHING, env_file=None)
    shown = found.redacted()
    for text in (repr(found), str(found), found.model_dump_json(), "\n".join(shown.values())):
        assert "canary" not in text.lower()
        assert "never_to_be" not in text
    assert shown["XUEBAN_TELEGRAM_TOKEN"] == shown["XUEBAN_TELEGRAM_WEBHOOK_SECRET"] == "(set, hidden)"
    assert shown["XUEBAN_DATABASE"] == "postgresql://xueban:***@db.example.org:5433/xueban"
    assert settings().redacted()["XUEBAN_TELEGRAM_TOKEN"] == "(not set)"
    assert set(shown) == {f"XUEBAN_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://me:canary@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me:can@ry:canary@host/db", "postgresql://me:***@host/db"),
        ("postgresql://postgresql:postgresql@host/db", "postgresql://***:***@host/db"),
        ("postgresql://:canary@host/db", "postgresql://:***@host/db"),
        (
            "postgresql://host/db?user=me&password=canary&sslmode=require",
            "postgresql://host/db?user=me&password=***&sslmode=require",
        ),
        ("postgresql://me@host/db", "postgresql://me@host/db"),
        ("sqlite:////data/xueban.db", "sqlite:////data/xueban.db"),
    ],
)
def test_database_password(address: str, shown: str) -> None:
    """The database is shown without its password, wherever in the address it stands."""
    found = settings(database=address)
    assert found.redacted()["XUEBAN_DATABASE"] == shown
    assert not any(secret in shown for secret in found.secrets if secret != "postgresql")


def test_secrets_for_the_logs() -> None:
    """Every secret is known to the log handler, a password also as it reads unescaped."""
    found = read_settings(EVERYTHING | {"XUEBAN_DATABASE": "postgresql://me:a%2Fcanary@host/db"}, env_file=None)
    assert set(found.secrets) == {TELEGRAM, DISCORD, SECRET, "a%2Fcanary", "a/canary"}


def test_frozen() -> None:
    """Settings do not change while the bot runs."""
    with pytest.raises(ValueError, match="frozen"):
        settings().log_level = "DEBUG"
