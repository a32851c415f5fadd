"""What happened on the wire: calls, the switchboard's journal, what desks see of it."""
