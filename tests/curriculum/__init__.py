"""Tests of the reading of curriculum/, and of what is shipped in it."""
