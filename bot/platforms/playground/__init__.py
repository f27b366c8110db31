"""The playground: a local page where several people and a group try everything, with a clock to turn."""
