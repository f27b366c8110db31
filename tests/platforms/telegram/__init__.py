"""Tests of the Telegram room against the fake Telegram server."""
