"""Tests of Xueban, driven from the front door; only the wire is faked."""
