"""What we say: for now, what a client sells and at what price."""
