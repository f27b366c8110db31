"""Tests of the use cases, through the two doors everybody else uses: `Study.handle` and `Study.tick`."""
