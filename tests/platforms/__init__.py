"""Tests of floor 3: what the bridges do with their networks."""
