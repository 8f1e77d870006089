"""TODO theme."""
