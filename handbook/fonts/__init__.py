"""TODO fonts."""
