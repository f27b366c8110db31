"""Tests of floor 0: plain values and pure functions."""
