"""The back office's counter: what is due, deliveries, calls, and the tools of the demo."""
