"""Tests of the house itself: which way imports point."""
