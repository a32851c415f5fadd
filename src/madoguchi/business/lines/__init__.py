"""How the world reaches a programme: telephone numbers."""
