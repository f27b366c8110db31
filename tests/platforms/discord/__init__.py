"""Tests of the Discord room against the fake Discord server."""
