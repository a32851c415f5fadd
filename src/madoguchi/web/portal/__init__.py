"""The client's counter: its own orders, deliveries and calls, and nobody else's (requirement K4)."""
