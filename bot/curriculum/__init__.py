"""Reads curriculum/ and returns a Roadmap, or says file, line, path and fault."""

from bot.curriculum.load import CurriculumError, Found, check, load, schema
from bot.curriculum.strict import Fault

__all__ = ["CurriculumError", "Fault", "Found", "check", "load", "schema"]
