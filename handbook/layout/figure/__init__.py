"""TODO figure."""
