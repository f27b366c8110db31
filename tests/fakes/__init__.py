"""Stand-ins for the networks the bot talks to, as strict as the real ones."""
