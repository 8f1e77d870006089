"""TODO block."""
