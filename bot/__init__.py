"""Xueban (学伴): a study buddy that walks a learner through a deep-learning roadmap."""

__version__ = "0.1.0"
