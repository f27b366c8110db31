"""Telegram: python-telegram-bot's types stop in this room."""

from bot.platforms.telegram.bridge import TelegramBridge, TelegramSettings
from bot.platforms.telegram.errors import SetupRefusedError, TokenRejectedError

__all__ = ["SetupRefusedError", "TelegramBridge", "TelegramSettings", "TokenRejectedError"]
