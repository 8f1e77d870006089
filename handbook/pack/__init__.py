"""TODO pack."""
