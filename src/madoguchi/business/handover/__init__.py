"""How the client learns of it."""
