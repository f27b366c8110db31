"""Floor 0: plain values and pure functions; standard library and the memory model only."""
