"""What the caller told us: customers and their orders."""
