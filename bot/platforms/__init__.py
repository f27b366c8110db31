"""Floor 3: one room per chat network; a library that speaks to a network stops in its room."""
