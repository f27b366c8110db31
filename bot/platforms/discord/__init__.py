"""Discord: discord.py's types stop in this room."""

from bot.platforms.discord.bridge import DiscordBridge, DiscordSettings
from bot.platforms.discord.errors import GatewayRefusedError, TokenRejectedError

__all__ = ["DiscordBridge", "DiscordSettings", "GatewayRefusedError", "TokenRejectedError"]
