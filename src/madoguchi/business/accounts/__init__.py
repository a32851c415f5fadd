"""Who may come in, and who did what."""
