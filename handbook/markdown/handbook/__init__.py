"""TODO handbook."""
